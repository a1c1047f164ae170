import JSON
package import LedgerModel
import Pricing

/// An amount in ninths of 1e-24 USD, the unit in which books are exact: bills are compared in it,
/// and rounded to picodollars once.
package struct ExactAmount: Hashable, Comparable, Sendable {
    package var ninths: Int128

    package init(ninths: Int128) {
        self.ninths = ninths
    }

    package static let zero = ExactAmount(ninths: 0)
    /// Half a picodollar: the most that rounding can change an amount.
    static let halfPicodollar = ExactAmount(ninths: Rate.ninthsPerPicodollar / 2)

    package init(_ sum: PicodollarSum) {
        ninths = sum.amount * Rate.ninthsPerPicodollar
    }

    /// The amount rounded half-even to picodollars, like charges.
    package var rounded: PicodollarSum {
        PicodollarSum(dividedHalfEven(ninths, by: Rate.ninthsPerPicodollar))
    }

    var magnitude: ExactAmount { ExactAmount(ninths: abs(ninths)) }

    package static func < (a: ExactAmount, b: ExactAmount) -> Bool { a.ninths < b.ninths }
    package static func + (a: ExactAmount, b: ExactAmount) -> ExactAmount {
        ExactAmount(ninths: a.ninths + b.ninths)
    }
    package static func - (a: ExactAmount, b: ExactAmount) -> ExactAmount {
        ExactAmount(ninths: a.ninths - b.ninths)
    }
    package static func += (a: inout ExactAmount, b: ExactAmount) { a.ninths += b.ninths }

    /// This amount × `part` / `whole`, cut to a ninth of 1e-24 USD.
    func share(_ part: Int64, of whole: Int64) -> ExactAmount {
        precondition(whole > 0)
        let product = ninths.magnitude.multipliedFullWidth(by: UInt128(part.magnitude))
        let divisor = UInt128(whole.magnitude)
        // A share that does not fit is not a realistic amount; the largest amount is used for it.
        guard product.high < divisor else { return ExactAmount(ninths: .max / 4) }
        let quotient = Int128(clamping: divisor.dividingFullWidth(product).quotient)
        return ExactAmount(ninths: (ninths < 0) != (part < 0) ? -quotient : quotient)
    }
}

extension ExactAmount {
    /// Reads a decimal of dollars as a bill writes it: `0.06`, `"12.50"`, `4.08e-5`, `0E-6176`.
    ///
    /// Digits below 1e-24 USD are noise from the provider's own arithmetic and are rounded
    /// half-even.
    ///
    /// - Parameter places: the number of digits by which the point is moved to the left: 2 for
    ///   cents.
    /// - Returns: nil for anything but a number, and for 1e9 USD and more.
    init?(dollars text: some StringProtocol, places: Int = 0) {
        guard let value = scaledDecimal(text, scale: 24 - places, rounding: .halfEven),
            abs(value) < Self.dollarsMax
        else { return nil }
        ninths = value * 9
    }

    /// A larger line of a bill is assumed to be an error.
    private static let dollarsMax: Int128 = 1_000_000_000_000_000_000_000_000_000_000_000
}
