package import LedgerModel
import Yams

/// Why a price file was refused; nothing of it is used.
package struct PriceFileError: Error, Hashable, Sendable {
    /// Counted from one; nil where the whole file is meant.
    package let line: Int?
    /// A sentence that says what is wrong and what to do.
    package let message: String

    init(_ message: String, line: Int? = nil) {
        self.line = line
        self.message = message
    }
}

extension PriceFileError: Fault {
    package var kind: FaultKind { .invalid }
    package var description: String { line.map { "line \($0): \(message)" } ?? message }
}

/// Reads price files: ours, genai-prices' `data.json` and LiteLLM's `model_prices` JSON.
///
/// JSON is read by the YAML parser, because it leaves a number the text that it was: a price
/// never passes through a floating-point number.
package enum PriceFile {
    /// A book, and what the file said that a book can't hold.
    package struct Reading: Sendable {
        package let format: Format
        package let book: PriceBook
        /// Prices that were left out: of units that events don't count, for instance.
        package let omissions: [Omission]
    }

    package enum Format: String, Sendable {
        case tallystick
        case genaiPrices = "genai-prices"
        case litellm
    }

    /// A kind of price that was left out, with the number of times and the first line.
    package struct Omission: Hashable, Sendable, CustomStringConvertible {
        package let what: String
        package let count: Int
        package let line: Int

        package var description: String {
            "\(what): left out \(count) time\(count == 1 ? "" : "s"), first on line \(line)"
        }
    }

    package static let bytesMax = 64 * 1_024 * 1_024

    package static func read(_ text: String) throws(PriceFileError) -> PriceBook {
        try reading(text).book
    }

    /// Reads a file of any of the three formats, told apart by content.
    package static func reading(_ text: String) throws(PriceFileError) -> Reading {
        guard text.utf8.count <= bytesMax else {
            throw PriceFileError("the file is larger than \(bytesMax >> 20) MiB")
        }
        let root = try FileNode(parsing: text)
        var omissions = Omissions()
        let format = try format(of: root)
        let (name, drafts, terms) =
            switch format {
            case .tallystick: try TallystickPrices.read(root)
            case .genaiPrices:
                ("genai-prices", try GenAIPrices.read(root, omissions: &omissions), TermsDraft())
            case .litellm:
                ("litellm", try LiteLLMPrices.read(root, omissions: &omissions), TermsDraft())
            }
        let providers = try checked(drafts)
        return Reading(
            format: format,
            book: PriceBook(
                name: name, providers: providers, terms: try terms.checked(against: providers)),
            omissions: omissions.list)
    }

    /// The book in our format; reading it gives the same book.
    package static func write(_ book: PriceBook) -> String { book.canonicalText }

    private static func format(of root: FileNode) throws(PriceFileError) -> Format {
        if root.isSequence { return .genaiPrices }
        let entries = try root.entries()
        if entries.contains(where: { $0.key == TallystickPrices.marker }) { return .tallystick }
        if entries.contains(where: { $0.key == TermsDraft.marker }) {
            throw root.error("this file holds terms, not prices: use `tally prices terms`")
        }
        let isLiteLLM = entries.contains { entry in
            entry.value["litellm_provider"] != nil || entry.value["input_cost_per_token"] != nil
        }
        if isLiteLLM { return .litellm }
        throw PriceFileError(
            "this is no price file: ours begins with \"\(TallystickPrices.marker): 1\", that of "
                + "genai-prices is a list of providers, that of LiteLLM an object of models with "
                + "litellm_provider", line: root.line)
    }
}

/// Counts what a reader leaves out, by kind.
struct Omissions {
    private var counts: [String: (count: Int, line: Int)] = [:]

    mutating func add(_ what: String, line: Int) {
        counts[what, default: (0, line)].count += 1
    }

    var list: [PriceFile.Omission] {
        counts.map { PriceFile.Omission(what: $0.key, count: $0.value.count, line: $0.value.line) }
            .sorted { ($0.line, $0.what) < ($1.line, $1.what) }
    }
}

// MARK: - Nodes

/// A node of a price file with its line, and accessors whose errors name both.
package struct FileNode {
    private let node: Node

    private init(_ node: Node) {
        self.node = node
    }

    package init(parsing text: String) throws(PriceFileError) {
        let node: Node?
        do {
            node = try compose(yaml: joiningSurrogates(in: text), .basic)
        } catch {
            throw PriceFileError(parsing: error)
        }
        guard let node else { throw PriceFileError("the file is empty") }
        self.node = node
    }

    package var line: Int { node.mark?.line ?? 1 }
    package var isSequence: Bool { node.sequence != nil }
    package var isMapping: Bool { node.mapping != nil }
    package var isNull: Bool {
        node.scalar.map { $0.style == .plain && nulls.contains($0.string) } ?? false
    }

    /// The text of a scalar as it stands in the file.
    package func text(_ what: String) throws(PriceFileError) -> String {
        guard let scalar = node.scalar else { throw error("\(what) must be a text or a number") }
        return scalar.string
    }

    package func items(_ what: String) throws(PriceFileError) -> [FileNode] {
        guard let sequence = node.sequence else { throw error("\(what) must be a list") }
        return sequence.map { FileNode($0) }
    }

    package func entries(_ what: String = "this") throws(PriceFileError) -> [Entry] {
        guard let mapping = node.mapping else { throw error("\(what) must be a mapping") }
        var entries: [Entry] = []
        entries.reserveCapacity(mapping.count)
        for (key, value) in mapping {
            guard let scalar = key.scalar else { throw FileNode(key).error("a key must be a text") }
            entries.append(
                Entry(
                    key: scalar.string, line: key.mark?.line ?? line, value: FileNode(value)))
        }
        return entries
    }

    package struct Entry {
        package let key: String
        package let line: Int
        package let value: FileNode
    }

    /// The value of a key of a mapping; nil where there is none.
    package subscript(key: String) -> FileNode? {
        node.mapping?.first { $0.key.scalar?.string == key }.map { FileNode($0.value) }
    }

    package func error(_ message: String) -> PriceFileError { PriceFileError(message, line: line) }
}

private let nulls: Set<String> = ["null", "~", "", "Null", "NULL"]

extension PriceFileError {
    fileprivate init(parsing error: any Error) {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _),
            YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            self.init("this is neither YAML nor JSON: \(problem)", line: mark.line)
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            let keys = Set(duplicates).sorted().map { "\"\($0)\"" }.joined(separator: ", ")
            self.init("\(keys) is given twice", line: context.mark.line)
        case YamlError.reader(let problem, let offset, _, let yaml):
            let line = offset.map { yaml.utf8.prefix($0).count { $0 == 10 } + 1 }
            self.init("this is not a text: \(problem)", line: line)
        default:
            self.init("the file can't be read as YAML or JSON: \(error)")
        }
    }
}

/// JSON writes characters beyond U+FFFF as two escapes, which YAML does not join.
private func joiningSurrogates(in text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "[") else { return text }
    var result: [UInt8] = []
    var index = 0
    var didJoin = false
    while index < bytes.count {
        if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count {
            if let high = escape(in: bytes, at: index), (0xD800..<0xDC00).contains(high),
                let low = escape(in: bytes, at: index + 6), (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            {
                result += Array(String(scalar).utf8)
                index += 12
                didJoin = true
            } else {
                result += bytes[index...index + 1]
                index += 2
            }
        } else {
            result.append(bytes[index])
            index += 1
        }
    }
    return didJoin ? String(decoding: result, as: UTF8.self) : text
}

private func escape(in bytes: [UInt8], at index: Int) -> UInt32? {
    guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"),
        bytes[index + 1] == UInt8(ascii: "u")
    else { return nil }
    return UInt32(String(decoding: bytes[index + 2..<index + 6], as: UTF8.self), radix: 16)
}
