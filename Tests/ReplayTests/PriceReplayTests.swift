import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import Pricing
import Rendering
import Replay
import StoreTesting
import Testing

@Suite("Replaying prices")
struct PriceReplayTests {
    private func requests(_ count: Int, seed: UInt64) -> [Event] {
        var random = RandomEvents(seed: seed)
        return (0..<count).map { _ in random.request() }
    }

    /// The sums of a book, request by request.
    private func naive(
        _ requests: [Event], booked: PriceBook?, replayed: PriceBook
    ) throws -> ReplayReport.Sums {
        var before = Rater(booked.map { PriceSchedule($0) } ?? PriceSchedule())
        var after = Rater(replayed)
        var sums = ReplayReport.Sums()
        for request in requests {
            sums.requests += 1
            guard let booked = try ChargeRule.charge(for: request, rater: &before),
                let replayed = try ChargeRule.charge(for: request, rater: &after)
            else { continue }
            if let amount = booked.amount { sums.recorded += amount }
            if let amount = replayed.amount { sums.replayed += amount }
            if booked.unpriced != nil { sums.unpricedBefore += 1 }
            if replayed.unpriced != nil { sums.unpricedAfter += 1 }
            guard booked.unpriced != nil || replayed.unpriced != nil else { continue }
            sums.notCompared += 1
            if let amount = booked.amount { sums.recordedAlone += amount }
            if let amount = replayed.amount { sums.replayedAlone += amount }
        }
        return sums
    }

    @Test("another book's sums are those of rating every request under it, in every group")
    func otherBook() async throws {
        try await TestLedger.with { fixture in
            let requests = requests(3_000, seed: testSeed())
            let (first, second) = (try Books.first(), try Books.second())
            try await fixture.append(requests, under: first)
            let replay = PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
            let report = try await replay.run(
                ReplayRequest(
                    prices: .book(second), groupedBy: [.model, .dimension(.user), .day]))
            #expect(report.total == (try naive(requests, booked: first, replayed: second)))
            #expect(report.check == nil)
            let groups = Dictionary(grouping: requests) { request in
                [
                    request.dimensions[.model], request.dimensions[.user],
                    Name(request.occurredAt.dayDescription),
                ]
            }
            #expect(report.rows.count == groups.count)
            for row in report.rows {
                let group = try #require(groups[row.values])
                let expected = try naive(group, booked: first, replayed: second)
                #expect(row.sums == expected, "\(row.values)")
            }
        }
    }

    @Test("the recorded books reproduce every charge bit for bit")
    func recorded() async throws {
        try await TestLedger.with { fixture in
            let seed = testSeed()
            // Three periods: no prices, then one book, then another.
            let early = requests(200, seed: seed)
            let middle = requests(1_500, seed: seed &+ 1)
            let late = requests(1_500, seed: seed &+ 2)
            var charges = try await fixture.append(early, under: nil)
            charges += try await fixture.append(middle, under: try Books.first())
            charges += try await fixture.append(late, under: try Books.second())
            let report = try await PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
                .run(ReplayRequest(prices: .recorded, groupedBy: [.model]))
            let check = try #require(report.check)
            #expect(check.isExact, "\(check)")
            #expect(check.charges == Int64(charges.count))
            #expect(report.total.recorded == report.total.replayed)
            #expect(report.total.unpricedBefore == report.total.unpricedAfter)
            #expect(Replayed(report).report.verdict.contains("bit for bit"))
            let booked = charges.compactMap(\.amount).reduce(into: PicodollarSum.zero) { $0 += $1 }
            #expect(report.total.recorded == booked && booked != .zero)
        }
    }

    @Test("an altered amount, an altered usage and a removed charge are found")
    func altered() async throws {
        try await TestLedger.with { fixture in
            let charges = try await fixture.append(
                requests(300, seed: testSeed()), under: try Books.first())
            let priced = charges.filter { $0.amount != nil }
            let (one, two, three) = (priced[3], priced[10], priced[20])
            let request = try #require(two.causeID)
            // Only the superuser can do this.
            try await fixture.administer(
                """
                UPDATE tally.events SET amount_pico = amount_pico + 1 WHERE event_id = '\(one.id)';
                UPDATE tally.events SET output_tokens = output_tokens + 100000
                    WHERE event_id = '\(request)';
                DELETE FROM tally.events WHERE event_id = '\(three.id)'
                """)
            let report = try await PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
                .run(ReplayRequest(prices: .recorded))
            let check = try #require(report.check)
            #expect(!check.isExact)
            #expect(Set(check.problems.map(\.charge)) == [one.id, two.id])
            #expect(check.problemCount == 2)
            #expect(check.uncharged == 1)
            #expect(Replayed(report).report.verdict.contains("2 differ from what was booked"))
            #expect(Replayed(report).report.verdict.contains("1 requests have no charge"))
        }
    }

    @Test("a range and a filter select their events, in whichever months")
    func rangesAndScopes() async throws {
        try await TestLedger.with { fixture in
            let requests = requests(2_000, seed: testSeed())
            let (first, second) = (try Books.first(), try Books.second())
            try await fixture.append(requests, under: first)
            let replay = PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
            let since = Timestamp(year: 2026, month: 10, day: 28)
            let until = Timestamp(year: 2026, month: 11, day: 9)
                .advanced(byMicroseconds: 3 * Timestamp.hourMicroseconds)
            var range = ReplayRequest(prices: .book(second))
            range.filter.since = since
            range.filter.until = until
            let within = requests.filter { since <= $0.occurredAt && $0.occurredAt < until }
            #expect(
                try await replay.run(range).total
                    == (try naive(within, booked: first, replayed: second)))
            range.filter.scope = [.model: "model-0", .team: "x-1"]
            let scoped = within.filter {
                $0.dimensions[.model] == "model-0" && $0.dimensions[.team] == "x-1"
            }
            #expect(
                try await replay.run(range).total
                    == (try naive(scoped, booked: first, replayed: second)))
            range.prices = .recorded
            #expect(try await replay.run(range).check?.isExact == true)
            // A text with a quotation mark is a text like any other.
            range.filter.scope = [.app: "' OR true --"]
            #expect(try await replay.run(range).total == ReplayReport.Sums())
        }
    }

    @Test("adjustments count as recorded, and may give a price to what had none")
    func adjustments() async throws {
        try await TestLedger.with { fixture in
            let requests = requests(400, seed: testSeed())
            let charges = try await fixture.append(requests, under: try Books.first())
            let priced = try #require(charges.first { $0.amount != nil })
            let unpriced = try #require(charges.first { $0.unpriced != nil })
            let replay = PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
            let request = ReplayRequest(prices: .recorded)
            let before = try await replay.run(request).total
            for (charge, amount) in [(priced, -700), (unpriced, 5_000)] {
                try await fixture.append(alone: adjustment(of: charge, by: Int64(amount)))
            }
            let report = try await replay.run(request)
            #expect(report.total.recorded == before.recorded + PicodollarSum(4_300))
            #expect(report.total.replayed == report.total.recorded)
            #expect(report.total.unpricedBefore == before.unpricedBefore - 1)
            #expect(report.check?.isExact == true)
            #expect(report.check?.adjustments == 2)
        }
    }

    @Test("the difference is of requests with a price on both sides, as they are booked now")
    func compared() async throws {
        try await TestLedger.with { fixture in
            let (first, second) = (try Books.first(), try Books.second())
            let requests = requests(600, seed: testSeed())
            let charges = try await fixture.append(requests, under: first)
            var rater = Rater(second)
            let prices = Dictionary(
                uniqueKeysWithValues: try requests.map {
                    ($0.id, try ChargeRule.charge(for: $0, rater: &rater)?.amount)
                })
            // Of each kind one, by whether it has a price as booked and under the other book.
            for (isPriced, isPricedThere) in [(true, true), (true, false), (false, true)] {
                let charge = try #require(
                    charges.first { charge in
                        let there = charge.causeID.flatMap { prices[$0] ?? nil }
                        return (charge.amount != nil) == isPriced
                            && (there != nil) == isPricedThere
                    })
                try await fixture.append(alone: adjustment(of: charge, by: 5_000))
            }
            let total = try await PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
                .run(ReplayRequest(prices: .book(second))).total
            var expected = try naive(requests, booked: first, replayed: second)
            expected.recorded += PicodollarSum(15_000)
            expected.unpricedBefore -= 1
            expected.notCompared -= 1
            expected.recordedAlone += PicodollarSum(5_000)
            #expect(total.recorded == expected.recorded)
            #expect(total.recordedAlone == expected.recordedAlone)
            #expect(total.notCompared == expected.notCompared)
            #expect(total.compared.recorded == expected.compared.recorded)
            #expect(total.replayedAlone < expected.replayedAlone)
            let found = try #require(total.difference)
            #expect(found == total.compared.replayed - total.compared.recorded)
        }
    }

    private func adjustment(of charge: Event, by amount: Int64) -> Event {
        var adjustment = charge
        adjustment.kind = .chargeAdjusted
        adjustment.previousID = charge.id
        adjustment.id = .charge(for: charge.causeID ?? charge.id, after: charge.id)
        adjustment.unpriced = nil
        adjustment.amount = Picodollars(amount)
        return adjustment
    }

    @Test("charges that do not directly follow their requests are found by id")
    func distantCharges() async throws {
        try await TestLedger.with { fixture in
            let requests = requests(1_200, seed: testSeed())
            let book = try Books.first()
            try await fixture.keep(book)
            var rater = Rater(book)
            var encoder = EntryEncoder()
            var (reports, bookings) = (
                EntryBatch(for: fixture.ledger.id), EntryBatch(for: fixture.ledger.id)
            )
            for request in requests {
                try reports.add(request, using: &encoder)
                if let charge = try ChargeRule.charge(for: request, rater: &rater) {
                    try bookings.add(charge, using: &encoder)
                }
            }
            _ = try await fixture.ledger.append(reports)
            _ = try await fixture.ledger.append(bookings)
            let report = try await PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
                .run(ReplayRequest(prices: .recorded))
            #expect(report.check?.isExact == true)
            #expect(report.check?.charges == Int64(bookings.rowCount))
        }
    }

    @Test("an empty ledger and an empty range replay to nothing")
    func empty() async throws {
        try await TestLedger.with { fixture in
            let replay = PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
            let nothing = try await replay.run(
                ReplayRequest(prices: .book(try Books.first()), groupedBy: [.team]))
            #expect(nothing.total == ReplayReport.Sums() && nothing.rows.isEmpty)
            try await fixture.append(requests(10, seed: testSeed()), under: nil)
            var request = ReplayRequest(prices: .recorded, groupedBy: [.day])
            request.filter.until = Timestamp(year: 2020, month: 1, day: 1)
            #expect(try await replay.run(request).rows.isEmpty)
            #expect(
                Replayed(nothing).report.text().contains("total")
                    && Replayed(nothing).report.html.contains("</html>"))
            #expect(
                !Replayed(nothing).report.text().contains("recorded/replayed"),
                "only pages draw bars")
        }
    }

    @Test("duplicate groupings are refused, and an overflow names its request")
    func refusals() async throws {
        try await TestLedger.with { fixture in
            let replay = PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
            await #expect(throws: ReplayError.self) {
                try await replay.run(
                    ReplayRequest(prices: .recorded, groupedBy: [.model, .model]))
            }
            var request = requests(1, seed: 1)[0]
            request.kind = .requestCompleted
            request.dimensions = [.provider: "p", .model: "m"]
            request.usage = [.inputTokens: Usage.countMax]
            try await fixture.append([request], under: nil)
            let dear = try PriceFile.read(
                "tally_prices: 1\nname: d\nproviders: {p: {models: {m: {input_mtok: 1000}}}}")
            await #expect(throws: ReplayError.self) {
                try await replay.run(ReplayRequest(prices: .book(dear)))
            }
        }
    }

    @Test("a cancelled replay ends")
    func cancelled() async throws {
        try await TestLedger.with { fixture in
            try await fixture.append(requests(2_000, seed: testSeed()), under: nil)
            let replay = PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await replay.run(ReplayRequest(prices: .recorded))
            }
            await #expect(throws: (any Error).self) { try await task.value }
        }
    }

    @Test("progress ends at the number of events")
    func progress() async throws {
        try await TestLedger.with { fixture in
            let requests = requests(900, seed: testSeed())
            let charges = try await fixture.append(requests, under: nil)
            let seen = Seen()
            let report = try await PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
                .run(ReplayRequest(prices: .recorded), progress: { seen.set($0, $1) })
            #expect(seen.done == Int64(requests.count + charges.count))
            #expect(seen.done == seen.total && report.eventsRead == seen.done)
        }
    }
}
