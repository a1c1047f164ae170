import EventStore
import LedgerModel
import LedgerTesting
import Pricing
import Rendering
import Replay
import StoreTesting
import Testing

/// What another routing would have done to a ledger.
@Suite("Replaying routes")
struct RoutingReplayTests {
    private static let start = Timestamp(year: 2026, month: 10, day: 5)

    private static func request(
        after seconds: Double, at provider: Name = "dear", session: Name? = nil, app: Name = "a",
        input: Int64 = 1_000, cached: Int64? = nil, output: Int64 = 100, latency: Int64 = 1_000
    ) -> Event {
        var event = event(.requestCompleted, after: seconds, at: provider)
        event.dimensions[.app] = app
        event.dimensions[.session] = session
        event.usage = [.inputTokens: input, .outputTokens: output]
        event.usage[.cacheReadInputTokens] = cached
        event.status = 200
        event.latency = latency * 1_000
        event.timeToFirstToken = latency * 100
        return event
    }

    private static func failure(
        after seconds: Double, at provider: Name = "dear", status: Int32 = 500
    ) -> Event {
        var event = event(.requestFailed, after: seconds, at: provider)
        event.dimensions[.app] = "a"
        event.status = status
        event.latency = 50_000
        return event
    }

    private static func event(
        _ kind: EventKind, after seconds: Double, at provider: Name
    ) -> Event {
        let time = start.advanced(byMicroseconds: Int64(seconds * 1e6))
        let id = uniqueID()
        var event = Event(
            id: EventID(at: time, entropy: (id.high, id.low)), kind: kind, occurredAt: time)
        event.dimensions[.provider] = provider
        event.dimensions[.model] = "model-0"
        return event
    }

    /// Per million tokens 2 and 10 dollars, or half of that.
    private static func book() throws -> PriceBook {
        try PriceFile.read(
            """
            tally_prices: 1
            name: two
            providers:
              dear:
                models:
                  model-0: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
              cheap:
                models:
                  model-0: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 5}
            """)
    }

    private func report(
        _ requests: [Event], _ route: String, by: [Grouping] = [.app]
    ) async throws -> RoutingReplayReport {
        try await TestLedger.with { fixture in
            let book = try Self.book()
            try await fixture.append(requests, under: book)
            var history = ReplayedHistory(
                ledger: fixture.ledger.id, pool: fixture.pool, prices: PriceSchedule(book))
            history.groupedBy = by
            let replay = try RoutingHistoryReplay(
                policy: "tally_gateway: 1\nroutes:\n  all: \(route)")
            let first = try await replay.run(on: history)
            let second = try await replay.run(on: history)
            #expect(first.json == second.json, "a replay can be repeated")
            return first
        }
    }

    @Test("an order of providers costs what their prices say, as slow as they are")
    func order() async throws {
        // Answers of the dear one take 1 to 100 ms, those of the cheap one three times as long.
        let requests = (1...100).map { number in
            Self.request(after: Double(number) * 10, latency: Int64(number))
        }
        let others = (1...100).map { number in
            Self.request(
                after: Double(number) * 10 + 5, at: "cheap", app: "b", latency: Int64(3 * number))
        }
        let report = try await report(requests + others, "{providers: [cheap, dear]}")
        #expect(report.total.requests == 200 && report.total.moved == 100)
        #expect(report.total.unpriced == 0 && report.total.failedNow == 0)
        // A request costs 3,000 millionths of a dollar at the dear one.
        #expect(report.total.costThen == PicodollarSum(450_000_000_000))
        #expect(report.total.costNow == PicodollarSum(300_000_000_000))
        let row = try #require(report.rows.first)
        #expect(row.values == ["a"] && row.sums.saved == PicodollarSum(150_000_000_000))
        let median = Double(try #require(row.sums.latencyNow(0.5)))
        #expect(abs(median / 150_000 - 1) < 0.15, "\(median)")
        let before = Double(try #require(row.sums.latencyThen(0.5)))
        #expect(abs(before / 50_000 - 1) < 0.1, "\(before)")
        let cheap = try #require(report.providers.first)
        #expect(cheap.provider == "cheap" && cheap.requestsThen == 100 && cheap.requestsNow == 200)
        let text = report.report.text()
        #expect(text.contains("100 of 200 requests would have been answered elsewhere"))
        #expect(text.contains("What is assumed"), "\(text)")
        #expect(report.json.contains("\"would_cost_usd\""))
    }

    @Test("without a route for them, requests stay where they were")
    func unchanged() async throws {
        let requests = (0..<20).map {
            Self.request(after: Double($0), at: $0 % 2 == 0 ? "dear" : "cheap")
        }
        let report = try await report(requests, "{for: {app: other}, providers: [cheap]}")
        #expect(report.total.moved == 0 && report.total.saved == .zero)
        #expect(report.total.latencyThen(0.5) == report.total.latencyNow(0.5))
    }

    @Test("the cheapest is asked where a route chooses by cost")
    func cost() async throws {
        let requests = [
            Self.request(after: 0), Self.request(after: 1, at: "cheap"), Self.request(after: 2),
        ]
        let report = try await report(requests, "{providers: [dear, cheap], choice: cost}")
        #expect(report.total.moved == 2)
        #expect(report.total.costNow == PicodollarSum(4_500_000_000))
    }

    @Test("what failed is answered by the next, at the mean of the model's answers")
    func fallback() async throws {
        let requests = [
            Self.request(after: 0), Self.request(after: 1, at: "cheap", input: 3_000),
            Self.failure(after: 2), Self.failure(after: 3, status: 400),
        ]
        let report = try await report(requests, "{providers: [dear, cheap]}")
        #expect(report.total.failedThen == 2 && report.total.failedNow == 1)
        #expect(report.total.rescued == 1, "a request at fault fails everywhere")
        // The rescued one uses 2,000 and 100 tokens, at the cheap one; its neighbour moves to the
        // dear one.
        #expect(report.total.costThen == PicodollarSum(6_500_000_000))
        #expect(
            report.total.costNow == PicodollarSum(3_000_000_000 + 7_000_000_000 + 2_500_000_000))
        #expect(report.providers.first { $0.provider == "dear" }?.failedNow == 2)
        let none = try await self.report(requests, "{providers: [dear]}")
        #expect(none.total.failedNow == 2 && none.total.rescued == 0)
    }

    @Test("during an outage that history shows, requests fall back")
    func outage() async throws {
        var requests = (0..<3).map { Self.failure(after: Double($0)) }
        requests.append(Self.request(after: 10, at: "cheap"))
        requests.append(Self.request(after: 11, at: "cheap"))
        requests.append(Self.request(after: 30))
        requests.append(Self.request(after: 40, at: "cheap"))
        let report = try await report(requests, "{providers: [dear, cheap], attempts: 2}")
        #expect(report.total.failedNow == 0 && report.total.rescued == 3)
        // Those at 10 and 11 s stay; the one at 40 s moves, since the dear one answers again.
        let dear = try #require(report.providers.first { $0.provider == "dear" })
        #expect(dear.requestsNow == 2 && dear.requestsThen == 4, "\(dear)")
        #expect(report.total.moved == 4)
    }

    @Test("sessions that are kept together find their prompts, those that are torn apart don't")
    func affinity() async throws {
        // History sent each session's calls to both providers in turn, and found nothing.
        let torn = (0..<40).map { number in
            Self.request(
                after: Double(number), at: number % 4 < 2 ? "dear" : "cheap",
                session: Name("s-\(number % 2)"), input: 4_096, cached: 0)
        }
        let kept = try await report(torn, "{providers: [dear, cheap], choice: load}")
        #expect(kept.total.cachedThen == 0)
        // All but the first call of each session find the input of the one before.
        #expect(kept.total.cachedNow == 38 * 4_096)
        #expect(kept.total.costNow < kept.total.costThen)
        // History kept them together, and a route without affinity would not have.
        let whole = (0..<40).map { number in
            let session = number / 2 % 2
            return Self.request(
                after: Double(number), at: session == 0 ? "dear" : "cheap",
                session: Name("s-\(session)"), input: 4_096,
                cached: [0, 2].contains(number) ? 0 : 4_096)
        }
        let spread = try await report(
            whole, "{providers: [dear, cheap], choice: load, affinity: off}")
        #expect(spread.total.cachedThen == 38 * 4_096)
        #expect(spread.total.cachedNow < 30 * 4_096, "\(spread.total.cachedNow)")
    }

    @Test("what is at batch prices stays where it was")
    func batches() async throws {
        var request = Self.request(after: 0)
        request.dimensions[.serviceTier] = "batch"
        let report = try await report([request, Self.request(after: 1)], "{providers: [cheap]}")
        #expect(report.total.moved == 1)
    }

    @Test("a policy is refused with its place")
    func refusal() {
        let error = #expect(throws: PriceFileError.self) {
            try RoutingHistoryReplay(policy: "tally_gateway: 1\nroutes:\n  a: {order: x}")
        }
        #expect(error?.line == 3 && error?.column == 7)
    }
}
