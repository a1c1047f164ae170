import Resilience

/// How far apart requests arrive, as a moving average.
struct ArrivalRate: Sendable {
    private var last: Moment?
    /// Microseconds, times 16.
    private var scaled: Int64 = 0
    /// Longer gaps say only that nobody is to be waited for.
    private static let gapMax: Int64 = 60_000_000

    mutating func came(at now: Moment) {
        defer { last = now }
        guard let last else {
            scaled = Self.gapMax * 16
            return
        }
        let gap = min(now.microseconds(since: last), Self.gapMax)
        // After a pause the first gap would hide those that follow for long.
        if scaled >= Self.gapMax * 8 { scaled = gap * 16 } else { scaled += gap - scaled / 16 }
    }

    /// Microseconds between two requests.
    var gap: Int64 { last == nil ? .max : scaled / 16 }
}
