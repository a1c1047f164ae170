import Alerting
import LedgerModel
import LedgerTesting
import Pricing
import ReadModels
import StoreTesting
import Testing

@Suite("The cached share of input", .timeLimit(.minutes(5)))
struct CachedShareTests {
    private static let start = Timestamp(year: 2026, month: 6, day: 1)
    private static let hour = Timestamp.hourMicroseconds

    private static func rates(_ dimensions: Dimensions, _ input: Int64) -> CacheRates? {
        guard let input = try? Rate(price: "5", per: 1_000_000),
            let read = try? Rate(price: "0.5", per: 1_000_000),
            let write = try? Rate(price: "6.25", per: 1_000_000),
            let hour = try? Rate(price: "10", per: 1_000_000)
        else { return nil }
        return CacheRates(input: input, read: read, write: write, writeHour: hour)
    }

    /// What is found fourteen days later, four hours after something went wrong at nine.
    private func findings(
        _ fault: AgentTraffic.Fault, seed: UInt64, turnsMean: Double = 12, sessions: Int = 20,
        withSessions: Bool = true
    ) -> [CachedShareWatch.Finding] {
        var traffic = AgentTraffic(seed: seed)
        traffic.turnsMean = turnsMean
        var history = CellHistory(start: Self.start, namesSessions: withSessions)
        for hour in 0..<(14 * 24 + 14) {
            let isDay = (8..<19).contains(hour % 24)
            history.add(
                traffic.sessions(
                    isDay ? sessions : sessions / 5,
                    from: Self.start.advanced(byMicroseconds: Int64(hour) * Self.hour),
                    hour >= 14 * 24 + 9 ? fault : .none))
        }
        return history.look(atHour: 14 * 24 + 13, CachedShareLimits(), Self.rates)
    }

    private struct Case: Sendable {
        let fault: AgentTraffic.Fault
        let causes: [CacheDropCause]
        var turnsMean = 12.0
        var sessions = 20
    }

    private static let cases = [
        // Where sessions are short, first turns are most of the input.
        Case(fault: .promptStart, causes: [.promptStart], turnsMean: 3, sessions: 80),
        Case(fault: .promptStartEachTime, causes: [.promptStartEachTime]),
        Case(fault: .newModel, causes: [.model("opus-next")]),
        Case(fault: .ways, causes: [.balancer(.ways)]),
        Case(fault: .alternation, causes: [.balancer(.alternation)]),
        Case(fault: .pauses, causes: [.timeToLive]),
        Case(fault: .unmarked, causes: [.unmarked]),
    ]

    @Test("each cause is named, with up to three facts", arguments: cases.indices)
    func causes(_ index: Int) throws {
        let wanted = Self.cases[index]
        for seed in 1_000..<1_002 {
            let findings = findings(
                wanted.fault, seed: UInt64(seed), turnsMean: wanted.turnsMean,
                sessions: wanted.sessions
            ).filter(\.isBreached)
            #expect(findings.count == 1, "\(wanted.fault), seed \(seed)")
            let finding = try #require(findings.first)
            let cause = try #require(finding.cause, "\(wanted.fault): \(finding.evidence)")
            #expect(wanted.causes.contains(cause), "seed \(seed): \(finding.evidence)")
            #expect((1...3).contains(finding.evidence.count))
            #expect(finding.share < finding.usual)
            #expect(finding.loss.amount > 1_000_000_000_000)
        }
    }

    @Test("no cause is named where turns don't tell one, and none without sessions")
    func noCause() {
        for seed in 2_000..<2_002 {
            let unseen = findings(.unseen, seed: UInt64(seed)).filter(\.isBreached)
            #expect(unseen.count == 1)
            #expect(unseen.allSatisfy { $0.cause == nil })
            let blind = findings(.promptStartEachTime, seed: UInt64(seed), withSessions: false)
                .filter(\.isBreached)
            #expect(blind.count == 1)
            #expect(blind.allSatisfy { $0.cause == nil })
            #expect(blind.first?.evidence.first?.contains("no session") == true)
        }
    }

    @Test("a fall that costs little, or of a young series, is no alert")
    func quiet() {
        let cheap = findings(.promptStartEachTime, seed: 3, sessions: 20).first
        #expect(cheap?.isBreached == true)
        var limits = CachedShareLimits()
        limits.lossMin = PicodollarSum(1_000_000_000_000_000)
        var history = CellHistory(start: Self.start, namesSessions: true)
        var traffic = AgentTraffic(seed: 3)
        for hour in 0..<(14 * 24) {
            history.add(
                traffic.sessions(
                    10, from: Self.start.advanced(byMicroseconds: Int64(hour) * Self.hour),
                    hour >= 13 * 24 + 18 ? .promptStartEachTime : .none))
        }
        let look = history.look(atHour: 14 * 24 - 1, limits, Self.rates)
        #expect(look.allSatisfy { !$0.isBreached })
        let young = history.look(atHour: 4, CachedShareLimits(), Self.rates)
        #expect(young.isEmpty)
    }

    @Test("noise raises at most one alarm a series and week")
    func noise() {
        var alarms = 0
        var weeks = 0
        for seed in 0..<3 {
            var traffic = AgentTraffic(seed: UInt64(seed))
            var history = CellHistory(start: Self.start, namesSessions: true)
            var random = SeededGenerator(seed: UInt64(seed) + 99)
            let scale = [3.0, 6, 12, 25][seed]
            for hour in 0..<(28 * 24) {
                let isDay = (8..<19).contains(hour % 24)
                let isWeekend = [5, 6].contains(hour / 24 % 7)
                let load =
                    scale * (isDay ? 1 : 0.15) * (isWeekend ? 0.2 : 1)
                    * Double.random(in: 0.4..<1.8, using: &random)
                history.add(
                    traffic.sessions(
                        Int(load.rounded()),
                        from: Self.start.advanced(byMicroseconds: Int64(hour) * Self.hour)))
            }
            var open: Set<Name?> = []
            for hour in (7 * 24)..<(28 * 24) {
                let found = history.look(atHour: hour, CachedShareLimits(), Self.rates)
                for finding in found where finding.isBreached && !open.contains(finding.model) {
                    open.insert(finding.model)
                    alarms += 1
                }
                open.formIntersection(found.map(\.model))
            }
            weeks += 3
        }
        print("cached share: \(alarms) alarms of noise in \(weeks) weeks of a series")
        #expect(alarms <= weeks)
    }

    @Test("a service raises it with its cause, and resolves it when the cache is back")
    func raised() async throws {
        try await TestLedger.with { test in
            var traffic = AgentTraffic(seed: 7)
            let noon = Self.start.advanced(byMicroseconds: 14 * 24 * Self.hour + 12 * Self.hour)
            for day in 0..<15 {
                for hour in 10..<12 {
                    let time = Self.start.advanced(
                        byMicroseconds: (Int64(day) * 24 + Int64(hour)) * Self.hour)
                    let requests = traffic.sessions(
                        20, from: time, day == 14 ? .promptStartEachTime : .none)
                    try await test.append(
                        requests.filter { $0.at < noon }
                            .map { ($0.event(app: "agents"), nil) })
                }
            }
            let rule = AlertRule("cached_share_drop", .cachedShare(CachedShareLimits()))
            var bench = try Bench(
                test, rules: [rule],
                clock: Bench.Clock(noon.advanced(byMicroseconds: -1_000_000)))
            bench.prices = PriceSchedule(
                try PriceFile.read(
                    """
                    tally_prices: 1
                    name: acme
                    providers:
                      acme:
                        models:
                          opus:
                            input_mtok: 5
                            cache_read_mtok: 0.5
                            cache_write_mtok: 6.25
                            output_mtok: 25

                    """))
            try await bench.look()
            let open = try await bench.service.list().alerts
            #expect(open.map(\.rule) == ["cached_share_drop"])
            let alert = try #require(open.first)
            #expect(alert.subject == "agents/acme/opus")
            #expect(alert.summary.contains("differs from request to request"))
            #expect(alert.contributors.count == 3)
            #expect(try await bench.count(.alertRaised) == 1)
            try await bench.look()
            #expect(try await bench.count(.alertRaised) == 1)
            bench.clock.advance(seconds: 4 * 3_600)
            try await bench.look()
            #expect(try await bench.count(.alertResolved) == 1)
        }
    }

    @Test("a rule is written with its points, its loss and its requests")
    func file() throws {
        let plan = try AlertFile.read(
            """
            tally_alerts: 1
            rules:
              cached_share_drop: {when: cached_share, percent: 20, loss_usd: 0.5, requests: 10}
            """)
        let rule = try #require(plan.rules.first { $0.name == "cached_share_drop" })
        var limits = CachedShareLimits()
        limits.pointsMin = 20
        limits.lossMin = PicodollarSum(500_000_000_000)
        limits.requestsMin = 10
        #expect(rule.condition == .cachedShare(limits))
        #expect(plan.rules.count { $0.name == "cached_share_drop" } == 1)
        #expect(throws: PriceFileError.self) {
            try AlertFile.read(
                """
                tally_alerts: 1
                rules:
                  cached_share_drop: {when: cached_share, loss_usd: -1}
                """)
        }
    }
}

/// Requests as cells of hours, folded plainly: what the read model is to say of them.
struct CellHistory {
    private let start: Timestamp
    private let namesSessions: Bool
    private var hours: [Int: [Key: PromptCacheUse]] = [:]
    private var last: [String: Last] = [:]

    private struct Key: Hashable {
        let dimensions: Dimensions
        let turn: Turn.Class?
    }

    private struct Last {
        let at: Int64
        let input: Int64
        let region: Name
        let wasLost: Bool
    }

    init(start: Timestamp, namesSessions: Bool) {
        self.start = start
        self.namesSessions = namesSessions
    }

    mutating func add(_ requests: [AgentTraffic.Request]) {
        for request in requests { add(request) }
    }

    private mutating func add(_ request: AgentTraffic.Request) {
        var use = PromptCacheUse()
        use.requests = 1
        use.input = Int128(request.input)
        use.read = Int128(request.read)
        use.write = Int128(request.write)
        let turn = namesSessions ? turn(of: request, &use) : nil
        let hour = Int((request.at.microseconds - start.microseconds) / Timestamp.hourMicroseconds)
        let key = Key(
            dimensions: [
                .app: "agents", .provider: "acme", .model: request.model, .region: request.region,
            ], turn: turn)
        hours[hour, default: [:]][key, default: PromptCacheUse()] += use
    }

    private mutating func turn(
        of request: AgentTraffic.Request, _ use: inout PromptCacheUse
    ) -> Turn.Class {
        let key = "\(request.session) \(request.model)"
        var (kind, isLost) = (Turn.Class.first, false)
        if let before = last[key] {
            let seconds = (request.at.microseconds - before.at) / 1_000_000
            kind =
                seconds > 3_600
                ? .later
                : seconds > 300
                    ? .withinHour : before.region == request.region ? .within5Minutes : .moved
            let readable = min(before.input, request.input)
            use.readable = Int128(readable)
            use.missed = Int128(max(0, readable - request.read))
            isLost = request.read * 2 < readable
            use.lostTurns = isLost ? 1 : 0
            use.recoveredTurns = before.wasLost && request.read * 4 >= readable * 3 ? 1 : 0
        }
        last[key] = Last(
            at: request.at.microseconds, input: request.input, region: request.region,
            wasLost: isLost)
        return kind
    }

    /// What is found at the end of an hour.
    func look(
        atHour hour: Int, _ limits: CachedShareLimits,
        _ rates: (Dimensions, Int64) -> CacheRates?
    ) -> [CachedShareWatch.Finding] {
        let now = start.advanced(byMicroseconds: Int64(hour + 1) * Timestamp.hourMicroseconds - 1)
        let watch = CachedShareWatch(limits, at: now)
        var cells: [PromptCacheCell] = []
        for (number, times) in watch.times.all.enumerated() {
            var uses: [Key: PromptCacheUse] = [:]
            for time in times {
                let hour = Int(
                    (time.microseconds - start.microseconds) / Timestamp.hourMicroseconds)
                for (key, use) in hours[hour] ?? [:] {
                    uses[key, default: PromptCacheUse()] += use
                }
            }
            let place = Timestamp(microseconds: Int64(number) * Timestamp.dayMicroseconds)
            cells += uses.map {
                PromptCacheCell(
                    names: [], dimensions: $0.dimensions, day: place, turn: $0.turn, use: $1)
            }
        }
        return watch.findings(cells, rates: rates)
    }
}
