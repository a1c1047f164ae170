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

/// The checkpoints of a run, in order; after some it refuses more, as if the process had been
/// killed.
private final class Checkpoints: Sendable {
    struct Killed: Error {}

    private let state = Mutex<[String]>([])
    private let max: Int

    init(max: Int = .max) {
        self.max = max
    }

    var all: [String] { state.withLock { $0 } }

    func keep(_ checkpoint: String) throws {
        try state.withLock { kept in
            if kept.count >= max { throw Killed() }
            kept.append(checkpoint)
        }
    }
}

/// A killed re-rating is resumed by another process at its last checkpoint.
@Suite("Resumed re-ratings", .timeLimit(.minutes(3)))
struct ResumedRerateTests {
    /// Small enough for several pages.
    private static let pageRows: Int64 = 700

    private func run(
        _ bench: TestLedger, _ schedule: PriceSchedule, from checkpoint: String? = nil,
        isDryRun: Bool = false, keeping checkpoints: Checkpoints
    ) async throws -> RerateReport {
        var request = RerateRequest(prices: schedule)
        request.isDryRun = isDryRun
        return try await Rerater(ledger: bench.ledger, pool: bench.pool, pageRows: Self.pageRows)
            .run(request, from: checkpoint, keep: { try checkpoints.keep($0) })
    }

    /// From every checkpoint, whatever was booked after it, the report covers the whole run.
    private func takeUp(_ bench: TestLedger, _ schedule: PriceSchedule) async throws {
        let whole = try await run(bench, schedule, isDryRun: true, keeping: Checkpoints())
        #expect(whole.adjusted > 0 && whole.newlyPriced > 0)
        // Killed after its first page; the other worker may have been anywhere.
        let first = Checkpoints(max: 1)
        await #expect(throws: Checkpoints.Killed.self) {
            _ = try await run(bench, schedule, keeping: first)
        }
        let booked = NaiveChains(try await bench.events()).charges.values.joined().count {
            $0.kind == .chargeAdjusted
        }
        #expect(booked > 0 && booked < whole.adjusted)
        let second = Checkpoints()
        let resumed = try await run(bench, schedule, from: first.all.last, keeping: second)
        #expect(resumed == whole)
        let head = try await bench.ledger.head()
        // One page is in the next checkpoint, the others are scanned again.
        let later = try #require(second.all.first)
        #expect(try await run(bench, schedule, from: later, keeping: Checkpoints()) == whole)
        #expect(try await bench.ledger.head() == head, "nothing is booked twice")
        let anew = try await run(bench, schedule, from: "of another version", keeping: second)
        #expect(anew.adjusted == 0 && anew.before == whole.after)
    }

    @Test("a killed run resumes where it stopped, and reports the whole")
    func resumed() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            let (first, second) = (try Books.random(&random), try Books.random(&random))
            try await bench.publish(first)
            try await bench.append((0..<2_000).map { _ in random.request() }, under: .init(first))
            try await bench.publish(second)
            let schedule = try await bench.schedule()
            try await takeUp(bench, schedule)
            let after = NaiveChains(try await bench.events())
            #expect(after.costs == (try after.costs(under: schedule)))
            try await bench.audit()
        }
    }

    @Test("a resumed run knows how much of the allowances was used before")
    func metered() async throws {
        var random = RandomEvents(seed: testSeed())
        try await TestLedger.with { bench in
            let old = try Books.random(&random)
            let new = try Books.random(&random).adopting(
                PriceFile.readTerms(
                    """
                    tally_terms: 1
                    allowances:
                    - {name: daily, provider: provider-0, units: [input_tokens], free: 300000, \
                    per: day}
                    """))
            try await bench.publish(old)
            try await bench.append((0..<2_000).map { _ in random.request() }, under: .init(old))
            try await bench.publish(new)
            let schedule = try await bench.schedule()
            try await takeUp(bench, schedule)
            #expect(try await bench.rerate(schedule).adjusted == 0, "an unbroken run agrees")
        }
    }

    @Test("a requested re-rating survives as text")
    func order() throws {
        var random = RandomEvents(seed: testSeed())
        let (one, two) = (try Books.random(&random), try Books.random(&random))
        var schedule = PriceSchedule(one)
        schedule.publish(two, effectiveFrom: Timestamp(year: 2026, month: 11, day: 3))
        var request = RerateRequest(prices: schedule)
        request.filter.since = Timestamp(year: 2026, month: 10, day: 1)
            .advanced(byMicroseconds: 1)
        request.filter.scope = [.app: "a \"b\" é", .user: "\u{1}"]
        request.isDryRun = true
        let order = RerateOrder(request)
        #expect(RerateOrder(text: order.text) == order)
        let read = order.request { id in id == one.id ? one : two }
        #expect(read.filter == request.filter && read.isDryRun)
        #expect(ScheduledBooks(read.prices) == ScheduledBooks(schedule))
        #expect(RerateOrder(text: "{\"since\":null}") == nil)
    }
}
