import JSON

extension ColumnarText {
    /// The text with its tables turned back into JSON; nil if it has none, or a malformed one.
    package static func decode(_ text: String) -> String? {
        decode(Array(text.utf8)).map { String($0) }
    }

    static func decode(_ bytes: [UInt8]) -> [UInt8]? {
        guard contains(opening, bytes) else { return nil }
        var reader = TableReader(bytes)
        guard let (pieces, arrays) = reader.read() else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 2)
        let referred = Set(
            pieces.compactMap { piece in
                if case .reference(let number) = piece { number } else { nil }
            })
        for piece in pieces {
            switch piece {
            case .text(let range): result += bytes[range]
            case .reference(let number):
                guard let array = arrays[number] else { return nil }
                result += array
            case .table(let number, let end):
                // A table that is referred to is inserted there instead, with its newline.
                if referred.contains(number) {
                    guard end < bytes.count, bytes[end] == Byte.newline else { return nil }
                } else {
                    result += arrays[number] ?? []
                }
            }
        }
        return result
    }
}

/// Parses the tables of a text in one pass.
private struct TableReader {
    enum Piece {
        case text(Range<Int>)
        case reference(Int)
        /// A table, and where it ends.
        case table(Int, end: Int)
    }

    private let bytes: [UInt8]
    private var position = 0
    private var scanner: JSONScanner

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        scanner = JSONScanner(bytes)
    }

    mutating func read() -> (pieces: [Piece], arrays: [Int: [UInt8]])? {
        var pieces: [Piece] = []
        var arrays: [Int: [UInt8]] = [:]
        var hoisted = hoistedTables()
        var start = 0
        while position < bytes.count {
            guard bytes[position] == Byte.less, bytes.hasPrefix(ColumnarText.opening, at: position)
            else {
                position += 1
                continue
            }
            if start < position { pieces.append(.text(start..<position)) }
            position += ColumnarText.opening.utf8CodeUnitCount
            guard let number = integer(), position < bytes.count else { return nil }
            if bytes[position] == Byte.greater {
                position += 1
                pieces.append(.reference(number))
            } else {
                guard let array = table(), arrays[number] == nil else { return nil }
                arrays[number] = array
                pieces.append(.table(number, end: position))
                if hoisted.remove(number) != nil { position += 1 }
            }
            start = position
        }
        if start < bytes.count { pieces.append(.text(start..<bytes.count)) }
        return (pieces, arrays)
    }

    /// The numbers of the tables that are referred to.
    private mutating func hoistedTables() -> Set<Int> {
        var numbers: Set<Int> = []
        while position < bytes.count {
            if bytes[position] == Byte.less, bytes.hasPrefix(ColumnarText.opening, at: position) {
                position += ColumnarText.opening.utf8CodeUnitCount
                if let number = integer(), position < bytes.count, bytes[position] == Byte.greater {
                    numbers.insert(number)
                }
            } else {
                position += 1
            }
        }
        position = 0
        return numbers
    }

    private mutating func integer() -> Int? {
        var value = 0
        let start = position
        while position < bytes.count, Byte.isDigit(bytes[position]), value < 1_000_000_000 {
            value = value * 10 + Int(bytes[position] - Byte.zero)
            position += 1
        }
        return position > start ? value : nil
    }

    /// Reads the array, or the lines, of the table whose number was just read.
    private mutating func table() -> [UInt8]? {
        guard bytes.hasPrefix(": ", at: position) else { return nil }
        position += 2
        guard let rows = integer() else { return nil }
        let isLines = bytes.hasPrefix(" lines", at: position)
        position = bytes.lineEnd(from: position)
        guard let header = header() else { return nil }
        var result: [UInt8] = isLines ? [] : [Byte.openBracket]
        for row in 0..<rows {
            guard position < bytes.count, bytes[position] == Byte.newline else { return nil }
            position += 1
            guard let cells = cells(header) else { return nil }
            if row > 0 { result.append(isLines ? Byte.newline : Byte.comma) }
            header.tree.write(cells, to: &result)
        }
        if !isLines { result.append(Byte.closeBracket) }
        return result
    }

    private mutating func header() -> TableHeader? {
        var header = TableHeader()
        while true {
            var column = TableHeader.Column()
            var path: [[UInt8]] = []
            while true {
                guard let name = name() else { return nil }
                path.append(name)
                guard position < bytes.count, bytes[position] == Byte.dot else { break }
                position += 1
            }
            if bytes.hasPrefix("(text)", at: position) {
                column.isText = true
                position += 6
            } else if position < bytes.count, bytes[position] == Byte.equals {
                position += 1
                guard let cell = cell(isText: false), !cell.isEmpty else { return nil }
                column.shared = cell
            }
            header.add(column, at: path)
            guard position < bytes.count, bytes[position] == Byte.comma else { return header }
            position += 1
        }
    }

    /// Reads a name with its quotes.
    private mutating func name() -> [UInt8]? {
        let start = position
        if position < bytes.count, bytes[position] == Byte.quote {
            guard let end = scanner.stringEnd(at: position) else { return nil }
            position = end
            return Array(bytes[start..<end])
        }
        while position < bytes.count, TableCell.isBareName(bytes[position...position]) {
            position += 1
        }
        return position > start ? [Byte.quote] + bytes[start..<position] + [Byte.quote] : nil
    }

    /// Reads the cells of a row as JSON; an absent one is empty.
    private mutating func cells(_ header: TableHeader) -> [[UInt8]]? {
        var cells: [[UInt8]] = []
        cells.reserveCapacity(header.columns.count)
        var isFirst = true
        for column in header.columns {
            if let shared = column.shared {
                cells.append(shared)
                continue
            }
            if !isFirst {
                guard position < bytes.count, bytes[position] == Byte.comma else { return nil }
                position += 1
            }
            isFirst = false
            guard let cell = cell(isText: column.isText) else { return nil }
            cells.append(cell)
        }
        return cells
    }

    private mutating func cell(isText: Bool) -> [UInt8]? {
        let start = position
        guard start < bytes.count else { return [] }
        switch bytes[start] {
        case Byte.quote:
            guard let end = scanner.stringEnd(at: start) else { return nil }
            position = end
            return Array(bytes[start..<end])
        case Byte.openBrace, Byte.openBracket:
            guard case .value(let end) = scanner.scan(at: start) else { return nil }
            position = end
            return Array(bytes[start..<end])
        default:
            while position < bytes.count, bytes[position] != Byte.comma,
                bytes[position] != Byte.newline
            {
                position += 1
            }
            let bare = Array(bytes[start..<position])
            if bare.isEmpty || (!isText && TableCell.looksLikeScalar(bytes, start..<position)) {
                return bare
            }
            return [Byte.quote] + bare + [Byte.quote]
        }
    }
}

/// The keys of a table as a tree, so that rows can be written as nested objects.
private struct TableHeader {
    struct Column {
        var isText = false
        /// The value that all rows share.
        var shared: [UInt8]?
    }

    private(set) var columns: [Column] = []
    private(set) var tree = TableTree()

    mutating func add(_ column: Column, at path: [[UInt8]]) {
        tree.insert(columns.count, at: path[...])
        columns.append(column)
    }
}

/// A key that is a column, or one that holds further keys.
private struct TableTree {
    private var key: [UInt8] = []
    private var column: Int?
    private var children: [TableTree] = []

    mutating func insert(_ column: Int, at path: ArraySlice<[UInt8]>) {
        guard let first = path.first else {
            self.column = column
            return
        }
        // Adjacent paths share their beginnings; a path that recurs later is another key.
        if children.last?.key != first || path.count == 1 {
            var child = TableTree()
            child.key = first
            children.append(child)
        }
        children[children.count - 1].insert(column, at: path.dropFirst())
    }

    /// Writes an object; keys without a cell are left out.
    func write(_ cells: [[UInt8]], to result: inout [UInt8]) {
        result.append(Byte.openBrace)
        var isFirst = true
        for child in children where child.isPresent(cells) {
            if !isFirst { result.append(Byte.comma) }
            isFirst = false
            result += child.key
            result.append(Byte.colon)
            if let column = child.column {
                result += cells[column]
            } else {
                child.write(cells, to: &result)
            }
        }
        result.append(Byte.closeBrace)
    }

    private func isPresent(_ cells: [[UInt8]]) -> Bool {
        if let column { return !cells[column].isEmpty }
        return children.contains { $0.isPresent(cells) }
    }
}
