import ArgumentParser
import Booking
import EventStore
import LedgerModel
import PriceBooks
import ReadModels
import Recommendations
import Rendering

struct PromptCacheCommand: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt-cache",
        abstract: "Reports what providers' prompt caches saved, and what they could have.",
        discussion: """
            The cached share of input, the premium of writes, the net saving (negative where \
            writes are not read) and what sessions missed, at the rates in force on each day. The \
            default is the last 30 days. The same figures as GET /api/v1/prompt-cache; days are \
            whole days of UTC. With session or agent in --by there is a row for each session whose \
            last request was in this time; tally recommend says what to change.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var range: TimeRangeOptions
    @Option(
        help:
            "Comma-separated: app, provider, model, service_tier, region, day, session, agent.")
    var by = "app,model"
    @OptionGroup var page: PageOptions
    @OptionGroup var output: CSVOptions

    func execute() async throws {
        let parts = try by.split(separator: ",").map { word in
            guard let part = PromptCacheQuery.Part(rawValue: String(word)) else {
                throw ValidationError(
                    "--by \(word): write "
                        + PromptCacheQuery.Part.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return part
        }
        let (from, to) = try range.period(days: 30)
        output.show(
            try await place.open(to: .read) { deployment, ledger in
                try await deployment.catchUp()
                let query = PromptCacheQuery(
                    ledger: ledger.store.id, by: parts, from: from, to: to)
                let report = try await PromptCacheReport.make(
                    query, on: deployment.pool, prices: ledger.prices.schedule)
                return report.answered(query, page: page.page())
            })
    }
}
