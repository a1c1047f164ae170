import Experiments
import LedgerModel
import LedgerSQL
import Postgres

/// The definitions and stops of a ledger, in order; they are few, and have their own index.
struct ListDecisions: Statement {
    static let sql = """
        SELECT position, recorded_at, kind, event_id, occurred_at, detail FROM tally.events
        WHERE ledger_id = $1 AND kind IN (110, 112) ORDER BY position
        """
    static let columns = Columns(
        Int64.self, Timestamp.self, Int16.self, EventID.self, Timestamp.self, String?.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = RecordedEvent

    static func row(
        _ cells: (Int64, Timestamp, Int16, EventID, Timestamp, String?)
    ) throws(PostgresError) -> RecordedEvent {
        try RecordedEvent(
            cells.0, cells.1, kind: cells.2, id: cells.3, cells.4, detail: cells.5)
    }
}

/// What each arm of an experiment saw; `$3` is added to costs before taking logarithms.
///
/// A unit counts once, with the mean of its requests. Units with an unpriced request are not in the
/// costs.
struct ReadArms: Statement {
    static let sql = """
        SELECT arm, count(*) FILTER (WHERE key <> '' AND requests > 0), sum(requests)::bigint,
            sum(failed_requests)::bigint, sum(unpriced_requests)::bigint, sum(cost_pico),
            coalesce(sum(requests) FILTER (WHERE log_cost IS NOT NULL), 0)::bigint,
            coalesce(sum(cost_pico) FILTER (WHERE log_cost IS NOT NULL), 0),
            sum(latency_us), sum(timed_requests)::bigint,
            coalesce(sum(requests) FILTER (WHERE key = ''), 0)::bigint,
            ARRAY[count(log_cost), count(log_latency), count(failure), count(quality)],
            ARRAY[sum(log_cost), sum(log_latency), sum(failure), sum(quality)],
            ARRAY[sum(log_cost * log_cost), sum(log_latency * log_latency),
                sum(failure * failure), sum(quality * quality)]
        FROM (
            SELECT arm, key, requests, failed_requests, unpriced_requests, cost_pico, latency_us,
                timed_requests,
                CASE WHEN key <> '' AND requests > 0 AND unpriced_requests = 0
                    THEN ln(greatest(cost_pico, 0)::double precision / requests + $3::bigint) END
                    AS log_cost,
                CASE WHEN key <> '' AND timed_requests > 0
                    THEN ln(greatest(latency_us::double precision / timed_requests, 1)) END
                    AS log_latency,
                CASE WHEN key <> '' AND requests > 0
                    THEN failed_requests::double precision / requests END AS failure,
                CASE WHEN key <> '' AND judgements > 0
                    THEN quality_ppm::double precision / (1000000.0 * judgements) END AS quality
            FROM tally.current_experiment_units WHERE ledger_id = $1 AND experiment = $2
        ) AS units
        GROUP BY arm ORDER BY arm
        """
    static let columns = Columns(
        String.self, Int64.self, Int64.self, Int64.self, Int64.self, PicodollarSum.self,
        Int64.self, PicodollarSum.self, PicodollarSum.self, Int64.self, Int64.self, [Int64].self,
        [Double?].self, [Double?].self)
    let ledger: LedgerID
    let experiment: Name
    var parameters: Parameters {
        Parameters(ledger, experiment.string, ArmStatistics.costOffset)
    }
    typealias Row = ArmStatistics

    static func row(
        _ cells: (
            String, Int64, Int64, Int64, Int64, PicodollarSum, Int64, PicodollarSum,
            PicodollarSum, Int64, Int64, [Int64], [Double?], [Double?]
        )
    ) throws(PostgresError) -> ArmStatistics {
        guard cells.11.count == 4, cells.12.count == 4, cells.13.count == 4 else {
            throw PostgresError(.decoding, "four metrics were expected")
        }
        func moments(_ metric: Int) -> Moments {
            Moments(
                count: cells.11[metric], sum: cells.12[metric] ?? 0,
                squares: cells.13[metric] ?? 0)
        }
        var arm = ArmStatistics(arm: Name(cells.0))
        (arm.units, arm.requests, arm.failedRequests) = (cells.1, cells.2, cells.3)
        (arm.unpricedRequests, arm.cost) = (cells.4, cells.5)
        (arm.pricedRequests, arm.pricedCost) = (cells.6, cells.7)
        (arm.latency, arm.timedRequests) = (cells.8.amount, cells.9)
        arm.requestsWithoutUnit = cells.10
        (arm.logCost, arm.logLatency) = (moments(0), moments(1))
        (arm.failure, arm.quality) = (moments(2), moments(3))
        return arm
    }
}

/// Counts the units seen in more than one arm of an experiment.
struct CountCrossedUnits: Statement {
    static let sql = """
        SELECT count(*) FROM (
            SELECT key FROM tally.current_experiment_units
            WHERE ledger_id = $1 AND experiment = $2 AND key <> ''
            GROUP BY key HAVING count(*) > 1
        ) AS crossed
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    let experiment: Name
    var parameters: Parameters { Parameters(ledger, experiment.string) }
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}
