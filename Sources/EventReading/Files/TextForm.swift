/// Brings a file's text into the form that its readers expect: UTF-8 whose lines end in a line feed.
///
/// Spreadsheets also write UTF-16, known by its byte order mark or by the zeros of its first
/// letters, and old ones end lines with a carriage return alone. UTF-8 with line feeds, which most
/// files are, passes untouched.
struct TextForm {
    private enum Encoding { case utf8, utf16(isLittleEndian: Bool) }

    private var encoding = Encoding.utf8
    /// Whether a line feed replaces each carriage return that none follows.
    private var endsLinesWithReturn = false
    private(set) var isKnown = false
    /// A byte of UTF-16 without its second one.
    private var half: UInt8?
    /// The first half of a surrogate pair.
    private var surrogate: UInt16?
    private var isAfterReturn = false

    /// Whether the bytes need no conversion.
    var isPlain: Bool {
        if case .utf8 = encoding { !endsLinesWithReturn } else { false }
    }

    /// Finds out from the first bytes; leaves it open until the first line's end has been seen.
    ///
    /// - Parameter isAll: whether there is nothing to come.
    mutating func learn(from bytes: UnsafeRawBufferPointer, isAll: Bool) {
        if let isLittleEndian = Self.utf16(bytes) {
            encoding = .utf16(isLittleEndian: isLittleEndian)
            endsLinesWithReturn = true
            isKnown = true
        } else if let index = bytes.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            let isReturn = bytes[index] == 0x0D
            guard !isReturn || index + 1 < bytes.count || isAll else { return }
            let isFollowed = index + 1 < bytes.count && bytes[index + 1] == 0x0A
            endsLinesWithReturn = isReturn && !isFollowed && !bytes.contains(0x0A)
            isKnown = true
        } else {
            isKnown = isAll
        }
    }

    /// By the byte order mark, or because one of the first two bytes is zero and the other a letter.
    private static func utf16(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        guard bytes.count >= 2 else { return nil }
        switch (bytes[0], bytes[1]) {
        case (0xFF, 0xFE): return true
        case (0xFE, 0xFF): return false
        case (1..., 0): return true
        case (0, 1...): return false
        default: return nil
        }
    }

    // MARK: Conversion

    /// Appends the bytes in the form that readers expect; false if they are not what they seemed.
    ///
    /// - Parameter isLast: whether nothing follows.
    mutating func convert(
        _ bytes: UnsafeRawBufferPointer, isLast: Bool, into text: inout [UInt8]
    ) -> Bool {
        switch encoding {
        case .utf8:
            for byte in bytes { append(byte, to: &text) }
        case .utf16(let isLittleEndian):
            for byte in bytes {
                guard let first = half else {
                    half = byte
                    continue
                }
                half = nil
                let (high, low) = isLittleEndian ? (byte, first) : (first, byte)
                let unit = UInt16(high) << 8 | UInt16(low)
                guard append(unit: unit, to: &text) else { return false }
            }
        }
        guard isLast else { return true }
        if isAfterReturn { text.append(0x0A) }
        isAfterReturn = false
        return half == nil && surrogate == nil
    }

    /// Holds a carriage return back until it is clear whether a line feed follows.
    private mutating func append(_ byte: UInt8, to text: inout [UInt8]) {
        if isAfterReturn {
            text.append(byte == 0x0A ? 0x0D : 0x0A)
            isAfterReturn = false
        }
        if byte == 0x0D { isAfterReturn = true } else { text.append(byte) }
    }

    private mutating func append(unit: UInt16, to text: inout [UInt8]) -> Bool {
        let value: UInt32
        if let high = surrogate {
            guard (0xDC00...0xDFFF).contains(unit) else { return false }
            value = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
            surrogate = nil
        } else if (0xD800...0xDBFF).contains(unit) {
            surrogate = unit
            return true
        } else {
            value = UInt32(unit)
        }
        guard let scalar = Unicode.Scalar(value) else { return false }
        if scalar == "\u{FEFF}" { return true }
        guard let encoded = UTF8.encode(scalar) else { return false }
        for byte in encoded { append(byte, to: &text) }
        return true
    }
}
