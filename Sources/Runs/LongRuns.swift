package import Access
package import LedgerModel
import LedgerSQL
package import Postgres
import Synchronization

/// The registry of long runs: asked for by anybody, worked on by whichever process has time,
/// resumed at the last checkpoint when that process dies, and cancelled from anywhere.
///
/// A row of `tally.runs` is all there is to a run. Who works on it claims it by compare-and-set
/// and keeps a heartbeat; a run whose heartbeat is old is claimed by somebody else. Every write
/// names the claim, so an owner who was taken for dead finds out with its next one. No session
/// locks, no leader: it works behind a pooler too.
package final class LongRuns: Sendable {
    let pool: Pool
    let instance: EventID
    let settings: Settings
    private let kinds: [String: RunKind]
    private let report: @Sendable (RunTrouble) -> Void
    /// What this process works on now.
    private let working = Mutex<Set<EventID>>([])

    package struct Settings: Sendable {
        /// Runs that one process works on at a time.
        package var runningMax = 2
        /// How often an owner says that it is alive, writes its progress and looks whether the run
        /// was cancelled.
        package var heartbeat: Duration = .seconds(1)
        /// A run whose owner has been silent for so long is somebody else's.
        package var heartbeatAgeMax: Duration = .seconds(5)
        /// How often an idle process looks for runs.
        package var poll: Duration = .milliseconds(500)

        package init() {}
    }

    /// Runs of a ledger that wait or run at a time.
    package static let unfinishedMax = 16
    /// Finished runs of a kind that a ledger keeps; the oldest go first.
    package static let finishedMax = 100
    /// Bytes of a request, of a checkpoint and of a result.
    package static let textBytesMax = 32 << 20
    /// Claims without a checkpoint before a run counts as failed: it may be what kills its owners.
    package static let attemptsMax = 5

    /// - Parameters:
    ///   - instance: new for every process.
    ///   - report: told what went wrong, for the log.
    package init(
        pool: Pool, instance: EventID, kinds: [RunKind], settings: Settings = Settings(),
        report: @escaping @Sendable (RunTrouble) -> Void = { _ in }
    ) {
        self.pool = pool
        self.instance = instance
        self.kinds = Dictionary(kinds.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        self.settings = settings
        self.report = report
    }

    // MARK: Asking

    /// Takes a run on; some process will work on it shortly.
    ///
    /// - Parameters:
    ///   - id: new.
    ///   - scope: what it takes to cancel it.
    /// - Throws: `RunRefusal`.
    package func start(
        _ kind: String, _ request: String, in ledger: LedgerID, id: EventID, scope: KeyScope
    ) async throws -> Run {
        try await start(kind, request, in: ledger, id: id, scope: scope, owner: nil)
    }

    /// - Parameter owner: who works on it from the first moment.
    private func start(
        _ kind: String, _ request: String, in ledger: LedgerID, id: EventID, scope: KeyScope,
        owner: EventID?
    ) async throws -> Run {
        try check(kind, request)
        let insert = InsertRun(
            ledger: ledger, run: id, kind: kind, scope: scope.rawValue, request: request,
            owner: owner, unfinishedMax: Int64(Self.unfinishedMax))
        return try await pool.transaction { session in
            try session.execute(
                DropOldRuns(ledger: ledger, kind: kind, kept: Int64(Self.finishedMax)))
            guard let run = try session.first(insert) else {
                throw RunRefusal.tooManyWaiting(max: Self.unfinishedMax)
            }
            return run
        }
    }

    package func find(_ id: EventID, in ledger: LedgerID) async throws -> Run? {
        try await pool.session { try $0.first(FindRun(ledger: ledger, run: id)) }
    }

    /// The result of a run that is done.
    package func result(of id: EventID, in ledger: LedgerID) async throws -> String? {
        let find = FindRunResult(ledger: ledger, run: id)
        return try await pool.session { try $0.first(find) ?? nil }
    }

    /// The runs of some kinds, the newest first.
    package func list(_ kinds: [String], in ledger: LedgerID) async throws -> [Run] {
        try await pool.session { try $0.run(ListRuns(ledger: ledger, kinds: kinds)) }
    }

    /// Cancels a run, wherever it runs, and says how it stands; nil if there is none.
    ///
    /// A run that nobody works on is cancelled when this returns, any other within a second or two.
    /// One that has ended stays as it is.
    package func cancel(_ id: EventID, in ledger: LedgerID) async throws -> Run? {
        let cancel = CancelRun(ledger: ledger, run: id, silence: silence)
        return try await pool.session { session in
            try session.execute(cancel)
            return try session.first(FindRun(ledger: ledger, run: id))
        }
    }

    // MARK: Working

    /// Works on whatever waits until the task is cancelled; then gives back what it has, to be
    /// resumed by another process or at the next start.
    package func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                while let claimed = await claimNext() {
                    group.addTask { _ = await self.work(on: claimed) }
                }
                try? await Task.sleep(for: settings.poll)
            }
        }
    }

    /// Works on a run in the caller's task until it ends, and says how.
    ///
    /// The same request that a dead process left behind is resumed. When the task is cancelled the
    /// run is cancelled, because who waits for it does not want it any more.
    ///
    /// - Parameter progress: told how far it is, at least as often as it is written.
    package func runHere(
        _ kind: String, _ request: String, in ledger: LedgerID, id: EventID, scope: KeyScope,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64?) -> Void = { _, _ in }
    ) async throws -> (run: Run, wasResumed: Bool) {
        try check(kind, request)
        let abandoned = FindAbandoned(
            ledger: ledger, kind: kind, request: request, silence: silence)
        let left = try await pool.session { try $0.first(abandoned) }
        var claimed: ClaimedRun?
        if let left { claimed = try await claim(left, in: ledger) }
        let wasResumed = claimed != nil
        let mine: ClaimedRun
        if let claimed {
            mine = claimed
        } else {
            _ = try await start(
                kind, request, in: ledger, id: id, scope: scope, owner: instance)
            mine = ClaimedRun(
                ledger: ledger, run: id, kind: kind, request: request, checkpoint: nil, claim: 1,
                done: 0, total: nil)
        }
        let error = await work(on: mine, progress)
        if Task.isCancelled {
            _ = try await Task { try await self.cancel(mine.run, in: ledger) }.value
            throw CancellationError()
        }
        if let error { throw error }
        guard let run = try await find(mine.run, in: ledger) else { throw RunLost(run: mine.run) }
        guard run.state == .done else { throw CancellationError() }
        return (run, wasResumed)
    }

    private func check(_ kind: String, _ request: String) throws {
        guard kinds[kind] != nil else { throw RunRefusal.unknownKind(kind) }
        let bytes = request.utf8.count
        guard bytes <= Self.textBytesMax else {
            throw RunRefusal.requestTooLarge(bytes: bytes, max: Self.textBytesMax)
        }
    }

    /// Milliseconds of silence after which an owner is taken for dead.
    var silence: Int64 { Int64(settings.heartbeatAgeMax / .milliseconds(1)) }
}

/// What went wrong while working on runs, for the log.
package enum RunTrouble: Sendable {
    case failed(run: EventID, kind: String, error: any Error)
    case interrupted(run: EventID, kind: String, error: any Error)
    case cannotLook(any Error)
}

// MARK: - Claiming

extension LongRuns {
    /// Claims the oldest run that waits or that its owner has left, if this process has time.
    private func claimNext() async -> ClaimedRun? {
        let isBusy = working.withLock { $0.count >= settings.runningMax }
        if isBusy { return nil }
        do {
            let find = FindClaimable(kinds: kinds.keys.sorted(), silence: silence)
            let candidates = try await pool.session { session in
                try session.execute(EndCancelledRuns(silence: find.silence))
                return try session.run(find)
            }
            for candidate in candidates {
                if working.withLock({ $0.contains(candidate.run) }) { continue }
                if let claimed = try await claim(candidate.run, in: candidate.ledger) {
                    return claimed
                }
            }
        } catch {
            if !Task.isCancelled { report(.cannotLook(error)) }
        }
        return nil
    }

    /// Makes a run this process's own; nil if somebody was faster or it has failed too often.
    private func claim(_ run: EventID, in ledger: LedgerID) async throws -> ClaimedRun? {
        let giveUp = GiveUpRun(
            ledger: ledger, run: run, attemptsMax: Int32(Self.attemptsMax), silence: silence)
        let claim = ClaimRun(ledger: ledger, run: run, owner: instance, silence: silence)
        let claimed = try await pool.session { session in
            try session.execute(giveUp)
            return try session.first(claim)
        }
        if let claimed { working.withLock { _ = $0.insert(claimed.run) } }
        return claimed
    }
}

// MARK: - Working on one run

extension LongRuns {
    private enum Ending {
        case finished(RunOutcome)
        case threw(any Error)
        case cancelRequested
        case lost
        /// The heart stopped because everything else did.
        case stopped
    }

    /// Works on a claimed run and writes how it ended; the error that a caller should see.
    private func work(
        on claimed: ClaimedRun,
        _ listener: @escaping @Sendable (Int64, Int64?) -> Void = { _, _ in }
    ) async -> (any Error)? {
        defer { working.withLock { _ = $0.remove(claimed.run) } }
        guard let kind = kinds[claimed.kind] else { return RunRefusal.unknownKind(claimed.kind) }
        let progress = RunProgress(done: claimed.done, total: claimed.total)
        let context = RunContext(
            run: claimed.run, ledger: claimed.ledger, request: claimed.request,
            checkpoint: claimed.checkpoint, claim: claimed.claim, progress: progress, pool: pool)
        let ending = await withTaskGroup(of: Ending.self) { group in
            group.addTask {
                do { return .finished(try await kind.work(context)) } catch { return .threw(error) }
            }
            group.addTask { await self.beat(for: claimed, progress, listener) }
            let first = await group.next() ?? .stopped
            group.cancelAll()
            let second = await group.next() ?? .stopped
            if case .stopped = first { return second }
            return first
        }
        // How it ended is written even when this process is told to stop.
        let isStopping = Task.isCancelled
        return await Task { await self.write(ending, of: claimed, isStopping: isStopping) }.value
    }

    /// Keeps the run alive until its work ends, it is cancelled, or somebody else has it.
    private func beat(
        for claimed: ClaimedRun, _ progress: RunProgress,
        _ listener: @Sendable (Int64, Int64?) -> Void
    ) async -> Ending {
        while true {
            do { try await Task.sleep(for: settings.heartbeat) } catch { return .stopped }
            let (done, total) = progress.state.withLock { $0 }
            listener(done, total)
            let beat = BeatRun(
                ledger: claimed.ledger, run: claimed.run, claim: claimed.claim, done: done,
                total: total)
            do {
                let answer = try await pool.session { try $0.first(beat) }
                guard let isCancelRequested = answer else { return .lost }
                if isCancelRequested { return .cancelRequested }
            } catch {
                // The database is away: the work will notice, or the next beat comes through.
                if Task.isCancelled { return .stopped }
            }
        }
    }

    private func write(
        _ ending: Ending, of claimed: ClaimedRun, isStopping: Bool
    ) async -> (any Error)? {
        do {
            switch ending {
            case .finished(let outcome):
                return try await finish(claimed, with: outcome)
            case .cancelRequested:
                try await end(claimed, as: .cancelled, nil)
            case .lost:
                return RunLost(run: claimed.run)
            case .stopped:
                try await release(claimed)
                return CancellationError()
            case .threw(let error):
                return try await write(error, of: claimed, isStopping: isStopping)
            }
            return nil
        } catch let lost as RunLost {
            return lost
        } catch {
            // Left as it is: after a silence somebody claims it and goes on at its checkpoint.
            report(.interrupted(run: claimed.run, kind: claimed.kind, error: error))
            return error
        }
    }

    private func write(
        _ error: any Error, of claimed: ClaimedRun, isStopping: Bool
    ) async throws -> (any Error)? {
        if isStopping {
            try await release(claimed)
            return CancellationError()
        }
        if error is RunLost {
            // If it still is ours, it was cancelled before the heart noticed.
            try await end(claimed, as: .cancelled, nil)
            return error
        }
        return try await fail(claimed, error)
    }

    private func finish(
        _ claimed: ClaimedRun, with outcome: RunOutcome
    ) async throws -> (any Error)? {
        guard outcome.result.utf8.count <= Self.textBytesMax else {
            return try await fail(claimed, ResultTooLarge())
        }
        let finish = FinishRun(
            ledger: claimed.ledger, run: claimed.run, claim: claimed.claim,
            result: outcome.result)
        do {
            try await pool.transaction { session in
                // First the row, whose lock keeps everybody else from finishing it too.
                guard try !session.run(finish).isEmpty else { throw RunLost(run: claimed.run) }
                try outcome.commit(session)
            }
            return nil
        } catch let lost as RunLost {
            // Cancelled in the last moment, perhaps: then nobody else has written that.
            try await end(claimed, as: .cancelled, nil)
            throw lost
        } catch {
            return try await fail(claimed, error)
        }
    }

    /// Ends a run whose work failed; one that only met a database that was away goes on later.
    private func fail(_ claimed: ClaimedRun, _ error: any Error) async throws -> any Error {
        if let database = error as? PostgresError,
            database.isConnectionGone || database.isRetryable || database.code == .diskFull
        {
            throw error
        }
        report(.failed(run: claimed.run, kind: claimed.kind, error: error))
        try await end(claimed, as: .failed, "\(error)")
        return error
    }

    private func end(
        _ claimed: ClaimedRun, as state: Run.State, _ error: String?
    ) async throws {
        let end = EndRun(
            ledger: claimed.ledger, run: claimed.run, claim: claimed.claim,
            state: state.rawValue, error: error)
        try await pool.session { _ = try $0.execute(end) }
    }

    /// Gives the run back at its checkpoint, for another process or for the next start.
    private func release(_ claimed: ClaimedRun) async throws {
        let release = ReleaseRun(
            ledger: claimed.ledger, run: claimed.run, claim: claimed.claim)
        try await pool.session { _ = try $0.execute(release) }
    }
}

private struct ResultTooLarge: Fault {
    var kind: FaultKind { .tooLarge }

    var description: String {
        "the result has more than \(LongRuns.textBytesMax >> 20) MiB: ask for less at once"
    }
}
