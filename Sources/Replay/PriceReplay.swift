import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres
import PriceBooks
import Pricing
import Runs
import Synchronization

/// Replays a ledger's history under other prices, or under its own; never writes to it.
///
/// It is a `HistoryScan` over the columns that prices depend on.
package struct PriceReplay: Sendable {
    private let ledger: LedgerID
    private let pool: Pool
    private let pageRows: Int64

    /// The most events that are fetched by id in one statement.
    fileprivate static let fetchMax = 1_000

    /// - Parameter pageRows: the approximate number of rows in one transaction.
    package init(
        ledger: LedgerID, pool: Pool, pageRows: Int64 = HistoryScan.pageRowsDefault
    ) {
        self.ledger = ledger
        self.pool = pool
        self.pageRows = pageRows
    }

    /// Replays what the ledger holds at this moment; the parameters are those of the scan.
    package func run(
        _ request: ReplayRequest, from checkpoint: String? = nil,
        keep: (@Sendable (_ checkpoint: String) async throws -> Void)? = nil,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> ReplayReport {
        try request.check()
        var scan = HistoryScan(ledger: ledger, pool: pool)
        scan.filter = request.readFilter
        scan.pageRows = pageRows
        // The free part depends on earlier requests.
        if request.isMetered { scan.workers = 1 }
        let books = RecordedBooks()
        let query = request.query(of: ledger)
        let found = try await scan.run(
            from: checkpoint, beginningWith: ReplaySums(), keep: keep, progress: progress
        ) { start in
            ReplayWorker(query, pool, books, ReplayFold(request, used: start.sums.used))
        }
        return ReplayReport(of: request, found.sums, at: found.end)
    }
}

/// Books by id, read once for all workers; nil for one that is not in the database.
private final class RecordedBooks: Sendable {
    private let books = Mutex<[EventID: PriceBook?]>([:])

    func book(_ id: EventID, in session: Session) throws -> PriceBook? {
        if let known = books.withLock({ $0[id] }) { return known }
        let bookID = PriceBookID(high: id.high, low: id.low)
        let book = try PriceBookStore.book(bookID, in: session)
        books.withLock { $0[id] = .some(book) }
        return book
    }
}

/// Folds one page after another; only one transaction at a time uses its fold.
private final class ReplayWorker: HistoryWorker {
    private let query: HistoryQuery
    private let pool: Pool
    private let books: RecordedBooks
    private let fold: Mutex<ReplayFold>

    init(_ query: HistoryQuery, _ pool: Pool, _ books: RecordedBooks, _ fold: ReplayFold) {
        self.query = query
        self.pool = pool
        self.books = books
        self.fold = Mutex(fold)
    }

    func work(on page: HistoryPage) async throws {
        try await pool.transaction(readOnly: true) { session in
            try self.fold.withLock { fold in try self.read(page, &fold, in: session) }
        }
    }

    func drain(into sums: inout ReplaySums) {
        fold.withLock { fold in
            sums.add(fold.groupValues, fold.drain())
            sums.used = fold.used
        }
    }

    private func read(
        _ page: HistoryPage, _ fold: inout ReplayFold, in session: Session
    ) throws {
        fold.completions = try Completions(of: page, in: query.ledger, session)
        let before = fold.state
        try query.read(.page(page), in: session) { try fold.take($0) }
        if let missing = fold.recorded?.missingBooks, !missing.isEmpty {
            for id in missing { fold.recorded?.add(try books.book(id, in: session), id: id) }
            fold.restore(before)
            try query.read(.page(page), in: session) { try fold.take($0) }
        }
        try finishCharges(&fold, in: session)
        try finishAdjustments(&fold, in: session)
    }

    /// Fetches the requests of charges that did not directly follow them.
    private func finishCharges(_ fold: inout ReplayFold, in session: Session) throws {
        let charges = fold.state.charges
        fold.state.charges = []
        for start in stride(from: 0, to: charges.count, by: PriceReplay.fetchMax) {
            let some = charges[start..<min(charges.count, start + PriceReplay.fetchMax)]
            let requests = try requests(some.compactMap(\.request), &fold, in: session)
            for charge in some {
                let request = charge.request.flatMap { requests[$0] }
                guard fold.recorded != nil else {
                    try fold.pair(charge, with: request)
                    continue
                }
                try fold.finish(charge, with: request) { try self.books.book($0, in: session) }
            }
        }
    }

    /// Looks up whether the adjusted charges had a price.
    private func finishAdjustments(_ fold: inout ReplayFold, in session: Session) throws {
        let adjustments = fold.state.adjustments
        fold.state.adjustments = []
        for start in stride(from: 0, to: adjustments.count, by: PriceReplay.fetchMax) {
            let some = adjustments[start..<min(adjustments.count, start + PriceReplay.fetchMax)]
            var unpriced: Set<EventID> = []
            try query.read(.ids(Array(Set(some.map(\.previous)))), in: session) { row in
                if row.has(.unpriced) { unpriced.insert(row.eventID) }
            }
            let requests =
                fold.recorded == nil
                ? try self.requests(some.compactMap(\.request), &fold, in: session) : [:]
            for var adjustment in some {
                adjustment.wasUnpriced = unpriced.contains(adjustment.previous)
                fold.finish(adjustment)
                guard fold.recorded == nil else { continue }
                try fold.pair(adjustment, with: adjustment.request.flatMap { requests[$0] })
            }
        }
    }

    private func requests(
        _ ids: [EventID], _ fold: inout ReplayFold, in session: Session
    ) throws -> [EventID: PricedRequest] {
        var requests: [EventID: PricedRequest] = [:]
        try query.read(.ids(Array(Set(ids))), in: session) { row in
            requests[row.eventID] = fold.request(row)
        }
        return requests
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
            state.check.add(charge, "it belongs to no request")
            return
        }
        if let id = charge.book, recorded?.has(id) == false {
            recorded?.add(try book(id), id: id)
        }
        if let rating = try recorded?.compare(charge, with: request, &state.check) {
            add(rating, to: charge.group)
        }
    }

    fileprivate mutating func finish(_ adjustment: PendingAdjustment) {
        let change = adjustment.change
        state.sums[adjustment.group].unpricedBefore += change
        guard recorded != nil else { return }
        state.sums[adjustment.group].unpricedAfter += change
        state.sums[adjustment.group].notCompared += change
    }
}

extension ReplayReport {
    fileprivate init(of request: ReplayRequest, _ sums: ReplaySums, at position: Int64) {
        self.init(request: request)
        self.position = position
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
