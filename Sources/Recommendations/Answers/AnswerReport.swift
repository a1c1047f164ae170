package import LedgerModel
import LedgerSQL
package import Postgres
package import Pricing
package import ReadModels

/// How the answers of a ledger ended on some days, with advice.
package struct AnswerReport: Sendable {
    package struct Row: Sendable {
        package let answers: AnswerRow
        package let usefulCost: UsefulAnswerCost
        /// A token limit that 99 % of the answers stay within, plus a fifth; nil if there are too
        /// few.
        package let suggestedMaxTokens: Int64?
    }

    /// The number of days in a report by default.
    package static let daysStandard: Int64 = 30

    package let position: Int64
    package let rows: [Row]
    package let advice: [Recommendation]

    /// - Parameter prices: the prices in force at the end of the days are used.
    package static func make(
        _ query: AnswerQuery, on pool: Pool, prices: PriceSchedule
    ) async throws -> AnswerReport {
        let answer = try await query.run(on: pool)
        return AnswerReport(
            answer, prices: prices, at: query.days.to.advanced(byMicroseconds: -1))
    }

    package init(_ answer: Answer<AnswerRow>, prices: PriceSchedule, at time: Timestamp) {
        position = answer.position
        rows = answer.rows.filter { $0.requests > 0 }.map { row in
            Row(
                answers: row, usefulCost: row.usefulCost,
                suggestedMaxTokens: AdviceRules.suggestedMaxTokens(row))
        }
        var rules = AdviceRules(prices, at: time)
        advice = Recommendation.inOrder(rows.flatMap { rules.advice(on: $0.answers) })
    }
}

/// The cost of a useful answer: the cost of all requests, including failed and cut-off ones,
/// divided by the number of useful answers.
///
/// An answer is useful if its request succeeded and the answer is complete. If events do not say,
/// it may be either, so there are two bounds.
package enum UsefulAnswerCost: Hashable, Sendable {
    /// The cost if all unknown answers were useful, and if none was (nil if there were then no
    /// useful answers).
    case between(least: PicodollarSum, most: PicodollarSum?)
    case unknown(String)
}

extension AnswerRow {
    package var usefulCost: UsefulAnswerCost {
        if unpriced > 0 { return .unknown("\(unpriced) requests have no price") }
        guard finished + unknown > 0 else { return .unknown("no answer was useful") }
        func each(of count: Int64) -> PicodollarSum {
            PicodollarSum(dividedHalfEven(cost.amount, by: Int128(count)))
        }
        return .between(
            least: each(of: finished + unknown), most: finished > 0 ? each(of: finished) : nil)
    }
}
