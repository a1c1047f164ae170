package import LedgerModel
package import Providers
package import Routing

/// Who may go on, and who is asked: limits, health and load of all providers, shared by all requests
/// of an instance.
package final class LoadManager: Sendable {
    package let policy: GatewayPolicy
    package let providers: ProviderSet

    package init(policy: GatewayPolicy, providers: ProviderSet) {
        self.policy = policy
        self.providers = providers
    }

    // MARK: Admission

    /// Lets a request in, or says which limit it is above.
    ///
    /// The pass is ended once, when the request has its answer or has failed.
    package func admit(
        _ request: RoutedRequest, _ route: RoutePolicy
    ) throws(LoadRefusal) -> AdmissionPass {
        AdmissionPass(limits: [])
    }

    /// Ends a pass.
    ///
    /// - Parameter tokens: what the request used.
    package func end(_ pass: AdmissionPass, tokens: Int64, kept: RequestTimes) {}

    // MARK: Choosing

    /// The next way to try; nil if there is none left.
    ///
    /// - Parameter tried: those that failed before, in order.
    package func choose(
        _ request: RoutedRequest, _ route: RoutePolicy, tried: [RouteCandidate]
    ) -> (candidate: RouteCandidate, reason: ChoiceReason)? {
        let dialect: ModelProvider.Dialect = request.isAnthropic ? .anthropic : .openAI
        guard tried.isEmpty,
            let provider = providers.provider(for: request.model, speaking: dialect)
        else { return nil }
        return (
            RouteCandidate(
                provider: provider.name, key: provider.keys.first?.name,
                model: provider.model(request.model)), .order
        )
    }

    /// A call to a candidate begins; it is ended once.
    package func began(_ candidate: RouteCandidate, for request: RoutedRequest) {}

    package func ended(
        _ candidate: RouteCandidate, for request: RoutedRequest, _ outcome: CallOutcome
    ) {}

    /// Whether a failed call may be made again, somewhere: a share of what is sent (20 % and some).
    package func mayRetry() -> Bool { true }
}

/// That a request was let in.
package struct AdmissionPass: Sendable {
    /// The limits that it counts against, for headers.
    package let limits: [LimitStanding]

    package init(limits: [LimitStanding]) {
        self.limits = limits
    }
}

/// How a limit stands.
package struct LimitStanding: Sendable, Hashable {
    package enum Measure: String, Sendable { case requests, tokens }

    package let limit: Name
    package let measure: Measure
    package let perMinute: Int64
    package let remaining: Int64
    /// Until it is full again.
    package let reset: Duration

    package init(
        limit: Name, measure: Measure, perMinute: Int64, remaining: Int64, reset: Duration
    ) {
        self.limit = limit
        self.measure = measure
        self.perMinute = perMinute
        self.remaining = remaining
        self.reset = reset
    }
}

/// When a request got what it came for.
package struct RequestTimes: Sendable {
    package var timeToFirstToken: Duration?
    package var latency: Duration
    package var isSuccess: Bool

    package init(timeToFirstToken: Duration? = nil, latency: Duration, isSuccess: Bool) {
        self.timeToFirstToken = timeToFirstToken
        self.latency = latency
        self.isSuccess = isSuccess
    }
}

/// Why a request is not let in.
package enum LoadRefusal: Fault {
    /// Its group has had its share.
    case limited(LimitStanding, retryAfter: Duration)
    /// The instance, or its providers, have too much to do for a request of this class.
    case shed(serviceClass: Name, retryAfter: Duration)

    package var kind: FaultKind {
        switch self {
        case .limited(_, let delay): .busy(retryAfter: delay)
        case .shed(_, let delay): .unavailable(retryAfter: delay)
        }
    }

    package var description: String {
        switch self {
        case .limited(let standing, let delay):
            "the limit \(standing.limit) of \(standing.perMinute) \(standing.measure.rawValue) a "
                + "minute is used up: try again in \(delay)"
        case .shed(let serviceClass, let delay):
            "there is too much to do for requests of the class \(serviceClass): try again in \(delay)"
        }
    }
}
