import LedgerModel

/// The counts and amounts of both sides, by what has one price: a unit under a tier in a region.
struct UnitTable {
    private struct Key: Hashable {
        let unit: UsageUnit
        let tier: Name?
        let region: Name?
    }

    private var units: [Key: UnitSides] = [:]
    private let provider: Name
    /// Whether the bill does not distinguish tiers.
    private let mergesTiers: Bool
    private let mergesRegions: Bool
    /// Whether the bill's counts of this row are known; none at all is known too.
    let hasCounts: Bool
    /// Nil if the bill does not count requests.
    private(set) var billRequests: Int64?

    /// Takes the counts and amounts of some lines of a bill.
    init(_ lines: [BillLine], of bill: Bill) {
        provider = Name(bill.provider.rawValue)
        mergesTiers = lines.contains { $0.unit != nil && $0.tier == nil }
        mergesRegions = lines.contains { $0.unit != nil && $0.region == nil }
        // Costs repeat the counts that usage has.
        let usage = lines.filter { $0.source == .usage }
        let counted = usage.isEmpty ? lines.filter { $0.quantity != nil } : usage
        hasCounts =
            !counted.isEmpty || bill.hasQuantities && lines.allSatisfy { $0.amount == nil }
        if hasCounts, bill.lines.contains(where: { $0.unit == .requests }) { billRequests = 0 }
        for line in counted {
            guard let unit = line.unit, let count = line.quantity else { continue }
            if unit == .requests {
                billRequests = (billRequests ?? 0) + count
            } else {
                change(unit, line.tier, line.region) { $0.billed = ($0.billed ?? 0) + count }
            }
        }
        for line in lines {
            guard let unit = line.unit, let amount = line.amount else { continue }
            change(unit, line.tier, line.region) { $0.amount = ($0.amount ?? .zero) + amount }
        }
    }

    /// Adds requests of the ledger; counts of uncharged requests do not matter.
    mutating func add(_ group: LedgerGroup, _ terms: RateCard.Terms) {
        if group.state == .uncharged { return }
        for (unit, count) in group.counts where unit != .requests {
            change(unit, group.tier, group.region) {
                $0.add(count, isPriced: group.state == .priced, terms)
            }
        }
    }

    private mutating func change(
        _ unit: UsageUnit, _ tier: Name?, _ region: Name?, _ change: (inout UnitSides) -> Void
    ) {
        let tier = mergesTiers ? nil : LineItem.tier(tier?.string ?? "")
        let region = mergesRegions ? nil : LineItem.region(region?.string ?? "")
        change(
            &units[
                Key(unit: unit, tier: tier, region: region),
                default: UnitSides(
                    unit: unit, tier: tier, region: region, billed: hasCounts ? 0 : nil)])
    }

    /// The units with their prices by the book; those that differ come first.
    func units(of model: Name, on day: Timestamp, _ card: inout RateCard) -> [UnitSides] {
        var sides: [UnitSides] = []
        for var unit in units.values {
            let terms =
                unit.terms
                ?? RateCard.Terms(
                    provider: provider, model: model, tier: unit.tier, region: unit.region)
            unit.rate = card.rate(of: unit.unit, terms, on: day)
            sides.append(unit)
        }
        return sides.sorted { a, b in
            if (a.delta == 0) != (b.delta == 0) { return a.delta != 0 }
            return (a.unit.rawValue, a.tier ?? "", a.region ?? "")
                < (b.unit.rawValue, b.tier ?? "", b.region ?? "")
        }
    }
}

/// One unit under one tier in one region, with what it takes to explain its share of the difference.
struct UnitSides {
    let unit: UsageUnit
    let tier: Name?
    let region: Name?
    private(set) var priced: Int64 = 0
    private(set) var unpriced: Int64 = 0
    /// Nil if the bill gives no counts.
    var billed: Int64?
    var amount: ExactAmount?
    /// The book's price of one count; nil if it has none.
    var rate: Int128?
    /// The terms of most of the ledger's counts.
    private(set) var terms: RateCard.Terms?
    private var countOfTerms: Int64 = 0

    init(unit: UsageUnit, tier: Name?, region: Name?, billed: Int64?) {
        self.unit = unit
        self.tier = tier
        self.region = region
        self.billed = billed
    }

    mutating func add(_ count: Int64, isPriced: Bool, _ terms: RateCard.Terms) {
        if isPriced { priced += count } else { unpriced += count }
        if count > countOfTerms { (self.terms, countOfTerms) = (terms, count) }
    }

    /// The counts that the ledger lacks; negative for counts that the bill lacks.
    var delta: Int64 { billed.map { $0 - priced - unpriced } ?? 0 }

    /// The cost of some counts: by the book, or else by the bill.
    func cost(of counts: Int64) -> ExactAmount? {
        if let rate { return ExactAmount(ninths: rate * Int128(counts)) }
        return billCost(of: counts)
    }

    func billCost(of counts: Int64) -> ExactAmount? {
        guard let amount, let billed, billed > 0 else { return nil }
        return amount.share(counts, of: billed)
    }

    var shown: ComparedUnit {
        ComparedUnit(
            unit: unit, tier: tier, region: region, ledger: priced + unpriced, billed: billed,
            bookRate: rate,
            billAmount: amount)
    }
}
