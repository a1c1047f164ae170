import JSON
import LedgerModel

/// Writes text as bytes: JSON and CSV without a String in between.
struct ExportBytes {
    var bytes: [UInt8] = []
    private var day: (start: Timestamp, text: [UInt8]) = (
        Timestamp(microseconds: .min), []
    )

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
    mutating func append(raw text: UnsafeRawBufferPointer) { bytes.append(contentsOf: text) }

    mutating func append(_ number: some FixedWidthInteger) { append(String(number)) }

    /// Appends a unit's count; seconds are kept in microseconds.
    mutating func append(_ count: Int64, _ unit: UsageUnit) {
        if unit.scale == 1 {
            append(count)
        } else {
            append(decimal(Int128(count), scale: 6))
        }
    }

    mutating func append(hexadecimal byte: UInt8) {
        for nibble in [byte >> 4, byte & 15] {
            bytes.append(nibble < 10 ? nibble + 48 : nibble + 87)
        }
    }

    mutating func append(_ id: EventID) {
        for (index, word) in [id.high, id.low].enumerated() {
            for byte in 0..<8 {
                let place = index * 8 + byte
                if place == 4 || place == 6 || place == 8 || place == 10 { bytes.append(0x2D) }
                append(hexadecimal: UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * byte)))
            }
        }
    }

    // MARK: Times

    /// RFC 3339 in UTC, with microseconds if there are any.
    mutating func append(_ time: Timestamp) {
        append(toSeconds: time)
        let fraction = time.timeOfDay % 1_000_000
        if fraction != 0 {
            bytes.removeLast()
            bytes.append(UInt8(ascii: "."))
            append(fraction, digits: 6)
            bytes.append(UInt8(ascii: "Z"))
        }
    }

    /// Whole seconds, as FOCUS requires.
    mutating func append(toSeconds time: Timestamp) {
        let start = time.startOfDay
        if start != day.start { day = (start, Array(start.dayDescription.utf8)) }
        bytes.append(contentsOf: day.text)
        let seconds = time.timeOfDay / 1_000_000
        bytes.append(UInt8(ascii: "T"))
        append(seconds / 3_600, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        append(seconds / 60 % 60, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        append(seconds % 60, digits: 2)
        bytes.append(UInt8(ascii: "Z"))
    }

    private mutating func append(_ value: Int64, digits: Int) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(value / divisor % 10) + 48)
            divisor /= 10
        }
    }

    // MARK: Quoting

    /// A JSON string; the bytes are already UTF-8.
    mutating func append(json text: UnsafeRawBufferPointer) { bytes.append(quoting: text) }

    /// A CSV cell, RFC 4180, quoted if necessary.
    mutating func append(cell text: UnsafeRawBufferPointer) {
        let needsMarks = text.contains {
            $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D
        }
        guard needsMarks else { return append(raw: text) }
        bytes.append(0x22)
        for byte in text {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    mutating func append(cell text: String) {
        var text = text
        text.withUTF8 { append(cell: UnsafeRawBufferPointer($0)) }
    }

    mutating func comma() { bytes.append(UInt8(ascii: ",")) }
    mutating func endRow() { append("\r\n") }
}
