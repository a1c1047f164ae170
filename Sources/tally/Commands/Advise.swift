import ArgumentParser
import Booking
import Estimating
import EventStore
import JSON
import LedgerModel
import PriceBooks
import ReadModels
import Recommendations
import Server

struct Advise: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Says how long answers are, how they end, what a useful one costs, and what to do.",
        discussion: """
            An answer is useful if its request succeeded and it came to its end, as the labels \
            finish_reason or max_tokens tell; where they do not, the cost of a useful answer has \
            two bounds. Money is what leaving things as they are costs on a day with requests.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var target: LedgerOptions
    @Option(help: "First day (default: 30 days ago).") var since: String?
    @Option(help: "The day after the last one (default: now).") var until: String?
    @Flag(help: "Print the result as JSON.") var json = false

    func execute() async throws {
        let to = try time(until, "--until") ?? .now
        let from =
            try time(since, "--since")
            ?? to.advanced(byMicroseconds: -AnswerReport.daysStandard * Timestamp.dayMicroseconds)
        guard from < to else { throw ValidationError("--since does not lie before --until") }
        let report = try await Deployment.with(try await database.settings()) { deployment in
            let openLedger = try await deployment.ledger(target.ledger)
            return try await AnswerReport.make(
                AnswerQuery(ledger: openLedger.store.id, from: from, to: to), on: deployment.pool,
                prices: openLedger.prices.schedule)
        }
        print(json ? JSONWriter.answers(report).text : Self.text(report))
    }

    private func time(_ text: String?, _ option: String) throws -> Timestamp? {
        try text.map { text in
            guard let time = Timestamp(rfc3339: text, zoneIsOptional: true) else {
                throw ValidationError("\(option) \(text) is no date: write it as 2026-01-01")
            }
            return time
        }
    }

    private static func text(_ report: AnswerReport) -> String {
        var table = TextTable([
            "app", "model", "requests", "useful", "cut_off", "unknown", "usd_a_useful_answer",
            "p50", "p99", "max_tokens", "suggested",
        ])
        for row in report.rows {
            let answers = row.answers
            table.add([
                answers.app?.string, answers.model?.string, grouped(answers.requests),
                grouped(answers.finished), grouped(answers.cutOff), grouped(answers.unknown),
                usefulCost(row.usefulCost), answers.lengths.quantile(0.5).map { grouped($0) },
                answers.lengths.quantile(0.99).map { grouped($0) },
                answers.limits.quantile(0.5).map { grouped($0) },
                row.suggestedMaxTokens.map { grouped($0) },
            ])
        }
        let advice = report.advice.map { "\n- \($0.sentence)\n  \($0.remedy)" }
        return table.text + advice.joined()
    }

    private static func usefulCost(_ cost: UsefulAnswerCost) -> String {
        switch cost {
        case .between(let least, let most?) where least == most: "\(least)"
        case .between(let least, let most?): "\(least) to \(most)"
        case .between(let least, nil): "at least \(least)"
        case .unknown(let reason): "unknown: \(reason)"
        }
    }
}
