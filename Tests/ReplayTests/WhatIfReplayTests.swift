import EventStore
import LedgerModel
import LedgerTesting
import Pricing
import Rendering
import Replay
import StoreTesting
import Testing

@Suite("Replaying with other models and discounts")
struct WhatIfReplayTests {
    /// Tokens × 5/4 at 9/10 of the price, computed in another way: five times the counts under a
    /// book with rates of 9/40 and bounds four times as high.
    private static func naiveBook(_ book: PriceBook) -> PriceBook {
        let providers = book.providers.map { provider in
            var provider = provider
            for model in provider.models.indices {
                for list in provider.models[model].prices.indices {
                    provider.models[model].prices[list].rates =
                        provider.models[model].prices[list].rates.map { rate in
                            let (n, d): (Int128, Int128) = rate.unit.isTokens ? (9, 40) : (9, 10)
                            func scaled(_ rate: Rate) -> Rate { Rate(ninths: rate.ninths * n / d) }
                            return UnitRate(
                                unit: rate.unit, base: scaled(rate.base),
                                steps: rate.steps.map {
                                    UnitRate.Step(above: $0.above * 4, rate: scaled($0.rate))
                                })
                        }
                }
            }
            return provider
        }
        return PriceBook(name: "naive", providers: providers)
    }

    private static func naive(_ requests: [Event], _ book: PriceBook) throws -> PicodollarSum {
        var sum = PicodollarSum.zero
        var rater = Rater(naiveBook(book))
        var plain = Rater(book)
        for request in requests {
            var moved = request
            let isMapped =
                request.dimensions[.provider] == "provider-2"
                || request.dimensions[.model] == "model-1"
            if isMapped {
                moved.dimensions[.provider] = "provider-1"
                moved.dimensions[.model] = "model-2"
                moved.dimensions[.serviceTier] = "standard"
                for unit in UsageUnit.allCases where unit.isTokens {
                    if let count = moved.usage[unit] { moved.usage[unit] = count * 5 }
                }
            }
            let charge =
                isMapped
                ? try ChargeRule.charge(for: moved, rater: &rater)
                : try ChargeRule.charge(for: moved, rater: &plain)
            if let amount = charge?.amount { sum += amount }
        }
        return sum
    }

    private static let mapping = """
        tally_map: 1
        match:
        - {provider: provider-2, model: {starts_with: ""}, to: provider-1/model-2, tokens: 1.25, \
        tier: standard}
        - {model: model-1, to: provider-1/model-2, tokens: 1.25, tier: standard}
        discounts: {provider-1/model-2: 10%}
        """

    @Test("mapped and discounted sums are those of rating every request by hand")
    func property() async throws {
        try await TestLedger.with { fixture in
            var random = RandomEvents(seed: testSeed())
            // No request is for the target itself, so only mapped requests are discounted.
            let requests = (0..<3_000).map { _ in random.request() }.filter {
                !($0.dimensions[.provider] == "provider-1" && $0.dimensions[.model] == "model-2")
            }
            let book = try Books.first()
            try await fixture.append(requests, under: book)
            var request = ReplayRequest(prices: .book(book), groupedBy: [.model])
            request.whatIf = try WhatIfFile.read(Self.mapping)
            let report = try await PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
                .run(request)
            #expect(report.total.replayed == (try Self.naive(requests, book)))
            #expect(report.total.replayed != report.total.recorded)
            let charged = requests.filter { ChargeRule.isCharged($0.kind, $0.usage) }
            let mapped = charged.filter {
                $0.dimensions[.provider] == "provider-2" || $0.dimensions[.model] == "model-1"
            }
            let counted = report.models.filter { $0.to != nil }.reduce(0) { $0 + $1.requests }
            #expect(counted == Int64(mapped.count))
            #expect(report.models.reduce(0) { $0 + $1.requests } == Int64(charged.count))
            #expect(report.unmapped.count > 3)
            let unpriced = report.unpricedReasons.reduce(0) { $0 + $1.requests }
            #expect(unpriced == report.total.unpricedAfter)
            #expect(report.unusedDiscounts.isEmpty)
            for part in ["Other models:", "→ provider-1/model-2", "tokens × 1.25", "× 0.9"] {
                #expect(Replayed(report).report.text().contains(part), "\(part)")
                #expect(
                    Replayed(report).report.html.contains(part.replacing(":", with: "")), "\(part)")
            }
            #expect(Replayed(report).json.contains("\"to\":\"provider-1/model-2\",\"requests\":"))
        }
    }

    @Test("a target without a price, and a mapping under the recorded books, are refused")
    func refusals() async throws {
        try await TestLedger.with { fixture in
            let replay = PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
            var request = ReplayRequest(prices: .book(try Books.first()))
            request.whatIf.otherwise = WhatIf.Target("provider-0/model-9")
            let wrong = request
            await #expect(throws: ReplayError.self) { try await replay.run(wrong) }
            request.whatIf.otherwise = WhatIf.Target("provider-0/model-0")
            request.prices = .recorded
            let recorded = request
            await #expect(throws: ReplayError.self) { try await replay.run(recorded) }
        }
    }

    @Test("what was booked without a request costs the same under any prices")
    func unattached() async throws {
        try await TestLedger.with { fixture in
            var random = RandomEvents(seed: testSeed())
            let book = try Books.first()
            let charges = try await fixture.append(
                (0..<200).map { _ in random.request() }, under: book)
            let replay = PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
            let before = try await replay.run(ReplayRequest(prices: .book(book)))
            let time = try #require(charges.first).occurredAt
            for (kind, amount) in [(EventKind.chargeAdjusted, 900), (EventKind.chargeRated, 50)] {
                var event = Event(
                    id: EventID(at: time, entropy: (UInt64(amount), 7)), kind: kind,
                    occurredAt: time)
                event.amount = Picodollars(Int64(amount))
                try await fixture.append(alone: event)
            }
            let after = try await replay.run(ReplayRequest(prices: .book(book)))
            #expect(after.total.recorded == before.total.recorded + PicodollarSum(950))
            #expect(after.total.difference == before.total.difference)
            #expect(after.facts.unattached == PicodollarSum(950))
            #expect(Replayed(after).report.text().contains("Booked without a request"))
            let recorded = try await replay.run(ReplayRequest(prices: .recorded))
            #expect(recorded.check?.isExact == true, "\(Replayed(recorded).report.verdict)")
            #expect(recorded.total.recorded == recorded.total.replayed)
        }
    }

    @Test("the ledger's own books price each request from their dates on")
    func schedule() async throws {
        try await TestLedger.with { fixture in
            var random = RandomEvents(seed: testSeed())
            let requests = (0..<1_000).map { _ in random.request() }
            try await fixture.append(requests, under: try Books.first())
            let cut = Timestamp(year: 2026, month: 11, day: 5)
            var schedule = PriceSchedule(try Books.first())
            schedule.publish(try Books.second(), effectiveFrom: cut)
            let report = try await PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
                .run(ReplayRequest(prices: .schedule(schedule)))
            var rater = Rater(schedule)
            var sum = PicodollarSum.zero
            for request in requests {
                let charge = try ChargeRule.charge(for: request, rater: &rater)
                if let amount = charge?.amount { sum += amount }
            }
            #expect(report.total.replayed == sum && sum != report.total.recorded)
        }
    }

    // MARK: Resumption

    @Test("a replay that stops at any checkpoint resumes there with the same result")
    func resumption() async throws {
        try await TestLedger.with { fixture in
            var random = RandomEvents(seed: testSeed())
            let requests = (0..<2_000).map { _ in random.request() }
            let charges = try await fixture.append(
                requests, under: try Books.first(), blockSize: 100)
            let wrong = try #require(charges.last { $0.amount != nil })
            try await fixture.administer(
                "UPDATE tally.events SET amount_pico = amount_pico + 1 WHERE event_id = '\(wrong.id)'"
            )
            let replay = PriceReplay(
                ledger: fixture.ledger.id, pool: fixture.pool, pageRows: 250)
            var supposed = ReplayRequest(
                prices: .book(try Books.first()), groupedBy: [.app, .day, .dimension(.user)])
            supposed.whatIf = try WhatIfFile.read(Self.mapping)
            let recorded = ReplayRequest(prices: .recorded, groupedBy: [.model])
            for request in [supposed, recorded] {
                let first = Progressed()
                let whole = try await replay.run(request, progress: { done, _ in first.add(done) })
                let kept = Kept()
                await #expect(throws: Kept.Stop.self) {
                    try await replay.run(request, keep: { try kept.stop(at: $0) })
                }
                let checkpoint = try #require(kept.checkpoint)
                // Later events are not part of the history that was begun.
                try await fixture.append(
                    (0..<100).map { _ in random.request() }, under: try Books.first())
                let seen = Progressed()
                let resumed = try await replay.run(
                    request, from: checkpoint, progress: { done, _ in seen.add(done) })
                #expect(Replayed(resumed).json == Replayed(whole).json)
                #expect(
                    Replayed(resumed).report.text() == Replayed(whole).report.text()
                        && Replayed(resumed).report.html == Replayed(whole).report.html)
                #expect(resumed.position == whole.position)
                // Only the missing ranges were read.
                let steps = try #require(seen.all.first)
                #expect(steps > 250 && seen.all.last == whole.eventsRead)
                #expect(seen.all.count < first.all.count)
                let again = try await replay.run(request, from: "{\"version\":0}")
                #expect(again.position > whole.position, "a foreign checkpoint begins anew")
            }
        }
    }
}

/// Stops a replay at its first checkpoint, as a crash would.
private final class Kept: Sendable {
    struct Stop: Error {}
    private let texts = Texts()

    func stop(at checkpoint: String) throws {
        texts.add(checkpoint)
        throw Stop()
    }

    var checkpoint: String? { texts.all.first }
}
