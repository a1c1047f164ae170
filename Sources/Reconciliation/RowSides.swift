import LedgerModel

/// One day and one model while both sides are collected; it makes the row that explains the
/// difference.
struct RowSides {
    private let name: Name
    /// The model's id in the price book, if it is there.
    private let id: Name
    private var lines: [BillLine] = []
    private var groups: [(group: LedgerGroup, terms: RateCard.Terms)] = []
    private var reconciled = PicodollarSum.zero
    private var lastBooking: EventID?
    /// The cost of the priced requests under the book in force.
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
                // If the book cannot price them now, they were booked under one that could.
                atBook += ExactAmount(group.charged)
                return
            }
            total += ExactAmount(ninths: rate * Int128(count))
        }
        atBook += total
    }

    func row(on day: Timestamp, of bill: Bill, prices card: inout RateCard) -> ComparedRow {
        var table = UnitTable(lines, of: bill)
        for (group, terms) in groups { table.add(group, terms) }
        let units = table.units(of: id, on: day, &card)
        let charged = groups.reduce(PicodollarSum.zero) { $0 + $1.group.charged }
        let amount = lines.reduce(ExactAmount.zero) { $0 + ($1.amount ?? .zero) }
        let billed = bill.hasAmounts ? amount.rounded : nil
        let difference = Difference(
            units: table.hasCounts ? units : nil, amount: bill.hasAmounts ? amount : nil,
            roundedBy: lines.reduce(.zero) { $1.amount == nil ? $0 : $0 + $1.roundedBy },
            charged: ExactAmount(charged), atBook: atBook,
            priced: requests { $0 == .priced }, requests: requests { $0 != .uncharged })
        var parts = difference.parts
        if let billed {
            // Rounding takes the remainder, so that the parts are exact.
            let explained = parts.values.reduce(PicodollarSum.zero, +)
            parts[.rounding] = billed - charged - explained
            parts[.reconciled] = PicodollarSum.zero - reconciled
        }
        return ComparedRow(
            day: day, model: spelling, ledgerRequests: requests { $0 != .uncharged },
            unpricedRequests: requests { $0 == .unpriced }, billRequests: table.billRequests,
            units: units.map(\.shown), charged: charged, reconciled: reconciled, billed: billed,
            parts: parts.filter { $0.value != .zero }, lastBooking: lastBooking)
    }

    private func requests(_ isCounted: (LedgerGroup.State) -> Bool) -> Int64 {
        groups.reduce(0) { isCounted($1.group.state) ? $0 + $1.group.requests : $0 }
    }

    /// The most common name in the ledger, so that a booking has the name of its requests.
    private var spelling: Name {
        var counts: [Name: Int64] = [:]
        for (group, _) in groups { counts[group.model, default: 0] += max(1, group.requests) }
        let isSearches = groups.allSatisfy { $0.group.requests == 0 }
        let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        return isSearches || name.string.isEmpty ? name : best ?? name
    }
}
