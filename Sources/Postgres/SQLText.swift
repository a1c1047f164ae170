/// Finds lines in a text with several statements, for error messages only.
enum SQLText {
    /// The line (from 1) of an error: from the server's position, or the start of the failed
    /// statement.
    static func line(of error: PostgresError, in sql: String) -> Int {
        if let position = error.position {
            return 1 + sql.unicodeScalars.prefix(position - 1).count { $0 == "\n" }
        }
        let starts = statementLines(in: sql)
        let index = error.statementsDone ?? 0
        return index < starts.count ? starts[index] : starts.last ?? 1
    }

    /// The lines where statements begin, divided as psql would.
    static func statementLines(in sql: String) -> [Int] {
        var scanner = SQLScanner(sql)
        return scanner.statementLines()
    }
}

/// Knows just enough of SQL's lexical rules to tell which semicolons end a statement.
private struct SQLScanner {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1

    init(_ sql: String) {
        bytes = Array(sql.utf8)
    }

    mutating func statementLines() -> [Int] {
        var lines: [Int] = []
        var isInside = false
        while index < bytes.count {
            if skipComment() { continue }
            let byte = bytes[index]
            if byte == UInt8(ascii: ";") {
                isInside = false
                index += 1
                continue
            }
            if !isInside, !Self.isSpace(byte) {
                isInside = true
                lines.append(line)
            }
            if !skipQuoted() { advance() }
        }
        return lines
    }

    private mutating func advance() {
        if bytes[index] == UInt8(ascii: "\n") { line += 1 }
        index += 1
    }

    private func starts(with text: StaticString, at offset: Int = 0) -> Bool {
        let start = index + offset
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { $0.elementsEqual(bytes[start..<(start + $0.count)]) }
    }

    private mutating func skipComment() -> Bool {
        if starts(with: "--") {
            while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
            return true
        }
        guard starts(with: "/*") else { return false }
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                index += 2
            } else if starts(with: "*/") {
                depth -= 1
                index += 2
            } else {
                advance()
            }
        } while depth > 0 && index < bytes.count
        return true
    }

    /// Skips a literal, a quoted name or a dollar-quoted body.
    private mutating func skipQuoted() -> Bool {
        let byte = bytes[index]
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
            let escapes =
                byte == UInt8(ascii: "'") && index > 0
                && (bytes[index - 1] | 0x20) == UInt8(ascii: "e")
            index += 1
            while index < bytes.count, bytes[index] != byte {
                if escapes, bytes[index] == UInt8(ascii: "\\") { advance() }
                if index < bytes.count { advance() }
            }
            index += 1
            return true
        }
        guard byte == UInt8(ascii: "$"), let end = dollarTagEnd() else { return false }
        let tag = bytes[index...end]
        index = end + 1
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "$"), bytes[index...].starts(with: tag) {
                index += tag.count
                break
            }
            advance()
        }
        return true
    }

    /// The end of a `$tag$` that begins here; nil for a parameter such as `$1`.
    private func dollarTagEnd() -> Int? {
        var end = index + 1
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "$") { return end }
            let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
            let isLetter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
            guard
                isLetter || byte == UInt8(ascii: "_") || byte >= 0x80
                    || (isDigit && end > index + 1)
            else { return nil }
            end += 1
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (byte >= 9 && byte <= 13)
    }
}
