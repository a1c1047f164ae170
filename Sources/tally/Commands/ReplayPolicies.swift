import ArgumentParser
import Booking
import Budgeting
import Calendars
import EventStore
import LedgerModel
import PriceBooks
import Rendering
import Replay

/// A replay of a policy file as a command.
protocol ReplayWithCommand: PolicyReplay where Report: Reportable {
    static var abstract: String { get }
    static var discussion: String { get }
    /// By what its report is grouped unless somebody says.
    static var groupedBy: String { get }
}

extension ReplayHistory {
    /// `tally replay budgets`, `tally replay cache`, `tally replay batching`,
    /// `tally replay routing`.
    struct OfPolicy<Replay: ReplayWithCommand>: TallyCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: Replay.name, abstract: Replay.abstract,
                discussion: Replay.discussion)
        }

        @OptionGroup var place: LedgerOptions
        @Option(help: "The file with the policy.") var policy: String
        @OptionGroup var history: HistoryOptions
        @Option(help: "Comma-separated: team, app, model, provider, user, …, day, month, hour.")
        var by: String?
        @Option(help: "Write an HTML report to this file.") var html: String?
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let text = try readText(policy, "policy")
            // What is wrong in it is said before anything is opened.
            _ = try Replay(policy: text, in: .utc)
            let groupings = try Grouping.arguments(by ?? Replay.groupedBy)
            let report = try await cancelledBySignals {
                try await place.open(to: .read) { deployment, ledger in
                    let zone = try await deployment.zone(of: ledger)
                    var past = ReplayedHistory(
                        ledger: ledger.store.id, pool: deployment.pool,
                        prices: ledger.prices.schedule)
                    past.filter = try history.filter(in: zone)
                    past.groupedBy = groupings
                    past.zone = zone
                    let progress = Progress("replay", isQuiet: output.json)
                    defer { progress.finish() }
                    return try await Replay(policy: text, in: zone).run(on: past) {
                        progress.show($0, of: $1, unit: "events")
                    }
                }
            }
            try output.show(report, page: html)
        }
    }
}

extension Grouping {
    /// Reads the value of `--by`.
    static func arguments(_ text: String) throws -> [Grouping] {
        try text.split(separator: ",").map { name in
            let name = name.filter { $0 != " " }
            guard let grouping = Grouping(name: name) else {
                let known = Dimension.allCases.map(\.name) + ["month", "day", "hour"]
                throw ValidationError(
                    "--by \(name): there is no such dimension or period"
                        + Likeness.question(name, among: known, part: 2))
            }
            return grouping
        }
    }
}

extension BudgetHistoryReplay: ReplayWithCommand {
    static var abstract: String {
        "Shows what budgets and controls would have done, before they are switched on."
    }
    static var discussion: String {
        """
        The file has budgets and controls by name; tally budgets apply takes the same file, and \
        docs/budgets.md describes it. Requests are taken in the order of their positions, each for \
        what it cost; what a control changes costs what the prices in force then say.
        """
    }
    static var groupedBy: String { "team,app" }
}

extension CacheHistoryReplay: ReplayWithCommand {
    static var abstract: String { "Shows what a cache of answers would have saved." }
    static var discussion: String {
        """
        Requests that carry a request_hash are put to an empty cache in the order of their times; \
        an exact repetition hits, and saves what it was charged. The report also has a quarter, \
        half, twice and four times the memory. docs/replay.md describes the file.
        """
    }
    static var groupedBy: String { "model" }
}

extension BatchingHistoryReplay: ReplayWithCommand {
    static var abstract: String {
        "Shows what a provider's batch API, shared calls and merged embeddings would have saved."
    }
    static var discussion: String {
        """
        Rules for jobs in the file say which requests may wait up to a day; only those count for \
        which the price book in force at the time had a batch rate. docs/batching.md describes \
        the file, which a live batcher takes too.
        """
    }
    static var groupedBy: String { "model" }
}

extension RoutingHistoryReplay: ReplayWithCommand {
    static var abstract: String {
        "Shows what another order of providers, affinity or fallbacks would have done."
    }
    static var discussion: String {
        """
        The file is a gateway.yaml whose providers have the names that history has for them. Each \
        request is put to the same chooser that the service runs; how long it would have taken \
        elsewhere follows from the times that history has of that provider. The report names what \
        it assumes; docs/replay.md and docs/gateway-policy.md say more.
        """
    }
    static var groupedBy: String { "provider,model" }
}
