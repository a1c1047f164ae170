import Glibc
import LedgerModel

/// The kinds of workloads for benchmarks.
package enum WorkloadKind: String, CaseIterable, Sendable {
    /// A few applications: many requests share a row of every read model.
    case narrow
    /// A company: 40 apps, 8 teams, 5 features, 20,000 users and 8 models over 110 days, so that few
    /// requests share a row.
    case wide
}

extension Workload {
    private static let wideModels: [(provider: Name, model: Name)] = [
        ("openai", "gpt-4o"), ("openai", "gpt-4o-mini"), ("anthropic", "claude-sonnet-4-5"),
        ("anthropic", "claude-haiku-4-5"), ("google", "gemini-2.5-pro"), ("openai", "gpt-5"),
        ("mistral", "mistral-large-latest"), ("openai", "text-embedding-3-small"),
    ]
    private static let wideApps = (0..<40).map { Name("app\($0)") }
    private static let wideTeams = (0..<8).map { Name("t\($0)") }
    private static let wideFeatures = (0..<5).map { Name("f\($0)") }
    private static let wideUsers = (0..<20_000).map { Name("u\($0)") }

    /// The days over which the requests are spread evenly, whatever their number.
    static let wideDays: Int64 = 110

    /// A request whose app and model are chosen by the square of a random number, and whose user by
    /// its cube, so that a few are common; tokens are exponential, times lognormal.
    mutating func wideRequest() -> Event {
        let number = advance()
        var event = Event(
            id: EventID(at: time, entropy: (random.next(), random.next())),
            kind: .requestCompleted, occurredAt: time)
        let (provider, model) = Self.wideModels[skewed(8, power: 2)]
        let app = skewed(40, power: 2)
        event.dimensions[.provider] = provider
        event.dimensions[.model] = model
        event.dimensions[.app] = Self.wideApps[app]
        event.dimensions[.team] = Self.wideTeams[app % 8]
        event.dimensions[.environment] = "production"
        event.dimensions[.feature] = Self.wideFeatures[number % 5]
        event.dimensions[.user] = Self.wideUsers[skewed(20_000, power: 3)]
        let tokens = Int64(exponential(mean: 1_500)) + 1
        let cached = random.unit() < 0.4 ? Int64(Double(tokens) * random.unit()) : 0
        event.usage = [
            .inputTokens: tokens, .cacheReadInputTokens: cached,
            .outputTokens: Int64(exponential(mean: 300)) + 1,
        ]
        // Tenths of a millisecond, as applications report them.
        event.latency = Int64(exp(6.5 + 0.6 * normal()) * 10) * 100
        event.timeToFirstToken = Int64(exp(5 + 0.5 * normal()) * 10) * 100
        event.status = 200
        return event
    }

    private mutating func skewed(_ count: Int, power: Double) -> Int {
        Int(pow(random.unit(), power) * Double(count))
    }

    private mutating func exponential(mean: Double) -> Double {
        -log(1 - random.unit()) * mean
    }

    /// A normally distributed number, by Box and Muller.
    private mutating func normal() -> Double {
        sqrt(-2 * log(1 - random.unit())) * cos(2 * .pi * random.unit())
    }
}
