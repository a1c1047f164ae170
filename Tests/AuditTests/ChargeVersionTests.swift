import Audit
import EventStore
import Foundation
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import StoreTesting
import Testing

/// The queries of docs/audit.md about what was known when, through the audit role.
@Suite("What was known when", .timeLimit(.minutes(3)))
struct ChargeVersionTests {
    /// The queries of a section of the page, in order.
    private static func queries(under heading: String) throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/audit.md"), encoding: .utf8)
        let section = try #require(
            page.components(separatedBy: "\n## ").first {
                $0.hasPrefix(heading)
            })
        return section.components(separatedBy: "```sql\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    private static let time = Timestamp(year: 2026, month: 11, day: 10)

    private func request(_ number: UInt64, model: Name) -> Event {
        var request = Event(
            id: EventID(at: Self.time, entropy: (number, number)), kind: .requestCompleted,
            occurredAt: Self.time)
        request.dimensions = [.provider: "acme", .model: model, .app: "versions"]
        request.usage = [.inputTokens: 1]
        return request
    }

    private func charge(
        _ request: Event, after previous: Event?, _ amount: Int64?, _ unpriced: Name?, book: UInt64
    ) -> Event {
        var charge = Event(
            id: .charge(for: request.id, after: previous?.id),
            kind: previous == nil ? .chargeRated : .chargeAdjusted, occurredAt: Self.time)
        charge.causeID = request.id
        charge.previousID = previous?.id
        charge.dimensions = request.dimensions
        charge.amount = amount.map { Picodollars($0) }
        charge.unpriced = unpriced
        charge.bookID = EventID(high: book, low: book)
        return charge
    }

    private func published(_ book: UInt64, day: Int) -> Event {
        let time = Timestamp(year: 2026, month: 11, day: day)
        var event = Event(
            id: EventID(at: time, entropy: (book, 9)), kind: .pricesPublished, occurredAt: time)
        event.bookID = EventID(high: book, low: book)
        event.detail = try? Labels([(key: "name", value: "book")])
        return event
    }

    /// Three requests under book 1 (published on the 1st) and adjusted under book 2 (on the 20th):
    /// 5 → 8 USD, unpriced → 2 USD, and 1 USD → unpriced.
    private func fill(_ bench: TwoLedgers) async throws {
        let ledger = PostgresLedger(id: bench.ours, pool: bench.pool, makeBatchID: uniqueID)
        let usd: Int64 = 1_000_000_000_000
        let requests = (1...3).map { request($0, model: $0 == 3 ? "b" : "a") }
        let first: [(Int64?, Name?)] = [(5 * usd, nil), (nil, "why"), (usd, nil)]
        let second: [(Int64?, Name?)] = [(3 * usd, nil), (2 * usd, nil), (-usd, "gone")]
        var rated: [Event] = []
        var encoder = EntryEncoder()
        var early = EntryBatch(for: bench.ours)
        try early.add(published(1, day: 1), using: &encoder)
        for (request, (amount, reason)) in zip(requests, first) {
            rated.append(charge(request, after: nil, amount, reason, book: 1))
            try early.add(request, charge: rated.last, using: &encoder)
        }
        var late = EntryBatch(for: bench.ours)
        try late.add(published(2, day: 20), using: &encoder)
        for ((request, previous), (amount, reason)) in zip(zip(requests, rated), second) {
            try late.add(
                charge(request, after: previous, amount, reason, book: 2), using: &encoder)
        }
        _ = try await ledger.append(early)
        let head = try await ledger.append(late).head.position
        await ledger.close()
        // The server's clock sets recorded_at; move that into November, and remove the other
        // events.
        try await administer(
            bench,
            """
            UPDATE tally.events SET recorded_at = CASE WHEN position > \(head - 4)
                THEN timestamptz '2026-11-25 12:00Z' ELSE '2026-11-11 12:00Z' END
            WHERE ledger_id = \(bench.ours.number);
            DELETE FROM tally.events WHERE ledger_id = \(bench.ours.number)
                AND kind <> 70 AND app IS DISTINCT FROM 'versions'
            """)
    }

    private func administer(_ bench: TwoLedgers, _ sql: String) async throws {
        _ = try await bench.admin.session { try $0.execute(sql) }
    }

    @Test("the documented queries return what was known, and under which prices")
    func documented() async throws {
        try await TwoLedgers.with { bench in
            try await fill(bench)
            let queries = try Self.queries(under: "What we knew when")
            #expect(queries.count == 5)
            let asOf = { (query: String) in
                query.replacingOccurrences(of: "2026-12-01 00:00Z'", with: "2026-11-20 00:00Z'")
            }
            let known = try await bench.ask(asOf(queries[0]))
            #expect(known.rows == [["6.000000000000", "10.000000000000"]])
            let models = try await bench.ask(asOf(queries[1]))
            #expect(
                models.rows == [
                    ["acme", "a", "2", "5.000000000000", "1"],
                    ["acme", "b", "1", "1.000000000000", "0"],
                ])
            let valid = try await bench.ask(queries[2])
            #expect(valid.rows == [["6.000000000000", "3", "1"]])
            let book = { (number: UInt64) in EventID(high: number, low: number).description }
            let sums = try await bench.ask(queries[3])
            #expect(
                sums.rows == [
                    ["2026-11-25", book(2), "3", "6.000000000000", "10.000000000000"]
                ])
            let versions = try await bench.ask(queries[4])
            #expect(
                versions.rows == [
                    ["1", book(1), "3", "6.000000000000", "6.000000000000"],
                    ["2", book(2), "3", "4.000000000000", "10.000000000000"],
                ])
        }
    }

    @Test("a request shows the cost, the state and the book of its last charge")
    func current() async throws {
        try await TwoLedgers.with { bench in
            try await fill(bench)
            let rows = try await bench.ask(
                """
                SELECT cost_usd, price_state, unpriced, charges, book_id FROM audit.requests
                ORDER BY position
                """
            ).rows
            let book = EventID(high: 2, low: 2).description
            #expect(
                rows == [
                    ["8.000000000000", "priced", nil, "2", book],
                    ["2.000000000000", "priced", nil, "2", book],
                    [nil, "unpriced", "gone", "2", book],
                ])
        }
    }

    @Test("a filter on occurred_at reaches the scan below the versions")
    func pruning() async throws {
        try await TwoLedgers.with { bench in
            try await administer(bench, "SELECT tally.ensure_month('2026-03-01')")
            let plan = try await bench.admin.session { session in
                try session.query(
                    """
                    EXPLAIN SELECT count(*) FROM audit.charge_versions
                    WHERE occurred_at >= '2026-11-10' AND occurred_at < '2026-11-20'
                    """
                ).rows.map { $0[0] ?? "" }.joined(separator: "\n")
            }
            #expect(plan.contains("events_2026_11"))
            #expect(!plan.contains("events_2026_03"), "\(plan)")
        }
    }
}
