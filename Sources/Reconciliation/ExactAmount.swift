package import LedgerModel
import Pricing

/// An amount in ninths of 1e-24 USD, the grain in which books are exact: bills are compared in it,
/// and rounded to picodollars once.
package struct ExactAmount: Hashable, Comparable, Sendable {
    package var ninths: Int128

    package init(ninths: Int128) {
        self.ninths = ninths
    }

    package static let zero = ExactAmount(ninths: 0)
    /// Half a picodollar: what rounding one amount can change.
    static let halfPicodollar = ExactAmount(ninths: Rate.ninthsPerPicodollar / 2)

    package init(_ sum: PicodollarSum) {
        ninths = sum.amount * Rate.ninthsPerPicodollar
    }

    /// Half-even, as charges are rounded.
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
        // A share beyond what fits is not money any more; the largest amount stands for it.
        guard product.high < divisor else { return ExactAmount(ninths: .max / 4) }
        let quotient = Int128(clamping: divisor.dividingFullWidth(product).quotient)
        return ExactAmount(ninths: (ninths < 0) != (part < 0) ? -quotient : quotient)
    }
}

extension ExactAmount {
    /// Reads a decimal of dollars as a bill writes it: `0.06`, `"12.50"`, `4.08e-5`, `0E-6176`.
    ///
    /// Digits below 1e-24 USD are the noise of the provider's own arithmetic and are rounded
    /// half-even.
    ///
    /// - Parameter places: how many digits the point is moved to the left: 2 for cents.
    /// - Returns: nil for what is no number, or none that money can be (1e9 USD and more).
    init?(dollars text: some StringProtocol, places: Int = 0) {
        guard let number = DecimalDigits(text) else { return nil }
        guard let value = number.scaled(by: 24 - places), abs(value) < Self.dollarsMax else {
            return nil
        }
        ninths = value * 9
    }

    /// A line of a bill that is larger is a slip.
    private static let dollarsMax: Int128 = 1_000_000_000_000_000_000_000_000_000_000_000
}

/// The digits of a decimal number, apart from where its point is.
private struct DecimalDigits {
    private let isNegative: Bool
    /// Without leading and trailing zeros; empty for zero.
    private let digits: [UInt8]
    /// The power of ten that the last digit counts.
    private let power: Int

    init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        var index = 0
        isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative || bytes.first == UInt8(ascii: "+") { index = 1 }
        var digits: [UInt8] = []
        var power = 0
        var hasPoint = false
        while index < bytes.count {
            if (48...57).contains(bytes[index]) {
                digits.append(bytes[index] - 48)
                if hasPoint { power -= 1 }
            } else if bytes[index] == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                break
            }
            index += 1
        }
        guard !digits.isEmpty else { return nil }
        if index < bytes.count {
            guard bytes[index] | 0x20 == UInt8(ascii: "e"),
                let exponent = Int(String(decoding: bytes[(index + 1)...], as: UTF8.self)),
                abs(exponent) < 1_000_000
            else { return nil }
            power += exponent
        }
        while digits.last == 0 {
            digits.removeLast()
            power += 1
        }
        self.digits = Array(digits.drop { $0 == 0 })
        self.power = power
    }

    /// The number × 10^scale, rounded half-even; nil if it does not fit.
    func scaled(by scale: Int) -> Int128? {
        if digits.isEmpty { return 0 }
        let shift = power + scale
        guard digits.count + shift <= 36 else { return nil }
        let kept = max(0, digits.count + min(shift, 0))
        var value = digits[..<kept].reduce(Int128(0)) { $0 * 10 + Int128($1) }
        for _ in 0..<max(0, shift) { value *= 10 }
        let dropped = digits[kept...]
        // What is dropped starts right behind the last kept digit, or further to the right.
        let isAdjacent = digits.count + shift >= 0
        if isAdjacent, let first = dropped.first {
            let isMore = first > 5 || (first == 5 && dropped.count > 1)
            if isMore || (first == 5 && value % 2 == 1) { value += 1 }
        }
        return isNegative ? -value : value
    }
}
