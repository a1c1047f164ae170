import LedgerModel
import LedgerSQL
import Postgres
import Routing

struct SayLoad: Statement {
    static let sql = """
        INSERT INTO tally.instances (instance_id, seen_at, in_flight, shed, shed_by_providers)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (instance_id) DO UPDATE SET seen_at = excluded.seen_at,
            in_flight = excluded.in_flight, shed = excluded.shed,
            shed_by_providers = excluded.shed_by_providers
        """
    static let columns = Columns()
    let instance: EventID
    let load: FleetLoad
    let now: Timestamp
    var parameters: Parameters {
        Parameters(instance, now, load.inFlight, load.shed, load.shedByProviders)
    }
}

struct DropInstance: Statement {
    static let sql = "DELETE FROM tally.instances WHERE instance_id = $1"
    static let columns = Columns()
    let instance: EventID
    var parameters: Parameters { Parameters(instance) }
}

struct DropInstances: Statement {
    static let sql = "DELETE FROM tally.instances WHERE seen_at < $1"
    static let columns = Columns()
    let before: Timestamp
    var parameters: Parameters { Parameters(before) }
}

struct FindFleet: Statement {
    static let sql = """
        SELECT count(*), coalesce(sum(in_flight), 0), coalesce(sum(shed), 0)::bigint,
            coalesce(sum(shed_by_providers), 0)::bigint
        FROM tally.instances WHERE seen_at >= $1
        """
    static let columns = Columns(Int64.self, Double.self, Int64.self, Int64.self)
    let since: Timestamp
    var parameters: Parameters { Parameters(since) }

    static func row(
        _ cells: (Int64, Double, Int64, Int64)
    ) throws(PostgresError) -> FleetLoad {
        FleetLoad(
            instances: Int(cells.0), inFlight: cells.1, shed: cells.2, shedByProviders: cells.3)
    }
}

struct FindScaling: Statement {
    static let sql = "SELECT wanted, greatest(decided_at, '2000-01-01Z') FROM tally.scaling"
    static let columns = Columns(Int64?.self, Timestamp.self)

    static func row(
        _ cells: (Int64?, Timestamp)
    ) throws(PostgresError) -> (wanted: Int?, decidedAt: Timestamp) {
        (cells.0.map { Int($0) }, cells.1)
    }
}

/// Only the first of those who saw the same number changes it.
struct ChangeScaling: Statement {
    static let sql = """
        UPDATE tally.scaling SET wanted = $1, decided_at = $2
        WHERE wanted IS NOT DISTINCT FROM $3 AND decided_at < $2 RETURNING wanted
        """
    static let columns = Columns(Int64?.self)
    let wanted: Int
    let from: Int?
    let now: Timestamp
    var parameters: Parameters { Parameters(Int64(wanted), now, from.map { Int64($0) }) }
}
