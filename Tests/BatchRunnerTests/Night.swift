import BatchRunner
import Batching
import Booking
import JSON
import LedgerModel
import LedgerSQL
import Logging
import Postgres
import PriceBooks
import Providers
import StoreTesting
import Synchronization
import TestUpstream
import Testing

/// A ledger, a made-up provider, and a clock that both go by.
struct Night: Sendable {
    let test: TestLedger
    let upstream: TestUpstream
    let clock: NightClock
    let service: BatchService
    let ledgers: LedgerRegistry

    static func with(
        _ script: UpstreamScript = UpstreamScript(),
        settings: BatchSettings = BatchSettings(), _ body: (Night) async throws -> Void
    ) async throws {
        try await TestLedger.with { test in
            let clock = NightClock()
            let upstream = TestUpstream(script, clock: { clock.now })
            try await withProvider(upstream) { port in
                let registry = LedgerRegistry(pool: test.pool, makeID: { clock.newID() })
                let ledger = try await registry.openLedger(test.id)
                try await ledger.publishDefaultPrices(
                    on: PriceBookStore(pool: test.pool), at: clock.now, clock.newID())
                let service = BatchService(
                    pool: test.pool, providers: try providers(port), ledgers: registry,
                    settings: settings, makeID: { clock.newID() })
                try await body(
                    Night(
                        test: test, upstream: upstream, clock: clock, service: service,
                        ledgers: registry))
                await registry.close()
            }
        }
    }

    static func providers(_ port: Int) throws -> ProviderSet {
        let file = """
            tally_providers: 1
            providers:
              openai: {base_url: "http://127.0.0.1:\(port)/v1", keys: {main: {env: KEY}}}
              anthropic: {base_url: "http://127.0.0.1:\(port)", keys: {main: {env: KEY}}}
              away: {kind: compatible, base_url: "http://127.0.0.1:9/v1", prices: openai, batches: true}

            """
        return ProviderSet.load(try ProviderFile.read(file), environment: ["KEY": "secret"]).set
    }

    /// Runs a made-up provider while the body runs.
    static func withProvider(
        _ upstream: TestUpstream, _ body: (Int) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let (ports, port) = AsyncStream<Int>.makeStream()
        let quiet = logger
        let task = Task { try await upstream.serve(logger: quiet) { port.yield($0) } }
        defer { task.cancel() }
        var iterator = ports.makeAsyncIterator()
        try await body(try #require(await iterator.next()))
    }

    /// An instance of the service that works on jobs.
    func runner() -> JobRunner {
        let clock = clock
        return JobRunner(
            service, instance: clock.newID(), now: { clock.now }, chance: { 0.5 })
    }

    var owner: BatchOwner { BatchOwner(ledger: test.id, key: nil, isAdministrator: false) }

    func submit(
        _ count: Int, model: String = "gpt-4o-mini", provider: String? = nil,
        face: BatchOrder.Face = .jobs, endpoint: String = "/v1/chat/completions"
    ) async throws -> BatchView {
        var order = BatchOrder(face, endpoint: endpoint)
        order.provider = provider
        order.facts = BatchFacts(
            dimensions: [.app: "nightly"], labels: try Labels([("run", "7")]))
        return try await service.create(
            order, (0..<count).map { Self.chat($0, model) }, for: owner, at: clock.now)
    }

    static func chat(_ number: Int, _ model: String = "gpt-4o-mini") -> BatchItem {
        let body = """
            {"model":"\(model)","max_tokens":8,"messages":[{"role":"user","content":"q \(number)"}]}
            """
        return BatchItem(
            customID: "q-\(number)", body: (try? JSONTree(parsing: body.utf8)) ?? .null)
    }

    /// Lets time pass until a batch has ended.
    func finish(_ batch: BatchView, with runner: JobRunner) async throws -> BatchView {
        for _ in 0..<60 {
            while await runner.turn() {}
            let view = try await find(batch)
            if view.endedAt != nil { return view }
            clock.advance(.seconds(301))
        }
        return try await find(batch)
    }

    func find(_ batch: BatchView) async throws -> BatchView {
        try await service.find(batch.id, for: owner, as: [batch.face])
    }

    func results(_ batch: BatchView) async throws -> [BatchResult] {
        try await service.results(of: batch, for: owner, from: 0)
    }

    /// How many events of each kind the ledger has.
    func events() async throws -> [String: Int64] {
        let count = CountEvents(ledger: test.id)
        let rows = try await test.pool.session { try $0.run(count) }
        return Dictionary(
            uniqueKeysWithValues: rows.map { (EventKind(rawValue: $0.0)?.name ?? "?", $0.1) })
    }
}

/// Time that passes when it is told to.
final class NightClock: Sendable {
    private let state = Mutex((Timestamp(year: 2026, month: 11, day: 20), UInt64(1)))

    var now: Timestamp { state.withLock { $0.0 } }

    func advance(_ time: Duration) {
        state.withLock { $0.0 = $0.0.advanced(byMicroseconds: Int64(time / .microseconds(1))) }
    }

    func newID() -> EventID {
        state.withLock { state in
            state.1 += 1
            return EventID(at: state.0, entropy: (state.1, state.1))
        }
    }
}

struct CountEvents: Statement {
    static let sql = """
        SELECT kind, count(*) FROM tally.events WHERE ledger_id = $1 GROUP BY kind
        """
    static let columns = Columns(Int16.self, Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}
