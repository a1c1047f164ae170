import JSON
import LedgerModel
package import Postgres

extension Benchmarks {
    /// How long an answer from the read models may take.
    static let answerMax: Duration = .milliseconds(100)

    /// The documented audits and calls on a large ledger, each beside the 100 ms that an answer
    /// from the read models may take.
    ///
    /// They run as soon as the read models have caught up, so that the first answers use whatever
    /// statistics exist by then.
    ///
    /// - Parameters:
    ///   - catchUp: brings the read models up to date.
    ///   - start: starts a service in a separate process on the database.
    package func questions(
        catchUp: @Sendable (Pool) async throws -> Void,
        start: @Sendable (PostgresConfiguration) async throws -> RunningService
    ) async throws -> BenchmarkReport {
        try await BenchmarkDatabase.withScratch(on: server, schema) { database in
            log("questions: filling a ledger with \(options.events) events")
            let filling = ContinuousClock.now
            let (_, stored, _) = try await fill(database, from: batches(), named: "default")
            try await catchUp(database.pool)
            let filled = seconds(since: filling)
            let service = try await start(database.configuration)
            do {
                var report = try await ask(Question.all(until: options.now), service)
                try await service.stop()
                report.machine = try await database.machine()
                report.facts = [
                    BenchmarkReport.Fact("stored_events", Double(stored)),
                    BenchmarkReport.Fact("fill_events_per_second", Double(stored) / filled),
                    BenchmarkReport.Fact(
                        "bytes_per_event_with_read_models",
                        try await database.allBytesPerEvent(stored)),
                ]
                return report
            } catch {
                try? await service.stop()
                throw error
            }
        }
    }

    /// Runs everything once, cold, and then in as many rounds as there are runs.
    private func ask(
        _ questions: [Question], _ service: RunningService
    ) async throws -> BenchmarkReport {
        var runs = [[BenchmarkReport.Run]](repeating: [], count: questions.count)
        var rounds: [BenchmarkReport.Run] = []
        for number in 0...options.runs {
            log("questions: round \(number) of \(options.runs)" + (number == 0 ? ", cold" : ""))
            let start = ContinuousClock.now
            for (index, question) in questions.enumerated() {
                let outcome = try await HTTPLoad.run(
                    question.tape(for: service), callers: 1, host: service.host,
                    port: service.port)
                if question.isNeverEmpty, outcome.answer.contains("\"rows\":[]") {
                    throw BenchmarkFailure("\(question.name) found nothing: \(outcome.answer)")
                }
                runs[index].append(
                    BenchmarkReport.Run(
                        events: 1, seconds: outcome.seconds, limit: question.limit,
                        latency: outcome.latencies.summary))
            }
            rounds.append(
                BenchmarkReport.Run(
                    events: Int64(questions.count), seconds: seconds(since: start), limit: nil))
        }
        var report = BenchmarkReport(name: "questions", runs: rounds, unit: .requests)
        report.also = zip(questions, runs).map { question, runs in
            var report = BenchmarkReport(
                name: question.name, runs: Array(runs.dropFirst()), unit: .requests)
            report.facts = [BenchmarkReport.Fact("first_ms", runs[0].seconds * 1e3)]
            return report
        }
        return report
    }
}

/// A documented query or call.
private struct Question {
    let name: String
    let path: String
    /// The body of an audit; nil for a call that is a GET.
    var query: String?
    /// Whether read models answer it; other questions read the events themselves.
    var isRollup = true
    /// Whether the workload always gives it a result.
    var isNeverEmpty = true

    /// Answers per second at the time limit of one answer.
    var limit: Double? { isRollup ? 1 / seconds(Benchmarks.answerMax) : nil }

    func tape(for service: RunningService) -> RequestTape {
        var tape = RequestTape()
        if let query {
            var body = JSONWriter()
            body.object { $0.field("query", query) }
            tape.post(body.bytes, to: path, host: service.host, key: service.key)
        } else {
            tape.get(path, host: service.host, key: service.key)
        }
        return tape
    }

    /// The audits of docs/audit.md and the calls of the README, over the period of the ledger.
    static func all(until now: Timestamp) -> [Question] {
        let day = before(now, days: -1).startOfDay
        let (week, month, season) = (
            before(day, days: 7), before(day, days: 30), before(day, days: 110)
        )
        return calls(day, week, month, season) + audits(day, week, month)
    }

    private static func before(_ time: Timestamp, days: Int64) -> Timestamp {
        time.advanced(byMicroseconds: -days * Timestamp.dayMicroseconds)
    }

    private static func calls(
        _ day: Timestamp, _ week: Timestamp, _ month: Timestamp, _ season: Timestamp
    ) -> [Question] {
        func call(
            _ name: String, _ path: String, since: Timestamp, isNeverEmpty: Bool = true
        ) -> Question {
            let joint = path.contains("?") ? "&" : "?"
            return Question(
                name: name, path: "/api/v1/\(path)\(joint)from=\(since)&to=\(day)",
                isNeverEmpty: isNeverEmpty)
        }
        return [
            call("spend", "spend", since: month),
            call("spend by app", "spend?by=app", since: month),
            call("spend by app, model", "spend?by=app,model", since: month),
            call("spend by team, day", "spend?by=team&interval=day", since: month),
            call("spend by app, hour", "spend?by=app&interval=hour", since: before(day, days: 18)),
            call("spend by model, hour", "spend?by=model&interval=hour", since: week),
            call("spend of all time", "spend?by=provider&interval=month", since: season),
            call("spend of a model", "spend?model=gpt-4o&by=feature&interval=day", since: month),
            call("providers", "providers", since: week),
            call("users", "users", since: month),
            call("unpriced", "unpriced", since: month, isNeverEmpty: false),
            call("errors", "errors", since: month, isNeverEmpty: false),
            call("answers", "answers", since: month, isNeverEmpty: false),
            call("savings", "tokens/savings?by=app,stage,day", since: month, isNeverEmpty: false),
            call("recommend", "recommendations", since: before(day, days: 14), isNeverEmpty: false),
            call("recommend, long", "recommendations", since: season, isNeverEmpty: false),
        ]
    }

    private static func audits(
        _ day: Timestamp, _ week: Timestamp, _ month: Timestamp
    ) -> [Question] {
        func audit(
            _ name: String, isRollup: Bool = true, isNeverEmpty: Bool = true, _ query: String
        ) -> Question {
            Question(
                name: name, path: "/api/v1/sql", query: query, isRollup: isRollup,
                isNeverEmpty: isNeverEmpty)
        }
        let days = "day >= '\(month.dayDescription)' AND day < '\(day.dayDescription)'"
        let lastDay = before(day, days: 2)
        return [
            audit(
                "audit apps",
                """
                SELECT app, sum(cost_usd) AS usd, sum(requests) AS requests
                FROM audit.spend_daily WHERE \(days) GROUP BY app ORDER BY usd DESC
                """),
            audit(
                "audit hours",
                """
                SELECT hour, model, sum(cost_usd) AS usd FROM audit.spend_hourly
                WHERE hour >= '\(lastDay)' AND hour < '\(day)'
                GROUP BY hour, model ORDER BY hour, usd DESC
                """),
            audit(
                "audit unpriced", isNeverEmpty: false,
                """
                SELECT provider, model, reason, sum(requests) AS requests,
                    sum(input_tokens + output_tokens) AS tokens
                FROM audit.unpriced GROUP BY provider, model, reason ORDER BY tokens DESC
                """),
            audit(
                "audit cache",
                """
                SELECT app, model, round(100 * sum(cache_read_input_tokens)
                    / nullif(sum(input_tokens), 0), 1) AS percent
                FROM audit.spend_daily WHERE \(days) GROUP BY app, model ORDER BY percent
                """),
            audit(
                "audit providers",
                """
                SELECT day, provider, model, requests,
                    round(100.0 * failed_requests / requests, 2) AS failed_percent,
                    latency_p50_ms, latency_p99_ms, time_to_first_token_p95_ms
                FROM audit.providers_daily
                WHERE day >= '\(week.dayDescription)' AND day < '\(day.dayDescription)'
                    AND requests > 0 ORDER BY day, provider, model
                """),
            audit(
                "audit users",
                """
                SELECT "user", sum(cost_usd) AS usd, round(100 * sum(cost_pico)
                    / nullif(sum(sum(cost_pico)) OVER (), 0), 1) AS percent
                FROM audit.usage_daily WHERE \(days) GROUP BY "user" ORDER BY usd DESC LIMIT 20
                """),
            audit(
                "audit stages", isNeverEmpty: false,
                """
                SELECT stage, is_lossless, sum(tokens_saved) AS tokens, sum(saved_usd) AS usd
                FROM audit.prompt_stages_daily WHERE \(days)
                GROUP BY stage, is_lossless ORDER BY usd DESC
                """),
            audit(
                "audit requests", isRollup: false,
                """
                SELECT occurred_at, app, "user", model, input_tokens, output_tokens, cost_usd
                FROM audit.requests WHERE occurred_at >= '\(lastDay)' AND occurred_at < '\(day)'
                ORDER BY cost_pico DESC LIMIT 20
                """),
        ]
    }
}
