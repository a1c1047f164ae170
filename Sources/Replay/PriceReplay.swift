import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres
import Pricing
import Runs
import Synchronization

/// Replays a ledger's history under other prices, or under its own; never writes to it.
///
/// Reads ranges of whole blocks in short transactions, by binary COPY of the columns that prices
/// depend on. Two workers share the ranges, each with its own connection: while the server
/// formats rows for one, the other folds its own. What they have folded is kept now and then
/// together with the ranges that it came from, so that a replay that was killed goes on from
/// there and finds exactly what it would have found.
package struct PriceReplay: Sendable {
    private let ledger: LedgerID
    private let pool: Pool
    private let pageRows: Int64

    private static let workers = 2
    /// Rows in one transaction.
    package static let pageRowsDefault: Int64 = 131_072
    /// Events that are fetched by their ids in one statement.
    fileprivate static let fetchMax = 1_000

    /// - Parameter pageRows: rows in one transaction, about.
    package init(ledger: LedgerID, pool: Pool, pageRows: Int64 = pageRowsDefault) {
        self.ledger = ledger
        self.pool = pool
        self.pageRows = pageRows
    }

    /// Replays what the ledger holds at this moment; ends early when its task is cancelled.
    ///
    /// - Parameters:
    ///   - checkpoint: what `keep` was given last, to go on from there.
    ///   - keep: makes a checkpoint durable; called after the first range, then every few seconds.
    ///   - progress: called with the events done so far and those there are in all.
    package func run(
        _ request: ReplayRequest, from checkpoint: String? = nil,
        keep: (@Sendable (_ checkpoint: String) async throws -> Void)? = nil,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> ReplayReport {
        try request.check()
        let start = try await start(from: checkpoint)
        let ledger = self.ledger
        let list = try await pool.session { session in
            try HistoryPage.list(
                request.readFilter, of: ledger, upTo: start.position, rows: pageRows, in: session)
        }
        let pages = PageQueue(list, done: start.pages, progress)
        let gathered = Gathered(start)
        let keeper = keep.map { CheckpointKeeper($0) }
        let copy = ReplayCopy(request, ledger: ledger)
        let books = RecordedBooks()
        // What is free depends on what came before: then there is one worker, and it goes in order.
        let workers = request.isMetered ? 1 : min(Self.workers, max(1, pages.count))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers {
                group.addTask {
                    let worker = ReplayWorker(request, copy, books, used: start.used)
                    try await worker.work(through: pages, into: gathered, keeper, pool)
                }
            }
            // One that fails stops the other.
            for try await _ in group {}
        }
        return ReplayReport(of: request, gathered.sums)
    }

    /// Where to begin; the history ends at the ledger's head of the first time.
    private func start(from checkpoint: String?) async throws -> ReplaySums {
        if let checkpoint, let sums = ReplaySums(checkpoint: checkpoint),
            sums.pageRows == pageRows
        {
            return sums
        }
        let ledger = self.ledger
        let position = try await pool.session { try HistoryPage.end(of: ledger, in: $0) }
        return ReplaySums(position: position, pageRows: pageRows)
    }
}

/// Books by id, read once for all workers; nil for one that is not in the database.
private final class RecordedBooks: Sendable {
    private let books = Mutex<[EventID: PriceBook?]>([:])

    func book(_ id: EventID, in session: Session) throws -> PriceBook? {
        if let known = books.withLock({ $0[id] }) { return known }
        let text = try session.first(FindPriceBookText(id: id))
        let book = try text.map { try PriceFile.read($0) }
        books.withLock { $0[id] = .some(book) }
        return book
    }
}

/// Folds one page after another; its fold is touched by one transaction at a time.
private final class ReplayWorker: Sendable {
    private let copy: ReplayCopy
    private let books: RecordedBooks
    private let fold: Mutex<ReplayFold>

    init(
        _ request: ReplayRequest, _ copy: ReplayCopy, _ books: RecordedBooks,
        used: [AllowanceMeter.Pool: Int64]
    ) {
        self.copy = copy
        self.books = books
        fold = Mutex(ReplayFold(request, dimensions: copy.dimensions, used: used))
    }

    func work(
        through pages: PageQueue, into gathered: Gathered, _ keeper: CheckpointKeeper?,
        _ pool: Pool
    ) async throws {
        var done: [Int64] = []
        while let page = pages.next() {
            try Task.checkCancellation()
            try await pool.transaction(readOnly: true) { session in
                try self.fold.withLock { fold in try self.read(page, &fold, in: session) }
            }
            pages.finished(page)
            done.append(page.number)
            if let keeper, keeper.isDue {
                hand(&done, to: gathered)
                try await keeper.keep { gathered.sums.checkpoint }
            }
        }
        hand(&done, to: gathered)
    }

    private func hand(_ pages: inout [Int64], to gathered: Gathered) {
        let (values, state, used) = fold.withLock { ($0.groupValues, $0.drain(), $0.used) }
        gathered.add(values, state, pages: pages, used: used)
        pages = []
    }

    private func read(
        _ page: HistoryPage, _ fold: inout ReplayFold, in session: Session
    ) throws {
        // Workers of the server's own would mix up the order, in which charges follow requests.
        try session.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        let before = fold.state
        try session.copyOutRows(copy.rows(of: page)) { try fold.take(&$0) }
        if let missing = fold.recorded?.missingBooks, !missing.isEmpty {
            for id in missing { fold.recorded?.add(try books.book(id, in: session), id: id) }
            fold.restore(before)
            try session.copyOutRows(copy.rows(of: page)) { try fold.take(&$0) }
        }
        try finishCharges(&fold, in: session)
        try finishAdjustments(&fold, in: session)
    }

    /// Fetches the requests of charges that did not stand right behind them.
    private func finishCharges(_ fold: inout ReplayFold, in session: Session) throws {
        let charges = fold.state.charges
        fold.state.charges = []
        for start in stride(from: 0, to: charges.count, by: PriceReplay.fetchMax) {
            let some = charges[start..<min(charges.count, start + PriceReplay.fetchMax)]
            var requests: [EventID: PricedRequest] = [:]
            let ids = Array(Set(some.compactMap(\.request)))
            if !ids.isEmpty {
                try session.copyOutRows(copy.rows(of: ids)) { fields in
                    let request = try fold.request(&fields)
                    requests[request.id] = request
                }
            }
            for charge in some {
                let request = charge.request.flatMap { requests[$0] }
                try fold.finish(charge, with: request) { try self.books.book($0, in: session) }
            }
        }
    }

    /// Looks up whether what was adjusted had a price.
    private func finishAdjustments(_ fold: inout ReplayFold, in session: Session) throws {
        let adjustments = fold.state.adjustments
        fold.state.adjustments = []
        for start in stride(from: 0, to: adjustments.count, by: PriceReplay.fetchMax) {
            let some = adjustments[start..<min(adjustments.count, start + PriceReplay.fetchMax)]
            var unpriced: Set<EventID> = []
            try session.copyOutRows(copy.rows(of: Array(Set(some.map(\.previous))))) { fields in
                let row = try ReplayRow(&fields)
                if row.unpriced != nil { unpriced.insert(row.id) }
            }
            for adjustment in some {
                let wasUnpriced = unpriced.contains(adjustment.previous)
                fold.finish(adjustment, wasUnpriced: wasUnpriced)
            }
        }
    }
}

extension ReplayFold {
    /// Compares a charge with the request that was fetched for it.
    fileprivate mutating func finish(
        _ charge: PendingCharge, with request: PricedRequest?,
        _ book: (EventID) throws -> PriceBook?
    ) throws {
        guard let request else {
            state.check.charges += 1
            state.check.add(charge, "there is no request that it belongs to")
            return
        }
        if let id = charge.book, recorded?.has(id) == false {
            recorded?.add(try book(id), id: id)
        }
        if let rating = try recorded?.compare(charge, with: request, &state.check) {
            add(rating, to: charge.group)
        }
    }

    fileprivate mutating func finish(_ adjustment: PendingAdjustment, wasUnpriced: Bool) {
        let change: Int64 = (adjustment.isUnpriced ? 1 : 0) - (wasUnpriced ? 1 : 0)
        state.sums[adjustment.group].unpricedBefore += change
        if recorded != nil { state.sums[adjustment.group].unpricedAfter += change }
    }
}

extension ReplayReport {
    fileprivate init(of request: ReplayRequest, _ sums: ReplaySums) {
        self.init(request: request)
        position = sums.position
        eventsRead = sums.eventsRead
        facts = sums.facts
        for part in sums.groups.values { total += part }
        if case .recorded = request.prices { check = sums.check }
        guard !request.groupedBy.isEmpty else { return }
        rows = sums.groups.filter { $0.value != Sums() }
            .map { Row(values: $0.key, sums: $0.value) }
        let isByTime = request.groupedBy.contains { $0.start(of: .earliest) != nil }
        rows.sort { a, b in
            if !isByTime, a.sums.recorded != b.sums.recorded {
                return a.sums.recorded > b.sums.recorded
            }
            return a.values.lexicographicallyPrecedes(b.values) { ($0 ?? "") < ($1 ?? "") }
        }
    }
}
