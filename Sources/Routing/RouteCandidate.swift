package import Resilience

/// One way to have a request answered: a provider, one of its keys, and its name of the model.
package struct RouteCandidate: Hashable, Sendable {
    /// The name in `providers.yaml`.
    package let provider: String
    /// The name of the key; nil where the provider has none.
    package let key: String?
    /// The model by the provider's own name.
    package let model: String
    /// Whether it is another model than the one that was asked for.
    package let isFallback: Bool

    package init(provider: String, key: String?, model: String, isFallback: Bool = false) {
        self.provider = provider
        self.key = key
        self.model = model
        self.isFallback = isFallback
    }
}

/// Why a candidate was taken, for spans, headers and events.
package enum ChoiceReason: String, Sendable, CaseIterable {
    /// The only one, or the first in the route's order.
    case order
    /// Earlier requests of the session or with the same beginning went there.
    case affinity
    /// Of two that were drawn, the one with less to do.
    case load
    case cost, latency, quality, weight
    /// The one before it failed, or has no room.
    case fallback
    /// The caller named it.
    case asked
}

/// How a call to a candidate ended, for health, limits and latencies.
package struct CallOutcome: Sendable {
    /// Nil if it succeeded.
    package var failure: ErrorClass?
    package var status: Int?
    /// How long the provider asks to wait.
    package var retryAfter: Duration?
    package var timeToFirstToken: Duration?
    package var latency: Duration?
    package var inputTokens: Int64 = 0
    package var cachedTokens: Int64 = 0
    package var outputTokens: Int64 = 0
    /// What the upstream says of its limits, by lower-case header names.
    package var limitHeaders: [(name: String, value: String)] = []

    package init(failure: ErrorClass? = nil, status: Int? = nil) {
        self.failure = failure
        self.status = status
    }
}
