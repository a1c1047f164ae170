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
    /// In how many of all cases the interval holds.
    package var coverage = 0.9
    package var hasTools = false
    package var wantsJSON = false
    package var hasImages = false

    package init(model: Name, input: InputCount) {
        self.model = model
        self.input = input
    }

    /// The coverages that are asked for; beyond them history is too short to say.
    package static let coverages = 0.5...0.99

    /// Whether a format that a request asks for is JSON, as in the label `response_format`.
    package static func isJSON(format: String) -> Bool {
        ["json", "json_object", "json_schema"].contains(format.lowercased())
    }

    /// The most output that there can be: what the caller allows, and no more than the model gives;
    /// nil where neither is known.
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

/// How many input tokens a prompt has, and how sure that is.
package struct InputCount: Hashable, Sendable {
    package let tokens: Int64
    /// What will be billed lies in it in nine of ten cases; one number if the count is exact.
    package let range: ClosedRange<Int64>
    /// How an estimate was corrected; nil for a count that nobody had to correct.
    package let calibration: EstimateCalibration?

    package init(exactly tokens: Int64) {
        self.tokens = tokens
        range = tokens...tokens
        calibration = nil
    }

    /// A count that is right within a band, a fraction of it.
    package init(tokens: Int64, band: Double) {
        self.tokens = tokens
        range = EstimateCalibration.standard(band: band).range(estimated: tokens)
        calibration = nil
    }

    /// A count that was made with another model's tokenizer, corrected by what bills say.
    package init(estimated: Int64, _ calibration: EstimateCalibration) {
        tokens = calibration.tokens(estimated: estimated)
        range = calibration.range(estimated: estimated)
        self.calibration = calibration
    }
}

/// What a request will cost, before it is made.
package struct CostEstimate: Sendable {
    package let request: PlannedRequest
    package let output: LengthPrediction
    /// What to hold for the output: it is exceeded in one of a hundred cases.
    package let holdTokens: Int64
    /// The input alone.
    package let inputCost: Rating
    /// From the least to the most of input and output, and with the mean output.
    package let lower: Rating
    package let expected: Rating
    package let upper: Rating
    /// With the tokens to hold, and with all output that there can be: the worst case, nil where
    /// nobody knows it.
    package let hold: Rating
    package let limit: Rating?
    /// The book that was asked; nil if none is in force.
    package let book: PriceBookID?
    /// The position of the ledger up to which history was read.
    package let position: Int64

    package static let holdRisk = 0.01

    /// Prices a request by what history says of its answer.
    ///
    /// A cost that one event can't hold is refused.
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
