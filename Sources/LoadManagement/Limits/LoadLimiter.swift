import LedgerModel
import Providers
import Resilience
import Routing
import Synchronization

/// What is counted to decide who is let in, and who may be called: one lock around values.
final class LoadLimiter: Sendable {
    private let state: Mutex<State>

    struct State: Sendable {
        let shares: ClassShares
        let instance: InstancePolicy
        var limits: LimitBook
        var upstreams: Upstreams
        var tally: ClassTally
        var tenants: TenantShares
        /// Requests that were let in and have not ended.
        var inFlight = 0
        /// Of them, or of their attempts, calls that are under way.
        var calling = 0
        /// The number of each class that is in flight.
        var inFlightByClass: [Int]
        var span: LoadSpan
    }

    init(policy: GatewayPolicy, providers: ProviderSet, at now: Moment) {
        let shares = ClassShares(policy.classes)
        state = Mutex(
            State(
                shares: shares, instance: policy.instance, limits: LimitBook(policy.limits),
                upstreams: Upstreams(providers), tally: ClassTally(classes: shares.classes.count),
                tenants: TenantShares(since: now),
                inFlightByClass: Array(repeating: 0, count: shares.classes.count),
                span: LoadSpan(since: now)))
    }

    /// Reads and changes the counts; short, since every request waits for it.
    func with<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { body(&$0) }
    }
}

extension LoadLimiter.State {
    /// Lets a request in: the instance must have room for its class, and every limit for its group.
    mutating func admit(
        _ request: RoutedRequest, _ route: RoutePolicy, at now: Moment
    ) -> Result<AdmissionPass, LoadRefusal> {
        let index = shares.index(of: request.priority)
        let isFull = isFull(for: index)
        if isFull || !route.isCached && areUpstreamsFull(for: request, route, index) {
            return .failure(
                shed(
                    index, byProviders: !isFull, retryAfter: InstancePolicy.shedRetryAfter, at: now)
            )
        }
        do {
            let (counted, standings) = try limits.admit(request, at: now)
            tally.count(index, \.admitted, at: now)
            span.pass(inFlight, until: now)
            inFlight += 1
            inFlightByClass[index] += 1
            return .success(
                AdmissionPass(
                    limits: standings.map { LimitStanding($0) }, counted: counted,
                    serviceClass: index, tenant: TenantShares.Tenant(request)))
        } catch {
            tally.count(index, \.limited, at: now)
            return .failure(
                .limited(LimitStanding(error.standing), retryAfter: error.retryAfter))
        }
    }

    mutating func end(
        _ pass: AdmissionPass, tokens: Int64, kept times: RequestTimes, cost: Picodollars?,
        at now: Moment
    ) {
        limits.correct(pass.counted, tokens: tokens, at: now)
        guard let index = pass.serviceClass else { return }
        span.pass(inFlight, until: now)
        inFlight -= 1
        inFlightByClass[index] -= 1
        let isKept =
            times.isSuccess
            && shares.classes[index].goal.map {
                $0.isKept(timeToFirstToken: times.timeToFirstToken, latency: times.latency)
            } ?? true
        tally.count(index, isKept ? \.kept : \.missed, at: now)
        if let tenant = pass.tenant {
            tenants.count(tenant, tokens: tokens, busy: times.latency, cost: cost, at: now)
        }
    }

    /// Counts a request that is shed.
    mutating func shed(
        _ index: Int, byProviders: Bool, retryAfter: Duration, at now: Moment
    ) -> LoadRefusal {
        tally.count(index, \.shed, at: now)
        if byProviders { span.shedByProviders += 1 } else { span.shed += 1 }
        return .shed(serviceClass: shares.classes[index].name, retryAfter: retryAfter)
    }

    private func isFull(for index: Int) -> Bool {
        inFlight >= shares.room(of: index, in: instance.inFlightMax)
            || inFlight - calling >= shares.room(of: index, in: instance.waitingMax)
    }

    /// Whether nobody who might be asked has room for one more of the class.
    private func areUpstreamsFull(
        for request: RoutedRequest, _ route: RoutePolicy, _ index: Int
    ) -> Bool {
        upstreams.areFull(request, route) { shares.room(of: index, in: $0) }
    }
}

/// What happened since the instance last spoke of its load.
struct LoadSpan: Sendable {
    private var start: Moment
    private var until: Moment
    /// Requests in flight times microseconds.
    private var sum: Int128 = 0
    var shed: Int64 = 0
    var shedByProviders: Int64 = 0

    init(since now: Moment) {
        (start, until) = (now, now)
    }

    /// So many were in flight since the last change.
    mutating func pass(_ inFlight: Int, until now: Moment) {
        guard now > until else { return }
        sum += Int128(inFlight) * Int128(now.microseconds(since: until))
        until = now
    }

    /// The mean since the last time, and a new beginning.
    mutating func take(_ inFlight: Int, at now: Moment) -> FleetLoad {
        pass(inFlight, until: now)
        let time = until.microseconds(since: start)
        let mean = time > 0 ? Double(sum) / Double(time) : Double(inFlight)
        let load = FleetLoad(
            instances: 1, inFlight: mean, shed: shed, shedByProviders: shedByProviders)
        self = LoadSpan(since: until)
        return load
    }
}
