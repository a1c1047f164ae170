import JSON
package import LedgerModel
package import Pricing

/// Why a bill and a ledger differ; the parts of a difference add up to it exactly.
package enum Reason: String, CaseIterable, Sendable {
    /// The bill counts more than the ledger: requests that were never reported. Valued at book
    /// prices.
    case missing
    /// The ledger counts more than the bill. Valued at book prices, and negative.
    case notBilled = "not_billed"
    /// Requests that the ledger has without a price, at the bill's prices.
    case unpriced
    /// The same counts at another price than the book's.
    case otherPrice = "other_price"
    /// Charges that differ from what the book in force gives, because they were booked under an
    /// earlier book.
    case otherBooking = "other_booking"
    /// Both sides have amounts, and the bill has no counts that could explain the difference.
    case unexplained
    /// Less than the bill's last digit, or the rounding of single charges.
    case rounding
    /// What earlier reconciliations already booked; it offsets the other reasons.
    case reconciled
}

/// A comparison of a ledger with a bill: day by day, model by model.
package struct BillComparison: Sendable {
    package let provider: BilledProvider
    package let period: Range<Timestamp>
    package let billDigest: Digest
    /// The position of the ledger up to which the comparison holds.
    package let position: Int64
    /// The rows, the largest differences first.
    package let rows: [ComparedRow]
    /// Results of the bill that no event can be compared with.
    package let omissions: [String: Int]

    /// The sum of all rows; nil if one has no amount.
    package var billed: PicodollarSum? {
        rows.reduce(PicodollarSum.zero as PicodollarSum?) { sum, row in
            sum.flatMap { sum in row.billed.map { sum + $0 } }
        }
    }

    package var ledger: PicodollarSum { rows.reduce(.zero) { $0 + $1.ledger } }
    package var difference: PicodollarSum { rows.reduce(.zero) { $0 + $1.difference } }

    package func part(_ reason: Reason) -> PicodollarSum {
        rows.reduce(.zero) { $0 + ($1.parts[reason] ?? .zero) }
    }
}

/// One day and one model, or one line of the bill that names no model.
package struct ComparedRow: Sendable {
    package let day: Timestamp
    /// The model as named in the ledger, or else in the bill; empty for a bill only by day.
    package let model: Name
    package let ledgerRequests: Int64
    package let unpricedRequests: Int64
    /// Nil if the bill does not count requests.
    package let billRequests: Int64?
    /// Tokens and other units; those that differ come first.
    package let units: [ComparedUnit]
    /// The charges of the requests, adjustments included.
    package let charged: PicodollarSum
    /// The bookings of earlier reconciliations.
    package let reconciled: PicodollarSum
    /// nil for a bill without amounts.
    package let billed: PicodollarSum?
    /// The parts that are not zero.
    package let parts: [Reason: PicodollarSum]
    /// The last of the earlier reconciliations.
    package let lastBooking: EventID?

    package var ledger: PicodollarSum { charged + reconciled }

    /// Bill less ledger; without amounts, the missing counts at book prices.
    package var difference: PicodollarSum {
        billed.map { $0 - ledger } ?? parts.values.reduce(.zero, +)
    }
}

/// A unit of a row on both sides, without its parts: cached input is not counted as input.
package struct ComparedUnit: Hashable, Sendable {
    package let unit: UsageUnit
    /// Nil if the bill does not distinguish tiers.
    package let tier: Name?
    /// nil where the bill does not tell regions apart.
    package let region: Name?
    package let ledger: Int64
    /// Nil if the bill gives no counts.
    package let billed: Int64?
    /// The book's price of one count; nil if it has none.
    let bookRate: Int128?
    let billAmount: ExactAmount?

    /// The book's price in dollars for the usual number of counts (a million tokens).
    package var bookPrice: String? {
        bookRate.map { dollars(ninths: $0 * Int128(Quote.canonical(of: unit).counts)) }
    }

    /// The price that the bill implies, cut to six decimals; nil without counts and amount.
    package var billPrice: String? {
        guard let billAmount, let billed, billed > 0 else { return nil }
        let counts = Quote.canonical(of: unit).counts
        let price = billAmount.share(counts, of: billed).ninths
        return decimal(dividedHalfEven(price, by: 9_000_000_000_000_000_000), scale: 6)
    }

    /// The number of counts that the prices are for.
    package var goods: String { Quote.canonical(of: unit).goods }
}

extension BillComparison {
    /// Compares a bill with a ledger; pure, so that tests can use any input.
    ///
    /// - Parameter schedule: the prices that the ledger uses.
    package init(of bill: Bill, with ledger: LedgerSide, under schedule: PriceSchedule) {
        var table = ComparisonTable(bill, ledger, schedule)
        provider = bill.provider
        period = bill.period ?? Timestamp.earliest..<Timestamp.earliest
        billDigest = bill.digest
        position = ledger.position
        omissions = bill.omissions
        rows = table.rows()
    }
}

/// Assigns the lines of the bill and the groups of the ledger to the same rows.
private struct ComparisonTable {
    private let bill: Bill
    private let schedule: PriceSchedule
    private var drafts: [RowKey: RowSides] = [:]
    /// The rows of models, by the names in requests; bookings use these names.
    private var placesOfModels: [RowKey: RowKey] = [:]
    private var card: RateCard
    /// Whether the bill has amounts or counts without a name, so that it is compared only by day.
    private let isByDay: Bool
    /// Whether searches have their own line in the bill, so that they get one in the ledger too.
    private let splitsSearches: Bool

    private struct RowKey: Hashable {
        let day: Timestamp
        let name: String
    }

    private static let searches: Name = "web searches"

    init(_ bill: Bill, _ ledger: LedgerSide, _ schedule: PriceSchedule) {
        self.bill = bill
        self.schedule = schedule
        card = RateCard(schedule, bounds: ledger.bounds)
        isByDay = bill.lines.contains {
            $0.model == nil && $0.item.isEmpty && $0.unit != .webSearches
        }
        splitsSearches = bill.lines.contains {
            $0.source == .costs && $0.unit == .webSearches && $0.model == nil
        }
        for line in bill.lines { add(line) }
        for group in ledger.groups where isOurs(group) { add(group) }
        for booking in ledger.bookings where booking.provider?.string == bill.provider.rawValue {
            let (key, fresh) = place(booking.day, booking.model ?? "")
            let spelled = RowKey(day: booking.day, name: booking.model?.string ?? "")
            drafts[placesOfModels[spelled] ?? key, default: fresh].add(booking)
        }
    }

    mutating func rows() -> [ComparedRow] {
        var rows: [ComparedRow] = []
        for (key, draft) in drafts {
            let row = draft.row(on: key.day, of: bill, prices: &card)
            if row.ledgerRequests != 0 || row.ledger != .zero || row.billed ?? .zero != .zero
                || !row.units.isEmpty
            {
                rows.append(row)
            }
        }
        return rows.sorted { a, b in
            let (left, right) = (abs(a.difference.amount), abs(b.difference.amount))
            if left != right { return left > right }
            return a.day == b.day ? a.model < b.model : a.day < b.day
        }
    }

    private mutating func add(_ line: BillLine) {
        let isSearch = splitsSearches && line.unit == .webSearches
        let name = isSearch ? Self.searches : line.model ?? Name(line.item)
        let (key, fresh) = place(line.day, name)
        drafts[key, default: fresh].add(line)
    }

    private mutating func add(_ group: LedgerGroup) {
        var group = group
        if splitsSearches, let count = group.counts.removeValue(forKey: .webSearches) {
            var searches = group
            searches.requests = 0
            searches.counts = [.webSearches: count]
            let rate = card.rate(of: .webSearches, terms(of: group), on: group.day) ?? 0
            searches.charged =
                group.state == .priced ? ExactAmount(ninths: rate * Int128(count)).rounded : .zero
            group.charged = group.charged - searches.charged
            let (key, fresh) = place(group.day, Self.searches)
            drafts[key, default: fresh].add(searches, terms(of: group), &card)
        }
        let (key, fresh) = place(group.day, group.model, of: group.provider)
        placesOfModels[RowKey(day: group.day, name: group.model.string)] = key
        drafts[key, default: fresh].add(group, terms(of: group), &card)
    }

    /// The row of a name, and an empty draft if it is new.
    private func place(
        _ day: Timestamp, _ name: Name, of provider: Name? = nil
    ) -> (RowKey, RowSides) {
        let key = key(day, name, provider ?? Name(bill.provider.rawValue))
        return (key, RowSides(name: isByDay ? "" : name, id: Name(key.name)))
    }

    private func terms(of group: LedgerGroup) -> RateCard.Terms {
        RateCard.Terms(
            provider: group.provider ?? Name(bill.provider.rawValue), model: group.model,
            tier: group.tier, region: group.region, level: group.level)
    }

    private func isOurs(_ group: LedgerGroup) -> Bool {
        let id = book(on: group.day)?.providerID(group.provider, model: group.model)
        return (id ?? group.provider?.string.lowercased()) == bill.provider.rawValue
    }

    private func book(on day: Timestamp) -> PriceBook? {
        schedule.book(at: day) ?? schedule.entries.last?.book
    }

    /// Names meet under the id that the book gives the model, or else under what all spellings of
    /// it have in common.
    private func key(_ day: Timestamp, _ name: Name, _ provider: Name) -> RowKey {
        if isByDay { return RowKey(day: day, name: "") }
        for spelling in ModelSpelling.candidates(name.string) {
            guard let book = book(on: day),
                let ids = book.ids(provider: provider, model: Name(spelling))
            else { continue }
            // Bills name the snapshot of what requests call by its name alone.
            let undated = withoutDate(ids.model)
            let isOne = book.pricesAlike(ids.model, undated, of: ids.provider)
            return RowKey(day: day, name: isOne ? undated : ids.model)
        }
        return RowKey(day: day, name: ModelSpelling.key(name.string))
    }
}
