import LedgerModel
import Resilience
package import Routing

/// Whether a call may be made now.
package enum CallRoom: Hashable, Sendable {
    case now
    /// A limit of the key, of the provider, or of the policy leaves none before.
    case after(Duration)
    /// The provider has as many calls under way as it takes of this class of requests.
    case full
}

extension LoadManager {
    /// Whether there is room to ask a candidate; one without is left out until it has some.
    ///
    /// The answer is about now: of two requests that take the last place, both find room.
    package func room(for candidate: RouteCandidate, of request: RoutedRequest) -> CallRoom {
        let now = clock.moment()
        return limiter.with { $0.room(for: candidate, of: request, at: now) }
    }

    /// What a request is told that none of its candidates has room for; it counts as shed.
    ///
    /// Nil if one of them has room now.
    package func refusal(
        of request: RoutedRequest, among candidates: [RouteCandidate]
    ) -> LoadRefusal? {
        let now = clock.moment()
        return limiter.with { $0.refusal(of: request, among: candidates, at: now) }
    }

    /// An upstream's answer began with headers that may tell its limits.
    ///
    /// Told at once, others know of them before the answer ends; told with its end, the headers
    /// are those of its `CallOutcome`.
    ///
    /// - Parameters:
    ///   - waited: how long ago the call began.
    ///   - header: the value of a header by its lower-case name.
    package func heard(
        from candidate: RouteCandidate, after waited: Duration, header: (String) -> String?
    ) {
        let readings = LimitReading.readings(at: clock.today(), header: header)
        guard !readings.isEmpty else { return }
        let now = clock.moment()
        let began = now.advanced(byMicroseconds: -waited.wholeMicroseconds)
        limiter.with { $0.upstreams.heard(readings, from: candidate, began: began, at: now) }
    }

    func limitCall(began candidate: RouteCandidate, for request: RoutedRequest) {
        let now = clock.moment()
        limiter.with { state in
            state.calling += 1
            state.upstreams.began(candidate, tokens: request.tokens, at: now)
            state.limits.countCall(for: request, provider: candidate.provider, at: now)
        }
    }

    func limitCall(
        ended candidate: RouteCandidate, for request: RoutedRequest, _ outcome: CallOutcome
    ) {
        if !outcome.limitHeaders.isEmpty {
            // They came with the beginning of the answer.
            let total = outcome.latency ?? .zero
            let sinceHeard = max(total - (outcome.timeToFirstToken ?? total), .zero)
            let readings = LimitReading.readings(at: clock.today()) { name in
                outcome.limitHeaders.first { $0.name == name }?.value
            }
            let now = clock.moment()
            let heard = now.advanced(byMicroseconds: -sinceHeard.wholeMicroseconds)
            let began = now.advanced(byMicroseconds: -total.wholeMicroseconds)
            limiter.with { $0.upstreams.heard(readings, from: candidate, began: began, at: heard) }
        }
        let now = clock.moment()
        limiter.with { state in
            state.calling = max(state.calling - 1, 0)
            state.upstreams.ended(candidate, expected: request.tokens, outcome, at: now)
            state.limits.correctCall(
                for: request, provider: candidate.provider,
                tokens: outcome.inputTokens + outcome.outputTokens, at: now)
        }
    }
}

extension LoadLimiter.State {
    func room(
        for candidate: RouteCandidate, of request: RoutedRequest, at now: Moment
    ) -> CallRoom {
        let own = upstreams.wait(for: candidate, tokens: request.tokens, at: now)
        let policy = limits.wait(for: request, provider: candidate.provider, at: now)
        if let wait = [own, policy].compactMap(\.self).max() { return .after(wait) }
        let index = shares.index(of: request.priority)
        let isFull = upstreams.isFull(candidate.provider) { shares.room(of: index, in: $0) }
        return isFull ? .full : .now
    }

    mutating func refusal(
        of request: RoutedRequest, among candidates: [RouteCandidate], at now: Moment
    ) -> LoadRefusal? {
        var shortest: Duration?
        for candidate in candidates {
            let wait: Duration
            switch room(for: candidate, of: request, at: now) {
            case .now: return nil
            case .full: wait = InstancePolicy.shedRetryAfter
            case .after(let time): wait = time
            }
            shortest = min(shortest ?? wait, wait)
        }
        return shed(
            shares.index(of: request.priority), byProviders: true,
            retryAfter: shortest ?? InstancePolicy.shedRetryAfter, at: now)
    }
}
