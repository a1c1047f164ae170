import ArgumentParser
import Booking
import Estimates
import Estimating
import EventStore
import JSON
import LedgerModel
import PriceBooks
import Pricing
import Prompts
import Server
import Tokenizing

struct Estimate: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what a request will cost before it is made.",
        discussion: """
            The length of the answer is predicted from earlier ones of the same shape, feature, \
            application and model; docs/prediction.md says how. Costs are exact for the tokens \
            beside them. A model without a price is unpriced, not free.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var target: LedgerOptions
    @Option(help: "The model that will answer.") var model: String
    @Option(help: "Its provider (default: who sells a model of this name).") var provider: String?
    @Option(help: "The application that asks.") var app: String?
    @Option(help: "Its feature.") var feature: String?
    @Option(help: "Tier of service, such as batch.") var serviceTier: String?
    @Option(help: "Region of the provider.") var region: String?
    @Option(help: "How many tokens the prompt has, in the place of FILE.") var inputTokens: Int64?
    @Flag(help: "FILE is the JSON body of a chat request, of any provider.") var chat = false
    @Option(
        help: ArgumentHelp(
            "What they were counted with, if not with the model's own tokenizer, such as "
                + "o200k_base: earlier bills say how far that is off.", valueName: "encoding"))
    var estimatedWith: String?
    @Option(help: "Where the provider will cut the answer off.") var maxTokens: Int64?
    @Option(help: "In how many of all cases the interval holds.") var coverage = 0.9
    @Flag(help: "The request offers tools.") var tools = false
    @Option(help: "The format that it asks for, such as json_schema.") var responseFormat: String?
    @Flag(help: "The prompt contains images.") var images = false
    @Option(help: "When it will be made, such as 2026-11-01 (default: now).") var at: String?
    @Flag(help: "Print the result as JSON.") var json = false
    @OptionGroup var input: TokenInputOptions

    func validate() throws {
        guard input.files.count < (inputTokens == nil ? 2 : 1) else {
            throw ValidationError("name one FILE, or --input-tokens in its place")
        }
        if chat, inputTokens != nil {
            throw ValidationError("--chat needs a FILE, or standard input, to count")
        }
        if estimatedWith != nil, inputTokens == nil {
            throw ValidationError(
                "--estimated-with belongs to --input-tokens: a FILE is counted here")
        }
        for (option, tokens) in [
            ("--input-tokens", inputTokens ?? 0), ("--max-tokens", maxTokens ?? 0),
        ] where !(0...Estimator.tokensMax).contains(tokens) {
            throw ValidationError("\(option) is a number from 0 to \(Estimator.tokensMax)")
        }
        guard PlannedRequest.coverages.contains(coverage) else {
            throw ValidationError("--coverage lies between 0.5 and 0.99")
        }
        _ = try time()
        if estimatedWith != nil, provider == nil {
            throw ValidationError(
                "--estimated-with needs --provider, whose bills say how far it is off")
        }
        for (option, text) in [
            ("--model", model), ("--provider", provider), ("--app", app), ("--feature", feature),
            ("--service-tier", serviceTier), ("--region", region),
            ("--estimated-with", estimatedWith),
        ] {
            guard let text else { continue }
            guard !text.isEmpty, text.utf8.count <= Dimensions.valueBytesMax else {
                throw ValidationError("\(option) has 1 to \(Dimensions.valueBytesMax) bytes")
            }
        }
    }

    func execute() async throws {
        let now = try time()
        let estimate = try await Deployment.with(try await database.settings()) { deployment in
            let openLedger = try await deployment.ledger(target.ledger)
            let estimator = Estimator(
                ledger: openLedger.store.id, pool: deployment.pool,
                prices: openLedger.prices.schedule)
            do {
                let learnt =
                    inputTokens == nil ? try await estimator.calibrations(at: now) : nil
                return try await estimator.estimate(
                    try await planned(by: estimator, learnt, at: now), at: now)
            } catch let overflow as RatingOverflow {
                throw InputRefused("\(overflow)")
            } catch {
                guard let refusal = TokenRefusal(error) else { throw error }
                throw InputRefused(refusal.description)
            }
        }
        print(json ? JSONWriter.estimate(estimate).text : EstimateText(estimate).text)
    }

    private func time() throws -> Timestamp {
        guard let at else { return .now }
        guard let time = Timestamp(rfc3339: at, zoneIsOptional: true) else {
            throw ValidationError("--at \(at) is no date: write it as 2026-01-01")
        }
        return time
    }

    private func planned(
        by estimator: Estimator, _ learnt: EstimateCalibrations?, at time: Timestamp
    ) async throws -> PlannedRequest {
        var request = PlannedRequest(
            model: Name(model), input: InputCount(exactly: inputTokens ?? 0))
        request.hasTools = tools
        request.hasImages = images
        request.wantsJSON = responseFormat.map { PlannedRequest.isJSON(format: $0) } ?? false
        if inputTokens == nil { try count(into: &request, learnt) }
        if let inputTokens, let encoding = estimatedWith, let provider {
            request.input = InputCount(
                estimated: inputTokens,
                try await estimator.calibration(
                    provider: Name(provider), model: request.model, encoding: Name(encoding),
                    at: time))
        }
        request.provider = provider.map { Name($0) }
        request.app = app.map { Name($0) }
        request.feature = feature.map { Name($0) }
        request.serviceTier = serviceTier.map { Name($0) }
        request.region = region.map { Name($0) }
        request.maxTokens = maxTokens
        request.coverage = coverage
        return request
    }

    /// Counts the file, and sees in a chat what it asks for.
    private func count(
        into request: inout PlannedRequest, _ learnt: EstimateCalibrations?
    ) throws {
        let selection = TokenSelection(model: model)
        let name = input.names[0]
        guard chat else {
            let counter = try TokenService().tools(selection, calibrations: learnt).counter
            request.input = InputCount(counter.count(try input.text(name)), counter.exactness)
            return
        }
        let body = try ChatRequest(try input.tree(name))
        let count = try TokenService().tools(selection, for: body, calibrations: learnt)
            .requests.count(body)
        for text in count.uncounted { printError("not counted: \(text)") }
        request.input = InputCount(count.tokens, count.exactness)
        let sources = Set(count.lines.map(\.source))
        request.hasTools = tools || sources.contains(.toolDefinition)
        request.hasImages = images || sources.contains(.image)
        request.wantsJSON = request.wantsJSON || sources.contains(.schema)
    }
}

extension InputCount {
    fileprivate init(_ tokens: Int, _ exactness: TokenCounter.Exactness) {
        switch exactness {
        case .exact: self.init(exactly: Int64(tokens))
        case .estimated(let band): self.init(tokens: Int64(tokens), band: band)
        }
    }
}

/// An estimate for people.
private struct EstimateText {
    let estimate: CostEstimate

    init(_ estimate: CostEstimate) {
        self.estimate = estimate
    }

    var text: String {
        [input, output, evidence, "", costs].joined(separator: "\n")
    }

    private var input: String {
        let input = estimate.request.input
        if input.range.lowerBound == input.range.upperBound {
            return "input    \(grouped(input.tokens)) tokens"
        }
        let observations = grouped(input.calibration?.observations ?? 0)
        let source =
            switch input.calibration?.basis {
            case nil: "estimated, since the tokenizer is not public"
            case .standard: "the default band: too few bills to learn from"
            case .provider: "learnt from \(observations) bills of the provider"
            case .family: "learnt from \(observations) bills of the family"
            }
        return "input    \(grouped(input.tokens)) tokens, \(grouped(input.range.lowerBound)) to "
            + "\(grouped(input.range.upperBound)): \(source)"
    }

    private var output: String {
        let output = estimate.output
        let percent = Int((output.coverage * 100).rounded())
        let limit = output.maxTokens.map { ", at most \(grouped($0))" } ?? ""
        return "output   \(grouped(output.median)) tokens, in \(percent) % of cases "
            + "\(grouped(output.lower)) to \(grouped(output.upper))\(limit); hold "
            + "\(grouped(estimate.holdTokens))"
    }

    private var evidence: String {
        let output = estimate.output
        guard output.observations > 0 else {
            return "evidence none: no answer is known to this ledger, so this is a guess"
        }
        let levels = output.basis.filter { $0.share > 0 }.map { basis in
            "\(grouped(basis.observations)) of the \(basis.level.name) "
                + "(\(Int((basis.share * 100).rounded())) %)"
        }
        let calibration =
            output.calibratedOn.map { "calibrated on the \($0.name)'s recent answers" }
            ?? "not calibrated: too few answers, or all of one day"
        return "evidence \(levels.joined(separator: ", ")); \(calibration)"
    }

    private var costs: String {
        if let reason = estimate.unpriced { return "unpriced: \(reason)" }
        var table = TextTable(["cost", "usd"])
        let lines: [(String, Rating?)] = [
            ("input", estimate.inputCost), ("lower", estimate.lower),
            ("expected", estimate.expected), ("upper", estimate.upper), ("hold", estimate.hold),
            ("at the limit", estimate.limit),
        ]
        for (label, rating) in lines {
            if let usd = rating?.usd { table.add([label, usd]) }
        }
        return String(table.text.dropLast())
    }
}
