import Access
import Budgeting
import Budgets
import Calendars
import EventStore
import LedgerModel
import Testing

@Suite("Rolling budgets of a ledger", .timeLimit(.minutes(2)))
struct RollingTests {
    private func days(_ days: Int64, before now: Timestamp) -> Timestamp {
        now.advanced(byMicroseconds: -days * Timestamp.dayMicroseconds)
    }

    @Test("counts what its time saw before it existed, and forgets each day as it goes by")
    func whole() async throws {
        try await Bench.with { bench in
            try await bench.ingest(
                [8, 6, 6, 2, 0].map { bench.request(at: days($0, before: bench.now)) })
            let defined = try await bench.define("week", usd: "0.01") {
                ($0.window, $0.enforcement) = ("rolling 7 days", "soft")
            }
            #expect(defined.balance.posted.cost == .charges(4))
            #expect(defined.balance.posted.requests == 4 && defined.window.end == nil)
            let opened = try await bench.events(.budgetOpened)
            #expect(opened.count == 3, "one for each day that saw something")
            try await bench.ingest([bench.request()])
            // A limit is passed, and nobody is refused.
            try await bench.hold("a", usd: "5")
            let now = try await bench.status("week")
            #expect(now.balance.posted.cost == .charges(5))
            #expect(now.balance.held.cost == PicodollarSum(usd: "5") && now.holds?.count == 1)
            for (ahead, charges) in [(1, 3), (4, 3), (5, 2), (6, 2), (7, 0)] {
                let later = bench.now.advanced(
                    byMicroseconds: Int64(ahead) * Timestamp.dayMicroseconds)
                let status = try #require(
                    try await bench.service.show("week", at: later, limit: 1).first)
                #expect(status.balance.posted.cost == .charges(charges), "\(ahead)")
            }
            try await bench.settle("a")
            #expect(try await bench.status("week").balance.posted.cost == .charges(6))
            #expect(try await bench.service.check(at: .present).isEmpty)
            #expect(try await bench.events(.budgetOverrun, .budgetDenied).isEmpty)
        }
    }

    @Test("each member has a window of its own, and a reset forgets all of them")
    func members() async throws {
        try await Bench.with { bench in
            for day in [1, 3, 20] as [Int64] {
                try await bench.ingest([
                    bench.request(user: "a", at: days(day, before: bench.now)),
                    bench.request(user: "b", at: days(day + 4, before: bench.now)),
                ])
            }
            try await bench.define("people", usd: "1") {
                ($0.window, $0.enforcement, $0.each) = ("rolling 5 days", "shadow", "user")
            }
            try await bench.ingest([bench.request(user: "b")])
            let shown = try await bench.service.show("people", at: bench.now, limit: 10)
            let spent = Dictionary(
                shown.map { ($0.member, $0.balance.posted.cost) }, uniquingKeysWith: { $1 })
            #expect(spent == ["a": .charges(2), "b": .charges(1)])
            _ = try await bench.service.change("people", .reset, by: "t", at: .present)
            try await bench.ingest([bench.request(user: "a", at: .present)])
            let after = try await bench.service.show("people", at: .present, limit: 10)
            #expect(
                Set(after.map { "\($0.member ?? "") \($0.balance.posted.requests)" })
                    == ["a 1", "b 0"])
        }
    }

    @Test("a budget that names no zone has that of the ledger, and keeps it")
    func zone() async throws {
        try await Bench.with { bench in
            let directory = LedgerDirectory(pool: bench.instances[0].pool)
            let ledger = bench.ledger.id
            try await directory.setZone(
                of: ledger, to: "Europe/Berlin", by: "t", at: bench.now)
            let written = WrittenBudget(name: "a", limits: WrittenAmounts(usd: "1"))
            let definition = try written.definition(in: try await directory.zone(of: ledger))
            let status = try await bench.service.change(
                "a", .set(definition), by: "t", at: bench.now)
            #expect(status.definition.schedule.zone == "Europe/Berlin")
            try await directory.setZone(of: ledger, to: "UTC", by: "u", at: bench.now)
            #expect(try await directory.zone(of: ledger) == .utc)
            #expect(try await bench.status("a").definition.schedule.zone == "Europe/Berlin")
            let history = try await directory.zoneHistory(of: ledger)
            #expect(history.map(\.zone) == ["Europe/Berlin", "UTC"])
            #expect(history[0].at < history[1].at && history[1].by == "u")
        }
    }
}
