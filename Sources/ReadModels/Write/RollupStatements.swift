import LedgerModel
import LedgerSQL

/// The texts that write, erase and check a table of a rollup, derived from its declaration.
struct RollupStatements: Sendable {
    private let rollup: Rollup
    private let table: RollupTable
    private let key: String

    init(_ rollup: Rollup, _ table: RollupTable) {
        self.rollup = rollup
        self.table = table
        key = "ledger_id, version, level, \(table.grain.column), set_id"
    }

    /// Writes rows that are not there yet, with those measures that something told.
    func copy(_ measures: [Measure]) -> String {
        "COPY tally.\(table.name) (\(columns(measures))) FROM STDIN (FORMAT binary)"
    }

    /// Adds deltas to rows: `$1` is the ledger, `$2` the version, `$3` levels, `$4` starts, `$5`
    /// sets, then an array for each measure.
    func upsert(_ measures: [Measure]) -> String {
        let start =
            table.grain == .hour
            ? "unnest($4::timestamptz[])" : "date '2000-01-01' + unnest($4::integer[])"
        let values = measures.enumerated().map { index, measure in
            measure.form == .histogram
                ? "unnest($\(index + 6)::text[])::bigint[]"
                : "unnest($\(index + 6)::\(measure.form.type)[])"
        }
        let merged = measures.map { measure in
            let (old, new) = ("old.\(measure.column)", "excluded.\(measure.column)")
            let sum =
                switch measure.form {
                case .count, .sum: "\(old) + \(new)"
                case .days: "\(old) | \(new)"
                case .histogram: "tally.merged_cells(\(old), \(new))"
                }
            return "\(measure.column) = coalesce(\(sum), \(old), \(new))"
        }
        let selected = [
            "$1::bigint", "$2::integer", "unnest($3::smallint[])", start, "unnest($5::bigint[])",
        ]
        return """
            INSERT INTO tally.\(table.name) AS old (\(columns(measures)))
            SELECT \((selected + values).joined(separator: ", "))
            ON CONFLICT (\(key)) DO UPDATE SET \(merged.joined(separator: ", "))
            """
    }

    private func columns(_ measures: [Measure]) -> String {
        ([key] + measures.map(\.column)).joined(separator: ", ")
    }

    /// The last start of a version, as a count of starts since 2000.
    func lastStart(_ ledger: LedgerID, _ version: Int32) -> String {
        let column = table.grain.column
        let levels = rollup.levels.map { level in
            """
            (SELECT max(\(column)) FROM tally.\(table.name) WHERE ledger_id = \(ledger) \
            AND version = \(version) AND level = \(level.number))
            """
        }
        let last = "greatest(\(levels.joined(separator: ", ")))"
        return table.grain == .hour
            ? "SELECT (extract(epoch FROM \(last) - '2000-01-01Z'::timestamptz) / 3600)::bigint"
            : "SELECT \(last) - date '2000-01-01'"
    }

    /// Removes rows of earlier versions, so many at once.
    func erase(_ page: ErasePage) -> String {
        """
        DELETE FROM tally.\(table.name) WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM tally.\(table.name)
            WHERE ledger_id = \(page.ledger) AND version < \(page.version) LIMIT \(page.limit)))
        """
    }

    /// Requests and cost of each level.
    func sums(_ subject: ConservedSubject) -> String {
        """
        SELECT level, coalesce(sum(requests), 0), coalesce(sum(cost_pico), 0)
        FROM tally.\(table.name)
        WHERE ledger_id = \(subject.ledger) AND version = \(subject.version) GROUP BY level
        """
    }
}
