package import LedgerModel
import LedgerSQL
package import Postgres
import Synchronization

/// The input of a run's work: the request, the checkpoint, and the way to report progress.
package struct RunContext: Sendable {
    package let run: EventID
    package let ledger: LedgerID
    /// The request, as the kind wrote it.
    package let request: String
    /// The last checkpoint; nil at the beginning.
    package let checkpoint: String?
    private let claim: RunClaim
    private let progress: RunProgress
    private let pool: Pool

    init(_ claimed: ClaimedRun, progress: RunProgress, pool: Pool) {
        run = claimed.run
        ledger = claimed.ledger
        request = claimed.request
        checkpoint = claimed.checkpoint
        claim = claimed.claim
        self.progress = progress
        self.pool = pool
    }

    /// Reports progress; cheap, because it is written at most once a second.
    package func progress(_ done: Int64, of total: Int64?) {
        progress.state.withLock { $0 = (done, total) }
    }

    /// Writes a checkpoint, from which the work resumes after a crash; it is durable when this
    /// returns.
    ///
    /// - Throws: `RunLost` if another process owns the run, or if it was cancelled.
    package func keep(_ checkpoint: String) async throws {
        try await pool.transaction { session in try self.keep(checkpoint, in: session) }
    }

    /// Writes a checkpoint within a transaction of the work, so that both become durable or neither
    /// does.
    package func keep(_ checkpoint: String, in session: Session) throws {
        let (done, total) = progress.state.withLock { $0 }
        let keep = BeatRun(claim, done: done, total: total, checkpoint: checkpoint)
        guard try session.first(keep) == false else { throw RunLost(run: run) }
    }
}

/// The outcome of a successful run.
package struct RunOutcome: Sendable {
    /// The result for callers, as JSON.
    package let result: String
    /// Further writes in the transaction that ends the run.
    package let commit: @Sendable (Session) throws -> Void

    package init(
        result: String, commit: @escaping @Sendable (Session) throws -> Void = { _ in }
    ) {
        self.result = result
        self.commit = commit
    }
}

/// The progress of a run, passed from the work to the heartbeat, which writes it.
final class RunProgress: Sendable {
    let state: Mutex<(done: Int64, total: Int64?)>

    init(done: Int64, total: Int64?) {
        state = Mutex((done, total))
    }
}
