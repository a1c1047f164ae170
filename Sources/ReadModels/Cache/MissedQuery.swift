package import LedgerModel
import LedgerSQL
package import Postgres

/// Which requests missed most in some time, with what they cost when they are asked again.
///
/// It reads events by their indexes and not a read model, so its cost has bounds: the newest misses
/// of the time are counted, and what a request costs is what the one that filled the cache did, or
/// else one of the newest with its hash.
package struct MissedQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let from: Timestamp
    package let to: Timestamp
    package let page: AnswerPage

    /// Events of one kind that are looked at, the newest ones.
    package static let lookedAtMax: Int64 = 200_000
    /// Positions before the last miss in which requests are searched for that nobody stored.
    static let searchedMax: Int64 = 200_000
    package static let limitStandard = 100

    package init(
        ledger: LedgerID, from: Timestamp, to: Timestamp,
        page: AnswerPage = AnswerPage(limit: limitStandard)
    ) {
        self.ledger = ledger
        self.from = from
        self.to = to
        self.page = page
    }

    package func run(on pool: Pool) async throws -> LookedAnswer<MissedRow> {
        let query = self
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            try session.planLooking()
            let position = try session.first(ReadHead(ledger: query.ledger)) ?? 0
            let missed = try session.run(FindMissed(query: query))
            let costs = try query.costs(of: missed, in: session)
            let rows = missed.map { found in
                var row = found.row
                row.cost = costs[row.requestHash] ?? nil
                return row
            }
            return LookedAnswer(
                answer: Answer(position: position, rows: rows, page: query.page),
                from: missed.first.map { max(query.from, $0.lookedFrom) } ?? query.from)
        }
    }

    private func costs(
        of missed: [FoundMiss], in session: Session
    ) throws -> [Digest: PicodollarSum?] {
        var requests: [Digest: EventID] = [:]
        for found in missed { requests[found.row.requestHash] = found.filledBy }
        let open = missed.map(\.row.requestHash).filter { requests[$0] == nil }
        if let last = missed.first?.lastPosition, !open.isEmpty {
            let asked = FindAsked(ledger: ledger, hashes: open, last: last)
            for (hash, id) in try session.run(asked) { requests[hash] = id }
        }
        let charges = ReadRequestCosts(ledger: ledger, ids: Array(Set(requests.values)))
        let costs = Dictionary(
            try session.run(charges).map { ($0.id, $0.cost) }, uniquingKeysWith: { $1 })
        return requests.compactMapValues { costs[$0] }
    }
}

/// The answer of a question that looks at the newest events of a time only.
package struct LookedAnswer<Row: Sendable>: Sendable {
    package let answer: Answer<Row>
    /// The time from which on events were looked at.
    package let from: Timestamp
}

package struct MissedRow: Hashable, Sendable {
    package let requestHash: Digest
    package let app: Name?
    package let team: Name?
    package let provider: Name?
    package let model: Name?
    /// The most frequent one.
    package let reason: String?
    package let misses: Int64
    package let lastMissed: Timestamp
    /// What the provider charges for an answer; nil where that is not known.
    package internal(set) var cost: PicodollarSum?

    /// What all but the first miss cost, which a cache could have answered.
    package var repeats: PicodollarSum? {
        cost.map { PicodollarSum($0.amount * Int128(misses - 1)) }
    }
}

struct FoundMiss {
    let row: MissedRow
    /// The request whose answer was stored last.
    let filledBy: EventID?
    let lookedFrom: Timestamp
    let lastPosition: Int64
}

struct FindMissed: Statement {
    static let sql = """
        WITH looked AS MATERIALIZED (
            SELECT request_hash, occurred_at, position, detail, app, team, provider, model
            FROM tally.events
            WHERE ledger_id = $1 AND kind = 21 AND request_hash IS NOT NULL
                AND occurred_at >= $2 AND occurred_at < $3
            ORDER BY occurred_at DESC LIMIT $4
        ), top AS MATERIALIZED (
            SELECT request_hash, count(*) AS misses, max(occurred_at) AS last_at
            FROM looked GROUP BY request_hash
            ORDER BY count(*) DESC, max(occurred_at) DESC, request_hash LIMIT $5 OFFSET $6
        ), named AS MATERIALIZED (
            SELECT request_hash, max(app) AS app, max(team) AS team, max(provider) AS provider,
                max(model) AS model,
                mode() WITHIN GROUP (ORDER BY tally.readable_json(detail) ->> 'reason') AS reason
            FROM looked JOIN top USING (request_hash) GROUP BY request_hash
        )
        SELECT request_hash, app, team, provider, model, reason, misses, last_at, cause_id,
            (SELECT min(occurred_at) FROM looked), (SELECT max(position) FROM looked)
        FROM top JOIN named USING (request_hash) LEFT JOIN LATERAL (
            SELECT cause_id FROM tally.events AS stored
            WHERE stored.ledger_id = $1 AND stored.request_hash = top.request_hash
                AND stored.kind = 22
            ORDER BY stored.occurred_at DESC LIMIT 1
        ) AS filled ON true
        ORDER BY misses DESC, last_at DESC, request_hash
        """
    static let columns = Columns(
        Digest.self, String?.self, String?.self, String?.self, String?.self, String?.self,
        Int64.self, Timestamp.self, EventID?.self, Timestamp.self, Int64.self)
    let query: MissedQuery
    var parameters: Parameters {
        Parameters(
            query.ledger, query.from, query.to, MissedQuery.lookedAtMax, query.page.rowsMax,
            Int64(query.page.offset))
    }
    typealias Row = FoundMiss

    static func row(
        _ cells: (
            Digest, String?, String?, String?, String?, String?, Int64, Timestamp, EventID?,
            Timestamp, Int64
        )
    ) throws(PostgresError) -> FoundMiss {
        FoundMiss(
            row: MissedRow(
                requestHash: cells.0, app: cells.1.map { Name($0) }, team: cells.2.map { Name($0) },
                provider: cells.3.map { Name($0) }, model: cells.4.map { Name($0) },
                reason: cells.5, misses: cells.6, lastMissed: cells.7),
            filledBy: cells.8, lookedFrom: cells.9, lastPosition: cells.10)
    }
}

/// The newest request with each hash, among those around the last miss.
struct FindAsked: Statement {
    static let sql = """
        SELECT DISTINCT ON (request_hash) request_hash, event_id
        FROM tally.events
        WHERE ledger_id = $1 AND position > $3::bigint - \(MissedQuery.searchedMax)
            AND position <= $3::bigint + \(MissedQuery.searchedMax / 10) AND kind IN (1, 2)
            AND request_hash = ANY ($2)
        ORDER BY request_hash, position DESC
        """
    static let columns = Columns(Digest.self, EventID.self)
    let ledger: LedgerID
    let hashes: [Digest]
    let last: Int64
    var parameters: Parameters { Parameters(ledger, hashes, last) }
    typealias Row = (hash: Digest, id: EventID)

    static func row(_ cells: (Digest, EventID)) throws(PostgresError) -> Row { cells }
}

/// What requests cost now; nothing for those without a charge, nil for those without a price.
struct ReadRequestCosts: Statement {
    static let sql = """
        SELECT wanted.id, charged.cost_pico FROM unnest($2::uuid[]) AS wanted (id), LATERAL (
            SELECT count(*) AS charges,
                CASE WHEN (array_agg(unpriced ORDER BY position DESC))[1] IS NULL
                    THEN sum(amount_pico) END AS cost_pico
            FROM (
                SELECT position, amount_pico, unpriced FROM tally.events
                WHERE ledger_id = $1 AND event_id = tally.charge_id(wanted.id)
                UNION ALL
                SELECT position, amount_pico, unpriced FROM tally.events
                WHERE ledger_id = $1 AND kind = 11 AND cause_id = wanted.id
            ) AS charges OFFSET 0
        ) AS charged WHERE charges > 0
        """
    static let columns = Columns(EventID.self, PicodollarSum?.self)
    let ledger: LedgerID
    let ids: [EventID]
    var parameters: Parameters { Parameters(ledger, ids) }
    typealias Row = (id: EventID, cost: PicodollarSum?)

    static func row(_ cells: (EventID, PicodollarSum?)) throws(PostgresError) -> Row { cells }
}

/// The last position of a ledger.
struct ReadHead: Statement {
    static let sql = "SELECT position FROM tally.heads WHERE ledger_id = $1"
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}

extension Session {
    /// Settings for a transaction that looks at events by their indexes.
    func planLooking() throws(PostgresError) {
        try execute("SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL jit = off")
    }
}
