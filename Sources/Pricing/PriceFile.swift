package import LedgerModel

/// Why a price file, or another one of this form, was refused; nothing in it is used.
package struct PriceFileError: Error, Hashable, Sendable {
    /// Counted from one; nil means the whole file.
    package let line: Int?
    /// Counted from one, in characters; nil means the whole line.
    package let column: Int?
    /// A sentence that says what is wrong and what to do.
    package let message: String

    package init(_ message: String, line: Int? = nil, column: Int? = nil) {
        self.line = line
        self.column = column
        self.message = message
    }
}

extension PriceFileError: Fault {
    package var kind: FaultKind { .invalid }
    package var description: String {
        guard let line else { return message }
        return "line \(line)\(column.map { ", column \($0)" } ?? ""): \(message)"
    }
}

/// Reads price files: ours, genai-prices' `data.json` and LiteLLM's `model_prices` JSON.
///
/// Numbers stay text: a price never passes through floating point.
package enum PriceFile {
    /// A book, and what the file said that a book can't hold.
    package struct Reading: Sendable {
        package let format: Format
        package let book: PriceBook
        /// Omitted prices, for instance of units that events don't count.
        package let omissions: [Omission]

        private static let omissionsShownMax = 10

        /// The commonest omissions, and how many kinds there are beside; nil without any.
        package var omissionsText: String? {
            guard !omissions.isEmpty else { return nil }
            let commonest = omissions.sorted { ($1.count, $0.line) < ($0.count, $1.line) }
            var lines = commonest.prefix(Self.omissionsShownMax).map { "\($0)" }
            let hidden = omissions.count - lines.count
            if hidden > 0 { lines.append("and \(hidden) more kind\(hidden == 1 ? "" : "s")") }
            return "it has prices that a book cannot hold:\n  " + lines.joined(separator: "\n  ")
        }
    }

    package enum Format: String, Sendable {
        case tallystick
        case genaiPrices = "genai-prices"
        case litellm
    }

    /// A kind of omitted price, with the number of times and the first line.
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

    /// Reads a file in any of the three formats, told apart by content.
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

    /// The book in our format; reading it restores the book.
    package static func write(_ book: PriceBook) -> String { book.canonicalText }

    private static func format(of root: FileNode) throws(PriceFileError) -> Format {
        if root.isSequence { return .genaiPrices }
        let entries = try root.entries()
        if entries.contains(where: { $0.key == TallystickPrices.marker }) { return .tallystick }
        if entries.contains(where: { $0.key == TermsDraft.marker }) {
            throw root.error("this file contains terms, not prices: use `tally prices terms`")
        }
        let isLiteLLM = entries.contains { entry in
            entry.value["litellm_provider"] != nil || entry.value["input_cost_per_token"] != nil
        }
        if isLiteLLM { return .litellm }
        throw PriceFileError(
            "this is not a price file: Tallystick's begins with \"\(TallystickPrices.marker): 1\", "
                + "genai-prices' is a list of providers, LiteLLM's an object of models with "
                + "litellm_provider", line: root.line)
    }
}

/// Counts what a reader omits, by kind.
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
