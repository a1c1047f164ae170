package import LedgerModel
import Resilience

/// What an upstream says of one of its limits, beside an answer.
package struct LimitReading: Hashable, Sendable {
    package enum Measure: Hashable, Sendable, CaseIterable {
        case requests, tokens, inputTokens, outputTokens
    }

    package let measure: Measure
    /// What may be used of it at all.
    package var limit: Int64?
    package let remaining: Int64
    /// Until it is whole again.
    package var reset: Duration

    package init(_ measure: Measure, limit: Int64?, remaining: Int64, reset: Duration) {
        self.measure = measure
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }

    /// A limit that says nothing of when it is whole again is one of a minute.
    private static let resetUsual: Duration = .seconds(60)
    /// If it doesn't even say how large it is, it is believed for so long.
    private static let resetUnknown: Duration = .seconds(10)
    private static let countMax: Int64 = 1_000_000_000_000

    /// Reads the headers of OpenAI's dialect, which most others send as well, and Anthropic's.
    ///
    /// `x-ratelimit-remaining-tokens` has its reset as `6m0s`, `anthropic-ratelimit-tokens-remaining`
    /// as RFC 3339. What can't be read is left out.
    ///
    /// - Parameter header: the value of a header by its lower-case name.
    package static func readings(
        at today: Timestamp, header: (String) -> String?
    ) -> [LimitReading] {
        names.compactMap { measure, limit, remaining, reset in
            guard let left = header(remaining).flatMap(count) else { return nil }
            let most = header(limit).flatMap(count)
            let unknown = most == nil ? resetUnknown : resetUsual
            let time = header(reset).flatMap { self.time($0, at: today) } ?? unknown
            return LimitReading(
                measure, limit: most, remaining: left, reset: min(time, CallFailure.retryAfterMax))
        }
    }

    private static let names: [(Measure, limit: String, remaining: String, reset: String)] =
        [("requests", Measure.requests), ("tokens", .tokens)].map { word, measure in
            (
                measure, "x-ratelimit-limit-\(word)", "x-ratelimit-remaining-\(word)",
                "x-ratelimit-reset-\(word)"
            )
        }
        + [
            ("requests", .requests), ("tokens", .tokens), ("input-tokens", .inputTokens),
            ("output-tokens", .outputTokens),
        ].map { word, measure in
            let name = "anthropic-ratelimit-\(word)-"
            return (measure, name + "limit", name + "remaining", name + "reset")
        }

    private static func count(_ text: String) -> Int64? {
        guard let count = Int64(text), count >= 0 else { return nil }
        return min(count, countMax)
    }

    /// Reads `1h2m3.5s`, `120ms`, `12` (seconds) or a time of day.
    static func time(_ text: String, at today: Timestamp) -> Duration? {
        if let moment = Timestamp(rfc3339: text) {
            return .microseconds(max(moment.microseconds - today.microseconds, 0))
        }
        if let seconds = Double(text) { return duration(seconds) }
        var total = 0.0
        var rest = Substring(text)
        while !rest.isEmpty {
            let number = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(number), let factor = units[String(unit)] else { return nil }
            total += value * factor
        }
        return text.isEmpty ? nil : duration(total)
    }

    private static let units = [
        "d": 86_400, "h": 3_600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9,
    ]

    private static func duration(_ seconds: Double) -> Duration? {
        guard seconds >= 0, seconds.isFinite else { return nil }
        return .microseconds(Int64((min(seconds, 1e9) * 1e6).rounded(.up)))
    }
}
