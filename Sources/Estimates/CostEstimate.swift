package import Estimating
package import LedgerModel
package import Pricing
import Prompts
package import ReadModels

/// A request that has not been made yet.
package struct PlannedRequest: Sendable {
    package var model: Name
    package var provider: Name?
    package var app: Name?
    package var feature: Name?
    package var serviceTier: Name?
    package var region: Name?
    package var input: InputCount
    /// Where the provider cuts the answer off, if the caller says so.
    package var maxTokens: Int64?
    /// The fraction of cases in which the interval holds.
    package var coverage = 0.9
    package var hasTools = false
    package var wantsJSON = false
    package var hasImages = false

    package init(model: Name, input: InputCount) {
        self.model = model
        self.input = input
    }

    /// The coverages that may be asked for; history is too short for more.
    package static let coverages = 0.5...0.99

    /// Whether the format that a request asks for is JSON, as in the label `response_format`.
    package static func isJSON(format: String) -> Bool {
        ["json", "json_object", "json_schema"].contains(format.lowercased())
    }

    /// The largest possible output: the caller's limit or the model's, whichever is smaller; nil if
    /// neither is known.
    package var outputMax: Int64? {
        let own = ContextWindow(model: model.string)?.output.map { Int64($0) }
        return [maxTokens, own].compactMap { $0 }.min()
    }

    package var shape: PromptShape {
        PromptShape(
            inputTokens: input.tokens, hasTools: hasTools, wantsJSON: wantsJSON,
            hasImages: hasImages)
    }
}

/// The number of input tokens of a prompt, and how certain it is.
package struct InputCount: Hashable, Sendable {
    package let tokens: Int64
    /// The billed number lies in this range in nine of ten cases; one number if the count is exact.
    package let range: ClosedRange<Int64>
    /// How the estimate was corrected; nil for a count that needed no correction.
    package let calibration: EstimateCalibration?

    package init(exactly tokens: Int64) {
        self.tokens = tokens
        range = tokens...tokens
        calibration = nil
    }

    /// A count that is right within a band, given as a fraction of it.
    package init(tokens: Int64, band: Double) {
        self.tokens = tokens
        range = EstimateCalibration.standard(band: band).range(estimated: tokens)
        calibration = nil
    }

    /// A count from another model's tokenizer, corrected by bills.
    package init(estimated: Int64, _ calibration: EstimateCalibration) {
        tokens = calibration.tokens(estimated: estimated)
        range = calibration.range(estimated: estimated)
        self.calibration = calibration
    }
}

/// The cost of a request, before it is made.
package struct CostEstimate: Sendable {
    package let request: PlannedRequest
    package let output: LengthPrediction
    /// The tokens to hold for the output: exceeded in one of a hundred cases.
    package let holdTokens: Int64
    /// The input alone.
    package let inputCost: Rating
    /// The cost with the least and the most input and output, and with the mean output.
    package let lower: Rating
    package let expected: Rating
    package let upper: Rating
    /// The cost with the tokens to hold, and with the largest possible output: the worst case, nil
    /// if unknown.
    package let hold: Rating
    package let limit: Rating?
    /// The book that was used; nil if none is in force.
    package let book: PriceBookID?
    /// The position of the ledger up to which history was read.
    package let position: Int64

    package static let holdRisk = 0.01

    /// Prices a request by the answers that history predicts.
    ///
    /// Refuses a cost that one event can't hold.
    package init(
        _ request: PlannedRequest, knowing answer: Answer<LengthRow>, under prices: PriceSchedule,
        at time: Timestamp
    ) throws(RatingOverflow) {
        self.request = request
        position = answer.position
        let predictor = LengthPredictor(answer.history)
        let outputMax = request.outputMax
        output = predictor.predict(coverage: request.coverage, maxTokens: outputMax)
        holdTokens = predictor.holdTokens(risk: Self.holdRisk, maxTokens: outputMax)
        var rater = Rater(prices)
        func cost(_ input: Int64, _ output: Int64?) throws(RatingOverflow) -> ScheduledRating {
            var usage: Usage = [.inputTokens: input]
            usage[.outputTokens] = output
            return try rater.rate(
                usage, provider: request.provider, model: request.model,
                serviceTier: request.serviceTier, region: request.region, at: time)
        }
        let input = request.input
        let inputRating = try cost(input.tokens, nil)
        inputCost = inputRating.rating
        book = inputRating.book
        lower = try cost(input.range.lowerBound, output.lower).rating
        expected = try cost(input.tokens, Int64(output.mean.rounded())).rating
        upper = try cost(input.range.upperBound, output.upper).rating
        hold = try cost(input.range.upperBound, holdTokens).rating
        if let outputMax {
            limit = try cost(input.range.upperBound, outputMax).rating
        } else {
            limit = nil
        }
    }
}
