import LedgerModel
package import Postgres
import Routing

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let fleetStatements: [any Statement] = {
    let id = EventID(high: 1, low: 2)
    let now = Timestamp.earliest
    return [
        SayLoad(instance: id, load: FleetLoad(), now: now), DropInstance(instance: id),
        DropInstances(before: now), FindFleet(since: now), FindScaling(),
        ChangeScaling(wanted: 1, from: nil, now: now),
    ]
}()
