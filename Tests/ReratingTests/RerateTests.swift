import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import Pricing
import Rerating
import StoreTesting
import Synchronization
import Testing

/// A flag that one task sets and another reads.
private final class Flag: Sendable {
    private let state = Mutex(false)

    var isRaised: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
}

@Suite("Re-rating", .timeLimit(.minutes(3)))
struct RerateTests {
    @Test("exactly the requests that cost something else are adjusted, and only once")
    func exactly() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            let (first, second) = (try Books.random(&random), try Books.random(&random))
            try await bench.publish(first)
            try await bench.append((0..<1_500).map { _ in random.request() }, under: .init(first))
            try await bench.publish(second)
            let before = NaiveChains(try await bench.events())
            let schedule = try await bench.schedule()
            let wanted = try before.costs(under: schedule)
            let affected = try affectedRequests(before, under: schedule)

            let dry = try await bench.rerate(schedule, isDryRun: true)
            #expect(NaiveChains(try await bench.events()).sum == before.sum)
            let report = try await bench.rerate(schedule)
            #expect(dry == report, "a dry run says what the run does")
            let events = try await bench.events()
            let after = NaiveChains(events)
            #expect(after.costs == wanted)
            let adjustments = events.map(\.event).filter { $0.kind == .chargeAdjusted }
            #expect(Set(adjustments.compactMap(\.causeID)) == affected)
            #expect(adjustments.count == affected.count && !affected.isEmpty)
            #expect(affected.count < before.charges.count)
            for adjustment in adjustments {
                let request = try #require(adjustment.causeID.flatMap { after.requests[$0] })
                #expect(adjustment.dimensions == request.dimensions)
                #expect(adjustment.occurredAt == request.occurredAt)
                #expect(adjustment.bookID == EventID(high: second.id.high, low: second.id.low))
            }
            #expect(report.requests == Int64(before.charges.count))
            #expect(report.adjusted == Int64(affected.count))
            #expect(report.before == before.sum && report.after == after.sum)
            #expect(report.unpricedBefore == before.unpriced)
            #expect(report.unpricedAfter == after.unpriced)
            #expect(report.newlyPriced > 0 && report.newlyUnpriced > 0)
            #expect(
                report.unpricedAfter
                    == report.unpricedBefore - report.newlyPriced + report.newlyUnpriced)

            let head = try await bench.ledger.head()
            let again = try await bench.rerate(schedule)
            #expect(again.adjusted == 0 && again.before == report.after)
            #expect(try await bench.ledger.head() == head, "a second run appends nothing")
            try await bench.audit()
        }
    }

    /// Requests whose cost, or reason for having none, is different under the schedule.
    private func affectedRequests(
        _ chains: NaiveChains, under schedule: PriceSchedule
    ) throws -> Set<EventID> {
        var rater = Rater(schedule)
        var affected: Set<EventID> = []
        let costs = chains.costs
        for (id, booked) in chains.charges {
            let request = try #require(chains.requests[id])
            let charge = try #require(try ChargeRule.charge(for: request, rater: &rater))
            let last = try #require(booked.last)
            let cost = charge.amount.map { Int128($0.amount) }
            if charge.unpriced != last.unpriced || costs[id] != cost { affected.insert(id) }
        }
        return affected
    }

    @Test("the filters leave everything outside of them alone")
    func filters() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            let (first, second) = (try Books.random(&random), try Books.random(&random))
            try await bench.append((0..<1_000).map { _ in random.request() }, under: .init(first))
            try await bench.publish(second)
            let schedule = try await bench.schedule()
            let since = Timestamp(year: 2026, month: 10, day: 28)
            let until = Timestamp(year: 2026, month: 11, day: 9)
            let before = NaiveChains(try await bench.events())
            let report = try await bench.rerate(schedule) {
                $0.filter.since = since
                $0.filter.until = until
                $0.filter.scope = [.model: "model-1", .provider: "provider-0"]
            }
            let after = NaiveChains(try await bench.events())
            let wanted = try before.costs(under: schedule)
            for (id, cost) in after.costs {
                let request = try #require(after.requests[id])
                let isInside =
                    since <= request.occurredAt && request.occurredAt < until
                    && request.dimensions[.model] == "model-1"
                    && request.dimensions[.provider] == "provider-0"
                #expect(cost == (isInside ? wanted[id] : before.costs[id]))
            }
            #expect(report.requests > 0 && report.requests < Int64(before.charges.count))
            // A text with a quotation mark is a text like any other.
            let nothing = try await bench.rerate(schedule) {
                $0.filter.scope = [.app: "' OR true --"]
            }
            #expect(nothing.requests == 0 && nothing.adjusted == 0 && nothing.before == .zero)
        }
    }

    @Test("histories, corrections and two concurrent instances end where one book would")
    func histories() async throws {
        let seed = testSeed()
        for round in 0..<(isSoaking ? 40 : 3) {
            try await TestLedger.with { bench in
                try await bench.withAnother { other in
                    try await history(seed: seed &+ UInt64(round), bench, other)
                }
            }
        }
    }

    private func history(seed: UInt64, _ bench: TestLedger, _ other: TestLedger) async throws {
        var random = RandomEvents(seed: seed)
        var schedule = PriceSchedule()
        for _ in 0..<6 {
            let requests = (0..<Int.random(in: 1...250, using: &random.random)).map { _ in
                random.request()
            }
            try await bench.append(requests, under: schedule)
            let book = try Books.random(&random)
            try await bench.publish(book, from: random.chance(0.5) ? random.timestamp() : nil)
            schedule = try await bench.schedule()
            // Two with different prices at the same time, and perhaps the reactor.
            let (one, two) = (PriceSchedule(book), schedule)
            let reacts = random.chance(0.5)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await bench.rerate(one) }
                group.addTask { try await other.rerate(two) }
                if reacts { group.addTask { try await bench.rateUnpriced() } }
                if reacts { group.addTask { try await other.rateUnpriced() } }
                try await group.waitForAll()
            }
        }
        try await bench.rerate(schedule)
        let after = NaiveChains(try await bench.events())
        #expect(after.costs == (try after.costs(under: schedule)), "seed \(seed)")
        for (request, chain) in after.charges {
            var previous: EventID?
            for charge in chain {
                #expect(charge.previousID == previous)
                #expect(charge.id == .charge(for: request, after: previous))
                previous = charge.id
            }
        }
        #expect(try await bench.rerate(schedule).adjusted == 0)
        try await bench.audit()
    }

    @Test("a run whose connections are cut again and again is finished by running it again")
    func cut() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            let (first, second) = (try Books.random(&random), try Books.random(&random))
            try await bench.publish(first)
            try await bench.append((0..<6_000).map { _ in random.request() }, under: .init(first))
            try await bench.publish(second)
            let schedule = try await bench.schedule()
            let admin = Pool(bench.database.configuration, size: 1)
            _ = try await admin.session { try $0.execute("SELECT 1") }
            let isDone = Flag()
            let kills = try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask {
                    var kills = 0
                    while !isDone.isRaised, kills < 12 {
                        kills += try await admin.session { try $0.execute(Self.killOne) }
                    }
                    return kills
                }
                while !isDone.isRaised {
                    do {
                        try await bench.rerate(schedule)
                        isDone.raise()
                    } catch let error as PostgresError where error.isConnectionGone {
                        continue
                    }
                }
                return try await group.next() ?? 0
            }
            await admin.close()
            #expect(kills > 0)
            let after = NaiveChains(try await bench.events())
            #expect(after.costs == (try after.costs(under: schedule)))
            #expect(after.charges.values.allSatisfy { $0.count <= 2 })
            try await bench.audit()
        }
    }

    private static let killOne = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE usename = 'tally_service' AND state <> 'idle' AND datname = current_database()
        LIMIT 1
        """

    @Test("charges that do not directly follow their requests are found, missing ones counted")
    func distantCharges() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            let (first, second) = (try Books.random(&random), try Books.random(&random))
            var rater = Rater(first)
            var encoder = EntryEncoder()
            var reports = EntryBatch(for: bench.ledger.id)
            var bookings = EntryBatch(for: bench.ledger.id)
            var uncharged: Int64 = 0
            for index in 0..<900 {
                let request = random.request()
                try reports.add(request, using: &encoder)
                guard let charge = try ChargeRule.charge(for: request, rater: &rater) else {
                    continue
                }
                if index % 10 == 0 {
                    uncharged += 1
                } else {
                    try bookings.add(charge, using: &encoder)
                }
            }
            _ = try await bench.ledger.append(bookings)
            _ = try await bench.ledger.append(reports)
            try await bench.publish(second)
            let report = try await bench.rerate(try await bench.schedule())
            #expect(report.requests == Int64(bookings.rowCount))
            #expect(report.uncharged == uncharged)
            let after = NaiveChains(try await bench.events())
            let wanted = try after.costs(under: PriceSchedule(second))
            for (id, cost) in after.costs { #expect(cost == wanted[id]) }
        }
    }

    @Test("a price beyond what an event can hold names its request, and nothing is booked for it")
    func overflow() async throws {
        try await TestLedger.with { bench in
            var random = RandomEvents(seed: 1)
            var request = random.request()
            request.kind = .requestCompleted
            request.dimensions = [.provider: "p", .model: "m"]
            request.usage = [.inputTokens: Usage.countMax]
            try await bench.append([request], under: PriceSchedule())
            let dear = try PriceFile.read(
                "tally_prices: 1\nname: d\nproviders: {p: {models: {m: {input_mtok: 1000}}}}")
            await #expect(throws: RerateError.overflow(request: request.id)) {
                try await bench.rerate(PriceSchedule(dear))
            }
            #expect(try await bench.ledger.head().position == 2)
        }
    }

    @Test("an empty ledger has nothing to rate, and a cancelled run ends")
    func emptyAndCancelled() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            let book = try Books.random(&random)
            #expect(try await bench.rerate(.init(book)) == RerateReport())
            try await bench.append((0..<500).map { _ in random.request() }, under: PriceSchedule())
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await bench.rerate(.init(book))
            }
            await #expect(throws: (any Error).self) { try await task.value }
        }
    }
}
