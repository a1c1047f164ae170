package import LedgerModel
import LedgerSQL
package import Postgres

/// A range of positions to read in one transaction: whole blocks, except the last of a history that
/// ends within a block.
package struct HistoryPage: Sendable {
    /// Its number on the grid of pages of this many rows; it never changes.
    package let number: Int64
    package let positions: ClosedRange<Int64>
    package let events: Int64
    package let months: ClosedRange<Month>

    init(number: Int64, positions: ClosedRange<Int64>, events: Int64, months: ClosedRange<Month>) {
        self.number = number
        self.positions = positions
        self.events = events
        self.months = months
    }

    /// Positions read on their own, not as part of a history.
    init(_ positions: ClosedRange<Int64>, months: ClosedRange<Month>) {
        self.init(
            number: 0, positions: positions, events: Int64(positions.count), months: months)
    }

    /// A condition on the page's ids by month, so that PostgreSQL can skip partitions.
    var idCondition: String {
        """
        event_id >= '\(EventID.first(of: months.lowerBound))' \
        AND event_id < '\(EventID.first(of: months.upperBound.next))'
        """
    }

    /// The same with a day before and after.
    var idConditionAround: String {
        let day = Timestamp.dayMicroseconds
        let first = EventID.first(of: months.lowerBound).time.advanced(byMicroseconds: -day)
        let end = EventID.first(of: months.upperBound.next).time.advanced(byMicroseconds: day)
        return """
            event_id >= '\(EventID(high: UInt64(first.unixMilliseconds) << 16, low: 0))' \
            AND event_id < '\(EventID(high: UInt64(end.unixMilliseconds) << 16, low: 0))'
            """
    }

    /// The last position of a ledger, where a history read now ends.
    package static func end(
        of ledger: LedgerID, in session: Session
    ) throws(PostgresError) -> Int64 {
        try session.first(FindHistoryEnd(ledger: ledger)) ?? 0
    }

    /// The pages up to a position that may hold events of the filter, of about `rows` rows each.
    ///
    /// A visible block has all its events visible, so the list alone fixes the history, whatever is
    /// appended meanwhile.
    package static func list(
        _ filter: HistoryFilter, of ledger: LedgerID, upTo end: Int64, rows: Int64,
        in session: Session
    ) throws(PostgresError) -> [HistoryPage] {
        // A block's months are those of its ids, which lie within a day of the events.
        let day = Timestamp.dayMicroseconds
        return try session.run(
            ListHistoryPages(
                ledger: ledger,
                firstMonth: filter.since?.advanced(byMicroseconds: -day).month.start,
                lastMonth: filter.until?.advanced(byMicroseconds: day).month.start, rows: rows,
                end: end))
    }

    /// The next blocks after a position, about `rows` rows; nil at the end of the ledger.
    package static func next(
        after position: Int64, of ledger: LedgerID, rows: Int64, in session: Session
    ) throws(PostgresError) -> HistoryPage? {
        try session.first(NextHistoryPage(ledger: ledger, after: position, rows: rows))
    }
}

struct FindHistoryEnd: Statement {
    static let sql = "SELECT position FROM tally.heads WHERE ledger_id = $1"
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}

struct NextHistoryPage: Statement {
    static let sql = """
        SELECT (min(first_position) - 1) / $3, min(first_position),
            max(first_position + count - 1), sum(count)::bigint,
            min(first_month)::timestamp AT TIME ZONE 'UTC',
            max(last_month)::timestamp AT TIME ZONE 'UTC'
        FROM tally.blocks
        WHERE ledger_id = $1 AND first_position > $2 AND first_position < $3 + (
            SELECT min(first_position) FROM tally.blocks
            WHERE ledger_id = $1 AND first_position > $2)
        HAVING count(*) > 0
        """
    static let columns = ListHistoryPages.columns
    let ledger: LedgerID
    let after: Int64
    let rows: Int64
    var parameters: Parameters { Parameters(ledger, after, rows) }
    typealias Row = HistoryPage

    static func row(
        _ cells: (Int64, Int64, Int64, Int64, Timestamp, Timestamp)
    ) throws(PostgresError) -> HistoryPage {
        try ListHistoryPages.row(cells)
    }
}

struct ListHistoryPages: Statement {
    static let sql = """
        SELECT (first_position - 1) / $4, min(first_position),
            least(max(first_position + count - 1), $5),
            sum(least(count, $5 - first_position + 1))::bigint,
            min(first_month)::timestamp AT TIME ZONE 'UTC',
            max(last_month)::timestamp AT TIME ZONE 'UTC'
        FROM tally.blocks
        WHERE ledger_id = $1 AND first_position <= $5
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
    /// Later events are not part of the history.
    let end: Int64
    var parameters: Parameters { Parameters(ledger, firstMonth, lastMonth, rows, end) }
    typealias Row = HistoryPage

    static func row(
        _ cells: (Int64, Int64, Int64, Int64, Timestamp, Timestamp)
    ) throws(PostgresError) -> HistoryPage {
        guard cells.1 <= cells.2, cells.4 <= cells.5 else {
            throw PostgresError(.decoding, "the blocks are out of order: run tally verify")
        }
        return HistoryPage(
            number: cells.0, positions: cells.1...cells.2, events: cells.3,
            months: cells.4.month...cells.5.month)
    }
}
