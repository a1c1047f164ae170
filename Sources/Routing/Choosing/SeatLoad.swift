import Resilience

/// How much one of a provider's keys has to do, and how it fares.
struct SeatLoad: Sendable {
    private(set) var inFlight = 0
    /// A key that is refused is left alone, whatever its provider does.
    private(set) var breaker: CircuitBreaker
    /// It said itself that it takes nothing before.
    private(set) var pausedUntil = Moment(microseconds: .min)
    private(set) var lastFailure: ErrorClass?
    /// Of the last minute or so, fading.
    private var requests = FadingSum()
    private var tokens = FadingSum()

    /// The time that a key is left alone which is told to wait, but not how long.
    static let pauseStandard: Duration = .seconds(1)

    static let keyBreaker: CircuitBreaker.Policy = {
        var policy = CircuitBreaker.Policy()
        policy.failuresMin = 3
        policy.openFirst = .seconds(5)
        policy.openMax = .seconds(300)
        return policy
    }()

    init() {
        breaker = CircuitBreaker(Self.keyBreaker)
    }

    func isPaused(at now: Moment) -> Bool { now < pausedUntil }

    mutating func began(tokens expected: Int64, at now: Moment) {
        inFlight += 1
        requests.add(1, at: now)
        tokens.add(Double(max(0, expected)), at: now)
        if breaker.permission(at: now) == .probe { breaker.beginProbe() }
    }

    mutating func ended(
        _ outcome: CallOutcome, at now: Moment, using chance: inout SeededChance
    ) {
        inFlight = max(0, inFlight - 1)
        lastFailure = outcome.failure
        switch outcome.failure {
        case .limited?, .overloaded?:
            let wait = min(outcome.retryAfter ?? Self.pauseStandard, CallFailure.retryAfterMax)
            pausedUntil = max(pausedUntil, now.advanced(by: wait))
        case nil: pausedUntil = Moment(microseconds: .min)
        default: break
        }
        let isSuccess: Bool? =
            if let failure = outcome.failure {
                outcome.status == 401 || outcome.status == 403
                    ? false : failure.isOfUpstream || outcome.status == nil ? nil : true
            } else {
                true
            }
        _ = breaker.ended(
            isProbe: !breaker.isClosed, isSuccess: isSuccess, at: now, using: &chance)
    }

    /// From 0 to below 1: how much of its limits a key has used of late.
    func fill(_ key: RouteProvider.Key, at now: Moment) -> Double {
        var fill = 0.0
        if let limit = key.requestsPerMinute { fill = requests.value(at: now) / Double(limit) }
        if let limit = key.tokensPerMinute {
            fill = max(fill, tokens.value(at: now) / Double(limit))
        }
        return min(fill, 0.95)
    }
}

/// A sum whose parts fade: after a minute a third of one is left.
struct FadingSum: Sendable {
    private var sum = 0.0
    private var time = Moment(microseconds: 0)

    private static let minute = 60e6

    func value(at now: Moment) -> Double {
        // A rational function in place of an exponential one: near enough for a share.
        let passed = max(0, Double(now.microseconds(since: time))) / Self.minute
        return sum / (1 + passed + passed * passed / 2)
    }

    mutating func add(_ value: Double, at now: Moment) {
        sum = self.value(at: now) + value
        time = now
    }
}

/// The time to first token of one key and model: an average that follows, and fades when nobody asks,
/// so that who was slow once is tried again (as Finagle's balancers do).
struct FollowedTime: Sendable {
    private var average: Double
    private var time: Moment

    /// Within about this, old calls stop to matter.
    private static let memory = 10e6
    /// Half of the average is forgotten in this time without calls.
    private static let halfLife = 60e6

    init(_ first: Double, at now: Moment) {
        average = first
        time = now
    }

    /// In microseconds.
    func value(at now: Moment) -> Double {
        let passed = max(0, Double(now.microseconds(since: time)))
        return average / (1 + passed / Self.halfLife)
    }

    mutating func observe(_ value: Double, at now: Moment) {
        let passed = max(0, Double(now.microseconds(since: time)))
        // One call alone moves it by a tenth at least, or it would stay where bursts left it.
        let part = max(0.1, passed / (passed + Self.memory))
        average += part * (value - average)
        time = now
    }
}
