import JSON
package import LedgerModel

/// US dollars rounded for reading: `$1,234.50`, `$13.70`, `$0.0000853`.
///
/// Two decimals from a dollar on, three significant digits below it, rounded half to even; what is
/// not zero never becomes zero.
///
/// - Parameter isSigned: whether a plus is written too.
package func dollars(_ sum: PicodollarSum, isSigned: Bool = false) -> String {
    let sign = sum.amount < 0 ? "-" : sum.amount > 0 && isSigned ? "+" : ""
    let magnitude = sum.amount < 0 ? -sum.amount : sum.amount
    // A dollar has 13 digits, of which 10 are dropped; below it all but three are.
    var unit: Int128 = 10_000_000_000
    while unit > 1, magnitude < unit * 100 { unit /= 10 }
    let rounded = dividedHalfEven(magnitude, by: unit) * unit
    return sign + "$" + grouped(numeral: withCents(decimal(rounded, scale: 12)))
}

/// A decimal with two decimals at least.
private func withCents(_ numeral: String) -> String {
    guard let point = numeral.firstIndex(of: ".") else { return numeral + ".00" }
    let decimals = numeral.distance(from: point, to: numeral.endIndex) - 1
    return numeral + String(repeating: "0", count: max(0, 2 - decimals))
}
