import LedgerModel
import Providers
import Resilience
import Routing

/// What each provider, and each of its keys, can take.
struct Upstreams: Sendable {
    struct Upstream: Sendable {
        let dialect: ModelProvider.Dialect
        var concurrency: ConcurrencyLimit
        var inFlight = 0
        /// Calls that the provider refused for load, or did not answer in time.
        var overloads: Int64 = 0
    }

    fileprivate struct KeyName: Hashable, Sendable {
        let provider: String
        let key: String
    }

    private(set) var all: [String: Upstream] = [:]
    /// What the file of providers allows a key.
    private var own: [KeyName: BucketTable<KeyName>] = [:]
    private(set) var learnt = LearntLimits()

    init(_ providers: ProviderSet) {
        for provider in providers.all {
            all[provider.name] = Upstream(
                dialect: provider.kind.dialect,
                concurrency: ConcurrencyLimit(.usual(for: provider.kind)))
            for key in provider.keys
            where key.requestsPerMinute != nil || key.tokensPerMinute != nil {
                own[KeyName(provider: provider.name, key: key.name)] = BucketTable(
                    requests: key.requestsPerMinute.map { RateLimit(perMinute: Int64($0)) },
                    tokens: key.tokensPerMinute.map { RateLimit(perMinute: Int64($0)) },
                    slotsMax: 1)
            }
        }
    }

    /// How long until a key has room for a call; nil if it has.
    func wait(for candidate: RouteCandidate, tokens: Int64, at now: Moment) -> Duration? {
        var longest: Duration?
        if let name = KeyName(candidate),
            let wait = own[name]?.wait(
                for: name, tokens: tokens, at: now)
        {
            longest = wait.time
        }
        if let wait = learnt.wait(for: .init(candidate), tokens: tokens, at: now) {
            longest = max(longest ?? wait, wait)
        }
        return longest
    }

    /// Whether a provider has as many calls under way as `room` makes of its limit.
    func isFull(_ provider: String, room: (Int) -> Int) -> Bool {
        guard let upstream = all[provider] else { return false }
        return upstream.inFlight >= room(upstream.concurrency.limit)
    }

    /// Whether all providers are full that a route may ask for a request.
    func areFull(_ request: RoutedRequest, _ route: RoutePolicy, room: (Int) -> Int) -> Bool {
        let dialect: ModelProvider.Dialect = request.isAnthropic ? .anthropic : .openAI
        let names =
            route.providers.isEmpty
            ? Array(all.keys) : route.providers + route.fallbacks.map(\.provider)
        let asked = names.filter { all[$0]?.dialect == dialect }
        return !asked.isEmpty && asked.allSatisfy { isFull($0, room: room) }
    }

    mutating func began(_ candidate: RouteCandidate, tokens: Int64, at now: Moment) {
        all[candidate.provider]?.inFlight += 1
        learnt.began(.init(candidate), tokens: tokens, at: now)
        if let name = KeyName(candidate) {
            own[name]?.count(name, requests: 1, tokens: tokens, at: now)
        }
    }

    mutating func ended(
        _ candidate: RouteCandidate, expected: Int64, _ outcome: CallOutcome, at now: Moment
    ) {
        let used = outcome.inputTokens + outcome.outputTokens
        if let name = KeyName(candidate), used != expected {
            own[name]?.count(name, requests: 0, tokens: used - expected, at: now)
        }
        learnt.ended(
            .init(candidate), isDenied: outcome.failure == .limited,
            retryAfter: outcome.retryAfter, at: now)
        guard let inFlight = all[candidate.provider]?.inFlight else { return }
        if let end = outcome.saysOfLoad {
            let began = now.advanced(byMicroseconds: -(outcome.latency?.wholeMicroseconds ?? 0))
            if end == .overload { all[candidate.provider]?.overloads += 1 }
            all[candidate.provider]?.concurrency.ended(
                end, began: began, inFlight: inFlight, at: now)
        }
        all[candidate.provider]?.inFlight = max(inFlight - 1, 0)
    }

    /// An answer said something of the limits that its call counts against.
    mutating func heard(
        _ readings: [LimitReading], from candidate: RouteCandidate, began: Moment, at now: Moment
    ) {
        learnt.heard(readings, of: .init(candidate), counted: began, at: now)
    }
}

extension Upstreams.KeyName {
    fileprivate init?(_ candidate: RouteCandidate) {
        guard let key = candidate.key else { return nil }
        self.init(provider: candidate.provider, key: key)
    }
}

extension ConcurrencyLimit.Policy {
    /// Providers that many share refuse what is too much; an engine of one's own lets it wait.
    fileprivate static func usual(for kind: ModelProvider.Kind) -> Self {
        Self(kind == .compatible ? .gradient : .additive)
    }
}

extension CallOutcome {
    /// What the end of a call says of the provider's load; nil for nothing.
    fileprivate var saysOfLoad: ConcurrencyLimit.End? {
        switch failure {
        case nil: .success(first: timeToFirstToken)
        case .limited?, .overloaded?, .lost?: .overload
        case .refused?, .denied?, .broken?, .unreachable?, .miscounted?: nil
        }
    }
}
