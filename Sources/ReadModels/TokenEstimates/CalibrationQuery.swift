package import Estimating
package import LedgerModel
import LedgerSQL
package import Postgres

/// What the bills of the last days say about callers' estimates of input tokens.
package struct CalibrationQuery: Hashable, Sendable {
    package let ledger: LedgerID
    package let time: Timestamp

    /// Days that are learnt from.
    package static let daysMax: Int32 = 90

    package init(ledger: LedgerID, at time: Timestamp) {
        self.ledger = ledger
        self.time = time
    }
}

package struct CalibrationAnswer: Sendable {
    package let position: Int64
    package let calibrations: EstimateCalibrations
}

extension CalibrationQuery {
    package func run(on pool: Pool) async throws -> CalibrationAnswer {
        let query = self
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            let position = try session.first(
                ReadPosition(ledger: query.ledger, projection: TokenEstimates.name))
            var calibrations = EstimateCalibrations()
            for row in try session.run(ReadRatios(query: query)) {
                calibrations.add(
                    row.ratios, provider: row.provider, model: row.model, encoding: row.encoding)
            }
            return CalibrationAnswer(position: position ?? 0, calibrations: calibrations)
        }
    }
}

struct ReadRatios: Statement {
    static let sql = """
        SELECT provider, model, estimated_with, array_agg(thousandths), array_agg(count)
        FROM (
            SELECT provider, model, estimated_with, thousandths, sum(count)::bigint AS count
            FROM tally.token_estimates
            JOIN tally.token_estimate_ratios USING (ledger_id, version, day, key)
            WHERE ledger_id = $1 AND version = (
                    SELECT active_version FROM tally.projections WHERE name = 'token_estimates')
                AND day > ($2 AT TIME ZONE 'UTC')::date - $3::integer
                AND day <= ($2 AT TIME ZONE 'UTC')::date + 1
            GROUP BY provider, model, estimated_with, thousandths
        ) AS counted
        GROUP BY provider, model, estimated_with ORDER BY provider, model, estimated_with
        """
    static let columns = Columns(
        String.self, String.self, String.self, [Int32].self, [Int64].self)
    let query: CalibrationQuery
    var parameters: Parameters { Parameters(query.ledger, query.time, CalibrationQuery.daysMax) }
    typealias Row = (provider: Name, model: Name, encoding: Name, ratios: RatioHistogram)

    static func row(
        _ cells: (String, String, String, [Int32], [Int64])
    ) throws(PostgresError) -> Row {
        var ratios = RatioHistogram()
        for (thousandths, count) in zip(cells.3, cells.4) {
            guard (0...RatioHistogram.thousandthsMax).contains(thousandths), count >= 0 else {
                throw PostgresError(.decoding, "\(count) at \(thousandths) is no ratio")
            }
            ratios.add(count, thousandths: thousandths)
        }
        return (Name(cells.0), Name(cells.1), Name(cells.2), ratios)
    }
}
