import Booking
import EventStore
import LedgerModel
import LoadManagement
import Routing
import Server

/// This instance among all of a service: tells its load, decides how many are wanted, measures both.
struct ServiceFleet: Sendable {
    private let load: LoadManager
    private let deployment: Deployment
    private let registry: PrometheusRegistry
    private let fleet: Fleet
    private let instance = makeEventID()
    /// Where decisions are booked.
    private let ledger: LedgerID

    init(
        _ load: LoadManager, of deployment: Deployment, bookingIn ledger: LedgerID,
        registry: PrometheusRegistry
    ) {
        self.load = load
        self.deployment = deployment
        self.registry = registry
        self.ledger = ledger
        fleet = Fleet(pool: deployment.pool)
        registry.announceScaling()
    }

    /// To be called every few seconds; see `Fleet.interval`.
    func tell() async throws {
        try await fleet.say(load.takeSpan(), of: instance, at: .now)
        if let policy = load.policy.scaling,
            let made = try await fleet.decide(under: policy, at: .now)
        {
            registry.count(made.decision)
            var event = Event(id: makeEventID(), kind: .scalingDecided, occurredAt: .now)
            event.detail = try Labels(made.decision.facts(made.load))
            let booked = event
            _ = try await deployment.ledgers.openLedger(ledger).store
                .append(Decision(id: event.id, on: []) { _, _ in [booked] })
        }
        registry.measure(load.measured(), wanted: try await fleet.standing(at: .now).wanted)
    }

    /// The instance goes: others need not wait for its silence.
    func leave() async throws { try await fleet.leave(instance) }
}
