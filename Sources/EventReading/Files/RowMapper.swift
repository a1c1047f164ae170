import JSON
import LedgerModel
import SIMDJSON

/// Maps one row of a table, or one object of an NDJSON file, to an event.
struct RowMapper: ~Copyable {
    /// Where the values of the mapped columns come from, in the order of `mapping.columns`.
    private enum Shape {
        case table(row: CSVRow, indexes: [Int], width: Int)
        case objects(paths: [[[UInt8]]])
    }

    private let mapping: ImportMapping
    private let shape: Shape
    private let constants: [(target: ImportMapping.Target, value: ByteStorage)]
    private let idColumn: Int?
    /// The source of rows without an id, unless the mapping sets one.
    private let importSource = ByteStorage(copying: Array("import".utf8))
    private var cells: [Text] = []
    /// The mapped values of the current row; empty ones are absent.
    private var values: [Text] = []
    private var tape = JSONTape()
    private var scratch: [UInt8] = []

    /// Maps rows of a table with these columns.
    ///
    /// Without any `--map`, a column named like a field feeds that field.
    init(
        _ mapping: ImportMapping, header: [String], of row: CSVRow
    ) throws(ImportFault) {
        let mapping = mapping.columns.isEmpty ? mapping.matching(header) : mapping
        try mapping.checkCompleteness()
        var indexes: [Int] = []
        for column in mapping.columns {
            let found = header.indices.filter { Name(header[$0]) == Name(column.column) }
            guard let index = found.first, found.count == 1 else {
                throw .mapping(
                    "--map \(column.target.name)=\(column.column): the file has "
                        + (found.isEmpty ? "no column" : "\(found.count) columns")
                        + " \(column.column); its columns are "
                        + header.joined(separator: ", "))
            }
            indexes.append(index)
        }
        self.init(mapping, .table(row: row, indexes: indexes, width: header.count))
    }

    /// Maps objects by dotted paths, such as `response.usage.total`.
    init(objects mapping: ImportMapping) throws(ImportFault) {
        try mapping.checkCompleteness()
        let paths = mapping.columns.map { column in
            column.column.split(separator: ".", omittingEmptySubsequences: false)
                .map { Array($0.utf8) }
        }
        self.init(mapping, .objects(paths: paths))
    }

    private init(_ mapping: ImportMapping, _ shape: Shape) {
        self.mapping = mapping
        self.shape = shape
        constants = mapping.constants.map {
            ($0.target, ByteStorage(copying: Array($0.value.utf8)))
        }
        idColumn = mapping.columns.firstIndex { $0.target == .field(.id) }
    }

    // MARK: Reading a row

    /// Reads the values of a record, whose bytes may change and must stay until the event is made.
    mutating func read(_ record: UnsafeMutableRawBufferPointer) throws(Refusal) {
        values.removeAll(keepingCapacity: true)
        switch shape {
        case .table(let row, let indexes, let width):
            try readCells(record, row, indexes, width)
        case .objects(let paths): try readMembers(UnsafeRawBufferPointer(record), paths)
        }
    }

    private mutating func readCells(
        _ record: UnsafeMutableRawBufferPointer, _ row: CSVRow, _ indexes: [Int], _ width: Int
    ) throws(Refusal) {
        if let column = row.split(record, into: &cells) {
            throw Refusal("text follows the closing quotation mark of column \(column)")
        }
        guard cells.count == width else {
            throw Refusal("the row has \(cells.count) columns, the header has \(width)")
        }
        for index in indexes { values.append(cells[index]) }
        if !UnsafeRawBufferPointer(record).isUTF8 {
            for (column, value) in zip(mapping.columns, values)
            where String(validating: value, as: UTF8.self) == nil {
                throw Refusal("column \(column.column) is not UTF-8")
            }
        }
        for (column, value) in zip(mapping.columns, values)
        where UnsafeRawBufferPointer(value).firstOffset(of: 0) != nil {
            throw Refusal("column \(column.column) contains a NUL character")
        }
    }

    private mutating func readMembers(
        _ record: UnsafeRawBufferPointer, _ paths: [[[UInt8]]]
    ) throws(Refusal) {
        let root: JSONTape.Root
        do { root = try tape.open(record) } catch {
            throw Refusal("this is not JSON at byte \(error.offset): \(error.reason)")
        }
        guard root == .object, let object = tape.next() else {
            throw Refusal("expected an object")
        }
        for (column, path) in zip(mapping.columns, paths) {
            guard let value = Self.value(at: path[...], in: object) else {
                values.append(Text(start: nil, count: 0))
                continue
            }
            if value.kind == .object || value.kind == .array {
                throw Refusal("\(column.column) is \(value.kindName): expected one value")
            }
            try NativeEvent.requireWhole(value, column.column)
            values.append(value.text)
        }
    }

    /// The value at the end of a path; nil if absent or null.
    private static func value(
        at path: ArraySlice<[UInt8]>, in object: JSONValue
    ) -> JSONValue? {
        guard let key = path.first else { return object.kind == .null ? nil : object }
        guard object.kind == .object else { return nil }
        for member in object.members where member.key.text.elementsEqual(key) {
            return value(at: path.dropFirst(), in: member.value)
        }
        return nil
    }

    // MARK: Making the event

    /// Whether the current row has no id of its own.
    var needsID: Bool { idColumn.map { values[$0].isEmpty } ?? true }

    /// SHA-256 of the mapped values as the file writes them, with the names of their fields.
    ///
    /// Leaves out what `--set` adds: after a corrected `--set` the old events are conflicts instead
    /// of being booked twice.
    mutating func digest() -> Digest {
        scratch.removeAll(keepingCapacity: true)
        // A total only decides how the others are understood.
        for (column, value) in zip(mapping.columns, values) where column.target != .totalTokens {
            let name = column.target.name.utf8
            for count in [name.count, value.count] {
                withUnsafeBytes(of: UInt64(count).bigEndian) { scratch.append(contentsOf: $0) }
            }
            scratch.append(contentsOf: name)
            scratch.append(contentsOf: value)
        }
        return scratch.withUnsafeBytes { Digest(hashing: $0) }
    }

    /// Makes the event of the current row; `generatedID` replaces a missing id.
    func event(generatedID: String?, at now: Timestamp) -> Result<Event, Rejection> {
        let generated = generatedID.map { ByteStorage(copying: Array($0.utf8)) }
        return withExtendedLifetime(generated) {
            var draft = RowDraft()
            do throws(Refusal) {
                for constant in constants { try draft.set(constant.target, constant.value.text) }
                for (column, value) in zip(mapping.columns, values) {
                    do throws(Refusal) { try draft.set(column.target, value) } catch {
                        throw Refusal("\(error.reason) (column \(column.column))")
                    }
                }
                if let generated {
                    draft.event.set(
                        identity: generated.text, source: draft.event.source ?? importSource.text)
                }
                return .success(try draft.finish(at: now, reading: mapping.reading))
            } catch {
                return .failure(Rejection(id: draft.event.idText, reason: error.reason))
            }
        }
    }
}

extension ImportMapping {
    /// Maps the columns named like a field that is not set.
    fileprivate func matching(_ header: [String]) -> ImportMapping {
        let isSet = Set(constants.map(\.target))
        let columns = header.compactMap { name in
            Self.target(named: name).flatMap { target in
                isSet.contains(target) ? nil : Column(target: target, column: name)
            }
        }
        return ImportMapping(columns: columns, constants: constants, reading: reading)
    }
}
