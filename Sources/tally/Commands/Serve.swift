import Access
import ArgumentParser
import Audit
import Booking
import CMalloc
import EventStore
import Foundation
import Logging
import Metrics
import Postgres
import Server

struct Serve: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the service; SIGTERM drains it without losing anything accepted.")

    @OptionGroup var database: DatabaseOptions
    @Option(help: "Address to listen on (default 127.0.0.1:8080).") var listen: String?
    @Option(
        help: "A port of 127.0.0.1 for the embedded PostgreSQL, where audit logins may connect.")
    var postgresPort: Int?
    @Flag(help: "Create a ledger `sample` with sixty days of a made-up company, unless it exists.")
    var sample = false
    @OptionGroup var prices: PriceRefreshOptions

    func execute() async throws {
        let settings = try await database.settings(postgresPort: postgresPort)
        let refreshPlan = try prices.plan(settings)
        let address = try ListenAddress(listen ?? settings.listen ?? "127.0.0.1:8080")
        var logger = Logger(label: "tally")
        logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        Self.returnMemory()

        // This comes before the database: a second service must not even start PostgreSQL.
        let lock =
            settings.databaseURL == nil
            ? try ServiceLock.acquire(dataDirectory: settings.dataDirectory) : nil
        defer { _ = lock }
        try await Deployment.with(settings) { deployment in
            let ledger = try await deployment.ledger("default")
            // Another service may be making it just now, or have stopped before it had prices.
            try await ledger.publishDefaultPrices(
                on: deployment.bookStore, at: .now, makeEventID())
            if sample { try await SampleLedger.fill(in: deployment, logger: logger) }
            let plan = try ServicePlan(
                deployment: deployment, settings: settings, registry: registry, logger: logger,
                priceRefresh: try await refreshPlan?.service(deployment, logger),
                defaultLedger: ledger.store.id)
            try await Self.warnOfExposures(deployment, logger)
            let keys = try await deployment.keys.list().filter(\.isUsable)
            let server = tallyServer(
                host: address.host, port: address.port,
                parts: plan.serverParts(at: address), logger: logger
            ) { [logger] port in
                Self.greet(address, port, settings: settings, hasSample: sample)
                if !address.isLoopback && keys.isEmpty { Self.adviseOnKeys(settings, logger) }
                Self.adviseOnOperators(keys.filter { $0.promotedAt != nil }, logger)
            }
            do {
                try await plan.run(with: server)
            } catch {
                let refusal = CannotListen(error, host: address.host, port: address.port)
                throw refusal.map { InputRefused($0.description) } ?? error
            }
        }
    }

    /// Lets large blocks go back to the system once they are free; by default the C library keeps
    /// ever larger ones, in a pool for each thread.
    private static func returnMemory() {
        tally_return_memory(1 << 20, 16 << 20)
    }

    private static func greet(
        _ address: ListenAddress, _ port: Int, settings: Settings, hasSample: Bool
    ) {
        let place =
            settings.databaseURL == nil && settings.dataDirectory != ".tally"
            ? " --data-dir \(shellWord(settings.dataDirectory))" : ""
        let service = "http://\(address.host):\(port)"
        let key = address.isLoopback ? "" : "-H \"authorization: Bearer $TALLY_KEY\" \\\n    "
        let ledger = hasSample ? " --ledger sample" : ""
        print(
            """
            Tallystick listens on \(service)

            Try in another terminal:
              curl -s \(service)/api/v1/events -H 'content-type: application/json' \\
                \(key)-d '{"source":"readme","id":"1","type":"request.completed","provider":"openai",\
            "model":"gpt-4o","occurred_at":"'$(date -u +%FT00:00:00Z)'",\
            "usage":{"input_tokens":1200,"output_tokens":300}}'
              \(program) sql\(place)\(ledger) \\
                'SELECT app, model, sum(cost_usd) AS usd FROM audit.spend_daily GROUP BY 1, 2'
              \(program) verify\(place)\(ledger)

            Stop with Ctrl-C.
            """)
        fflush(nil)
    }

    /// What auditors may call although nobody should, where no superuser migrated.
    private static func warnOfExposures(
        _ deployment: Deployment, _ logger: Logger
    ) async throws {
        let exposed = try await deployment.auditQueries().exposures()
        guard !exposed.isEmpty else { return }
        logger.warning(
            "auditors may call functions that can run for long and cannot be stopped",
            metadata: [
                "functions": "\(exposed.count)",
                "remedy": """
                let a superuser run SELECT tally.revoke_forbidden(), or give SQL only to \
                people you trust: docs/audit.md
                """,
            ])
    }

    /// A service on another address than loopback answers nobody until there is a key.
    private static func adviseOnKeys(_ settings: Settings, _ logger: Logger) {
        var command = "\(program) keys create --name me"
        if settings.databaseURL == nil {
            let directory = URL(filePath: settings.dataDirectory).absoluteURL.path
            command += " --data-dir \(shellWord(directory))"
        }
        let origin = settings.databaseURL == nil ? "" : ", with the same TALLY_DATABASE_URL"
        print(
            """

            Nobody can use it yet: on this address every call needs a key, and there is none.
            Make one on this machine\(origin), and send it as Authorization: Bearer tally_…
              \(command)
            """)
        fflush(nil)
        logger.warning(
            "there is no API key, so every call is refused", metadata: ["remedy": "\(command)"])
    }

    /// An upgrade kept the power of keys that administered every ledger; only people know which of
    /// them were meant for one.
    private static func adviseOnOperators(_ keys: [KeyDirectory.Entry], _ logger: Logger) {
        for key in keys {
            logger.warning(
                "a key from before the scope operator administers every ledger",
                metadata: [
                    "key": "\(key.id)", "name": "\(key.name)",
                    "remedy": """
                    tally keys revoke \(key.id), after making one with --scope admin for its \
                    ledger, or with --scope operator
                    """,
                ])
        }
    }

    private static var program: String { shellWord(CommandLine.arguments.first ?? "tally") }

    /// The text as one word for a shell: in quotes unless it needs none.
    private static func shellWord(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isLetter || $0.isNumber || "/._-+".contains($0) }
        return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
