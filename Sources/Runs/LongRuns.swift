package import Access
package import LedgerModel
import LedgerSQL
package import Postgres
import Synchronization

/// The registry of long runs: requested by any caller, executed by any idle process, resumed at the
/// last checkpoint if that process dies, and cancelled from anywhere.
///
/// A run is a row of `tally.runs`. Its owner claims it by compare-and-set and keeps a heartbeat; a
/// run whose heartbeat is old may be claimed by another process. Every write names the claim, so an
/// owner that lost its run finds out with its next write. There are no session locks and no leader,
/// so it works behind a pooler too.
package final class LongRuns: Sendable {
    let pool: Pool
    let instance: EventID
    let settings: Settings
    private let kinds: [String: RunKind]
    private let report: @Sendable (RunTrouble) -> Void
    /// The runs that this process is working on.
    private let working = Mutex<Set<EventID>>([])

    package struct Settings: Sendable {
        /// The most runs that one process works on at a time.
        package var runningMax = 2
        /// The interval at which an owner renews its claim, writes its progress and checks whether
        /// the run was cancelled.
        package var heartbeat: Duration = .seconds(1)
        /// The silence of an owner after which another process may claim the run.
        package var heartbeatAgeMax: Duration = .seconds(5)
        /// The interval at which an idle process looks for runs.
        package var poll: Duration = .milliseconds(500)

        package init() {}
    }

    /// The most runs of a ledger that are queued or running.
    package static let unfinishedMax = 16
    /// The most finished runs of a kind that a ledger keeps; the oldest are deleted first.
    package static let finishedMax = 100
    /// The most bytes of a request, of a checkpoint and of a result.
    package static let textBytesMax = 32 << 20
    /// The claims without a checkpoint after which a run counts as failed: it may be what crashes
    /// its owners.
    package static let attemptsMax = 5

    /// - Parameters:
    ///   - instance: a name that is unique to this process.
    ///   - report: called with errors, for the log.
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

    /// Stores a new run; some process will work on it shortly.
    ///
    /// - Parameters:
    ///   - id: a new id.
    ///   - scope: the scope that is needed to cancel it.
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

    /// Cancels a run, in whichever process it runs, and returns its state; nil if there is no such
    /// run.
    ///
    /// A run without an owner is cancelled when this returns, any other within a second or two. A
    /// run that has ended stays as it is.
    package func cancel(_ id: EventID, in ledger: LedgerID) async throws -> Run? {
        let cancel = CancelRun(ledger: ledger, run: id, silence: silence)
        return try await pool.session { session in
            try session.execute(cancel)
            return try session.first(FindRun(ledger: ledger, run: id))
        }
    }

    // MARK: Working

    /// Works on queued runs until the task is cancelled; then releases its runs, to be resumed by
    /// another process or at the next start.
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

    /// Works on a run in the caller's task until it ends, and returns the outcome.
    ///
    /// If a dead process left the same request behind, it is resumed. If the task is cancelled, the
    /// run is cancelled too, because its caller no longer waits for it.
    ///
    /// - Parameter progress: called with the progress, at least as often as it is written.
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
            // In one transaction, so that no other process claims it.
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

    /// Milliseconds of silence after which an owner is considered dead.
    var silence: Int64 { Int64(settings.heartbeatAgeMax / .milliseconds(1)) }
}

/// An error while working on runs, for the log.
package enum RunTrouble: Sendable {
    case failed(run: EventID, kind: String, error: any Error)
    case interrupted(run: EventID, kind: String, error: any Error)
    case cannotLook(any Error)
}

// MARK: - Claiming

extension LongRuns {
    /// Claims the oldest run that is queued or abandoned, if this process has capacity.
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

    /// Claims a run for this process; nil if another process was faster or the run failed too
    /// often.
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

    /// Works on a claimed run and writes the outcome; returns the error for the caller, if any.
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
