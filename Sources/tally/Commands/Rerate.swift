import Access
import ArgumentParser
import Booking
import EventStore
import LedgerModel
import PriceBooks
import Pricing
import Rerating
import Runs
import Server
import Synchronization

struct RerateHistory: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerate",
        abstract: "Rates recorded requests again and books the differences as adjustments.",
        discussion: """
            Every request is compared with the price that the ledger's books give it now, and a \
            charge.adjusted is appended for exactly those that differ; nothing is changed or \
            removed. Running it again appends nothing. A book that does not price a request that \
            had a price takes the price back, so look at --dry-run first.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var target: LedgerOptions
    @OptionGroup var history: HistoryOptions
    @Option(
        help: ArgumentHelp(
            "Id of a book of this database or its first digits, or `default` (default: the books "
                + "of the ledger, each from its date on).", valueName: "version"))
    var book: String?
    @Flag(help: "Say what would be booked, and book nothing.") var dryRun = false
    @Flag(help: "Print the result as JSON.") var json = false

    func execute() async throws {
        let settings = try await database.settings()
        let filter = try history.filter()
        let interrupted = Interrupted(
            left: dryRun
                ? "nothing was booked"
                : "what was booked stays, the same command again books the rest")
        let report = try await cancelledBySignals(saying: interrupted) {
            try await Deployment.with(settings) { deployment in
                let openLedger = try await deployment.ledger(target.ledger)
                var request = RerateRequest(
                    prices: try await prices(of: openLedger, in: deployment))
                request.filter = filter
                request.isDryRun = dryRun
                let progress = Progress("rerate", isQuiet: json)
                defer { progress.finish() }
                return try await rerate(
                    RerateOrder(request), of: openLedger.store.id, in: deployment, progress)
            }
        }
        print(json ? report.json : report.text(isDryRun: dryRun))
    }

    /// As a run, so that one that is killed goes on where it was.
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
        if wasResumed, !json {
            printError(
                "went on where an earlier re-rating had stopped, up to position "
                    + "\(report.position); what came later takes another run")
        }
        return report
    }

    private func prices(of openLedger: OpenLedger, in deployment: Deployment) async throws
        -> PriceSchedule
    {
        switch book {
        case nil:
            let schedule = openLedger.prices.schedule
            guard !schedule.entries.isEmpty else {
                throw InputRefused(
                    "ledger \(target.ledger) uses no price book: publish one with tally prices "
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

extension RerateReport {
    fileprivate func text(isDryRun: Bool) -> String {
        var lines = [
            ("requests looked at", grouped(requests)),
            (isDryRun ? "to be adjusted" : "adjusted", grouped(adjusted)),
            ("  had no price and have one", grouped(newlyPriced)),
            ("  had a price and have none", grouped(newlyUnpriced)),
            ("without a price before", grouped(unpricedBefore)),
            ("without a price after", grouped(unpricedAfter)),
            ("cost before, USD", "\(before)"), ("cost after, USD", "\(after)"),
            ("difference, USD", "\(difference)"),
        ]
        if alreadyBooked > 0 {
            lines.append(("adjusted by others meanwhile", grouped(alreadyBooked)))
        }
        if uncharged > 0 { lines.append(("never charged, left alone", grouped(uncharged))) }
        let width = lines.map(\.0.count).max() ?? 0
        return lines.map { label, value in
            label + String(repeating: " ", count: width - label.count + 2) + value
        }.joined(separator: "\n")
    }
}
