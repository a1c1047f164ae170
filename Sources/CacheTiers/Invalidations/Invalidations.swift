import Caching
import LedgerModel
import LedgerSQL
import Postgres
import Synchronization

/// How instances tell each other what is invalid.
///
/// An invalidation is a row with the next number, made under the lock of one row, so numbers become
/// visible in their order. NOTIFY says that there is one; a look at the number every quarter of a
/// second says so too, so nothing depends on a message. An instance that had no answer from the
/// database for a second is not sure of what it has, and gives nothing.
///
/// Without a database this counts for one process.
final class Invalidations: Sendable {
    private let pool: Pool?
    private let clock: TierClock
    private let unheardMax: Duration?
    private let report: @Sendable (CacheNotice) -> Void
    private let state: Mutex<State>

    private struct State {
        var window = InvalidationWindow()
        var heardAt: Timestamp?
        var counts = CacheTierCounts.Hearing()
        var isReportedUnheard = false
        var missedThen = 0
    }

    /// A fetch takes no longer, and what it brings is stored no later.
    static let closeAfter: Duration = .seconds(900)
    /// After which somebody else removes what an invalidation means.
    static let sweepAfter: Duration = .seconds(10)
    /// For how long numbers can be read back.
    static let keptMax: Duration = .seconds(86_400)
    /// Waiting for a connection included.
    static let statementMax: Duration = .seconds(10)
    /// On the connection that listens, where nobody else is in the way.
    static let lookMax: Duration = .seconds(2)

    init(
        pool: Pool?, clock: TierClock, unheardMax: Duration?,
        report: @escaping @Sendable (CacheNotice) -> Void
    ) {
        self.pool = pool
        self.clock = clock
        self.unheardMax = pool == nil ? nil : unheardMax
        self.report = report
        state = Mutex(State())
    }

    var hasDatabase: Bool { pool != nil }
    var applied: Int64? { state.withLock { $0.window.applied } }

    var counts: CacheTierCounts.Hearing {
        state.withLock { state in
            var counts = state.counts
            counts.sequence = state.window.applied ?? 0
            return counts
        }
    }

    /// Whether what this instance has can be given out.
    func isSure(at now: Timestamp) -> Bool {
        state.withLock { state in
            guard state.window.applied != nil else { return false }
            guard let unheardMax else { return true }
            guard let heardAt = state.heardAt else { return false }
            return heardAt.advanced(by: unheardMax) >= now
        }
    }

    /// Whether nothing that became known forbids an answer.
    func admits(
        _ answer: StoredAnswer, bytes: Int, at address: CacheAddress, isArriving: Bool
    ) -> Bool {
        state.withLock {
            $0.window.admits(answer, bytes: bytes, at: address, isArriving: isArriving)
        }
    }

    /// Those that came after one; nil if they are not all here.
    func records(after sequence: Int64) -> [InvalidationRecord]? {
        state.withLock { $0.window.records(after: sequence) }
    }

    // MARK: - Without a database

    func begin(at sequence: Int64) {
        state.withLock { $0.window.begin(at: sequence, closed: 0, []) }
    }

    func recordHere(_ predicate: CachePredicate, _ ledger: LedgerID, at now: Timestamp) -> Int64 {
        state.withLock { state in
            let sequence = (state.window.applied ?? 0) + 1
            _ = state.window.take([
                InvalidationRecord(
                    sequence: sequence, ledger: ledger, madeAt: now, predicate: predicate)
            ])
            state.counts.applied += 1
            return sequence
        }
    }

    func closeHere(at now: Timestamp) {
        let limit = now.advanced(byMicroseconds: -Self.closeAfter.microseconds)
        state.withLock { state in
            if let last = state.window.last(madeBefore: limit) { state.window.close(upTo: last) }
        }
    }

    // MARK: - Hearing

    /// What the database says of invalidations after a number.
    struct News: Sendable {
        let head: Int64
        let closed: Int64
        let records: [InvalidationRecord]
        /// Whether all open ones are among the records, for a beginning.
        let hasOpen: Bool
    }

    /// What to do about news.
    enum Verdict: Equatable {
        case nothing
        /// These became known: remove what they mean.
        case obey([InvalidationRecord])
        /// Too much was missed: remove everything.
        case drop
    }

    /// Reads the news; most looks cost one row.
    static func news(after applied: Int64?, in session: Session) throws(PostgresError) -> News {
        let head = try session.one(ReadCacheHead())
        guard let applied, applied <= head.sequence else {
            let open = try session.run(
                ReadInvalidations(
                    after: head.sequence, withOpen: true,
                    limit: Int64(InvalidationWindow.recordsMax)))
            return News(
                head: open.last.map { max($0.sequence, head.sequence) } ?? head.sequence,
                closed: head.closed, records: open, hasOpen: true)
        }
        guard applied < head.sequence else {
            return News(head: head.sequence, closed: head.closed, records: [], hasOpen: false)
        }
        let records = try session.run(
            ReadInvalidations(after: applied, limit: Int64(InvalidationWindow.recordsMax)))
        return News(
            head: max(head.sequence, records.last?.sequence ?? 0), closed: head.closed,
            records: records, hasOpen: false)
    }

    func news() async throws -> News? {
        guard let pool else { return nil }
        let applied = applied
        return try await pool.session(deadline: Self.statementMax) { session in
            try Self.news(after: applied, in: session)
        }
    }

    /// Takes in news; who calls it has to do what it says.
    ///
    /// - Parameter told: numbers that notifications told of; nil where nobody listens.
    func absorb(_ news: News, told: Set<Int64>?) -> Verdict {
        let (verdict, from) = state.withLock { state -> (Verdict, Int64) in
            let before = state.window.applied
            if news.hasOpen {
                let isWhole = news.records.count < InvalidationWindow.recordsMax
                state.window.begin(
                    at: news.head, closed: news.closed, isWhole ? news.records : nil)
                // Numbers that went back mean another database, or one from a backup.
                return (before == nil ? .nothing : .drop, before ?? 0)
            }
            let isWhole = news.records.last?.sequence ?? before == news.head
            guard isWhole || (before ?? 0) >= news.head,
                let fresh = state.window.take(news.records)
            else {
                state.window.begin(at: news.head, closed: news.closed, nil)
                state.counts.drops += 1
                return (.drop, before ?? 0)
            }
            state.window.close(upTo: news.closed)
            state.counts.applied += fresh.count
            if let told {
                let missed = fresh.filter { !told.contains($0.sequence) }.count
                state.counts.missed += missed
            }
            return (fresh.isEmpty ? .nothing : .obey(fresh), before ?? 0)
        }
        if verdict == .drop { report(.dropped(from: from + 1, to: news.head)) }
        return verdict
    }

    /// Everything that the database knew at a time has been obeyed.
    func heard(at time: Timestamp) {
        let missed = state.withLock { state -> Int? in
            state.heardAt = max(state.heardAt ?? time, time)
            guard state.isReportedUnheard else {
                state.missedThen = state.counts.applied
                return nil
            }
            state.isReportedUnheard = false
            return state.counts.applied - state.missedThen
        }
        if let missed { report(.heardAgain(missed: missed)) }
    }

    /// A look at the news failed; says so once the instance is no longer sure.
    func failed(_ error: any Error) {
        let now = clock.now()
        guard !isSure(at: now) else { return }
        let isNew = state.withLock { state in
            defer { state.isReportedUnheard = true }
            return !state.isReportedUnheard
        }
        if isNew { report(.unheard(reason: "\(error)")) }
    }

    // MARK: - Making them

    /// Records an invalidation for all instances; returns its number.
    func record(_ predicate: CachePredicate, _ ledger: LedgerID, in pool: Pool) async throws
        -> Int64
    {
        let record = RecordInvalidation(ledger: ledger, predicate: predicate)
        return try await pool.transaction(deadline: Self.statementMax) { session in
            let sequence = try session.one(record)
            try session.execute(NotifyInvalidation(sequence: sequence))
            return sequence
        }
    }

    var database: Pool? { pool }

    func markSwept(_ sequence: Int64) async throws {
        guard let pool else { return }
        try await pool.session(deadline: Self.statementMax) { session in
            try session.execute(MarkSwept(sequence: sequence))
        }
    }

    /// Reads back what came after a number, for a disk that was away; nil if it isn't all there.
    func readBack(after sequence: Int64, upTo applied: Int64) async throws -> [InvalidationRecord]?
    {
        guard let pool, sequence <= applied else { return nil }
        let limit = Int64(InvalidationWindow.recordsMax)
        let read = ReadInvalidations(after: sequence, limit: limit)
        let all = try await pool.session(deadline: Self.statementMax) { try $0.run(read) }
        let records = all.filter { $0.sequence <= applied }
        return Int64(records.count) == applied - sequence ? records : nil
    }

    // MARK: - Cleaning up

    /// Whether this instance is the one that cleans up for a while.
    func claimTending(for term: Duration) async throws -> Bool {
        guard let pool else { return true }
        let claim = ClaimTending(term: term)
        return try await pool.session(deadline: Self.statementMax) { try $0.first(claim) } != nil
    }

    /// Completes invalidations: what they mean is removed at once, and again when nothing from
    /// before them can arrive any more.
    func tend(
        removing remove: (InvalidationRecord) async throws -> Void
    ) async throws {
        guard let pool else { return }
        let list = ListUnswept(sweepAfter: Self.sweepAfter, closeAfter: Self.closeAfter)
        let due = try await pool.session(deadline: Self.statementMax) { try $0.run(list) }
        for record in due {
            try await remove(record)
            try await markSwept(record.sequence)
        }
        try await pool.session(deadline: Self.statementMax) { session in
            if let last = due.last?.sequence {
                try session.execute(CloseInvalidations(upTo: last, closeAfter: Self.closeAfter))
            }
            try session.execute(ForgetInvalidations(after: Self.keptMax))
        }
    }
}
