import Access
import Batching
import Booking
import CacheServing
import CacheTiers
import EventStore
import Foundation
import Gateway
import HTTPTypes
import JSON
import LedgerModel
import NIOCore
import Postgres
import PriceBooks
import Routing
import StoreTesting
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
    let ledger: LedgerID
    let stages: SavingStages
    let clock: StagesClock

    init(
        _ batching: String = "", ledger: LedgerID = LedgerID(1), cache: ServedCache? = nil,
        ledgers: LedgerRegistry? = nil, clock: StagesClock = StagesClock()
    ) throws {
        self.ledger = ledger
        self.clock = clock
        stages = try SavingStages(
            cache: cache, ledgers: ledgers,
            batching: batching.isEmpty ? .standard : try BatchingPolicyFile.read(batching),
            now: { clock.now }, makeID: { clock.nextID() })
    }

    /// A service's cache and ledger, in a database of their own.
    static func withLedger(
        rules: [CacheRule] = [], _ body: (StagesBench, PostgresLedger) async throws -> Void
    ) async throws {
        let clock = StagesClock()
        try await LedgerDatabase.withScratch { database in
            let pool = Pool(database.asService, size: 8)
            let id = try await LedgerDirectory(pool: pool).create("main")
            let registry = LedgerRegistry(pool: pool, makeID: { clock.nextID() })
            let ledger = try await registry.openLedger(id)
            try await ledger.publishDefaultPrices(
                on: PriceBookStore(pool: pool), at: clock.now, clock.nextID())
            var tiers = CacheTiersConfiguration()
            tiers.memory.capacityBytes = 4 << 20
            tiers.unheardMax = nil
            // A busy machine is no reason to do without the shared tier.
            tiers.lookupMax = .seconds(1)
            let tiered = try TieredCache(tiers, pool: pool, now: { clock.now })
            try await tiered.catchUp(at: clock.now)
            let cache = ServedCache(
                tiers: tiered, rules: CacheRules(rules), ledgers: registry, pool: pool,
                makeID: { clock.nextID() })
            try await body(
                StagesBench(ledger: id, cache: cache, ledgers: registry, clock: clock),
                ledger.store)
            await cache.tiers.close()
            await registry.close()
            await pool.close()
        }
    }

    static let chat =
        #"{"model":"gpt-4o-mini","temperature":0,"messages":[{"role":"user","content":"hi"}]}"#

    func request(
        _ body: String = chat, _ api: GatewayAPI = .chatCompletions, team: Name = "growth",
        headers: HTTPFields = [:]
    ) -> GatewayRequest {
        GatewayRequest(
            id: clock.nextID(), api: api, headers: headers, body: Array(body.utf8),
            json: try? JSONTree(parsing: body.utf8), ledger: ledger, key: nil,
            dimensions: [.team: team], labels: nil, arrivedAt: clock.now)
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

/// The time of a test, and ids of it.
final class StagesClock: Sendable {
    private let state = Mutex(
        (
            now: Timestamp(
                unixMicroseconds: Int64(Date.now.timeIntervalSince1970 * 1_000_000)),
            count: UInt64(0)
        ))

    var now: Timestamp { state.withLock { $0.now } }

    func advance(bySeconds seconds: Int64) {
        state.withLock { $0.now = $0.now.advanced(byMicroseconds: seconds * 1_000_000) }
    }

    func nextID() -> EventID {
        state.withLock { state in
            state.count += 1
            return EventID(at: state.now, entropy: (state.count, 7))
        }
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
