import Glibc
import JSON

/// How long an answer takes to begin: a fixed time, a time for each token of the prompt, and a time
/// for each other call under way, all of it scattered.
package struct UpstreamLatency: Sendable {
    package var fixedMilliseconds = 0
    package var inputTokenMicroseconds = 0
    /// For each call under way beyond `calmCalls`.
    package var callMilliseconds = 0
    package var calmCalls = 0
    /// Of the log-normal distribution whose median is the rest; 0 for no scatter.
    package var sigma = 0.0

    package init() {}

    /// - Parameters:
    ///   - random: two numbers from 0 to 1, taken only where times are scattered.
    func time(
        inputTokens: Int, underWay: Int, _ random: () -> (Double, Double)
    ) -> Duration {
        var microseconds = Double(
            fixedMilliseconds * 1_000 + inputTokenMicroseconds * inputTokens
                + callMilliseconds * 1_000 * max(0, underWay - calmCalls))
        if sigma > 0 {
            // Box and Muller: two even numbers make a normal one.
            let (a, b) = random()
            let normal = (-2 * log(max(a, .leastNonzeroMagnitude))).squareRoot() * cos(2 * .pi * b)
            microseconds *= exp(sigma * normal)
        }
        return .microseconds(min(microseconds, Self.microsecondsMax))
    }

    private static let microsecondsMax = 3_600e6

    mutating func apply(_ json: JSONTree) throws(ScriptRefused) {
        for member in json.members ?? [] {
            switch member.key {
            case "fixed_ms": fixedMilliseconds = try UpstreamScript.count(member)
            case "input_token_us": inputTokenMicroseconds = try UpstreamScript.count(member)
            case "call_ms": callMilliseconds = try UpstreamScript.count(member)
            case "calm_calls": calmCalls = try UpstreamScript.count(member)
            case "sigma": sigma = try UpstreamScript.part(member, most: 5)
            default: throw ScriptRefused(what: "latency has no member \(member.key)")
            }
        }
    }
}
