package import LedgerModel
import LedgerSQL
package import Postgres

/// Which part of a ledger's history a long read looks at.
package struct HistoryFilter: Hashable, Sendable {
    /// Events that occurred at this time or later.
    package var since: Timestamp?
    /// Events that occurred before this time.
    package var until: Timestamp?
    /// Events with exactly these dimensions.
    package var scope: [Dimension: Name] = [:]

    package init() {}

    /// The filter as a condition for COPY, which takes no parameters.
    ///
    /// Times are of our own formatting, and callers' texts are hexadecimal digits only.
    package var condition: String {
        var terms: [String] = []
        if let since { terms.append("occurred_at >= '\(since)'") }
        if let until { terms.append("occurred_at < '\(until)'") }
        for (dimension, value) in scope.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let digits = value.string.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            terms.append("\(dimension.column) = convert_from('\\x\(digits.joined())', 'UTF8')")
        }
        return terms.isEmpty ? "true" : terms.joined(separator: " AND ")
    }

    /// Everything that takes from the same allowances: whole months, whatever the dimensions.
    package var windows: HistoryFilter {
        var windows = HistoryFilter()
        windows.since = since?.month.start
        windows.until = until?.advanced(byMicroseconds: -1).month.next.start
        return windows
    }
}

// MARK: - As a run keeps it

extension HistoryFilter: Codable {
    private enum CodingKeys: String, CodingKey {
        case since, until, only
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(since?.description, forKey: .since)
        try container.encode(until?.description, forKey: .until)
        try container.encode(
            Dictionary(
                scope.map { ($0.key.name, $0.value.string) }, uniquingKeysWith: { $1 }),
            forKey: .only)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func time(_ key: CodingKeys) throws -> Timestamp? {
            guard let text = try container.decodeIfPresent(String.self, forKey: key) else {
                return nil
            }
            guard let time = Timestamp(rfc3339: text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container, debugDescription: "\(text) is no time")
            }
            return time
        }
        since = try time(.since)
        until = try time(.until)
        for (name, value) in try container.decode([String: String].self, forKey: .only) {
            guard let dimension = Dimension(name: name) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .only, in: container, debugDescription: "\(name) is no dimension")
            }
            scope[dimension] = Name(value)
        }
    }
}

// MARK: - Pages

/// A range of whole blocks, to be read in one transaction.
package struct HistoryPage: Sendable {
    /// Its place on the grid of pages of that many rows; the same for ever.
    package let number: Int64
    package let positions: ClosedRange<Int64>
    package let events: Int64
    package let months: ClosedRange<Month>

    /// The ids of the page's months, as a condition that lets partitions be left out.
    package var idCondition: String {
        """
        event_id >= '\(EventID.first(of: months.lowerBound))' \
        AND event_id < '\(EventID.first(of: months.upperBound.next))'
        """
    }

    /// The last position of a ledger, where a history that is read now ends.
    package static func end(
        of ledger: LedgerID, in session: Session
    ) throws(PostgresError) -> Int64 {
        try session.first(FindHistoryEnd(ledger: ledger)) ?? 0
    }

    /// The pages up to a position that may hold events of the filter, of about `rows` rows each.
    ///
    /// Blocks that are visible have all their events visible, so the list alone fixes the history
    /// that is read, however much is appended meanwhile.
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
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
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
            max(first_position + count - 1), sum(count)::bigint,
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
    /// What was appended later is not part of the history.
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

extension Session {
    /// Some events of a ledger by their ids, in no order; those that it does not have are left
    /// out.
    package func events(_ ids: [EventID], of ledger: LedgerID) throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        events.reserveCapacity(ids.count)
        try EventTable.read(.ids(ids), of: ledger, in: self) {
            events.append(try RecordedEvent(row: $0))
        }
        return events
    }
}

extension Dimension {
    /// The column of `events`.
    package var column: String { Field.columns[Int(Field.app.rawValue) - 1 + Int(rawValue)] }
}

extension UsageUnit {
    /// The column of `events`; the usage fields stand in the order of the units.
    package var column: String {
        Field.columns[Int(Field.inputTokens.rawValue) - 1 + Int(rawValue)]
    }
}
