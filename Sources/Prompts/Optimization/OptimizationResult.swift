import JSON
package import LedgerModel
package import Tokenizing

/// A prompt before and after optimization, and what was done to it.
package struct OptimizationResult: Sendable {
    package let original: Prompt
    package let optimized: Prompt
    package let tokensBefore: Int
    package let tokensAfter: Int
    /// Every stage that ran, in order.
    package let stages: [StageReport]
    let counter: TokenCounter
    let options: OptimizationOptions
    let undoing: [Undo]

    /// How exact the counts are.
    package var exactness: TokenCounter.Exactness { counter.exactness }

    /// What the markers in the prompt stand for.
    package var references: [PromptReference] {
        undoing.flatMap(\.references)
    }

    /// The price of the saved tokens; nil without a price.
    package var savings: PicodollarSum? { options.price?.cost(of: tokensSaved) }

    /// How much of the original's meaning is left, measured on each access.
    ///
    /// Lossless stages are undone first, so only what is really lost counts.
    package var quality: QualityScore {
        QualityScore(
            of: restored().text, against: original.text, embeddings: options.embeddings)
    }

    /// How much of the original and of the optimized prompt stays the same from request to request,
    /// measured on each access.
    package var cachePrefix: (before: CachePrefix, after: CachePrefix) {
        (
            CachePrefix(of: original, after: options.previous, counter),
            CachePrefix(of: optimized, after: options.previous, counter)
        )
    }

    package var tokensSaved: Int { tokensBefore - tokensAfter }

    /// The share of the tokens that was saved, from 0 to 1.
    package var reduction: Double {
        tokensBefore == 0 ? 0 : Double(tokensSaved) / Double(tokensBefore)
    }

    /// The stages that changed the prompt.
    package var strategies: [OptimizationStage] {
        stages.filter { $0.outcome == .applied }.map(\.stage)
    }

    package var isLossless: Bool { strategies.allSatisfy(\.isLossless) }

    /// The prompt with every lossless stage undone.
    ///
    /// If all were lossless, this is the original except for whitespace: the same bytes as the
    /// original once JSON is minified and prose trimmed in both.
    package func restored() -> Prompt {
        undoing.reversed().reduce(optimized) { $1.applied(to: $0) }
    }
}

/// The effect of one stage.
package struct StageReport: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        case applied
        /// It found nothing to do.
        case unchanged
        /// It would have saved no tokens, so the prompt stayed as it was.
        case savedNothing
        /// The quality fell below the required one, so the prompt stayed as it was.
        case harmed(Double)
    }

    package let stage: OptimizationStage
    package let tokensBefore: Int
    package let tokensAfter: Int
    package let time: Duration
    package let outcome: Outcome

    package var isLossless: Bool { stage.isLossless }
}

/// The exact price of a token, in 1e-24 USD.
package struct TokenPrice: Hashable, Sendable {
    package let yoctodollars: Int128

    package init(yoctodollars: Int128) {
        precondition(yoctodollars >= 0, "a price is never negative")
        self.yoctodollars = yoctodollars
    }

    /// Reads US dollars for a million tokens, such as `2.50`; nil if that is not an exact price.
    package init?(dollarsPerMillion text: some StringProtocol) {
        guard let scaled = scaledDecimal(text, scale: 18), scaled >= 0 else { return nil }
        yoctodollars = scaled
    }

    /// What `tokens` cost, rounded once, half-even; nil beyond 1e26 USD.
    package func cost(of tokens: Int) -> PicodollarSum? {
        let (product, overflow) = yoctodollars.multipliedReportingOverflow(by: Int128(tokens))
        return overflow ? nil : PicodollarSum(dividedHalfEven(product, by: 1_000_000_000_000))
    }
}

/// How a lossless stage is undone.
enum Undo: Sendable {
    case tables
    case references([PromptReference])
    case moves([Move])

    var references: [PromptReference] {
        if case .references(let references) = self { references } else { [] }
    }

    func applied(to prompt: Prompt) -> Prompt {
        var prompt = prompt
        switch self {
        case .tables:
            for index in prompt.messages.indices {
                let text = prompt.messages[index].text
                if let decoded = ColumnarText.decode(text) { prompt.messages[index].text = decoded }
            }
        case .references(let references):
            for index in prompt.messages.indices {
                prompt.messages[index].text = ReferenceTable.restored(
                    prompt.messages[index].text, references)
            }
        case .moves(let moves):
            for move in moves.reversed() { move.undo(in: &prompt) }
        }
        return prompt
    }
}
