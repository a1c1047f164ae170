import ArgumentParser
import Booking
import EventStore
import PriceBooks
import ReadModels
import Recommendations
import Rendering

struct Advise: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Reports how long answers are, how they end and what a useful one costs, with advice.",
        discussion: """
            An answer is useful if its request succeeded and the answer is complete, as the labels \
            finish_reason or max_tokens show; where they do not, the cost of a useful answer has \
            two bounds. Money is the cost per day with requests of leaving things as they are. \
            The default is the last 30 days.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var range: TimeRangeOptions
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        let (from, to) = try range.period(days: AnswerReport.daysStandard)
        output.show(
            try await place.open(to: .read) { deployment, ledger in
                try await deployment.catchUp()
                return try await AnswerReport.make(
                    AnswerQuery(ledger: ledger.store.id, from: from, to: to),
                    on: deployment.pool, prices: ledger.prices.schedule)
            })
    }
}
