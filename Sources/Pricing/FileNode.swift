import JSON
import Yams

/// A node of a YAML or JSON file with its line and column, which errors of its accessors name.
package struct FileNode {
    private enum Source {
        case yaml(Node)
        case json(JSONFile, Int)
    }

    /// The most values of a file; the largest book has a tenth of them.
    package static let valuesMax = 500_000

    private let source: Source

    private init(_ source: Source) { self.source = source }

    /// Reads a text that begins with a bracket as JSON, unless only YAML's flow style explains it.
    package init(parsing text: String) throws(PriceFileError) {
        let blank = " \t\r\n\u{FEFF}".unicodeScalars
        let first = text.unicodeScalars.first { !blank.contains($0) }
        guard first == "{" || first == "[" else {
            do { source = .yaml(try Self.yaml(text)) } catch {
                throw PriceFileError(parsing: error)
            }
            return
        }
        let file: JSONFile
        do throws(JSONFault) {
            file = JSONFile(try JSONDocument(Array(text.utf8), nodesMax: Self.valuesMax))
        } catch {
            source = .yaml(try Self.flow(text, unlessJSON: error))
            return
        }
        try file.refuseDuplicateKeys()
        source = .json(file, 0)
    }

    private static func yaml(_ text: String) throws -> Node {
        try YAMLBounds.check(text)
        guard let node = try compose(yaml: text, .basic) else {
            throw PriceFileError("the file is empty")
        }
        return node
    }

    /// A text that begins like JSON but is not JSON.
    private static func flow(
        _ text: String, unlessJSON fault: JSONFault
    ) throws(PriceFileError) -> Node {
        do {
            return try yaml(text)
        } catch let error {
            if let refused = error as? PriceFileError { throw refused }
            if case YamlError.duplicatedKeysInMapping = error {
                throw PriceFileError(parsing: error)
            }
            let before = text.utf8.prefix(fault.offset)
            throw PriceFileError(
                "this is neither YAML nor JSON: \(fault.reason)",
                line: before.count { $0 == 10 } + 1, column: columnBehind(before))
        }
    }

    // MARK: - What it is

    package var line: Int {
        switch source {
        case .yaml(let node): node.mark?.line ?? 1
        case .json(let file, let node): file.line(at: file.nodes[node].range.lowerBound)
        }
    }

    package var column: Int {
        switch source {
        case .yaml(let node): node.mark?.column ?? 1
        case .json(let file, let node): file.column(at: file.nodes[node].range.lowerBound)
        }
    }

    package var isSequence: Bool {
        switch source {
        case .yaml(let node): node.sequence != nil
        case .json(let file, let node): file.nodes[node].kind == .array
        }
    }

    package var isMapping: Bool {
        switch source {
        case .yaml(let node): node.mapping != nil
        case .json(let file, let node): file.nodes[node].kind == .object
        }
    }

    package var isNull: Bool {
        switch source {
        case .yaml(let node):
            node.scalar.map { $0.style == .plain && nulls.contains($0.string) } ?? false
        case .json(let file, let node): file.isNull(node)
        }
    }

    // MARK: - What is in it

    /// The text of a scalar as written in the file.
    package func text(_ what: String) throws(PriceFileError) -> String {
        switch source {
        case .yaml(let node): if let scalar = node.scalar { return scalar.string }
        case .json(let file, let node): if let text = try file.text(of: node) { return text }
        }
        throw error("\(what) must be text or a number")
    }

    package func items(_ what: String) throws(PriceFileError) -> [FileNode] {
        guard isSequence else { throw error("\(what) must be a list") }
        switch source {
        case .yaml(let node): return node.sequence?.map { FileNode(.yaml($0)) } ?? []
        case .json(let file, let node):
            return file.document.children(of: node).map { FileNode(.json(file, $0)) }
        }
    }

    package func entries(_ what: String = "this") throws(PriceFileError) -> [Entry] {
        guard isMapping else { throw error("\(what) must be a mapping") }
        var entries: [Entry] = []
        switch source {
        case .yaml(let node):
            for (key, value) in node.mapping ?? [:] {
                let name = FileNode(.yaml(key))
                guard let scalar = key.scalar else { throw name.error("a key must be text") }
                entries.append(
                    Entry(
                        key: scalar.string, line: name.line, column: name.column,
                        value: FileNode(.yaml(value))))
            }
        case .json(let file, let node):
            for child in file.document.children(of: node) {
                let key = file.nodes[child].key
                entries.append(
                    Entry(
                        key: try file.text(in: key), line: file.line(at: key.lowerBound),
                        column: file.column(at: key.lowerBound),
                        value: FileNode(.json(file, child))))
            }
        }
        return entries
    }

    package struct Entry {
        package let key: String
        package let line: Int
        package let column: Int
        package let value: FileNode

        /// An error in the key.
        package func error(_ message: String) -> PriceFileError {
            PriceFileError(message, line: line, column: column)
        }
    }

    /// The value of a key of a mapping; nil if there is none.
    package subscript(key: String) -> FileNode? {
        switch source {
        case .yaml(let node):
            node.mapping?.first { $0.key.scalar?.string == key }.map { FileNode(.yaml($0.value)) }
        case .json(let file, let node):
            file.member(key, of: node).map { FileNode(.json(file, $0)) }
        }
    }

    package func error(_ message: String) -> PriceFileError {
        PriceFileError(message, line: line, column: column)
    }
}

/// The column behind some bytes, from 1, in characters of Unicode as YAML counts them.
private func columnBehind(_ bytes: some BidirectionalCollection<UInt8>) -> Int {
    bytes.reversed().prefix { $0 != UInt8(ascii: "\n") }.count { $0 & 0xC0 != 0x80 } + 1
}

private let nulls: Set<String> = ["null", "~", "", "Null", "NULL"]

extension PriceFileError {
    fileprivate init(parsing error: any Error) {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _),
            YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            self.init(
                "this is neither YAML nor JSON: \(problem)", line: mark.line, column: mark.column)
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            let keys = Set(duplicates).sorted().map { "\"\($0)\"" }.joined(separator: ", ")
            self.init(
                "\(keys) is given twice", line: context.mark.line, column: context.mark.column)
        case YamlError.reader(let problem, let offset, _, let yaml):
            let before = offset.map { yaml.utf8.prefix($0) }
            self.init(
                "this is not text: \(problem)", line: before.map { $0.count { $0 == 10 } + 1 },
                column: before.map { columnBehind($0) })
        case let error as PriceFileError: self = error
        default:
            self.init("the file can't be read as YAML or JSON: \(error)")
        }
    }
}

/// A JSON document that knows the lines and columns of its values.
private final class JSONFile: Sendable {
    let document: JSONDocument
    private let lineEnds: [Int]

    init(_ document: JSONDocument) {
        self.document = document
        lineEnds = document.bytes.indices.filter { document.bytes[$0] == UInt8(ascii: "\n") }
    }

    var nodes: [JSONNode] { document.nodes }

    /// The line of a byte, from 1.
    func line(at offset: Int) -> Int {
        var (low, high) = (0, lineEnds.count)
        while low < high {
            let middle = (low + high) / 2
            if lineEnds[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return low + 1
    }

    /// The column of a byte, from 1.
    func column(at offset: Int) -> Int {
        let line = line(at: offset)
        let start = line == 1 ? 0 : lineEnds[line - 2] + 1
        return columnBehind(document.bytes[start..<offset])
    }

    func text(in range: Range<Int>) throws(PriceFileError) -> String {
        do throws(JSONFault) { return try document.text(in: range) } catch {
            throw PriceFileError(
                error.reason, line: line(at: error.offset), column: column(at: error.offset))
        }
    }

    /// The text of a string, number or word; nil for a container.
    func text(of node: Int) throws(PriceFileError) -> String? {
        switch nodes[node].kind {
        case .string: try text(in: nodes[node].range)
        case .scalar: document.spelling(of: node)
        case .array, .object: nil
        }
    }

    func isNull(_ node: Int) -> Bool {
        let node = nodes[node]
        return node.kind == .scalar
            && document.bytes[node.range.lowerBound] == UInt8(ascii: "n")
    }

    func member(_ key: String, of node: Int) -> Int? {
        guard nodes[node].kind == .object else { return nil }
        return document.children(of: node).first { (try? text(in: nodes[$0].key)) == key }
    }

    func refuseDuplicateKeys() throws(PriceFileError) {
        for (index, node) in nodes.enumerated() where node.kind == .object {
            var places: [String: Int] = [:]
            for child in document.children(of: index) {
                let range = nodes[child].key
                let key = try text(in: range)
                if let first = places.updateValue(range.lowerBound, forKey: key) {
                    throw PriceFileError(
                        "\"\(key)\" is given twice", line: line(at: first),
                        column: column(at: first))
                }
            }
        }
    }
}
