package import EventStore
import LedgerModel
package import Postgres
import Pricing
import Runs

/// Rates a ledger's history again and books the differences as adjustments.
///
/// A scan reads ranges of whole blocks in short transactions, by binary COPY of the columns that
/// prices depend on, and finds the requests whose charges do not say what the prices say. Only
/// those are then read whole, adjusted and appended. Running it again finds nothing; a run that
/// was interrupted goes on at its checkpoint, or is finished by running it again.
package struct Rerater: Sendable {
    private let ledger: PostgresLedger
    private let pool: Pool

    private let pageRows: Int64

    private static let workers = 2
    /// Rows in one transaction of the scan.
    package static let pageRowsDefault: Int64 = 131_072

    /// - Parameter pageRows: rows in one transaction of the scan, about.
    package init(
        ledger: PostgresLedger, pool: Pool, pageRows: Int64 = Self.pageRowsDefault
    ) {
        self.ledger = ledger
        self.pool = pool
        self.pageRows = pageRows
    }

    /// Rates again what the ledger holds at this moment; ends early when its task is cancelled.
    ///
    /// What was done of a page that is not in the checkpoint is done again, which books nothing
    /// twice: what was booked for its requests since the run began counts as booked by it.
    ///
    /// - Parameters:
    ///   - checkpoint: what `keep` was given last, to go on from there.
    ///   - keep: makes a checkpoint durable; called before the first range, after it, and then
    ///     every few seconds.
    ///   - progress: called with the events done so far and those there are in all.
    package func run(
        _ request: RerateRequest, from checkpoint: String? = nil,
        keep: (@Sendable (_ checkpoint: String) async throws -> Void)? = nil,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> RerateReport {
        let ledger = self.ledger.id
        // What is free depends on what came before: then there is one worker, and it goes in order.
        let isMetered = request.prices.hasAllowances
        let filter = isMetered ? request.filter.windows : request.filter
        let left = checkpoint.flatMap { RerateSums(checkpoint: $0) }
            .flatMap { $0.pageRows == pageRows ? $0 : nil }
        let (start, list) = try await pool.session { session in
            let start =
                try left
                ?? RerateSums(
                    end: HistoryPage.end(of: ledger, in: session), pageRows: pageRows)
            let list = try HistoryPage.list(
                filter, of: ledger, upTo: start.end, rows: pageRows, in: session)
            return (start, list)
        }
        let pages = PageQueue(list, done: start.pages, progress)
        let done = RerateProgress(start)
        let keeper = keep.map { CheckpointKeeper($0) }
        // From here on it is known what was booked before this run.
        if left == nil { try await keep?(start.checkpoint) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<min(isMetered ? 1 : Self.workers, pages.count) {
                group.addTask {
                    try await work(
                        through: pages, request, into: done, keeper, isResumed: left != nil)
                }
            }
            // One that fails stops the other.
            for try await _ in group {}
        }
        return done.sums.report
    }

    private func work(
        through pages: PageQueue, _ request: RerateRequest, into done: RerateProgress,
        _ keeper: CheckpointKeeper?, isResumed: Bool
    ) async throws {
        let copy = ScanCopy(
            request.filter, ledger: ledger.id, isMetered: request.prices.hasAllowances)
        let adjuster = Adjuster(ledger: ledger, pool: pool)
        let start = done.sums
        var rater = MeteredRater(request.prices, used: start.used)
        while let page = pages.next() {
            try Task.checkCancellation()
            let warm = rater
            let scan = try await pool.transaction(readOnly: true) { session in
                var scan = PageScan(
                    rater: warm, upTo: start.end, isResumed: isResumed && !request.isDryRun)
                try scan.read(page, copy, in: session)
                return scan
            }
            rater = scan.rater
            var report = scan.report
            for start in stride(
                from: 0, to: scan.changed.count, by: Adjuster.requestsMax)
            {
                try Task.checkCancellation()
                let end = min(scan.changed.count, start + Adjuster.requestsMax)
                report += try await adjuster.adjust(
                    Array(scan.changed[start..<end]), isDryRun: request.isDryRun)
            }
            done.add(page.number, report, used: rater.meter.used)
            pages.finished(page)
            if let keeper, keeper.isDue { try await keeper.keep { done.sums.checkpoint } }
        }
    }
}
