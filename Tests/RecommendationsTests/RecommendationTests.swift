import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import Pricing
import ReadModels
import Recommendations
import StoreTesting
import Testing

@Suite("Recommendations", .timeLimit(.minutes(3)))
struct RecommendationTests {
    private static let book = """
        tally_prices: 1
        name: acme
        providers:
          acme:
            models:
              cached: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
              stepped:
                {input_mtok: {0: 3, 10000: 6}, cache_read_mtok: {0: 1, 10000: 2}, output_mtok: 1}
              plain: {input_mtok: 3, output_mtok: 15}

        """
    private static let day = Timestamp(year: 2026, month: 11, day: 10)

    /// A ledger, and a source of requests and prompts.
    private struct Traffic {
        let pool: Pool
        let ledger: PostgresLedger
        var random = RandomEvents(seed: 3)

        /// Requests of an app on a day, each with this input.
        mutating func requests(
            _ count: Int, _ app: Name, _ model: Name, on day: Timestamp, input: Int64,
            cacheRead: Int64?
        ) async throws {
            var batch = EntryBatch(for: ledger.id)
            var encoder = EntryEncoder()
            for index in 0..<count {
                let time = day.advanced(byMicroseconds: Int64(index))
                var event = Event(
                    id: EventID(at: time, entropy: (random.random.next(), random.random.next())),
                    kind: .requestCompleted, occurredAt: time)
                event.dimensions = [.app: app, .provider: "acme", .model: model]
                event.usage = [.inputTokens: input, .outputTokens: 10]
                event.usage[.cacheReadInputTokens] = cacheRead
                try batch.add(event, using: &encoder)
            }
            _ = try await ledger.append(batch)
        }

        /// Prompts of an app on a day, with the end of their prefix.
        mutating func prompts(
            _ count: Int, _ app: Name, _ model: Name, on day: Timestamp, tokens: Int64,
            _ facts: [(key: Name, value: Name)]
        ) async throws {
            var batch = EntryBatch(for: ledger.id)
            var encoder = EntryEncoder()
            for index in 0..<count {
                let time = day.advanced(byMicroseconds: Int64(index))
                var counts = PromptOptimization()
                (counts.tokensBefore, counts.tokensAfter) = (tokens, tokens)
                let event = Event(
                    optimized: counts,
                    id: EventID(at: time, entropy: (random.random.next(), random.random.next())),
                    at: time, dimensions: [.app: app, .provider: "acme", .model: model],
                    detail: try Labels(facts))
                try batch.add(event, using: &encoder)
            }
            _ = try await ledger.append(batch)
        }

        func ask(days: Int64 = 1) async throws -> RecommendationAnswer {
            try await ProjectionRunner(pool: pool).catchUp()
            let end = RecommendationTests.day.advanced(byMicroseconds: Timestamp.dayMicroseconds)
            return try await RecommendationQuery(
                ledger: ledger.id,
                from: end.advanced(byMicroseconds: -days * Timestamp.dayMicroseconds), to: end
            ).run(
                on: pool, prices: PriceSchedule(try PriceFile.read(RecommendationTests.book)))
        }
    }

    private func withTraffic(_ body: (inout Traffic) async throws -> Void) async throws {
        try await TestLedger.with { fixture in
            var traffic = Traffic(pool: fixture.pool, ledger: fixture.ledger)
            try await body(&traffic)
        }
    }

    @Test("a prefix broken by a timestamp is priced by the two rates of the book")
    func brokenPrefix() async throws {
        try await withTraffic { traffic in
            let yesterday = Self.day.advanced(byMicroseconds: -Timestamp.dayMicroseconds)
            let facts: [(key: Name, value: Name)] = [
                ("prefix_tokens", "212"), ("prefix_break", "time"), ("prefix_possible", "8212"),
            ]
            for day in [yesterday, Self.day] {
                try await traffic.prompts(200, "search", "cached", on: day, tokens: 9_000, facts)
            }
            let found = try await traffic.ask(days: 7)
            #expect(found.position == 400)
            let first = try #require(found.recommendations.first)
            #expect(found.recommendations.count == 1 && first.kind == .brokenPrefix)
            // 8,000 tokens × 2.70 USD a million × 200 a day.
            #expect(first.costPerDay == .known(PicodollarSum(4_320_000_000_000)))
            #expect(
                first.sentence == "the cached prefix of app search, model cached is broken by a "
                    + "timestamp at token 212: costs $4.32 a day")
            #expect(first.evidence.first { $0.key == "days" }?.value == "2")
        }
    }

    @Test("a bound applies to the size of one request, not of a day")
    func bounds() async throws {
        try await withTraffic { traffic in
            try await traffic.prompts(
                50, "a", "stepped", on: Self.day, tokens: 9_000,
                [("prefix_tokens", "0"), ("prefix_break", "uuid"), ("prefix_possible", "9000")])
            let low = try await traffic.ask().recommendations
            #expect(low.map(\.costPerDay) == [.known(PicodollarSum(900_000_000_000))])
            #expect(low[0].finding.contains("broken by \"uuid\" at token 0"))
            try await traffic.prompts(
                50, "b", "stepped", on: Self.day, tokens: 11_000,
                [("prefix_tokens", "0"), ("prefix_break", "time"), ("prefix_possible", "9000")])
            let both = try await traffic.ask().recommendations
            #expect(both.map(\.costPerDay).first == .known(PicodollarSum(1_800_000_000_000)))
            #expect(both.map { $0.dimensions[.app] } == ["b", "a"], "the dearest first")
        }
    }

    @Test("a finding without a price or a measurement is listed as unknown, never as zero")
    func unknown() async throws {
        try await withTraffic { traffic in
            let broken: [(key: Name, value: Name)] = [
                ("prefix_tokens", "10"), ("prefix_break", "time"),
            ]
            let whole = broken + [("prefix_possible", "5000")]
            try await traffic.prompts(5, "a", "cached", on: Self.day, tokens: 9_000, broken)
            try await traffic.prompts(5, "b", "other", on: Self.day, tokens: 9_000, whole)
            try await traffic.prompts(5, "c", "plain", on: Self.day, tokens: 9_000, whole)
            // Not a finding: a question ends the prefix, nothing could be gained, or it is not a
            // number.
            for facts: [(key: Name, value: Name)] in [
                [("prefix_tokens", "10"), ("prefix_break", "question"), ("prefix_possible", "99")],
                [("prefix_tokens", "10"), ("prefix_break", "time"), ("prefix_possible", "10")],
                [("prefix_tokens", "ten"), ("prefix_break", "time")],
            ] {
                try await traffic.prompts(5, "d", "cached", on: Self.day, tokens: 9_000, facts)
            }
            let found = try await traffic.ask().recommendations
            let reasons = Dictionary(
                uniqueKeysWithValues: found.map { ($0.dimensions[.app], $0.costPerDay) })
            #expect(
                reasons == [
                    "a": .unknown("no event reports how long the prefix could be"),
                    "b": .unknown("no price for model other of acme"),
                    "c": .unknown("the price book has no rate for cached input of this model"),
                ])
            #expect(found[0].sentence.contains("cost unknown"))
        }
    }

    @Test("falling cache reads, and a shared prefix that is not cached, are found and priced")
    func shares() async throws {
        try await withTraffic { traffic in
            let yesterday = Self.day.advanced(byMicroseconds: -Timestamp.dayMicroseconds)
            try await traffic.requests(
                150, "fell", "cached", on: yesterday, input: 1_000, cacheRead: 600)
            try await traffic.requests(
                150, "fell", "cached", on: Self.day, input: 1_000, cacheRead: 50)
            try await traffic.requests(
                150, "fine", "cached", on: yesterday, input: 1_000, cacheRead: 600)
            try await traffic.requests(
                150, "fine", "cached", on: Self.day, input: 1_000, cacheRead: 400)
            try await traffic.requests(
                200, "never", "cached", on: Self.day, input: 4_000, cacheRead: nil)
            try await traffic.prompts(
                5, "never", "cached", on: Self.day, tokens: 4_000, [("prefix_tokens", "3000")])
            try await traffic.requests(
                20, "rare", "cached", on: yesterday, input: 1_000, cacheRead: 600)
            try await traffic.requests(
                20, "rare", "cached", on: Self.day, input: 1_000, cacheRead: 0)
            let found = try await traffic.ask().recommendations
            #expect(found.map(\.kind) == [.cacheUnused, .cacheReadsDropped])
            // 200 × 3,000 × 2.70 USD a million, and 150 × 550 × 2.70.
            #expect(found[0].costPerDay == .known(PicodollarSum(1_620_000_000_000)))
            #expect(found[0].finding.contains("share their first 3000 tokens, but 0 % of input"))
            #expect(found[1].costPerDay == .known(PicodollarSum(222_750_000_000)))
            #expect(found[1].finding.contains("app fell, model cached fell from 60 % to 5 %"))
            #expect(found[1].sentence.hasSuffix("costs $0.22 a day"))
        }
    }
}
