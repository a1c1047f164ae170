package import LedgerModel
import LedgerSQL
package import Postgres

/// Which answers were stored in some time and never hit since, the largest first.
///
/// It looks at the newest stored answers of the time only, by their index, and at the hits of each
/// by theirs.
package struct WastedQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let from: Timestamp
    /// What was stored after this is too young to tell.
    package let to: Timestamp
    package let page: AnswerPage

    package static let hoursStandard = 24
    package static let hoursMax = 100 * 366 * 24

    /// - Parameter hours: what was stored later than so long before `now` is left out.
    package init(
        ledger: LedgerID, from: Timestamp, to: Timestamp, storedForHours hours: Int,
        at now: Timestamp, page: AnswerPage = AnswerPage(limit: MissedQuery.limitStandard)
    ) {
        self.ledger = ledger
        self.from = from
        self.to = min(to, now.advanced(byMicroseconds: -Int64(hours) * Timestamp.hourMicroseconds))
        self.page = page
    }

    package func run(on pool: Pool) async throws -> WastedAnswer {
        let query = self
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            try session.planLooking()
            let position = try session.first(ReadHead(ledger: query.ledger)) ?? 0
            let rows = try session.run(FindWasted(query: query))
            return WastedAnswer(
                looked: LookedAnswer(
                    answer: Answer(
                        position: position, rows: rows.map(\.row), page: query.page),
                    from: rows.first.map { max(query.from, $0.lookedFrom) } ?? query.from),
                entries: rows.first?.entries ?? 0, wasted: rows.first?.wasted ?? 0,
                bytes: rows.first?.bytes ?? 0)
        }
    }
}

/// Answers that nobody asked for again, and how many they are of all that were stored.
package struct WastedAnswer: Sendable {
    package let looked: LookedAnswer<WastedRow>
    /// Answers that were stored, those with one hash once; 0 where none was wasted.
    package let entries: Int64
    package let wasted: Int64
    package let bytes: Int128
}

package struct WastedRow: Hashable, Sendable {
    package let requestHash: Digest
    package let app: Name?
    package let team: Name?
    package let provider: Name?
    package let model: Name?
    /// How often it was stored.
    package let stores: Int64
    /// Of all the times together; nil where nothing told it.
    package let bytes: Int128?
    package let firstStored: Timestamp
    package let lastStored: Timestamp
}

struct FoundWaste {
    let row: WastedRow
    let lookedFrom: Timestamp
    let entries: Int64
    let wasted: Int64
    let bytes: Int128
}

/// In the canonical form of `detail`, a quotation mark without a backslash begins or ends a text; and
/// taking it apart is far cheaper than reading it as JSON.
struct FindWasted: Statement {
    static let sql = """
        WITH looked AS MATERIALIZED (
            SELECT request_hash, occurred_at, app, team, provider, model,
                split_part(split_part(detail, '"bytes":"', 2), '"', 1) AS size
            FROM tally.events
            WHERE ledger_id = $1 AND kind = 22 AND request_hash IS NOT NULL
                AND occurred_at >= $2 AND occurred_at < $3
            ORDER BY occurred_at DESC LIMIT $4
        ), entries AS MATERIALIZED (
            SELECT request_hash, max(app) AS app, max(team) AS team, max(provider) AS provider,
                max(model) AS model, count(*) AS stores,
                sum(CASE WHEN length(size) BETWEEN 1 AND 15
                    AND translate(size, '0123456789', '') = '' THEN size::bigint END) AS bytes,
                min(occurred_at) AS first_at, max(occurred_at) AS last_at
            FROM looked GROUP BY request_hash
        ), wasted AS MATERIALIZED (
            SELECT * FROM entries WHERE NOT EXISTS (
                SELECT FROM tally.events AS hits
                WHERE hits.ledger_id = $1 AND hits.request_hash = entries.request_hash
                    AND hits.kind = 20 AND hits.occurred_at >= entries.first_at)
        )
        SELECT request_hash, app, team, provider, model, stores, bytes, first_at, last_at,
            (SELECT min(first_at) FROM entries), (SELECT count(*) FROM entries),
            (SELECT count(*) FROM wasted), (SELECT coalesce(sum(bytes), 0) FROM wasted)
        FROM wasted ORDER BY bytes DESC NULLS LAST, last_at DESC, request_hash LIMIT $5 OFFSET $6
        """
    static let columns = Columns(
        Digest.self, String?.self, String?.self, String?.self, String?.self, Int64.self,
        PicodollarSum?.self, Timestamp.self, Timestamp.self, Timestamp.self, Int64.self,
        Int64.self, PicodollarSum.self)
    let query: WastedQuery
    var parameters: Parameters {
        Parameters(
            query.ledger, query.from, query.to, MissedQuery.lookedAtMax, query.page.rowsMax,
            Int64(query.page.offset))
    }
    typealias Row = FoundWaste

    static func row(
        _ cells: (
            Digest, String?, String?, String?, String?, Int64, PicodollarSum?, Timestamp,
            Timestamp, Timestamp, Int64, Int64, PicodollarSum
        )
    ) throws(PostgresError) -> FoundWaste {
        FoundWaste(
            row: WastedRow(
                requestHash: cells.0, app: cells.1.map { Name($0) },
                team: cells.2.map { Name($0) }, provider: cells.3.map { Name($0) },
                model: cells.4.map { Name($0) }, stores: cells.5, bytes: cells.6?.amount,
                firstStored: cells.7, lastStored: cells.8),
            lookedFrom: cells.9, entries: cells.10, wasted: cells.11, bytes: cells.12.amount)
    }
}
