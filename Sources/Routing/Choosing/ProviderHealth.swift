import Resilience

/// Whether a provider answers, whatever the key.
struct ProviderHealth: Sendable {
    private(set) var breaker: CircuitBreaker
    private(set) var openings: Int64 = 0
    private var probeBegan: Moment?
    private var isChecking = false
    private var inFlight = 0

    /// Clocks of callers may be read this much before a call is told of.
    private static let tolerance: Duration = .milliseconds(100)

    init(_ policy: CircuitBreaker.Policy) {
        breaker = CircuitBreaker(policy)
    }

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
            !isChecking
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

    mutating func beginsHealthCheck(at now: Moment) -> Bool {
        guard breaker.opensAgain != nil, breaker.permission(at: now) == .probe else { return false }
        breaker.beginProbe()
        isChecking = true
        probeBegan = now
        return true
    }

    mutating func checked(
        isHealthy: Bool, at now: Moment, using chance: inout SeededChance
    ) {
        guard isChecking else { return }
        isChecking = false
        // That it lists its models doesn't say that it answers: one request has to.
        note(isProbe: true, isSuccess: isHealthy ? nil : false, at: now, using: &chance)
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
