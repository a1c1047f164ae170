import JSON
import LedgerModel
import Pricing

/// One meter of a charge, such as its output tokens: quantity × unit price = cost holds exactly.
struct FocusLine {
    /// nil where the charge is one priced request whose meters are not known apart.
    let unit: UsageUnit?
    /// Dollars for a pricing unit, before and after the contract's discounts.
    let listUnitPrice: String
    let contractedUnitPrice: String
    let pricingQuantity: String
    let pricingUnit: String
    let listCost: String
    let contractedCost: String
    /// What the charge books for it: all lines of a charge add up to its amount.
    let billed: Picodollars
    /// Stored counts; nil where the request's own usage tells what was consumed.
    let count: Int64?

    /// One request as a whole.
    init(requestOf amount: Picodollars) {
        let cost = amount.description
        unit = nil
        (listUnitPrice, contractedUnitPrice, listCost, contractedCost) = (cost, cost, cost, cost)
        (pricingQuantity, pricingUnit, billed, count) = ("1", "Requests", amount, nil)
    }

    init(_ line: Derivation.Line, billed: Picodollars) {
        let quote = Quote.canonical(of: line.unit)
        unit = line.unit
        listUnitPrice = (line.origin?.listRate ?? line.rate).price(per: quote.counts)
        contractedUnitPrice = line.rate.price(per: quote.counts)
        pricingQuantity = line.unit.quantity(of: line.count, per: quote.counts)
        pricingUnit = line.unit.pricingUnit(of: quote.counts)
        listCost = dollars(ninths: line.listAmount)
        contractedCost = dollars(ninths: line.amount)
        self.billed = billed
        count = line.count
    }

    /// The lines of a price that was booked as `amount`; nil if the derivation gives another one.
    ///
    /// A charge is rounded once, so what each line books is what it adds to the rounded sum.
    static func lines(of derivation: Derivation, booked amount: Picodollars) -> [FocusLine]? {
        guard derivation.rating == .priced(amount), !derivation.lines.isEmpty else { return nil }
        var (sum, booked): (Int128, Int128) = (0, 0)
        return derivation.lines.map { line in
            sum += line.amount
            let rounded = dividedHalfEven(sum, by: Rate.ninthsPerPicodollar)
            defer { booked = rounded }
            return FocusLine(line, billed: Picodollars(Int64(rounded - booked)))
        }
    }
}

/// Finds the lines of charges with the books that priced them.
struct FocusPricer {
    /// One a book; nil for a book that the database lacks.
    private var raters: [EventID: Rater?] = [:]
    private let book: (EventID) throws -> PriceBook?

    init(_ book: @escaping (EventID) throws -> PriceBook?) {
        self.book = book
    }

    /// The lines of a rating; one for the whole request where its book does not tell more.
    mutating func lines(of charge: EventRow, usage: Usage?) throws -> [FocusLine] {
        let amount = charge.amount ?? Picodollars(0)
        guard charge.amount != nil, let usage, !usage.isEmpty, let id = charge.id(.bookID),
            var rater = try rater(of: id)
        else { return [FocusLine(requestOf: amount)] }
        func name(_ dimension: Dimension) -> Name? {
            charge.text(dimension.field).map { Name(String(decoding: $0, as: UTF8.self)) }
        }
        raters[id] = .none
        let derivation = try rater.derive(
            usage, provider: name(.provider), model: name(.model) ?? "",
            serviceTier: name(.serviceTier), region: name(.region), at: charge.occurredAt)
        raters[id] = rater
        return FocusLine.lines(of: derivation, booked: amount) ?? [FocusLine(requestOf: amount)]
    }

    private mutating func rater(of id: EventID) throws -> Rater? {
        if let known = raters[id] { return known }
        let rater = try book(id).map { Rater(tracing: $0) }
        raters[id] = rater
        return rater
    }
}

// MARK: - Units

extension UsageUnit {
    /// Its name as a meter of a price list, and what it counts.
    var meter: (name: String, counts: String) {
        switch self {
        case .inputTokens: ("Input Tokens", "Tokens")
        case .cacheReadInputTokens: ("Cached Input Tokens", "Tokens")
        case .cacheWriteInputTokens: ("Cache Write Tokens (5 Minutes)", "Tokens")
        case .cacheWriteOneHourInputTokens: ("Cache Write Tokens (1 Hour)", "Tokens")
        case .outputTokens: ("Output Tokens", "Tokens")
        case .reasoningOutputTokens: ("Reasoning Tokens", "Tokens")
        case .inputAudioTokens: ("Audio Input Tokens", "Tokens")
        case .outputAudioTokens: ("Audio Output Tokens", "Tokens")
        case .cacheReadAudioTokens: ("Cached Audio Input Tokens", "Tokens")
        case .inputImageTokens: ("Image Input Tokens", "Tokens")
        case .outputImageTokens: ("Image Output Tokens", "Tokens")
        case .cacheReadImageTokens: ("Cached Image Input Tokens", "Tokens")
        case .inputSeconds: ("Input Time", "Seconds")
        case .outputSeconds: ("Output Time", "Seconds")
        case .inputCharacters: ("Input Characters", "Characters")
        case .webSearches: ("Web Searches", "Searches")
        case .images: ("Images", "Images")
        case .requests: ("Requests", "Requests")
        }
    }

    /// What one price is for, as FOCUS writes units: `1000000 Tokens`, `Hours`.
    fileprivate func pricingUnit(of counts: Int64) -> String {
        if scale > 1 { return "Hours" }
        return counts == 1 ? meter.counts : "\(counts) \(meter.counts)"
    }

    /// How many pricing units some counts are: exact, but for hours of a time that is no such
    /// decimal, which have twelve places.
    fileprivate func quantity(of count: Int64, per counts: Int64) -> String {
        if scale > 1 {
            let places: Int128 = 1_000_000_000_000
            return decimal(
                dividedHalfEven(Int128(count) * places, by: Int128(counts)), scale: 12)
        }
        let places = String(counts).count - 1
        return decimal(Int128(count), scale: places)
    }
}
