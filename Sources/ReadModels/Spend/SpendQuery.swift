package import LedgerModel
import LedgerSQL
package import Postgres

/// A question about spend: of a ledger, in a time, by some dimensions and by hour, day or month.
///
/// Times are rounded outwards to the hour, which is as fine as the read model is.
package struct SpendQuery: Hashable, Sendable {
    package enum Interval: String, CaseIterable, Sendable { case hour, day, month, none }

    package let ledger: LedgerID
    package let by: [Dimension]
    package let from: Timestamp
    package let to: Timestamp
    package let interval: Interval
    /// Only spend whose dimension has this value.
    package let filters: [Dimension: Name]
    package let limit: Int

    package static let limitMax = 100_000

    package enum Refusal: Error, Hashable, Sendable {
        case notKept(Dimension)
        case emptyTime(from: Timestamp, to: Timestamp)
    }

    package init(
        ledger: LedgerID, by: [Dimension] = [], from: Timestamp, to: Timestamp,
        interval: Interval = .none, filters: [Dimension: Name] = [:], limit: Int = 10_000
    ) throws(Refusal) {
        for dimension in by + filters.keys where dimension == .user || dimension == .session {
            throw .notKept(dimension)
        }
        guard from < to else { throw .emptyTime(from: from, to: to) }
        let hour = Timestamp.hourMicroseconds
        let fromRest = from.timeOfDay % hour
        let toRest = to.timeOfDay % hour
        self.ledger = ledger
        self.by = by
        self.from = from.advanced(byMicroseconds: -fromRest)
        self.to = toRest == 0 ? to : to.advanced(byMicroseconds: hour - toRest)
        self.interval = interval
        self.filters = filters
        self.limit = min(max(limit, 1), Self.limitMax)
    }

    /// Days suffice where nothing asks for hours.
    fileprivate var grain: Int16 {
        interval != .hour && from.timeOfDay == 0 && to.timeOfDay == 0 ? 24 : 1
    }
}

extension SpendQuery.Refusal: Fault {
    package var kind: FaultKind { .invalid }
    package var param: String? { "by" }

    package var description: String {
        switch self {
        case .notKept(let dimension):
            "spend is not kept by \(dimension.name): ask audit.events, or audit.usage_daily by user"
        case .emptyTime(let from, let to): "from \(from) does not lie before to \(to)"
        }
    }
}

/// One group of spend in one interval.
package struct SpendRow: Hashable, Sendable {
    /// The dimensions asked for, as far as the group has them.
    package let group: Dimensions
    package let startsAt: Timestamp
    package let cost: PicodollarSum
    package let requests: Int64
    package let failedRequests: Int64
    package let unpricedRequests: Int64
    package let inputTokens: Int128
    package let cacheReadInputTokens: Int128
    package let outputTokens: Int128
    /// The group's part of all cost in the interval, 0 to 1; nil where that is nothing.
    package let share: Double?
    /// What the group cost in the interval before, of the same length.
    package let previousCost: PicodollarSum

    /// The relative change against the interval before; nil where that cost nothing.
    package var trend: Double? {
        guard previousCost.amount != 0 else { return nil }
        return Double(cost.amount - previousCost.amount) / Double(previousCost.amount)
    }
}

package struct SpendAnswer: Sendable {
    /// The position of the ledger up to which the answer is true.
    package let position: Int64
    package let rows: [SpendRow]
}

extension SpendQuery {
    package func run(on pool: Pool) async throws -> SpendAnswer {
        let query = self
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            let position = try session.first(
                ReadPosition(ledger: query.ledger, projection: Spend.name))
            return SpendAnswer(
                position: position ?? 0, rows: try session.run(ReadSpend(query: query)))
        }
    }
}

/// How far the active version of a projection has read.
package struct ReadPosition: Statement {
    package static let sql = """
        SELECT position FROM tally.projection_positions WHERE ledger_id = $1 AND projection = $2
        """
    package static let columns = Columns(Int64.self)
    let ledger: LedgerID
    let projection: String
    package var parameters: Parameters { Parameters(ledger, projection) }
    package typealias Row = Int64

    package init(ledger: LedgerID, projection: String) {
        self.ledger = ledger
        self.projection = projection
    }

    package static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}

/// `$6` says for each dimension whether it is asked for, `$7` which value it is filtered by, both
/// in the order app, team, project, environment, feature, provider, model, operation,
/// service_tier, region.
struct ReadSpend: Statement {
    static let sql = """
        WITH cells AS (
            SELECT CASE WHEN ($6::boolean[])[1] THEN app END AS app,
                CASE WHEN ($6::boolean[])[2] THEN team END AS team,
                CASE WHEN ($6::boolean[])[3] THEN project END AS project,
                CASE WHEN ($6::boolean[])[4] THEN environment END AS environment,
                CASE WHEN ($6::boolean[])[5] THEN feature END AS feature,
                CASE WHEN ($6::boolean[])[6] THEN provider END AS provider,
                CASE WHEN ($6::boolean[])[7] THEN model END AS model,
                CASE WHEN ($6::boolean[])[8] THEN operation END AS operation,
                CASE WHEN ($6::boolean[])[9] THEN service_tier END AS service_tier,
                CASE WHEN ($6::boolean[])[10] THEN region END AS region,
                CASE WHEN $5::text <> 'none' THEN date_trunc($5, starts_at, 'UTC')
                    WHEN starts_at >= $3 THEN $3 ELSE $3 - ($4 - $3) END AS bucket,
                starts_at >= $3 AS is_asked, cost_pico, requests, failed_requests,
                unpriced_requests, input_tokens, cache_read_input_tokens, output_tokens
            FROM tally.spend
            WHERE ledger_id = $1 AND grain = $2 AND starts_at < $4
                AND version = (
                    SELECT active_version FROM tally.projections WHERE name = 'spend')
                AND starts_at >= CASE WHEN $5::text = 'none'
                    THEN $3::timestamptz - ($4::timestamptz - $3::timestamptz)
                    ELSE (date_trunc($5, $3::timestamptz AT TIME ZONE 'UTC')
                        - ('1 ' || $5)::interval) AT TIME ZONE 'UTC' END
                AND (($7::text[])[1] IS NULL OR app = ($7::text[])[1])
                AND (($7::text[])[2] IS NULL OR team = ($7::text[])[2])
                AND (($7::text[])[3] IS NULL OR project = ($7::text[])[3])
                AND (($7::text[])[4] IS NULL OR environment = ($7::text[])[4])
                AND (($7::text[])[5] IS NULL OR feature = ($7::text[])[5])
                AND (($7::text[])[6] IS NULL OR provider = ($7::text[])[6])
                AND (($7::text[])[7] IS NULL OR model = ($7::text[])[7])
                AND (($7::text[])[8] IS NULL OR operation = ($7::text[])[8])
                AND (($7::text[])[9] IS NULL OR service_tier = ($7::text[])[9])
                AND (($7::text[])[10] IS NULL OR region = ($7::text[])[10])
        ), groups AS (
            SELECT bucket, app, team, project, environment, feature, provider, model, operation,
                service_tier, region, bool_or(is_asked) AS is_asked,
                sum(cost_pico) FILTER (WHERE is_asked) AS cost_pico,
                sum(cost_pico) AS whole_cost_pico,
                sum(requests) FILTER (WHERE is_asked) AS requests,
                sum(failed_requests) FILTER (WHERE is_asked) AS failed_requests,
                sum(unpriced_requests) FILTER (WHERE is_asked) AS unpriced_requests,
                coalesce(sum(input_tokens) FILTER (WHERE is_asked), 0) AS input_tokens,
                coalesce(sum(cache_read_input_tokens) FILTER (WHERE is_asked), 0) AS cache_read,
                coalesce(sum(output_tokens) FILTER (WHERE is_asked), 0) AS output_tokens,
                CASE WHEN $5 = 'none' THEN bucket - ($4::timestamptz - $3::timestamptz)
                    ELSE (bucket AT TIME ZONE 'UTC' - ('1 ' || $5)::interval)
                        AT TIME ZONE 'UTC' END AS previous_bucket
            FROM cells
            GROUP BY bucket, app, team, project, environment, feature, provider, model, operation,
                service_tier, region
        )
        SELECT groups.bucket, ARRAY[groups.app, groups.team, groups.project, groups.environment,
                groups.feature, groups.provider, groups.model, groups.operation,
                groups.service_tier, groups.region],
            groups.cost_pico, groups.requests::bigint, groups.failed_requests::bigint,
            groups.unpriced_requests::bigint, groups.input_tokens, groups.cache_read,
            groups.output_tokens,
            (groups.cost_pico / nullif(sum(groups.cost_pico) OVER (PARTITION BY groups.bucket), 0)
                )::double precision,
            coalesce(previous.whole_cost_pico, 0)
        FROM groups LEFT JOIN groups AS previous ON previous.bucket = groups.previous_bucket
            AND (previous.app, previous.team, previous.project, previous.environment,
                previous.feature, previous.provider, previous.model, previous.operation,
                previous.service_tier, previous.region)
            IS NOT DISTINCT FROM (groups.app, groups.team, groups.project, groups.environment,
                groups.feature, groups.provider, groups.model, groups.operation,
                groups.service_tier, groups.region)
        WHERE groups.is_asked
        ORDER BY groups.bucket, groups.cost_pico DESC, 2
        LIMIT $8
        """
    static let columns = Columns(
        Timestamp.self, [String?].self, PicodollarSum.self, Int64.self, Int64.self, Int64.self,
        PicodollarSum.self, PicodollarSum.self, PicodollarSum.self, Double?.self,
        PicodollarSum.self)

    private static let dimensions: [Dimension] = [
        .app, .team, .project, .environment, .feature, .provider, .model, .operation,
        .serviceTier, .region,
    ]

    let query: SpendQuery

    var parameters: Parameters {
        Parameters(
            query.ledger, query.grain, query.from, query.to, query.interval.rawValue,
            Self.dimensions.map { query.by.contains($0) },
            Self.dimensions.map { query.filters[$0]?.string }, Int64(query.limit))
    }

    typealias Row = SpendRow

    static func row(
        _ cells: (
            Timestamp, [String?], PicodollarSum, Int64, Int64, Int64, PicodollarSum, PicodollarSum,
            PicodollarSum, Double?, PicodollarSum
        )
    ) throws(PostgresError) -> SpendRow {
        var group = Dimensions()
        for (dimension, value) in zip(dimensions, cells.1) {
            group[dimension] = value.map { Name($0) }
        }
        return SpendRow(
            group: group, startsAt: cells.0, cost: cells.2, requests: cells.3,
            failedRequests: cells.4, unpricedRequests: cells.5, inputTokens: cells.6.amount,
            cacheReadInputTokens: cells.7.amount, outputTokens: cells.8.amount, share: cells.9,
            previousCost: cells.10)
    }
}
