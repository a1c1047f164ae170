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

package struct RatioRow: Sendable {
    package let provider: Name
    package let model: Name
    package let encoding: Name
    package let ratios: RatioHistogram
}

extension CalibrationQuery: ReadModelQuery {
    package static let model = ReadModel.tokenEstimates

    package func rows(in session: Session) throws -> [RatioRow] {
        try session.run(ReadRatios(query: self))
    }
}

extension Answer<RatioRow> {
    /// What the bills teach, by model and family.
    package var calibrations: EstimateCalibrations {
        var calibrations = EstimateCalibrations()
        for row in rows {
            calibrations.add(
                row.ratios, provider: row.provider, model: row.model, encoding: row.encoding)
        }
        return calibrations
    }
}

struct ReadRatios: Statement {
    static let sql = """
        SELECT provider, model, estimated_with, array_agg(cell)
        FROM (
            SELECT provider, model, estimated_with,
                cell >> 48 << 48 | sum(cell & 281474976710655)::bigint AS cell
            FROM tally.current_token_estimates, unnest(ratios) AS cell
            WHERE ledger_id = $1 AND day > ($2 AT TIME ZONE 'UTC')::date - $3::integer
                AND day <= ($2 AT TIME ZONE 'UTC')::date + 1
            GROUP BY provider, model, estimated_with, cell >> 48
        ) AS counted
        GROUP BY provider, model, estimated_with ORDER BY provider, model, estimated_with
        """
    static let columns = Columns(String.self, String.self, String.self, [Int64].self)
    let query: CalibrationQuery
    var parameters: Parameters { Parameters(query.ledger, query.time, CalibrationQuery.daysMax) }
    typealias Row = RatioRow

    static func row(
        _ cells: (String, String, String, [Int64])
    ) throws(PostgresError) -> RatioRow {
        var ratios = RatioHistogram()
        for cell in cells.3 {
            let thousandths = Int32(HistogramCell.bucket(cell))
            guard (0...RatioHistogram.thousandthsMax).contains(thousandths) else {
                throw PostgresError(.decoding, "\(thousandths) thousandths are not a ratio")
            }
            ratios.add(HistogramCell.count(cell), thousandths: thousandths)
        }
        return RatioRow(
            provider: Name(cells.0), model: Name(cells.1), encoding: Name(cells.2), ratios: ratios)
    }
}
