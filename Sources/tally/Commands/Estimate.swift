import ArgumentParser
import Booking
import Estimates
import Estimating
import EventStore
import LedgerModel
import PriceBooks
import Pricing
import Prompts
import Rendering
import Tokenizing

struct Estimate: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Estimates what a request will cost before it is made.",
        discussion: """
            The length of the answer is predicted from earlier ones of the same shape, feature, \
            application and model; see docs/prediction.md. Costs are exact for the tokens next to \
            them. A model without a price is unpriced, not free.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(help: "The model that will answer.") var model: String
    @Option(help: "Its provider (default: the one that sells this model).") var provider: String?
    @Option(help: "The application.") var app: String?
    @Option(help: "Its feature.") var feature: String?
    @Option(help: "Service tier, such as batch.") var serviceTier: String?
    @Option(help: "Region of the provider.") var region: String?
    @Option(help: "Tokens in the prompt, in place of FILE.") var inputTokens: Int64?
    @Flag(help: "FILE is the JSON body of a chat request, of any provider.") var chat = false
    @Option(
        help: ArgumentHelp(
            "The encoding they were counted with, if not the model's own tokenizer, such as "
                + "o200k_base; earlier bills show its error.", valueName: "encoding"))
    var estimatedWith: String?
    @Option(help: "The answer's token limit.") var maxTokens: Int64?
    @Option(help: "The share of answers that the interval should contain.") var coverage = 0.9
    @Flag(help: "The request offers tools.") var tools = false
    @Option(help: "The response format, such as json_schema.") var responseFormat: String?
    @Flag(help: "The prompt contains images.") var images = false
    @Option(
        help: "The time of the request, such as 2026-11-01 (default: now).",
        transform: Timestamp.argument)
    var at: Timestamp?
    @OptionGroup var output: OutputOptions
    @OptionGroup var input: TokenInputOptions

    func validate() throws {
        guard input.files.count < (inputTokens == nil ? 2 : 1) else {
            throw ValidationError("give one FILE, or --input-tokens in its place")
        }
        if chat, inputTokens != nil {
            throw ValidationError("--chat needs a FILE or standard input to count")
        }
        if estimatedWith != nil, inputTokens == nil {
            throw ValidationError(
                "--estimated-with applies to --input-tokens only: a FILE is counted here")
        }
        do {
            _ = try question()
        } catch let refusal as EstimateRefusal {
            let option = (refusal.param ?? "").replacing("_", with: "-")
            throw ValidationError("--\(option) \(refusal.rule)")
        }
    }

    func execute() async throws {
        let now = at ?? .now
        let estimate = try await place.open(to: .read) { deployment, ledger in
            try await deployment.catchUp()
            let estimator = Estimator(
                ledger: ledger.store.id, pool: deployment.pool, prices: ledger.prices.schedule)
            var question = try question()
            if inputTokens == nil {
                try count(into: &question.request, try await estimator.calibrations(at: now))
            }
            return try await question.answer(from: estimator, at: now)
        }
        output.show(estimate)
    }

    private func question() throws -> EstimateQuestion {
        var request = PlannedRequest(
            model: Name(model), input: InputCount(exactly: inputTokens ?? 0))
        request.hasTools = tools
        request.hasImages = images
        request.wantsJSON = responseFormat.map { PlannedRequest.isJSON(format: $0) } ?? false
        request.provider = provider.map { Name($0) }
        request.app = app.map { Name($0) }
        request.feature = feature.map { Name($0) }
        request.serviceTier = serviceTier.map { Name($0) }
        request.region = region.map { Name($0) }
        request.maxTokens = maxTokens
        request.coverage = coverage
        return try EstimateQuestion(request, estimatedWith: estimatedWith.map { Name($0) })
    }

    /// Counts the file and, if it is a chat, reads what it requests.
    private func count(
        into request: inout PlannedRequest, _ learnt: EstimateCalibrations
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
