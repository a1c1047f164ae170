import JSON

/// Arrays of similar JSON objects as tables: the keys once, then one line for each object.
///
///     <table 1: 3 rows, each a JSON object; …>
///     id,name,address.city,active=true
///     1,Ada,London
///     2,"Lovelace, A.",
///     3,Bob,Paris
///
/// A cell is JSON, except that a string without commas and quotes is written without quotes if it
/// cannot be mistaken for something else. An empty cell is a key that the object does not have; a
/// nested object with the same keys wherever it is present is flattened under dotted names; a value
/// that all rows share is in the header. In a larger document, `<table 1>` replaces the array, and
/// the table comes before it. `decode` returns the arrays as minified JSON, with every number and
/// string as it was written.
package enum ColumnarText {
    static let rowsMin = 3
    static let columnsMax = 256
    static let nestingMax = 8
    /// Rows times columns of one table.
    static let cellsMax = 8_000_000

    static let legend =
        ", each a JSON object; the first line has its keys (a.b is nested, k=v holds in all rows); "
        + "an empty cell is an absent key>\n"
    static let opening: StaticString = "<table "

    /// The text with tables, or nil if nothing in it can become one.
    package static func encode(_ text: String) -> String? {
        encode(PromptSegments(text)).map { String($0) }
    }

    static func encode(_ text: PromptSegments) -> [UInt8]? {
        guard text.segments.contains(where: { $0.kind == .json }) else { return nil }
        // Tables in our notation that are already in the text could not be distinguished from ours.
        guard !contains(opening, text.bytes) else { return nil }
        var encoder = TableEncoder(text.bytes)
        var result: [UInt8] = []
        result.reserveCapacity(text.bytes.count)
        var index = 0
        while index < text.segments.count {
            let segment = text.segments[index]
            if segment.kind == .json {
                let lines = consecutiveObjects(text, from: index)
                if lines.count >= rowsMin, encoder.encodeLines(lines, to: &result) {
                    index += 2 * lines.count - 1
                    continue
                }
                encoder.encode(segment.range, to: &result)
            } else {
                result += text.bytes[segment.range]
            }
            index += 1
        }
        return encoder.tables > 0 ? result : nil
    }

    /// Objects on separate lines, as in NDJSON, from this segment on.
    private static func consecutiveObjects(
        _ text: PromptSegments, from start: Int
    ) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var index = start
        while index < text.segments.count, text.segments[index].kind == .json {
            let range = text.segments[index].range
            guard text.bytes[range.lowerBound] == Byte.openBrace else { break }
            ranges.append(range)
            guard index + 2 < text.segments.count else { break }
            let between = text.segments[index + 1].range
            guard between.count == 1, text.bytes[between.lowerBound] == Byte.newline else { break }
            index += 2
        }
        return ranges
    }

    static func contains(_ needle: StaticString, _ bytes: [UInt8]) -> Bool {
        let first = needle.withUTF8Buffer { $0[0] }
        var position = 0
        while position < bytes.count {
            if bytes[position] == first, bytes.hasPrefix(needle, at: position) { return true }
            position += 1
        }
        return false
    }
}

/// Writes the tables of one text, numbered from 1.
private struct TableEncoder {
    private let bytes: [UInt8]
    private(set) var tables = 0
    private var scanner: JSONScanner

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        scanner = JSONScanner(bytes, keepsNodes: true)
    }

    /// Appends a JSON value: with tables if it has any, otherwise unchanged.
    mutating func encode(_ range: Range<Int>, to result: inout [UInt8]) {
        guard case .value = scanner.scan(at: range.lowerBound) else {
            result += bytes[range]
            return
        }
        let nodes = scanner.nodes
        var found: [(node: Int, table: TableLayout)] = []
        var index = 0
        while index < nodes.count {
            if nodes[index].kind == .array,
                let table = TableLayout(
                    rows: children(of: index, nodes), nodes, bytes,
                    hasLegend: tables + found.count > 0)
            {
                found.append((index, table))
                index = nodes[index].next
            } else {
                index += 1
            }
        }
        guard !found.isEmpty else {
            result += bytes[range]
            return
        }
        let isWhole = found.count == 1 && found[0].node == 0 && endsLine(range.upperBound)
        let first = tables + 1
        for (_, table) in found {
            append(table, unit: " rows", to: &result)
            if !isWhole { result.append(Byte.newline) }
        }
        if isWhole { return }
        var position = range.lowerBound
        for (offset, item) in found.enumerated() {
            let array = nodes[item.node].range
            appendCompact(bytes, position..<array.lowerBound, to: &result)
            result += Array("<table \(first + offset)>".utf8)
            position = array.upperBound
        }
        appendCompact(bytes, position..<range.upperBound, to: &result)
    }

    /// Appends objects on consecutive lines as one table; false if they cannot become one.
    mutating func encodeLines(_ ranges: [Range<Int>], to result: inout [UInt8]) -> Bool {
        var nodes: [JSONNode] = []
        var rows: [Int] = []
        for range in ranges {
            guard case .value = scanner.scan(at: range.lowerBound),
                nodes.count + scanner.nodes.count <= JSONScanner.nodesMax
            else { return false }
            let base = nodes.count
            rows.append(base)
            nodes += scanner.nodes.map { node in
                var moved = node
                moved.next += base
                return moved
            }
        }
        guard let end = ranges.last?.upperBound, endsLine(end),
            let table = TableLayout(rows: rows, nodes, bytes, hasLegend: tables > 0)
        else { return false }
        append(table, unit: " lines", to: &result)
        return true
    }

    /// Whether nothing follows that would be read as part of the last cell.
    private func endsLine(_ position: Int) -> Bool {
        position == bytes.count || bytes[position] == Byte.newline
    }

    private mutating func append(
        _ table: TableLayout, unit: String, to result: inout [UInt8]
    ) {
        tables += 1
        result += Array("<table \(tables): \(table.rows)\(unit)".utf8)
        result += Array((tables == 1 ? ColumnarText.legend : ">\n").utf8)
        result += table.text
    }

    private func children(of parent: Int, _ nodes: [JSONNode]) -> [Int] {
        var rows: [Int] = []
        var child = parent + 1
        while child < nodes[parent].next {
            guard nodes[child].kind == .object else { return [] }
            rows.append(child)
            child = nodes[child].next
        }
        return rows
    }
}

/// How objects become the lines of a table; nil if that is not shorter.
private struct TableLayout {
    let rows: Int
    private(set) var text: [UInt8] = []

    /// A column: its keys, and its value in each row.
    private struct Column {
        var path: [Range<Int>]
        /// Indices of nodes; -1 where the row has none.
        var cells: [Int]
    }

    private let nodes: [JSONNode]
    private let bytes: [UInt8]

    init?(rows: [Int], _ nodes: [JSONNode], _ bytes: [UInt8], hasLegend: Bool) {
        guard rows.count >= ColumnarText.rowsMin else { return nil }
        self.rows = rows.count
        self.nodes = nodes
        self.bytes = bytes
        var written: [UInt8] = []
        guard let columns = columns(rows, under: [], depth: 0), isDense(columns) else { return nil }
        write(columns, to: &written)
        var compact = rows.count + 1
        for row in rows { compact += nodes[row].range.count }
        let overhead = hasLegend ? 16 : 16 + ColumnarText.legend.utf8.count
        guard written.count + overhead < compact else { return nil }
        text = written
    }

    private func isDense(_ columns: [Column]) -> Bool {
        guard !columns.isEmpty, columns.count <= ColumnarText.columnsMax else { return false }
        var filled = 0
        for column in columns { for cell in column.cells where cell >= 0 { filled += 1 } }
        return filled * 2 >= columns.count * rows
    }

    /// The columns of objects (-1 for none); nil if keys repeat or change their order.
    private func columns(
        _ objects: [Int], under path: [Range<Int>], depth: Int
    ) -> [Column]? {
        var order: [Column] = []
        var places: [[UInt8]: Int] = [:]
        for (row, object) in objects.enumerated() where object >= 0 {
            var place = -1
            var child = object + 1
            while child < nodes[object].next {
                let key = nodes[child].key
                if place + 1 < order.count, isEqual(key, order[place + 1].path[path.count]) {
                    place += 1
                } else {
                    let name = Array(bytes[key])
                    if let known = places[name] {
                        guard known > place else { return nil }
                        place = known
                    } else {
                        guard order.count < ColumnarText.columnsMax,
                            (order.count + 1) * objects.count <= ColumnarText.cellsMax
                        else { return nil }
                        place += 1
                        for (other, index) in places where index >= place {
                            places[other] = index + 1
                        }
                        places[name] = place
                        let empty = [Int](repeating: -1, count: objects.count)
                        order.insert(Column(path: path + [key], cells: empty), at: place)
                    }
                }
                order[place].cells[row] = child
                child = nodes[child].next
            }
        }
        return order.flatMap { flattened($0, depth) }
    }

    /// The column, or those of its nested objects if they have the same keys in all rows.
    private func flattened(_ column: Column, _ depth: Int) -> [Column] {
        guard depth < ColumnarText.nestingMax,
            let first = column.cells.first(where: { $0 >= 0 }), nodes[first].kind == .object
        else { return [column] }
        let keys = keys(of: first)
        guard !keys.isEmpty else { return [column] }
        for cell in column.cells where cell >= 0 && cell != first {
            guard nodes[cell].kind == .object, hasKeys(cell, keys) else { return [column] }
        }
        return columns(column.cells, under: column.path, depth: depth + 1) ?? [column]
    }

    private func keys(of object: Int) -> [Range<Int>] {
        var keys: [Range<Int>] = []
        var child = object + 1
        while child < nodes[object].next {
            keys.append(nodes[child].key)
            child = nodes[child].next
        }
        return keys
    }

    private func hasKeys(_ object: Int, _ keys: [Range<Int>]) -> Bool {
        var child = object + 1
        for key in keys {
            guard child < nodes[object].next, isEqual(nodes[child].key, key) else { return false }
            child = nodes[child].next
        }
        return child == nodes[object].next
    }

    private func isEqual(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
        guard a.count == b.count else { return false }
        for offset in 0..<a.count
        where bytes[a.lowerBound + offset] != bytes[b.lowerBound + offset] {
            return false
        }
        return true
    }

    // MARK: - Writing

    private func write(_ columns: [Column], to result: inout [UInt8]) {
        var varying: [(column: Column, isText: Bool)] = []
        for (index, column) in columns.enumerated() {
            if index > 0 { result.append(Byte.comma) }
            for (depth, key) in column.path.enumerated() {
                if depth > 0 { result.append(Byte.dot) }
                appendName(key, to: &result)
            }
            if let value = sharedValue(column) {
                result.append(Byte.equals)
                appendCell(value, isText: false, to: &result)
            } else {
                let isText = needsText(column)
                if isText { result += Array("(text)".utf8) }
                varying.append((column, isText))
            }
        }
        for row in 0..<rows {
            result.append(Byte.newline)
            for (index, item) in varying.enumerated() {
                if index > 0 { result.append(Byte.comma) }
                let cell = item.column.cells[row]
                if cell >= 0 { appendCell(cell, isText: item.isText, to: &result) }
            }
        }
    }

    private func sharedValue(_ column: Column) -> Int? {
        let first = column.cells[0]
        guard first >= 0 else { return nil }
        for cell in column.cells.dropFirst() {
            guard cell >= 0, isEqual(nodes[cell].range, nodes[first].range) else { return nil }
        }
        return first
    }

    /// Whether all cells are strings, of which some look like a number or keyword and would need
    /// quotes.
    private func needsText(_ column: Column) -> Bool {
        var ambiguous = false
        for cell in column.cells where cell >= 0 {
            guard nodes[cell].kind == .string else { return false }
            ambiguous = ambiguous || TableCell.looksLikeScalar(bytes, inside(nodes[cell].range))
        }
        return ambiguous
    }

    private func inside(_ string: Range<Int>) -> Range<Int> {
        (string.lowerBound + 1)..<(string.upperBound - 1)
    }

    private func appendName(_ key: Range<Int>, to result: inout [UInt8]) {
        let name = inside(key)
        result += bytes[TableCell.isBareName(bytes[name]) ? name : key]
    }

    private func appendCell(_ cell: Int, isText: Bool, to result: inout [UInt8]) {
        let range = nodes[cell].range
        guard nodes[cell].kind == .string else {
            return appendCompact(bytes, range, to: &result)
        }
        let text = inside(range)
        let isBare =
            TableCell.isBare(bytes, text) && (isText || !TableCell.looksLikeScalar(bytes, text))
        result += bytes[isBare ? text : range]
    }
}

/// The notation of cells, shared by encoder and decoder.
enum TableCell {
    /// Whether the bytes of a string permit it to be written without quotes.
    static func isBare(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard let first = range.first, let last = range.last else { return false }
        switch bytes[first] {
        case Byte.openBrace, Byte.openBracket, Byte.space: return false
        default: break
        }
        guard bytes[last] != Byte.space else { return false }
        for index in range {
            let byte = bytes[index]
            if byte == Byte.comma || byte == Byte.backslash || byte == Byte.quote { return false }
        }
        return true
    }

    static func looksLikeScalar(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let start = range.lowerBound
        switch range.count {
        case 0: return false
        case 4 where bytes.hasPrefix("true", at: start) || bytes.hasPrefix("null", at: start):
            return true
        case 5 where bytes.hasPrefix("false", at: start): return true
        default:
            let first = bytes[start]
            guard first == Byte.minus || Byte.isDigit(first) else { return false }
            return JSONNumber.end(in: bytes, from: start) == range.upperBound
        }
    }

    static func isBareName(_ name: ArraySlice<UInt8>) -> Bool {
        !name.isEmpty
            && name.allSatisfy {
                Byte.isWord($0) || $0 == UInt8(ascii: "_") || $0 == Byte.minus
                    || $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "@")
            }
    }
}
