import LedgerModel

/// The difference between a bill and the charges, and the arithmetic that explains it.
struct Difference {
    /// Nil if the bill has no counts.
    let units: [UnitSides]?
    /// The billed amount; nil for a bill without amounts.
    let amount: ExactAmount?
    /// The possible rounding error of the amount.
    let roundedBy: ExactAmount
    let charged: ExactAmount
    /// The cost of the priced requests under the book in force.
    let atBook: ExactAmount
    /// The ledger's requests: those with a price, and all that are charged.
    let priced: Int64
    let requests: Int64

    /// The parts by reason, in picodollars; rounding is the remainder.
    ///
    /// With counts on both sides, missing (or not billed) counts are valued at the book's price,
    /// and unpriced requests at the bill's; then the charges are compared with the book, and the
    /// rest is a difference of prices.
    var parts: [Reason: PicodollarSum] {
        guard let units else { return partsWithoutCounts }
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
        guard let amount else {
            return [.missing: missing.rounded, .notBilled: notBilled.rounded]
        }
        let unpriced = costOfUnpriced(units, amount)
        let booking = atBook - charged
        let price = amount - atBook - missing - notBilled - unpriced
        var parts: [Reason: PicodollarSum] = [
            .missing: missing.rounded, .notBilled: notBilled.rounded,
            .unpriced: unpriced.rounded,
        ]
        // Each charge was rounded to a picodollar separately.
        let charges = Int128(max(1, priced))
        if booking.magnitude.ninths > ExactAmount.halfPicodollar.ninths * charges {
            parts[.otherBooking] = booking.rounded
        }
        if price.magnitude > roundedBy + .halfPicodollar {
            parts[isKnown ? .otherPrice : .unexplained] = price.rounded
        }
        return parts
    }

    /// The cost of unpriced requests at the bill's price of each unit, or else as a share of the
    /// bill by counts.
    private func costOfUnpriced(_ units: [UnitSides], _ amount: ExactAmount) -> ExactAmount {
        let affected = units.filter { $0.unpriced > 0 }
        let costs = affected.compactMap { $0.billCost(of: $0.unpriced) }
        if costs.count == affected.count { return costs.reduce(.zero, +) }
        let whole = units.reduce(0) { $0 + ($1.billed ?? 0) }
        guard whole > 0 else { return .zero }
        return amount.share(affected.reduce(0) { $0 + $1.unpriced }, of: whole)
    }

    private var partsWithoutCounts: [Reason: PicodollarSum] {
        let amount = self.amount ?? .zero
        let difference = amount - charged
        if difference.magnitude <= roundedBy + .halfPicodollar { return [:] }
        let reason: Reason =
            switch (requests, priced) {
            case (0, _) where charged == .zero: .missing
            case (_, 0) where charged == .zero: .unpriced
            default: amount == .zero ? .notBilled : .unexplained
            }
        return [reason: difference.rounded]
    }
}
