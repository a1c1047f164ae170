import ArgumentParser
import Booking
import EventStore
import LedgerModel
import ReadModels
import Rendering

struct BatchCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batches",
        abstract: "Reports what batches did and saved, and which prompts could be grouped.",
        discussion: "docs/batching.md describes batches, docs/events.md how to report your own.",
        subcommands: [QuestionByGroup<BatchQuery>.self, ClusterPrompts.self],
        defaultSubcommand: QuestionByGroup<BatchQuery>.self)
}

/// `tally batches report`, `tally cache report`: questions about whole days that are grouped by
/// names.
struct QuestionByGroup<Question: AskedByGroup>: TallyCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "report", abstract: "Reports \(Question.summary).",
            discussion: """
                The default is the last 30 days. The same figures as GET /api/v1/\(Question.name); \
                days are whole days of UTC, whatever the ledger's reporting zone is.
                """)
    }

    @OptionGroup var place: LedgerOptions
    @OptionGroup var range: TimeRangeOptions
    @Option(
        help: """
            Comma-separated names to group by: \
            \(Question.Part.allCases.map(\.rawValue).joined(separator: ", ")).
            """)
    var by = "app"
    @OptionGroup var page: PageOptions
    @OptionGroup var output: CSVOptions

    func validate() throws { _ = try parts() }

    func execute() async throws {
        let (from, to) = try range.period(days: 30)
        let parts = try parts()
        output.show(
            try await place.open(to: .read) { deployment, ledger in
                try await deployment.catchUp()
                let question = Question(
                    ledger: ledger.store.id, by: parts, from: from, to: to, page: page.page())
                return question.answered(try await question.run(on: deployment.pool))
            })
    }

    private func parts() throws -> [Question.Part] {
        try by.split(separator: ",").map { word in
            guard let part = Question.Part(rawValue: String(word)) else {
                throw ValidationError(
                    "--by \(word): expected some of "
                        + Question.Part.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return part
        }
    }
}
