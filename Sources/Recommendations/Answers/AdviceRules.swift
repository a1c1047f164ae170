import Estimating
import JSON
import LedgerModel
import Pricing
import ReadModels

/// Rules for advice on the lengths and ends of answers, and its cost.
struct AdviceRules {
    private var rater: Rater
    private let time: Timestamp

    /// The fewest completed answers for advice.
    static let answersMin: Int64 = 100
    /// The part of completed answers that are cut off, in percent, from which on advice is given.
    static let cutOffPercentMin: Int64 = 2
    /// The part of all output tokens beyond the suggested limit, in percent.
    static let tailPercentMin: Int64 = 2
    /// The most that the usual limit may be, as a multiple of the suggested one.
    static let limitFactorMax: Int64 = 4
    /// The most that an application's median may be, as a multiple of that of other applications.
    static let verboseFactorMax: Int64 = 2

    init(_ prices: PriceSchedule, at time: Timestamp) {
        rater = Rater(prices)
        self.time = time
    }

    mutating func advice(on row: AnswerRow) -> [Recommendation] {
        [outcomeUnknown(row), limitTooLow(row), limitTooHigh(row), verbose(row)].compactMap { $0 }
    }

    /// The tokens that 99 % of the answers need plus a fifth, in steps of 64.
    static func suggestedMaxTokens(_ row: AnswerRow) -> Int64? {
        guard row.lengths.total >= answersMin, let long = row.lengths.quantile(0.99) else {
            return nil
        }
        return (long * 6 / 5 / 64 + 1) * 64
    }

    // MARK: The rules

    private func outcomeUnknown(_ row: AnswerRow) -> Recommendation? {
        let completed = row.requests - row.failed
        guard completed >= Self.answersMin, row.unknown * 2 >= completed else { return nil }
        return recommend(
            .outcomeUnknown, row,
            finding:
                "of \(completed) answers of \(subject(row)), \(row.unknown) do not tell how they "
                + "ended",
            remedy: "send the label finish_reason with the provider's value, or max_tokens",
            costPerDay: .unknown("cut-off answers cannot be told from whole ones"),
            evidence: [("completed", completed), ("unknown", row.unknown)])
    }

    private func limitTooLow(_ row: AnswerRow) -> Recommendation? {
        let completed = row.requests - row.failed
        guard completed >= Self.answersMin,
            row.cutOff * 100 >= completed * Self.cutOffPercentMin
        else { return nil }
        let cost: Recommendation.Cost =
            row.unpriced > 0
            ? .unknown("\(row.unpriced) requests have no price")
            : .known(
                PicodollarSum(
                    dividedHalfEven(
                        row.cost.amount * Int128(row.cutOff),
                        by: Int128(row.requests) * Int128(max(1, row.days)))))
        return recommend(
            .limitTooLow, row,
            finding:
                "\(percent(row.cutOff, of: completed)) of the answers of \(subject(row)) end at "
                + "their token limit",
            remedy: "raise max_tokens, or ask for answers that fit",
            costPerDay: cost,
            evidence: [
                ("completed", completed), ("cut_off", row.cutOff),
                ("usual_max_tokens", row.limits.quantile(0.5)),
                ("output_tokens_p99", row.lengths.quantile(0.99)),
            ])
    }

    private mutating func limitTooHigh(_ row: AnswerRow) -> Recommendation? {
        guard let suggested = Self.suggestedMaxTokens(row) else { return nil }
        let usual = row.limits.quantile(0.5)
        let tail = row.lengths.tokens(above: suggested)
        let isTailHeavy = tail * 100 >= row.lengths.tokens * Self.tailPercentMin && tail > 0
        let isLimitFar = (usual ?? 0) > suggested * Self.limitFactorMax
        // If answers are already cut off, a lower limit would be bad advice.
        guard isTailHeavy || isLimitFar, row.cutOff * 100 < row.lengths.total else { return nil }
        let long = row.lengths.count(above: suggested)
        let finding =
            isTailHeavy
            ? "\(percent(long, of: row.lengths.total)) of the answers of \(subject(row)) are "
                + "longer than \(suggested) tokens and make up "
                + "\(percent(tail, of: row.lengths.tokens)) of the output beyond it"
            : "max_tokens of \(subject(row)) is usually \(usual ?? 0), and 99 % of the answers "
                + "fit in \(suggested)"
        return recommend(
            .limitTooHigh, row,
            finding: finding,
            remedy: "set max_tokens to \(suggested): holds shrink, and runaway answers end",
            costPerDay: cost(ofOutput: tail, row),
            evidence: [
                ("completed", row.lengths.total),
                ("output_tokens_p50", row.lengths.quantile(0.5)),
                ("output_tokens_p99", row.lengths.quantile(0.99)), ("longer", long),
                ("tokens_beyond", tail), ("usual_max_tokens", usual),
            ])
    }

    private mutating func verbose(_ row: AnswerRow) -> Recommendation? {
        var others = LengthHistogram()
        for (bucket, count) in row.modelLengths.counts.enumerated() {
            let own = bucket < row.lengths.counts.count ? row.lengths.counts[bucket] : 0
            others.add(max(0, count - own), toBucket: bucket)
        }
        guard row.lengths.total >= Self.answersMin, others.total >= Self.answersMin,
            let own = row.lengths.quantile(0.5), let usual = others.quantile(0.5), usual > 0,
            own > usual * Self.verboseFactorMax
        else { return nil }
        let tooMany = row.lengths.tokens - row.lengths.total * (others.tokens / others.total)
        return recommend(
            .verbose, row,
            finding:
                "half of the answers of \(subject(row)) are longer than \(own) tokens; for other "
                + "applications on the model, half are longer than \(usual)",
            remedy: "ask for shorter answers, or check that the task needs this length",
            costPerDay: cost(ofOutput: max(0, tooMany), row),
            evidence: [
                ("completed", row.lengths.total), ("output_tokens_p50", own),
                ("others", others.total), ("others_output_tokens_p50", usual),
            ])
    }

    // MARK: Money and words

    /// The daily cost of these output tokens, at the price of a request of mean size.
    private mutating func cost(ofOutput tokens: Int64, _ row: AnswerRow) -> Recommendation.Cost {
        guard let model = row.model else { return .unknown("the model is unknown") }
        let input = row.inputTokens / Int128(max(1, row.requests))
        let usage: Usage = [
            .inputTokens: Int64(clamping: input), .outputTokens: min(tokens, Usage.countMax),
        ]
        do throws(RatingOverflow) {
            let derivation = try rater.derive(
                usage, provider: row.provider, model: model, at: time)
            if case .unpriced(let reason) = derivation.rating { return .unknown("\(reason)") }
            let output = derivation.lines.filter { $0.unit == .outputTokens }
                .reduce(0) { $0 + $1.amount }
            return .known(
                PicodollarSum(
                    dividedHalfEven(
                        output, by: Rate.ninthsPerPicodollar * Int128(max(1, row.days)))))
        } catch {
            return .unknown("\(error)")
        }
    }

    private func subject(_ row: AnswerRow) -> String {
        "\(row.app?.string ?? "requests without an app") with \(row.model?.string ?? "no model")"
    }

    /// A percentage with one decimal, rounded down, so that a part is never shown as 100 %.
    private func percent(_ part: Int64, of whole: Int64) -> String {
        let thousandths = Int128(part) * 1_000 / Int128(max(1, whole))
        return "\(decimal(thousandths, scale: 1)) %"
    }

    private func recommend(
        _ kind: Recommendation.Kind, _ row: AnswerRow, finding: String, remedy: String,
        costPerDay: Recommendation.Cost, evidence: [(String, Int64?)]
    ) -> Recommendation {
        var dimensions = Dimensions()
        dimensions[.app] = row.app
        dimensions[.model] = row.model
        return Recommendation(
            kind: kind, dimensions: dimensions, finding: finding, remedy: remedy,
            costPerDay: costPerDay,
            evidence: evidence.compactMap { name, value in value.map { (name, String($0)) } })
    }
}
