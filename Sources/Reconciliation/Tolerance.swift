import JSON
package import LedgerModel

/// The largest difference of a row for which bill and ledger count as equal.
package enum Tolerance: Hashable, Sendable {
    case dollars(PicodollarSum)
    /// Millionths of the bill's amount, or of the ledger's if the bill has none.
    case share(millionths: Int64)

    /// A cent.
    package static let standard = Tolerance.dollars(PicodollarSum(10_000_000_000))

    /// Reads `0.01` as dollars and `0.5%` as a share.
    package init?(_ text: some StringProtocol) {
        if text.hasSuffix("%") {
            guard let value = scaledDecimal(text.dropLast(), scale: 4),
                (0...1_000_000).contains(value)
            else { return nil }
            self = .share(millionths: Int64(value))
        } else {
            guard let value = scaledDecimal(text, scale: 12), value >= 0 else { return nil }
            self = .dollars(PicodollarSum(value))
        }
    }

    /// Whether a row is within the tolerance; the bill's own rounding does not count.
    package func admits(_ row: ComparedRow) -> Bool {
        let difference = row.difference - (row.parts[.rounding] ?? .zero)
        let size = Int128(abs(difference.amount))
        switch self {
        case .dollars(let limit): return size <= limit.amount
        case .share(let millionths):
            let whole = abs((row.billed ?? row.ledger).amount)
            return size * 1_000_000 <= whole * Int128(millionths)
        }
    }
}
