import JSON

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
    /// The sum, or nil if nothing in it has a price: unknown is never zero.
    ///
    /// - Parameter unpriced: the number of requests without a price, which add nothing.
    package func known(unpriced: Int64) -> PicodollarSum? {
        amount == 0 && unpriced > 0 ? nil : self
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

/// `numerator / denominator` rounded to the nearest integer, ties to the even one.
///
/// The denominator must be positive.
package func dividedHalfEven(_ numerator: Int128, by denominator: Int128) -> Int128 {
    precondition(denominator > 0)
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    let twice = remainder.magnitude * 2
    let roundsAway =
        twice > denominator.magnitude || (twice == denominator.magnitude && quotient % 2 != 0)
    return roundsAway ? quotient + (numerator < 0 ? -1 : 1) : quotient
}
