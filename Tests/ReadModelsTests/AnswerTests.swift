import Estimating
import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Subscriptions
import Testing

@Suite("Answers and estimates", .timeLimit(.minutes(3)))
struct AnswerTests {
    private let monday = Timestamp(year: 2026, month: 11, day: 16)

    @Test("live, rebuilt and naively folded lengths, outcomes and estimates are the same")
    func liveIsRebuiltIsNaive() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var stream = LabelledStream(seed: seed)
            let runner = bench.runner([.answers, .tokenEstimates])
            var events: [Event] = []
            for _ in 0..<10 {
                let entries = stream.entries(160)
                try await bench.append(entries)
                for entry in entries { events += [entry.event] + (entry.charge.map { [$0] } ?? []) }
                if stream.chance(0.6) { try await runner.catchUp() }
            }
            try await runner.catchUp()
            let naive = NaiveAnswers(events)
            #expect(naive.lengths.count > 300 && naive.ratios.count > 50)
            for version in 1...2 {
                if version == 2 { _ = try await runner.rebuild() }
                let kept = try await NaiveAnswers(bench)
                #expect(kept.usage == naive.usage)
                #expect(kept.lengths == naive.lengths)
                #expect(kept.estimates == naive.estimates)
                #expect(kept.ratios == naive.ratios)
                let conserved = try await runner.conservation()
                #expect(conserved.count == 2 && conserved.allSatisfy(\.holds))
            }
            let sums = try await bench.text(
                """
                SELECT count(DISTINCT total) FROM (SELECT level, sum(count) AS total
                    FROM tally.current_answer_lengths, unnest(lengths) AS cell,
                        LATERAL (SELECT cell & 281474976710655 AS count) AS counted
                    GROUP BY level) AS levels
                """)
            #expect(sums == [["1"]], "every level holds all answers")
        }
    }

    @Test("a history of lengths nests, ages by days, and forgets what is too old")
    func history() async throws {
        try await TestLedger.with { bench in
            var entries: [(event: Event, charge: Event?)] = []
            for (index, (day, app, feature, output)) in [
                (0, "a", "x", 10), (0, "a", "y", 20), (1, "b", "x", 30), (-70, "a", "x", 40),
                (1, "a", "x", 50),
            ].enumerated() {
                let event = request(
                    UInt64(index), day: Int64(day), app, feature, output: Int64(output))
                entries.append((event, nil))
            }
            try await bench.append(entries)
            try await bench.runner().catchUp()
            let answer = try await LengthQuery(
                ledger: bench.ledger.id, app: "a", feature: "x", model: "gpt-4o",
                shape: PromptShape(inputTokens: 100),
                at: monday.advanced(byMicroseconds: Timestamp.dayMicroseconds + 1)
            ).run(on: bench.pool)
            #expect(answer.position == 5)
            let found = LengthHistory.Level.allCases.map { level in
                answer.history[level].map { "\($0.age): \($0.lengths.tokens)" }
            }
            #expect(
                found == [
                    ["0: 80", "1: 30"], ["0: 80", "1: 30"], ["0: 50", "1: 30"],
                    ["0: 50", "1: 10"], ["0: 50", "1: 10"],
                ])
            let other = try await LengthQuery(
                ledger: bench.ledger.id, app: nil, feature: nil, model: "unheard-of",
                shape: PromptShape(inputTokens: 100), at: monday
            ).run(on: bench.pool)
            #expect(other.history.observations(.ledger) == 4, "not the one of 70 days ago")
            #expect(other.history.observations(.model) == 0)
        }
    }

    @Test("answers are told by application and model, with what they cost and how they ended")
    func answers() async throws {
        try await TestLedger.with { bench in
            var stream: [(event: Event, charge: Event?)] = []
            for (index, reason) in ["stop", "LENGTH", "content_filter", "?", nil].enumerated() {
                var event = request(UInt64(index), day: 0, "a", "x", output: 64)
                event.labels = try reason.map {
                    try Labels([(key: "finish_reason", value: Name($0))])
                }
                stream.append((event, charge(event, index == 4 ? nil : 10)))
            }
            var limited = request(9, day: 0, "a", "y", output: 500)
            limited.labels = try Labels([(key: "max_tokens", value: "500")])
            stream.append((limited, charge(limited, 10)))
            try await bench.append(stream)
            try await bench.runner().catchUp()
            let answer = try await AnswerQuery(
                ledger: bench.ledger.id, from: monday,
                to: monday.advanced(byMicroseconds: Timestamp.dayMicroseconds)
            ).run(on: bench.pool)
            let row = try #require(answer.rows.first)
            #expect(answer.rows.count == 1 && answer.position == 12)
            #expect(row.app == "a" && row.model == "gpt-4o" && row.provider == "openai")
            #expect(row.requests == 6 && row.finished == 1 && row.cutOff == 2)
            #expect(row.refused == 1 && row.unknown == 2)
            #expect(row.unpriced == 1 && row.cost.amount == 50)
            #expect(row.lengths.total == 6 && row.modelLengths == row.lengths)
            #expect(row.limits == LengthHistogram([500]))
        }
    }

    @Test("labels that are no numbers, and numbers that are too long, stop nothing")
    func oddLabels() async throws {
        try await TestLedger.with { bench in
            let odd: [Name] = ["", "-1", "1e3", "99999999999999999999", "٣", "1.5", "0", "7 "]
            var entries: [(event: Event, charge: Event?)] = []
            for (index, text) in odd.enumerated() {
                var event = request(UInt64(index), day: 0, "a", "x", output: 5)
                event.labels = try Labels([
                    (key: "max_tokens", value: text), (key: "estimated_input_tokens", value: text),
                ])
                entries.append((event, nil))
            }
            try await bench.append(entries)
            try await bench.runner().catchUp()
            #expect(try await bench.runner().status().allSatisfy { $0.halted == nil })
            let usage = try await bench.text(
                """
                SELECT requests, cut_off_requests, finished_requests
                FROM tally.current_answer_usage
                """)
            // A limit of zero tokens that five exceed is a limit all the same.
            #expect(usage == [["8", "1", "0"]])
            let estimates = try await bench.text(
                "SELECT requests, estimated_requests FROM tally.current_token_estimates")
            #expect(estimates == [["8", "0"]])
        }
    }

    @Test("bills calibrate the estimates of their family")
    func calibrations() async throws {
        try await TestLedger.with { bench in
            var entries: [(event: Event, charge: Event?)] = []
            for index in 0..<60 {
                var event = request(UInt64(index), day: 0, "a", "x", output: 5)
                event.dimensions[.model] = index % 2 == 0 ? "m-20250101" : "m-20250202"
                event.usage[.inputTokens] = 1_100
                event.labels = try Labels([
                    (key: "estimated_input_tokens", value: "1000"),
                    (key: "estimated_with", value: "o200k_base"),
                ])
                entries.append((event, nil))
            }
            try await bench.append(entries)
            try await bench.runner().catchUp()
            let answer = try await CalibrationQuery(ledger: bench.ledger.id, at: monday)
                .run(on: bench.pool)
            let learnt = answer.calibrations.calibration(
                provider: "openai", model: "m", encoding: "o200k_base")
            #expect(learnt.basis == .family && learnt.observations == 60)
            #expect(learnt.ratio == 1.1 && learnt.band < 0.001)
            let late = try await CalibrationQuery(
                ledger: bench.ledger.id,
                at: monday.advanced(byMicroseconds: 91 * Timestamp.dayMicroseconds)
            ).run(on: bench.pool)
            #expect(late.calibrations.families.isEmpty)
        }
    }

    // MARK: Events

    private func request(
        _ index: UInt64, day: Int64, _ app: String, _ feature: String, output: Int64
    ) -> Event {
        let time = monday.advanced(byMicroseconds: day * Timestamp.dayMicroseconds)
        var event = Event(
            id: EventID(at: time, entropy: (index, index)), kind: .requestCompleted,
            occurredAt: time)
        event.dimensions = [
            .provider: "openai", .model: "gpt-4o", .app: Name(app), .feature: Name(feature),
        ]
        event.usage = [.inputTokens: 100, .outputTokens: output]
        return event
    }

    private func charge(_ request: Event, _ cost: Int64?) -> Event {
        var charge = Event(
            id: .charge(for: request.id, after: nil), kind: .chargeRated,
            occurredAt: request.occurredAt)
        charge.causeID = request.id
        charge.dimensions = request.dimensions
        charge.amount = cost.map { Picodollars($0) }
        if cost == nil { charge.unpriced = "no price" }
        return charge
    }
}
