import ArgumentParser
import Booking
import EventStore
import JSON
import LedgerModel
import PriceBooks
import ReadModels
import Recommendations
import Server

struct Recommend: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what could be done better, and what it costs a day to leave it.",
        discussion: """
            It looks at prompts whose cached prefix is broken, at cache reads that fell, at prompts \
            that share a prefix which nobody caches, and at answers that are cut off or longer \
            than they need be (tally advise shows the numbers behind). What has no price is listed with the \
            reason, not as zero.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var target: LedgerOptions
    @Option(help: "How many days to look at, up to today (default 7).") var days: Int64 = 7
    @Flag(help: "Print the result as JSON.") var json = false

    func validate() throws {
        guard (1...366).contains(days) else {
            throw ValidationError("--days \(days): a number from 1 to 366 is expected")
        }
    }

    func execute() async throws {
        let answer = try await Deployment.with(try await database.settings()) { deployment in
            let openLedger = try await deployment.ledger(target.ledger)
            try await ProjectionRunner(pool: deployment.pool).catchUp()
            let now = Timestamp.now
            let query = RecommendationQuery(
                ledger: openLedger.store.id,
                from: now.advanced(byMicroseconds: -(days - 1) * Timestamp.dayMicroseconds),
                to: now)
            return try await query.run(on: deployment.pool, prices: openLedger.prices.schedule)
        }
        if json {
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("position", answer.position)
                writer.key("rows")
                writer.array(of: answer.recommendations) { writer, recommendation in
                    writer.object { $0.fields(of: recommendation) }
                }
            }
            return print(writer.text)
        }
        if answer.recommendations.isEmpty {
            return print("nothing to recommend from the last \(days) days")
        }
        for recommendation in answer.recommendations {
            print("- \(recommendation.sentence)\n  \(recommendation.remedy)")
        }
    }
}
