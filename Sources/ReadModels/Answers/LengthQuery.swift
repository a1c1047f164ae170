package import Estimating
package import LedgerModel
import LedgerSQL
package import Postgres

/// The lengths of earlier answers that bear on a request with these properties.
package struct LengthQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let app: Name?
    package let feature: Name?
    package let model: Name
    package let shape: PromptShape
    /// When the request is made; answers of that day and of the days before are read.
    ///
    /// Clocks of senders may be ahead, so the day after counts as that day.
    package let time: Timestamp

    /// Days of history; what is older would weigh less than 5 % of today.
    package static let daysMax: Int32 = 60

    package init(
        ledger: LedgerID, app: Name?, feature: Name?, model: Name, shape: PromptShape,
        at time: Timestamp
    ) {
        self.ledger = ledger
        self.app = app
        self.feature = feature
        self.model = model
        self.shape = shape
        self.time = time
    }
}

package struct LengthAnswer: Sendable {
    package let position: Int64
    package let history: LengthHistory
}

extension LengthQuery {
    package func run(on pool: Pool) async throws -> LengthAnswer {
        let query = self
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            let position = try session.first(
                ReadPosition(ledger: query.ledger, projection: Answers.name))
            var periods: [LengthHistory.Level: [LengthHistory.Period]] = [:]
            for row in try session.run(ReadLengths(query: query)) {
                periods[row.level, default: []].append(row.period)
            }
            return LengthAnswer(position: position ?? 0, history: LengthHistory(periods))
        }
    }
}

/// One key a level, one row a day of each.
struct ReadLengths: Statement {
    static let sql = """
        SELECT level, age, array_agg(bucket ORDER BY bucket), array_agg(count ORDER BY bucket)
        FROM (
            SELECT nested.level, bucket, sum(count)::bigint AS count,
                greatest(($6 AT TIME ZONE 'UTC')::date - day, 0) AS age
            FROM (
                SELECT level, CASE WHEN level >= 1 THEN $2::text END AS model,
                    CASE WHEN level >= 2 THEN $3::text END AS app,
                    CASE WHEN level >= 3 THEN $4::text END AS feature,
                    CASE WHEN level >= 4 THEN $5::smallint END AS shape
                FROM unnest('{0, 1, 2, 3, 4}'::smallint[]) AS levels (level)
            ) AS nested
            JOIN tally.answer_length_counts AS lengths
                ON lengths.key = sha256(record_send(ROW(nested.level, app, feature, model, shape)))
            WHERE lengths.ledger_id = $1 AND measure = 1 AND lengths.version = (
                    SELECT active_version FROM tally.projections WHERE name = 'answers')
                AND day > ($6 AT TIME ZONE 'UTC')::date - $7::integer
                AND day <= ($6 AT TIME ZONE 'UTC')::date + 1
            GROUP BY nested.level, age, bucket
        ) AS counted
        GROUP BY level, age ORDER BY level, age
        """
    static let columns = Columns(Int16.self, Int32.self, [Int32].self, [Int64].self)
    let query: LengthQuery
    var parameters: Parameters {
        Parameters(
            query.ledger, query.model.string, query.app?.string, query.feature?.string,
            query.shape.code, query.time, LengthQuery.daysMax)
    }
    typealias Row = (level: LengthHistory.Level, period: LengthHistory.Period)

    static func row(
        _ cells: (Int16, Int32, [Int32], [Int64])
    ) throws(PostgresError) -> Row {
        guard let level = LengthHistory.Level(rawValue: cells.0) else {
            throw PostgresError(.decoding, "\(cells.0) is no level of lengths")
        }
        let lengths = try LengthHistogram(buckets: cells.2, counts: cells.3)
        return (level, LengthHistory.Period(age: Int(cells.1), lengths: lengths))
    }
}

extension LengthHistogram {
    /// What two arrays of the same length hold.
    init(buckets: [Int32], counts: [Int64]) throws(PostgresError) {
        self.init()
        for (bucket, count) in zip(buckets, counts) {
            guard bucket >= 0, bucket < Self.bucketsMax, count >= 0 else {
                throw PostgresError(.decoding, "\(count) in \(bucket) is no bucket of lengths")
            }
            add(count, toBucket: Int(bucket))
        }
    }
}
