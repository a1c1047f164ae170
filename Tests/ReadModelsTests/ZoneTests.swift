import Calendars
import EventStore
import LedgerModel
import LedgerTesting
import ReadModels
import StoreTesting
import Testing

@Suite("Spend by the days of a zone", .timeLimit(.minutes(3)))
struct ZoneTests {
    private func entry(
        _ index: UInt64, at time: Timestamp, app: Name
    ) -> (event: Event, charge: Event?) {
        var request = Event(
            id: EventID(at: time, entropy: (index, index)), kind: .requestCompleted,
            occurredAt: time)
        request.dimensions = [.provider: "openai", .model: "gpt-4o", .app: app]
        request.usage = [.inputTokens: 100, .outputTokens: 10]
        var charge = Event(
            id: .charge(for: request.id, after: nil), kind: .chargeRated, occurredAt: time)
        charge.causeID = request.id
        charge.dimensions = request.dimensions
        charge.amount = Picodollars(Int64(index))
        return (request, charge)
    }

    @Test("each group of each day and month is what the events of its time add up to")
    func naive() async throws {
        try await TestLedger.with { bench in
            var random = SeededGenerator(seed: testSeed())
            // Both changes of European clocks of 2026 lie in it.
            let (first, last) = (
                Timestamp(year: 2026, month: 3, day: 20), Timestamp(year: 2026, month: 11, day: 5)
            )
            let spent: [(time: Timestamp, app: Name, cost: Int64)] = (1...400).map { index in
                let time = Int64.random(in: first.microseconds..<last.microseconds, using: &random)
                let app: Name = Bool.random(using: &random) ? "a" : "b"
                return (Timestamp(microseconds: time), app, Int64(index))
            }
            try await bench.append(spent.map { entry(UInt64($0.cost), at: $0.time, app: $0.app) })
            try await bench.runner().catchUp()
            for name in ["Europe/Berlin", "America/New_York", "UTC", "Pacific/Auckland"] {
                let zone = try #require(CalendarZone(named: name))
                for (interval, period) in [
                    (SpendQuery.Interval.day, CalendarPeriod.day), (.month, .month),
                ] {
                    let query = try SpendQuery(
                        ledger: bench.ledger.id, by: [.app], from: zone.startOfDay(first),
                        to: zone.startOfDay(last), interval: interval, in: zone)
                    let rows = try await query.run(on: bench.pool).rows
                    var expected: [String: Int128] = [:]
                    for (time, app, cost) in spent where time >= query.from && time < query.to {
                        let start = zone.period(period, of: time).from
                        expected["\(start) \(app)", default: 0] += Int128(cost)
                    }
                    let found = Dictionary(
                        rows.map { row in
                            ("\(row.startsAt) \(row.group[.app] ?? "")", row.cost?.amount ?? -1)
                        }, uniquingKeysWith: { _, _ in -2 })
                    #expect(found == expected, "\(interval) in \(name)")
                    // The trend is against the interval before, however long it was.
                    for row in rows where row.startsAt > query.from {
                        let before = zone.period(
                            period, of: row.startsAt.advanced(byMicroseconds: -1)
                        ).from
                        let cost = expected["\(before) \(row.group[.app] ?? "")"] ?? 0
                        if before >= query.from {
                            #expect(row.previousCost?.amount == cost, "\(row.startsAt) in \(name)")
                        }
                    }
                }
            }
        }
    }

    @Test("a day that begins between hours is refused by the name of its zone")
    func halfHours() throws {
        let kolkata = try #require(CalendarZone(named: "Asia/Kolkata"))
        let (from, to) = (
            Timestamp(year: 2026, month: 11, day: 1), Timestamp(year: 2026, month: 12, day: 1)
        )
        #expect(throws: SpendQuery.Refusal.betweenHours(kolkata)) {
            try SpendQuery(ledger: LedgerID(1), from: from, to: to, interval: .day, in: kolkata)
        }
        let hourly = try SpendQuery(
            ledger: LedgerID(1), from: from, to: to, interval: .hour, in: kolkata)
        #expect(hourly.zone == kolkata)
    }
}
