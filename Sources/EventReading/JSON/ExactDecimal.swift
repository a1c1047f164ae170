/// Reads decimal numbers as exact integers: text never passes through a floating-point number.
enum ExactDecimal {
    enum Outcome: Equatable {
        case value(Int64)
        /// Digits below the smallest unit that is kept.
        case tooFine
        case tooLarge
        case notANumber
    }

    enum Rounding { case exact, halfEven }

    /// `text` × 10^`scale` as an integer.
    ///
    /// Takes what JSON calls a number: an optional sign, digits, an optional fraction and an
    /// optional exponent. Magnitudes from 10^18 on are too large for every field that is kept.
    static func read(
        _ text: UnsafeBufferPointer<UInt8>, scale: Int, rounding: Rounding = .exact
    ) -> Outcome {
        guard let number = Parts(text) else { return .notANumber }
        guard let first = number.firstDigit, let last = number.lastDigit else { return .value(0) }
        // `last` is the number's last digit that is not zero; shift moves it to the unit.
        let power = number.power(of: last) + scale
        let digits = number.digitCount(from: first, to: last)
        guard digits + power <= 18 else { return .tooLarge }
        if power < 0, rounding == .exact { return .tooFine }
        let kept = max(0, digits + min(power, 0))
        var value: Int64 = 0
        var dropped = DroppedDigits()
        var index = 0
        for byte in text[first...last] where byte != UInt8(ascii: ".") {
            if index < kept {
                value = value * 10 + Int64(byte - 48)
            } else {
                dropped.add(byte - 48, place: index - (digits + power))
            }
            index += 1
        }
        for _ in 0..<max(0, power) { value *= 10 }
        if dropped.roundsUp(odd: value % 2 == 1) { value += 1 }
        return .value(number.isNegative ? -value : value)
    }

    /// The digits behind the last that is kept: more than, less than or exactly a half.
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
                // Past a million every number is zero or too large; the exact value is idle.
                exponent = min(exponent * 10 + Int(text[index] - 48), 1_000_000)
                index += 1
            }
            if isNegative { exponent = -exponent }
            return true
        }

        /// The power of ten that the digit at an index counts.
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
