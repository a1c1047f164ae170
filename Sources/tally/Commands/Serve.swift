import Access
import ArgumentParser
import Booking
import EventStore
import Foundation
import Hummingbird
import LedgerModel
import LedgerSQL
import Logging
import Metrics
import Postgres
import ReadModels
import Runs
import Server
import ServiceLifecycle
import UnixSignals

struct Serve: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the service; SIGTERM drains it, and nothing accepted is lost.")

    @OptionGroup var database: DatabaseOptions
    @Option(help: "Address to listen on (default 127.0.0.1:8080).") var listen: String?
    @Flag(help: "Fill a ledger `sample` with a week of made-up requests, if there is none.")
    var sample = false
    @OptionGroup var prices: PriceRefreshOptions

    func execute() async throws {
        let settings = try await database.settings()
        let refreshPlan = try prices.plan(settings)
        let address = try ListenAddress(listen ?? settings.listen ?? "127.0.0.1:8080")
        var logger = Logger(label: "tally")
        logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)

        // Before the database: a second service must not even start PostgreSQL.
        let lock =
            settings.databaseURL == nil
            ? try ServiceLock.acquire(dataDirectory: settings.dataDirectory) : nil
        defer { _ = lock }
        try await Deployment.with(settings) { deployment in
            let openLedger = try await deployment.ledger("default")
            if sample { try await SampleLedger.fill(in: deployment, logger: logger) }
            let services = ServiceParts(
                deployment: deployment, settings: settings, registry: registry,
                logger: logger,
                priceRefresh: try await refreshPlan?.service(deployment, logger))
            let server = tallyServer(
                host: address.host, port: address.port,
                parts: services.serverParts(
                    isLoopbackOnly: address.isLoopback, defaultLedger: openLedger.store.id),
                logger: logger
            ) { port in
                Self.greet(address.host, port, settings: settings, hasSample: sample)
            }
            do {
                try await services.run(with: server)
            } catch {
                let refusal = CannotListen(error, host: address.host, port: address.port)
                throw refusal.map { InputRefused($0.description) } ?? error
            }
        }
    }

    private static func greet(_ host: String, _ port: Int, settings: Settings, hasSample: Bool) {
        let place =
            settings.databaseURL == nil && settings.dataDirectory != ".tally"
            ? " --data-dir '\(settings.dataDirectory)'" : ""
        let program = CommandLine.arguments.first ?? "tally"
        let ledger = hasSample ? " --ledger sample" : ""
        print(
            """
            Tallystick listens on http://\(host):\(port)

            Try in another terminal:
              curl -s http://\(host):\(port)/api/v1/events -H 'content-type: application/json' \\
                -d '{"source":"readme","id":"1","type":"request.completed","provider":"openai",\
            "model":"gpt-4o","occurred_at":"'$(date -u +%FT%TZ)'",\
            "usage":{"input_tokens":1200,"output_tokens":300}}'
              '\(program)' sql\(place)\(ledger) \\
                'SELECT app, model, sum(cost_usd) AS usd FROM audit.spend_daily GROUP BY 1, 2'
              '\(program)' verify\(place)\(ledger)

            Stop with Ctrl-C.
            """)
        fflush(nil)
    }
}

/// Where a service listens: `host:port`, `[::1]:port` or `:port`.
struct ListenAddress {
    let host: String
    let port: Int

    init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else {
            throw ValidationError("\(text) is no address to listen on: write 127.0.0.1:8080")
        }
        let host = text[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        self.host = host.isEmpty ? "0.0.0.0" : host
        self.port = port
    }

    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}

/// The long-running parts of a service and how they are put together.
struct ServiceParts {
    let deployment: Deployment
    let settings: Settings
    let registry: PrometheusRegistry
    let logger: Logger
    let priceRefresh: (any Service)?
    let runner: ProjectionRunner
    let runs: LongRuns

    init(
        deployment: Deployment, settings: Settings, registry: PrometheusRegistry, logger: Logger,
        priceRefresh: (any Service)?
    ) {
        self.priceRefresh = priceRefresh
        self.deployment = deployment
        self.settings = settings
        self.registry = registry
        self.logger = logger
        runner = ProjectionRunner(
            pool: deployment.pool, report: { Self.log($0, logger) })
        runs = deployment.longRuns(report: { $0.log(to: logger) })
    }

    private static func log(_ event: ProjectionEvent, _ logger: Logger) {
        switch event {
        case .halted(let projection, let ledger, let range):
            logger.error(
                "a projection halted",
                metadata: [
                    "projection": "\(projection)", "ledger": "\(ledger)", "why": "\(range)",
                ])
        case .retrying(let pause, let error):
            logger.warning(
                "projections wait for the database",
                metadata: ["seconds": "\(pause / .seconds(1))", "error": "\(error)"])
        }
    }

    func serverParts(isLoopbackOnly: Bool, defaultLedger: LedgerID) -> ServerParts {
        ServerParts(
            ledgers: deployment.ledgers,
            access: AccessControl(
                keys: deployment.keys, isLoopbackOnly: isLoopbackOnly,
                defaultLedger: defaultLedger),
            directory: deployment.directory, keys: deployment.keys, bookStore: deployment.bookStore,
            pool: deployment.pool, audit: deployment.auditQueries(), runner: runner,
            runs: runs, metrics: registry, telemetry: settings.telemetry, now: { .now },
            makeID: makeEventID, makeSecret: makeSecret)
    }

    /// Runs until SIGTERM or SIGINT; the HTTP server stops first and what it accepted is settled.
    func run(with server: some ApplicationProtocol) async throws {
        let deployment = self.deployment
        let runner = self.runner
        let every = Periodic.init(logger: logger)
        let experiments = Reactor.experiments(in: deployment)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    every.service("keep the embedded database running", .seconds(1)) {
                        try deployment.revive()
                    },
                    every.service("read new prices", .seconds(1)) {
                        try await deployment.ledgers.refreshPrices()
                    },
                    every.service("rate what had no price", .seconds(1)) {
                        try await Reactor.pass(in: deployment, logger: logger)
                    },
                    every.service("stop experiments that have their answer", .seconds(1)) {
                        try await Reactor.pass(experiments, logger: logger)
                    },
                    every.service("write checkpoints", .seconds(3_600)) {
                        try await CheckpointArchive.write(of: deployment, settings: settings)
                    },
                    every.service("measure the lag of projections", .seconds(5)) {
                        try await ProjectionMetrics.recordLag(of: runner)
                    },
                    every.service("check that projections conserve", .seconds(60)) {
                        try await ProjectionMetrics.recordConservation(
                            of: runner, logger: logger)
                    },
                    ProjectionService(runner: runner), RunService(runs: runs),
                    priceRefresh,
                    server,
                ].compactMap(\.self).map {
                    ServiceGroupConfiguration.ServiceConfiguration(service: $0)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}

/// Makes services of work that is done again and again; a failure is logged and tried again.
struct Periodic {
    let logger: Logger

    func service(
        _ name: String, _ interval: Duration, _ work: @escaping @Sendable () async throws -> Void
    ) -> any Service {
        PeriodicService(name: name, interval: interval, work: work, logger: logger)
    }

    private struct PeriodicService: Service {
        let name: String
        let interval: Duration
        let work: @Sendable () async throws -> Void
        let logger: Logger

        func run() async throws {
            await cancelWhenGracefulShutdown {
                while !Task.isCancelled {
                    do {
                        try await work()
                    } catch {
                        // Work that the end of the service interrupted did not fail.
                        if Task.isCancelled { return }
                        logger.warning(
                            "periodic work failed",
                            metadata: ["work": "\(name)", "error": "\(error)"])
                    }
                    try? await Task.sleep(for: interval)
                }
            }
        }
    }
}

/// Folds new events into the read models until the service stops.
private struct ProjectionService: Service {
    let runner: ProjectionRunner

    func run() async throws {
        await cancelWhenGracefulShutdown { await runner.run() }
    }
}

/// Lag and conservation of the projections as gauges.
enum ProjectionMetrics {
    static func recordLag(of runner: ProjectionRunner) async throws {
        for status in try await runner.status() {
            let labels = [
                ("projection", status.projection), ("ledger", status.ledger.description),
            ]
            Gauge(label: "tally_projection_lag_events", dimensions: labels)
                .record(status.lagPositions)
            Gauge(label: "tally_projection_lag_seconds", dimensions: labels)
                .record(status.lag / .seconds(1))
            Gauge(label: "tally_projection_halted", dimensions: labels)
                .record(status.halted == nil ? 0 : 1)
        }
    }

    static func recordConservation(of runner: ProjectionRunner, logger: Logger) async throws {
        for check in try await runner.conservation() {
            let labels = [
                ("projection", check.projection), ("ledger", check.ledger.description),
                ("grain", String(check.grain)),
            ]
            Gauge(label: "tally_projection_conserved", dimensions: labels)
                .record(check.holds ? 1 : 0)
            if check.holds { continue }
            logger.error(
                "a projection does not hold what the ledger holds",
                metadata: [
                    "projection": "\(check.projection)", "ledger": "\(check.ledger)",
                    "cost": "\(check.cost)", "expected": "\(check.costExpected)",
                ])
        }
    }
}

/// Signed heads, written at an interval beside the database but outside of it.
enum CheckpointArchive {
    static func write(of deployment: Deployment, settings: Settings) async throws {
        let directory = settings.dataDirectory + "/checkpoints"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        let key = try CheckpointFile.signingKey(in: settings.dataDirectory)
        for ledger in try await deployment.directory.list() where ledger.head.position > 0 {
            let now = Timestamp.now
            let checkpoint = try Checkpoint(
                ledgerName: ledger.name, ledger: ledger.id, head: ledger.head, at: now, key: key)
            try CheckpointFile.write(
                CheckpointFile.text(of: checkpoint) + "\n",
                to: "\(directory)/ledger-\(ledger.id)-\(now.dayDescription).json")
        }
    }
}
