import Estimating
import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Subscriptions
import Testing

@Suite("Spans of days", .timeLimit(.minutes(3)))
struct SpanTests {
    private let end = Timestamp(year: 2026, month: 11, day: 24)

    @Test("a question about any days answers as the rows by day add up")
    func anyDays() async throws {
        var random = SeededGenerator(seed: testSeed())
        try await TestLedger.with { bench in
            let ledger = bench.ledger.id
            var stream = LabelledStream(seed: random.next(), days: 200)
            let runner = bench.runner([.spend, .users, .answers])
            for _ in 0..<6 {
                try await bench.append(stream.entries(300))
                try await runner.catchUp()
            }
            for _ in 0..<12 {
                let length = Int64.random(in: 1...200, using: &random)
                let from = end.advanced(
                    byMicroseconds: -Timestamp.dayMicroseconds
                        * (length + Int64.random(in: 0...60, using: &random)))
                let to = from.advanced(byMicroseconds: length * Timestamp.dayMicroseconds)
                let users = try await UserQuery(ledger: ledger, from: from, to: to)
                    .run(on: bench.pool).rows
                #expect(
                    try await bench.sums(userSums(from, to))
                        == sums(
                            users.map {
                                (
                                    $0.user?.string ?? "NULL",
                                    [
                                        Int128($0.requests), Int128($0.failedRequests),
                                        $0.cost.amount,
                                        $0.inputTokens, $0.outputTokens,
                                    ]
                                )
                            }), "users from \(from) to \(to)")
                let answers = try await AnswerQuery(ledger: ledger, from: from, to: to)
                    .run(on: bench.pool).rows
                #expect(
                    try await bench.sums(answerSums(from, to))
                        == sums(
                            answers.map {
                                (
                                    "\($0.app?.string ?? "NULL") \($0.model?.string ?? "NULL")",
                                    [
                                        Int128($0.requests), Int128($0.finished),
                                        Int128($0.unpriced),
                                        $0.cost.amount, Int128($0.days), Int128($0.lengths.total),
                                    ]
                                )
                            }), "answers from \(from) to \(to)")
                let uses = try await CacheUseQuery(
                    ledger: ledger, days: DayRange(from: from, to: to)
                ).run(on: bench.pool).rows
                #expect(
                    try await bench.sums(cacheSums(from, to, length))
                        == sums(
                            uses.map { row in
                                (
                                    row.names.map { $0?.string ?? "NULL" }.joined(separator: " "),
                                    [row.recent, row.before].flatMap {
                                        [
                                            Int128($0.requests), Int128($0.days), $0.input,
                                            $0.cacheRead,
                                        ]
                                    }
                                )
                            }), "caches from \(from) to \(to)")
            }
            let spans = try await bench.text(
                "SELECT count(DISTINCT level) FROM tally.user_usage WHERE level > 100")
            #expect(spans == [["3"]], "all lengths of spans are kept")
            #expect(try await runner.conservation().allSatisfy(\.holds))
        }
    }

    @Test("a time of thousands of years asks for no more spans than events can lie in")
    func allTime() async throws {
        try await TestLedger.with { bench in
            var stream = LabelledStream(seed: 5, days: 100)
            try await bench.append(stream.entries(50))
            try await bench.runner([.users]).catchUp()
            let all = try await UserQuery(
                ledger: bench.ledger.id, from: Timestamp(year: 1, month: 1, day: 1),
                to: Timestamp(year: 9999, month: 12, day: 31)
            ).run(on: bench.pool)
            let counted = try await bench.text(
                "SELECT sum(requests) FROM tally.current_user_usage")
            #expect(counted == [["\(all.rows.reduce(0) { $0 + $1.requests })"]])
        }
    }

    private func sums(_ rows: [(String, [Int128])]) -> [String: [Int128]] {
        Dictionary(rows, uniquingKeysWith: { first, _ in first + [-1] })
    }

    private func days(_ from: Timestamp, _ to: Timestamp) -> String {
        "day >= date '\(from)' AND day < date '\(to)'"
    }

    private func userSums(_ from: Timestamp, _ to: Timestamp) -> String {
        """
        SELECT coalesce(user_id, 'NULL'), sum(requests), sum(failed_requests), sum(cost_pico),
            coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0)
        FROM tally.current_user_usage WHERE \(days(from, to)) GROUP BY user_id
        """
    }

    private func answerSums(_ from: Timestamp, _ to: Timestamp) -> String {
        """
        SELECT concat_ws(' ', coalesce(app, 'NULL'), coalesce(model, 'NULL')), sum(requests),
            sum(finished_requests), sum(unpriced_requests), sum(cost_pico),
            count(DISTINCT day) FILTER (WHERE requests > 0),
            (SELECT coalesce(sum(cell & 281474976710655), 0)
                FROM tally.current_answer_lengths AS lengths, unnest(lengths.lengths) AS cell
                WHERE level = 62 AND \(days(from, to))
                    AND lengths.app IS NOT DISTINCT FROM answers.app
                    AND lengths.model IS NOT DISTINCT FROM answers.model)
        FROM tally.current_answer_usage AS answers WHERE \(days(from, to)) GROUP BY app, model
        """
    }

    private func cacheSums(_ from: Timestamp, _ to: Timestamp, _ length: Int64) -> String {
        let sums = ["", "NOT "].map { negation in
            let window = "FILTER (WHERE \(negation)is_recent"
            return """
                coalesce(sum(requests) \(window)), 0),
                count(DISTINCT day) \(window) AND requests > 0),
                coalesce(sum(input_tokens) \(window)), 0),
                coalesce(sum(cache_read_input_tokens) \(window)), 0)
                """
        }
        return """
            SELECT concat_ws(' ', coalesce(app, 'NULL'), coalesce(feature, 'NULL'),
                    coalesce(provider, 'NULL'), coalesce(model, 'NULL'),
                    coalesce(service_tier, 'NULL'), coalesce(region, 'NULL')),
                \(sums.joined(separator: ", "))
            FROM (SELECT *, day >= date '\(from)' AS is_recent FROM tally.current_spend_daily
                WHERE day >= date '\(from)' - \(length) AND day < date '\(to)') AS cells
            GROUP BY app, feature, provider, model, service_tier, region
            """
    }
}
