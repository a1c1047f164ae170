package import EventStore
package import Experiments
package import LedgerModel
import LedgerSQL
package import Postgres
import Synchronization

/// Stops experiments by itself once they have their answer.
///
/// It compares when the read model of a ledger moved, and books `experiment.stopped` with the
/// evidence. The test may be looked at at any time, so looking often costs no certainty. The stop
/// has one identity an experiment: whichever instance books it first, there is one.
package final class ExperimentReactor: Sendable {
    private let pool: Pool
    private let open: @Sendable (LedgerID) async throws -> any LedgerStore
    private let seen = Mutex<[LedgerID: Int64]>([:])

    /// - Parameter open: a ledger's writer.
    package init(
        pool: Pool, open: @escaping @Sendable (LedgerID) async throws -> any LedgerStore
    ) {
        self.pool = pool
        self.open = open
    }

    /// Stops what can be stopped, in every ledger; what was stopped.
    ///
    /// A ledger that fails does not keep the others waiting; its error comes out at the end.
    @discardableResult
    package func pass(at now: @Sendable () -> Timestamp) async throws -> [Experiment] {
        var stopped: [Experiment] = []
        var failure: (any Error)?
        for (ledger, position) in try await pool.session({ try $0.run(ListExperimentalLedgers()) })
        where seen.withLock({ $0[ledger] }) != position {
            do {
                stopped += try await stop(in: ledger, at: now)
                seen.withLock { $0[ledger] = position }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return stopped
    }

    private func stop(
        in ledger: LedgerID, at now: @Sendable () -> Timestamp
    ) async throws -> [Experiment] {
        let service = ExperimentService(ledger: try await open(ledger), pool: pool)
        var stopped: [Experiment] = []
        for experiment in try await service.list() where experiment.isRunning {
            let report = try await service.report(on: experiment)
            guard let decision = report.decision else { continue }
            do {
                stopped.append(
                    try await service.stop(
                        experiment, keeping: decision.winner, reason: decision.reason.rawValue,
                        evidence: decision.evidence(at: report.position), at: now()))
            } catch ExperimentRefusal.alreadyStopped {
                // Another instance was faster.
            }
        }
        return stopped
    }
}
