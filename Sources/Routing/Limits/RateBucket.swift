package import Resilience

/// How much may come in a minute, and how much of it at once.
package struct RateLimit: Hashable, Sendable {
    package let perMinute: Int64
    package let burst: Int64

    package static let perMinuteMax: Int64 = 1_000_000_000_000
    /// Of a minute's, unless a policy says otherwise.
    package static let burstShare = 1.0 / 6

    /// - Parameter burst: what may come at once, as a part of what may come in a minute; nil for a
    ///   sixth of it. One may always come.
    package init(perMinute: Int64, burst: Double? = nil) {
        self.perMinute = min(max(perMinute, 1), Self.perMinuteMax)
        let share = min(max(burst ?? Self.burstShare, 0), 1_000)
        self.burst = max(Int64((Double(self.perMinute) * share).rounded(.up)), 1)
    }
}

/// The generic cell rate algorithm (ITU-T I.371, virtual scheduling): of all that came, only the
/// moment is kept at which it would be made up for.
///
/// That moment is an integer in parts of a microsecond, as many as the limit allows in a minute; so
/// nothing is ever rounded, and a limit of 7 a minute is one of 7 a minute after a year. We differ
/// from the standard in two ways: what comes may count for more than one, and what it counted for
/// is corrected once that is known.
package struct RateBucket: Hashable, Sendable {
    /// The theoretical arrival time: up to then, all is used that may be.
    private var free: Int128

    /// What one counts for.
    private static let one: Int128 = 60_000_000
    /// More than a caller can use at once; keeps sums far from their ends.
    private static let amountMax: Int64 = 1_000_000_000_000_000

    /// A bucket with nothing in it.
    package init() {
        free = .min / 2
    }

    /// How long until an amount fits; nil if it does.
    ///
    /// An amount above the burst fits once the bucket is empty, and is made up for afterwards:
    /// otherwise a large request would never fit.
    package func wait(for amount: Int64, under limit: RateLimit, at now: Moment) -> Duration? {
        let needed = Int128(min(max(amount, 0), limit.burst)) * Self.one
        let over = debt(under: limit, at: now) + needed - Int128(limit.burst) * Self.one
        return over > 0 ? Self.time(over, under: limit) : nil
    }

    /// Counts an amount, whether it fits or not; a negative one takes back what was counted.
    package mutating func count(_ amount: Int64, under limit: RateLimit, at now: Moment) {
        let bounded = Int128(min(max(amount, -Self.amountMax), Self.amountMax))
        free = max(free, Self.position(now, limit)) + bounded * Self.one
    }

    /// What still fits at once.
    package func remaining(under limit: RateLimit, at now: Moment) -> Int64 {
        let left = Int128(limit.burst) * Self.one - debt(under: limit, at: now)
        return left > 0 ? Int64(left / Self.one) : 0
    }

    /// How long until everything is made up for.
    package func untilEmpty(under limit: RateLimit, at now: Moment) -> Duration {
        Self.time(debt(under: limit, at: now), under: limit)
    }

    private func debt(under limit: RateLimit, at now: Moment) -> Int128 {
        max(free - Self.position(now, limit), 0)
    }

    private static func position(_ moment: Moment, _ limit: RateLimit) -> Int128 {
        Int128(moment.microseconds) * Int128(limit.perMinute)
    }

    /// Rounded up, so that who waits for so long has not come too early.
    private static func time(_ amount: Int128, under limit: RateLimit) -> Duration {
        let rate = Int128(limit.perMinute)
        return .microseconds(Int64(clamping: (amount + rate - 1) / rate))
    }
}
