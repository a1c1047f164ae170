import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import Pricing
import Rendering
import Replay
import StoreTesting
import Synchronization
import Testing

/// Replays under books that make counts free.
@Suite("Replaying free allowances")
struct MeteredReplayTests {
    private static let allowances = """
        allowances:
        - {name: daily, provider: provider-0, units: [input_tokens], free: 300000, per: day}
        - {name: monthly, model: model-0, units: [output_tokens, input_tokens], free: 40000, \
        per: month}
        """

    private func requests(_ count: Int, seed: UInt64) -> [Event] {
        var random = RandomEvents(seed: seed)
        return (0..<count).map { _ in random.request() }
    }

    private func generous(
        _ book: PriceBook, discounts: String = "", _ allowances: String = Self.allowances
    ) throws -> PriceBook {
        let terms = "tally_terms: 1\n\(discounts)\(allowances)\n"
        return try book.adopting(PriceFile.readTerms(terms))
    }

    /// The cost of the selected requests, metered one by one in order.
    private func metered(
        _ requests: [Event], _ book: PriceBook, where isAsked: (Event) -> Bool = { _ in true }
    ) throws -> (sum: PicodollarSum, free: PicodollarSum) {
        var rater = Rater(book)
        var meter = AllowanceMeter()
        var (sum, free) = (PicodollarSum.zero, PicodollarSum.zero)
        for request in requests {
            let price = try ChargeRule.meter(request, rater: &rater, meter: &meter)
            guard let price, isAsked(request) else { continue }
            sum += price.net
            free += Picodollars(-price.adjustment.amount)
        }
        return (sum, free)
    }

    @Test("allowances are subtracted and used up in the order of the ledger, whatever the filter")
    func order() async throws {
        try await TestLedger.with { fixture in
            let requests = requests(3_000, seed: testSeed())
            let book = try generous(try Books.first())
            try await fixture.append(requests, under: try Books.second())
            let replay = PriceReplay(
                ledger: fixture.ledger.id, pool: fixture.pool, pageRows: 1_000)
            var request = ReplayRequest(prices: .book(book), groupedBy: [.model, .day])
            let whole = try await replay.run(request)
            let expected = try metered(requests, book)
            #expect(whole.total.replayed == expected.sum && expected.free > .zero)
            #expect(whole.facts.free == expected.free)
            #expect(whole.total.requests == Int64(requests.count))
            #expect(whole.eventsRead > whole.total.requests)
            for text in [Replayed(whole).report.text(), Replayed(whole).report.html] {
                #expect(text.contains("is free and deducted"))
            }
            #expect(Replayed(whole).json.contains("\"free_usd\":\"\(expected.free)\""))

            let since = Timestamp(year: 2026, month: 10, day: 28)
            let until = Timestamp(year: 2026, month: 11, day: 9)
            request.filter.since = since
            request.filter.until = until
            request.filter.scope = [.provider: "provider-0"]
            func isAsked(_ event: Event) -> Bool {
                since <= event.occurredAt && event.occurredAt < until
                    && event.dimensions[.provider] == "provider-0"
            }
            let part = try await replay.run(request)
            let asked = try metered(requests, book, where: isAsked)
            #expect(part.total.replayed == asked.sum && part.facts.free == asked.free)
            #expect(part.total.requests == Int64(requests.count(where: isAsked)))
            let rows = part.rows.reduce(into: PicodollarSum.zero) { $0 += $1.sums.replayed }
            #expect(rows == asked.sum)
            request.prices = .book(try Books.first())
            let plain = try await replay.run(request)
            #expect(!Replayed(plain).report.text().contains("Free allowances"))
        }
    }

    @Test("a killed replay resumes with the used parts of allowances")
    func resumed() async throws {
        struct Killed: Error {}
        try await TestLedger.with { fixture in
            let requests = requests(2_000, seed: testSeed())
            let book = try generous(try Books.first())
            try await fixture.append(requests, under: nil)
            let replay = PriceReplay(
                ledger: fixture.ledger.id, pool: fixture.pool, pageRows: 1_000)
            let request = ReplayRequest(prices: .book(book))
            let kept = Mutex<String?>(nil)
            await #expect(throws: Killed.self) {
                _ = try await replay.run(
                    request,
                    keep: { checkpoint in
                        kept.withLock { $0 = checkpoint }
                        throw Killed()
                    })
            }
            let checkpoint = try #require(kept.withLock { $0 })
            let report = try await replay.run(request, from: checkpoint)
            let expected = try metered(requests, book)
            #expect(report.total.replayed == expected.sum)
            #expect(report.facts.free == expected.free)
        }
    }

    @Test("a discount, or another tokenizer, is the same as another book or other counts")
    func supposed() async throws {
        try await TestLedger.with { fixture in
            let seed = testSeed()
            let requests = requests(1_500, seed: seed)
            try await fixture.append(requests, under: nil)
            let replay = PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
            var request = ReplayRequest(prices: .book(try generous(try Books.first())))
            request.whatIf = try WhatIfFile.read("tally_map: 1\ndiscounts: {provider-0: 10%}\n")
            let cheaper = try generous(
                try Books.first(),
                discounts: "discounts:\n- {name: d, provider: provider-0, factor: 0.9}\n")
            let discounted = try metered(requests, cheaper)
            let report = try await replay.run(request)
            #expect(report.total.replayed == discounted.sum, "seed \(seed)")
            #expect(report.facts.free == discounted.free)

            // Twice the tokens, as if they had been counted in this way, with an even allowance.
            let even = """
                allowances:
                - {name: even, provider: provider-0, model: model-0, \
                units: [output_tokens, input_tokens], free: 40000, per: day}
                """
            let book = try generous(try Books.first(), even)
            request.prices = .book(book)
            request.whatIf = try WhatIfFile.read(
                """
                tally_map: 1
                models: {provider-0/model-0: {to: provider-0/model-0, tokens: 2}}
                """)
            let doubled = requests.map { request in
                var event = request
                if event.dimensions[.provider] == "provider-0",
                    event.dimensions[.model] == "model-0"
                {
                    for unit in UsageUnit.allCases
                    where unit.name.hasSuffix("_tokens") && request.usage.has(unit) {
                        event.usage.set(unit, request.usage.value(unit) * 2)
                    }
                }
                return event
            }
            let twice = try metered(doubled, book)
            let mapped = try await replay.run(request)
            #expect(mapped.total.replayed == twice.sum && mapped.facts.free == twice.free)
            #expect(twice.free > .zero)
        }
    }
}
