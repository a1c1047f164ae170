import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Testing

@Suite("Failed requests", .timeLimit(.minutes(3)))
struct ErrorTests {
    @Test("live, rebuilt and naively folded errors are the same, with what adjustments cost")
    func fold() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var stream = RandomStream(seed: seed)
            let runner = bench.runner()
            var events: [Event] = []
            for _ in 0..<8 {
                let entries = stream.entries(60)
                try await bench.append(entries)
                for entry in entries { events += [entry.event] + (entry.charge.map { [$0] } ?? []) }
                if stream.events.chance(0.6) { try await runner.catchUp() }
            }
            try await runner.catchUp()
            let naive = Self.naive(events)
            #expect(naive.count > 10)
            #expect(try await held(by: bench) == naive)
            _ = try await runner.rebuild(["errors"])
            #expect(try await held(by: bench) == naive)
            let answer = try await ErrorQuery(
                ledger: bench.ledger.id, from: .earliest,
                to: Timestamp(year: 2100, month: 1, day: 1)
            ).run(on: bench.pool)
            #expect(
                answer.rows.reduce(0) { $0 + Int128($1.requests) }
                    == naive.values.reduce(0) { $0 + $1[0] })
            #expect(answer.position == Int64(events.count))
            #expect(answer.nextOffset == nil)

            var pages: [ErrorRow] = []
            var offset: Int? = 0
            while let start = offset {
                let page = try await ErrorQuery(
                    ledger: bench.ledger.id, from: .earliest,
                    to: Timestamp(year: 2100, month: 1, day: 1),
                    page: AnswerPage(limit: 3, offset: start)
                ).run(on: bench.pool)
                #expect(page.rows.count <= 3)
                pages += page.rows
                offset = page.nextOffset
            }
            #expect(pages == answer.rows, "pages make up the whole answer, in its order")
        }
    }

    /// By day and names: requests, those without a price, cost, input and output tokens.
    private static func naive(_ events: [Event]) -> [String: [Int128]] {
        let failed = Dictionary(
            uniqueKeysWithValues: events.filter { $0.kind == .requestFailed }.map { ($0.id, $0) })
        let unpriced = Set(events.filter { $0.unpriced != nil }.map(\.id))
        var sums: [String: [Int128]] = [:]
        for event in events {
            let cause = event.causeID.flatMap { failed[$0] }
            let isCharge = event.kind == .chargeRated || event.kind == .chargeAdjusted
            guard let request = event.kind == .requestFailed ? event : isCharge ? cause : nil
            else { continue }
            var names = [request.occurredAt.dayDescription]
            names += [Dimension.app, .provider, .model].map {
                request.dimensions[$0]?.string ?? "NULL"
            }
            names += [
                request.status.map { "\($0)" } ?? "NULL", request.errorType?.string ?? "NULL",
            ]
            let wasUnpriced = event.previousID.map { unpriced.contains($0) } ?? false
            let added: [Int128] =
                isCharge
                ? [
                    0, (event.unpriced == nil ? 0 : 1) - (wasUnpriced ? 1 : 0),
                    Int128(event.amount?.amount ?? 0), 0, 0,
                ]
                : [
                    1, 0, 0, Int128(event.usage.value(.inputTokens)),
                    Int128(event.usage.value(.outputTokens)),
                ]
            let key = names.joined(separator: " ")
            sums[key] = zip(sums[key] ?? [0, 0, 0, 0, 0], added).map { $0 + $1 }
        }
        return sums
    }

    private func held(by bench: TestLedger) async throws -> [String: [Int128]] {
        try await bench.sums(
            """
            SELECT concat_ws(' ', day, coalesce(app, 'NULL'), coalesce(provider, 'NULL'),
                    coalesce(model, 'NULL'), coalesce(status::text, 'NULL'),
                    coalesce(error_type, 'NULL')),
                requests, unpriced_requests, cost_pico, input_tokens, output_tokens
            FROM tally.current_errors_daily
            """)
    }
}
