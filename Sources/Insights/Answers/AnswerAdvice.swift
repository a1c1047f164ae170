package import LedgerModel
import Pricing

/// What the answers of an application with a model say should be done.
package struct AnswerAdvice: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// Answers end at their limit of tokens.
        case limitTooLow = "limit_too_low"
        /// A few answers are far longer than the others, or the limit is far above all of them.
        case limitTooHigh = "limit_too_high"
        /// Answers are longer than those of other applications with the same model.
        case verbose
        /// Events do not tell how answers ended.
        case outcomeUnknown = "outcome_unknown"
    }

    /// Unknown is not zero.
    package enum Cost: Hashable, Sendable {
        case known(PicodollarSum)
        case unknown(String)
    }

    package struct Evidence: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    package let kind: Kind
    package let app: Name?
    package let model: Name?
    package let finding: String
    package let remedy: String
    /// What leaving it as it is costs on a day on which there are requests.
    package let costPerDay: Cost
    package let evidence: [Evidence]

    /// The dearest first, then what has no price.
    static func inOrder(_ all: [AnswerAdvice]) -> [AnswerAdvice] {
        func rank(_ advice: AnswerAdvice) -> (Int, Int128) {
            switch advice.costPerDay {
            case .known(let cost): (0, -cost.amount)
            case .unknown: (1, 0)
            }
        }
        return all.enumerated().sorted { a, b in
            let (first, second) = (rank(a.element), rank(b.element))
            return first == second ? a.offset < b.offset : first < second
        }.map(\.element)
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
