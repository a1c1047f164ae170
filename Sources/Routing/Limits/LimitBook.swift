package import LedgerModel
package import Resilience

/// All limits of a policy, with what counts against them.
///
/// Limits of providers count calls, since nobody knows before who is called; all others count
/// requests. A request is let in by all of them or counts against none.
package struct LimitBook: Sendable {
    private var limits: [Limit]

    /// The groups of one limit that are told apart.
    package static let groupsMax = 16_384

    private struct Limit: Sendable {
        let policy: LimitPolicy
        let isOfCalls: Bool
        var table: BucketTable<Group>
    }

    /// Names mean something within a ledger; keys, models and providers do as well outside of it.
    fileprivate struct Group: Hashable, Sendable {
        var ledger: LedgerID?
        var value: Name?
    }

    /// One count against a limit, to correct it later.
    package struct Counted: Sendable {
        fileprivate let limit: Int
        fileprivate let group: Group
        fileprivate let tokens: Int64
    }

    /// How a limit stands for the group of a request.
    package struct Standing: Sendable, Hashable {
        package let limit: Name
        package let measure: LimitMeasure
        package let rate: RateLimit
        package let remaining: Int64
        /// Until nothing is used.
        package let reset: Duration
    }

    /// The limit that denied, of several the one that does so for longest.
    package struct Denial: Error, Sendable, Hashable {
        package let standing: Standing
        package let retryAfter: Duration
    }

    package init(_ policies: [LimitPolicy]) {
        limits = policies.compactMap { policy in
            guard policy.requestsPerMinute != nil || policy.tokensPerMinute != nil else {
                return nil
            }
            return Limit(
                policy: policy,
                isOfCalls: policy.per == .provider || policy.filter.dimensions[.provider] != nil,
                table: BucketTable(
                    requests: policy.requestsPerMinute.map {
                        RateLimit(perMinute: $0, burst: policy.burst)
                    },
                    tokens: policy.tokensPerMinute.map {
                        RateLimit(perMinute: $0, burst: policy.burst)
                    }, slotsMax: Self.groupsMax))
        }
    }

    package var isEmpty: Bool { limits.isEmpty }

    // MARK: Requests

    /// Counts a request with the tokens that it is expected to take.
    package mutating func admit(
        _ request: RoutedRequest, at now: Moment
    ) throws(Denial) -> (counted: [Counted], standings: [Standing]) {
        let counted = counting(request, provider: nil)
        if let denial = denial(of: counted, at: now) { throw denial }
        count(counted, at: now)
        return (counted, standings(of: counted, at: now))
    }

    // MARK: Calls

    /// How long until a provider may be called for a request; nil if it may be now.
    package func wait(
        for request: RoutedRequest, provider: String, at now: Moment
    ) -> Duration? {
        denial(of: counting(request, provider: provider), at: now)?.retryAfter
    }

    /// Counts a call.
    package mutating func countCall(
        for request: RoutedRequest, provider: String, at now: Moment
    ) {
        count(counting(request, provider: provider), at: now)
    }

    /// Corrects what was counted for a call by what it took.
    package mutating func correctCall(
        for request: RoutedRequest, provider: String, tokens: Int64, at now: Moment
    ) {
        correct(counting(request, provider: provider), tokens: tokens, at: now)
    }

    // MARK: Both

    /// Corrects what was counted by what it took.
    package mutating func correct(_ counted: [Counted], tokens: Int64, at now: Moment) {
        for one in counted where one.tokens != tokens {
            limits[one.limit].table.count(
                one.group, requests: 0, tokens: tokens - one.tokens, at: now)
        }
    }

    private mutating func count(_ counted: [Counted], at now: Moment) {
        for one in counted {
            limits[one.limit].table.count(one.group, requests: 1, tokens: one.tokens, at: now)
        }
    }

    /// What a request, or with a provider its call, counts against.
    private func counting(_ request: RoutedRequest, provider: String?) -> [Counted] {
        var counted: [Counted] = []
        for index in limits.indices {
            let limit = limits[index].policy
            guard limits[index].isOfCalls == (provider != nil),
                limit.filter.counts(request, provider: provider),
                let group = Self.group(of: request, provider: provider, per: limit.per)
            else { continue }
            counted.append(Counted(limit: index, group: group, tokens: max(request.tokens, 0)))
        }
        return counted
    }

    private func denial(of counted: [Counted], at now: Moment) -> Denial? {
        var longest: (Counted, measure: LimitMeasure, time: Duration)?
        for one in counted {
            guard
                let wait = limits[one.limit].table.wait(
                    for: one.group, tokens: one.tokens, at: now),
                longest.map({ $0.time < wait.time }) ?? true
            else { continue }
            longest = (one, wait.measure, wait.time)
        }
        guard let (one, measure, time) = longest,
            let standing = standings(of: [one], at: now).first(where: { $0.measure == measure })
        else { return nil }
        return Denial(standing: standing, retryAfter: time)
    }

    private func standings(of counted: [Counted], at now: Moment) -> [Standing] {
        var standings: [Standing] = []
        for one in counted {
            let limit = limits[one.limit]
            limit.table.standings(of: one.group, at: now) { measure, rate, remaining, reset in
                standings.append(
                    Standing(
                        limit: limit.policy.name, measure: measure, rate: rate,
                        remaining: remaining, reset: reset))
            }
        }
        return standings
    }

    /// Nil if the request has no value to be counted by, as one without a user.
    private static func group(
        of request: RoutedRequest, provider: String?, per: LimitPolicy.Group?
    ) -> Group? {
        func named(_ dimension: Dimension) -> Group? {
            request.dimensions[dimension].map { Group(ledger: request.ledger, value: $0) }
        }
        return switch per {
        case nil: Group()
        case .ledger: Group(ledger: request.ledger)
        case .key: request.dimensions[.apiKey].map { Group(value: $0) }
        case .app: named(.app)
        case .team: named(.team)
        case .user: named(.user)
        case .model: Group(value: Name(request.model))
        case .provider: provider.map { Group(value: Name($0)) }
        }
    }
}

extension RequestSelector {
    /// Whether a request, or with a provider its call, is one that a limit is about.
    fileprivate func counts(_ request: RoutedRequest, provider: String?) -> Bool {
        guard let provider else { return covers(request) }
        return covers(
            path: request.path,
            { dimension in
                switch dimension {
                case .model: Name(request.model)
                case .provider: Name(provider)
                default: request.dimensions[dimension]
                }
            },
            label: { request.labels?[$0] })
    }
}
