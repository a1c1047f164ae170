import LedgerModel
import LedgerSQL
import Postgres

/// The definitions and openings of a ledger's budgets, and its controls, in order; they have their
/// own index.
struct ListBudgetEvents: Statement {
    static let sql = """
        SELECT position, recorded_at, kind, event_id, occurred_at, cause_id, detail
        FROM tally.events WHERE ledger_id = $1 AND kind IN (50, 60, 61) ORDER BY position
        """
    static let columns = Columns(
        Int64.self, Timestamp.self, Int16.self, EventID.self, Timestamp.self, EventID?.self,
        String?.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = RecordedEvent

    static func row(
        _ cells: (Int64, Timestamp, Int16, EventID, Timestamp, EventID?, String?)
    ) throws(PostgresError) -> RecordedEvent {
        try RecordedEvent(
            cells.0, cells.1, kind: cells.2, id: cells.3, cells.4, causeID: cells.5,
            detail: cells.6)
    }
}

/// How many of them there are: each makes a revision.
struct CountBudgetEvents: Statement {
    static let sql =
        "SELECT count(*) FROM tally.events WHERE ledger_id = $1 AND kind IN (50, 60, 61)"
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}

/// Which event has an identity.
struct FindIdentity: Statement {
    static let sql =
        "SELECT event_id FROM tally.identities WHERE ledger_id = $1 AND digest = $2"
    static let columns = Columns(EventID.self)
    let ledger: LedgerID
    let digest: Digest
    var parameters: Parameters { Parameters(ledger, digest) }
    typealias Row = EventID

    static func row(_ cell: EventID) throws(PostgresError) -> EventID { cell }
}

/// What the newest answer of a session that read from the provider's cache left behind there.
///
/// The answer may name the model with its date, which the next request leaves out.
struct FindPrefix: Statement {
    static let sql = """
        SELECT occurred_at, cache_read_input_tokens + coalesce(cache_write_input_tokens, 0)
            + coalesce(cache_write_1h_input_tokens, 0),
            coalesce(cache_write_1h_input_tokens, 0) > 0
        FROM tally.events
        WHERE ledger_id = $1 AND session_id = $2 AND provider = $3
            AND (model = $4 OR starts_with(model, $4 || '-')
                AND length(model) >= length($4) + 5
                AND translate(substr(model, length($4) + 1), '-0123456789', '') = '')
            AND kind IN (1, 2) AND cache_read_input_tokens > 0
            AND occurred_at >= $5 AND event_id >= $6
        ORDER BY occurred_at DESC LIMIT 1
        """
    static let columns = Columns(Timestamp.self, Int64.self, Bool.self)
    let ledger: LedgerID
    let key: CachedPrefixes.Key
    let since: Timestamp
    var parameters: Parameters {
        Parameters(
            ledger, key.session.string, key.provider.string, key.model.string, since,
            EventID.first(at: since.advanced(byMicroseconds: -Timestamp.dayMicroseconds)))
    }
    typealias Row = CachedPrefix

    static func row(_ cells: (Timestamp, Int64, Bool)) throws(PostgresError) -> CachedPrefix {
        CachedPrefix(tokens: cells.1, at: cells.0, isForAnHour: cells.2)
    }
}

/// The condition of a filter: a parameter has its value of each dimension, empty where it has none.
///
/// As `Dimensions.matches` has it, what a sub-agent does is also its run's.
private func filterCondition(_ parameter: String) -> String {
    Dimension.allCases.enumerated().map { index, dimension in
        let value = "(\(parameter)::text[])[\(index + 1)]"
        let columns = dimension == .agent ? [dimension, .parentAgent] : [dimension]
        let equal = columns.map { "OR \($0.column) = \(value) COLLATE \"C\"" }
        return "AND (\(value) = '' \(equal.joined(separator: " ")))"
    }.joined(separator: "\n        ")
}

extension [Dimension: Name] {
    fileprivate var values: [String] { Dimension.allCases.map { self[$0]?.string ?? "" } }
}

/// Whether any request since a time would be counted.
struct FindCounted: Statement {
    static let sql = """
        SELECT EXISTS (
            SELECT FROM tally.events
            WHERE ledger_id = $1 AND kind IN (1, 2) AND occurred_at >= $2 AND event_id >= $3
                AND CASE $4::text \(memberCases) ELSE '' END IS NOT NULL
                \(filterCondition("$5")))
        """
    static let columns = Columns(Bool.self)
    let ledger: LedgerID
    let filter: [Dimension: Name]
    let each: Dimension?
    let since: Timestamp
    var parameters: Parameters {
        Parameters(
            ledger, since, EventID.first(at: since), each?.name,
            filter.values)
    }
    typealias Row = Bool

    static func row(_ cell: Bool) throws(PostgresError) -> Bool { cell }
}

/// Whether spend was kept on some days, and none of what has the values of a filter.
struct FindUnreached: Statement {
    static let sql = """
        SELECT EXISTS (
                SELECT FROM tally.current_spend_daily
                WHERE ledger_id = $1 AND day >= ($2 AT TIME ZONE 'UTC')::date)
            AND NOT EXISTS (
                SELECT FROM tally.current_spend_daily
                WHERE ledger_id = $1 AND day >= ($2 AT TIME ZONE 'UTC')::date
                    AND CASE $3::text \(keptCases) ELSE '' END IS NOT NULL
                    \(keptCondition))
        """
    static let columns = Columns(Bool.self)
    let ledger: LedgerID
    let filter: [Dimension: Name]
    let each: Dimension?
    let since: Timestamp
    var parameters: Parameters {
        Parameters(
            ledger, since, each?.name, Dimension.base.map { filter[$0]?.string ?? "" })
    }
    typealias Row = Bool

    static func row(_ cell: Bool) throws(PostgresError) -> Bool { cell }

    private static let keptCases = Dimension.base.map { "WHEN '\($0.name)' THEN \($0.column)" }
        .joined(separator: " ")
    private static let keptCondition = Dimension.base.enumerated().map { index, dimension in
        let value = "($4::text[])[\(index + 1)]"
        return "AND (\(value) = '' OR \(dimension.column) = \(value) COLLATE \"C\")"
    }.joined(separator: "\n            ")
}

/// The column of the dimension that a text names, and of an agent the run that it belongs to.
private let memberCases = Dimension.allCases.map { dimension in
    let column = dimension == .agent ? "coalesce(parent_agent, agent)" : dimension.column
    return "WHEN '\(dimension.name)' THEN \(column)"
}.joined(separator: " ")

/// What requests and charges up to a position add to a budget in a window, by member.
struct SumWindow: Statement {
    static let sql = """
        SELECT member, coalesce(sum(amount_pico) FILTER (WHERE kind >= 10), 0),
            coalesce(sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0))
                FILTER (WHERE kind < 10), 0)::bigint,
            count(*) FILTER (WHERE kind < 10)
        FROM (
            SELECT *, CASE $2::text \(memberCases) END AS member
            FROM tally.events
            WHERE ledger_id = $1 AND kind IN (1, 2, 10, 11, 12) AND position <= $3
                AND occurred_at >= $4 AND occurred_at < $5
                AND event_id >= $6 AND event_id < $7
                \(filterCondition("$9"))
        ) AS counted
        WHERE $8::boolean OR member IS NOT NULL
        GROUP BY member ORDER BY member
        """
    static let columns = Columns(String?.self, PicodollarSum.self, Int64.self, Int64.self)
    let ledger: LedgerID
    let each: Dimension?
    let upTo: Int64
    let from: Timestamp
    let until: Timestamp
    let filter: [Dimension: Name]
    var parameters: Parameters {
        let day = Timestamp.dayMicroseconds
        return Parameters(
            ledger, each?.name, upTo, from, until,
            EventID.first(at: from.advanced(byMicroseconds: -day)),
            EventID.first(at: until.advanced(byMicroseconds: day)), each == nil,
            filter.values)
    }
    typealias Row = (member: String?, cost: PicodollarSum, tokens: Int64, requests: Int64)

    static func row(
        _ cells: (String?, PicodollarSum, Int64, Int64)
    ) throws(PostgresError) -> Row {
        (cells.0, cells.1, cells.2, cells.3)
    }
}
