import LedgerModel
import LedgerTesting
import Pricing
import Testing

@Suite("Allowances")
struct AllowanceMeterTests {
    private static let prices = """
        m: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 4}
        other: {input_mtok: 3, output_mtok: 9}
        """

    private static func book(_ allowances: String) throws -> PriceBook {
        try acme(prices).adopting(
            PriceFile.readTerms("tally_terms: 1\nallowances:\n" + allowances))
    }

    private func request(
        _ usage: Usage, model: Name = "m", at: String = "2026-06-01T10:00:00Z", id: UInt64 = 1
    ) throws -> Event {
        var event = Event(
            id: EventID(at: try time(at), entropy: (id, id)), kind: .requestCompleted,
            occurredAt: try time(at))
        event.dimensions = [.provider: "acme", .model: model]
        event.usage = usage
        return event
    }

    @Test("the first counts of a day are free, then they cost")
    func day() throws {
        var rater = Rater(try Self.book("- {name: a, units: input_tokens, free: 1500, per: day}"))
        var meter = AllowanceMeter()
        func net(_ count: Int64, _ at: String) throws -> String {
            let request = try request([.inputTokens: count, .outputTokens: 100], at: at)
            let price = try ChargeRule.meter(request, rater: &rater, meter: &meter)
            return try #require(price).net.description
        }
        #expect(try net(1_000, "2026-06-01T10:00:00Z") == "0.0004")
        #expect(try net(1_000, "2026-06-01T11:00:00Z") == "0.0009")
        #expect(try net(1_000, "2026-06-01T23:59:59Z") == "0.0014")
        #expect(try net(1_000, "2026-06-02T00:00:00Z") == "0.0004")
        // Recorded late: its own day has nothing left.
        #expect(try net(1_000, "2026-06-01T09:00:00Z") == "0.0014")
    }

    @Test("units share a pool in order, by the counts that each is charged for itself")
    func shared() throws {
        let book = try Self.book(
            "- {name: a, model: m, units: [output_tokens, input_tokens], free: 1000, per: month}")
        var rater = Rater(book)
        var meter = AllowanceMeter()
        let usage: Usage = [
            .inputTokens: 1_000, .cacheReadInputTokens: 400, .outputTokens: 700,
        ]
        let first = try #require(
            try ChargeRule.meter(request(usage), rater: &rater, meter: &meter))
        #expect(first.credits.map(\.unit) == [.outputTokens, .inputTokens])
        #expect(first.credits.map(\.count) == [700, 300])
        #expect(first.gross.description == "0.00344")
        #expect(first.net.description == "0.00034")
        #expect(first.adjustment.description == "-0.0031")
        let other = try #require(
            try ChargeRule.meter(request(usage, model: "other"), rater: &rater, meter: &meter))
        #expect(other.credits.isEmpty)
        #expect(other.net == other.gross)
    }

    @Test("what one allowance does not cover, the next one does")
    func two() throws {
        let book = try Self.book(
            """
            - {name: trial, units: input_tokens, free: 100, per: day, until: 2026-07-01}
            - {name: always, units: input_tokens, free: 50, per: day}
            """)
        var rater = Rater(book)
        var meter = AllowanceMeter()
        let june = try #require(
            try ChargeRule.meter(request([.inputTokens: 1_000]), rater: &rater, meter: &meter))
        #expect(june.credits.map(\.allowance) == ["trial", "always"])
        #expect(june.credits.map(\.count) == [100, 50])
        let july = try #require(
            try ChargeRule.meter(
                request([.inputTokens: 1_000], at: "2026-07-02"), rater: &rater, meter: &meter))
        #expect(july.credits.map(\.allowance) == ["always"])
    }

    @Test("unpriced requests use nothing, and uncharged ones are not metered")
    func unpriced() throws {
        var rater = Rater(try Self.book("- {name: a, units: input_tokens, free: 100, per: day}"))
        var meter = AllowanceMeter()
        var failed = try request([:])
        failed.kind = .requestFailed
        for event in [
            failed, try request([:]), try request([.inputTokens: 5, .images: 1]),
            try request([.inputTokens: 5], model: "unknown"),
        ] {
            #expect(try ChargeRule.meter(event, rater: &rater, meter: &meter) == nil)
        }
        #expect(meter.used.isEmpty)
    }

    @Test("counting continues under a book that grants more under the same name")
    func raised() throws {
        let (less, more) = (
            try Self.book("- {name: a, units: input_tokens, free: 100, per: day}"),
            try Self.book("- {name: a, units: input_tokens, free: 250, per: day}")
        )
        var schedule = PriceSchedule(less)
        schedule.publish(more, effectiveFrom: try time("2026-06-01T12:00:00Z"))
        var rater = Rater(schedule)
        var meter = AllowanceMeter()
        let counts = try ["10:00", "11:00", "12:00", "13:00"].map { clock in
            let price = try ChargeRule.meter(
                request([.inputTokens: 80], at: "2026-06-01T\(clock):00Z"), rater: &rater,
                meter: &meter)
            return price?.credits.reduce(0) { $0 + $1.count }
        }
        #expect(counts == [80, 20, 80, 70])
    }

    /// The metered prices of a list of requests, in order.
    private func fold(_ requests: [Event], under book: PriceBook) throws -> [MeteredPrice?] {
        var rater = Rater(book)
        var meter = AllowanceMeter()
        return try requests.map { try ChargeRule.meter($0, rater: &rater, meter: &meter) }
    }

    private func requests(_ random: inout SeededGenerator) throws -> [Event] {
        try (0..<random.count(1...40)).map { number in
            let input = random.count(0...900)
            let usage: Usage = [
                .inputTokens: input, .cacheReadInputTokens: random.count(0...input),
                .outputTokens: random.count(0...500),
            ]
            return try request(
                usage, model: random.bool() ? "m" : "other",
                at: "2026-06-0\(random.count(1...3))T1\(random.count(0...9)):00:00Z",
                id: UInt64(number))
        }
    }

    @Test("a pool is never overdrawn, and is used up before anything it covers is charged")
    func conserved() throws {
        let free: Int64 = 1_000
        let book = try Self.book(
            "- {name: a, units: [input_tokens, output_tokens], free: \(free), per: day}")
        try forSeeds { random in
            let requests = try requests(&random)
            let prices = try fold(requests, under: book)
            var used: [String: Int64] = [:]
            var wanted: [String: Int64] = [:]
            for (request, price) in zip(requests, prices) {
                let day = request.occurredAt.dayDescription
                let usage = request.usage
                // `other` has no rate for cached tokens: they are part of its input.
                let cached =
                    request.dimensions[.model] == "m" ? usage.value(.cacheReadInputTokens) : 0
                wanted[day, default: 0] +=
                    usage.value(.inputTokens) - cached + usage.value(.outputTokens)
                used[day, default: 0] += price?.credits.reduce(0) { $0 + $1.count } ?? 0
            }
            #expect(used == wanted.mapValues { min($0, free) }, "\(random)")
        }
    }

    @Test("a credit depends on nothing that is recorded later")
    func causal() throws {
        let book = try Self.book(
            """
            - {name: a, model: m, units: [input_tokens, output_tokens], free: 700, per: day}
            - {name: b, units: [output_tokens], free: 900, per: month}
            """)
        try forSeeds { random in
            let requests = try requests(&random)
            let all = try fold(requests, under: book)
            let count = Int(random.count(0...Int64(requests.count)))
            #expect(
                try fold(Array(requests.prefix(count)), under: book) == Array(all.prefix(count)),
                "\(random)")
        }
    }

    @Test("a stored and restored meter continues where it was")
    func resumed() throws {
        let book = try Self.book("- {name: a, units: [output_tokens], free: 700, per: month}")
        try forSeeds(100) { random in
            let requests = try requests(&random)
            let all = try fold(requests, under: book)
            var rater = Rater(book)
            var meter = AllowanceMeter()
            var resumed: [MeteredPrice?] = []
            for request in requests {
                if random.bool() { meter = AllowanceMeter(used: meter.used) }
                resumed.append(
                    try ChargeRule.meter(request, rater: &rater, meter: &meter))
            }
            #expect(resumed == all, "\(random)")
        }
    }

    @Test("the net price is that of the remaining counts, rounded once")
    func exact() throws {
        let book = try acme("m: {input_mtok: 0.1234567, output_mtok: 7.0000001}").adopting(
            PriceFile.readTerms(
                "tally_terms: 1\nallowances: "
                    + "[{name: a, units: [input_tokens], free: 333, per: day}]"))
        let plain = try book.adopting(TermsDraft(Terms()))
        try forSeeds { random in
            let input = random.count(0...1_000)
            let output = random.count(0...1_000)
            let metered = try fold(
                [request([.inputTokens: input, .outputTokens: output])], under: book)
            let left: Usage = [.inputTokens: max(0, input - 333), .outputTokens: output]
            let rating = try plain.rate(
                left, provider: "acme", model: "m", at: time("2026-06-01T10:00:00Z"))
            #expect(metered.first??.net.description == "\(rating.priced ?? .zero)", "\(random)")
        }
    }
}

extension Rating {
    fileprivate var priced: Picodollars? {
        if case .priced(let amount) = self { amount } else { nil }
    }
}
