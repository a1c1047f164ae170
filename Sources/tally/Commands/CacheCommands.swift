import ArgumentParser
import Booking
import EventStore
import LedgerModel
import ReadModels
import Rendering

struct CacheCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Reports what caches of answers save, what they miss and what they keep in vain.",
        discussion: "docs/cache.md describes the cache, docs/events.md how to report your own.",
        subcommands: [
            QuestionByGroup<CacheQuery>.self, Misses.self, Wasted.self, WarmCache.self,
            SimilarPairs.self,
        ] + cacheAnswerCommands,
        defaultSubcommand: QuestionByGroup<CacheQuery>.self)

    struct Misses: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the requests that missed most, with what they cost when asked again.",
            discussion: """
                The default is the last 30 days; of more than \(MissedQuery.lookedAtMax) misses, \
                the newest are counted. The same as GET /api/v1/cache/misses.
                """)

        @OptionGroup var place: LedgerOptions
        @OptionGroup var range: TimeRangeOptions
        @OptionGroup var page: PageOptions
        @OptionGroup var output: CSVOptions

        func execute() async throws {
            let (from, to) = try range.period(days: 30)
            output.show(
                try await place.open(to: .read) { deployment, ledger in
                    let query = MissedQuery(
                        ledger: ledger.store.id, from: from, to: to,
                        page: page.page(limit: MissedQuery.limitStandard))
                    return Answered(try await query.run(on: deployment.pool), to: to)
                })
        }
    }

    struct Wasted: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the largest answers that were stored and never hit.",
            discussion: """
                The default is the last 30 days; of more than \(MissedQuery.lookedAtMax) stored \
                answers, the newest are looked at. The same as GET /api/v1/cache/wasted.
                """)

        @OptionGroup var place: LedgerOptions
        @OptionGroup var range: TimeRangeOptions
        @Option(help: "How many hours ago an answer was stored at least.")
        var hours = WastedQuery.hoursStandard
        @OptionGroup var page: PageOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard (0...WastedQuery.hoursMax).contains(hours) else {
                throw ValidationError("--hours must lie between 0 and \(WastedQuery.hoursMax)")
            }
        }

        func execute() async throws {
            let (from, to) = try range.period(days: 30)
            output.show(
                try await place.open(to: .read) { deployment, ledger in
                    let query = WastedQuery(
                        ledger: ledger.store.id, from: from, to: to, storedForHours: hours,
                        at: .now, page: page.page(limit: MissedQuery.limitStandard))
                    return CacheWaste(try await query.run(on: deployment.pool), to: query.to)
                })
        }
    }
}
