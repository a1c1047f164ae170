package import LedgerModel

/// Passes over a tier that failed several times in a row, and tries it again with growing pauses.
///
/// The circuit breaker of Nygard's "Release It!": closed, open for a pause, then half open for one
/// caller, whose luck decides.
package struct TierBreaker {
    private var failures = 0
    private var pause = Self.pauseFirst
    private var pausedUntil: Timestamp?
    private var isTrying = false

    package static let failuresMax = 5
    package static let pauseFirst: Duration = .seconds(1)
    package static let pauseMax: Duration = .seconds(30)

    package init() {}

    package var isPaused: Bool { pausedUntil != nil }

    /// Whether the tier may be asked now.
    package mutating func allows(at now: Timestamp) -> Bool {
        guard let pausedUntil else { return true }
        guard now >= pausedUntil, !isTrying else { return false }
        isTrying = true
        return true
    }

    /// Returns whether the tier is used again from now on.
    package mutating func succeeded() -> Bool {
        defer { self = TierBreaker() }
        return isPaused
    }

    /// Returns whether the tier is passed over from now on.
    package mutating func failed(at now: Timestamp) -> Bool {
        failures += 1
        if isPaused {
            // Answers to calls that began before the pause say nothing new.
            guard isTrying else { return false }
            isTrying = false
            pause = min(pause * 2, Self.pauseMax)
            pausedUntil = now.advanced(by: pause)
            return false
        }
        guard failures >= Self.failuresMax else { return false }
        pausedUntil = now.advanced(by: pause)
        return true
    }
}

extension Timestamp {
    package func advanced(by duration: Duration) -> Timestamp {
        advanced(byMicroseconds: duration.microseconds)
    }

    package func duration(to later: Timestamp) -> Duration {
        .microseconds(later.microseconds - microseconds)
    }
}

extension Duration {
    /// Whole microseconds; what is finer is cut.
    package var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
