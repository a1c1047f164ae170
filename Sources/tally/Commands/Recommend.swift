import ArgumentParser
import Booking
import EventStore
import LedgerModel
import PriceBooks
import Recommendations
import Rendering

struct Recommend: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what could be done better, and what it costs a day to leave it.",
        discussion: """
            It looks at prompts whose cached prefix is broken, at cache reads that fell, at prompts \
            that share a prefix which nobody caches, and at answers that are cut off or longer \
            than they need be (tally advise shows the numbers behind). What has no price is listed \
            with the reason, not as zero. Without --since it looks at 7 days.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var period: PeriodOptions
    @Option(help: "How many days to look at, up to --until, in the place of --since.")
    var days: Int64?
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let days, !(1...366).contains(days) {
            throw ValidationError("--days \(days): expected a number from 1 to 366")
        }
        if days != nil, period.since != nil {
            throw ValidationError("--days and --since say the same: give one of them")
        }
    }

    func execute() async throws {
        let (from, to) = period.period(days: (days ?? 7) - 1)
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
