import LedgerModel
import LedgerSQL
import Postgres

/// The name of a ledger and its last position.
struct LedgerEnd: Statement {
    static let sql = """
        SELECT name, position FROM tally.ledgers JOIN tally.heads USING (ledger_id)
        WHERE ledger_id = $1
        """
    static let columns = Columns(String.self, Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}

/// A range of positions that is read in one transaction.
struct ExportPage: Sendable {
    let positions: ClosedRange<Int64>
    let months: ClosedRange<Month>
}

/// The blocks up to a position that may hold events of some months, gathered into pages.
///
/// A visible block has all its events, and they never change: so the list fixes what is exported,
/// however much is appended meanwhile.
struct ListExportPages: Statement {
    static let sql = """
        SELECT min(first_position), least(max(first_position + count - 1), $2),
            min(first_month)::timestamp AT TIME ZONE 'UTC',
            max(last_month)::timestamp AT TIME ZONE 'UTC'
        FROM tally.blocks
        WHERE ledger_id = $1 AND first_position <= $2
            AND ($3::timestamptz IS NULL OR last_month >= ($3 AT TIME ZONE 'UTC')::date)
            AND ($4::timestamptz IS NULL OR first_month <= ($4 AT TIME ZONE 'UTC')::date)
        GROUP BY (first_position - 1) / $5
        ORDER BY 1
        """
    static let columns = Columns(Int64.self, Int64.self, Timestamp.self, Timestamp.self)
    let ledger: LedgerID
    let last: Int64
    let firstMonth: Timestamp?
    let lastMonth: Timestamp?
    let rows: Int64
    var parameters: Parameters { Parameters(ledger, last, firstMonth, lastMonth, rows) }
    typealias Row = ExportPage

    static func row(
        _ cells: (Int64, Int64, Timestamp, Timestamp)
    ) throws(PostgresError) -> ExportPage {
        guard cells.0 <= cells.1, cells.2 <= cells.3 else {
            throw PostgresError(.decoding, "the blocks are out of order: run tally verify")
        }
        return ExportPage(
            positions: cells.0...cells.1, months: cells.2.month...cells.3.month)
    }
}

/// What a request's charges say, found by their ids, which follow from the request's.
struct FindCharges: Statement {
    static let sql = """
        SELECT event_id, amount_pico, unpriced, book_id FROM tally.events
        WHERE ledger_id = $1 AND event_id = ANY($2) AND event_id >= $3 AND event_id <= $4
            AND position <= $5 AND kind IN (10, 11)
        """
    static let columns = Columns(EventID.self, Int64?.self, String?.self, EventID?.self)
    let ledger: LedgerID
    let ids: [EventID]
    let last: Int64
    var parameters: Parameters {
        let none = EventID(high: 0, low: 0)
        return Parameters(ledger, ids, ids.min() ?? none, ids.max() ?? none, last)
    }
}

/// The COPY command of a page.
///
/// COPY takes no parameters, so filters stand in the text: numbers, times and ids of our own
/// formatting, and callers' texts as hexadecimal digits only.
struct ExportCopy: Sendable {
    private let ledger: LedgerID
    private let filter: String

    private static let columns =
        (["position", "recorded_at"] + Field.columns).joined(separator: ", ")

    init(_ request: ExportRequest, ledger: LedgerID) {
        self.ledger = ledger
        let kinds = request.kinds.map { String($0.rawValue) }.joined(separator: ", ")
        var filter = "kind IN (\(kinds))"
        if let since = request.since { filter += " AND occurred_at >= '\(since)'" }
        if let until = request.until { filter += " AND occurred_at < '\(until)'" }
        for dimension in Dimension.allCases {
            guard let value = request.only[dimension] else { continue }
            var digits = ExportBytes()
            for byte in value.string.utf8 { digits.append(hexadecimal: byte) }
            let text = String(decoding: digits.bytes, as: UTF8.self)
            filter += " AND \(dimension.field.column) = convert_from('\\x\(text)', 'UTF8')"
        }
        self.filter = filter
    }

    func rows(of page: ExportPage) -> String {
        """
        COPY (SELECT \(Self.columns) FROM tally.events WHERE ledger_id = \(ledger.number) \
        AND position >= \(page.positions.lowerBound) AND position <= \(page.positions.upperBound) \
        AND event_id >= '\(EventID.first(of: page.months.lowerBound))' \
        AND event_id < '\(EventID.first(of: page.months.upperBound.next))' \
        AND \(filter) ORDER BY position) TO STDOUT (FORMAT binary)
        """
    }
}
