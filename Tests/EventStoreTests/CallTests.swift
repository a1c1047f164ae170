import EventStore
import LedgerModel
import LedgerTesting
import StoreTesting
import Testing

/// A call that several instrumentations report is one request, in one export or in many.
@Suite("Reports of one call in a ledger", .serialized, .timeLimit(.minutes(2)))
struct CallTests {
    private func entry(_ random: inout RandomEvents, _ change: (inout Event) -> Void) -> Entry {
        var event = random.request()
        event.kind = .requestCompleted
        event.externalID = nil
        event.dimensions = [.provider: "openai", .model: "gpt-4o"]
        event.occurredAt = Timestamp(year: 2026, month: 11, day: 20)
        event.latency = 1_000_000
        event.origin = CallOrigin()
        event.origin.traceID = "t"
        change(&event)
        event.id = EventID(
            at: event.occurredAt, entropy: (random.random.next(), random.random.next()))
        return Entry(request: event, charge: random.charge(for: event))
    }

    func pair(_ random: inout RandomEvents) -> (inner: Entry, outer: Entry) {
        let inner = entry(&random) { event in
            event.origin.spanID = "a"
            event.origin.parentSpanID = "b"
            event.origin.scope = "inner"
            event.usage = [:]
        }
        let outer = entry(&random) { event in
            event.occurredAt = event.occurredAt.advanced(byMicroseconds: -1_000)
            event.latency = 1_002_000
            event.origin.spanID = "b"
            event.origin.scope = "outer"
            event.usage = [.inputTokens: 5, .outputTokens: 2]
        }
        return (inner, outer)
    }

    @Test(
        "the second report is noted with what it adds, in one batch", arguments: StoreKind.allCases)
    func oneBatch(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        let (inner, outer) = pair(&random)
        try await withStore(kind) { store in
            // The outer report stands first; the inner one is nearer to the call.
            let entries = [outer, inner, outer]
            let receipt = try await store.append(entries)
            #expect(receipt.outcomes == [.sameCall(1), .appended(1), .sameCall(1)])
            let events = try await store.everything().map(\.event)
            #expect(events.map(\.kind) == [.requestCompleted, .chargeRated, .requestRepeated])
            #expect(events[0] == inner.request)
            #expect(events[2].id == outer.request.id)
            #expect(events[2].causeID == inner.request.id)
            #expect(events[2].usage == outer.request.usage)
            let again = try await store.append(entries)
            #expect(again.outcomes.map(\.isAppended) == [false, false, false])
            #expect(again.outcomes[1] == .duplicate(1))
            #expect(try await store.head() == receipt.head)
        }
    }

    @Test(
        "reports in different batches are one request in either order",
        arguments: StoreKind.allCases)
    func batches(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        let (inner, outer) = pair(&random)
        for order in [[inner, outer], [outer, inner]] {
            try await withStore(kind) { store in
                #expect(try await store.append([order[0]]).outcomes == [.appended(1)])
                #expect(try await store.append([order[1]]).outcomes == [.sameCall(1)])
                // Exporters send again what was answered too late.
                let again = try await store.append([order[1]]).outcomes
                guard case .sameCall = again[0] else {
                    Issue.record("\(again)")
                    return
                }
                #expect(try await store.append([order[0]]).outcomes == [.duplicate(1)])
                #expect(try await store.everything().count == 3)
            }
        }
    }

    @Test("a report is recognized by one that was only noted", arguments: StoreKind.allCases)
    func chain(kind: StoreKind) async throws {
        var random = RandomEvents(seed: testSeed())
        let (inner, outer) = pair(&random)
        let outermost = entry(&random) { event in
            event.origin.traceID = "another"
            event.origin.spanID = "c"
            event.origin.scope = "outermost"
            event.origin.responseID = "answer"
            event.usage = outer.request.usage
        }
        var answered = outer
        answered.request.origin.responseID = "answer"
        try await withStore(kind) { store in
            for entry in [inner, answered, outermost] { _ = try await store.append([entry]) }
            let events = try await store.everything().map(\.event)
            #expect(events.count { $0.kind.isRequest } == 1)
            #expect(events.suffix(2).allSatisfy { $0.causeID == inner.request.id })
        }
    }

    @Test("many callers report calls twice each, and each is one request")
    func concurrent() async throws {
        var random = RandomEvents(seed: testSeed())
        var reports: [Entry] = []
        for call in 0..<60 {
            for scope in ["inner", "outer"] {
                reports.append(
                    entry(&random) { event in
                        event.origin.traceID = Name("\(scope)-\(call)")
                        event.origin.spanID = Name("\(scope)-\(call)")
                        event.origin.scope = Name(scope)
                        event.origin.responseID = Name("answer-\(call)")
                        event.usage = [.inputTokens: 100 + Int64(call), .outputTokens: 10]
                        event.occurredAt = event.occurredAt.advanced(
                            byMicroseconds: Int64(call) * 100)
                    })
            }
        }
        reports.shuffle(using: &random.random)
        let shuffled = reports
        try await withStore(.postgres) { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for entry in shuffled + shuffled {
                    group.addTask { _ = try await store.append([entry]) }
                }
                try await group.waitForAll()
            }
            let events = try await store.everything().map(\.event)
            #expect(events.count { $0.kind.isRequest } == 60)
            #expect(events.count { $0.kind == .requestRepeated } == 60)
        }
    }
}
