import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import Pricing
import Rerating
import StoreTesting
import Testing

@Suite("Free allowances", .timeLimit(.minutes(3)))
struct AllowanceTests {
    /// A random book that makes some tokens free every day and month.
    private func book(_ random: inout RandomEvents) throws -> PriceBook {
        try Books.random(&random).adopting(
            PriceFile.readTerms(
                """
                tally_terms: 1
                allowances:
                - {name: daily, provider: provider-0, units: [input_tokens], free: 300000, per: day}
                - {name: monthly, model: model-0, units: [output_tokens], free: 40000, per: month}
                """))
    }

    /// The cost of each request if all are metered in the order of their positions.
    private func metered(
        _ events: [RecordedEvent], _ schedule: PriceSchedule
    ) throws -> [EventID: Int128?] {
        var rater = Rater(schedule)
        var meter = AllowanceMeter()
        var costs: [EventID: Int128?] = [:]
        for event in events.map(\.event)
        where event.kind.isRequest && ChargeRule.isCharged(event.kind, event.usage) {
            let price = try ChargeRule.meter(event, rater: &rater, meter: &meter)
            costs[event.id] = .some(price.map { Int128($0.net.amount) })
        }
        return costs
    }

    @Test("free allowances are credited as requests come in, in order, by any instance")
    func reactor() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            try await bench.withAnother { other in
                let book = try book(&random)
                try await bench.publish(book)
                for round in 0..<6 {
                    let requests = (0..<150).map { _ in random.request() }
                    // Some come in before the other instance has heard of the book.
                    try await bench.append(
                        requests, under: round == 2 ? PriceSchedule() : .init(book))
                    if round % 2 == 1 {
                        try await bench.rateUnpriced()
                        // Both at once, each starting only from the database.
                        async let one: Void = bench.credit()
                        async let two: Void = other.credit()
                        _ = try await (one, two)
                    }
                }
                try await bench.credit()
                let events = try await bench.events()
                let wanted = try metered(events, .init(book))
                #expect(NaiveChains(events).costs == wanted)
                #expect(wanted != (try NaiveChains(events).costs(under: .init(book))))
                let head = try await bench.ledger.head()
                try await bench.credit()
                #expect(try await bench.ledger.head() == head)
                // Only reasons of unpriced requests are left to a re-rating.
                let report = try await bench.rerate(.init(book))
                #expect(report.before == report.after)
                #expect(report.newlyPriced == 0 && report.newlyUnpriced == 0)
                try await bench.audit()
            }
        }
    }

    @Test("rerate books free allowances, and a part of the history gives the same")
    func rerate() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            let (old, new) = (try Books.random(&random), try book(&random))
            try await bench.publish(old)
            try await bench.append((0..<1_200).map { _ in random.request() }, under: .init(old))
            try await bench.publish(new)
            let before = NaiveChains(try await bench.events())
            let wanted = try metered(try await bench.events(), .init(new))
            let since = Timestamp(year: 2026, month: 11, day: 3)
            let until = Timestamp(year: 2026, month: 11, day: 12)
            try await bench.rerate(.init(new)) {
                $0.filter.since = since
                $0.filter.until = until
                $0.filter.scope = [.provider: "provider-0"]
            }
            let part = NaiveChains(try await bench.events())
            for (id, cost) in part.costs {
                let request = try #require(part.requests[id])
                let isInside =
                    since <= request.occurredAt && request.occurredAt < until
                    && request.dimensions[.provider] == "provider-0"
                #expect(cost == (isInside ? wanted[id] : before.costs[id]))
            }
            let dry = try await bench.rerate(.init(new), isDryRun: true)
            #expect(try await bench.rerate(.init(new)) == dry)
            let after = NaiveChains(try await bench.events())
            #expect(after.costs == wanted && after.sum == dry.after)
            #expect(try await bench.rerate(.init(new)).adjusted == 0)
            try await bench.audit()
        }
    }

    @Test("requests rated by an older book are left to a re-rating; no allowances, no metering")
    func publications() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            let (plain, generous) = (try Books.random(&random), try book(&random))
            try await bench.publish(plain)
            try await bench.append((0..<300).map { _ in random.request() }, under: .init(plain))
            let before = NaiveChains(try await bench.events()).costs.filter { $0.value != nil }
            try await bench.publish(generous)
            try await bench.rateUnpriced()
            try await bench.credit()
            let after = NaiveChains(try await bench.events())
            for (id, cost) in before { #expect(after.costs[id] == cost) }
            try await bench.rerate(.init(generous))
            let events = try await bench.events()
            #expect(NaiveChains(events).costs == (try metered(events, .init(generous))))

            try await bench.publish(plain)
            try await bench.rateUnpriced()
            try await bench.credit()
            let kept = try await bench.text(
                "SELECT state FROM tally.places WHERE subscription = 'allowance_credits'")
            #expect(kept.count == 1 && kept[0][0]?.contains("used") == false)
        }
    }
}
