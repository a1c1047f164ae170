import Gateway
import HTTPTypes
import LedgerModel
import NIOCore
import Postgres
import StoreTesting
import Synchronization
import Testing

@Suite("Idempotency keys", .serialized, .timeLimit(.minutes(5)))
struct IdempotencyTests {
    private final class Clock: Sendable {
        private let state = Mutex(BooksBench.now)
        var now: Timestamp { state.withLock { $0 } }
        func advance(_ microseconds: Int64) {
            state.withLock { $0 = $0.advanced(byMicroseconds: microseconds) }
        }
    }

    /// Two instances that share the keys.
    private struct Keys: Sendable {
        let clock: Clock
        let first: IdempotencyKeys
        let second: IdempotencyKeys
        let ledger: LedgerID

        func begin(
            _ key: String = "k", body: String = "b", path: String = "/v1/chat/completions",
            caller: EventID? = nil, elsewhere: Bool = false
        ) async throws -> IdempotencyKeys.Begun {
            try await (elsewhere ? second : first).begin(
                key: key, in: ledger, of: caller, path: path, body: Array(body.utf8),
                claim: BooksBench.newID())
        }

        func token(_ key: String = "k", elsewhere: Bool = false) async throws
            -> IdempotencyKeys.Token
        {
            guard case .new(let token) = try await begin(key, elsewhere: elsewhere) else {
                throw CancellationError()
            }
            return token
        }
    }

    private static func with(_ body: (Keys) async throws -> Void) async throws {
        try await TestLedger.with { test in
            let clock = Clock()
            func keys() -> IdempotencyKeys { IdempotencyKeys(pool: test.pool, now: { clock.now }) }
            try await body(Keys(clock: clock, first: keys(), second: keys(), ledger: test.id))
        }
    }

    private static func answer(_ text: String, status: Int = 200) -> GatewayAnswer {
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        return GatewayAnswer(
            status: status, headers: headers, body: .whole(ByteBuffer(string: text)))
    }

    private static func reason(_ begun: IdempotencyKeys.Begun) -> IdempotencyRefusal? {
        if case .refused(let refusal) = begun { refusal } else { nil }
    }

    private static func replay(_ begun: IdempotencyKeys.Begun) -> (GatewayAnswer, String)? {
        guard case .replay(let answer) = begun, case .whole(let body) = answer.body else {
            return nil
        }
        return (answer, String(buffer: body))
    }

    @Test("one request has a key: 409 while it runs, 422 for another, then its answer anywhere")
    func life() async throws {
        try await Self.with { keys in
            let token = try await keys.token()
            for elsewhere in [false, true] {
                let same = try await keys.begin(elsewhere: elsewhere)
                #expect(Self.reason(same)?.status == 409)
                for begun in [
                    try await keys.begin(body: "c", elsewhere: elsewhere),
                    try await keys.begin(path: "/v1/embeddings", elsewhere: elsewhere),
                ] {
                    #expect(Self.reason(begun)?.status == 422)
                }
            }
            guard case .new = try await keys.begin(caller: BooksBench.newID()) else {
                Issue.record("keys of callers are their own")
                return
            }
            await keys.first.end(token, answer: Self.answer("{}"))
            for elsewhere in [false, true] {
                let (answer, text) = try #require(
                    Self.replay(try await keys.begin(elsewhere: elsewhere)))
                #expect(text == "{}" && answer.status == 200)
                #expect(answer.headers[.contentType] == "application/json")
                let replayed = try #require(HTTPField.Name("idempotent-replayed"))
                #expect(answer.headers[replayed] == "true")
                #expect(Self.reason(try await keys.begin(body: "c"))?.status == 422)
            }
        }
    }

    @Test("what failed or broke off frees its key")
    func freed() async throws {
        try await Self.with { keys in
            for answer in [nil, Self.answer("{}", status: 429), Self.answer("{}", status: 500)] {
                await keys.first.end(try await keys.token(), answer: answer)
            }
            _ = try await keys.token(elsewhere: true)
        }
    }

    @Test("a day later a key is new; an instance that is not heard of loses its keys")
    func time() async throws {
        try await Self.with { keys in
            await keys.first.end(try await keys.token("kept"), answer: Self.answer("{}"))
            let running = try await keys.token("running")
            for _ in 0..<5 {
                keys.clock.advance(40_000_000)
                try await keys.first.renew()
                #expect(
                    Self.reason(try await keys.begin("running", elsewhere: true))?.reason
                        == .isRunning)
            }
            keys.clock.advance(61_000_000)
            let taken = try await keys.token("running", elsewhere: true)
            // The first one is too late: the key is another's.
            await keys.first.end(running, answer: Self.answer("late"))
            await keys.second.end(taken, answer: Self.answer("right"))
            #expect(Self.replay(try await keys.begin("running"))?.1 == "right")

            #expect(Self.replay(try await keys.begin("kept"))?.1 == "{}")
            keys.clock.advance(Timestamp.dayMicroseconds)
            try await keys.first.sweep()
            _ = try await keys.token("kept")
        }
    }

    @Test("answers that are too large, or too many, are not kept; their keys stay taken")
    func bounded() async throws {
        try await Self.with { keys in
            let large = String(repeating: "x", count: IdempotencyKeys.answerBytesMax + 1)
            await keys.first.end(try await keys.token("large"), answer: Self.answer(large))
            #expect(Self.reason(try await keys.begin("large"))?.reason == .isTooLarge)
            for key in ["a", "b", "c"] {
                await keys.first.end(
                    try await keys.token(key),
                    answer: Self.answer(String(repeating: key, count: 100)))
                keys.clock.advance(1_000)
            }
            try await keys.first.sweep(keeping: 250)
            #expect(Self.reason(try await keys.begin("a"))?.reason == .isTooLarge)
            #expect(Self.replay(try await keys.begin("c")) != nil)
            for key in ["", "ä", "a\n", String(repeating: "k", count: 256)] {
                #expect(Self.reason(try await keys.begin(key))?.status == 400)
            }
        }
    }
}
