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

/// The lengths of one day at one level.
package struct LengthRow: Sendable {
    package let level: LengthHistory.Level
    package let period: LengthHistory.Period
}

extension LengthQuery: ReadModelQuery {
    package static let model = ReadModel.answers

    package func rows(in session: Session) throws -> [LengthRow] {
        try session.run(ReadLengths(query: self))
    }
}

extension Answer<LengthRow> {
    package var history: LengthHistory {
        var periods: [LengthHistory.Level: [LengthHistory.Period]] = [:]
        for row in rows { periods[row.level, default: []].append(row.period) }
        return LengthHistory(periods)
    }
}

/// One set a level, one look into the index a day of each.
struct ReadLengths: Statement {
    static let sql = """
        WITH wanted AS MATERIALIZED (
            SELECT nested.level, sets.set_id FROM (VALUES
                (60::smallint, sha256(int2send(60::smallint))),
                (61, sha256(int2send(61::smallint) || tally.set_field($2))),
                (62, sha256(int2send(62::smallint) || tally.set_field($3)
                    || tally.set_field($2))),
                (63, sha256(int2send(63::smallint) || tally.set_field($3)
                    || tally.set_field($4) || tally.set_field($2))),
                (64, sha256(int2send(64::smallint) || tally.set_field($3)
                    || tally.set_field($4) || tally.set_field($2) || int4send(2)
                    || int2send($5)))
            ) AS nested (level, digest)
            JOIN tally.dimension_sets AS sets ON sets.ledger_id = $1
                AND sets.level = nested.level AND sets.digest = nested.digest
        )
        SELECT (wanted.level - 60)::smallint, greatest(asked.today - rows.day, 0), rows.lengths
        FROM (SELECT ($6 AT TIME ZONE 'UTC')::date AS today) AS asked, wanted,
            generate_series(-1, $7::integer - 1) AS age,
            LATERAL (
                SELECT day, lengths FROM tally.answer_lengths
                WHERE ledger_id = $1 AND answer_lengths.level = wanted.level
                    AND answer_lengths.set_id = wanted.set_id AND day = asked.today - age
                    AND version = (
                        SELECT active_version FROM tally.projections WHERE name = 'answers')
                    AND lengths IS NOT NULL OFFSET 0
            ) AS rows
        ORDER BY 1, 2
        """
    static let columns = Columns(Int16.self, Int32.self, [Int64].self)
    let query: LengthQuery
    var parameters: Parameters {
        Parameters(
            query.ledger, query.model.string, query.app?.string, query.feature?.string,
            query.shape.code, query.time, LengthQuery.daysMax)
    }
    typealias Row = LengthRow

    static func row(_ cells: (Int16, Int32, [Int64])) throws(PostgresError) -> LengthRow {
        guard let level = LengthHistory.Level(rawValue: cells.0) else {
            throw PostgresError(.decoding, "\(cells.0) is not a level of lengths")
        }
        return LengthRow(
            level: level,
            period: LengthHistory.Period(
                age: Int(cells.1), lengths: try LengthHistogram(cells: cells.2)))
    }
}

extension LengthHistogram {
    /// What the cells of a row hold.
    init(cells: [Int64]) throws(PostgresError) {
        self.init()
        for cell in cells {
            let bucket = HistogramCell.bucket(cell)
            guard (0..<Self.bucketsMax).contains(bucket) else {
                throw PostgresError(.decoding, "\(bucket) is not a bucket of lengths")
            }
            add(HistogramCell.count(cell), toBucket: bucket)
        }
    }
}
