import Access
import JSON
import LedgerModel
package import Postgres

/// What `tally bench gateway` starts, each in a process of its own.
package struct GatewayBenchParts: Sendable {
    /// A made-up provider.
    package var upstream: @Sendable () async throws -> RunningService
    /// A service whose gateway asks a provider at a port.
    package var service:
        @Sendable (PostgresConfiguration, _ upstream: UInt16) async throws -> RunningService
    /// LiteLLM's proxy before the same provider; nil if it is not installed.
    package var peer: (@Sendable (_ upstream: UInt16) async throws -> RunningService)?
    /// Calls without a gateway, each by another client, to be timed.
    package var clients: @Sendable (_ upstream: UInt16) async throws -> [GatewayBenchClient]

    package init(
        upstream: @escaping @Sendable () async throws -> RunningService,
        service: @escaping @Sendable (PostgresConfiguration, UInt16) async throws -> RunningService,
        peer: (@Sendable (UInt16) async throws -> RunningService)?,
        clients: @escaping @Sendable (UInt16) async throws -> [GatewayBenchClient]
    ) {
        self.upstream = upstream
        self.service = service
        self.peer = peer
        self.clients = clients
    }
}

/// A way to call a provider from this process.
package struct GatewayBenchClient: Sendable {
    package let name: String
    package let call: @Sendable ([UInt8]) async throws -> Void

    package init(_ name: String, _ call: @escaping @Sendable ([UInt8]) async throws -> Void) {
        self.name = name
        self.call = call
    }
}

/// One way for a call, beside the others in the same round.
enum GatewayWay: String, CaseIterable {
    /// The provider itself.
    case direct
    /// Without keys and budgets; the charge is in the spool before the answer's end.
    case plain
    /// With a key and a leased budget; the charge is in the spool.
    case lease
    /// With a key and a hard budget; the charge is in the ledger.
    case durable
    /// LiteLLM's proxy.
    case litellm

    /// The values of `x-tally-app` by which `gateway.yaml` of the benchmark tells routes apart.
    var app: String { rawValue }
    var isOurs: Bool { [.plain, .lease, .durable].contains(self) }
}

/// What is asked in one part of a round.
struct GatewayTask: Hashable {
    let callers: Int
    let isStreamed: Bool

    var name: String { "\(callers)\(isStreamed ? " streamed" : "")" }
    /// A lone caller sees what is added; a crowd waits for a model as it would for a real one.
    var latencyMilliseconds: Int { callers == 1 ? 0 : 20 }

    static let all = [1, 8, 32].flatMap {
        [GatewayTask(callers: $0, isStreamed: false), GatewayTask(callers: $0, isStreamed: true)]
    }
}

/// What one way cost in one part of a round.
struct GatewayFigure {
    var requests: Int
    var seconds: Double
    var latency: BenchmarkReport.Latency
    var first: BenchmarkReport.Latency
    /// Of all processes of the way, PostgreSQL included; nil for a direct call.
    var processorSeconds: Double?
}

extension Benchmarks {
    /// Chunks of a streamed answer, about.
    static let gatewayChunks = 64
    private static let requestsAlone = 500
    private static let requestsOfCrowd = 100

    /// The same calls directly, through the gateway in three ways, and through LiteLLM's proxy, in
    /// interleaved rounds.
    package func gateway(_ parts: GatewayBenchParts) async throws -> BenchmarkReport {
        let upstream = try await parts.upstream()
        do {
            let report = try await BenchmarkDatabase.withScratch(on: server, schema) { open in
                try await BenchmarkDatabase.withScratch(on: server, schema) { governed in
                    try await gateway(parts, upstream, open, governed)
                }
            }
            try await upstream.stop()
            return report
        } catch {
            try? await upstream.stop()
            throw error
        }
    }

    private func gateway(
        _ parts: GatewayBenchParts, _ upstream: RunningService, _ open: BenchmarkDatabase,
        _ governed: BenchmarkDatabase
    ) async throws -> BenchmarkReport {
        var ways: [GatewayWay: GatewayTarget] = [.direct: GatewayTarget(upstream)]
        var running: [RunningService] = []
        do {
            let plain = try await parts.service(open.configuration, upstream.port)
            running.append(plain)
            let keyed = try await parts.service(governed.configuration, upstream.port)
            running.append(keyed)
            let key = try await Self.govern(governed, keyed, at: options.now)
            let postgres = try await Self.postmaster(governed)
            ways[.plain] = GatewayTarget(plain, database: postgres)
            ways[.lease] = GatewayTarget(keyed, key: key, database: postgres)
            ways[.durable] = GatewayTarget(keyed, key: key, database: postgres)
            if let peer = parts.peer {
                let proxy = try await peer(upstream.port)
                running.append(proxy)
                ways[.litellm] = GatewayTarget(proxy)
            }
            var report = try await rounds(ways, upstream)
            report.facts += try await clients(parts, upstream.port)
            report.machine = try await open.machine()
            for service in running { try? await service.stop() }
            return report
        } catch {
            for service in running { try? await service.stop() }
            throw error
        }
    }

    // MARK: Rounds

    private func rounds(
        _ ways: [GatewayWay: GatewayTarget], _ upstream: RunningService
    ) async throws -> BenchmarkReport {
        var figures = GatewayFigures()
        let order = GatewayWay.allCases.filter { ways[$0] != nil }
        for way in order {
            guard let target = ways[way] else { continue }
            // Connections, statements and prices are there before anything is measured.
            for isStreamed in [false, true] {
                _ = try await run(
                    GatewayTask(callers: 8, isStreamed: isStreamed), 64, way, target)
            }
            figures.note(idle: residentMegabytes(ofProcess: target.service.processID), way)
        }
        for number in 0..<options.runs {
            for task in GatewayTask.all {
                log("gateway: round \(number + 1) of \(options.runs), callers \(task.name)")
                try await Self.setLatency(task.latencyMilliseconds, of: upstream)
                // Nobody is always first.
                for step in order.indices {
                    let way = order[(step + number) % order.count]
                    guard let target = ways[way] else { continue }
                    let count =
                        task.callers == 1 ? Self.requestsAlone : Self.requestsOfCrowd * task.callers
                    figures.add(
                        try await run(task, way == .litellm ? count / 4 : count, way, target),
                        way, task)
                }
            }
        }
        for (way, target) in ways where way.isOurs {
            figures.note(peak: peakMegabytes(ofProcess: target.service.processID), way)
        }
        return figures.report(chunks: Self.gatewayChunks)
    }

    private func run(
        _ task: GatewayTask, _ count: Int, _ way: GatewayWay, _ target: GatewayTarget
    ) async throws -> GatewayFigure {
        var tape = RequestTape()
        for number in 0..<count {
            tape.post(
                Self.body(number, isStreamed: task.isStreamed), to: "/v1/chat/completions",
                host: target.service.host, key: target.key ?? "sk-bench", type: "application/json",
                headers: way.isOurs ? ["x-tally-app: \(way.app)"] : [])
        }
        let before = target.work()
        let outcome = try await HTTPLoad.run(
            tape, callers: task.callers, host: target.service.host, port: target.service.port)
        // What is booked behind an answer is part of its cost.
        if way.isOurs { try await Task.sleep(for: .milliseconds(300)) }
        let after = target.work()
        return GatewayFigure(
            requests: count, seconds: outcome.seconds, latency: outcome.latencies.summary,
            first: outcome.firsts.summary,
            processorSeconds: way == .direct ? nil : after - before)
    }

    /// A call with half a page of text, as chats are.
    private static func body(_ number: Int, isStreamed: Bool) -> [UInt8] {
        let text = String(repeating: "What does a ledger hold that a log does not? ", count: 40)
        var json = JSONWriter(capacity: 2_560)
        json.object { json in
            json.field("model", "gpt-4o-mini")
            json.field("max_tokens", gatewayChunks)
            json.field("stream", isStreamed)
            json.key("messages")
            json.array(of: [text + "\(number)"]) { json, text in
                json.object { json in
                    json.field("role", "user")
                    json.field("content", text)
                }
            }
        }
        return json.bytes
    }

    // MARK: Surroundings

    /// Makes a key and the budgets that count its calls.
    private static func govern(
        _ database: BenchmarkDatabase, _ service: RunningService, at now: Timestamp
    ) async throws -> String {
        let directory = LedgerDirectory(pool: database.pool)
        guard let ledger = try await directory.list().first(where: { $0.name == "default" }) else {
            throw BenchmarkFailure("the service made no ledger")
        }
        func random() -> UInt64 { UInt64.random(in: 0...UInt64.max) }
        let key = try await KeyDirectory(pool: database.pool).create(
            id: EventID(high: random(), low: random()),
            secret: Digest(hashing: "\(random())\(random())".utf8), name: "bench",
            ledgers: [ledger.id], scopes: [.gateway, .admin])
        for (way, isLeased) in [(GatewayWay.durable, false), (.lease, true)] {
            var json = JSONWriter()
            json.object { json in
                json.field("name", way.app)
                json.field("usd", "1000000")
                json.key("filter")
                json.object { json in json.field("app", way.app) }
                json.field("lease", isLeased)
            }
            try await post(json.bytes, to: "/api/v1/budgets", service, key)
        }
        return key
    }

    private static func setLatency(_ milliseconds: Int, of upstream: RunningService) async throws {
        var json = JSONWriter()
        json.object { json in
            json.field("latency_ms", milliseconds)
            json.field("output_tokens", gatewayChunks)
        }
        try await post(json.bytes, to: "/_script", upstream, nil)
    }

    private static func post(
        _ body: [UInt8], to path: String, _ service: RunningService, _ key: String?
    ) async throws {
        var tape = RequestTape()
        tape.post(body, to: path, host: service.host, key: key, type: "application/json")
        _ = try await HTTPLoad.run(tape, callers: 1, host: service.host, port: service.port)
    }

    /// The process that all connections of a database belong to; nil if it runs elsewhere.
    private static func postmaster(_ database: BenchmarkDatabase) async throws -> Int32? {
        let backend = try await database.pool.session { try $0.one(BackendProcess()) }
        return parent(ofProcess: Int32(truncatingIfNeeded: backend))
    }
}

/// Where a way leads, and whose work counts for it.
struct GatewayTarget: Sendable {
    let service: RunningService
    var key: String?
    /// The first process of PostgreSQL.
    var database: Int32?

    init(_ service: RunningService, key: String? = nil, database: Int32? = nil) {
        self.service = service
        self.key = key
        self.database = database
    }

    /// The time that processors have spent for all of them.
    func work() -> Double {
        processorSeconds(ofTree: service.processID)
            + (database.map { processorSeconds(ofTree: $0) } ?? 0)
    }
}

private struct BackendProcess: Statement {
    static let sql = "SELECT pg_backend_pid()::bigint"
    static let columns = Columns(Int64.self)
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}
