package import JSON
package import LedgerModel
package import Pricing
package import Prompts
import Tokenizing

/// An optimized prompt, in the shape in which it came.
package struct OptimizedPrompt: Sendable {
    package let result: OptimizationResult
    /// The body of a chat with the new texts; nil for a text, or if messages changed places.
    package let body: JSONTree?
    /// What the ledger books for it, by the same rule and prices; nil without a price.
    package let savings: Picodollars?
    /// Whose prompt it is, with its model and provider.
    private let dimensions: Dimensions

    /// - Parameters:
    ///   - dimensions: whose prompt it is; the provider is filled in from the model.
    ///   - prices: what the ledger uses, or would use.
    package static func optimize(
        text: String, _ wish: OptimizationWish, _ tools: TokenTools,
        of dimensions: Dimensions = Dimensions(), under prices: PriceSchedule, at time: Timestamp
    ) throws -> OptimizedPrompt {
        let result = try wish.optimizer(tools.counter, isChat: false)
            .optimize(Prompt(text: text))
        return try OptimizedPrompt(
            result, body: nil, tools, of: dimensions, under: prices, at: time)
    }

    package static func optimize(
        chat: ChatRequest, _ wish: OptimizationWish, _ tools: TokenTools,
        of dimensions: Dimensions = Dimensions(), under prices: PriceSchedule, at time: Timestamp
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
        return try OptimizedPrompt(
            result, body: body, tools, of: dimensions, under: prices, at: time)
    }

    private init(
        _ result: OptimizationResult, body: JSONTree?, _ tools: TokenTools,
        of dimensions: Dimensions, under prices: PriceSchedule, at time: Timestamp
    ) throws {
        var dimensions = dimensions
        dimensions[.model] = Name(tools.profile.name)
        if dimensions[.provider] == nil { dimensions[.provider] = tools.profile.family.seller }
        var rater = Rater(prices)
        let saved = try SavingRule.saved(
            from: Int64(result.tokensBefore), to: Int64(result.tokensAfter), of: dimensions,
            at: time, rater: &rater)
        self.result = result
        self.body = body
        self.dimensions = dimensions
        savings =
            switch saved.amount {
            case .success(let amount): amount
            case .failure: nil
            }
    }
}

extension OptimizedPrompt {
    /// The `prompt.optimized` event that reports it to a ledger.
    ///
    /// - Throws: `TokenRefusal` if the model is unknown, since it prices the saving.
    package func event(id: EventID, at time: Timestamp, _ tools: TokenTools) throws -> Event {
        guard tools.profile.family != .none else {
            throw TokenRefusal(
                "a recorded saving is priced by its model: name a model, not an encoding",
                param: "model")
        }
        let stages = result.stages.filter { $0.outcome == .applied }.map { stage in
            (
                name: Name(stage.stage.rawValue),
                saved: Int64(stage.tokensBefore - stage.tokensAfter), isLossless: stage.isLossless
            )
        }
        return Event(
            optimized: try PromptOptimization(
                tokensBefore: Int64(result.tokensBefore), tokensAfter: Int64(result.tokensAfter),
                stages: stages),
            id: id, at: time, dimensions: dimensions,
            quality: Int32((result.quality.overall * 1_000_000).rounded()),
            detail: try prefix(tools.counter))
    }

    /// Where the prefix that a provider could cache ends, under the keys of docs/events.md.
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
