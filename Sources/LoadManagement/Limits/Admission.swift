package import LedgerModel
package import Routing

extension LoadManager {
    /// Lets a request in, or says which limit it is above.
    ///
    /// The pass is ended once, when the request has its answer or has failed.
    package func admit(
        _ request: RoutedRequest, _ route: RoutePolicy
    ) throws(LoadRefusal) -> AdmissionPass {
        let now = clock.moment()
        return try limiter.with { $0.admit(request, route, at: now) }.get()
    }

    /// Ends a pass.
    ///
    /// - Parameters:
    ///   - tokens: what the request used.
    ///   - cost: what was charged for it, if that is known.
    package func end(
        _ pass: AdmissionPass, tokens: Int64, kept: RequestTimes, cost: Picodollars? = nil
    ) {
        let now = clock.moment()
        limiter.with { $0.end(pass, tokens: tokens, kept: kept, cost: cost, at: now) }
    }
}

/// That a request was let in.
package struct AdmissionPass: Sendable {
    /// The limits that it counts against, for headers.
    package let limits: [LimitStanding]
    let counted: [LimitBook.Counted]
    /// The index of its class; nil for a pass that nothing was counted for.
    let serviceClass: Int?
    let tenant: TenantShares.Tenant?

    package init(limits: [LimitStanding]) {
        self.init(limits: limits, counted: [], serviceClass: nil, tenant: nil)
    }

    init(
        limits: [LimitStanding], counted: [LimitBook.Counted], serviceClass: Int?,
        tenant: TenantShares.Tenant?
    ) {
        self.limits = limits
        self.counted = counted
        self.serviceClass = serviceClass
        self.tenant = tenant
    }
}

/// How a limit stands.
package struct LimitStanding: Sendable, Hashable {
    package typealias Measure = LimitMeasure

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

    init(_ standing: LimitBook.Standing) {
        self.init(
            limit: standing.limit, measure: standing.measure, perMinute: standing.rate.perMinute,
            remaining: standing.remaining, reset: standing.reset)
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
    /// All that may answer have failed of late, and are left alone for a while.
    case failing(retryAfter: Duration)

    package var kind: FaultKind {
        switch self {
        case .limited(_, let delay): .busy(retryAfter: delay)
        case .shed(_, let delay), .failing(let delay): .unavailable(retryAfter: delay)
        }
    }

    package var description: String {
        switch self {
        case .limited(let standing, let delay):
            "the limit \(standing.limit) of \(standing.perMinute) \(standing.measure.rawValue) a "
                + "minute is used up: try again in \(delay)"
        case .shed(let serviceClass, let delay):
            "there is too much to do for requests of the class \(serviceClass): try again in \(delay)"
        case .failing(let delay):
            "every provider that may answer has failed of late: try again in \(delay)"
        }
    }
}
