/// Stops calling an upstream that fails, and tries it with one call after a while (Nygard's "Release
/// It!").
///
/// Closed, it counts calls in two halves of a window; open, it lets nothing pass until a moment;
/// then it is half open: one call at a time is a probe, and decides.
package struct CircuitBreaker: Sendable {
    package struct Policy: Sendable {
        /// Calls that are looked back on.
        package var window: Duration = .seconds(10)
        /// The share of failed calls that opens it.
        package var failedShare = 0.5
        /// Failed calls below which it stays closed.
        package var failuresMin = 5
        /// Failed calls in a row that open it, whatever the share; nil to go by the share.
        package var failuresInRow: Int?
        /// The first time of being open; each failed probe doubles it.
        package var openFirst: Duration = .seconds(1)
        package var openMax: Duration = .seconds(15)
        /// The part of such a time that is left to chance, so that instances don't probe together.
        package var jitter = 0.25

        package init() {}
    }

    /// What it says to a call.
    package enum Permission: Equatable {
        case yes
        /// The call decides whether others may follow.
        case probe
        case notBefore(Moment)
        /// A probe is running.
        case afterProbe
    }

    private enum State {
        case closed
        case open(until: Moment)
        case halfOpen(isProbing: Bool)
    }

    private struct Counts {
        var all = 0
        var failed = 0
    }

    private let policy: Policy
    private var state = State.closed
    private var openings = 0
    private var failedInRow = 0
    private var current = Counts()
    private var previous = Counts()
    private var halfStart = Moment(microseconds: 0)

    package init(_ policy: Policy) {
        self.policy = policy
    }

    package var isClosed: Bool { if case .closed = state { true } else { false } }

    /// When an open breaker lets a probe pass; nil if it isn't open.
    package var opensAgain: Moment? { if case .open(let until) = state { until } else { nil } }

    /// Whether a call may be made now, without making it.
    package func permission(at now: Moment) -> Permission {
        switch state {
        case .closed: .yes
        case .open(let until): now < until ? .notBefore(until) : .probe
        case .halfOpen(let isProbing): isProbing ? .afterProbe : .probe
        }
    }

    /// A probe was permitted and is made.
    package mutating func beginProbe() { state = .halfOpen(isProbing: true) }

    /// The end of a call; nil if it ended without saying anything about the upstream.
    ///
    /// - Returns: whether calls may now be made that could not be before, or the reverse.
    package mutating func ended(
        isProbe: Bool, isSuccess: Bool?, at now: Moment, using chance: inout SeededChance
    ) -> Bool {
        switch state {
        case .closed:
            guard let isSuccess else { return false }
            count(isSuccess, at: now)
            guard !isSuccess, isFailing else { return false }
            open(at: now, using: &chance)
            return true
        case .open:
            return false
        case .halfOpen:
            // Calls from before it opened say nothing about the upstream now.
            guard isProbe else { return false }
            switch isSuccess {
            case true?:
                state = .closed
                (openings, failedInRow) = (0, 0)
                (current, previous) = (Counts(), Counts())
            case false?: open(at: now, using: &chance)
            case nil: state = .halfOpen(isProbing: false)
            }
            return true
        }
    }

    /// Opens at once, for a reason that no call told.
    package mutating func trip(at now: Moment, using chance: inout SeededChance) {
        open(at: now, using: &chance)
    }

    private var isFailing: Bool {
        if let inRow = policy.failuresInRow { return failedInRow >= inRow }
        let failed = current.failed + previous.failed
        return failed >= policy.failuresMin
            && Double(failed) >= policy.failedShare * Double(current.all + previous.all)
    }

    private mutating func count(_ isSuccess: Bool, at now: Moment) {
        failedInRow = isSuccess ? 0 : failedInRow + 1
        let half = policy.window.wholeMicroseconds / 2
        let passed = now.microseconds(since: halfStart)
        if passed >= half {
            previous = passed < 2 * half ? current : Counts()
            current = Counts()
            halfStart = now
        }
        current.all += 1
        if !isSuccess { current.failed += 1 }
    }

    private mutating func open(at now: Moment, using chance: inout SeededChance) {
        let bound = min(
            policy.openFirst.microseconds(doubled: openings),
            policy.openMax.wholeMicroseconds)
        openings += 1
        let certain = 1 - policy.jitter
        let time = Int64(Double(bound) * (certain + policy.jitter * chance.fraction()))
        state = .open(until: now.advanced(byMicroseconds: time))
        (current, previous) = (Counts(), Counts())
    }
}
