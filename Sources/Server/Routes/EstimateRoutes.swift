import Booking
import Estimates
import HTTPTypes
import LedgerModel
import PriceBooks
import Prompts
import ReadModels
import Recommendations
import Rendering

/// Estimates before a call (`POST /api/v1/estimates`, `GET /api/v1/tokens/calibration`), how
/// answers ended (`GET /api/v1/answers`), what prompt caches saved (`GET /api/v1/prompt-cache`), and
/// recommendations.
enum EstimateRoutes {
    static let routes: [Route] = [
        Route(.post, "/api/v1/estimates", "Estimate what a request will cost", estimate),
        Route(
            .get, "/api/v1/tokens/calibration", "Compare estimates with bills"
        ) { (call, _: Nothing) in
            let answer = try await CalibrationQuery(ledger: call.caller.ledger, at: call.now)
                .run(on: call.parts.pool)
            return CalibrationAnswer(answer.calibrations, position: answer.position)
        },
        Route(.get, "/api/v1/answers", "Report how answers ended, with advice", answers),
        Route(
            .get, "/api/v1/recommendations", "List what to improve, with its cost per day",
            recommend),
        Route(
            .get, "/api/v1/prompt-cache", "Report what providers' prompt caches saved",
            promptCache),
    ]

    private struct PromptCacheInput: Input {
        let period: Period
        let by: [PromptCacheQuery.Part]
        let page: AnswerPage

        init(_ given: Given) throws {
            period = try Period(given)
            by = try given.query("by", .list(of: .word), "What to group by.") ?? []
            page = try given.page()
        }
    }

    private static func promptCache(
        _ call: Call, _ input: PromptCacheInput
    ) async throws -> Answered<PromptCacheGroup> {
        let (from, to) = try input.period.bounds(at: call.now)
        let query = PromptCacheQuery(
            ledger: call.caller.ledger, by: input.by, from: from, to: to)
        let report = try await PromptCacheReport.make(
            query, on: call.parts.pool, prices: try await call.ledger().prices.schedule)
        return report.answered(query, page: input.page)
    }

    private struct EstimateInput: Input {
        static let body = BodyForm.object(bytesMax: 1 << 16)
        let question: EstimateQuestion
        let time: Timestamp?

        init(_ given: Given) throws {
            let counts = Kind.integer(in: 0...Int64(Estimator.tokensMax))
            let model = try given.member(required: "model", .name, "The model.")
            let tokens = try given.member(
                required: "input_tokens", counts, "Tokens in the prompt.")
            var request = PlannedRequest(model: model, input: InputCount(exactly: tokens))
            request.provider = try given.member("provider", .name, "Who sells the model.")
            request.app = try given.member("app", .name, "The application.")
            request.feature = try given.member("feature", .name, "The application's feature.")
            request.serviceTier = try given.member("service_tier", .name, "Such as batch.")
            request.region = try given.member("region", .name, "The provider's region.")
            request.maxTokens = try given.member("max_tokens", counts, "The answer's token limit.")
            if let coverage = try given.member(
                "coverage", .number(in: PlannedRequest.coverages),
                "The share of answers that the interval should contain.")
            {
                request.coverage = coverage
            }
            request.hasTools = try given.member("tools", .flag, "Whether it offers tools.") ?? false
            request.hasImages = try given.member("images", .flag, "Whether it has images.") ?? false
            let format = try given.member("response_format", .text, "Such as json_object.")
            request.wantsJSON = format.map { PlannedRequest.isJSON(format: $0) } ?? false
            let encoding = try given.member(
                "estimated_with", .name, "The encoding, if input_tokens is an estimate.")
            question = try EstimateQuestion(request, estimatedWith: encoding)
            time = try given.member(
                "at", .time(at: given.now), "The time of the request; default now.")
        }
    }

    private static func estimate(_ call: Call, _ input: EstimateInput) async throws -> CostEstimate
    {
        let now = input.time ?? call.now
        let estimator = Estimator(
            ledger: call.caller.ledger, pool: call.parts.pool,
            prices: try await call.ledger().prices.schedule)
        return try await input.question.answer(from: estimator, at: now)
    }

    private static func answers(_ call: Call, _ period: Period) async throws -> AnswerReport {
        let (from, to) = try period.bounds(at: call.now, days: AnswerReport.daysStandard)
        return try await AnswerReport.make(
            AnswerQuery(ledger: call.caller.ledger, from: from, to: to), on: call.parts.pool,
            prices: try await call.ledger().prices.schedule)
    }

    private static func recommend(
        _ call: Call, _ period: Period
    ) async throws -> Answered<Recommendation> {
        let (from, to) = try period.bounds(at: call.now, days: 7)
        let query = RecommendationQuery(ledger: call.caller.ledger, from: from, to: to)
        let answer = try await query.run(
            on: call.parts.pool, prices: try await call.ledger().prices.schedule)
        return Answered(
            answer.recommendations, position: answer.position, from: query.from, to: query.to)
    }
}
