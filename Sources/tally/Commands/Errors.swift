import ArgumentParser
import Booking
import EventStore
import LedgerModel
import ReadModels
import Rendering

struct Errors: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reports which requests failed, why, and what they cost.",
        discussion: """
            The default is the last 30 days. The same figures as GET /api/v1/errors; days are \
            whole UTC days.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var period: PeriodOptions
    @OptionGroup var output: CSVOptions

    func execute() async throws {
        let (from, to) = period.period(days: 30)
        output.show(
            try await place.open(to: .read) { deployment, ledger in
                try await deployment.catchUp()
                let query = ErrorQuery(ledger: ledger.store.id, from: from, to: to)
                let answer = try await query.run(on: deployment.pool)
                return Answered(
                    answer.rows, position: answer.position, from: query.days.from,
                    to: query.days.to)
            })
    }
}
