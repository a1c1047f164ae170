package import EventStore
package import Experiments
package import LedgerModel
package import Postgres
import ReadModels
package import Subscriptions

/// Stops experiments once they have their answer.
///
/// It follows the read model of experiments, compares when that moves, and books
/// `experiment.stopped` with the evidence. The test is valid at any time, so frequent looks cost no
/// certainty. Each experiment's stop has one identity, so only the first instance books it.
package struct ExperimentReactor: Sendable {
    private let pool: Pool
    private let now: @Sendable () -> Timestamp
    private let open: @Sendable (LedgerID) async throws -> any LedgerStore
    private let stopped: @Sendable (Experiment) -> Void

    /// - Parameters:
    ///   - open: a ledger's writer.
    ///   - stopped: called for each experiment that this instance stopped.
    package init(
        pool: Pool, now: @escaping @Sendable () -> Timestamp,
        open: @escaping @Sendable (LedgerID) async throws -> any LedgerStore,
        stopped: @escaping @Sendable (Experiment) -> Void = { _ in }
    ) {
        self.pool = pool
        self.now = now
        self.open = open
        self.stopped = stopped
    }

    package var subscription: SubscriptionGroup {
        SubscriptionGroup(
            reacting: Subscription(
                name: "experiment_stops", definition: 1, patience: .seconds(1),
                follows: ReadModel.experiments.name, pagePositionsMax: Subscription.wholeLag)
        ) { delivery in
            try await stopDecided(in: delivery.range)
            return .done(state: delivery.state)
        }
    }

    private func stopDecided(in range: EventRange) async throws {
        let ledger = range.ledger
        // Most ledgers have no experiments, and need no writer.
        let decisions = try await pool.session { try $0.run(ListDecisions(ledger: ledger)) }
            .filter { !range.quarantine.contains($0.event.id) }
        let running = Experiment.all(from: decisions).values.filter(\.isRunning)
        if running.isEmpty { return }
        let service = ExperimentService(ledger: try await open(ledger), pool: pool)
        for experiment in running.sorted(by: { $0.since < $1.since }) {
            let report = try await service.report(on: experiment)
            guard let decision = report.decision else { continue }
            do {
                stopped(
                    try await service.stop(
                        experiment, keeping: decision.winner, reason: decision.reason.rawValue,
                        evidence: decision.evidence(at: report.position), at: now()))
            } catch ExperimentRefusal.alreadyStopped {
                // Another instance was faster.
            }
        }
    }
}
