import Resilience

/// How fast what is open ends, over the last ten seconds, and so when there is room again.
struct DrainRate: Sendable {
    private static let bucketMicroseconds: Int64 = 1_000_000
    private static let bucketsMax = 10

    /// Waits that a caller is told, at least and at most.
    static let waitMin: Duration = .seconds(1)
    static let waitMax: Duration = .seconds(60)

    private var buckets: [Amount] = []
    private var bucketStart = Moment(microseconds: 0)
    private var sum = Amount()
    /// What was refused and may come back before the one who asks.
    private var turnedAway = Amount()

    mutating func ended(_ amount: Amount, at now: Moment) {
        roll(to: now)
        buckets[buckets.count - 1] += amount
        sum += amount
        turnedAway = Amount(
            requests: max(0, turnedAway.requests - amount.requests),
            tokens: max(0, turnedAway.tokens - amount.tokens),
            bytes: max(0, turnedAway.bytes - amount.bytes))
    }

    /// When there is room for somebody, after those who were told the same before.
    ///
    /// - Parameter excess: what has to end first.
    mutating func wait(for amount: Amount, excess: Amount, at now: Moment) -> Duration {
        roll(to: now)
        let ahead = excess + turnedAway
        // No more than what ended: some of those who were refused never come back.
        turnedAway = Amount(
            requests: min(turnedAway.requests + amount.requests, sum.requests),
            tokens: min(turnedAway.tokens + amount.tokens, sum.tokens),
            bytes: min(turnedAway.bytes + amount.bytes, sum.bytes))
        let elapsed =
            Int64(buckets.count - 1) * Self.bucketMicroseconds
            + now.microseconds(since: bucketStart)
        let seconds = Double(max(elapsed, 100_000)) / 1e6
        func time(_ needed: Int, _ drained: Int) -> Double {
            guard needed > 0 else { return 0 }
            return drained > 0 ? Double(needed) * seconds / Double(drained) : .infinity
        }
        // Only what is in excess has to end; what was turned away comes after it.
        let longest = max(
            excess.requests > 0 ? time(ahead.requests, sum.requests) : 0,
            excess.tokens > 0 ? time(ahead.tokens, sum.tokens) : 0,
            excess.bytes > 0 ? time(ahead.bytes, sum.bytes) : 0)
        let bound = Double(Self.waitMax.wholeMicroseconds)
        let microseconds = Int64(min(longest * 1e6, bound))
        return max(.microseconds(microseconds), Self.waitMin)
    }

    private mutating func roll(to now: Moment) {
        if buckets.isEmpty {
            buckets.append(Amount())
            bucketStart = now
        }
        var passed = now.microseconds(since: bucketStart) / Self.bucketMicroseconds
        guard passed > 0 else { return }
        bucketStart = bucketStart.advanced(byMicroseconds: passed * Self.bucketMicroseconds)
        if passed >= Self.bucketsMax {
            (buckets, sum) = ([], Amount())
            passed = Int64(Self.bucketsMax)
        }
        for _ in 0..<passed {
            if buckets.count == Self.bucketsMax { sum -= buckets.removeFirst() }
            buckets.append(Amount())
        }
    }
}
