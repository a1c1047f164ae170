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
            "Says how long answers are, how they end, what a useful one costs, and what to do.",
        discussion: """
            An answer is useful if its request succeeded and it came to its end, as the labels \
            finish_reason or max_tokens tell; where they do not, the cost of a useful answer has \
            two bounds. Money is what leaving things as they are costs on a day with requests. \
            Without --since it looks at 30 days.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var period: PeriodOptions
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        let (from, to) = period.period(days: AnswerReport.daysStandard)
        output.show(
            try await place.open(to: .read) { deployment, ledger in
                try await deployment.catchUp()
                return try await AnswerReport.make(
                    AnswerQuery(ledger: ledger.store.id, from: from, to: to),
                    on: deployment.pool, prices: ledger.prices.schedule)
            })
    }
}
