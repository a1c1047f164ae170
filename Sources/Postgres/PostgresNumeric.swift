/// A `numeric`, exact: base-10000 digits as PostgreSQL sends them.
///
/// Value = sign × Σ digits[i] × 10000^(weight − i), shown with `scale` decimals. Digits are kept
/// without leading or trailing zeros, so equal values of equal scale are equal.
package struct PostgresNumeric: Hashable, Sendable {
    package enum Sign: UInt16, Sendable {
        case plus = 0x0000
        case minus = 0x4000
        case notANumber = 0xC000
        case plusInfinity = 0xD000
        case minusInfinity = 0xF000

        var isFinite: Bool { self == .plus || self == .minus }
    }

    package let digits: [Int16]
    package let weight: Int16
    package let sign: Sign
    package let scale: Int16

    /// The most decimals that the wire format can carry.
    package static let scaleMax = 16_383

    package static let notANumber = PostgresNumeric(sign: .notANumber)
}

extension PostgresNumeric {
    package init(_ value: Int128) {
        self.init(value, scale: 0)
    }

    /// `units` × 10^−scale: picodollars are `PostgresNumeric(count, scale: 12)`.
    package init(_ units: Int128, scale: Int) {
        var decimal: [UInt8] = []
        var rest = units.magnitude
        while rest > 0 {
            decimal.append(UInt8(rest % 10))
            rest /= 10
        }
        self.init(decimalDigits: decimal.reversed(), scale: scale, isNegative: units < 0)
    }

    /// Reads `-12.340`; nil for anything that is not a plain decimal number or NaN.
    package init?(decimal text: String) {
        if text == "NaN" {
            self = .notANumber
            return
        }
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var decimal: [UInt8] = []
        var scale: Int?
        for byte in rest {
            if byte == UInt8(ascii: "."), scale == nil {
                scale = 0
            } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                decimal.append(byte - UInt8(ascii: "0"))
                if let seen = scale { scale = seen + 1 }
            } else {
                return nil
            }
        }
        guard !decimal.isEmpty, (scale ?? 0) <= Self.scaleMax else { return nil }
        self.init(decimalDigits: decimal, scale: scale ?? 0, isNegative: isNegative)
    }

    /// The value, if it is whole and fits.
    package var integral: Int128? {
        units(scale: 0)
    }

    /// The value × 10^scale, if that is whole and fits; never rounded.
    package func units(scale wanted: Int) -> Int128? {
        guard sign.isFinite else { return nil }
        var value: Int128 = 0
        // Decimal place of the digit group's last digit: 10000^(weight − i) = 10^(4·(weight − i)).
        for (index, group) in digits.enumerated() {
            let exponent = 4 * (Int(weight) - index) + wanted
            guard let part = Self.scaled(Int128(group), by: exponent) else { return nil }
            let signed = sign == .minus ? -part : part
            let (sum, overflow) = value.addingReportingOverflow(signed)
            if overflow { return nil }
            value = sum
        }
        return value
    }

    /// Plain decimal notation with `scale` digits after the point, as PostgreSQL writes it.
    package var decimal: String {
        switch sign {
        case .notANumber: return "NaN"
        case .plusInfinity: return "Infinity"
        case .minusInfinity: return "-Infinity"
        case .plus, .minus: break
        }
        var text = sign == .minus ? "-" : ""
        if weight < 0 {
            text += "0"
        } else {
            for place in 0...Int(weight) {
                let group = String(self.group(at: place))
                text += place == 0 ? group : String(repeating: "0", count: 4 - group.count) + group
            }
        }
        guard scale > 0 else { return text }
        var fraction = ""
        var place = Int(weight) + 1
        // A weight below −1 means whole groups of zeros right after the point.
        if weight < -1 {
            fraction = String(repeating: "0", count: 4 * (-1 - Int(weight)))
            place = 0
        }
        while fraction.utf8.count < Int(scale) {
            let group = String(self.group(at: place))
            fraction += String(repeating: "0", count: 4 - group.count) + group
            place += 1
        }
        return text + "." + fraction.prefix(Int(scale))
    }

    private func group(at index: Int) -> Int16 {
        digits.indices.contains(index) ? digits[index] : 0
    }

    private static func scaled(_ value: Int128, by exponent: Int) -> Int128? {
        var value = value
        if exponent >= 0 {
            for _ in 0..<exponent where value != 0 {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                if overflow { return nil }
                value = product
            }
            return value
        }
        for _ in 0..<(-exponent) where value != 0 {
            guard value % 10 == 0 else { return nil }
            value /= 10
        }
        return value
    }

    private init(sign: Sign) {
        digits = []
        weight = 0
        self.sign = sign
        scale = 0
    }

    /// Groups decimal digits by four around the decimal point.
    private init(decimalDigits decimal: [UInt8], scale: Int, isNegative: Bool) {
        precondition(scale >= 0 && scale <= Self.scaleMax, "a numeric's scale is 0 to 16383")
        var padded = decimal
        if padded.count < scale {
            padded = [UInt8](repeating: 0, count: scale - padded.count) + padded
        }
        padded += [UInt8](repeating: 0, count: (4 - scale % 4) % 4)
        padded = [UInt8](repeating: 0, count: (4 - padded.count % 4) % 4) + padded
        var groups: [Int16] = []
        for start in stride(from: 0, to: padded.count, by: 4) {
            groups.append(padded[start..<(start + 4)].reduce(0) { $0 * 10 + Int16($1) })
        }
        let fractionGroups = (scale + 3) / 4
        self.init(
            groups: groups, weight: groups.count - fractionGroups - 1,
            sign: isNegative ? .minus : .plus, scale: Int16(scale))
    }

    private init(groups: [Int16], weight: Int, sign: Sign, scale: Int16) {
        let leading = groups.prefix { $0 == 0 }.count
        var kept = groups.dropFirst(leading)
        while kept.last == 0 { kept = kept.dropLast() }
        digits = Array(kept)
        self.weight = kept.isEmpty ? 0 : Int16(clamping: weight - leading)
        self.sign = kept.isEmpty && sign.isFinite ? .plus : sign
        self.scale = scale
    }
}

extension PostgresNumeric: PostgresEncodable, PostgresDecodable {
    package static var postgresType: OID { .numeric }
    package static var postgresArrayType: OID { .numericArray }

    package func encode(into buffer: inout [UInt8]) {
        buffer.appendBigEndian(Int16(digits.count))
        buffer.appendBigEndian(weight)
        buffer.appendBigEndian(sign.rawValue)
        buffer.appendBigEndian(scale)
        for digit in digits {
            buffer.appendBigEndian(digit)
        }
    }

    /// Writes a whole number without building a value first: read models write millions.
    package static func encode(_ value: Int128, into buffer: inout [UInt8]) {
        // 2 to the power of 127 has 39 digits, which are 10 groups of four.
        var groups = InlineArray<10, Int16>(repeating: 0)
        var (length, firstNonzero) = (0, 0)
        var rest = value.magnitude
        while rest > 0 {
            // Most numbers are small, and division by a word is much faster.
            if let small = UInt64(exactly: rest) {
                let (quotient, remainder) = small.quotientAndRemainder(dividingBy: 10_000)
                groups[length] = Int16(remainder)
                rest = UInt128(quotient)
            } else {
                let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10_000)
                groups[length] = Int16(remainder)
                rest = quotient
            }
            if firstNonzero == length, groups[length] == 0 { firstNonzero += 1 }
            length += 1
        }
        buffer.appendBigEndian(Int16(length - firstNonzero))
        buffer.appendBigEndian(Int16(max(length - 1, 0)))
        buffer.appendBigEndian((value < 0 ? Sign.minus : .plus).rawValue)
        buffer.appendBigEndian(Int16(0))
        for index in stride(from: length - 1, through: firstNonzero, by: -1) {
            buffer.appendBigEndian(groups[index])
        }
    }

    package init(postgres bytes: UnsafeRawBufferPointer, type: OID) throws(PostgresError) {
        var reader = FieldReader(bytes)
        let count = Int(try reader.integer(Int16.self))
        let weight = try reader.integer(Int16.self)
        let rawSign = try reader.integer(UInt16.self)
        let scale = try reader.integer(Int16.self)
        guard let sign = Sign(rawValue: rawSign), count >= 0, reader.remaining == count * 2 else {
            throw PostgresError(.decoding, "a numeric that can't be read")
        }
        guard sign.isFinite else {
            self.init(sign: sign)
            return
        }
        var groups: [Int16] = []
        groups.reserveCapacity(count)
        for _ in 0..<count {
            groups.append(try reader.integer(Int16.self))
        }
        self.init(groups: groups, weight: Int(weight), sign: sign, scale: scale)
    }
}
