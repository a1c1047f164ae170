import LedgerModel
import LedgerTesting
import Resilience
import Routing
import Testing

/// Limits on what comes in a minute, against a bucket that is filled as anybody would.
@Suite("Rate limits")
struct LimitsRateTests {
    /// What is left, in parts of one: as many as one counts for.
    private struct NaiveBucket {
        let limit: RateLimit
        var left: Int128
        var at = Moment(microseconds: 0)

        static let one: Int128 = 60_000_000

        init(_ limit: RateLimit) {
            self.limit = limit
            left = Int128(limit.burst) * Self.one
        }

        mutating func refill(at now: Moment) {
            let gained = Int128(now.microseconds(since: at)) * Int128(limit.perMinute)
            left = min(left + gained, Int128(limit.burst) * Self.one)
            at = now
        }

        func fits(_ amount: Int64) -> Bool {
            left >= Int128(min(amount, limit.burst)) * Self.one
        }

        mutating func take(_ amount: Int64) {
            left = min(left - Int128(amount) * Self.one, Int128(limit.burst) * Self.one)
        }
    }

    @Test("a limit decides as a bucket that is filled evenly, whatever comes and is taken back")
    func naive() {
        var chance = SeededGenerator(seed: testSeed())
        for _ in 0..<200 {
            let limit = RateLimit(
                perMinute: Int64.random(in: 1...1_000_000, using: &chance),
                burst: [nil, 0, 0.01, 1, 3].randomElement(using: &chance) ?? nil)
            var (bucket, naive) = (RateBucket(), NaiveBucket(limit))
            var now = Moment(microseconds: 0)
            for _ in 0..<200 {
                now = now.advanced(
                    byMicroseconds: Int64.random(in: 0...20_000_000, using: &chance))
                naive.refill(at: now)
                let amount = Int64.random(in: 0...(2 * limit.burst), using: &chance)
                let wait = bucket.wait(for: amount, under: limit, at: now)
                #expect((wait == nil) == naive.fits(amount))
                #expect(
                    bucket.remaining(under: limit, at: now)
                        == Int64(max(naive.left, 0) / NaiveBucket.one))
                if let wait {
                    let then = now.advanced(by: wait)
                    #expect(bucket.wait(for: amount, under: limit, at: then) == nil)
                    let before = then.advanced(byMicroseconds: -1)
                    #expect(bucket.wait(for: amount, under: limit, at: before) != nil)
                } else {
                    bucket.count(amount, under: limit, at: now)
                    naive.take(amount)
                }
                if Bool.random(using: &chance) {
                    let correction = Int64.random(in: (-amount)...amount, using: &chance)
                    bucket.count(correction, under: limit, at: now)
                    naive.take(correction)
                }
                #expect(
                    (bucket.untilEmpty(under: limit, at: now) == .zero)
                        == (naive.left == Int128(limit.burst) * NaiveBucket.one))
            }
        }
    }

    @Test("in no time more is let in than the burst and what came free meanwhile")
    func bound() {
        var chance = SeededGenerator(seed: testSeed())
        let limit = RateLimit(perMinute: 7, burst: 0.5)
        #expect(limit.burst == 4)
        var bucket = RateBucket()
        var admitted: [Moment] = []
        var now = Moment(microseconds: 0)
        while now.microseconds < 3_600_000_000 {
            if bucket.wait(for: 1, under: limit, at: now) == nil {
                bucket.count(1, under: limit, at: now)
                admitted.append(now)
            }
            now = now.advanced(byMicroseconds: Int64.random(in: 1...3_000_000, using: &chance))
        }
        for (first, start) in admitted.enumerated() {
            for last in first..<admitted.count {
                let time = Int128(admitted[last].microseconds(since: start))
                let most = 4 + Int64(time * 7 / 60_000_000)
                #expect(Int64(last - first + 1) <= most)
            }
        }
        #expect(admitted.count > 400)
    }

    @Test("a limit of 7 a minute lets exactly 7 a minute in, after a year too")
    func exact() throws {
        let limit = RateLimit(perMinute: 7, burst: 0)
        var bucket = RateBucket()
        let start = Moment(microseconds: 365 * 86_400_000_000 + 1)
        var now = start
        for _ in 0..<7_000 {
            bucket.count(1, under: limit, at: now)
            now = now.advanced(by: try #require(bucket.wait(for: 1, under: limit, at: now)))
        }
        // Each of the thousand minutes; waits are rounded up to a microsecond.
        let over = now.microseconds(since: start) - 1_000 * 60_000_000
        #expect((0...7_000).contains(over))
    }

    @Test("a request larger than the burst gets in once nothing is used, and is made up for")
    func large() {
        let limit = RateLimit(perMinute: 6_000, burst: nil)
        #expect(limit.burst == 1_000)
        var bucket = RateBucket()
        let now = Moment(microseconds: 5)
        #expect(bucket.wait(for: 3_000, under: limit, at: now) == nil)
        bucket.count(3_000, under: limit, at: now)
        #expect(bucket.remaining(under: limit, at: now) == 0)
        #expect(bucket.wait(for: 1, under: limit, at: now) == .microseconds(20_010_000))
        #expect(bucket.untilEmpty(under: limit, at: now) == .seconds(30))
    }

    @Test("who invents names does not make the table forget a large debt")
    func eviction() {
        let limit = RateLimit(perMinute: 60, burst: 1)
        var table = BucketTable<Int>(requests: limit, tokens: nil, slotsMax: 16)
        let now = Moment(microseconds: 0)
        for _ in 0..<60 { table.count(-1, requests: 1, tokens: 0, at: now) }
        for name in 0..<10_000 { table.count(name, requests: 1, tokens: 0, at: now) }
        #expect(table.count == 16)
        #expect(table.wait(for: -1, tokens: 0, at: now)?.time == .seconds(1))
        let later = now.advanced(by: .seconds(61))
        for name in 0..<32 { table.count(name, requests: 1, tokens: 0, at: later) }
        #expect(table.count == 16)
    }

    // MARK: All limits of a policy

    private func limit(
        _ name: Name, per group: LimitPolicy.Group?, requests: Int64? = nil, tokens: Int64? = nil
    ) -> LimitPolicy {
        var limit = LimitPolicy(name: name)
        limit.per = group
        limit.requestsPerMinute = requests
        limit.tokensPerMinute = tokens
        limit.burst = 1
        return limit
    }

    private func request(
        ledger: Int64 = 1, team: Name? = nil, user: Name? = nil, tokens: Int64 = 10
    ) -> RoutedRequest {
        var dimensions = Dimensions()
        dimensions[.team] = team
        dimensions[.user] = user
        var request = RoutedRequest(
            ledger: LedgerID(ledger), path: "/v1/chat/completions", isAnthropic: false,
            model: "gpt-4o-mini", dimensions: dimensions)
        request.tokens = tokens
        return request
    }

    private let start = Moment(microseconds: 1_000_000)

    @Test("each group of a ledger has what the limit gives")
    func groups() throws {
        var book = LimitBook([limit("teams", per: .team, requests: 2)])
        for team: Name in ["a", "b"] {
            for ledger: Int64 in [1, 2] {
                for left: Int64 in [1, 0] {
                    let (_, standings) = try book.admit(
                        request(ledger: ledger, team: team), at: start)
                    #expect(standings.map(\.remaining) == [left])
                }
                #expect(throws: LimitBook.Denial.self) {
                    try book.admit(request(ledger: ledger, team: team), at: start)
                }
            }
        }
        for _ in 0..<5 {
            #expect(try book.admit(request(), at: start).standings.isEmpty)
        }
    }

    @Test("of several limits that deny, the longest says when, and none counts what is denied")
    func several() throws {
        var book = LimitBook([
            limit("slow", per: nil, requests: 1), limit("fast", per: .team, requests: 2),
            limit("words", per: .ledger, tokens: 60),
        ])
        _ = try book.admit(request(team: "a", tokens: 60), at: start)
        for _ in 0..<3 {
            let denial = #expect(throws: LimitBook.Denial.self) {
                try book.admit(request(team: "a", tokens: 30), at: start)
            }
            #expect(denial?.standing.limit == "slow" && denial?.retryAfter == .seconds(60))
        }
        let later = start.advanced(by: .seconds(60))
        let (_, standings) = try book.admit(request(team: "a", tokens: 60), at: later)
        #expect(standings.map(\.remaining) == [0, 1, 0])
    }

    @Test("tokens that were not used are given back, and those above are counted")
    func correction() throws {
        var book = LimitBook([limit("words", per: .user, tokens: 600)])
        let counted = try book.admit(request(user: "u", tokens: 500), at: start).counted
        book.correct(counted, tokens: 100, at: start)
        let more = try book.admit(request(user: "u", tokens: 500), at: start)
        #expect(more.standings.map(\.remaining) == [0])
        book.correct(more.counted, tokens: 560, at: start)
        let denial = #expect(throws: LimitBook.Denial.self) {
            try book.admit(request(user: "u", tokens: 0), at: start)
        }
        // 60 above the limit, at ten a second.
        #expect(denial == nil || denial?.retryAfter == .seconds(6))
    }

    @Test("a limit of providers counts calls, whoever is let in")
    func providers() throws {
        var special = limit("one", per: nil, requests: 1)
        special.filter.dimensions[.provider] = ["azure"]
        var book = LimitBook([limit("calls", per: .provider, requests: 2), special])
        for _ in 0..<5 { #expect(try book.admit(request(), at: start).counted.isEmpty) }
        book.countCall(for: request(), provider: "openai", at: start)
        #expect(book.wait(for: request(), provider: "openai", at: start) == nil)
        book.countCall(for: request(), provider: "openai", at: start)
        #expect(book.wait(for: request(), provider: "openai", at: start) == .seconds(30))
        #expect(book.wait(for: request(), provider: "azure", at: start) == nil)
        book.countCall(for: request(), provider: "azure", at: start)
        #expect(book.wait(for: request(), provider: "azure", at: start) == .seconds(60))
    }
}
