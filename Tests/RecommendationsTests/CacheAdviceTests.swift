import EventStore
import Foundation
import LedgerModel
import LedgerTesting
import Pricing
import ReadModels
import Recommendations
import StoreTesting
import Testing

@Suite("Advice on providers' prompt caches", .timeLimit(.minutes(3)))
struct CacheAdviceTests {
    private static let book = """
        tally_prices: 1
        name: test
        providers:
          anthropic:
            models:
              claude-opus-4-8:
                input_mtok: 5
                cache_read_mtok: 0.5
                cache_write_mtok: 6.25
                cache_write_1h_mtok: 10
                output_mtok: 25
          openai:
            models:
              gpt-5.4: {input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 15}

        """
    private static let day = Timestamp(year: 2026, month: 11, day: 10)

    private static func prices() throws -> PriceSchedule {
        PriceSchedule(try PriceFile.read(book))
    }

    // MARK: Money

    private func cell(
        _ model: Name, _ provider: Name, app: String? = "app", input: Int128, read: Int128,
        write: Int128 = 0, hour: Int128 = 0, missed: Int128 = 0
    ) -> PromptCacheCell {
        var use = PromptCacheUse()
        use.requests = 10
        use.input = input
        use.read = read
        use.write = write
        use.writeHour = hour
        use.missed = missed
        return PromptCacheCell(
            names: [app, nil, nil, nil, nil, nil, nil, nil],
            dimensions: [.provider: provider, .model: model], day: Self.day, turn: nil, use: use)
    }

    @Test("savings, premiums and what was missed are exact at the book's rates")
    func money() throws {
        let report = PromptCacheReport(
            [
                cell(
                    "claude-opus-4-8", "anthropic", input: 1_000_000, read: 700_000,
                    write: 100_000, hour: 50_000, missed: 80_000),
                cell("gpt-5.4", "openai", input: 1_000_000, read: 400_000),
                cell("nobody-knows", "openai", input: 1_000_000, read: 400_000),
            ], position: 3, prices: try Self.prices())
        let group = try #require(report.groups.first)
        #expect(report.groups.count == 1)
        #expect(group.use.input == 3_000_000)
        let money = try #require(group.money)
        // 0.15 × 5 + 0.7 × 0.5 + 0.1 × 6.25 + 0.05 × 10, and 0.6 × 2.5 + 0.4 × 0.25.
        #expect(money.cost == PicodollarSum(2_225_000_000_000 + 1_600_000_000_000))
        #expect(money.costWithoutCache == PicodollarSum(7_500_000_000_000))
        #expect(money.readSaving == PicodollarSum(3_150_000_000_000 + 900_000_000_000))
        #expect(money.writePremium == PicodollarSum(125_000_000_000 + 250_000_000_000))
        #expect(money.netSaving == PicodollarSum(3_675_000_000_000))
        #expect(money.missed == PicodollarSum(360_000_000_000))
        #expect(group.unpricedRequests == 10)
        #expect(group.unpriced != nil)
    }

    @Test("writes that nobody reads are a loss, and what has no price is unknown")
    func loss() throws {
        let report = PromptCacheReport(
            [
                cell("claude-opus-4-8", "anthropic", app: "a", input: 100, read: 0, write: 100),
                cell("unknown", "nobody", app: "b", input: 100, read: 0),
            ], position: 1, prices: try Self.prices())
        #expect(report.groups.map { $0.names[0] } == ["a", "b"])
        #expect(report.groups[0].money?.netSaving.amount == -125_000_000)
        #expect(report.groups[1].money == nil)
    }

    // MARK: Advice

    /// Turns of sessions, so many seconds apart.
    private func session(
        _ turns: Int, number: Int, _ provider: Name, _ model: Name, gap: Int64, at start: Timestamp,
        usage: (_ turn: Int) -> Usage
    ) -> [(event: Event, charge: Event?)] {
        (0..<turns).map { turn in
            let time = start.advanced(byMicroseconds: Int64(turn) * gap * 1_000_000)
            let id = ExternalID(source: "test", id: Name("\(number)/\(turn)"))
            var event = Event(id: id.eventID(at: time), kind: .requestCompleted, occurredAt: time)
            event.dimensions = [
                .app: "agents", .provider: provider, .model: model,
                .session: Name("session-\(number)"),
            ]
            event.usage = usage(turn)
            return (event, nil)
        }
    }

    private func advice(
        _ entries: [(event: Event, charge: Event?)]
    ) async throws -> [Recommendation] {
        try await TestLedger.with { test in
            try await test.append(entries)
            try await ProjectionRunner(pool: test.pool).catchUp()
            return try await RecommendationQuery(
                ledger: test.id, from: Self.day,
                to: Self.day.advanced(byMicroseconds: Timestamp.dayMicroseconds)
            ).run(on: test.pool, prices: try Self.prices()).recommendations
        }
    }

    private func sessions(
        _ provider: Name, _ model: Name, gap: Int64, count: Int = 20, turns: Int = 11,
        usage: (_ turn: Int) -> Usage
    ) -> [(event: Event, charge: Event?)] {
        (0..<count).flatMap { number in
            session(
                turns, number: number, provider, model, gap: gap,
                at: Self.day.advanced(byMicroseconds: Int64(number) * 60_000_000), usage: usage)
        }
    }

    private func number(_ key: String, of recommendation: Recommendation) -> String? {
        recommendation.evidence.first { $0.key == key }?.value
    }

    @Test("marks are advised where turns repeat long prompts, at what they would save and cost")
    func unmarked() async throws {
        let found = try await advice(
            sessions("anthropic", "claude-opus-4-8", gap: 60) {
                [.inputTokens: 10_000 + Int64($0) * 1_000]
            })
        let marks = try #require(found.first { $0.kind == .cacheNotMarked })
        #expect(found.count == 1)
        #expect(marks.remedy.contains("cache_control"))
        // Of 3,300,000 tokens 20 × (10,000 + … + 19,000) would be read and the rest written.
        #expect(number("readable_tokens", of: marks) == "2900000")
        #expect(number("would_be_written_tokens", of: marks) == "400000")
        #expect(number("saving_usd_per_day", of: marks) == "13.05")
        #expect(number("price_usd_per_day", of: marks) == "0.5")
        #expect(marks.costPerDay == .known(PicodollarSum(12_550_000_000_000)))
        #expect(number("confidence", of: marks) == "low")
    }

    @Test("nothing is advised where prompts are too short to be cached, or all is well")
    func nothing() async throws {
        let short = try await advice(
            sessions("anthropic", "claude-opus-4-8", gap: 60) { _ in [.inputTokens: 500] })
        #expect(short.isEmpty)
        let well = try await advice(
            sessions("anthropic", "claude-opus-4-8", gap: 60) { turn in
                let input = 10_000 + Int64(turn) * 1_000
                return [
                    .inputTokens: input, .cacheReadInputTokens: turn == 0 ? 0 : input - 1_000,
                    .cacheWriteInputTokens: turn == 0 ? input : 1_000,
                ]
            })
        #expect(well.isEmpty)
    }

    @Test("an automatic cache that misses is advised to put what stays the same first")
    func automatic() async throws {
        let found = try await advice(
            sessions("openai", "gpt-5.4", gap: 60) {
                [.inputTokens: 10_000 + Int64($0) * 1_000, .cacheReadInputTokens: 0]
            })
        let missed = try #require(found.first { $0.kind == .cacheReadsMissed })
        #expect(missed.remedy.contains("prompt_cache_key"))
        // 2,900,000 × 2.25 USD a million.
        #expect(missed.costPerDay == .known(PicodollarSum(6_525_000_000_000)))
    }

    @Test("an hour's lifetime is advised where turns come later than five minutes, if it pays")
    func hour() async throws {
        let found = try await advice(
            sessions("anthropic", "claude-opus-4-8", gap: 600) { turn in
                let input = 10_000 + Int64(turn) * 1_000
                return [
                    .inputTokens: input, .cacheReadInputTokens: 0, .cacheWriteInputTokens: input,
                ]
            })
        let hour = try #require(found.first { $0.kind == .cacheTooShort })
        #expect(hour.remedy.contains("\"ttl\": \"1h\""))
        // 2,900,000 read instead of written; the other 400,000 written for an hour.
        #expect(number("saving_usd_per_day", of: hour) == "16.675")
        #expect(number("price_usd_per_day", of: hour) == "1.5")
        #expect(!found.contains { $0.kind == .cacheKeepWarm })
    }

    @Test("five minutes are advised where an hour is never needed")
    func shorter() async throws {
        let found = try await advice(
            sessions("anthropic", "claude-opus-4-8", gap: 60) { turn in
                let input = 10_000 + Int64(turn) * 1_000
                return [
                    .inputTokens: input, .cacheReadInputTokens: turn == 0 ? 0 : input - 1_000,
                    .cacheWriteOneHourInputTokens: turn == 0 ? input : 1_000,
                ]
            })
        let shorter = try #require(found.first { $0.kind == .cacheTooLong })
        // 400,000 written at 3.75 USD a million less.
        #expect(shorter.costPerDay == .known(PicodollarSum(1_500_000_000_000)))
    }

    // MARK: Real rounds

    @Test(
        "rounds of coding agents read nearly all of their input from the cache",
        .enabled(
            if: FileManager.default.fileExists(atPath: rounds.path()),
            "tracelab-rounds.jsonl is not in TALLY_TEST_DATA"))
    func realRounds() async throws {
        let text = try String(contentsOf: rounds, encoding: .utf8)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let entries = try text.split(separator: "\n").map { line in
            let round = try decoder.decode(Round.self, from: Data(line.utf8))
            return (event: round.event, charge: Event?.none)
        }
        try await TestLedger.with { test in
            try await test.append(entries)
            try await ProjectionRunner(pool: test.pool).catchUp()
            let query = PromptCacheQuery(
                ledger: test.id, by: [.provider], from: Timestamp(year: 2026, month: 1, day: 1),
                to: Timestamp(year: 2026, month: 12, day: 1))
            let report = try await PromptCacheReport.make(
                query, on: test.pool, prices: try Self.prices())
            for group in report.groups {
                let kept = group.use.readable - group.use.missed
                print(
                    "\(group.names[1] ?? ""): \(group.use.requests) rounds,",
                    "cached share \(group.use.share ?? 0),",
                    "\(kept) of \(group.use.readable) readable tokens read,",
                    "net saving \(group.money.map { "\($0.netSaving)" } ?? "unknown") USD of",
                    "\(group.money.map { "\($0.costWithoutCache)" } ?? "unknown")")
            }
            var all = PromptCacheUse()
            for group in report.groups { all += group.use }
            #expect(all.requests == Int64(entries.count))
            let share = try #require(all.share)
            #expect((0.90...0.99).contains(share))
            let claude = try #require(report.groups.first { $0.names[1] == "anthropic" })
            #expect((claude.use.share ?? 0) > 0.93)
            // Each round reads all that the one before had, but for the last blocks.
            #expect(claude.use.missed * 100 < claude.use.readable)
            #expect((claude.money?.netSaving.amount ?? 0) > 0)
        }
    }

    private struct Round: Decodable {
        let provider: String
        let sessionId: String
        let roundId: String
        let model: String
        let inputTokensTotal: Int64
        let prefixTokens: Int64
        let claudeCacheCreationInputTokens: Int64?
        let outputTokens: Int64?
        let timingEvents: [Timing]

        struct Timing: Decodable { let timestamp: String }

        var event: Event {
            let time =
                timingEvents.first.flatMap { Timestamp(rfc3339: $0.timestamp) } ?? .earliest
            let id = ExternalID(source: "tracelab", id: Name("\(sessionId)/\(roundId)"))
            var event = Event(id: id.eventID(at: time), kind: .requestCompleted, occurredAt: time)
            event.dimensions = [
                .provider: provider == "claude" ? "anthropic" : "openai", .model: Name(model),
                .session: Name(sessionId), .app: "agents",
            ]
            event.usage = [.inputTokens: inputTokensTotal, .cacheReadInputTokens: prefixTokens]
            event.usage[.cacheWriteInputTokens] = claudeCacheCreationInputTokens
            event.usage[.outputTokens] = outputTokens
            return event
        }
    }
}

private let rounds: URL = {
    let name = "tracelab-rounds.jsonl"
    if let path = ProcessInfo.processInfo.environment["TALLY_TEST_DATA"] {
        return URL(filePath: path).appending(path: name)
    }
    return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "../shared/data/\(name)")
}()
