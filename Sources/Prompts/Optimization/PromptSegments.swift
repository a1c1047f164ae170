import JSON

/// A text cut into code, JSON, our own tables and prose, in one pass.
///
/// Code is text in fences, in `<pre>` and `<code>`, and text that is indented after an empty line,
/// as in Markdown. JSON begins a line, or follows a colon or a tag, and is strictly valid; anything
/// else that looks like JSON is prose. After an invalid value, the search continues from the place
/// of the error, so every byte is scanned at most twice.
struct PromptSegments {
    enum Kind: Hashable { case prose, code, json, table }

    struct Segment: Hashable {
        let kind: Kind
        let range: Range<Int>
    }

    let bytes: [UInt8]
    private(set) var segments: [Segment] = []
    private var proseStart = 0
    /// No JSON begins before this.
    private var jsonFrom = 0

    /// Shorter values on one line are not worth a segment.
    static let jsonBytesMin = 16

    init(_ text: String) {
        self.init(Array(text.utf8))
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var scanner = JSONScanner(bytes)
        var position = 0
        var isAfterBlank = true
        while position < bytes.count {
            let end = bytes.lineEnd(from: position)
            let first = firstVisible(position, end)
            let isLineStart = position == 0 || bytes[position - 1] == Byte.newline
            if isLineStart, let close = fenceEnd(position, first, end) ?? markupEnd(first) {
                add(.code, position..<close)
                position = close
                isAfterBlank = false
            } else if isAfterBlank, first < end, isIndented(position, first),
                !(first >= jsonFrom && beginsJSON(first, &scanner) != nil)
            {
                let close = indentedEnd(end)
                add(.code, position..<close)
                position = close
            } else if let table = tableRange(in: position..<end) {
                add(.table, table)
                position = table.upperBound
                isAfterBlank = false
            } else if let value = json(in: position..<end, &scanner) {
                add(.json, value)
                position = value.upperBound
                isAfterBlank = false
            } else {
                isAfterBlank = isLineStart && (first >= end || bytes[first] == Byte.newline)
                position = end
            }
        }
        add(.prose, bytes.count..<bytes.count)
    }

    private mutating func add(_ kind: Kind, _ range: Range<Int>) {
        if proseStart < range.lowerBound {
            segments.append(Segment(kind: .prose, range: proseStart..<range.lowerBound))
        }
        if !range.isEmpty { segments.append(Segment(kind: kind, range: range)) }
        proseStart = range.upperBound
    }

    private func firstVisible(_ start: Int, _ end: Int) -> Int {
        var position = start
        while position < end, Byte.isBlank(bytes[position]) { position += 1 }
        return position
    }

    private func isIndented(_ start: Int, _ first: Int) -> Bool {
        guard first < bytes.count, bytes[first] != Byte.newline else { return false }
        return first - start >= 4 || (first > start && bytes[start] == Byte.tab)
    }

    /// The end of the code that is fenced from this line on; nil if no fence opens here.
    private func fenceEnd(_ start: Int, _ first: Int, _ end: Int) -> Int? {
        guard first < end, bytes[first] == Byte.backtick || bytes[first] == Byte.tilde else {
            return nil
        }
        let mark = bytes[first]
        let length = run(of: mark, first)
        guard length >= 3 else { return nil }
        if mark == Byte.backtick, bytes[(first + length)..<end].contains(mark) { return nil }
        var position = end
        while position < bytes.count {
            let lineEnd = bytes.lineEnd(from: position)
            let visible = firstVisible(position, lineEnd)
            let closing = run(of: mark, visible)
            if closing >= length {
                let rest = firstVisible(visible + closing, lineEnd)
                if rest >= lineEnd || bytes[rest] == Byte.newline { return lineEnd }
            }
            position = lineEnd
        }
        return bytes.count
    }

    private func run(of byte: UInt8, _ start: Int) -> Int {
        var position = start
        while position < bytes.count, bytes[position] == byte { position += 1 }
        return position - start
    }

    /// The end of a `<pre>` or `<code>` that begins the line.
    private func markupEnd(_ first: Int) -> Int? {
        let isPre = bytes.hasPrefix("<pre", at: first)
        guard isPre || bytes.hasPrefix("<code", at: first) else { return nil }
        var position = first
        while position < bytes.count {
            if bytes[position] == Byte.less,
                isPre
                    ? bytes.hasPrefix("</pre", at: position)
                    : bytes.hasPrefix("</code", at: position)
            {
                return bytes.lineEnd(from: position)
            }
            position += 1
        }
        return bytes.count
    }

    /// The end of the indented lines that follow.
    private func indentedEnd(_ start: Int) -> Int {
        var position = start
        var end = start
        while position < bytes.count {
            let lineEnd = bytes.lineEnd(from: position)
            let first = firstVisible(position, lineEnd)
            let isEmpty = first >= lineEnd || bytes[first] == Byte.newline
            guard isEmpty || isIndented(position, first) else { break }
            position = lineEnd
            if !isEmpty { end = lineEnd }
        }
        return end
    }

    /// The table in our notation that begins in the line: its legend, its header and its rows.
    private func tableRange(in line: Range<Int>) -> Range<Int>? {
        guard let less = bytes[line].firstIndex(of: Byte.less),
            bytes.hasPrefix(ColumnarText.opening, at: less)
        else { return nil }
        var position = less + ColumnarText.opening.utf8CodeUnitCount
        while position < line.upperBound, Byte.isDigit(bytes[position]) { position += 1 }
        guard bytes.hasPrefix(": ", at: position) else { return nil }
        position += 2
        var rows = 0
        while position < line.upperBound, Byte.isDigit(bytes[position]), rows < bytes.count {
            rows = rows * 10 + Int(bytes[position] - Byte.zero)
            position += 1
        }
        var end = line.upperBound
        for _ in 0...rows where end < bytes.count { end = bytes.lineEnd(from: end) }
        // The newline after the last row is not part of the table.
        return less..<(bytes[end - 1] == Byte.newline && end < bytes.count ? end - 1 : end)
    }

    // MARK: - JSON

    /// The first value that begins in the line and is worth a stage.
    private mutating func json(in line: Range<Int>, _ scanner: inout JSONScanner) -> Range<Int>? {
        var position = max(line.lowerBound, jsonFrom)
        while position < line.upperBound {
            let byte = bytes[position]
            if byte == Byte.openBrace || byte == Byte.openBracket, mayBegin(position, line) {
                if let end = beginsJSON(position, &scanner) { return position..<end }
                position = max(position + 1, jsonFrom)
            } else {
                position += 1
            }
        }
        return nil
    }

    /// Whether a value may begin here, after the preceding text on the line.
    private func mayBegin(_ start: Int, _ line: Range<Int>) -> Bool {
        var position = start
        while position > line.lowerBound, Byte.isBlank(bytes[position - 1]) { position -= 1 }
        guard position > line.lowerBound else { return true }
        return bytes[position - 1] == Byte.colon || bytes[position - 1] == Byte.greater
    }

    private mutating func beginsJSON(_ start: Int, _ scanner: inout JSONScanner) -> Int? {
        guard bytes[start] == Byte.openBrace || bytes[start] == Byte.openBracket else { return nil }
        switch scanner.scan(at: start) {
        case .none(let at):
            jsonFrom = max(at, start + 1)
            return nil
        case .value(let end):
            jsonFrom = end
            let isWorthIt =
                end - start >= Self.jsonBytesMin || bytes[start..<end].contains(Byte.newline)
            return isWorthIt && mayEnd(end) ? end : nil
        }
    }

    private func mayEnd(_ end: Int) -> Bool {
        var position = end
        while position < bytes.count, Byte.isBlank(bytes[position]) { position += 1 }
        guard position < bytes.count else { return true }
        let byte = bytes[position]
        if byte == Byte.newline || byte == Byte.less || byte == Byte.dot || byte == Byte.comma {
            return true
        }
        return position > end && Byte.isWord(byte)
    }
}
