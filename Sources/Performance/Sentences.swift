import Estimating
import JSON
import LedgerModel

extension Regression {
    /// Such as `fast/openai/gpt-4o: latency p50 4,210 ms, usually 1,900 ms (+121 %)`.
    package var sentence: String {
        let place = percentile.map { " p\($0)" } ?? ""
        let sign = measure == .failures ? "" : " (\(Self.percent(change, signed: true)))"
        return "\(series.name.string.isEmpty ? "all requests" : series.name.string): "
            + "\(measure.text)\(place) \(text(now)), usually \(text(before))\(sign)"
            + (reason.map { ": \($0)" } ?? "")
    }

    /// What makes it so, as far as anything tells.
    package var reason: String? {
        if measure == .failures { return nil }
        if measure == .latency, let outputGrowth, outputGrowth >= Self.longerMin,
            stages.first.map({ ["relay", "generation"].contains($0.stage) }) ?? true
        {
            return "answers are \(Self.percent(outputGrowth - 1, signed: false)) longer"
        }
        guard let stage = stages.first, stage.share >= Self.stageMin else { return nil }
        return "stage \(stage.stage) went from \(Self.milliseconds(stage.before)) to "
            + "\(Self.milliseconds(stage.now)), \(Self.percent(stage.share, signed: false)) of the "
            + "growth"
    }

    /// The numbers that it is based on, for people.
    package var evidence: [String] {
        let test = "z \(Self.fixed(z, 1)) on \(requests) requests against \(requestsBefore)"
        return ["\(test), \(basis.rawValue) (\(samples) samples)"]
            + stages.prefix(2).map {
                "stage \($0.stage): +\(Self.milliseconds($0.growth))"
            }
            + apps.prefix(2).map {
                "\($0.app?.string ?? "no app"): \(text($0.now))"
                    + ($0.before.map { ", before \(text($0))" } ?? "")
            }
    }

    /// Answers that are so much longer explain a longer latency.
    private static let longerMin = 1.25
    private static let stageMin = 0.4

    private func text(_ value: Double) -> String {
        switch measure {
        case .failures: Self.percent(value, signed: false)
        case .outputRate: "\(Self.fixed(value / 1_000, 1)) tokens/s"
        case .latency, .timeToFirstToken, .queue: Self.milliseconds(value)
        }
    }

    private static func milliseconds(_ microseconds: Double) -> String {
        "\(fixed(microseconds / 1_000, microseconds < 10_000 ? 1 : 0)) ms"
    }

    private static func percent(_ share: Double, signed: Bool) -> String {
        let text = fixed(share * 100, abs(share) < 0.1 ? 1 : 0)
        return (signed && share >= 0 ? "+" : "") + text + " %"
    }

    private static func fixed(_ value: Double, _ digits: Int) -> String {
        let scaled = (value * (digits == 0 ? 1 : 10)).rounded()
        return decimal(Int128(max(-1e18, min(scaled, 1e18))), scale: digits)
    }
}

extension Regression.Measure {
    package var text: String {
        switch self {
        case .latency: "latency"
        case .timeToFirstToken: "time to first token"
        case .outputRate: "output rate"
        case .queue: "wait in the queue"
        case .failures: "failures"
        }
    }
}

extension ServiceObjective {
    /// Such as `99.9 % within 2000 ms`.
    package var text: String {
        let share = "\(decimal(Int128(1_000_000 - missesPerMillion), scale: 4)) %"
        switch goal {
        case .availability: return "\(share) available"
        case .latency(let max): return "\(share) within \(max / 1_000) ms"
        case .timeToFirstToken(let max): return "\(share) begin within \(max / 1_000) ms"
        }
    }
}
