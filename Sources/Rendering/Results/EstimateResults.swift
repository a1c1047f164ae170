package import Estimates
package import Estimating
package import JSON
import LedgerModel
package import Pricing
import ReadModels
package import Recommendations

/// The cost of a request, with the prediction of its answer; costs are null without a price.
extension CostEstimate: RenderableObject, Reportable {
    package static let shape = Shape<CostEstimate> {
        Member("model", \.request.model)
        Member("provider", \.request.provider)
        Member("app", \.request.app)
        Member("feature", \.request.feature)
        Member("position", \.position)
        Member("input", \.inputTokens)
        Member("output", \.outputTokens)
        Member("cost_usd", \.costs)
        Member("unpriced", \.unpriced)
        Member("book_id", \.book?.description)
    }

    private var inputTokens: EstimatedInput { EstimatedInput(request: request) }
    private var outputTokens: EstimatedOutput { EstimatedOutput(estimate: self) }
    private var costs: NamedValues<Rating?> { NamedValues(namedCosts.map { ($0.name, $0.cost) }) }

    /// Each cost with what it is the cost of.
    private var namedCosts: [(name: String, meaning: String, cost: Rating?)] {
        [
            ("input", "the prompt alone", inputCost),
            ("lower", "with an answer at the short end of its interval", lower),
            ("expected", "with an answer of mean length", expected),
            ("upper", "with an answer at the long end of its interval", upper),
            ("hold", "to set aside before the call: 1 answer in 100 costs more", hold),
            ("limit", "with the longest answer that the model or max_tokens allows", limit),
        ]
    }

    /// Why some part has no price; nil if all parts have one.
    private var unpriced: String? {
        for rating in [inputCost, upper] {
            if case .unpriced(let reason) = rating { return "\(reason)" }
        }
        return nil
    }

    package var report: Report {
        var parts: [Report.Part] = [
            .text(
                [
                    "input    \(inputTokens.sentence)", "output   \(outputTokens.sentence)",
                    "evidence \(outputTokens.evidence)",
                ].joined(separator: "\n"))
        ]
        if let unpriced {
            parts.append(.text("unpriced: \(unpriced)"))
        } else {
            var table = Table(["cost", "usd", "what it covers"])
            for cost in namedCosts where cost.cost != nil {
                table.add([Cell(cost.name), cost.cost.cell, Cell(cost.meaning)])
            }
            parts.append(.table(table))
        }
        var report = Report()
        report.parts = parts
        return report
    }
}

extension Rating: Renderable {
    package static var schema: JSONSchema { Picodollars?.schema }
    package var cell: Cell { amount.cell }
    package func write(to json: inout JSONWriter) { amount.write(to: &json) }

    private var amount: Picodollars? {
        switch self {
        case .priced(let amount): amount
        case .unpriced: nil
        }
    }
}

private struct EstimatedInput: RenderableObject {
    let request: PlannedRequest

    static let shape = Shape<EstimatedInput> {
        Member("tokens", \.request.input.tokens)
        Member("lower", \.request.input.range.lowerBound)
        Member("upper", \.request.input.range.upperBound)
        Member("calibration", \.request.input.calibration)
        Member("shape", \.request.shape.description)
    }

    var sentence: String {
        let input = request.input
        let tokens = "\(grouped(input.tokens)) tokens"
        if input.range.lowerBound == input.range.upperBound { return tokens }
        let observations = grouped(input.calibration?.observations ?? 0)
        let source =
            switch input.calibration?.basis {
            case nil: "estimated, since the tokenizer is not public"
            case .standard: "the default band: too few bills to learn from"
            case .provider: "learnt from \(observations) bills of the provider"
            case .family: "learnt from \(observations) bills of the family"
            }
        return "\(tokens), \(grouped(input.range.lowerBound)) to "
            + "\(grouped(input.range.upperBound)): \(source)"
    }
}

private struct EstimatedOutput: RenderableObject {
    let estimate: CostEstimate
    private var output: LengthPrediction { estimate.output }

    static let shape = Shape<EstimatedOutput> {
        Member("median", \.output.median)
        Member("mean", \.output.mean)
        Member("lower", \.output.lower)
        Member("upper", \.output.upper)
        Member("coverage", \.output.coverage)
        Member("calibrated_on", \.output.calibratedOn?.name)
        Member("hold_tokens", \.estimate.holdTokens)
        Member("max_tokens", \.output.maxTokens)
        Member("observations", \.output.observations)
        Member("evidence", \.output.basis)
    }

    var sentence: String {
        let percent = Int((output.coverage * 100).rounded())
        let limit = output.maxTokens.map { "; at most \(grouped($0))" } ?? ""
        return "\(grouped(output.median)) tokens in the median; \(percent) % of answers have "
            + "\(grouped(output.lower)) to \(grouped(output.upper)), 99 % up to "
            + "\(grouped(estimate.holdTokens))\(limit)"
    }

    var evidence: String {
        guard output.observations > 0 else {
            return "none: this ledger knows no answers, so this is a guess"
        }
        let levels = output.basis.filter { $0.share > 0 }.enumerated().map { index, basis in
            let percent = Int((basis.share * 100).rounded())
            return index == 0
                ? "\(counted(basis.observations, "answer")) of the \(basis.level.name) "
                    + "(\(percent) % of the prediction)"
                : "\(grouped(basis.observations)) of the \(basis.level.name) (\(percent) %)"
        }
        let calibration =
            output.calibratedOn.map { "calibrated on the \($0.name)'s recent answers" }
            ?? "not calibrated: too few answers, or all from one day"
        return "\(levels.joined(separator: ", ")); \(calibration)"
    }
}

extension LengthPrediction.Basis: RenderableObject {
    package static let shape = Shape<LengthPrediction.Basis> {
        Member("level", \.level.name)
        Member("observations", \.observations)
        Member("share", \.share)
    }
}

// MARK: - Calibration

extension EstimateCalibration: RenderableObject {
    package static let shape = Shape<EstimateCalibration> {
        Member("ratio", \.ratio)
        Member("band", \.band)
        Member("basis", \.basis.rawValue)
        Member("observations", \.observations)
    }
}

/// The calibration of estimates by a ledger's billed requests.
package struct CalibrationAnswer: RenderableObject {
    let position: Int64
    let rows: [Family]

    package init(_ calibrations: EstimateCalibrations, position: Int64) {
        self.position = position
        rows = calibrations.families.map { key in
            Family(
                provider: key.provider, family: key.family, encoding: key.encoding,
                calibration: calibrations.calibration(
                    provider: key.provider, model: key.family, encoding: key.encoding))
        }
    }

    package static let shape = Shape<CalibrationAnswer> {
        Member("position", \.position)
        Member("coverage", { _ in EstimateCalibration.coverage })
        Member("default", { _ in EstimateCalibration.standard() })
        Member("rows", \.rows)
    }

    package struct Family: RenderableObject {
        let provider: Name
        let family: Name
        let encoding: Name
        let calibration: EstimateCalibration

        package static let shape = Shape<Family> {
            Member("provider", \.provider)
            Member("family", \.family)
            Member("estimated_with", \.encoding)
            Member(including: \.calibration)
        }
    }
}

// MARK: - Answers and advice

/// How answers ended, with advice.
extension AnswerReport: RenderableObject, Reportable {
    package static let shape = Shape<AnswerReport> {
        Member("position", \.position)
        Member("rows", \.rows)
        Member("advice", \.advice)
    }

    package var report: Report {
        var report = Report(
            .table(Table(rows)),
            .text(
                """
                useful: succeeded and complete; cut_off: ended at its token limit; unknown: does \
                not tell how it ended. p50, p99: half and 99 % of the answers have no more output \
                tokens. max_tokens: the usual limit; suggested: 99 % of the answers fit, with a \
                fifth to spare.
                """))
        if !advice.isEmpty { report.parts += Recommendation.parts(of: advice) }
        return report
    }
}

extension AnswerReport.Row: RenderableObject {
    package static let layout = Table.Layout(
        names: ["usd_a_useful_answer": "each useful one"],
        expendable: ["unknown", "p50", "cut_off", "max_tokens"],
        nothing: "there were no answers in this time: --since 2026-01 looks further back")

    package static let shape = Shape<AnswerReport.Row> {
        Member("app", \.answers.app, .column)
        Member("model", \.answers.model, .column)
        Member("provider", \.answers.provider)
        Member("requests", \.answers.requests, .column)
        Member("failed_requests", \.answers.failed)
        Member("finished_requests", \.answers.finished, .heading("useful"))
        Member("cut_off_requests", \.answers.cutOff, .heading("cut_off"))
        Member("refused_requests", \.answers.refused)
        Member("unknown_requests", \.answers.unknown, .heading("unknown"))
        Member("unpriced_requests", \.answers.unpriced)
        Member("cost_usd", { $0.answers.cost.known(unpriced: $0.answers.unpriced) })
        Member("useful_answer_usd_min", \.usefulCost.least)
        Member("useful_answer_usd_max", \.usefulCost.most)
        Member("useful_answer_unknown", \.usefulCost.reason)
        Member(heading: "usd_a_useful_answer", \.usefulCost.words)
        Member("output_tokens_p50", { $0.answers.lengths.quantile(0.5) }, .heading("p50"))
        Member("output_tokens_p90", { $0.answers.lengths.quantile(0.9) })
        Member("output_tokens_p99", { $0.answers.lengths.quantile(0.99) }, .heading("p99"))
        Member("usual_max_tokens", { $0.answers.limits.quantile(0.5) }, .heading("max_tokens"))
        Member("suggested_max_tokens", \.suggestedMaxTokens, .heading("suggested"))
    }
}

extension UsefulAnswerCost {
    fileprivate var least: PicodollarSum? {
        if case .between(let least, _) = self { least } else { nil }
    }

    fileprivate var most: PicodollarSum? {
        if case .between(_, let most) = self { most } else { nil }
    }

    fileprivate var reason: String? {
        if case .unknown(let reason) = self { reason } else { nil }
    }

    fileprivate var words: String {
        switch self {
        case .between(let least, let most?) where least == most: dollars(least)
        case .between(let least, let most?): "\(dollars(least)) to \(dollars(most))"
        case .between(let least, nil): "at least \(dollars(least))"
        case .unknown(let reason): "unknown: \(reason)"
        }
    }
}

/// A recommendation, its money exact or null with the reason.
extension Recommendation: RenderableObject {
    package static let shape = Shape<Recommendation> {
        Member("kind", \.kind.rawValue)
        Member(spreading: { $0.dimensions.named })
        Member("finding", \.finding)
        Member("remedy", \.remedy)
        Member("cost_usd_per_day", \.costPerDay.known)
        Member("unpriced", \.costPerDay.reason)
        Member("impact", \.impact)
        Member("confidence", \.confidence?.rawValue)
        Member("sentence", \.sentence)
        Member("evidence", { NamedValues($0.evidence.map { ($0.key, $0.value) }) })
    }

    package static func parts(of recommendations: [Recommendation]) -> [Report.Part] {
        if recommendations.isEmpty { return [.text("nothing to recommend")] }
        return [
            .text(
                recommendations.map { "- \($0.sentence)\n  \($0.remedy)" }
                    .joined(separator: "\n"))
        ]
    }
}

extension Recommendation.Cost {
    fileprivate var known: PicodollarSum? {
        if case .known(let cost) = self { cost } else { nil }
    }

    fileprivate var reason: String? {
        if case .unknown(let reason) = self { reason } else { nil }
    }
}
