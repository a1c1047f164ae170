import Alerting
import LedgerModel
import LedgerTesting
import StoreTesting
import Testing

@Suite("Old notices of alerts", .timeLimit(.minutes(3)))
struct NoticeCleanerTests {
    private static let kept: Duration = .seconds(90 * 86_400)

    /// Two alerts that the log was told of; the first is over.
    private func withTwo(_ body: (Bench) async throws -> Void) async throws {
        try await TestLedger.with { test in
            let now = try #require(
                try await test.text("SELECT extract(epoch FROM now())::bigint").first?[0]
                    .flatMap { Int64($0) })
            let bench = try Bench(
                test, rules: [],
                clock: Bench.Clock(Timestamp(unixMicroseconds: now * 1_000_000)))
            for subject in ["over", "open"] {
                try await observe(bench, Name(subject), .breached)
            }
            try await bench.deliver()
            bench.clock.advance(seconds: 1)
            try await observe(bench, "over", .clear)
            try await bench.deliver()
            try await body(bench)
        }
    }

    private func observe(
        _ bench: Bench, _ subject: Name, _ verdict: AlertState.Verdict
    ) async throws {
        try await bench.service.observe(
            Observation(
                AlertName(rule: "test", subject: subject), verdict, "a test", look: "",
                route: AlertRoute(["log"])), at: bench.clock.now)
        try await bench.fold()
    }

    private func notices(_ bench: Bench) async throws -> Int {
        let rows = try await bench.test.text("SELECT count(*) FROM tally.alert_deliveries")
        return rows.first?[0].flatMap { Int($0) } ?? -1
    }

    private func age(_ bench: Bench, days: Int) async throws {
        try await bench.test.administer(
            """
            UPDATE tally.alert_deliveries SET finished_at = now() - interval '\(days) days'
            WHERE finished_at IS NOT NULL;
            UPDATE tally.alerts SET changed_at = now() - interval '\(days) days'
            """)
    }

    @Test("they are removed once their alert has been over for the time, and not before")
    func removed() async throws {
        try await withTwo { bench in
            #expect(try await notices(bench) == 3)
            try await age(bench, days: 89)
            #expect(try await NoticeCleaner.removeOld(Self.kept, in: bench.test.pool) == 0)
            try await age(bench, days: 91)
            #expect(try await NoticeCleaner.removeOld(Self.kept, in: bench.test.pool) == 2)
            #expect(try await NoticeCleaner.removeOld(Self.kept, in: bench.test.pool) == 0)
            let left = try await bench.test.text(
                "SELECT phase FROM tally.alert_deliveries JOIN tally.alerts USING (alert_id)")
            #expect(left == [["firing"]], "its end is told to those who were told of it")
            #expect(try await bench.count(.alertDelivered) == 3, "the ledger keeps who took what")
            #expect(try await bench.service.list().alerts.count == 2)
        }
    }

    @Test("what is read again from its events is too old to be sent when it was removed")
    func again() {
        #expect(NoticeCleaner.keptMin > .seconds(RetrySchedule.secondsMax))
    }

    @Test("a channel that was disabled stays disabled")
    func disabled() async throws {
        try await withTwo { bench in
            try await bench.test.administer("UPDATE tally.alert_deliveries SET outcome = 'gone'")
            try await age(bench, days: 1_000)
            #expect(try await NoticeCleaner.removeOld(Self.kept, in: bench.test.pool) == 0)
        }
    }
}
