package import EventStore
import LedgerModel
package import Postgres
import Pricing
import Synchronization

/// Rates a ledger's history again and books the differences as adjustments.
///
/// A scan reads ranges of whole blocks in short transactions, by binary COPY of the columns that
/// prices depend on, and finds the requests whose charges do not say what the prices say. Only
/// those are then read whole, adjusted and appended. Running it again finds nothing; a run that
/// was interrupted is finished by running it again.
package struct Rerater: Sendable {
    private let ledger: PostgresLedger
    private let pool: Pool

    private static let workers = 2
    /// Rows in one transaction of the scan.
    static let pageRows: Int64 = 131_072

    package init(ledger: PostgresLedger, pool: Pool) {
        self.ledger = ledger
        self.pool = pool
    }

    /// Rates again what the ledger holds at this moment; ends early when its task is cancelled.
    ///
    /// - Parameter progress: called with the events done so far and those there are in all.
    package func run(
        _ request: RerateRequest,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> RerateReport {
        let ledger = self.ledger.id
        // What is free depends on what came before: then there is one worker, and it goes in order.
        let isMetered = request.prices.hasAllowances
        let filter = isMetered ? request.filter.windows : request.filter
        let list = try await pool.session { session in
            try HistoryPage.list(filter, of: ledger, rows: Self.pageRows, in: session)
        }
        let pages = PageQueue(list, progress)
        return try await withThrowingTaskGroup(of: RerateReport.self) { group in
            for _ in 0..<min(isMetered ? 1 : Self.workers, list.count) {
                group.addTask { try await work(through: pages, request) }
            }
            return try await group.reduce(into: RerateReport()) { $0 += $1 }
        }
    }

    private func work(
        through pages: PageQueue, _ request: RerateRequest
    ) async throws -> RerateReport {
        let copy = ScanCopy(
            request.filter, ledger: ledger.id, isMetered: request.prices.hasAllowances)
        let desk = AdjustmentDesk(ledger: ledger, pool: pool)
        var rater = MeteredRater(request.prices)
        var report = RerateReport()
        while let page = pages.next() {
            try Task.checkCancellation()
            let warm = rater
            let scan = try await pool.transaction(readOnly: true) { session in
                var scan = PageScan(rater: warm)
                try scan.read(page, copy, in: session)
                return scan
            }
            rater = scan.rater
            report += scan.report
            for start in stride(
                from: 0, to: scan.changed.count, by: AdjustmentDesk.requestsMax)
            {
                try Task.checkCancellation()
                let end = min(scan.changed.count, start + AdjustmentDesk.requestsMax)
                report += try await desk.adjust(
                    Array(scan.changed[start..<end]), isDryRun: request.isDryRun)
            }
            pages.finished(page)
        }
        return report
    }
}

/// The pages that are left, and how far the workers have come together.
private final class PageQueue: Sendable {
    private struct State {
        var next = 0
        var done: Int64 = 0
    }

    private let pages: [HistoryPage]
    private let total: Int64
    private let progress: @Sendable (Int64, Int64) -> Void
    private let state = Mutex(State())

    init(_ pages: [HistoryPage], _ progress: @escaping @Sendable (Int64, Int64) -> Void) {
        self.pages = pages
        self.progress = progress
        total = pages.reduce(0) { $0 + $1.events }
    }

    func next() -> HistoryPage? {
        state.withLock { state in
            guard state.next < pages.count else { return nil }
            state.next += 1
            return pages[state.next - 1]
        }
    }

    func finished(_ page: HistoryPage) {
        // Under the lock, so that what is reported never goes back.
        state.withLock { state in
            state.done += page.events
            progress(state.done, total)
        }
    }
}
