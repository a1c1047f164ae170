import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import Pricing
import Rerating
import StoreTesting
import Testing

private struct Broken: Error {}

@Suite("Rating requests without a price", .timeLimit(.minutes(3)))
struct ReactorTests {
    @Test("a publication prices what it covers, once, and leaves priced requests alone")
    func publication() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            let (first, second) = (try Books.random(&random), try Books.random(&random))
            try await bench.publish(first)
            try await bench.append((0..<1_200).map { _ in random.request() }, under: .init(first))
            #expect(try await bench.rateUnpriced() == 0, "the book in force says it again")
            let before = NaiveChains(try await bench.events())
            try await bench.publish(second)
            let booked = try await bench.rateUnpriced()
            let after = NaiveChains(try await bench.events())
            let wanted = try before.costs(under: try await bench.schedule())
            var expected: Int64 = 0
            for (id, cost) in before.costs {
                let isRated = cost == nil && wanted[id] != .some(nil)
                if isRated { expected += 1 }
                #expect(after.costs[id] == (isRated ? wanted[id] : cost))
            }
            #expect(booked == expected && expected > 0)
            let head = try await bench.ledger.head()
            #expect(try await bench.rateUnpriced() == 0)
            #expect(try await bench.ledger.head() == head)
            try await bench.audit()
        }
    }

    @Test("requests booked with outdated prices are rated too")
    func staleIngest() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            let book = try Books.random(&random)
            try await bench.publish(book)
            try await bench.rateUnpriced()
            // Another instance does not know of the book yet.
            try await bench.append((0..<300).map { _ in random.request() }, under: PriceSchedule())
            let wanted = try NaiveChains(try await bench.events()).costs(under: .init(book))
            let booked = try await bench.rateUnpriced()
            #expect(booked == Int64(wanted.values.count { $0 != nil }) && booked > 0)
            let after = NaiveChains(try await bench.events())
            #expect(after.costs == wanted)
        }
    }

    @Test("several instances share the work without booking anything twice")
    func together() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            try await bench.withAnother { other in
                let requests = (0..<4_000).map { _ in random.request() }
                try await bench.append(requests, under: PriceSchedule())
                let book = try Books.random(&random)
                try await bench.publish(book)
                let booked = try await withThrowingTaskGroup(of: Int64.self) { group in
                    for instance in [bench, other, bench, other] {
                        group.addTask { try await instance.rateUnpriced() }
                    }
                    return try await group.reduce(0, +)
                }
                let rest = try await bench.rateUnpriced()
                let after = NaiveChains(try await bench.events())
                let wanted = try after.costs(under: .init(book))
                #expect(after.costs == wanted)
                #expect(booked + rest == Int64(wanted.values.count { $0 != nil }))
                #expect(after.charges.values.allSatisfy { $0.count <= 2 })
            }
        }
    }

    @Test("a failing ledger does not delay another one")
    func ledgersApart() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            let book = try Books.random(&random)
            try await bench.append((0..<50).map { _ in random.request() }, under: PriceSchedule())
            try await bench.publish(book)
            let other = try await bench.anotherLedger("broken")
            try await bench.append(
                (0..<5_000).map { _ in random.request() }, under: PriceSchedule(), to: other)
            let failing = UnpricedReactor(
                pool: bench.pool,
                open: { ledger in
                    guard ledger == bench.ledger.id else { throw Broken() }
                    return try await bench.priced()
                }, refused: { _, _ in })
            await #expect(throws: Broken.self) { try await bench.catchUp(failing.subscription) }
            let after = NaiveChains(try await bench.events())
            #expect(after.costs == (try after.costs(under: .init(book))))
        }
    }
}
