import LedgerModel
import Pricing

extension Benchmarks {
    /// Rating requests under the built-in book, as ingest and replay do; no database.
    ///
    /// The limit is only the arithmetic: the same counts times the same rates, already in adjacent
    /// memory, added up and rounded. The rest is finding the model and arranging the rates, which a
    /// rater does once for each model and caches.
    package static func rating(
        _ options: Options, log: @Sendable (String) -> Void
    ) throws -> BenchmarkReport {
        log("rating: making requests")
        let requests = mixedRequests(options)
        let sums = try Sums(of: requests)
        var runs: [BenchmarkReport.Run] = []
        for number in 1...options.runs {
            log("rating: run \(number) of \(options.runs)")
            let rounds = (options.events + requests.count - 1) / requests.count
            var rater = Rater(.default)
            let start = ContinuousClock.now
            var total: Int128 = 0
            for _ in 0..<rounds { total += try rate(requests, &rater) }
            let taken = seconds(since: start)
            let limitStart = ContinuousClock.now
            var limitTotal: Int128 = 0
            for _ in 0..<rounds { limitTotal = sums.total(after: limitTotal) }
            let limitTaken = seconds(since: limitStart)
            guard total == limitTotal else {
                throw BenchmarkFailure("the rater says \(total), the plain sums \(limitTotal)")
            }
            let rated = rounds * requests.count
            runs.append(
                BenchmarkReport.Run(
                    events: Int64(rated), seconds: taken, limit: Double(rated) / limitTaken))
        }
        var report = BenchmarkReport(name: "rating", runs: runs)
        report.facts = [
            BenchmarkReport.Fact("ns_per_event", 1e9 / report.perSecond.median),
            BenchmarkReport.Fact("priced_share", sums.pricedShare),
        ]
        report.machine = Machine(postgresql: "not used", date: options.now.dayDescription)
        return report
    }

    private static func rate(_ requests: [MixedRequest], _ rater: inout Rater) throws -> Int128 {
        var total: Int128 = 0
        for request in requests {
            let rated = try ChargeRule.rate(
                request.usage, provider: request.provider, model: request.model,
                serviceTier: request.tier, region: nil, at: request.time, rater: &rater)
            if case .priced(let amount) = rated.rating { total += Int128(amount.amount) }
        }
        return total
    }

    /// The number of different requests, which are rated repeatedly until there are enough.
    private static let differentMax = 262_144

    private static func mixedRequests(_ options: Options) -> [MixedRequest] {
        let count = min(options.events, differentMax)
        var workload = Workload(options, count: count)
        var random = SplitMix(state: 2)
        return (0..<count).map { _ in MixedRequest(workload.request(), &random) }
    }
}

/// The facts of a request that determine its price.
private struct MixedRequest {
    var usage: Usage
    let provider: Name
    let model: Name
    let tier: Name?
    let time: Timestamp

    /// Models of many providers: dated names, prices with a bound at 200,000 tokens, models of
    /// another provider, and sometimes an unknown one.
    private static let models: [(provider: Name, model: Name)] = [
        ("openai", "gpt-4o-mini"), ("openai", "gpt-4o-2024-08-06"), ("openai", "gpt-5"),
        ("openai", "gpt-5-mini-2025-08-07"), ("openai", "text-embedding-3-small"),
        ("anthropic", "claude-sonnet-4-5-20250929"), ("anthropic", "claude-haiku-4-5"),
        ("anthropic", "claude-opus-4-1"), ("google", "gemini-2.5-flash"),
        ("google", "gemini-2.5-pro"), ("azure", "gpt-4o"), ("mistral", "mistral-large-latest"),
        ("deepseek", "deepseek-chat"), ("groq", "llama-3.3-70b-versatile"),
        ("openrouter", "openai/gpt-4o-mini"),
    ]

    /// Input and output from the trace; cache, reasoning and tiers at random.
    init(_ event: Event, _ random: inout SplitMix) {
        usage = event.usage
        time = event.occurredAt
        let input = usage.value(.inputTokens)
        let chance = random.next() % 1_000
        let isUnknown = chance < 5
        let choice = Self.models[Int(random.next() % UInt64(Self.models.count))]
        provider = choice.provider
        model = isUnknown ? "nobody-knows-1" : choice.model
        tier = chance < 900 ? nil : "batch"
        if usage.has(.cacheReadInputTokens), provider == "anthropic" {
            usage[.cacheWriteInputTokens] = input / 8
            usage[.cacheWriteOneHourInputTokens] = input / 16
        }
        if random.next() % 4 == 0 {
            usage[.reasoningOutputTokens] = usage.value(.outputTokens) / 2
        }
    }
}

/// The counts and rates of every request in adjacent memory, prepared for the arithmetic.
private struct Sums {
    private var counts: [Int64] = []
    private var rates: [Int128] = []
    /// The ends of the requests' pairs.
    private var ends: [Int] = []
    private let all: Int

    var pricedShare: Double { Double(ends.count) / Double(all) }

    init(of requests: [MixedRequest]) throws {
        all = requests.count
        for request in requests {
            let derivation = try PriceBook.default.derive(
                request.usage, provider: request.provider, model: request.model,
                serviceTier: request.tier, at: request.time)
            guard case .priced = derivation.rating else { continue }
            counts += derivation.lines.map(\.count)
            rates += derivation.lines.map(\.rate.ninths)
            ends.append(counts.count)
        }
    }

    /// The total, given the sum so far, so that the compiler cannot compute one round for all
    /// rounds.
    func total(after start: Int128) -> Int128 {
        var total = start
        var index = 0
        for end in ends {
            var sum: Int128 = 0
            while index < end {
                sum &+= Int128(counts[index]) &* rates[index]
                index += 1
            }
            total += dividedHalfEven(sum, by: Rate.ninthsPerPicodollar)
        }
        return total
    }
}
