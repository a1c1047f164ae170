import Glibc
import JSON
import LedgerModel
import SIMDJSON

/// A path in a row: a column or member, then members inside it, joined by dots.
struct RowPath: Hashable, Sendable, ExpressibleByStringLiteral {
    let name: String
    fileprivate let parts: [[UInt8]]

    init(stringLiteral name: String) {
        self.name = name
        parts = name.split(separator: ".").map { Array($0.utf8) }
    }
}

/// Paths that may hold the same fact; the first with a value wins.
typealias RowPaths = [RowPath]

/// The values of a row of another product's export by path, for any file: a JSON object with the
/// objects around it, or the cells of a CSV.
///
/// Each row also finds the members of its surroundings (the start of a bucket). Texts point into
/// the record, so they live until the next row.
final class SourceRow {
    /// A value that exists: never null, never an empty text.
    enum Value {
        case text(Text)
        case json(JSONValue)
    }

    /// Columns whose text is JSON, each with its own tape.
    private let nested: [NestedJSON]
    private var header: [ByteStorage] = []
    private var row = CSVRow()
    private var cells: [Text] = []
    /// The row's object and those around it, innermost first; empty for a CSV.
    private var scopes: [JSONValue] = []

    init(jsonColumns: [String]) {
        nested = jsonColumns.map { NestedJSON(column: Array($0.utf8)) }
    }

    func use(header names: [String], of row: CSVRow) {
        self.row = row
        header = names.map { ByteStorage(copying: Array($0.utf8)) }
    }

    // MARK: The current row

    func begin(_ scopes: [JSONValue]) throws(Refusal) {
        self.scopes = scopes
        try openNested()
    }

    /// Splits a CSV row, whose bytes may change.
    func begin(cells record: UnsafeMutableRawBufferPointer) throws(Refusal) {
        scopes = []
        if let column = row.split(record, into: &cells) {
            throw Refusal("text follows the closing quotation mark of column \(column)")
        }
        guard cells.count == header.count else {
            throw Refusal("the row has \(cells.count) columns, the header has \(header.count)")
        }
        if !UnsafeRawBufferPointer(record).isUTF8 {
            throw Refusal("the row is not UTF-8")
        }
        try openNested()
    }

    private func openNested() throws(Refusal) {
        for column in nested {
            column.close()
            guard case .text(let text) = outer(column.column) ?? .text(Text(start: nil, count: 0))
            else { continue }
            try column.open(text)
        }
    }

    // MARK: Values

    /// The value at a path; nil if missing, null or an empty text.
    func value(_ path: RowPath) -> Value? {
        guard let first = path.parts.first else { return nil }
        var value: JSONValue
        if let opened = nested.first(where: { $0.column == first })?.value {
            value = opened
        } else {
            // A column may have dots in its name.
            if scopes.isEmpty, let cell = cell(path.name) { return cell }
            guard let outer = outer(first) else { return nil }
            guard path.parts.count > 1 else { return outer }
            guard case .json(let json) = outer else { return nil }
            value = json
        }
        for part in path.parts.dropFirst() {
            guard let inner = value.member(part) else { return nil }
            value = inner
        }
        return Self.present(value)
    }

    func value(_ paths: RowPaths) -> Value? {
        for path in paths {
            if let found = value(path) { return found }
        }
        return nil
    }

    /// One text, number or boolean; refuses containers and invalid text.
    func text(_ paths: RowPaths) throws(Refusal) -> Text? {
        for path in paths {
            guard let found = value(path) else { continue }
            return try scalar(found, path.name)
        }
        return nil
    }

    func scalar(_ value: Value, _ name: String) throws(Refusal) -> Text {
        switch value {
        case .text(let text):
            if UnsafeRawBufferPointer(text).firstOffset(of: 0) != nil {
                throw Refusal("\(name) contains a NUL character")
            }
            return text
        case .json(let json):
            if json.kind == .object || json.kind == .array {
                throw Refusal("\(name) is \(json.kindName): expected one value")
            }
            try NativeEvent.requireWhole(json, name)
            return json.text
        }
    }

    private func cell(_ name: String) -> Value? {
        var name = name
        return name.withUTF8 { name in cell(named: name) }
    }

    private func cell(named name: Text) -> Value? {
        for (index, column) in header.enumerated() where column.text.hasBytes(of: name) {
            return cells[index].isEmpty ? nil : .text(cells[index])
        }
        return nil
    }

    /// The value of a column or an outermost member.
    private func outer(_ name: [UInt8]) -> Value? {
        if scopes.isEmpty { return name.withUnsafeBufferPointer { cell(named: $0) } }
        for scope in scopes {
            guard let member = scope.member(name) else { continue }
            if let found = Self.present(member) { return found }
        }
        return nil
    }

    private static func present(_ json: JSONValue) -> Value? {
        switch json.kind {
        case .null: nil
        case .string: json.text.isEmpty ? nil : .text(json.text)
        default: .json(json)
        }
    }
}

extension JSONValue {
    /// The member with a key; nil if there is none or this is not an object.
    func member(_ key: [UInt8]) -> JSONValue? {
        guard kind == .object else { return nil }
        return key.withUnsafeBufferPointer { key in
            for member in members where member.key.text.hasBytes(of: key) { return member.value }
            return nil
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    func hasBytes(of other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard let a = baseAddress, let b = other.baseAddress else { return true }
        return memcmp(a, b, count) == 0
    }
}

/// A column that holds JSON as text, opened once per row.
private final class NestedJSON {
    let column: [UInt8]
    private(set) var value: JSONValue?
    private var tape = JSONTape()
    private var bytes: ByteStorage?

    init(column: [UInt8]) {
        self.column = column
    }

    func close() { value = nil }

    /// Reads a text that starts like an object or an array; leaves others as plain text.
    func open(_ text: Text) throws(Refusal) {
        guard text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") else { return }
        do throws(JSONFault) {
            try open(bytes: Array(text))
        } catch {
            // Helicone doubles a cell's quotation marks twice.
            let undone = Self.undoubled(text)
            if undone.count < text.count, (try? open(bytes: undone)) != nil { return }
            throw Refusal(
                "\(String(decoding: column, as: UTF8.self)) is not JSON at byte \(error.offset): "
                    + error.reason)
        }
    }

    /// A root array could only be read element by element, so it becomes a member.
    private func open(bytes json: [UInt8]) throws(JSONFault) {
        let wrapped = ByteStorage(copying: Array("{\"\":".utf8) + json + Array("}".utf8))
        bytes = wrapped
        _ = try tape.open(wrapped.bytes)
        value = tape.next()?.member([])
    }

    private static func undoubled(_ text: Text) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var isSecond = false
        for byte in text {
            let isMark = byte == UInt8(ascii: "\"")
            if isMark && isSecond {
                isSecond = false
            } else {
                bytes.append(byte)
                isSecond = isMark
            }
        }
        return bytes
    }
}
