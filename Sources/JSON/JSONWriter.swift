/// Writes JSON text; our output is small and known, so it needs no encoder.
///
/// Places commas; writes money and times as texts, never as numbers.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// - Parameter capacity: the approximate number of bytes to write.
    package init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    // MARK: - Containers

    package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try nest(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try nest(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    package mutating func array<S: Sequence>(
        of elements: S, _ body: (inout JSONWriter, S.Element) throws -> Void
    ) rethrows {
        try array { json in
            for element in elements { try body(&json, element) }
        }
    }

    package mutating func key(_ name: String) {
        separate()
        append(string: name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Ends a line of NDJSON: another text follows.
    package mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    // MARK: - Values

    package mutating func value(_ string: String?) {
        guard let string else { return value(raw: "null") }
        separate()
        append(string: string)
    }

    package mutating func value(_ number: (some FixedWidthInteger)?) {
        value(raw: number.map { String($0) } ?? "null")
    }

    package mutating func value(_ number: Double?) {
        value(raw: number.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null")
    }

    package mutating func value(_ flag: Bool) {
        value(raw: flag ? "true" : "false")
    }

    /// JSON that is already text.
    package mutating func value(raw json: String) {
        separate()
        bytes.append(contentsOf: json.utf8)
    }

    /// JSON that is already bytes.
    package mutating func value(raw json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    // MARK: - Members

    package mutating func field(_ name: String, _ string: String?) {
        key(name)
        value(string)
    }

    package mutating func field(_ name: String, _ number: (some FixedWidthInteger)?) {
        key(name)
        value(number)
    }

    package mutating func field(_ name: String, _ number: Double?) {
        key(name)
        value(number)
    }

    package mutating func field(_ name: String, _ flag: Bool) {
        key(name)
        value(flag)
    }

    package mutating func field(_ name: String, raw json: String) {
        key(name)
        value(raw: json)
    }

    // MARK: - Bytes

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func nest(
        _ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        separate()
        bytes.append(open)
        needsComma = false
        try body(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func append(string: String) {
        var string = string
        string.withUTF8 { bytes.append(quoting: UnsafeRawBufferPointer($0)) }
    }
}

extension [UInt8] {
    /// Appends UTF-8 as a JSON string.
    ///
    /// Escapes only quotation marks, backslashes and controls: the form that is also hashed.
    package mutating func append(quoting text: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        var start = 0
        for (index, byte) in text.enumerated()
        where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            append(contentsOf: text[start..<index])
            start = index + 1
            append(UInt8(ascii: "\\"))
            if byte < 0x20 {
                append(contentsOf: byte < 0x10 ? "u000".utf8 : "u001".utf8)
                append(contentsOf: String(byte & 0xF, radix: 16).utf8)
            } else {
                append(byte)
            }
        }
        append(contentsOf: text[start...])
        append(UInt8(ascii: "\""))
    }
}
