import Batching
import Caching
import EventStore
import Foundation
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import Pricing
import Rendering
import Replay
import StoreTesting
import Testing

/// What a cache and a batcher would have done to a ledger.
@Suite("Replaying policies")
struct PolicyReplayTests {
    private static let start = Timestamp(year: 2026, month: 10, day: 5)

    private static func event(
        _ kind: EventKind, after seconds: Double, hash: String? = nil, app: Name? = nil
    ) -> Event {
        let time = start.advanced(byMicroseconds: Int64(seconds * 1e6))
        let id = uniqueID()
        var event = Event(
            id: EventID(at: time, entropy: (id.high, id.low)), kind: kind, occurredAt: time)
        event.requestHash = hash.map { Digest(hashing: $0.utf8) }
        event.dimensions[.app] = app
        return event
    }

    private static func request(
        after seconds: Double, hash: String? = nil, app: Name = "a", model: Name = "model-0",
        input: Int64 = 1_000, output: Int64 = 100
    ) -> Event {
        var event = event(.requestCompleted, after: seconds, hash: hash, app: app)
        event.dimensions[.provider] = "provider-0"
        event.dimensions[.model] = model
        event.usage = [.inputTokens: input, .outputTokens: output]
        return event
    }

    private static func detail(_ event: Event, _ pairs: [(Name, Name)]) throws -> Event {
        var event = event
        event.detail = try Labels(pairs.map { (key: $0.0, value: $0.1) })
        return event
    }

    /// Prices with a batch rate for one of two models.
    private static func book() throws -> PriceBook {
        try PriceFile.read(
            """
            tally_prices: 1
            name: halves
            providers:
              provider-0:
                tiers: {batch: 0.5}
                models:
                  model-0: {input_mtok: 2, output_mtok: 10}
              provider-1:
                models:
                  model-1: {input_mtok: 2, output_mtok: 10}
            """)
    }

    private func history(
        _ fixture: TestLedger, by: [Grouping] = [.app], prices: PriceSchedule = PriceSchedule()
    ) -> ReplayedHistory {
        var history = ReplayedHistory(
            ledger: fixture.ledger.id, pool: fixture.pool, prices: prices)
        history.groupedBy = by
        return history
    }

    // MARK: Caches

    @Test("hits are exact repetitions, saving what they were charged, adjustments included")
    func repetitions() async throws {
        try await TestLedger.with { fixture in
            let requests = [
                Self.request(after: 0, hash: "x"), Self.request(after: 10, hash: "x"),
                Self.request(after: 20, hash: "y"), Self.request(after: 30, hash: "x", app: "b"),
                Self.request(after: 40), Self.request(after: 4_000, hash: "x"),
            ]
            let charges = try await fixture.append(requests, under: try Self.book())
            var change = Self.event(.chargeAdjusted, after: 10)
            change.causeID = requests[1].id
            change.previousID = charges[1].id
            change.dimensions = requests[1].dimensions
            change.amount = Picodollars(-500_000_000)
            try await fixture.append(alone: change)
            let report = try await CacheHistoryReplay(policy: "ttl: 1h").run(on: history(fixture))
            let cost: Int128 = 3_000_000_000
            #expect(report.total.requests == 6 && report.total.withoutHash == 1)
            #expect(report.total.sums.hits == 2 && report.total.sums.expired == 1)
            #expect(report.total.sums.avoided == PicodollarSum(2 * cost - 500_000_000))
            #expect(report.rows.map(\.values) == [["b"], ["a"]] || report.rows.count == 2)
            let b = try #require(report.rows.first { $0.values == ["b"] })
            #expect(b.sums.hits == 1 && b.sums.avoided == PicodollarSum(cost))
            #expect(report.total.sums.tokensServed == 2_200 && report.estimatedBytes == 5)
            #expect(report.sizes.count == 5 && report.sizes.allSatisfy { $0.sums.hits == 2 })
            #expect(report.sizes.map(\.memory) == report.sizes.map(\.memory).sorted())
            for text in [report.report.text(), report.report.html] {
                #expect(text.contains("1 request without request_hash"), "\(text)")
                #expect(text.contains("2 of 5 requests would have hit"), "\(text)")
            }
            #expect(report.json.contains("\"hits\":2") && !report.isEstimate)
            #expect(report.limited(toRows: 1).rowsOmitted == 1)
        }
    }

    @Test("the replay is the live cache, hit for hit, when the policy is the live one")
    func live() async throws {
        try await TestLedger.with { fixture in
            var random = SeededGenerator(seed: testSeed())
            var events: [Event] = []
            let cache = try ResponseCache(capacity: 1 << 20)
            var hits: [Int64] = [0, 0]
            for index in 0..<4_000 {
                let number = min(
                    Int.random(in: 0..<600, using: &random), Int.random(in: 0..<600, using: &random)
                )
                let app = number % 2
                let request = Self.request(
                    after: Double(index) * 3, hash: "\(number)", app: app == 0 ? "a" : "b")
                let hash = try #require(request.requestHash)
                let key = CacheKey(hash.words[0], hash.words[1], hash.words[2], hash.words[3])
                let bytes = 1_000 + number * 17
                events.append(request)
                if cache.answer(for: key, check: .zero, at: request.occurredAt) != nil {
                    hits[app] += 1
                    continue
                }
                let seconds = TimeToLive.jittered(3_600, for: key)
                try cache.store(
                    CachedAnswer(
                        body: [UInt8](repeating: 0, count: bytes), check: .zero,
                        storedAt: request.occurredAt,
                        expiresAt: request.occurredAt.advanced(
                            byMicroseconds: Int64(seconds) * 1_000_000)),
                    for: key, cost: Picodollars(3_000_000_000))
                events.append(
                    try Self.detail(
                        Self.event(.cacheStored, after: Double(index) * 3, hash: "\(number)"),
                        [("bytes", Name("\(bytes)"))]))
            }
            // What is told late and out of order is put in the order of the times.
            events.shuffle(using: &random)
            try await fixture.append(events, under: try Self.book())
            let report = try await CacheHistoryReplay(
                policy: "{memory: 1 MiB, ttl: 1h, scope: ledger}"
            ).run(on: history(fixture))
            for (app, name) in ["a", "b"].enumerated() {
                let row = report.rows.first { $0.values == [Name(name)] }
                #expect(row?.sums.hits == hits[app], "\(name)")
            }
            #expect(report.total.sums.evicted == Int64(cache.counts.evicted))
            #expect(report.total.sums.expired == Int64(cache.counts.expired))
            #expect(report.late == 0 && report.estimatedBytes == 0 && !report.isEstimate)
        }
    }

    @Test("teams share answers only where the policy says so, and hits of a cache are requests")
    func scopes() async throws {
        try await TestLedger.with { fixture in
            var requests = (0..<3).map { Self.request(after: Double($0), hash: "x") }
            for (index, team) in ["red", "blue", "red"].enumerated() {
                requests[index].dimensions[.team] = Name(team)
            }
            try await fixture.append(requests, under: try Self.book())
            var hit = Self.event(.cacheHit, after: 5, hash: "x", app: "a")
            hit.dimensions[.team] = "blue"
            hit.usage = [.inputTokens: 1_000, .outputTokens: 100]
            var saving = Self.event(.savingRated, after: 5, app: "a")
            saving.causeID = hit.id
            saving.saved = Picodollars(7)
            try await fixture.append([(hit, saving)])
            func hits(_ policy: String) async throws -> CacheReplay.Sums {
                try await CacheHistoryReplay(policy: policy).run(on: history(fixture)).total.sums
            }
            let team = try await hits("scope: team")
            #expect(team.requests == 4 && team.hits == 2)
            #expect(team.avoided == PicodollarSum(3_000_000_007))
            #expect(try await hits("scope: ledger").hits == 3)
            #expect(try await hits("for: {app: other}").requests == 0)
        }
    }

    @Test("near-duplicates that a shadow found count from the policy's score on")
    func near() async throws {
        try await TestLedger.with { fixture in
            try await fixture.append([Self.request(after: 0, hash: "x")], under: try Self.book())
            try await fixture.append(
                alone: try Self.detail(
                    Self.event(.cacheMiss, after: 5, hash: "z"),
                    [
                        ("near_hash", Name(Digest(hashing: "x".utf8).description)),
                        ("near_score", "0.97"), ("reason", "absent"),
                    ]))
            try await fixture.append([Self.request(after: 6, hash: "z")], under: try Self.book())
            for (policy, hits) in [("near: 0.95", 1), ("near: 0.99", 0), ("ttl: 1d", 0)] {
                let report = try await CacheHistoryReplay(policy: policy)
                    .run(on: history(fixture))
                #expect(report.total.sums.nearHits == Int64(hits), "\(policy)")
            }
        }
    }

    @Test("the example of a cache is read")
    func example() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = try CachePolicyFile.read(
            try String(contentsOf: package.appending(path: "Examples/cache.yaml"), encoding: .utf8))
        #expect(file.memory == 256 << 20 && file.times.count == 2 && file.nearScore == 0.98)
        #expect(file.policy == .adaptive && file.scope == .team && file.secondsToLive == 86_400)
    }

    @Test(
        "what is wrong with a cache's policy is said where it stands",
        arguments: [
            ("memory: 1 KiB", 1, 9), ("policy: mru", 1, 9), ("ttl: 0s", 1, 6), ("sise: 3", 1, 1),
            ("ttls:\n  a: soon", 2, 6), ("scope: all", 1, 8), ("near: 2", 1, 7),
            ("for: {ap: x}", 1, 7),
        ])
    func policyErrors(_ text: String, line: Int, column: Int) throws {
        do {
            _ = try CacheHistoryReplay(policy: text)
            Issue.record("\(text) was taken")
        } catch let error as PriceFileError {
            #expect(error.line == line && error.column == column, "\(error)")
        }
    }

    // MARK: Batchers

    @Test("jobs take what may wait and has a batch rate, at the price of the time")
    func jobs() async throws {
        try await TestLedger.with { fixture in
            let book = try Self.book()
            var requests = (0..<10).map { Self.request(after: Double($0) * 600, app: "reports") }
            requests += (0..<3).map { Self.request(after: Double($0) * 60, app: "chat") }
            var other = Self.request(after: 50, app: "reports", model: "model-1")
            other.dimensions[.provider] = "provider-1"
            var done = Self.request(after: 70, app: "reports")
            done.dimensions[.serviceTier] = "batch"
            requests += [other, done]
            try await fixture.append(requests, under: book)
            let report = try await BatchingHistoryReplay(
                policy: "jobs: [{for: {app: reports}, window: 1h, size: 5}]"
            ).run(on: history(fixture, prices: PriceSchedule(book)))
            #expect(report.total.requests == 15 && report.total.mayWait == 11)
            #expect(report.total.withoutRate == 1 && report.total.alreadyBatch == 1)
            #expect(report.total.inJobs == 10)
            #expect(report.total.standard == PicodollarSum(30_000_000_000))
            #expect(report.total.savedByJobs == PicodollarSum(15_000_000_000))
            let job = try #require(report.jobs.first)
            #expect(report.jobs.count == 1 && job.rule == 1 && job.model == "model-0")
            // Two are full after forty minutes.
            #expect(job.jobs == 2 && job.largest == 5 && job.meanSize == 5)
            #expect(job.longestWaitSeconds == 2_400 && job.meanWaitSeconds == 1_200)
            #expect(report.rows.first?.values == ["reports"])
            let text = report.report.text()
            #expect(text.contains("10 of 15 requests would have gone through the batch API"))
            #expect(text.contains("no batch rate") && text.contains("24 hours"), "\(text)")
            #expect(report.json.contains("\"in_jobs\":10"))
        }
    }

    @Test("duplicates in flight cost nothing, and embeddings go together")
    func sharing() async throws {
        try await TestLedger.with { fixture in
            let book = try Self.book()
            var requests = [
                Self.request(after: 0, hash: "x"), Self.request(after: 1, hash: "x"),
                Self.request(after: 5, hash: "x"), Self.request(after: 1.5, hash: "y"),
            ]
            for index in requests.indices { requests[index].latency = 2_000_000 }
            requests += (0..<6).map { index in
                var request = Self.request(after: 100 + Double(index) * 0.004, app: "search")
                request.dimensions[.operation] = "embeddings"
                return request
            }
            requests.shuffle()
            try await fixture.append(requests, under: book)
            let report = try await BatchingHistoryReplay(
                policy: "lanes: {embeddings: {wait: 10ms}}"
            ).run(on: history(fixture, prices: PriceSchedule(book)))
            #expect(report.total.duplicates == 1)
            #expect(report.total.duplicateCost == PicodollarSum(3_000_000_000))
            #expect(report.total.embeddings == 6 && report.total.embeddingCalls == 2)
            #expect(report.total.saved == PicodollarSum(3_000_000_000))
        }
    }

    // MARK: Warming

    @Test("warming lists only what saves, and nothing without a cheaper way to fill")
    func warming() async throws {
        try await TestLedger.with { fixture in
            let book = try Self.book()
            // Asked for every ninety minutes, for eight days, by thirty keys.
            let requests = (0..<30).flatMap { key in
                (0..<128).map { turn in
                    Self.request(
                        after: Double(turn) * 5_400 + Double(key) * 60, hash: "key \(key)")
                }
            }.sorted { $0.occurredAt < $1.occurredAt }
            try await fixture.append(requests, under: book)
            let now = Self.start.advanced(byMicroseconds: 128 * 5_400 * 1_000_000)
            var wish = CacheWarming.Wish(budget: Picodollars(6_000_000_000))
            wish.secondsToLive = 7_200
            func plan(_ prices: PriceSchedule) async throws -> WarmingReport {
                try await CacheWarming(
                    ledger: fixture.ledger.id, pool: fixture.pool, prices: prices
                ).plan(wish, at: now)
            }
            let report = try await plan(PriceSchedule(book))
            #expect(report.requests == Int64(requests.count) && report.withoutHash == 0)
            #expect(!report.entries.isEmpty && report.plan.cost <= PicodollarSum(6_000_000_000))
            #expect(report.entries.allSatisfy { $0.planned.saving > .zero && $0.app == "a" })
            let known = Set((0..<30).map { Digest(hashing: "key \($0)".utf8) })
            #expect(report.entries.allSatisfy { known.contains($0.hash) })
            #expect(report.json.contains("\"request_hash\""))
            let dear = try await plan(PriceSchedule())
            #expect(dear.entries.isEmpty && dear.withoutBatchRate == Int64(requests.count))
        }
    }
}
