import Resilience

/// Whether a provider answers, whatever the key.
struct ProviderHealth: Sendable {
    private(set) var breaker: CircuitBreaker
    private(set) var openings: Int64 = 0
    private var probeBegan: Moment?
    /// Nil while nobody asks.
    private var check: Check?
    private let every: Duration?
    private var nextCheck = Moment(microseconds: .min)
    private var failedChecks = 0
    private var inFlight = 0

    /// Clocks of callers may be read this much before a call is told of.
    private static let tolerance: Duration = .milliseconds(100)

    private enum Check { case ofOpen, ofClosed }

    /// Checks that fail one after the other until the provider counts as failing.
    static let failedChecksMax = 2

    init(_ policy: CircuitBreaker.Policy, checkedEvery every: Duration?) {
        breaker = CircuitBreaker(policy)
        self.every = every
    }

    /// Whether it is asked for its health.
    var isChecked: Bool { every != nil }

    mutating func began(at now: Moment) {
        inFlight += 1
        guard breaker.permission(at: now) == .probe else { return }
        breaker.beginProbe()
        probeBegan = now
    }

    mutating func ended(
        _ outcome: CallOutcome, at now: Moment, using chance: inout SeededChance
    ) {
        inFlight = max(0, inFlight - 1)
        // Calls that began before the probe say nothing about the provider now; the last one under
        // way is it, whatever it says of its time.
        let began = now.advanced(byMicroseconds: -(outcome.latency?.wholeMicroseconds ?? 0))
        let isProbe =
            check != .ofOpen
            && (probeBegan.map { began >= $0.advanced(by: .zero - Self.tolerance) || inFlight == 0 }
                ?? false)
        let isSuccess: Bool? =
            if let failure = outcome.failure {
                // A refusal is a sign of life, but no sign of health among many.
                failure.isOfUpstream ? false : isProbe ? true : nil
            } else {
                true
            }
        note(isProbe: isProbe, isSuccess: isSuccess, at: now, using: &chance)
    }

    /// Whether it is to be asked for its health now.
    mutating func beginsHealthCheck(at now: Moment) -> Bool {
        guard let every, check == nil else { return false }
        if breaker.isClosed {
            guard now >= nextCheck else { return false }
            check = .ofClosed
        } else {
            guard breaker.opensAgain != nil, breaker.permission(at: now) == .probe else {
                return false
            }
            breaker.beginProbe()
            (check, probeBegan) = (.ofOpen, now)
        }
        nextCheck = now.advanced(by: every)
        return true
    }

    mutating func checked(
        isHealthy: Bool, at now: Moment, using chance: inout SeededChance
    ) {
        defer { check = nil }
        failedChecks = isHealthy ? 0 : failedChecks + 1
        switch check {
        case .ofOpen?:
            // That it lists its models doesn't say that it answers: one request has to.
            note(isProbe: true, isSuccess: isHealthy ? nil : false, at: now, using: &chance)
        case .ofClosed? where breaker.isClosed && failedChecks >= Self.failedChecksMax:
            breaker.trip(at: now, using: &chance)
            openings += 1
        case .ofClosed?, nil: break
        }
    }

    private mutating func note(
        isProbe: Bool, isSuccess: Bool?, at now: Moment, using chance: inout SeededChance
    ) {
        let wasOpen = breaker.opensAgain != nil
        _ = breaker.ended(isProbe: isProbe, isSuccess: isSuccess, at: now, using: &chance)
        if isProbe { probeBegan = nil }
        if !wasOpen, breaker.opensAgain != nil { openings += 1 }
    }
}
