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
        let new = try newRun(kind, request, in: ledger, id: id, scope: scope)
        return try await pool.transaction { try Self.insert(new, in: $0) }
    }

    private func newRun(
        _ kind: String, _ request: String, in ledger: LedgerID, id: EventID, scope: KeyScope
    ) throws(RunRefusal) -> InsertRun {
        guard kinds[kind] != nil else { throw .unknownKind(kind) }
        let bytes = request.utf8.count
        guard bytes <= Self.textBytesMax else {
            throw .requestTooLarge(bytes: bytes, max: Self.textBytesMax)
        }
        return InsertRun(
            ledger: ledger, run: id, kind: kind, scope: scope.rawValue, request: request,
            unfinishedMax: Int64(Self.unfinishedMax))
    }

    private static func insert(_ new: InsertRun, in session: Session) throws -> Run {
        try session.execute(
            DropOldRuns(ledger: new.ledger, kind: new.kind, kept: Int64(finishedMax)))
        guard let run = try session.first(new) else {
            throw RunRefusal.tooManyWaiting(max: unfinishedMax)
        }
        return run
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
        let new = try newRun(kind, request, in: ledger, id: id, scope: scope)
        let left = FindClaimable(
            kinds: [kind], silence: silence, abandoned: .init(ledger: ledger, request: request))
        var mine: ClaimedRun?
        if let left = try await pool.session({ try $0.first(left) }) {
            mine = try await claim(left.run, in: ledger)
        }
        let wasResumed = mine != nil
        if mine == nil {
            // In one transaction, so that nobody else gets it.
            let claim = claiming(id, in: ledger)
            mine = try await pool.transaction { session in
                _ = try Self.insert(new, in: session)
                return try session.first(claim)
            }
        }
        guard let mine else { throw RunLost(run: id) }
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
        let claim = claiming(run, in: ledger)
        let claimed = try await pool.session { try $0.first(claim) }
        guard let claimed, claimed.state == .running else { return nil }
        working.withLock { _ = $0.insert(claimed.run) }
        return claimed
    }

    private func claiming(_ run: EventID, in ledger: LedgerID) -> ClaimRun {
        ClaimRun(
            ledger: ledger, run: run, owner: instance, silence: silence,
            attemptsMax: Int32(Self.attemptsMax))
    }

    /// Works on a claimed run and writes how it ended; the error that a caller should see.
    private func work(
        on claimed: ClaimedRun,
        _ listener: @escaping @Sendable (Int64, Int64?) -> Void = { _, _ in }
    ) async -> (any Error)? {
        defer { working.withLock { _ = $0.remove(claimed.run) } }
        guard let kind = kinds[claimed.kind] else { return RunRefusal.unknownKind(claimed.kind) }
        return await OwnedRun(
            claimed, kind, pool: pool, heartbeat: settings.heartbeat, listener, report
        ).work()
    }
}
