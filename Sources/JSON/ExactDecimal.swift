/// Decimal numbers as exact integers, read without floating point.
package enum ExactDecimal {
    package enum Outcome: Equatable, Sendable {
        case value(Int128)
        /// Digits below the smallest unit kept.
        case tooFine
        case tooLarge
        case notANumber
    }

    package enum Rounding: Sendable { case exact, halfEven }

    /// Every number with this many digits fits an Int64; no event field is larger.
    package static let digitsMax = 18
    /// Every number with this many digits fits an Int128.
    package static let wideDigitsMax = 38

    /// `text` × 10^`scale` as an integer.
    ///
    /// Accepts JSON's numbers and more: an optional sign, digits with an optional point among them,
    /// and an optional exponent.
    ///
    /// - Parameter digitsMax: the most digits of the result, at most `wideDigitsMax`.
    package static func read(
        _ text: UnsafeBufferPointer<UInt8>, scale: Int, rounding: Rounding = .exact,
        digitsMax: Int = Self.digitsMax
    ) -> Outcome {
        guard let number = Parts(text) else { return .notANumber }
        guard let first = number.firstDigit, let last = number.lastDigit else { return .value(0) }
        // `last` is the number's last digit that is not zero; shift moves it to the unit.
        let shift = number.power(of: last) + scale
        let count = number.digitCount(from: first, to: last)
        guard count + shift <= digitsMax else { return .tooLarge }
        if shift < 0, rounding == .exact { return .tooFine }
        let digits = UnsafeBufferPointer(rebasing: text[first...last])
        // Most numbers are short, and short integers are several times faster.
        let magnitude =
            count + max(shift, 0) <= Self.digitsMax
            ? Int128(integer(digits, count, shift, as: Int64.self))
            : integer(digits, count, shift, as: Int128.self)
        return .value(number.isNegative ? -magnitude : magnitude)
    }

    /// `count` digits × 10^`shift`, rounded half-even to an integer.
    private static func integer<I: FixedWidthInteger>(
        _ digits: UnsafeBufferPointer<UInt8>, _ count: Int, _ shift: Int, as type: I.Type
    ) -> I {
        let kept = max(0, count + min(shift, 0))
        var value: I = 0
        var dropped = DroppedDigits()
        var index = 0
        for byte in digits where byte != UInt8(ascii: ".") {
            if index < kept {
                value = value * 10 + I(byte - 48)
            } else {
                dropped.add(byte - 48, place: index - (count + shift))
            }
            index += 1
        }
        for _ in 0..<max(0, shift) { value *= 10 }
        if dropped.roundsUp(odd: value % 2 == 1) { value += 1 }
        return value
    }

    /// The digits after the last one kept: more than, less than or exactly a half.
    private struct DroppedDigits {
        private var lead: UInt8 = 0
        private var hasMore = false

        /// `place` counts from the digit that is worth a half at most.
        mutating func add(_ digit: UInt8, place: Int) {
            if place == 0 { lead = digit } else if digit != 0 { hasMore = true }
        }

        func roundsUp(odd: Bool) -> Bool { lead > 5 || (lead == 5 && (hasMore || odd)) }
    }

    /// Where a number's parts lie in its text.
    private struct Parts {
        let isNegative: Bool
        private var point: Int?
        private var end: Int
        private var exponent = 0
        private(set) var firstDigit: Int?
        private(set) var lastDigit: Int?

        init?(_ text: UnsafeBufferPointer<UInt8>) {
            var index = 0
            isNegative = text.first == UInt8(ascii: "-")
            if isNegative || text.first == UInt8(ascii: "+") { index = 1 }
            var digits = 0
            end = index
            while index < text.count {
                let byte = text[index]
                if (48...57).contains(byte) {
                    digits += 1
                    if byte != 48 {
                        if firstDigit == nil { firstDigit = index }
                        lastDigit = index
                    }
                } else if byte == UInt8(ascii: "."), point == nil {
                    point = index
                } else {
                    break
                }
                index += 1
            }
            end = index
            guard digits > 0, readExponent(text, from: index) else { return nil }
        }

        private mutating func readExponent(
            _ text: UnsafeBufferPointer<UInt8>, from start: Int
        ) -> Bool {
            guard start < text.count else { return true }
            guard text[start] | 0x20 == UInt8(ascii: "e") else { return false }
            var index = start + 1
            var isNegative = false
            if index < text.count, text[index] == 45 || text[index] == 43 {
                isNegative = text[index] == 45
                index += 1
            }
            guard index < text.count else { return false }
            while index < text.count {
                guard (48...57).contains(text[index]) else { return false }
                // Beyond a million every number is zero or too large; the exact value is moot.
                exponent = min(exponent * 10 + Int(text[index] - 48), 1_000_000)
                index += 1
            }
            if isNegative { exponent = -exponent }
            return true
        }

        /// The power of ten of the digit at an index.
        func power(of index: Int) -> Int {
            let point = point ?? end
            return exponent + (index < point ? point - index - 1 : point - index)
        }

        func digitCount(from first: Int, to last: Int) -> Int {
            guard let point, first < point, point < last else { return last - first + 1 }
            return last - first
        }
    }
}

/// Reads a decimal such as `-12.5` or `1.5e-7` as an integer count of 10^-scale.
///
/// Returns nil if the text is not a decimal, does not fit, or has digits below 10^-scale that may
/// not be rounded.
package func scaledDecimal(
    _ text: some StringProtocol, scale: Int, rounding: ExactDecimal.Rounding = .exact
) -> Int128? {
    var text = String(text)
    let outcome = text.withUTF8 {
        ExactDecimal.read(
            $0, scale: scale, rounding: rounding, digitsMax: ExactDecimal.wideDigitsMax)
    }
    if case .value(let value) = outcome { return value }
    return nil
}

/// `value` × 10^-scale, exactly, without trailing zeros.
package func decimal(_ value: Int128, scale: Int) -> String {
    let sign = value < 0 ? "-" : ""
    // Most values are short, and short integers are printed several times faster.
    if let short = UInt64(exactly: value.magnitude) { return sign + unsigned(short, scale) }
    return sign + unsigned(value.magnitude, scale)
}

private func unsigned(_ value: some UnsignedInteger, _ scale: Int) -> String {
    var (value, scale) = (value, scale)
    while scale > 0, value % 10 == 0 {
        value /= 10
        scale -= 1
    }
    let digits = String(value)
    if scale == 0 { return digits }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.utf8.count)) + digits
    let point = padded.utf8.index(padded.utf8.endIndex, offsetBy: -scale)
    return padded[..<point] + "." + padded[point...]
}
