package import EventReading
import JSON
import LedgerModel
import Pricing

/// A file, or a page from an API, as bytes.
package struct BillDocument: Sendable {
    /// The name in messages.
    package let name: String
    package let bytes: [UInt8]
    /// Whether the page that comes after it is known to be among the documents.
    let isFollowed: Bool

    package init(name: String, bytes: [UInt8], isFollowed: Bool = false) {
        self.name = name
        self.bytes = bytes
        self.isFollowed = isFollowed
    }

    package static let bytesMax = 64 << 20

    /// Reads a whole file; `-` is standard input.
    package init(path: String) throws(ImportFault) {
        self.init(
            name: path == "-" ? "standard input" : path,
            bytes: try WholeFile.read(path, bytesMax: Self.bytesMax))
    }
}

/// Reads OpenAI's and Anthropic's documents about usage and costs.
///
/// Pages of their organisation APIs (one, or a list of them) as JSON, and the CSV exports of their
/// dashboards; the kind of a document is recognized by its content. Numbers keep their text.
package enum BillReader {
    /// Reads one bill from several documents, such as a costs export and a usage export.
    ///
    /// - Throws: `BillFault`.
    package static func read(
        _ documents: [BillDocument], of provider: BilledProvider
    ) throws -> Bill {
        var bill = Bill(provider: provider)
        var pages = BillPages()
        for document in documents {
            let isNew = bill.add(digest: Digest(hashing: document.bytes))
            let linesBefore = bill.lines.count
            do {
                try read(document, into: &bill, &pages)
                // Empty pages are all alike, and harmless.
                if !isNew, bill.lines.count > linesBefore {
                    throw BillFlaw("this page is given twice: give each page once")
                }
            } catch let fault as BillFlaw {
                throw BillFault(document: document.name, line: fault.line, reason: fault.reason)
            } catch let fault as PriceFileError {
                throw BillFault(document: document.name, line: fault.line, reason: fault.message)
            } catch ImportFault.malformed(let path, let line, let reason) {
                throw BillFault(document: path, line: line, reason: reason)
            }
        }
        try pages.requireWhole()
        return bill
    }

    private static func read(
        _ document: BillDocument, into bill: inout Bill, _ pages: inout BillPages
    ) throws {
        let hasMark = document.bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let bytes = document.bytes.dropFirst(hasMark ? 3 : 0)
        let first = bytes.first { !(9...13).contains($0) && $0 != 0x20 }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            let root = try FileNode(parsing: String(decoding: bytes, as: UTF8.self))
            for part in try parts(of: root) {
                let days = try read(buckets(of: part), into: &bill)
                if part["data"] != nil { try pages.add(part, days: days, of: document) }
            }
        } else {
            let table = try BillTable(CSVTable(document.bytes, path: document.name))
            let found: BilledProvider
            if OpenAIBill.isExport(table) {
                found = .openai
            } else if AnthropicBill.isExport(table) {
                found = .anthropic
            } else {
                throw notABill
            }
            guard found == bill.provider else { throw wrongProvider(found) }
            switch found {
            case .openai: try OpenAIBill.read(export: table, into: &bill)
            case .anthropic: try AnthropicBill.read(export: table, into: &bill)
            }
        }
    }

    /// Reads the buckets of a page, which may have none; returns what they cover.
    private static func read(
        _ buckets: [FileNode], into bill: inout Bill
    ) throws -> Range<Timestamp>? {
        guard let found = try provider(of: buckets) else {
            // A page without a bucket says nothing, and says so.
            if buckets.isEmpty { return nil }
            throw notABill
        }
        guard found == bill.provider else { throw wrongProvider(found) }
        var covered: Range<Timestamp>?
        for bucket in buckets {
            let period =
                switch found {
                case .openai: try OpenAIBill.read(bucket: bucket, into: &bill)
                case .anthropic: try AnthropicBill.read(bucket: bucket, into: &bill)
                }
            let start = min(covered?.lowerBound ?? period.lowerBound, period.lowerBound)
            covered = start..<max(covered?.upperBound ?? period.upperBound, period.upperBound)
        }
        return covered
    }

    /// The pages of a list, or a page or a bucket alone.
    private static func parts(of root: FileNode) throws -> [FileNode] {
        guard root.isSequence else { return [root] }
        return try root.items("this").flatMap { try parts(of: $0) }
    }

    /// The buckets of a page; a bucket alone is one.
    private static func buckets(of part: FileNode) throws -> [FileNode] {
        guard part.isMapping else { throw notABill }
        if let data = part["data"] { return try data.items("data") }
        guard part["results"] != nil else { throw notABill }
        return [part]
    }

    private static func provider(of buckets: [FileNode]) throws -> BilledProvider? {
        guard let first = buckets.first else { return nil }
        if first["starting_at"] != nil { return .anthropic }
        return first["start_time"] != nil ? .openai : nil
    }

    private static let notABill = BillFlaw(
        "this is not a bill: give costs or usage from OpenAI's or Anthropic's organisation API as "
            + "JSON, or the CSV export of the dashboard")

    private static func wrongProvider(_ found: BilledProvider) -> BillFlaw {
        BillFlaw("this is a bill of \(found.rawValue): use --provider \(found.rawValue)")
    }
}

/// An error in a document, with its line.
struct BillFlaw: Error {
    let line: Int?
    let reason: String

    init(_ reason: String, line: Int? = nil) {
        self.line = line
        self.reason = reason
    }
}

// MARK: - Values

extension FileNode {
    /// The text of a member; nil if it is missing, null or empty.
    func text(of key: String) throws -> String? {
        guard let value = self[key], !value.isNull else { return nil }
        let text = try value.text(key)
        return text.isEmpty ? nil : text
    }

    /// A count; nil if it is missing or null.
    func count(of key: String, unit: UsageUnit? = nil) throws -> Int64? {
        guard let value = self[key], !value.isNull else { return nil }
        return try BillValue.count(try value.text(key), key, unit, line: value.line)
    }

    /// A member that is an object; nil if it is missing or null.
    func object(of key: String) -> FileNode? {
        self[key].flatMap { $0.isMapping ? $0 : nil }
    }
}

/// A CSV whose cells are read by column name.
struct BillTable {
    struct Row {
        let line: Int
        fileprivate let cells: [String]
        fileprivate let columns: [String: Int]

        /// The text of a cell; nil if the column is missing or the cell is empty.
        func text(_ column: String) -> String? {
            guard let index = columns[column] else { return nil }
            return cells[index].isEmpty ? nil : cells[index]
        }

        func count(_ column: String, unit: UsageUnit? = nil) throws -> Int64? {
            try text(column).map { try BillValue.count($0, column, unit, line: line) }
        }
    }

    let columns: Set<String>
    let rows: [Row]

    init(_ table: CSVTable) throws {
        var places: [String: Int] = [:]
        for (index, column) in table.columns.enumerated() {
            guard places.updateValue(index, forKey: column) == nil else {
                throw BillFlaw("column \(column) appears twice", line: 1)
            }
        }
        columns = Set(table.columns)
        rows = table.rows.map { Row(line: $0.line, cells: $0.cells, columns: places) }
    }
}

enum BillValue {
    /// Reads a count as stored counts; exports write `59200.0`.
    static func count(
        _ text: String, _ what: String, _ unit: UsageUnit?, line: Int
    ) throws -> Int64 {
        let scale = unit?.scale ?? 1
        guard let value = scaledDecimal(text, scale: scale == 1 ? 0 : 6) else {
            throw BillFlaw(
                "\(what) is \"\(shortened(text))\": expected "
                    + (scale == 1 ? "a whole number" : "a number"), line: line)
        }
        guard value >= 0, value <= Int128(Usage.countMax) else {
            throw BillFlaw(
                "\(what) is \(shortened(text)): a count must lie between 0 and \(Usage.countMax)",
                line: line)
        }
        return Int64(value)
    }

    static func amount(
        _ text: String, _ what: String, places: Int = 0, line: Int
    ) throws -> ExactAmount {
        guard let amount = ExactAmount(dollars: text, places: places) else {
            throw BillFlaw(
                "\(what) is \"\(shortened(text))\": expected an amount of money such as 12.50",
                line: line)
        }
        return amount
    }

    /// Refuses other currencies: ledgers are in US dollars, and there is no exchange rate.
    static func requireDollars(_ currency: String?, line: Int) throws {
        guard let currency else {
            throw BillFlaw("the amount has no currency: expected USD", line: line)
        }
        guard currency.uppercased() == "USD" else {
            throw BillFlaw(
                "the amount is in \(shortened(currency)), but ledgers are kept in USD: convert "
                    + "the bill first", line: line)
        }
    }

    private static func shortened(_ text: String) -> String {
        text.count > 40 ? text.prefix(40) + "…" : text
    }
}
