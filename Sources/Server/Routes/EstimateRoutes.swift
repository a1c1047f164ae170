import Access
import Booking
import Estimates
import Estimating
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import PriceBooks
import Pricing
import ReadModels
import Recommendations

/// What is known before a call is made: `POST /api/v1/estimates`, `GET /api/v1/tokens/calibration`;
/// and what became of the answers: `GET /api/v1/answers`.
struct EstimateRoutes: Sendable {
    let parts: ServerParts

    private static let bodyBytesMax = 1 << 16

    func add(to router: Router<TallyContext>) {
        router.post("/api/v1/estimates") { request, _ in try await estimate(request) }
        router.get("/api/v1/tokens/calibration") { request, _ in try await calibration(request) }
        router.get("/api/v1/answers") { request, _ in try await answers(request) }
    }

    private func estimate(_ request: Request) async throws -> Response {
        let caller = try await parts.access.caller(key: request.apiKey, needs: .read)
        let bytes = try await request.body.collect(upTo: Self.bodyBytesMax)
        let body = try EstimateBody(reading: Data(bytes.readableBytesView))
        let openLedger = try await parts.ledgers.openLedger(caller.ledger)
        let now = try body.time() ?? parts.now()
        let estimator = Estimator(
            ledger: caller.ledger, pool: parts.pool, prices: openLedger.prices.schedule)
        do {
            let planned = try await body.planned(by: estimator, at: now)
            return .json(.estimate(try await estimator.estimate(planned, at: now)))
        } catch let overflow as RatingOverflow {
            throw Failure.invalid("\(overflow)", param: "input_tokens")
        }
    }

    private func calibration(_ request: Request) async throws -> Response {
        let caller = try await parts.access.caller(key: request.apiKey, needs: .read)
        let answer = try await CalibrationQuery(ledger: caller.ledger, at: parts.now())
            .run(on: parts.pool)
        var json = JSONWriter()
        json.object { json in
            json.field("position", answer.position)
            json.field("coverage", EstimateCalibration.coverage)
            json.key("default")
            json.object { $0.calibration(.standard()) }
            json.key("rows")
            json.array(of: answer.calibrations.families) { json, key in
                json.object { json in
                    json.field("provider", key.provider.string)
                    json.field("family", key.family.string)
                    json.field("estimated_with", key.encoding.string)
                    json.calibration(
                        answer.calibrations.calibration(
                            provider: key.provider, model: key.family, encoding: key.encoding))
                }
            }
        }
        return .json(json)
    }

    private func answers(_ request: Request) async throws -> Response {
        let caller = try await parts.access.caller(key: request.apiKey, needs: .read)
        let query = Query(request)
        let to = try query.time("to") ?? parts.now()
        let from =
            try query.time("from")
            ?? to.advanced(byMicroseconds: -AnswerReport.daysStandard * Timestamp.dayMicroseconds)
        guard from < to else {
            throw Failure.invalid("from \(from) does not lie before to \(to)", param: "from")
        }
        let openLedger = try await parts.ledgers.openLedger(caller.ledger)
        let report = try await AnswerReport.make(
            AnswerQuery(ledger: caller.ledger, from: from, to: to), on: parts.pool,
            prices: openLedger.prices.schedule)
        return .json(.answers(report))
    }
}

/// What an estimate is asked for with.
struct EstimateBody: Decodable {
    var model: String
    var provider: String?
    var app: String?
    var feature: String?
    var serviceTier: String?
    var region: String?
    /// Numbers as JSON has them: 1200, 1200.0 and 1.2e3 are one count.
    var inputTokens: Double
    /// What the input was counted with, if not with the model's own tokenizer.
    var estimatedWith: String?
    var maxTokens: Double?
    var coverage: Double?
    var tools: Bool?
    var responseFormat: String?
    var images: Bool?
    /// When the request will be made; now without it.
    var at: String?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case model, provider, app, feature, region, coverage, tools, images, at
        case serviceTier = "service_tier"
        case inputTokens = "input_tokens"
        case estimatedWith = "estimated_with"
        case maxTokens = "max_tokens"
        case responseFormat = "response_format"
    }

    init(reading json: Data) throws {
        do {
            try JSONNames.check(json, against: CodingKeys.self)
            self = try JSONDecoder().decode(EstimateBody.self, from: json)
        } catch DecodingError.keyNotFound(let key, _) {
            throw Failure.invalid("\(key.stringValue) is missing", param: key.stringValue)
        } catch DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context)
        {
            let name = context.codingPath.last?.stringValue
            throw Failure.invalid("\(name ?? "the body") has a value of another type", param: name)
        } catch is DecodingError {
            throw Failure.invalid("the body is not a JSON object")
        }
    }

    func planned(by estimator: Estimator, at time: Timestamp) async throws -> PlannedRequest {
        let input = try count(inputTokens, "input_tokens")
        let model = try name(model, "model") ?? Name(model)
        let provider = try name(provider, "provider")
        var request = PlannedRequest(model: model, input: InputCount(exactly: input))
        if let encoding = try name(estimatedWith, "estimated_with") {
            guard let provider else {
                throw Failure.invalid(
                    "estimated_with needs a provider, whose bills say how far it is off",
                    param: "provider")
            }
            request.input = InputCount(
                estimated: input,
                try await estimator.calibration(
                    provider: provider, model: model, encoding: encoding, at: time))
        }
        request.provider = provider
        request.app = try name(app, "app")
        request.feature = try name(feature, "feature")
        request.serviceTier = try name(serviceTier, "service_tier")
        request.region = try name(region, "region")
        request.maxTokens = try maxTokens.map { try count($0, "max_tokens") }
        if let coverage {
            guard PlannedRequest.coverages.contains(coverage) else {
                throw Failure.invalid("coverage lies between 0.5 and 0.99", param: "coverage")
            }
            request.coverage = coverage
        }
        request.hasTools = tools ?? false
        request.hasImages = images ?? false
        request.wantsJSON = responseFormat.map { PlannedRequest.isJSON(format: $0) } ?? false
        return request
    }

    func time() throws -> Timestamp? {
        try at.map { text in
            guard let time = Timestamp(rfc3339: text, zoneIsOptional: true) else {
                throw Failure.invalid(
                    "at \(text) is no time: write 2026-11-01 or 2026-11-01T00:00:00Z", param: "at")
            }
            return time
        }
    }

    private func count(_ number: Double, _ name: String) throws -> Int64 {
        guard let tokens = Int64(exactly: number), (0...Estimator.tokensMax).contains(tokens)
        else {
            throw Failure.invalid(
                "\(name) is a whole number from 0 to \(Estimator.tokensMax)", param: name)
        }
        return tokens
    }

    private func name(_ text: String?, _ field: String) throws -> Name? {
        try text.map { text in
            guard !text.isEmpty, text.utf8.count <= Dimensions.valueBytesMax,
                !text.utf8.contains(0)
            else {
                throw Failure.invalid(
                    "\(field) has 1 to \(Dimensions.valueBytesMax) bytes and no NUL", param: field)
            }
            return Name(text)
        }
    }
}
