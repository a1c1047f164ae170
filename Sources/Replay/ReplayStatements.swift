import EventStore
import LedgerModel
import Postgres
import Pricing

/// A range of whole blocks, read in one transaction.
struct ReplayPage: Sendable {
    /// Its place among the pages of the ledger; the same for ever.
    let number: Int64
    let positions: ClosedRange<Int64>
    let events: Int64
    let months: ClosedRange<Month>
}

/// The blocks that may hold events of some months, gathered into pages of about `rows` rows.
///
/// Blocks that are visible have all their events visible, so the list alone fixes the history
/// that is replayed, however much is appended meanwhile.
struct ListReplayPages: Statement {
    static let sql = """
        SELECT (first_position - 1) / $4, min(first_position), max(first_position + count - 1), sum(count)::bigint,
            min(first_month)::timestamp AT TIME ZONE 'UTC',
            max(last_month)::timestamp AT TIME ZONE 'UTC'
        FROM tally.blocks
        WHERE ledger_id = $1 AND first_position + count - 1 <= $5
            AND ($2::timestamptz IS NULL OR last_month >= ($2 AT TIME ZONE 'UTC')::date)
            AND ($3::timestamptz IS NULL OR first_month <= ($3 AT TIME ZONE 'UTC')::date)
        GROUP BY 1 ORDER BY 1
        """
    static let columns = Columns(
        Int64.self, Int64.self, Int64.self, Int64.self, Timestamp.self, Timestamp.self)
    let ledger: LedgerID
    let firstMonth: Timestamp?
    let lastMonth: Timestamp?
    let rows: Int64
    /// What was appended later is not part of the replayed history.
    let position: Int64
    var parameters: Parameters { Parameters(ledger, firstMonth, lastMonth, rows, position) }
    typealias Row = ReplayPage

    static func row(
        _ cells: (Int64, Int64, Int64, Int64, Timestamp, Timestamp)
    ) throws(PostgresError) -> ReplayPage {
        guard cells.1 <= cells.2, cells.4 <= cells.5 else {
            throw PostgresError(.decoding, "the blocks are out of order: run tally verify")
        }
        return ReplayPage(
            number: cells.0, positions: cells.1...cells.2, events: cells.3,
            months: cells.4.month...cells.5.month)
    }
}

struct FindReplayHead: Statement {
    static let sql = "SELECT position FROM tally.heads WHERE ledger_id = $1"
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}

/// The text of a price book by the id that charges name.
struct FindPriceBookText: Statement {
    static let sql = "SELECT body FROM tally.price_books WHERE book_id = $1"
    static let columns = Columns(String.self)
    let id: EventID
    var parameters: Parameters { Parameters(id) }
    typealias Row = String

    static func row(_ cell: String) throws(PostgresError) -> String { cell }
}

/// The COPY commands of a replay.
///
/// COPY takes no parameters, so filters stand in the text: numbers, times and ids of our own
/// formatting, and callers' texts as hexadecimal digits only.
struct ReplayCopy: Sendable {
    /// Dimensions that are read, those that choose a price first.
    let dimensions: [Dimension]
    private let ledger: LedgerID
    private let columns: String
    private let filter: String

    static let pricingDimensions: [Dimension] = [.provider, .model, .serviceTier, .region]
    private static let fixedColumns =
        "kind, position, event_id, cause_id, previous_id, book_id, occurred_at, amount_pico, "
        + "unpriced, "
        + UsageUnit.allCases.map { $0.field.column }.joined(separator: ", ")

    init(_ request: ReplayRequest, ledger: LedgerID) {
        var dimensions = Self.pricingDimensions
        for case .dimension(let dimension) in request.groupedBy
        where !dimensions.contains(dimension) {
            dimensions.append(dimension)
        }
        self.dimensions = dimensions
        self.ledger = ledger
        columns = ([Self.fixedColumns] + dimensions.map { $0.field.column }).joined(separator: ", ")
        var filter = "kind IN (1, 2, 10, 11)"
        if let since = request.since { filter += " AND occurred_at >= '\(since)'" }
        if let until = request.until { filter += " AND occurred_at < '\(until)'" }
        for (dimension, value) in request.scope.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let digits = value.string.utf8.map { hexadecimal($0) }.joined()
            filter += " AND \(dimension.field.column) = convert_from('\\x\(digits)', 'UTF8')"
        }
        self.filter = filter
    }

    /// The rows of a page, as they lie in the table: requests right before their charges.
    func rows(of page: ReplayPage) -> String {
        """
        COPY (SELECT \(columns) FROM tally.events WHERE ledger_id = \(ledger.number) \
        AND position >= \(page.positions.lowerBound) AND position <= \(page.positions.upperBound) \
        AND event_id >= '\(EventID.first(of: page.months.lowerBound))' \
        AND event_id < '\(EventID.first(of: page.months.upperBound.next))' \
        AND \(filter)) TO STDOUT (FORMAT binary)
        """
    }

    /// Some events by their ids, whatever the filters say.
    func rows(of ids: [EventID]) -> String {
        let list = ids.map(\.description).joined(separator: ",")
        let bounds = [ids.min(), ids.max()].compactMap(\.self)
        let range = zip([">=", "<="], bounds).map { " AND event_id \($0) '\($1)'" }.joined()
        return """
            COPY (SELECT \(columns) FROM tally.events WHERE ledger_id = \(ledger.number) \
            AND event_id = ANY ('{\(list)}'::uuid[])\(range)) TO STDOUT (FORMAT binary)
            """
    }
}

private func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
}

extension UsageUnit {
    /// The usage fields stand in the order of the units.
    fileprivate var field: Field {
        Field.allCases[Int(Field.inputTokens.rawValue) - 1 + Int(rawValue)]
    }
}

extension Dimension {
    fileprivate var field: Field { Field.allCases[Int(Field.app.rawValue) - 1 + Int(rawValue)] }
}
