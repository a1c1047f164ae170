import EventStore
import LedgerModel
import LedgerTesting
import Pricing
import Rendering
import Replay
import StoreTesting
import Testing

@Suite("Replay reports")
struct ReportTests {
    /// A report of three requests in two groups, one with a malicious name.
    private func withReport(
        _ body: @escaping @Sendable (ReplayReport) throws -> Void
    ) async throws {
        try await TestLedger.with { fixture in
            let time = Timestamp(year: 2026, month: 11, day: 20)
            let apps: [Name] = ["search", "search", "<script>alert(\"1\")</script>\u{1B}[31m"]
            let requests = apps.enumerated().map { index, app in
                var event = Event(
                    id: EventID(at: time, entropy: (UInt64(index), 1)), kind: .requestCompleted,
                    occurredAt: time)
                event.dimensions = [.provider: "provider-0", .model: "model-0", .app: app]
                event.usage = [.inputTokens: 1_000_000, .outputTokens: 1_000_000]
                return event
            }
            try await fixture.append(requests, under: try Books.first())
            let report = try await PriceReplay(ledger: fixture.ledger.id, pool: fixture.pool)
                .run(ReplayRequest(prices: .book(try Books.second()), groupedBy: [.app]))
            try body(report)
        }
    }

    @Test("the table aligns money and says what would have been different")
    func table() async throws {
        try await withReport { report in
            let lines = Replayed(report).report.text().split(separator: "\n")
            #expect(lines[0].hasPrefix("app"))
            #expect(lines[2].hasPrefix("search"))
            #expect(lines[2].contains("$25.00        $12.00     -$13.00  -52.00"))
            #expect(lines[0].count == lines[2].count)
            #expect(!Replayed(report).report.text().contains("\u{1B}"))
            #expect(Replayed(report).report.verdict.contains("$19.50 less (-52.00 %)"))
        }
    }

    @Test("JSON holds money as exact decimal strings")
    func json() async throws {
        try await withReport { report in
            #expect(Replayed(report).json.contains("\"recorded_usd\":\"37.5\""))
            #expect(Replayed(report).json.contains("\"difference_usd\":\"-19.5\""))
            #expect(Replayed(report).json.contains("\"difference_percent\":\"-52.00\""))
            #expect(Replayed(report).json.contains("\"by\":[\"app\"]"))
        }
    }

    @Test("the page is self-contained and escapes every name")
    func page() async throws {
        try await withReport { report in
            #expect(!Replayed(report).report.html.contains("<script"))
            #expect(!Replayed(report).report.html.contains("http"))
            #expect(Replayed(report).report.html.contains("&lt;script&gt;alert(&quot;1&quot;)"))
        }
    }
}
