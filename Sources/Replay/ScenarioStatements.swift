import EventStore
import LedgerModel
import LedgerSQL
import Postgres
import Pricing

struct ListScenarios: Statement {
    static let sql = """
        SELECT name, kind, prices, grouped_by, position, created_at, row_count, recorded_pico,
            replayed_pico, unpriced_recorded, unpriced_replayed
        FROM tally.scenarios WHERE ledger_id = $1 ORDER BY name
        """
    static let columns = Columns(
        String.self, String.self, String.self, [String].self, Int64.self, Timestamp.self,
        Int64.self, PicodollarSum.self, PicodollarSum.self, Int64.self, Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = Scenarios.Entry

    static func row(
        _ cells: (
            String, String, String, [String], Int64, Timestamp, Int64, PicodollarSum, PicodollarSum,
            Int64, Int64
        )
    ) throws(PostgresError) -> Scenarios.Entry {
        Scenarios.Entry(
            name: cells.0, kind: cells.1, prices: cells.2, groupedBy: cells.3, position: cells.4,
            createdAt: cells.5, rows: cells.6, recorded: cells.7, replayed: cells.8,
            unpricedRecorded: cells.9, unpricedReplayed: cells.10)
    }
}

/// Inserts no row if the name is taken or the ledger has too many scenarios.
struct InsertScenario: Statement {
    static let sql = """
        INSERT INTO tally.scenarios (
            ledger_id, name, kind, run_id, position, since, until, prices, grouped_by, what_if,
            detail, row_count, requests, recorded_pico, replayed_pico, unpriced_recorded,
            unpriced_replayed)
        SELECT $1, $2, 'prices', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
        WHERE (SELECT count(*) FROM tally.scenarios WHERE ledger_id = $1) < $17
        ON CONFLICT (ledger_id, name) DO NOTHING
        """
    static let columns = Columns()
    let ledger: LedgerID
    let name: String
    let run: EventID
    let report: ReplayReport
    /// The report without its rows, as JSON.
    let detail: String
    let countMax: Int64
    var parameters: Parameters {
        let request = report.request
        let total = report.total
        return Parameters(
            ledger, name, run, report.position, request.filter.since, request.filter.until,
            report.pricesName, request.groupedBy.map(\.name),
            request.whatIf.isEmpty ? nil : request.whatIf.text,
            detail, Int64(report.rows.count), total.requests, total.recorded,
            total.replayed, total.unpricedBefore, total.unpricedAfter, countMax)
    }
}

/// Groups with their sums; a dimension that is not grouped by is NULL.
struct InsertScenarioRows: Statement {
    static let sql = """
        INSERT INTO tally.scenario_prices (
            ledger_id, name, hour, day, month, app, team, project, environment, feature, user_id,
            provider, model, operation, service_tier, region, requests, recorded_pico,
            replayed_pico, unpriced_recorded, unpriced_replayed)
        SELECT $1, $2, hour, (day AT TIME ZONE 'UTC')::date, (month AT TIME ZONE 'UTC')::date, app,
            team, project, environment, feature, user_id, provider, model, operation, service_tier,
            region, requests, recorded_pico, replayed_pico, unpriced_recorded, unpriced_replayed
        FROM unnest(
            $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::text[],
            $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
            $14::text[], $15::text[], $16::text[], $17::bigint[], $18::numeric[], $19::numeric[],
            $20::bigint[], $21::bigint[]
        ) AS rows (hour, day, month, app, team, project, environment, feature, user_id, provider,
            model, operation, service_tier, region, requests, recorded_pico, replayed_pico,
            unpriced_recorded, unpriced_replayed)
        """
    static let columns = Columns()
    let ledger: LedgerID
    let name: String
    let groupings: [Grouping]
    let rows: ArraySlice<ReplayReport.Row>

    var parameters: Parameters {
        var parameters = Parameters(ledger, name)
        for period in [Grouping.hour, .day, .month] {
            parameters.append(starts(of: period))
        }
        for dimension in Self.dimensions { parameters.append(texts(of: dimension)) }
        parameters.append(rows.map(\.sums.requests))
        parameters.append(rows.map(\.sums.recorded))
        parameters.append(rows.map(\.sums.replayed))
        parameters.append(rows.map(\.sums.unpricedBefore))
        parameters.append(rows.map(\.sums.unpricedAfter))
        return parameters
    }

    /// In the order of the columns.
    private static let dimensions: [Dimension] = [
        .app, .team, .project, .environment, .feature, .user, .provider, .model, .operation,
        .serviceTier, .region,
    ]

    private func texts(of dimension: Dimension) -> [String?] {
        guard let column = groupings.firstIndex(of: .dimension(dimension)) else {
            return rows.map { _ in nil }
        }
        return rows.map { $0.values[column]?.string }
    }

    private func starts(of period: Grouping) -> [Timestamp?] {
        guard let column = groupings.firstIndex(of: period) else { return rows.map { _ in nil } }
        return rows.map { row in row.values[column].flatMap { period.start(of: $0.string) } }
    }
}

struct EnsureScenarioViews: Statement {
    static let sql = "SELECT tally.ensure_scenario_views($1)"
    static let columns = Columns()
    let name: String
    var parameters: Parameters { Parameters(name) }
}

struct EmptyScenario: Statement {
    static let sql = """
        WITH groups AS (DELETE FROM tally.scenario_prices WHERE ledger_id = $1 AND name = $2)
        DELETE FROM tally.scenarios WHERE ledger_id = $1 AND name = $2
        """
    static let columns = Columns()
    let ledger: LedgerID
    let name: String
    var parameters: Parameters { Parameters(ledger, name) }
}

/// Deletes a scenario; returns whether there was one.
struct DropScenario: Statement {
    static let sql = "SELECT tally.drop_scenario($1, $2)"
    static let columns = Columns(Bool.self)
    let ledger: LedgerID
    let name: String
    var parameters: Parameters { Parameters(ledger, name) }
}
