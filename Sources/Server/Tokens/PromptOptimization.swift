package import Estimates
package import JSON
package import LedgerModel
package import Pricing
package import Prompts
import Tokenizing

/// What is to be made of a prompt, as commands and calls name it.
package struct OptimizationWish: Sendable {
    /// Names of stages; nil takes all that are allowed and can run.
    package var stages: [String]?
    package var allowsLossy = false
    package var budget: Int?
    package var query: String?
    package var qualityMin: Double?
    /// Messages that no lossy stage may touch, by their number in the body's list.
    package var pinned: Set<Int> = []
    /// For the selection and the similarity; without them words alone are compared.
    package var embeddings: StaticEmbeddings?

    package init() {}

    /// The optimizer of a chat leaves the order of messages alone unless it is told to change it.
    func optimizer(_ counter: TokenCounter, isChat: Bool) throws -> PromptOptimizer {
        var options = OptimizationOptions()
        options.allowsLossy = allowsLossy
        options.tokenBudget = budget
        options.query = query
        options.qualityMin = qualityMin
        options.embeddings = embeddings
        let start = ContinuousClock.now
        options.elapsed = { ContinuousClock.now - start }
        return try PromptOptimizer(
            stages: try chosen(isChat: isChat), counter: counter, options: options)
    }

    private func chosen(isChat: Bool) throws -> [OptimizationStage] {
        guard let stages else {
            return OptimizationStage.allCases.filter { stage in
                (stage.isLossless || allowsLossy) && !(isChat && stage == .stablePrefix)
                    && (budget != nil || stage != .selection)
            }
        }
        return try stages.map { name in
            guard let stage = OptimizationStage(rawValue: name) else {
                let known = OptimizationStage.allCases.map(\.rawValue).joined(separator: ", ")
                throw TokenRefusal(
                    "there is no stage \(name.prefix(40)): \(known)", param: "stages")
            }
            return stage
        }
    }
}

/// An optimized prompt, put back into the shape in which it came.
package struct OptimizedPrompt: Sendable {
    package let result: OptimizationResult
    /// The body of a chat with the new texts; nil for a text, and where messages changed places.
    package let body: BodyTree?
    /// What the tokens that are saved would have cost; nil without a price.
    package let savings: PicodollarSum?

    package static func optimize(
        text: String, _ wish: OptimizationWish, _ tools: TokenTools, book: PriceBook?,
        at time: Timestamp
    ) throws -> OptimizedPrompt {
        let result = try wish.optimizer(tools.counter, isChat: false)
            .optimize(Prompt(text: text))
        return OptimizedPrompt(
            result: result, body: nil, savings: savings(result, tools, book, time))
    }

    package static func optimize(
        chat: ChatRequest, _ wish: OptimizationWish, _ tools: TokenTools, book: PriceBook?,
        at time: Timestamp
    ) throws -> OptimizedPrompt {
        let listed = chat.messages.filter { !$0.isApart }
        let messages = listed.enumerated().flatMap { number, message in
            message.texts.map { text in
                PromptMessage(
                    role: PromptMessage.Role(message.role), text: text,
                    isPinned: wish.pinned.contains(number))
            }
        }
        let result = try wish.optimizer(tools.counter, isChat: true)
            .optimize(Prompt(messages: messages))
        let isInPlace = !result.strategies.contains(.stablePrefix)
        let body =
            isInPlace ? chat.replacingTexts(result.optimized.messages.map(\.text))?.body : nil
        return OptimizedPrompt(
            result: result, body: body, savings: savings(result, tools, book, time))
    }

    /// The difference of two prices, so that a threshold that is passed counts too.
    private static func savings(
        _ result: OptimizationResult, _ tools: TokenTools, _ book: PriceBook?, _ time: Timestamp
    ) -> PicodollarSum? {
        func price(_ tokens: Int) -> PicodollarSum? {
            var usage = Usage()
            usage[.inputTokens] = Int64(tokens)
            let rating = try? book?.rate(
                usage, provider: nil, model: Name(tools.profile.name), at: time)
            guard case .priced(let amount)? = rating else { return nil }
            return PicodollarSum(amount)
        }
        guard let before = price(result.tokensBefore) else { return nil }
        return price(result.tokensAfter).map { before - $0 }
    }
}

extension OptimizedPrompt {
    /// The `prompt.optimized` event that tells a ledger of it.
    ///
    /// - Parameter dimensions: whose prompt it is; the provider is filled in from the model.
    /// - Throws: `TokenRefusal` where no model is known, since what is saved is priced by it.
    package func event(
        id: EventID, at time: Timestamp, _ tools: TokenTools, dimensions: Dimensions
    ) throws -> Event {
        guard tools.profile.family != .none else {
            throw TokenRefusal(
                "what is recorded is priced by its model: name one, not an encoding",
                param: "model")
        }
        let stages = result.stages.filter { $0.outcome == .applied }.map { stage in
            (
                name: Name(stage.stage.rawValue),
                saved: Int64(stage.tokensBefore - stage.tokensAfter), isLossless: stage.isLossless
            )
        }
        var dimensions = dimensions
        dimensions[.model] = Name(tools.profile.name)
        if dimensions[.provider] == nil { dimensions[.provider] = tools.profile.family.seller }
        return Event(
            optimized: try PromptOptimization(
                tokensBefore: Int64(result.tokensBefore), tokensAfter: Int64(result.tokensAfter),
                stages: stages),
            id: id, at: time, dimensions: dimensions,
            quality: Int32((result.quality.overall * 1_000_000).rounded()),
            detail: try prefix(tools.counter))
    }

    /// What ends the start that a provider could cache, under the keys of docs/events.md.
    private func prefix(_ counter: TokenCounter) throws -> Labels {
        let prefix = result.cachePrefix.after
        var facts = [(key: Name("prefix_tokens"), value: Name("\(prefix.tokens)"))]
        if let cause = prefix.cause {
            facts.append((key: "prefix_break", value: Name("\(cause.kind)")))
        }
        let messages = result.optimized.messages
        if result.optimized.form == .chat, messages.count > 1 {
            let possible = messages.dropLast().reduce(0) { $0 + counter.count($1.text) }
            facts.append((key: "prefix_possible", value: Name("\(possible)")))
        }
        return try Labels(facts)
    }
}

extension PromptMessage.Role {
    fileprivate init(_ role: ChatRole) {
        switch role {
        case .system: self = .system
        case .user: self = .user
        case .assistant: self = .assistant
        case .tool: self = .tool
        }
    }
}

extension JSONWriter {
    /// - Parameter event: under which it was recorded; nil if it was not.
    package static func optimized(
        _ prompt: OptimizedPrompt, _ tools: TokenTools, event: EventID? = nil
    ) -> JSONWriter {
        let result = prompt.result
        var json = JSONWriter()
        json.object { json in
            json.field("tokens_before", result.tokensBefore)
            json.field("tokens", result.tokensAfter)
            json.field("saved", result.tokensSaved)
            json.field("reduction", result.reduction)
            json.field("savings_usd", prompt.savings?.description)
            json.basis(tools)
            json.field("lossless", result.isLossless)
            json.key("strategies")
            json.array(of: result.strategies) { $0.value($1.rawValue) }
            json.key("quality")
            json.quality(result.quality)
            json.key("stages")
            json.array(of: result.stages) { $0.stage($1) }
            json.key("references")
            json.array(of: result.references) { json, reference in
                json.object { json in
                    json.field("marker", reference.marker)
                    json.field("content", reference.content)
                }
            }
            if let event { json.field("event_id", event.description) }
            json.prompt(prompt)
        }
        return json
    }

    private mutating func prompt(_ prompt: OptimizedPrompt) {
        guard prompt.result.optimized.form == .chat else {
            return field("text", prompt.result.optimized.text)
        }
        if let body = prompt.body {
            key("body")
            return value(raw: body.json)
        }
        key("messages")
        array(of: prompt.result.optimized.messages) { json, message in
            json.object { json in
                json.field("role", message.role.rawValue)
                json.field("content", message.text)
            }
        }
    }

    private mutating func quality(_ quality: QualityScore) {
        object { json in
            json.field("overall", quality.overall)
            json.field("facts", quality.facts)
            json.field("numbers", quality.numbers)
            json.field("names", quality.names)
            json.field("error_lines", quality.errorLines)
            json.field("instructions", quality.instructions)
            json.field("similarity", quality.similarity)
            json.field("contradictions", quality.contradictions)
        }
    }

    private mutating func stage(_ stage: StageReport) {
        object { json in
            json.field("stage", stage.stage.rawValue)
            json.field("outcome", stage.outcome.label)
            json.field("tokens_before", stage.tokensBefore)
            json.field("tokens", stage.tokensAfter)
            json.field("milliseconds", stage.time / .milliseconds(1))
            json.field("lossless", stage.isLossless)
        }
    }
}

extension StageReport.Outcome {
    package var label: String {
        switch self {
        case .applied: "applied"
        case .unchanged: "unchanged"
        case .savedNothing: "saved nothing"
        case .harmed: "harmed"
        }
    }
}
