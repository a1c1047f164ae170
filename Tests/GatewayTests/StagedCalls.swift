import Batching
import Gateway
import HTTPTypes
import JSON
import LedgerModel
import NIOCore
import Routing
import Synchronization

/// Calls whose answers wait until a test lets them go on.
final class HeldCalls: Sendable {
    struct Refused: Error, Equatable {}

    private struct State {
        /// The requests that were called, in order.
        var called: [EventID] = []
        var merged: [[UInt8]] = []
        var booked: [String] = []
        /// Requests of merged calls with money set aside.
        var opened = 0
        var isBudgetFull = false
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var called: [EventID] { state.withLock { $0.called } }
    /// The bodies of merged calls.
    var merged: [String] {
        state.withLock { $0.merged.map { String(decoding: $0, as: UTF8.self) } }
    }
    /// The parts of merged calls as they were booked.
    var booked: [String] { state.withLock { $0.booked } }

    var opened: Int { state.withLock { $0.opened } }

    /// From now on no request of a merged call gets money.
    func fillBudget() { state.withLock { $0.isBudgetFull = true } }

    /// Lets all calls go on, now and later.
    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for call in waiting { call.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    private func note(_ request: GatewayRequest) { state.withLock { $0.called.append(request.id) } }

    /// A stream of two pieces, the second after `open`; its end tells a usage.
    var stream: StagedCall {
        StagedCall { [self] request in
            note(request)
            let answer = GatewayAnswer(
                status: 200, headers: [.contentType: "text/event-stream"],
                body: .stream { write in
                    try await write(ByteBuffer(string: "data: 1\n\n"))
                    await self.wait()
                    try await write(ByteBuffer(string: "data: 2\n\n: x-tally-cost-usd=1\n\n"))
                })
            return StagedCall.BookedAnswer(answer) { Self.served(request.id) }
        }
    }

    /// A whole answer, after `open`.
    var whole: StagedCall {
        StagedCall { [self] request in
            note(request)
            await wait()
            return StagedCall.BookedAnswer(
                GatewayAnswer(status: 200, body: .whole(ByteBuffer(string: "{\"id\":\"1\"}")))
            ) { Self.served(request.id) }
        }
    }

    /// No answer: an error after `open`.
    var failing: StagedCall {
        StagedCall { [self] request in
            note(request)
            await wait()
            throw Refused()
        }
    }

    /// Embeddings: alone held until `open`, merged at once.
    ///
    /// - Parameter status: of merged calls; another than 200 has an error for all.
    func embeddings(status: Int = 200) -> StagedCall {
        let call: @Sendable (GatewayRequest) async throws -> StagedCall.Unbooked = {
            [self] request in
            state.withLock { $0.merged.append(request.body) }
            let count = request.json?["input"]?.items?.count ?? 1
            let body = status == 200 ? Self.answer(count) : #"{"error":{"message":"no"}}"#
            return StagedCall.Unbooked(
                status: status, headers: [:], body: ByteBuffer(string: body), provider: "openai",
                facts: "facts")
        }
        let merged = StagedCall.MergedCall(
            open: { [self] in
                try state.withLock { state in
                    if state.isBudgetFull { throw Refused() }
                    state.opened += 1
                }
                return "opened"
            }, abandon: { [self] _ in state.withLock { $0.opened -= 1 } }, call: call,
            book: { [self] _, unbooked, body in
                state.withLock {
                    $0.booked.append(String(buffer: body))
                    $0.opened -= 1
                }
                return StagedCall.BookedAnswer(
                    GatewayAnswer(status: unbooked.status, body: .whole(body)))
            })
        return StagedCall(merged: merged) { [self] request in
            note(request)
            await wait()
            return StagedCall.BookedAnswer(
                GatewayAnswer(
                    status: 200, body: .whole(ByteBuffer(string: Self.answer(1)))))
        }
    }

    private static func answer(_ count: Int) -> String {
        let data = (0..<count).map {
            #"{"object":"embedding","index":\#($0),"embedding":[\#($0)]}"#
        }
        let tokens = count * 10
        return """
            {"object":"list","data":[\(data.joined(separator: ","))],"model":"e",\
            "usage":{"prompt_tokens":\(tokens),"total_tokens":\(tokens)}}
            """
    }

    private static func served(_ request: EventID) -> StagedCall.Served {
        var usage = Usage()
        usage[.inputTokens] = 100
        usage[.outputTokens] = 20
        return StagedCall.Served(
            usage: usage, provider: "openai", model: "gpt-4o-mini", requestID: request)
    }
}

/// Requests that a test makes, and the stages that they pass.
struct StagesBench: Sendable {
    static let now = Timestamp(unixMicroseconds: 1_790_000_000_000_000)
    let ledger: LedgerID
    let stages: SavingStages
    private let ids = Counter()

    final class Counter: Sendable {
        private let count = Mutex<UInt64>(0)

        func next() -> EventID {
            EventID(
                at: StagesBench.now,
                entropy: (
                    count.withLock {
                        $0 += 1
                        return $0
                    }, 7
                ))
        }
    }

    init(_ batching: String = "", ledger: LedgerID = LedgerID(1)) throws {
        self.ledger = ledger
        let ids = ids
        stages = try SavingStages(
            batching: batching.isEmpty ? .standard : try BatchingPolicyFile.read(batching),
            now: { Self.now }, makeID: { ids.next() })
    }

    static let chat =
        #"{"model":"gpt-4o-mini","temperature":0,"messages":[{"role":"user","content":"hi"}]}"#

    func request(
        _ body: String = chat, _ api: GatewayAPI = .chatCompletions, team: Name = "growth",
        headers: HTTPFields = [:]
    ) -> GatewayRequest {
        GatewayRequest(
            id: ids.next(), api: api, headers: headers, body: Array(body.utf8),
            json: try? JSONTree(parsing: body.utf8), ledger: ledger, key: nil,
            dimensions: [.team: team], labels: nil, arrivedAt: Self.now)
    }

    static func route(_ change: (inout RoutePolicy) -> Void) -> RoutePolicy {
        var route = RoutePolicy(name: "tested")
        change(&route)
        return route
    }

    /// Waits until the batcher has come so far.
    func until(_ isSo: (BatcherCounts) -> Bool) async {
        while !isSo(await stages.counts) { await Task.yield() }
    }
}

extension GatewayAnswer {
    /// All of the body.
    func text() async throws -> String {
        switch body {
        case .whole(let bytes): return String(buffer: bytes)
        case .stream(let run):
            var text = ""
            try await run { text += String(buffer: $0) }
            return text
        case .refusal(let error): throw error
        }
    }
}
