package import LedgerModel
import LedgerSQL
package import Postgres
package import Pricing
package import ReadModels

/// How the answers of a ledger fared in some days, and what to do about it.
package struct AnswerReport: Sendable {
    package struct Row: Sendable {
        package let answers: AnswerRow
        package let usefulCost: UsefulAnswerCost
        /// A limit of tokens that leaves 99 % of the answers whole, with a fifth of room; nil with
        /// too few of them.
        package let suggestedMaxTokens: Int64?
    }

    /// Days that are looked at when nobody says which.
    package static let daysStandard: Int64 = 30

    package let position: Int64
    package let rows: [Row]
    package let advice: [Recommendation]

    /// - Parameter prices: those in force at the end of the days count.
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

/// What a useful answer costs: the cost of all requests, failed and cut-off ones too, for each.
///
/// An answer is useful if its request succeeded and it came to its end. Where events do not tell,
/// it may be either, so there are two bounds.
package enum UsefulAnswerCost: Hashable, Sendable {
    /// If all that are unknown were useful, and if none was (nil if then there was none at all).
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
