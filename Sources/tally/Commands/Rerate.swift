import Access
import ArgumentParser
import Booking
import EventStore
import LedgerModel
import PriceBooks
import Pricing
import Rendering
import Rerating
import Runs
import Synchronization

struct RerateHistory: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerate",
        abstract: "Re-rates recorded requests and books the differences as adjustments.",
        discussion: """
            Compares every request with the price that the ledger's books give it now, and appends \
            a charge.adjusted for exactly those that differ; nothing is changed or removed. \
            Running it again appends nothing. A book that does not price a request that had a \
            price takes the price back, so try --dry-run first.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var history: HistoryOptions
    @Option(
        help: ArgumentHelp(
            "Id of a book of this database or its first digits, or `default` (default: the books "
                + "of the ledger, each from its date on).", valueName: "version"))
    var book: String?
    @Flag(help: "Show what would be booked, and book nothing.") var dryRun = false
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        let interrupted = Interrupted(
            left: dryRun
                ? "nothing was booked"
                : "what was booked stays; run the same command again to book the rest")
        let report = try await cancelledBySignals(saying: interrupted) {
            try await place.open(to: .write) { deployment, ledger in
                var request = RerateRequest(prices: try await prices(of: ledger, in: deployment))
                request.filter = try history.filter(in: try await deployment.zone(of: ledger))
                request.isDryRun = dryRun
                let progress = Progress("rerate", isQuiet: output.json)
                defer { progress.finish() }
                return try await rerate(
                    RerateOrder(request), of: ledger.store.id, in: deployment, progress)
            }
        }
        output.show(Rerated(report, isDryRun: dryRun))
    }

    /// Re-rates as a run, so that it can be resumed if it is killed.
    private func rerate(
        _ order: RerateOrder, of ledger: LedgerID, in deployment: Deployment,
        _ progress: Progress
    ) async throws -> RerateReport {
        let found = Mutex<RerateReport?>(nil)
        let runs = deployment.longRuns(onRerate: { report in found.withLock { $0 = report } })
        let (_, wasResumed) = try await runs.runHere(
            RerateOrder.kind, order.text, in: ledger, id: makeEventID(), scope: .admin
        ) { progress.show($0, of: $1, unit: "events") }
        guard let report = found.withLock({ $0 }) else { throw Interrupted() }
        if wasResumed, !output.json {
            printError(
                "continued where an earlier re-rating had stopped, up to position "
                    + "\(report.position); run it again for what came later")
        }
        return report
    }

    private func prices(of ledger: OpenLedger, in deployment: Deployment) async throws
        -> PriceSchedule
    {
        switch book {
        case nil:
            let schedule = ledger.prices.schedule
            guard !schedule.entries.isEmpty else {
                throw InputRefused(
                    "ledger \(place.ledger) has no price book: publish one with tally prices "
                        + "import, or name one with --book")
            }
            return schedule
        case "default":
            try await deployment.bookStore.keep(.default)
            return PriceSchedule(.default)
        case let version?:
            return PriceSchedule(try await deployment.storedBook(version))
        }
    }
}
