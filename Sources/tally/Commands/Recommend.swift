import ArgumentParser
import Booking
import EventStore
import LedgerModel
import PriceBooks
import Recommendations
import Rendering

struct Recommend: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists what could be improved, and what it costs per day to leave it.",
        discussion: """
            It finds prompts whose cached prefix is broken, cache reads that fell, prompts that \
            share a prefix that is not cached, and answers that are cut off or longer than \
            necessary (tally advise shows the numbers behind these). What has no price is listed \
            with the reason, not as zero. The default is the last 7 days.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var range: TimeRangeOptions
    @Option(help: "The number of days up to --until, in place of --since.")
    var days: Int64?
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let days, !(1...366).contains(days) {
            throw ValidationError("--days \(days): expected a number from 1 to 366")
        }
        if days != nil, range.since != nil {
            throw ValidationError("--days and --since exclude each other: give one")
        }
    }

    func execute() async throws {
        let (from, to) = try range.period(days: (days ?? 7) - 1)
        let result = try await place.open(to: .read) { deployment, ledger in
            try await deployment.catchUp()
            let query = RecommendationQuery(ledger: ledger.store.id, from: from, to: to)
            let answer = try await query.run(
                on: deployment.pool, prices: ledger.prices.schedule)
            return Answered(
                answer.recommendations, position: answer.position, from: query.from, to: query.to)
        }
        output.show(result)
    }
}
