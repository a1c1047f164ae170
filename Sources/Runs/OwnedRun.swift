import LedgerModel
import Postgres
import Synchronization

/// A run that this process has claimed: the work, its heartbeat, and the outcome.
struct OwnedRun: Sendable {
    private let claimed: ClaimedRun
    private let kind: RunKind
    private let pool: Pool
    private let heartbeat: Duration
    private let listener: @Sendable (Int64, Int64?) -> Void
    private let report: @Sendable (RunTrouble) -> Void
    private let progress: RunProgress

    private enum Ending {
        case finished(RunOutcome)
        case threw(any Error)
        case cancelRequested
        case lost
        /// The heartbeat ended because the work did.
        case stopped
    }

    init(
        _ claimed: ClaimedRun, _ kind: RunKind, pool: Pool, heartbeat: Duration,
        _ listener: @escaping @Sendable (Int64, Int64?) -> Void,
        _ report: @escaping @Sendable (RunTrouble) -> Void
    ) {
        self.claimed = claimed
        self.kind = kind
        self.pool = pool
        self.heartbeat = heartbeat
        self.listener = listener
        self.report = report
        progress = RunProgress(done: claimed.done, total: claimed.total)
    }

    /// Works until the run ends and writes the outcome; returns the error for the caller, if any.
    func work() async -> (any Error)? {
        let context = RunContext(claimed, progress: progress, pool: pool)
        let ending = await withTaskGroup(of: Ending.self) { group in
            group.addTask {
                do {
                    return .finished(try await self.kind.work(context))
                } catch {
                    return .threw(error)
                }
            }
            group.addTask { await self.beat() }
            let first = await group.next() ?? .stopped
            group.cancelAll()
            let second = await group.next() ?? .stopped
            if case .stopped = first { return second }
            return first
        }
        // The outcome is written even if this process is told to stop.
        let isStopping = Task.isCancelled
        return await Task { await self.write(ending, isStopping: isStopping) }.value
    }

    /// Sends heartbeats until the work ends, the run is cancelled, or another process has it.
    private func beat() async -> Ending {
        while true {
            do { try await Task.sleep(for: heartbeat) } catch { return .stopped }
            let (done, total) = progress.state.withLock { $0 }
            listener(done, total)
            let beat = BeatRun(claimed.claim, done: done, total: total)
            do {
                let answer = try await pool.session { try $0.first(beat) }
                guard let isCancelRequested = answer else { return .lost }
                if isCancelRequested { return .cancelRequested }
            } catch {
                // The database is unavailable: the work will notice, or the next heartbeat
                // succeeds.
                if Task.isCancelled { return .stopped }
            }
        }
    }

    // MARK: Endings

    private func write(_ ending: Ending, isStopping: Bool) async -> (any Error)? {
        do {
            switch ending {
            case .finished(let outcome): return try await finish(with: outcome)
            case .cancelRequested:
                try await end(as: .cancelled)
                return nil
            case .lost: return RunLost(run: claimed.run)
            case .threw(let error as RunLost) where !isStopping:
                // If we still own it, it was cancelled before the heartbeat noticed.
                try await end(as: .cancelled)
                return error
            case .threw(let error) where !isStopping: return try await fail(error)
            case .stopped, .threw:
                // Released at its checkpoint, for another process or for the next start.
                let release = ReleaseRun(claim: claimed.claim)
                try await pool.session { _ = try $0.execute(release) }
                return CancellationError()
            }
        } catch {
            // Left as it is: after a silence, another process claims it and resumes at its
            // checkpoint.
            report(.interrupted(run: claimed.run, kind: claimed.kind, error: error))
            return error
        }
    }

    private func finish(with outcome: RunOutcome) async throws -> (any Error)? {
        guard outcome.result.utf8.count <= LongRuns.textBytesMax else {
            return try await fail(ResultTooLarge())
        }
        let end = EndRun(claimed.claim, as: .done, result: outcome.result)
        let lost = RunLost(run: claimed.run)
        do {
            try await pool.transaction { session in
                // The row comes first: its lock prevents others from finishing the run too.
                guard try !session.run(end).isEmpty else { throw lost }
                try outcome.commit(session)
            }
            return nil
        } catch is RunLost {
            // It may have been cancelled at the last moment; then nobody else has written that.
            try await self.end(as: .cancelled)
            return lost
        } catch {
            return try await fail(error)
        }
    }

    /// Ends a run whose work failed; if only the database was unavailable, the run is resumed
    /// later.
    private func fail(_ error: any Error) async throws -> any Error {
        if let database = error as? PostgresError,
            database.isConnectionGone || database.isRetryable || database.code == .diskFull
        {
            throw error
        }
        report(.failed(run: claimed.run, kind: claimed.kind, error: error))
        try await end(as: .failed, "\(error)")
        return error
    }

    private func end(as state: Run.State, _ error: String? = nil) async throws {
        let end = EndRun(claimed.claim, as: state, error: error)
        try await pool.session { _ = try $0.run(end) }
    }
}

private struct ResultTooLarge: Fault {
    var kind: FaultKind { .tooLarge }

    var description: String {
        "the result has more than \(LongRuns.textBytesMax >> 20) MiB: ask for less at a time"
    }
}
