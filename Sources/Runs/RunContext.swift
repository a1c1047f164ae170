package import LedgerModel
import LedgerSQL
package import Postgres
import Synchronization

/// What the work of a run is given: what to do, where to go on, and where to say how far it is.
package struct RunContext: Sendable {
    package let run: EventID
    package let ledger: LedgerID
    /// What was asked for, as the kind wrote it.
    package let request: String
    /// What whoever worked on it before kept last; nil at the beginning.
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

    /// Says how far the work is; cheap, because it is written at most once a second.
    package func progress(_ done: Int64, of total: Int64?) {
        progress.state.withLock { $0 = (done, total) }
    }

    /// Keeps where the work would go on after a crash, durably once it returns.
    ///
    /// - Throws: `RunLost` if somebody else has the run, or if it shall end.
    package func keep(_ checkpoint: String) async throws {
        try await pool.transaction { session in try self.keep(checkpoint, in: session) }
    }

    /// The same within a transaction of the work, so that both become durable or neither.
    package func keep(_ checkpoint: String, in session: Session) throws {
        let (done, total) = progress.state.withLock { $0 }
        let keep = BeatRun(claim, done: done, total: total, checkpoint: checkpoint)
        guard try session.first(keep) == false else { throw RunLost(run: run) }
    }
}

/// How a run ended well.
package struct RunOutcome: Sendable {
    /// JSON, for whoever asks for the run.
    package let result: String
    /// What else becomes true with the end of the run, in the same transaction.
    package let commit: @Sendable (Session) throws -> Void

    package init(
        result: String, commit: @escaping @Sendable (Session) throws -> Void = { _ in }
    ) {
        self.result = result
        self.commit = commit
    }
}

/// How far a run is, between the work that says it and the heartbeat that writes it.
final class RunProgress: Sendable {
    let state: Mutex<(done: Int64, total: Int64?)>

    init(done: Int64, total: Int64?) {
        state = Mutex((done, total))
    }
}
