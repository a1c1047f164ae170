import LedgerModel
import Testing

/// Which reports are of one call, and which are not.
@Suite("Reports of one call")
struct SameCallTests {
    /// A report of a call that began some milliseconds after noon and lasted some more.
    private func report(
        _ span: String, in parent: String? = nil, by scope: String = "inner", trace: String = "t",
        answer: String? = nil, from start: Int64 = 0, lasting duration: Int64 = 1_000,
        model: String = "gpt-4o", provider: String = "openai",
        kind: EventKind = .requestCompleted, usage: Usage = [.inputTokens: 10, .outputTokens: 3]
    ) -> Event {
        let time = Timestamp(year: 2026, month: 11, day: 28)
            .advanced(byMicroseconds: 43_200_000_000 + start * 1_000)
        var event = Event(
            id: EventID(at: time, digest: Digest(hashing: Array((trace + span).utf8))),
            kind: kind, occurredAt: time)
        event.dimensions = [.provider: Name(provider), .model: Name(model)]
        event.latency = duration * 1_000
        event.usage = usage
        event.origin.traceID = Name(trace)
        event.origin.spanID = Name(span)
        event.origin.parentSpanID = parent.map { Name($0) }
        event.origin.scope = Name(scope)
        event.origin.responseID = answer.map { Name($0) }
        return event
    }

    /// How many requests some reports become, booked in this order.
    private func requests(_ reports: [Event]) -> [ReportedCall] {
        var calls: [ReportedCall] = []
        for report in reports {
            if let (index, isCertain) = ReportedCall.find(report, among: calls) {
                let note = calls[index].repeated(by: report, isCertain: isCertain)
                calls[index].add(note)
            } else {
                calls.append(ReportedCall(report))
            }
        }
        return calls
    }

    /// Expects a number of requests, in every order.
    private func expect(
        _ count: Int, _ reports: Event..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for order in permutations(reports) {
            #expect(
                requests(order).count == count, "\(order.map(\.origin.spanID))",
                sourceLocation: sourceLocation)
        }
    }

    private func permutations<T>(_ values: [T]) -> [[T]] {
        if values.count < 2 { return [values] }
        return values.indices.flatMap { index in
            var rest = values
            let value = rest.remove(at: index)
            return permutations(rest).map { [value] + $0 }
        }
    }

    @Test("reports with one id of the provider's are one call, whatever their traces")
    func sameAnswer() {
        expect(
            1, report("a", answer: "msg_1"),
            report("b", by: "outer", trace: "u", answer: "msg_1", from: -5, lasting: 1_010))
        expect(
            1, report("a", answer: "msg_1"),
            report("b", by: "outer", answer: "msg_1", usage: [.inputTokens: 10, .outputTokens: 4]),
            report("c", by: "third", trace: "v", answer: "msg_1", model: "gpt-4o-2024-08-06"))
    }

    @Test("reports with different ids are different calls, even parent and child")
    func otherAnswer() {
        expect(
            2, report("a", answer: "msg_1"), report("b", by: "outer", answer: "msg_2"))
        expect(
            2, report("a", in: "b", answer: "msg_1"), report("b", by: "outer", answer: "msg_2"))
    }

    @Test("an id that a provider gives again is another call, at another time or at the same")
    func repeatedAnswer() {
        expect(2, report("a", answer: "1"), report("b", trace: "u", answer: "1"))
        expect(
            2, report("a", answer: "1"),
            report("b", by: "outer", trace: "u", answer: "1", from: 60_000))
        // Each call is reported by two; a concurrent one has the same id.
        let calls = requests([
            report("b", by: "outer", trace: "1", answer: "1"), report("a", trace: "2", answer: "1"),
            report("d", trace: "3", answer: "1", from: 1),
            report("c", by: "outer", trace: "4", answer: "1", from: 1),
        ])
        #expect(calls.count == 2)
        #expect(calls.map(\.repeats.count) == [1, 1])
        // One server, two applications; or two calls of one that have nothing else in common.
        var other = report("b", by: "outer", trace: "u", answer: "1")
        other.dimensions[.app] = "another"
        expect(2, report("a", answer: "1"), other)
        expect(
            2, report("a", answer: "1"),
            report(
                "b", by: "outer", trace: "u", answer: "1",
                usage: [.inputTokens: 200, .outputTokens: 60]))
        expect(
            2, report("a", answer: "1", model: "x", provider: "p"),
            report("b", by: "outer", answer: "1", model: "y", provider: "q"))
    }

    @Test("parent and child of one provider and model are one call, with one scope or two")
    func nested() {
        expect(1, report("a", in: "b"), report("b", by: "outer", from: -5, lasting: 1_010))
        expect(1, report("a", in: "b"), report("b", from: -5, lasting: 1_010))
        let inner = report("a", in: "b")
        let middle = report("b", in: "c", by: "middle", from: -1, lasting: 1_002)
        let outer = report(
            "c", by: "outer", from: -5, lasting: 1_010, model: "gpt-4o-2024-08-06")
        for order in [[inner, middle, outer], [outer, middle, inner], [middle, outer, inner]] {
            #expect(requests(order).count == 1)
        }
    }

    @Test("neighbours, other models, other providers, other traces and failed tries stay apart")
    func apart() {
        expect(2, report("a", in: "z"), report("b", in: "z", by: "outer"))
        expect(2, report("a", in: "b"), report("b", by: "outer", model: "gpt-4o-mini"))
        expect(2, report("a", in: "b"), report("b", by: "outer", provider: "azure"))
        expect(2, report("a", in: "b"), report("b", by: "outer", trace: "u"))
        expect(2, report("a", in: "b"), report("b", by: "outer", from: 5_000))
        expect(
            2, report("a", in: "b", kind: .requestFailed),
            report("b", by: "outer", from: -5, lasting: 1_010))
    }

    @Test("a retry and the turns of a loop inside one span stay as many calls as there were")
    func loops() {
        let turns = (0..<3).map { turn in
            report("\(turn)", in: "z", from: Int64(turn) * 2_000, lasting: 1_500)
        }
        let around = report("z", by: "outer", from: -5, lasting: 6_000)
        #expect(requests(turns + [around]).count == 3)
        #expect(requests([around] + turns).count == 3)
        let calls = requests([
            report("0", in: "z", lasting: 100, kind: .requestFailed, usage: [:]),
            report("1", in: "z", from: 300, lasting: 700),
            report("z", by: "outer", from: -5, lasting: 1_010),
        ])
        #expect(calls.map(\.repeats.count) == [0, 1])
    }

    @Test("a report of several calls adds nothing to any of them")
    func sum() {
        let calls = requests([
            report("0", in: "z", lasting: 1_000, usage: [:]),
            report("1", in: "z", from: 2_000, lasting: 1_000),
            report("z", by: "outer", from: -5, lasting: 4_000, usage: [.inputTokens: 20]),
        ])
        #expect(calls.count == 2)
        #expect(calls.allSatisfy { $0.completed.usage == $0.request.usage })
    }

    @Test("a later report adds what no earlier one told, and nothing else")
    func completion() {
        var first = report("a", answer: "1", usage: [:])
        first.dimensions[.session] = "s"
        var second = report("b", by: "outer", answer: "1", usage: [.inputTokens: 100])
        second.dimensions[.session] = "another"
        second.dimensions[.user] = "u"
        var third = report(
            "c", by: "third", answer: "1",
            usage: [.inputTokens: 100, .cacheReadInputTokens: 80, .outputTokens: 5])
        third.status = 200
        let calls = requests([first, second, third])
        #expect(calls.count == 1)
        #expect(
            calls[0].repeats.map(\.usage.units) == [
                [.inputTokens], [.cacheReadInputTokens, .outputTokens],
            ])
        let completed = calls[0].completed
        #expect(completed.usage == third.usage)
        #expect(completed.dimensions[.session] == "s")
        #expect(completed.dimensions[.user] == "u")
        #expect(completed.status == 200)
        #expect(
            calls[0].repeats.allSatisfy {
                $0.causeID == first.id && $0.occurredAt == first.occurredAt
            })
    }

    @Test("counts that contradict the first report's are not added")
    func contradiction() {
        let calls = requests([
            report("a", answer: "1", usage: [.inputTokens: 20, .outputTokens: 3]),
            report(
                "b", by: "outer", answer: "1",
                usage: [.inputTokens: 100, .cacheReadInputTokens: 80, .outputTokens: 3]),
        ])
        #expect(calls[0].completed.usage == [.inputTokens: 20, .outputTokens: 3])
    }

    @Test("a report beside another one is of the same call, in every order")
    func beside() {
        let call = { (turn: Int64, usage: Usage, answer: String?) in
            [
                report(
                    "l\(turn)", in: "z", by: "langfuse-sdk", from: turn * 2_000, lasting: 1_001,
                    usage: usage),
                report(
                    "o\(turn)", in: "z", by: "openllmetry", answer: answer,
                    from: turn * 2_000 + 1, lasting: 1_003, usage: usage),
            ]
        }
        let usage: Usage = [.inputTokens: 10, .outputTokens: 3]
        for answers in [["a", "b"], [nil, nil]] {
            // Two turns of a loop, and two calls at one time, with equal numbers.
            let turns = call(0, usage, answers[0]) + call(1, usage, answers[1])
            var twice = call(0, usage, answers[0])
            for var report in call(0, usage, answers[1]) {
                report.id = EventID(at: report.occurredAt, digest: Digest(hashing: [7]))
                report.origin.spanID = report.origin.spanID.map { Name($0.string + "'") }
                twice.append(report)
            }
            for reports in [turns, twice] {
                for order in permutations(reports) {
                    let calls = requests(order)
                    #expect(calls.count == 2)
                    #expect(calls.allSatisfy { $0.completed.usage == usage })
                }
            }
        }
        // An embedding: one tells of the cache, the other one does not.
        expect(
            1, report("l", in: "z", by: "langfuse-sdk", usage: [.inputTokens: 8]),
            report(
                "o", in: "z", by: "openllmetry", usage: [.inputTokens: 8, .cacheReadInputTokens: 0])
        )
    }

    @Test("a report beside one of other counts, time, parent, fate or trace is of another call")
    func notBeside() {
        let beside = report("l", in: "z", by: "langfuse-sdk")
        for other in [
            report("o", in: "z", by: "openllmetry", usage: [.inputTokens: 10, .outputTokens: 4]),
            report("o", in: "z", by: "openllmetry", from: 1_000),
            report("o", in: "z", by: "openllmetry", from: 700),
            report("o", in: "z", by: "openllmetry", lasting: 300),
            report("o", in: "y", by: "openllmetry"), report("o", by: "openllmetry"),
            report("o", in: "z", by: "openllmetry", trace: "u"),
            report("o", in: "z", by: "openllmetry", model: "gpt-4o-mini"),
            report("o", in: "z", by: "openllmetry", kind: .requestFailed),
            report("o", in: "z", by: "langfuse-sdk"),
        ] {
            expect(2, beside, other)
        }
        // Two spans without a parent are in two traces; within one, nothing says that they belong.
        expect(2, report("l", by: "langfuse-sdk"), report("o", by: "openllmetry"))
    }

    @Test("models are one if only a version follows")
    func models() {
        for (a, b, isOne) in [
            ("gpt-4o", "gpt-4o-2024-08-06", true), ("gpt-4o", "gpt-4o-mini", false),
            ("openai/gpt-4o", "gpt-4o", true), ("gpt-4", "gpt-4-0613", true),
            ("claude-opus-4", "claude-opus-4-5", false), ("gpt-4", "gpt-4.1", false),
            ("claude-3-5-sonnet", "claude-3-5-sonnet@20240620", true),
        ] {
            expect(
                isOne ? 1 : 2, report("a", in: "b", model: a),
                report("b", by: "outer", model: b))
        }
    }
}
