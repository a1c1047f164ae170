/// Rows of comma-separated values, RFC 4180, or with another separator.
struct CSVRow: Equatable {
    private(set) var separator = UInt8(ascii: ",")

    /// What may separate cells; the first wins where a header has as many of two.
    private static let separators = ",;\t|".utf8

    init() {}

    /// Finds the separator that occurs most often in the header, outside quotation marks.
    init(header: UnsafeRawBufferPointer) {
        var counts = [Int](repeating: 0, count: 256)
        var isQuoted = false
        for byte in header {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted { counts[Int(byte)] += 1 }
        }
        for candidate in Self.separators where counts[Int(candidate)] > counts[Int(separator)] {
            separator = candidate
        }
    }

    /// Reads a line such as `sep=;`, with which a file tells spreadsheets its separator; nil for
    /// any other line.
    init?(declaration line: UnsafeRawBufferPointer) {
        let bare = line.filter { $0 != UInt8(ascii: "\"") }
        let word = String(decoding: bare.prefix(4), as: UTF8.self).lowercased()
        guard bare.count == 5, word == "sep=" else { return nil }
        separator = bare[4]
    }

    /// The names in a header, roughly: without undoing doubled quotation marks.
    func names(in header: UnsafeRawBufferPointer) -> [String] {
        header.split(separator: separator).map { name in
            String(decoding: name.filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
        }
    }

    /// Finds the end of a row: the first line break outside quotation marks.
    ///
    /// A quotation mark opens a quoted field only at its start, so a stray `5" disk` stays text.
    func end(_ bytes: UnsafeRawBufferPointer) -> RecordEnd {
        var isQuoted = false
        var isFieldStart = true
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if isQuoted {
                // The first of two marks closes the quotation and the second reopens it.
                isQuoted = byte != UInt8(ascii: "\"")
                isFieldStart = !isQuoted
            } else if byte == UInt8(ascii: "\"") && isFieldStart {
                isQuoted = true
            } else if byte == UInt8(ascii: "\n") {
                let hasReturn = index > 0 && bytes[index - 1] == UInt8(ascii: "\r")
                return .found(content: hasReturn ? index - 1 : index, length: index + 1)
            } else {
                isFieldStart = byte == separator
            }
            index += 1
        }
        return .open(isQuoted: isQuoted)
    }

    /// Splits a row without its line break into cells, and removes their quotation marks.
    ///
    /// Unescapes doubled marks in place, so the row's bytes change. Returns the number, from 1, of
    /// a column with text after its closing mark; nil if all is well.
    func split(
        _ row: UnsafeMutableRawBufferPointer, into cells: inout [Text]
    ) -> Int? {
        cells.removeAll(keepingCapacity: true)
        let bytes = row.bindMemory(to: UInt8.self)
        var index = 0
        while true {
            if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                guard let end = Self.unquote(bytes, from: index + 1, into: &cells) else {
                    return cells.count + 1
                }
                index = end
            } else {
                let rest = UnsafeRawBufferPointer(rebasing: row[index...])
                let length = rest.firstOffset(of: separator) ?? rest.count
                cells.append(Text(rebasing: bytes[index..<index + length]))
                index += length
            }
            if index == bytes.count { return nil }
            guard bytes[index] == separator else { return cells.count }
            index += 1
        }
    }

    /// Reads one quoted field after its opening mark; returns what follows the closing one.
    private static func unquote(
        _ bytes: UnsafeMutableBufferPointer<UInt8>, from start: Int, into cells: inout [Text]
    ) -> Int? {
        var read = start
        var written = start
        while read < bytes.count {
            if bytes[read] == UInt8(ascii: "\"") {
                let isDoubled = read + 1 < bytes.count && bytes[read + 1] == UInt8(ascii: "\"")
                if !isDoubled {
                    cells.append(Text(rebasing: bytes[start..<written]))
                    return read + 1
                }
                read += 1
            }
            bytes[written] = bytes[read]
            written += 1
            read += 1
        }
        return nil
    }
}
