/// An amount of money in picodollars (1e-12 USD): the unit of every booked charge.
///
/// One event holds at most ± 9.2 million USD; sums are `PicodollarSum`.
package struct Picodollars: Hashable, Comparable, Sendable {
    package var amount: Int64

    package init(_ amount: Int64) {
        self.amount = amount
    }

    package static let zero = Picodollars(0)
    package static func < (a: Picodollars, b: Picodollars) -> Bool { a.amount < b.amount }
}

/// A sum of picodollars, wide enough for 1e26 USD.
package struct PicodollarSum: Hashable, Comparable, Sendable {
    package var amount: Int128

    package init(_ amount: Int128 = 0) {
        self.amount = amount
    }

    package init(_ single: Picodollars) {
        self.amount = Int128(single.amount)
    }

    package static let zero = PicodollarSum()
    package static func < (a: PicodollarSum, b: PicodollarSum) -> Bool { a.amount < b.amount }
    package static func + (a: PicodollarSum, b: PicodollarSum) -> PicodollarSum {
        PicodollarSum(a.amount + b.amount)
    }
    package static func - (a: PicodollarSum, b: PicodollarSum) -> PicodollarSum {
        PicodollarSum(a.amount - b.amount)
    }
    package static func += (a: inout PicodollarSum, b: PicodollarSum) { a.amount += b.amount }
    package static func += (a: inout PicodollarSum, b: Picodollars) {
        a.amount += Int128(b.amount)
    }
}

extension Picodollars: CustomStringConvertible {
    /// US dollars as an exact decimal without trailing zeros, such as `0.0000125`.
    package var description: String { decimal(Int128(amount), scale: 12) }
}

extension PicodollarSum: CustomStringConvertible {
    package var description: String { decimal(amount, scale: 12) }
}

/// `value` × 10^-scale, exactly, without trailing zeros.
package func decimal(_ value: Int128, scale: Int) -> String {
    let digits = String(value.magnitude)
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    var fraction = padded.suffix(scale)
    while fraction.last == "0" { fraction.removeLast() }
    let whole = padded.dropLast(scale)
    return (value < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
}

/// Reads a decimal such as `-12.5` or `1.5e-7` as an integer count of 10^-scale.
///
/// Returns nil if the text is not a decimal, has digits below 10^-scale, or does not fit.
package func scaledDecimal(_ text: some StringProtocol, scale: Int) -> Int128? {
    let parts = text.split(
        maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { $0 == "e" || $0 == "E" })
    guard let mantissa = parts.first,
        let exponent = parts.count == 2 ? Int(parts[1]) : 0, abs(exponent) <= 60
    else { return nil }
    let isNegative = mantissa.hasPrefix("-")
    let unsigned = mantissa.dropFirst(isNegative || mantissa.hasPrefix("+") ? 1 : 0)
    let numerals = unsigned.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = numerals.count == 2 ? numerals[1] : ""
    let digits = String(numerals.first ?? "") + String(fraction)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
        var value = Int128(digits)
    else { return nil }
    let shift = scale + exponent - fraction.count
    if value == 0 { return 0 }
    for _ in 0..<abs(shift) {
        if shift > 0 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = product
        } else {
            guard value % 10 == 0 else { return nil }
            value /= 10
        }
    }
    return isNegative ? -value : value
}

/// `numerator / denominator` rounded to the nearest integer, ties to the even one.
///
/// The denominator is positive.
package func dividedHalfEven(_ numerator: Int128, by denominator: Int128) -> Int128 {
    precondition(denominator > 0)
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    let twice = remainder.magnitude * 2
    let roundsAway =
        twice > denominator.magnitude || (twice == denominator.magnitude && quotient % 2 != 0)
    return roundsAway ? quotient + (numerator < 0 ? -1 : 1) : quotient
}
