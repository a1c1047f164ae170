import Access
import Audit
import BatchRunner
import Booking
import Budgeting
import CacheServing
import CacheTiers
import CoreMetrics
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LedgerModel
import LedgerTesting
import Logging
import NIOCore
import Postgres
import PriceBooks
import Providers
import ReadModels
import Replay
import Rerating
import Runs
import Server
import StoreTesting
import Synchronization

/// The service without a process or a socket: its routes over a scratch database.
struct InProcess: Sendable {
    let client: Client
    let parts: ServerParts
    let ledger: LedgerID

    /// - Parameters:
    ///   - isLoopbackOnly: whether callers need no key before the first one is made.
    ///   - rules: of the response cache.
    static func with<T: Sendable>(
        isLoopbackOnly: Bool = true, limits: ServerLimits = ServerLimits(),
        rules: CacheRules = CacheRules(), over framework: TestingSetup = .router,
        _ body: @Sendable (InProcess) async throws -> T
    ) async throws -> T {
        try await LedgerDatabase.withScratch { database in
            try await run(on: database, isLoopbackOnly, limits, rules, framework, body)
        }
    }

    /// Lends only the client.
    static func withClient<T: Sendable>(
        _ body: @Sendable (Client) async throws -> T
    ) async throws -> T {
        try await with { try await body($0.client) }
    }

    private static func run<T: Sendable>(
        on database: LedgerDatabase, _ isLoopbackOnly: Bool, _ limits: ServerLimits,
        _ rules: CacheRules, _ framework: TestingSetup,
        _ body: @Sendable (InProcess) async throws -> T
    ) async throws -> T {
        let pool = Pool(database.asService, size: 6)
        let random = Mutex(SeededGenerator(seed: testSeed()))
        @Sendable func draw() -> UInt64 { random.withLock { $0.next() } }
        let makeID = { @Sendable in EventID(at: now(), entropy: (draw(), draw())) }
        let ledgers = LedgerRegistry(pool: pool, makeID: makeID)
        let books = PriceBookStore(pool: pool)
        let directory = LedgerDirectory(pool: pool)
        let ledger = try await directory.create("default")
        try await ledgers.openLedger(ledger)
            .publishDefaultPrices(on: books, at: now(), makeID())
        let keys = KeyDirectory(pool: pool)
        var tiers = CacheTiersConfiguration()
        tiers.memory.capacityBytes = 4 << 20
        // Nobody else invalidates anything, so nothing has to be heard.
        tiers.unheardMax = nil
        tiers.lookupMax = .seconds(1)
        let tiered = try TieredCache(tiers, pool: pool, now: now)
        try await tiered.catchUp(at: now())
        let cache = ServedCache(
            tiers: tiered, rules: rules,
            similar: rules.usesLikeness ? NearAnswers(embeddings: nil, pool: pool) : nil,
            ledgers: ledgers, pool: pool, makeID: makeID)
        let parts = ServerParts(
            ledgers: ledgers,
            access: AccessControl(
                keys: keys, directory: directory, isLoopbackOnly: isLoopbackOnly,
                defaultLedger: ledger),
            directory: directory, keys: keys, bookStore: books, pool: pool,
            audit: AuditQueries(server: database.configuration, pool: pool) {
                "secret-\(draw())-\(draw())"
            },
            runs: LongRuns(
                pool: pool, instance: makeID(),
                kinds: [
                    .priceReplay(
                        pool: pool, render: { report, _ in "{\"position\":\(report.position)}" }),
                    BudgetHistoryReplay.run(pool: pool) { _ in "{}" },
                    CacheHistoryReplay.run(pool: pool) { _ in "{}" },
                    BatchingHistoryReplay.run(pool: pool) { _ in "{}" },
                    RoutingHistoryReplay.run(pool: pool) { _ in "{}" },
                    RunKind(RerateOrder.kind) { _ in RunOutcome(result: "{}") },
                ]),
            cache: cache, metrics: registry, limits: limits,
            batches: BatchService(
                pool: pool, providers: try providers(), ledgers: ledgers, makeID: makeID),
            now: now, makeID: makeID,
            makeSecret: { Digest(words: InlineArray<4, UInt64> { _ in draw() }) })
        let application = tallyServer(
            host: "127.0.0.1", port: 0, parts: parts, logger: Logger(label: "server tests")
        ) { _ in }
        let result = await Result {
            try await application.test(framework) { client in
                try await body(InProcess(client: Client(client), parts: parts, ledger: ledger))
            }
        }
        await tiered.close()
        await ledgers.close()
        await pool.close()
        return try result.get()
    }

    /// Providers that nobody calls here.
    private static func providers() throws -> ProviderSet {
        let text = """
            tally_providers: 1
            providers: {openai: {keys: {main: {env: K}}}, anthropic: {keys: {main: {env: K}}}}
            """
        return ProviderSet.load(try ProviderFile.read(text), environment: ["K": "x"]).set
    }

    /// One for the process, since the metrics library permits only one.
    private static let registry = {
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        return registry
    }()

    /// Brings the read models up to date.
    func catchUp() async throws { try await ProjectionRunner(pool: parts.pool).catchUp() }

    /// Works on long runs for as long as the body takes.
    func whileRunning<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        let worker = Task { await parts.runs.run() }
        let result = await Result { try await body() }
        worker.cancel()
        await worker.value
        return try result.get()
    }

    /// Creates a key, as an administrator on the machine would.
    func makeKey(_ scopes: Set<KeyScope>, in ledgers: LedgerID...) async throws -> String {
        defer { parts.access.forget() }
        return try await parts.keys.create(
            id: parts.makeID(), secret: parts.makeSecret(), name: "a test",
            ledgers: ledgers.isEmpty ? [ledger] : ledgers, scopes: scopes)
    }

    @Sendable private static func now() -> Timestamp {
        Timestamp(unixMicroseconds: Int64(Date.now.timeIntervalSince1970 * 1_000_000))
    }
}

/// A caller of the service.
struct Client: Sendable {
    private let routes: any TestClientProtocol
    private var key: String?

    init(_ routes: any TestClientProtocol) { self.routes = routes }

    /// Where a service over a socket listens.
    var port: Int { routes.port ?? 0 }

    func with(key: String) -> Client {
        var copy = self
        copy.key = key
        return copy
    }

    func get(_ path: String, headers: [(String, String)] = []) async throws -> Answer {
        try await send(.get, path, headers: headers)
    }

    func delete(_ path: String) async throws -> Answer { try await send(.delete, path) }

    func put(_ path: String, _ text: String) async throws -> Answer {
        try await send(
            .put, path, headers: [("content-type", "application/json")], body: Array(text.utf8))
    }

    func post(
        _ path: String, _ text: String, type: String? = "application/json",
        headers: [(String, String)] = []
    ) async throws -> Answer {
        try await post(path, bytes: Array(text.utf8), type: type, headers: headers)
    }

    func patch(_ path: String, _ text: String) async throws -> Answer {
        try await send(
            .patch, path, headers: [("content-type", "application/json")], body: Array(text.utf8))
    }

    func post(
        _ path: String, bytes: [UInt8], type: String? = "application/json",
        headers: [(String, String)] = []
    ) async throws -> Answer {
        let typed = headers + (type.map { [("content-type", $0)] } ?? [])
        return try await send(.post, path, headers: typed, body: bytes)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: [(String, String)] = [],
        body: [UInt8]? = nil
    ) async throws -> Answer {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) {
                fields.append(HTTPField(name: name, value: value))
            }
        }
        if let key { fields[.authorization] = "Bearer \(key)" }
        return try await routes.execute(
            uri: path, method: method, headers: fields, body: body.map { ByteBuffer(bytes: $0) }
        ) { Answer($0) }
    }

    /// Sends events; returns the report, which must be a success.
    func ingest(
        _ text: String, type: String = "application/json", path: String = "/api/v1/events"
    ) async throws -> JSONValue {
        let answer = try await post(path, text, type: type)
        guard answer.status == 200 else { throw Unexpected(answer: answer) }
        return try answer.json
    }

    /// The external ids of all requests in the ledger, in order.
    func storedIDs() async throws -> [JSONValue] {
        let page = try await get("/api/v1/events?limit=10000").json
        return page.events.items.filter { $0.type.string?.hasPrefix("request.") == true }
            .map { $0.id }
    }
}

struct Unexpected: Error {
    let answer: Answer
}

struct Answer: Sendable, CustomStringConvertible {
    let status: Int
    private let headers: HTTPFields
    let text: String

    init(_ response: TestResponse) {
        status = Int(response.status.code)
        headers = response.headers
        text = String(buffer: response.body)
    }

    var description: String { "\(status): \(text)" }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    var json: JSONValue {
        get throws {
            do { return try JSONValue(text) } catch { throw Unexpected(answer: self) }
        }
    }

    /// The error in the shape that AI clients parse.
    var failure: JSONValue {
        get throws { try json.error }
    }
}

extension Result where Failure == any Error {
    /// The result of an operation, so that clean-up can run before it is used.
    fileprivate init(_ operation: () async throws -> Success) async {
        do { self = .success(try await operation()) } catch { self = .failure(error) }
    }
}
