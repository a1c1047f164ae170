package import LedgerModel
import Routing

/// How limits stand, in the words that SDKs of both dialects read.
package enum RateLimitHeaders {
    /// One set for each measure: that of the limit with the least left.
    ///
    /// - Parameter today: Anthropic's tell the time of day at which a limit is whole again.
    package static func fields(
        for standings: [LimitStanding], isAnthropic: Bool,
        at today: Timestamp = LoadClock.machine.today()
    ) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        for measure in [LimitStanding.Measure.requests, .tokens] {
            let tightest = standings.filter { $0.measure == measure }
                .min { ($0.remaining, $1.reset) < ($1.remaining, $0.reset) }
            guard let tightest else { continue }
            let values = [
                ("limit", "\(tightest.perMinute)"), ("remaining", "\(tightest.remaining)"),
                ("reset", reset(tightest.reset, isAnthropic ? today : nil)),
            ]
            for (word, value) in values {
                let name =
                    isAnthropic
                    ? "anthropic-ratelimit-\(measure.rawValue)-\(word)"
                    : "x-ratelimit-\(word)-\(measure.rawValue)"
                fields.append((name, value))
            }
        }
        return fields
    }

    /// As RFC 3339 in whole seconds after a time; without one as `6m0s`, `1.5s` or `120ms`.
    private static func reset(_ time: Duration, _ today: Timestamp?) -> String {
        let (seconds, attoseconds) = time.components
        if let today {
            let ends =
                today.unixMicroseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000
            return "\(Timestamp(unixMicroseconds: (ends + 999_999) / 1_000_000 * 1_000_000))"
        }
        let milliseconds =
            seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        guard milliseconds >= 1_000 else { return "\(milliseconds)ms" }
        let (whole, rest) = (milliseconds / 1_000, milliseconds % 1_000)
        let fraction = rest == 0 ? "" : "." + "\(1_000 + rest)".dropFirst()
        let trimmed = String(fraction.reversed().drop { $0 == "0" }.reversed())
        let minutes = whole / 60
        return (minutes > 0 ? "\(minutes)m" : "") + "\(whole % 60)\(trimmed)s"
    }
}
