import ArgumentParser
import Booking
import EventStore
import LedgerModel
import ReadModels
import Rendering

/// `tally providers`, `users`, `unpriced`, `errors`: questions about whole days.
struct QuestionByDay<Question: AskedByDay>: TallyCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Question.name, abstract: "Reports \(Question.summary).",
            discussion: """
                The default is the last 30 days. The same figures as GET /api/v1/\(Question.name); \
                days are whole days of UTC, whatever the ledger's reporting zone is.
                """)
    }

    @OptionGroup var place: LedgerOptions
    @OptionGroup var range: TimeRangeOptions
    @OptionGroup var page: PageOptions
    @OptionGroup var output: CSVOptions

    func execute() async throws {
        let (from, to) = try range.period(days: 30)
        output.show(
            try await place.open(to: .read) { deployment, ledger in
                try await deployment.catchUp()
                let question = Question(
                    ledger: ledger.store.id, from: from, to: to,
                    page: page.page(limit: Question.limitStandard))
                return question.answered(try await question.run(on: deployment.pool))
            })
    }
}

let commandsByDay = questionsByDay.map { commandByDay($0) }

private func commandByDay<Question: AskedByDay>(_: Question.Type) -> any ParsableCommand.Type {
    QuestionByDay<Question>.self
}
