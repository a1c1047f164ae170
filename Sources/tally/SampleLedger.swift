import Access
import Booking
import EventReading
import LedgerModel
import Logging

/// A week of synthetic requests, so that a new user has data to query.
enum SampleLedger {
    private static let requests = 4_000

    /// Fills the ledger `sample` once; an existing sample is left as it is.
    static func fill(in deployment: Deployment, logger: Logger) async throws {
        guard try await deployment.directory.find("sample") == nil else { return }
        let openLedger = try await deployment.createLedger("sample")
        let now = Timestamp.now
        var index = 0
        let report = try await openLedger.intake.take {
            guard index < requests else { return nil }
            defer { index += 1 }
            return ReadItem(
                index: index, line: nil, result: .success(request(index, before: now)))
        }
        logger.info("created a sample ledger", metadata: ["requests": "\(report.appended)"])
    }

    private struct App {
        let name: Name
        let team: Name
        let provider: Name
        let model: Name
        let input: Int64
        let output: Int64
    }

    private static let apps = [
        App(
            name: "support-chat", team: "care", provider: "openai", model: "gpt-4o", input: 2_400,
            output: 380),
        App(
            name: "search", team: "growth", provider: "openai", model: "gpt-4o-mini", input: 900,
            output: 120),
        App(
            name: "code-review", team: "platform", provider: "anthropic",
            model: "claude-sonnet-4-5", input: 11_000, output: 1_600),
        App(
            name: "summaries", team: "growth", provider: "google", model: "gemini-2.5-flash",
            input: 6_000, output: 500),
        App(
            name: "lab", team: "research", provider: "in-house", model: "prototype-7b",
            input: 1_500, output: 700),
    ]

    /// Request `index` of the week before `now`; the same index gives the same shape.
    private static func request(_ index: Int, before now: Timestamp) -> Event {
        var random = Shuffle(state: UInt64(index) &+ 1)
        let app = apps[Int(random.next() % 100).sampleApp]
        let week = 7 * Timestamp.dayMicroseconds
        let age = week / Int64(requests) * Int64(requests - index)
        let time = now.advanced(byMicroseconds: -age)
        let isFailed = random.next() % 60 == 0
        var event = Event(
            id: EventID(at: time, entropy: (random.next(), random.next())),
            kind: isFailed ? .requestFailed : .requestCompleted, occurredAt: time)
        event.dimensions = [
            .app: app.name, .team: app.team, .environment: "production",
            .provider: app.provider, .model: app.model, .operation: "chat",
            .user: Name("user-\(random.next() % 40)"),
        ]
        event.status = isFailed ? 529 : 200
        event.latency = Int64(400_000 + random.next() % 4_000_000)
        if isFailed { return event }
        let input = app.input / 2 + Int64(random.next() % UInt64(app.input))
        event.usage = [
            .inputTokens: input, .cacheReadInputTokens: input * Int64(random.next() % 60) / 100,
            .outputTokens: app.output / 2 + Int64(random.next() % UInt64(app.output)),
        ]
        event.timeToFirstToken = Int64(150_000 + random.next() % 400_000)
        return event
    }

    /// SplitMix64: a sample needs to be mixed, not random.
    private struct Shuffle: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
    }
}

extension Int {
    /// Of a hundred requests, 40 go to the first app, 30 to the second, 12, 13 and 5 to the rest.
    fileprivate var sampleApp: Int {
        self < 40 ? 0 : self < 70 ? 1 : self < 82 ? 2 : self < 95 ? 3 : 4
    }
}
