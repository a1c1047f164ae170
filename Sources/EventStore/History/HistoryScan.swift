package import LedgerModel
package import Postgres
import Synchronization

/// Scans a history page by page with several workers, and resumes after a crash.
///
/// Each page is read in a short transaction of its own. While the server formats rows for one
/// worker, another folds its own. From time to time their findings are saved with the pages they
/// came from, so a killed scan resumes there and finds exactly the same.
///
/// A new question about the past ("what would that have cost, had we …") is a worker:
///
///     final class CacheWorker: HistoryWorker {
///         private let query: HistoryQuery // which rows and columns it needs
///         private let pool: Pool
///         private let fold: Mutex<CacheFold> // what it makes of them, without a database
///
///         func work(on page: HistoryPage) async throws {
///             try await pool.transaction(readOnly: true) { session in
///                 try self.fold.withLock { fold in
///                     try self.query.read(.page(page), in: session) { fold.take($0) }
///                 }
///             }
///         }
///
///         func drain(into sums: inout CacheSums) { sums += fold.withLock { $0.drain() } }
///     }
///
///     let found = try await HistoryScan(ledger: ledger, pool: pool).run(
///         from: checkpoint, beginningWith: CacheSums(), keep: keep, progress: progress
///     ) { _ in CacheWorker(query, pool) }
///
/// A fold that depends on the order of events sets `isOrdered` on the query and `workers` to 1.
package struct HistoryScan: Sendable {
    private let ledger: LedgerID
    let pool: Pool
    /// Which pages are read; pages that cannot hold an event of the filter are skipped.
    package var filter = HistoryFilter()
    /// About how many rows one transaction reads.
    package var pageRows = Self.pageRowsDefault
    /// A single worker takes the pages in position order.
    package var workers = 2
    /// Whether to save a checkpoint before the first page too: a worker that writes to the ledger
    /// needs to know what was there before.
    package var keepsStart = false

    package static let pageRowsDefault: Int64 = 131_072

    package init(ledger: LedgerID, pool: Pool) {
        self.ledger = ledger
        self.pool = pool
    }

    /// Scans what the ledger holds now; ends early when its task is cancelled.
    ///
    /// - Parameters:
    ///   - checkpoint: the last one given to `keep`, to resume from; one by another version
    ///     or with other pages is ignored.
    ///   - keep: makes a checkpoint durable; called after the first page, then every few seconds.
    ///   - progress: called with the events done so far and those there are in all.
    ///   - makeWorker: given where the scan begins.
    package func run<Worker: HistoryWorker>(
        from checkpoint: String?, beginningWith sums: Worker.Sums,
        keep: (@Sendable (_ checkpoint: String) async throws -> Void)?,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void,
        makeWorker: (HistoryCheckpoint<Worker.Sums>) -> Worker
    ) async throws -> HistoryCheckpoint<Worker.Sums> {
        let (start, list) = try await plan(checkpoint, sums)
        if keepsStart, !start.isResumed { try await keep?(start.text) }
        let pages = PageQueue(list, done: start.pages, progress)
        let gathered = Gathered(start, keep: keep)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<min(workers, pages.count) {
                let worker = makeWorker(start)
                group.addTask { try await gathered.gather(worker, pages) }
            }
            // One failure stops the others.
            for try await _ in group {}
        }
        return gathered.checkpoint
    }

    private func plan<Sums>(
        _ checkpoint: String?, _ sums: Sums
    ) async throws -> (HistoryCheckpoint<Sums>, [HistoryPage]) {
        let (ledger, filter, pageRows) = (self.ledger, self.filter, self.pageRows)
        var left = checkpoint.flatMap { HistoryCheckpoint<Sums>(text: $0) }
        if left?.pageRows != pageRows { left = nil }
        left?.isResumed = true
        return try await pool.session { session in
            let start =
                try left
                ?? HistoryCheckpoint(
                    end: HistoryPage.end(of: ledger, in: session), pageRows: pageRows, sums: sums)
            let list = try HistoryPage.list(
                filter, of: ledger, upTo: start.end, rows: pageRows, in: session)
            return (start, list)
        }
    }
}

/// A worker of a scan; it works on one page at a time.
package protocol HistoryWorker: AnyObject, Sendable {
    associatedtype Sums: Codable & Sendable

    /// Reads a page in its own transaction and processes it.
    func work(on page: HistoryPage) async throws
    /// Adds what the pages since the last call yielded, and starts afresh.
    func drain(into sums: inout Sums)
}

/// How far a scan has come, and what it has found so far.
///
/// A page's result does not depend on who read it or when, so pages may be done in any order,
/// before or after a crash.
package struct HistoryCheckpoint<Sums: Codable & Sendable>: StoredAsJSON, Sendable {
    /// Where the history ends: the ledger's head when the scan began.
    package let end: Int64
    /// The grid of the pages; another grid has other pages.
    fileprivate let pageRows: Int64
    /// The numbers of the pages that are done.
    fileprivate var pages: Set<Int64> = []
    package fileprivate(set) var sums: Sums
    /// Whether an earlier process began it.
    package fileprivate(set) var isResumed = false

    private enum CodingKeys: String, CodingKey {
        case end, pageRows, pages, sums
    }

    fileprivate init(end: Int64, pageRows: Int64, sums: Sums) {
        self.end = end
        self.pageRows = pageRows
        self.sums = sums
    }
}

/// Gathers what the workers find, and saves it from time to time.
///
/// The first checkpoint is due at once, later ones every few seconds, but saving takes at most a
/// tenth of the time.
private final class Gathered<Sums: Codable & Sendable>: Sendable {
    private struct State {
        var checkpoint: HistoryCheckpoint<Sums>
        /// When the next checkpoint is due.
        var next = ContinuousClock.now
        /// How many checkpoints were begun.
        var kept = 0
    }

    private let keep: (@Sendable (String) async throws -> Void)?
    private let state: Mutex<State>

    private static var intervalMin: Duration { .seconds(2) }

    init(
        _ start: HistoryCheckpoint<Sums>, keep: (@Sendable (String) async throws -> Void)?
    ) {
        self.keep = keep
        state = Mutex(State(checkpoint: start))
    }

    var checkpoint: HistoryCheckpoint<Sums> { state.withLock { $0.checkpoint } }

    func gather<Worker: HistoryWorker>(
        _ worker: Worker, _ pages: PageQueue
    ) async throws where Worker.Sums == Sums {
        var done: [Int64] = []
        var seen = 0
        while let page = pages.next() {
            try Task.checkCancellation()
            try await worker.work(on: page)
            pages.finished(page)
            done.append(page.number)
            // Another worker's checkpoint counts too: the next one has this worker's pages.
            let (isDue, kept) = due()
            guard isDue || kept > seen else { continue }
            seen = kept
            take(from: worker, &done)
            if isDue { try await keepNow() }
        }
        take(from: worker, &done)
    }

    private func take<Worker: HistoryWorker>(
        from worker: Worker, _ pages: inout [Int64]
    ) where Worker.Sums == Sums {
        state.withLock { state in
            worker.drain(into: &state.checkpoint.sums)
            state.checkpoint.pages.formUnion(pages)
        }
        pages = []
    }

    /// Whether a checkpoint is due, which only one worker is told, and how many there were.
    private func due() -> (isDue: Bool, kept: Int) {
        guard keep != nil else { return (false, 0) }
        return state.withLock { state in
            guard ContinuousClock.now >= state.next else { return (false, state.kept) }
            state.next = .now + Self.intervalMin
            state.kept += 1
            return (true, state.kept)
        }
    }

    private func keepNow() async throws {
        let start = ContinuousClock.now
        try await keep?(checkpoint.text)
        let end = ContinuousClock.now
        state.withLock { $0.next = end + max(Self.intervalMin, (end - start) * 10) }
    }
}
