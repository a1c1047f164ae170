package import LedgerModel

/// A request to a model, as far as it must be known to admit it and to choose who answers it.
package struct RoutedRequest: Sendable {
    package let ledger: LedgerID
    /// As its documentation calls it: `/v1/chat/completions`.
    package let path: String
    package let isAnthropic: Bool
    /// The model by the caller's name.
    package let model: String
    /// Who asks, and for what; the provider is not known yet.
    package var dimensions: Dimensions
    package var labels: Labels?
    package var isStreamed = false
    /// The input as estimated, and the most output.
    package var tokens: Int64 = 0
    /// The name of a class of the policy; nil for the standard one.
    package var priority: Name?
    /// Who should answer, as the caller says (`x-tally-provider`).
    package var provider: String?
    package var affinity = AffinityHints()

    package init(
        ledger: LedgerID, path: String, isAnthropic: Bool, model: String, dimensions: Dimensions
    ) {
        self.ledger = ledger
        self.path = path
        self.isAnthropic = isAnthropic
        self.model = model
        self.dimensions = dimensions
    }

    /// Equal for calls that should reach the same provider and key; nil if nothing keeps them
    /// together.
    package var conversation: UInt64? { AffinityTable.key(of: self) }
}

/// What says that requests belong together, so that a provider's prompt cache has their beginning.
package struct AffinityHints: Hashable, Sendable {
    /// The session of the caller's headers.
    package var session: Name?
    /// OpenAI's `prompt_cache_key`.
    package var promptCacheKey: String?
    /// A hash of the prompt's beginning that stays the same from turn to turn.
    package var prefix: UInt64?

    package init() {}
}
