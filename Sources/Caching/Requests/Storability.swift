/// What is known of an answer once it has been received.
package struct AnswerFacts: Sendable, Equatable {
    package var status: Int
    /// Received to its end: the last event of a stream included.
    package var isComplete: Bool
    /// One for each choice, in the provider's word; embeddings have none.
    package var finishReasons: [String]
    /// Whether another model answered than the one that was asked.
    package var isFallback: Bool
    /// The provider's `Cache-Control`.
    package var cacheControl: String?

    package init(
        status: Int, isComplete: Bool, finishReasons: [String], isFallback: Bool = false,
        cacheControl: String? = nil
    ) {
        self.status = status
        self.isComplete = isComplete
        self.finishReasons = finishReasons
        self.isFallback = isFallback
        self.cacheControl = cacheControl
    }
}

/// Whether an answer is kept.
package enum Storability: Sendable, Equatable {
    /// For so many seconds, jitter included.
    case store(seconds: Int)
    case skip(Reason)

    package enum Reason: Sendable, Equatable {
        /// The decision before the answer said so.
        case notAsked
        case status(Int)
        /// The connection ended before the answer did.
        case aborted
        /// It ended, but not because it was finished: `length`, `content_filter`, or a word that we
        /// don't know.
        case unfinished(String)
        case fallback
        /// The provider forbids it.
        case forbidden
    }

    /// Words that say that the model had nothing to add.
    static let finished: Set<String> = [
        "stop", "tool_calls", "function_call", "end_turn", "stop_sequence", "tool_use", "completed",
    ]

    /// - Parameter key: decides the jitter.
    package static func of(
        _ answer: AnswerFacts, to request: CanonicalRequest, _ decision: CacheDecision,
        key: CacheKey
    ) -> Storability {
        guard decision.mayStore else { return .skip(.notAsked) }
        guard answer.status == 200 else { return .skip(.status(answer.status)) }
        guard answer.isComplete else { return .skip(.aborted) }
        guard !answer.isFallback else { return .skip(.fallback) }
        if let word = answer.finishReasons.first(where: { !finished.contains($0) }) {
            return .skip(.unfinished(word))
        }
        // An answer that does not say how it ended may have been cut off.
        if answer.finishReasons.isEmpty, request.dialect != .embeddings {
            return .skip(.unfinished(""))
        }
        var seconds = decision.secondsToLive
        for (word, value) in CacheDirectives.words(answer.cacheControl) {
            // What providers send by habit, `no-cache` and `private`, is meant for caches that know
            // only the address; ours knows the whole request and its team.
            if word == "no-store" { return .skip(.forbidden) }
            if word == "max-age" || word == "s-maxage", let age = value.flatMap({ Int($0) }),
                age > 0
            {
                seconds = min(seconds, age)
            }
        }
        return .store(seconds: TimeToLive.jittered(seconds, for: key))
    }
}
