package import Gateway
import LedgerModel
package import Routing
import Synchronization

/// What the gateway counts of each request.
///
/// Labels are names of routes, providers and classes, all of which an administrator wrote. The
/// series of a route and a provider are looked up once: a request pays for additions alone.
package final class GatewayMetrics: Sendable {
    private let registry: PrometheusRegistry
    private let series = Mutex<[Key: Series]>([:])
    private let spans = Mutex(SpanCounts())

    private struct Key: Hashable {
        let route: Name
        let provider: String?
    }

    /// How a request ended, as a label.
    package enum Outcome: String, CaseIterable, Sendable {
        case success = "2xx"
        case redirect = "3xx"
        case refused = "4xx"
        case failed = "5xx"
        /// The caller left before its answer.
        case left

        init(_ end: RequestEnd) {
            self =
                switch end.status {
                case _ where end.isCallerGone: .left
                case ..<300: .success
                case ..<400: .redirect
                case ..<500: .refused
                default: .failed
                }
        }
    }

    private struct Series: Sendable {
        let outcomes: [Outcome: MetricInstrument]
        let latency: MetricInstrument
        let firstToken: MetricInstrument
        let overhead: MetricInstrument
        let input: MetricInstrument
        let cached: MetricInstrument
        let output: MetricInstrument
    }

    /// - Parameter providers: the names of all that may be asked.
    package init(
        _ registry: PrometheusRegistry, policy: GatewayPolicy, providers: [String]
    ) {
        self.registry = registry
        registry.instrument(.gatewaySpool, []).set(0.0)
        let routes = policy.routes.map(\.name) + [RoutePolicy.standard.name]
        for route in routes { _ = series(of: route, provider: nil) }
        for provider in providers {
            for outcome in Self.attemptOutcomes {
                registry.add(0, to: .gatewayAttempts, [provider, outcome])
            }
        }
    }

    // MARK: Requests

    /// A request has ended, whatever became of it.
    package func ended(_ request: ObservedRequest) {
        let end = request.end
        let series = series(of: request.route, provider: end.candidate?.provider)
        series.outcomes[Outcome(end)]?.increment(by: 1.0)
        series.latency.observe(end.latency / .seconds(1))
        series.overhead.observe(request.overhead / .seconds(1))
        if let time = end.timeToFirstToken { series.firstToken.observe(time / .seconds(1)) }
        let usage = end.metered.usage
        series.input.increment(by: usage.value(.inputTokens))
        series.cached.increment(by: usage.value(.cacheReadInputTokens))
        series.output.increment(by: usage.value(.outputTokens))
        for attempt in end.attempts {
            count(attempt.candidate.provider, Self.outcome(of: attempt))
        }
        if let candidate = end.candidate {
            count(candidate.provider, candidate.isFallback ? "fallback" : "answered")
        }
    }

    /// What waits in the spool for the ledger.
    package func measure(spoolBytes: Int64) {
        registry.instrument(.gatewaySpool, []).set(spoolBytes)
    }

    /// What became of the gateway's own spans since the start.
    package func measure(spans counts: SpanCounts) {
        let before = spans.withLock { last in
            defer { last = counts }
            return last
        }
        registry.add(counts.sent - before.sent, to: .gatewaySpans, ["sent"])
        registry.add(counts.dropped - before.dropped, to: .gatewaySpans, ["dropped"])
    }

    /// How a provider's key stands.
    ///
    /// - Parameter isPaused: whether it is passed over.
    package func measure(provider: String, key: String, inFlight: Int, isPaused: Bool) {
        registry.instrument(.gatewayInFlight, [provider, key]).set(Double(inFlight))
        registry.instrument(.gatewayPaused, [provider, key]).set(isPaused ? 1.0 : 0.0)
    }

    // MARK: Attempts

    /// What becomes of a call: an answer, one by another model, or a failure by its status.
    private static let attemptOutcomes = [
        "answered", "fallback", "refused", "limited", "failed", "unreachable",
    ]

    private static func outcome(of attempt: FailedAttempt) -> String {
        switch attempt.status {
        case 429?: "limited"
        case .some(400..<500): "refused"
        case .some: "failed"
        case nil: "unreachable"
        }
    }

    private func count(_ provider: String, _ outcome: String) {
        registry.add(1, to: .gatewayAttempts, [provider, outcome])
    }

    // MARK: Series

    private func series(of route: Name, provider: String?) -> Series {
        let key = Key(route: route, provider: provider)
        if let known = series.withLock({ $0[key] }) { return known }
        let labels = [route.string, provider ?? "none"]
        func tokens(_ kind: String) -> MetricInstrument {
            registry.instrument(.gatewayTokens, labels + [kind])
        }
        let made = Series(
            outcomes: Dictionary(
                Outcome.allCases.map {
                    ($0, registry.instrument(.gatewayRequests, labels + [$0.rawValue]))
                }, uniquingKeysWith: { $1 }),
            latency: registry.instrument(.gatewayDuration, labels),
            firstToken: registry.instrument(.gatewayFirstToken, labels),
            overhead: registry.instrument(.gatewayOverhead, [route.string]),
            input: tokens("input"), cached: tokens("cached"), output: tokens("output"))
        series.withLock { $0[key] = made }
        return made
    }
}
