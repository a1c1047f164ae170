import Access
import ArgumentParser
import Booking
import Budgeting
import EventStore
import LedgerModel
import PriceBooks
import Pricing
import Rendering
import Replay
import Runs
import Synchronization

struct ReplayHistory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replays history under other rules; never writes to the ledger.",
        subcommands: [
            OfPrices.self, OfPolicy<BudgetHistoryReplay>.self, OfPolicy<CacheHistoryReplay>.self,
            OfPolicy<BatchingHistoryReplay>.self, OfPolicy<RoutingHistoryReplay>.self,
            ListScenarios.self, DropScenario.self,
        ])

    struct OfPrices: TallyCommand {
        static let configuration = CommandConfiguration(
            commandName: "prices",
            abstract: "Computes what the recorded requests would have cost at other prices.",
            discussion: """
                --book recorded recomputes every charge with the book it was rated with and checks \
                that each is identical, bit for bit; the exit code is 1 if one is not.

                --to, --map-models and --discount assume other models and terms; without --book \
                they use the ledger's own books. docs/replay.md describes mapping files.

                --scenario NAME keeps the result for tally sql as scenario.NAME_prices and \
                scenario.NAME_summary. After a kill, the same command continues where it stopped; \
                Ctrl-C leaves nothing behind.
                """)

        @OptionGroup var place: LedgerOptions
        @Option(
            help:
                "A price file, the id of a book of this database, `ledger`, `default` or `recorded`."
        )
        var book: String?
        @OptionGroup var suppositions: WhatIfOptions
        @OptionGroup var history: HistoryOptions
        @Option(
            help: "Comma-separated: model, provider, team, app, user, …, day, month, hour.")
        var by = "provider,model"
        @Option(help: "Keep the result as scenario.NAME_prices.") var scenario: String?
        @Flag(help: "Replace a scenario of that name.") var replace = false
        @Option(help: "Write an HTML report to this file.") var html: String?
        @OptionGroup var output: OutputOptions

        func validate() throws {
            if book == nil, suppositions.isEmpty {
                throw ValidationError(
                    "give at least one of --book, --to, --map-models and --discount")
            }
            if replace, scenario == nil {
                throw ValidationError("--replace needs --scenario")
            }
        }

        func execute() async throws {
            let whatIf = try suppositions.read()
            let scenario = try self.scenario.map { try ScenarioName($0) }
            let report = try await cancelledBySignals {
                try await place.open(to: scenario == nil ? .read : .write) { deployment, ledger in
                    let request = try await request(supposing: whatIf, ledger, deployment)
                    try request.check()
                    let progress = Progress("replay", isQuiet: output.json)
                    defer { progress.finish() }
                    if let scenario {
                        return try await replay(
                            request, as: scenario, of: ledger.store.id, in: deployment, progress)
                    }
                    return try await PriceReplay(ledger: ledger.store.id, pool: deployment.pool)
                        .run(request, progress: { progress.show($0, of: $1, unit: "events") })
                }
            }
            try output.show(Replayed(report), page: html)
            if let scenario, !output.json {
                print("kept as scenario.\(scenario)_prices and scenario.\(scenario)_summary")
            }
            if report.check?.isExact == false { throw ExitCode.checkFailed }
        }

        /// Replays as a run, so that it can be resumed if it is killed, and the scenario is
        /// complete or absent.
        private func replay(
            _ request: ReplayRequest, as scenario: ScenarioName, of ledger: LedgerID,
            in deployment: Deployment, _ progress: Progress
        ) async throws -> ReplayReport {
            try await Scenarios(ledger: ledger, pool: deployment.pool)
                .check(scenario, replaces: replace)
            if case .book(let book) = request.prices { try await deployment.bookStore.keep(book) }
            var order = ReplayOrder(request)
            order.scenario = scenario
            order.replaces = replace
            let found = Mutex<ReplayReport?>(nil)
            let runs = deployment.longRuns(onReplay: { report in
                found.withLock { $0 = report }
            })
            let (_, wasResumed) = try await runs.runHere(
                RunKind.priceReplayName, order.text, in: ledger, id: makeEventID(), scope: .admin
            ) { progress.show($0, of: $1, unit: "events") }
            if wasResumed, !output.json {
                printError("continued where an earlier replay had stopped")
            }
            guard let report = found.withLock({ $0 }) else { throw Interrupted() }
            return report
        }

        private func request(
            supposing whatIf: WhatIf, _ ledger: OpenLedger, _ deployment: Deployment
        ) async throws -> ReplayRequest {
            var request = ReplayRequest(
                prices: try await prices(of: ledger, in: deployment),
                groupedBy: try Grouping.arguments(by)
            )
            request.whatIf = whatIf
            request.zone = try await deployment.zone(of: ledger)
            request.filter = try history.filter(in: request.zone)
            return request
        }

        private func prices(
            of ledger: OpenLedger, in deployment: Deployment
        ) async throws -> ReplayRequest.Prices {
            switch book ?? "ledger" {
            case "recorded": return .recorded
            case "default": return .book(.default)
            case "ledger": return .schedule(ledger.prices.schedule)
            case let book:
                if EventID(book) != nil { return .book(try await deployment.storedBook(book)) }
                return .book(try PriceFileReading.read(book))
            }
        }
    }
}
