import LedgerModel

/// Both sides of a row while they are gathered, and the arithmetic that explains it.
struct RowDraft {
    /// Counts that have one price: of a unit under a tier.
    fileprivate struct Bucket: Hashable {
        var unit: UsageUnit
        var tier: Name?
    }

    private let name: Name
    /// The model by the name of the price book, where that has it.
    private let id: Name
    private var lines: [BillLine] = []
    private var groups: [(group: LedgerGroup, terms: RateCard.Terms)] = []
    private var reconciled = PicodollarSum.zero
    private var lastBooking: EventID?
    /// What the priced requests cost under the book in force.
    private var atBook = ExactAmount.zero

    init(name: Name, id: Name) {
        self.name = name
        self.id = id
    }

    mutating func add(_ line: BillLine) { lines.append(line) }

    mutating func add(_ booking: ReconciledBooking) {
        reconciled += booking.amount
        lastBooking = booking.id
    }

    mutating func add(_ group: LedgerGroup, _ terms: RateCard.Terms, _ card: inout RateCard) {
        groups.append((group, terms))
        guard group.state == .priced else { return }
        var total = ExactAmount.zero
        for (unit, count) in group.counts {
            guard let rate = card.rate(of: unit, terms, on: group.day) else {
                // What the book can't price now was booked under one that could.
                atBook += ExactAmount(group.charged)
                return
            }
            total += ExactAmount(ninths: rate * Int128(count))
        }
        atBook += total
    }

    // MARK: The row

    func row(on day: Timestamp, of bill: Bill, prices card: inout RateCard) -> ComparedRow {
        let sides = Sides(self, bill)
        let units = sides.units(on: day, of: bill, &card)
        let charged = groups.reduce(PicodollarSum.zero) { $0 + $1.group.charged }
        let billed = sides.hasAmounts ? sides.amount.rounded : nil
        var parts = sides.parts(units, charged: ExactAmount(charged), atBook: atBook)
        if let billed {
            // Rounding takes what is left, so that the parts are exact.
            let explained = parts.values.reduce(PicodollarSum.zero, +)
            parts[.rounding] = billed - charged - explained
            parts[.reconciled] = PicodollarSum.zero - reconciled
        }
        return ComparedRow(
            day: day, model: spelling, ledgerRequests: sides.requests,
            unpricedRequests: sides.unpricedRequests,
            billRequests: sides.billRequests, units: units.map(\.shown), charged: charged,
            reconciled: reconciled, billed: billed, parts: parts.filter { $0.value != .zero },
            lastBooking: lastBooking)
    }

    /// The ledger's commonest spelling, so that a booking lands beside the requests.
    private var spelling: Name {
        var counts: [Name: Int64] = [:]
        for (group, _) in groups { counts[group.model, default: 0] += max(1, group.requests) }
        let isSearches = groups.allSatisfy { $0.group.requests == 0 }
        let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        return isSearches || name.string.isEmpty ? name : best ?? name
    }

    // MARK: Sides

    /// Counts and amounts of both sides by bucket.
    fileprivate struct Sides {
        var priced: [Bucket: Int64] = [:]
        var unpriced: [Bucket: Int64] = [:]
        var billed: [Bucket: Int64] = [:]
        var amounts: [Bucket: ExactAmount] = [:]
        /// The terms of most of the ledger's counts in a bucket.
        var terms: [Bucket: (terms: RateCard.Terms, count: Int64)] = [:]
        var amount = ExactAmount.zero
        var roundedBy = ExactAmount.zero
        var requests: Int64 = 0
        var unpricedRequests: Int64 = 0
        var pricedRequests: Int64 = 0
        var billRequests: Int64?
        /// Whether the bill's counts of this row are known; none at all is known too.
        var hasCounts: Bool
        let hasAmounts: Bool
        let model: Name
        let provider: Name

        init(_ draft: RowDraft, _ bill: Bill) {
            model = draft.id
            hasAmounts = bill.hasAmounts
            provider = Name(bill.provider.rawValue)
            let usage = draft.lines.filter { $0.source == .usage }
            let countLines = usage.isEmpty ? draft.lines.filter { $0.quantity != nil } : usage
            hasCounts =
                !countLines.isEmpty
                || (bill.hasQuantities && draft.lines.allSatisfy { $0.amount == nil })
            let mergesTiers = draft.lines.contains { $0.unit != nil && $0.tier == nil }
            func bucket(_ unit: UsageUnit, _ tier: Name?) -> Bucket {
                Bucket(unit: unit, tier: mergesTiers ? nil : LineItem.tier(tier?.string ?? ""))
            }
            let countsRequests = bill.lines.contains { $0.unit == .requests }
            billRequests = countsRequests && hasCounts ? 0 : nil
            for line in countLines {
                guard let unit = line.unit, let count = line.quantity else { continue }
                if unit == .requests {
                    billRequests = (billRequests ?? 0) + count
                } else {
                    billed[bucket(unit, line.tier), default: 0] += count
                }
            }
            for line in draft.lines {
                guard let exact = line.amount else { continue }
                amount += exact
                roundedBy += line.roundedBy
                guard let unit = line.unit else { continue }
                amounts[bucket(unit, line.tier), default: .zero] += exact
            }
            for (group, terms) in draft.groups {
                if group.state != .uncharged { requests += group.requests }
                if group.state == .priced { pricedRequests += group.requests }
                if group.state == .unpriced { unpricedRequests += group.requests }
                for (unit, count) in group.counts where unit != .requests {
                    let bucket = bucket(unit, group.tier)
                    if group.state == .priced {
                        priced[bucket, default: 0] += count
                    } else if group.state == .unpriced {
                        unpriced[bucket, default: 0] += count
                    }
                    if count > self.terms[bucket]?.count ?? 0 {
                        self.terms[bucket] = (terms, count)
                    }
                }
            }
        }

        func units(
            on day: Timestamp, of bill: Bill, _ card: inout RateCard
        ) -> [UnitDraft] {
            let buckets = Set(priced.keys).union(unpriced.keys).union(billed.keys)
                .union(amounts.keys)
            var drafts: [UnitDraft] = []
            for bucket in buckets {
                let terms =
                    terms[bucket]?.terms
                    ?? RateCard.Terms(provider: provider, model: model, tier: bucket.tier)
                drafts.append(
                    UnitDraft(
                        unit: bucket.unit, tier: bucket.tier, priced: priced[bucket] ?? 0,
                        unpriced: unpriced[bucket] ?? 0,
                        billed: hasCounts ? billed[bucket] ?? 0 : nil,
                        amount: amounts[bucket],
                        rate: card.rate(of: bucket.unit, terms, on: day)))
            }
            return drafts.sorted { a, b in
                if (a.delta == 0) != (b.delta == 0) { return a.delta != 0 }
                return (a.unit.rawValue, a.tier ?? "") < (b.unit.rawValue, b.tier ?? "")
            }
        }
    }
}

/// One bucket of a row, with what it takes to explain its share of the difference.
private struct UnitDraft {
    let unit: UsageUnit
    let tier: Name?
    let priced: Int64
    let unpriced: Int64
    let billed: Int64?
    let amount: ExactAmount?
    let rate: Int128?

    /// Counts that the ledger lacks; negative for counts that the bill lacks.
    var delta: Int64 { billed.map { $0 - priced - unpriced } ?? 0 }

    /// What some counts cost: by the book, or else by the bill.
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
            unit: unit, tier: tier, ledger: priced + unpriced, billed: billed, bookRate: rate,
            billAmount: amount)
    }
}

extension RowDraft.Sides {
    /// The reasons for bill less charges, in picodollars; rounding is what they leave.
    ///
    /// With counts on both sides, what is missing (or not billed) is valued at the book's price,
    /// unpriced requests at the bill's; then the charges are compared with the book, and what is
    /// left is a difference of prices.
    fileprivate func parts(
        _ units: [UnitDraft], charged: ExactAmount, atBook: ExactAmount
    ) -> [Reason: PicodollarSum] {
        guard hasCounts else { return partsWithoutCounts(charged) }
        var missing = ExactAmount.zero
        var notBilled = ExactAmount.zero
        var isKnown = true
        for unit in units where unit.delta != 0 {
            guard let cost = unit.cost(of: unit.delta) else {
                isKnown = false
                continue
            }
            if unit.delta > 0 { missing += cost } else { notBilled += cost }
        }
        guard hasAmounts else {
            return [.missing: missing.rounded, .notBilled: notBilled.rounded]
        }
        let unpriced = costOfUnpriced(units)
        let booking = atBook - charged
        let price = amount - atBook - missing - notBilled - unpriced
        var parts: [Reason: PicodollarSum] = [
            .missing: missing.rounded, .notBilled: notBilled.rounded,
            .unpriced: unpriced.rounded,
        ]
        // Each charge was rounded to a picodollar by itself.
        let charges = Int128(max(1, pricedRequests))
        if booking.magnitude.ninths > ExactAmount.halfPicodollar.ninths * charges {
            parts[.otherBooking] = booking.rounded
        }
        if price.magnitude > roundedBy + .halfPicodollar {
            parts[isKnown ? .otherPrice : .unexplained] = price.rounded
        }
        return parts
    }

    /// At the bill's price of each unit, or else as a share of the bill by the number of counts.
    private func costOfUnpriced(_ units: [UnitDraft]) -> ExactAmount {
        let affected = units.filter { $0.unpriced > 0 }
        let costs = affected.compactMap { $0.billCost(of: $0.unpriced) }
        if costs.count == affected.count { return costs.reduce(.zero, +) }
        let whole = units.reduce(0) { $0 + ($1.billed ?? 0) }
        guard whole > 0 else { return .zero }
        return amount.share(affected.reduce(0) { $0 + $1.unpriced }, of: whole)
    }

    private func partsWithoutCounts(_ charged: ExactAmount) -> [Reason: PicodollarSum] {
        let difference = amount - charged
        if difference.magnitude <= roundedBy + .halfPicodollar { return [:] }
        let reason: Reason =
            switch (requests, pricedRequests) {
            case (0, _) where charged == .zero: .missing
            case (_, 0) where charged == .zero: .unpriced
            default: amount == .zero ? .notBilled : .unexplained
            }
        return [reason: difference.rounded]
    }
}
