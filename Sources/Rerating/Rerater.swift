package import EventStore
import LedgerModel
package import Postgres
import Pricing
import Synchronization

/// Rates a ledger's history again and books the differences as adjustments.
///
/// A `HistoryScan` over the columns that prices depend on finds the requests whose charges differ
/// from the prices. Only those are then read in full and adjusted. Running it again finds nothing;
/// a run that was interrupted resumes at its checkpoint, or is finished by running it again.
package struct Rerater: Sendable {
    private let ledger: PostgresLedger
    private let pool: Pool
    private let pageRows: Int64

    /// - Parameter pageRows: the approximate number of rows in one transaction of the scan.
    package init(
        ledger: PostgresLedger, pool: Pool, pageRows: Int64 = HistoryScan.pageRowsDefault
    ) {
        self.ledger = ledger
        self.pool = pool
        self.pageRows = pageRows
    }

    /// Rates again what the ledger holds at this moment; the parameters are those of the scan.
    ///
    /// A page that is not in the checkpoint is processed again, which books nothing twice:
    /// adjustments booked for its requests since the run began count as booked by the run.
    package func run(
        _ request: RerateRequest, from checkpoint: String? = nil,
        keep: (@Sendable (_ checkpoint: String) async throws -> Void)? = nil,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> RerateReport {
        let isMetered = request.prices.hasAllowances
        var scan = HistoryScan(ledger: ledger.id, pool: pool)
        scan.filter = isMetered ? request.filter.windows : request.filter
        scan.pageRows = pageRows
        scan.keepsStart = true
        // The free part depends on earlier requests.
        if isMetered { scan.workers = 1 }
        let queries = ScanQueries(request.filter, ledger: ledger.id, isMetered: isMetered)
        let adjuster = Adjuster(ledger: ledger, pool: pool)
        let found = try await scan.run(
            from: checkpoint, beginningWith: RerateSums(), keep: keep, progress: progress
        ) { start in
            RerateWorker(request, queries, adjuster, from: start)
        }
        var report = found.sums.report
        report.position = found.end
        return report
    }
}

/// Scans one page after another and adjusts the requests that it finds.
private final class RerateWorker: HistoryWorker {
    private struct State {
        var rater: MeteredRater
        var report = RerateReport()
    }

    private let queries: ScanQueries
    private let adjuster: Adjuster
    private let isDryRun: Bool
    private let end: Int64
    private let isResumed: Bool
    private let state: Mutex<State>

    init(
        _ request: RerateRequest, _ queries: ScanQueries, _ adjuster: Adjuster,
        from start: HistoryCheckpoint<RerateSums>
    ) {
        self.queries = queries
        self.adjuster = adjuster
        isDryRun = request.isDryRun
        end = start.end
        isResumed = start.isResumed
        state = Mutex(State(rater: MeteredRater(request.prices, used: start.sums.used)))
    }

    func work(on page: HistoryPage) async throws {
        let rater = state.withLock { $0.rater }
        let scan = try await adjuster.pool.transaction(readOnly: true) { session in
            var scan = PageScan(
                rater: rater, upTo: self.end, isResumed: self.isResumed && !self.isDryRun)
            try scan.read(page, self.queries, in: session)
            return scan
        }
        var report = scan.report
        for start in stride(from: 0, to: scan.changed.count, by: Adjuster.requestsMax) {
            try Task.checkCancellation()
            let end = min(scan.changed.count, start + Adjuster.requestsMax)
            report += try await adjuster.adjust(
                Array(scan.changed[start..<end]), isDryRun: isDryRun)
        }
        state.withLock { state in
            state.rater = scan.rater
            state.report += report
        }
    }

    func drain(into sums: inout RerateSums) {
        state.withLock { state in
            sums.report += state.report
            sums.used = state.rater.meter.used
            state.report = RerateReport()
        }
    }
}
