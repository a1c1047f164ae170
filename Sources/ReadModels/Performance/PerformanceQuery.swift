import Estimating
package import LedgerModel
import LedgerSQL
package import Performance
package import Postgres

/// How requests did in some hours, by names and by hour, day or not at all.
package struct PerformanceQuery: Hashable, Sendable {
    package enum Part: String, CaseIterable, Sendable {
        case app, provider, model, operation, route
    }
    package enum Interval: String, CaseIterable, Sendable { case hour, day, none }

    package struct Span: Hashable, Sendable {
        package let from: Timestamp
        package let to: Timestamp

        /// Rounds outwards to hours.
        package init(from: Timestamp, to: Timestamp) {
            let hour = Timestamp.hourMicroseconds
            self.from = from.advanced(byMicroseconds: -(from.timeOfDay % hour))
            let rest = to.timeOfDay % hour
            self.to = rest == 0 ? to : to.advanced(byMicroseconds: hour - rest)
        }
    }

    package let ledger: LedgerID
    package let by: [Part]
    /// Times that are asked about, each by itself.
    package let spans: [Span]
    package let interval: Interval
    /// Only requests with these names.
    package let filters: [Part: Name]
    /// Whether five minutes are told apart; only by the hour do they mean anything.
    package let hasSlots: Bool
    package let page: AnswerPage

    /// Whole days before today that are reported if no start is given.
    package static let daysStandard: Int64 = 1

    package init(
        ledger: LedgerID, by: [Part] = [], spans: [Span], interval: Interval = .none,
        filters: [Part: Name] = [:], hasSlots: Bool = false, page: AnswerPage = AnswerPage()
    ) {
        self.ledger = ledger
        self.by = by
        self.spans = spans
        self.interval = interval
        self.filters = filters
        self.hasSlots = hasSlots
        self.page = page
    }

    package init(
        ledger: LedgerID, by: [Part] = [], from: Timestamp, to: Timestamp,
        interval: Interval = .none, filters: [Part: Name] = [:], page: AnswerPage = AnswerPage()
    ) {
        self.init(
            ledger: ledger, by: by, spans: [Span(from: from, to: to)], interval: interval,
            filters: filters, page: page)
    }
}

package struct PerformanceRow: Hashable, Sendable {
    /// Those that were asked for and are known.
    package let group: [PerformanceQuery.Part: Name]
    /// Of the hour or day; that of the span without an interval.
    package let start: Timestamp
    package let sums: PerformanceSums
}

extension PerformanceQuery: ReadModelQuery {
    package static let model = ReadModel.performance

    package func rows(in session: Session) throws -> [PerformanceRow] {
        try session.run(ReadPerformance(query: self))
    }
}

/// Histograms merge by adding the counts of a bucket.
struct ReadPerformance: Statement {
    private static let stages = CallStage.allCases.map { $0.rawValue + "_us" }
    private static let histograms = [
        "failures", "latency", "time_to_first_token", "output_rate", "queue", "latency_slots",
        "first_token_slots",
    ]
    private static let slotMetrics = 6

    static let sql = """
        WITH cells AS MATERIALIZED (
            SELECT ARRAY[CASE WHEN ($4::boolean[])[1] THEN app END,
                    CASE WHEN ($4::boolean[])[2] THEN provider END,
                    CASE WHEN ($4::boolean[])[3] THEN model END,
                    CASE WHEN ($4::boolean[])[4] THEN operation END,
                    CASE WHEN ($4::boolean[])[5] THEN route END] AS names,
                CASE $5::text WHEN 'hour' THEN hour
                    WHEN 'day' THEN date_trunc('day', hour, 'UTC') ELSE span_from END AS start,
                rows.*
            FROM unnest($2::timestamptz[], $3::timestamptz[]) AS spans (span_from, span_to),
                LATERAL (
                    SELECT hour, set_id, requests, failed_requests, unpriced_requests, cost_pico,
                        input_tokens, output_tokens, staged_requests,
                        \((histograms + stages).joined(separator: ", "))
                    FROM tally.performance_hourly
                    WHERE ledger_id = $1 AND level = 98 AND hour >= span_from AND hour < span_to
                        AND version = (
                            SELECT active_version FROM tally.projections
                            WHERE name = 'performance')
                    OFFSET 0
                ) AS rows
            JOIN tally.dimension_sets AS sets
                ON sets.ledger_id = $1 AND sets.level = 98 AND sets.set_id = rows.set_id
            WHERE (($6::text[])[1] IS NULL OR app = ($6::text[])[1])
                AND (($6::text[])[2] IS NULL OR provider = ($6::text[])[2])
                AND (($6::text[])[3] IS NULL OR model = ($6::text[])[3])
                AND (($6::text[])[4] IS NULL OR operation = ($6::text[])[4])
                AND (($6::text[])[5] IS NULL OR route = ($6::text[])[5])
        ), buckets AS (
            SELECT names, start, metric, cell >> 48 AS bucket,
                sum(cell & 281474976710655)::bigint AS count
            FROM cells, LATERAL (
                \(histograms.enumerated().map { index, column in
                    "SELECT \(index + 1) AS metric, unnest(\(column)) AS cell"
                        + (index + 1 >= slotMetrics ? " WHERE $7" : "")
                }.joined(separator: " UNION ALL "))
            ) AS told
            GROUP BY names, start, metric, cell >> 48
        ), merged AS (
            SELECT names, start, metric, array_agg(bucket << 48 | count ORDER BY bucket) AS cells
            FROM buckets GROUP BY names, start, metric
        ), histograms AS (
            SELECT names, start, \((1...histograms.count).map { metric in
                "max(cells) FILTER (WHERE metric = \(metric)) AS h\(metric)"
            }.joined(separator: ", "))
            FROM merged GROUP BY names, start
        ), sums AS (
            SELECT names, start, coalesce(sum(requests), 0)::bigint AS requests,
                coalesce(sum(failed_requests), 0)::bigint AS failed,
                coalesce(sum(unpriced_requests), 0)::bigint AS unpriced,
                coalesce(sum(cost_pico), 0) AS cost, coalesce(sum(input_tokens), 0) AS input,
                coalesce(sum(output_tokens), 0) AS output,
                coalesce(sum(staged_requests), 0)::bigint AS staged,
                ARRAY[\(stages.map { "coalesce(sum(\($0)), 0)::bigint" }.joined(separator: ", "))]
                    AS stages
            FROM cells GROUP BY names, start
        )
        SELECT names, start, requests, failed, unpriced, cost, input, output, staged, stages,
            \((1...histograms.count).map { "coalesce(h\($0), '{}')" }.joined(separator: ", "))
        FROM sums LEFT JOIN histograms USING (names, start)
        ORDER BY start, requests DESC, names LIMIT $8 OFFSET $9
        """
    static let columns = Columns(
        [String?].self, Timestamp.self, Int64.self, Int64.self, Int64.self, PicodollarSum.self,
        PicodollarSum.self, PicodollarSum.self, Int64.self, [Int64].self, [Int64].self,
        [Int64].self, [Int64].self, [Int64].self, [Int64].self, [Int64].self, [Int64].self)

    let query: PerformanceQuery
    var parameters: Parameters {
        var parameters = Parameters(
            query.ledger, query.spans.map(\.from), query.spans.map(\.to),
            PerformanceQuery.Part.allCases.map { query.by.contains($0) }, query.interval.rawValue)
        parameters.append(PerformanceQuery.Part.allCases.map { query.filters[$0]?.string })
        parameters.append(query.hasSlots)
        parameters.append(query.page.rowsMax)
        parameters.append(Int64(query.page.offset))
        return parameters
    }
    typealias Row = PerformanceRow

    static func row(
        _ cells: (
            [String?], Timestamp, Int64, Int64, Int64, PicodollarSum, PicodollarSum, PicodollarSum,
            Int64, [Int64], [Int64], [Int64], [Int64], [Int64], [Int64], [Int64], [Int64]
        )
    ) throws(PostgresError) -> PerformanceRow {
        var group: [PerformanceQuery.Part: Name] = [:]
        for (part, name) in zip(PerformanceQuery.Part.allCases, cells.0) {
            group[part] = name.map { Name($0) }
        }
        var sums = PerformanceSums()
        sums.requests = cells.2
        sums.failed = cells.3
        sums.unpriced = cells.4
        sums.cost = cells.5
        sums.inputTokens = cells.6.amount
        sums.outputTokens = cells.7.amount
        sums.staged = cells.8
        for (stage, time) in zip(CallStage.allCases, cells.9) where time > 0 {
            sums.stages[stage] = time
        }
        for cell in cells.10 {
            let number = HistogramCell.bucket(cell)
            let failure = FailureClass(rawValue: number % FailureClass.attempt) ?? .other
            sums.failures[failure, default: 0] += HistogramCell.count(cell)
            if number >= FailureClass.attempt, !failure.isOfCaller {
                sums.attempts += HistogramCell.count(cell)
            }
        }
        sums.latency = try LengthHistogram(cells: cells.11)
        sums.firstToken = try LengthHistogram(cells: cells.12)
        sums.rate = try LengthHistogram(cells: cells.13)
        sums.queue = try LengthHistogram(cells: cells.14)
        sums.latencySlots = slots(cells.15)
        sums.firstTokenSlots = slots(cells.16)
        return PerformanceRow(group: group, start: cells.1, sums: sums)
    }

    private static func slots(_ cells: [Int64]) -> [SlotBucket: Int64] {
        var counts: [SlotBucket: Int64] = [:]
        for cell in cells {
            guard let slot = SlotBucket(number: HistogramCell.bucket(cell)) else { continue }
            counts[slot, default: 0] += HistogramCell.count(cell)
        }
        return counts
    }
}
