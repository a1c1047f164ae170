package import Estimates
package import Estimating
package import JSON
import LedgerModel
package import Pricing
import ReadModels
package import Recommendations

extension JSONWriter {
    /// What a request will cost, with what is known about its answer.
    package static func estimate(_ estimate: CostEstimate) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            let request = estimate.request
            json.field("model", request.model.string)
            json.field("provider", request.provider?.string)
            json.field("app", request.app?.string)
            json.field("feature", request.feature?.string)
            json.field("position", estimate.position)
            json.key("input")
            json.object { json in
                json.field("tokens", request.input.tokens)
                json.field("lower", request.input.range.lowerBound)
                json.field("upper", request.input.range.upperBound)
                json.key("calibration")
                if let calibration = request.input.calibration {
                    json.object { $0.calibration(calibration) }
                } else {
                    json.value(raw: "null")
                }
                json.field("shape", request.shape.description)
            }
            json.key("output")
            json.object { $0.output(of: estimate) }
            json.cost(of: estimate)
        }
        return json
    }

    private mutating func output(of estimate: CostEstimate) {
        let output = estimate.output
        field("median", output.median)
        field("mean", output.mean)
        field("lower", output.lower)
        field("upper", output.upper)
        field("coverage", output.coverage)
        field("calibrated_on", output.calibratedOn?.name)
        field("hold_tokens", estimate.holdTokens)
        field("max_tokens", output.maxTokens)
        field("observations", output.observations)
        key("evidence")
        array(of: output.basis) { json, basis in
            json.object { json in
                json.field("level", basis.level.name)
                json.field("observations", basis.observations)
                json.field("share", basis.share)
            }
        }
    }

    /// Money as decimal texts; null where there is no price, and why.
    private mutating func cost(of estimate: CostEstimate) {
        key("cost_usd")
        object { json in
            json.field("input", estimate.inputCost.usd)
            json.field("lower", estimate.lower.usd)
            json.field("expected", estimate.expected.usd)
            json.field("upper", estimate.upper.usd)
            json.field("hold", estimate.hold.usd)
            json.field("limit", estimate.limit?.usd)
        }
        field("unpriced", estimate.unpriced)
        field("book_id", estimate.book?.description)
    }

    package mutating func calibration(_ calibration: EstimateCalibration) {
        field("ratio", calibration.ratio)
        field("band", calibration.band)
        field("basis", calibration.basis.rawValue)
        field("observations", calibration.observations)
    }

    /// How answers fared, with advice.
    package static func answers(_ report: AnswerReport) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.field("position", report.position)
            json.key("rows")
            json.array(of: report.rows) { json, row in json.object { $0.answers(row) } }
            json.key("advice")
            json.array(of: report.advice) { json, advice in json.object { $0.fields(of: advice) } }
        }
        return json
    }

    private mutating func answers(_ row: AnswerReport.Row) {
        let answers = row.answers
        field("app", answers.app?.string)
        field("model", answers.model?.string)
        field("provider", answers.provider?.string)
        field("requests", answers.requests)
        field("failed_requests", answers.failed)
        field("finished_requests", answers.finished)
        field("cut_off_requests", answers.cutOff)
        field("refused_requests", answers.refused)
        field("unknown_requests", answers.unknown)
        field("unpriced_requests", answers.unpriced)
        field("cost_usd", answers.cost.description)
        switch row.usefulCost {
        case .between(let least, let most):
            field("useful_answer_usd_min", least.description)
            field("useful_answer_usd_max", most?.description)
            field("useful_answer_unknown", String?.none)
        case .unknown(let reason):
            field("useful_answer_usd_min", String?.none)
            field("useful_answer_usd_max", String?.none)
            field("useful_answer_unknown", reason)
        }
        for (name, part) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
            field("output_tokens_\(name)", answers.lengths.quantile(part))
        }
        field("usual_max_tokens", answers.limits.quantile(0.5))
        field("suggested_max_tokens", row.suggestedMaxTokens)
    }
}

extension Rating {
    /// Dollars as an exact decimal; nil without a price.
    package var usd: String? {
        switch self {
        case .priced(let amount): amount.description
        case .unpriced: nil
        }
    }
}

extension CostEstimate {
    /// Why a part of it has no price; nil if all have one.
    package var unpriced: String? {
        for rating in [inputCost, upper] {
            if case .unpriced(let reason) = rating { return "\(reason)" }
        }
        return nil
    }
}
