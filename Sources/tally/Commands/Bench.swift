import ArgumentParser
import Benchmarks
import Foundation
import LedgerModel
import Migrations
import Postgres
import Prompts
import ReadModels
import Subscriptions
import Synchronization
import Tokenizing
import Vocabularies

struct Bench: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Benchmarks this machine, each figure next to its limit from the same run.",
        discussion: """
            Uses its own databases on the configured server, or on an embedded server in the \
            data directory, and drops them afterwards. docs/benchmarks.md explains the figures.
            """)

    enum Name: String, CaseIterable, ExpressibleByArgument {
        case ingest, append, decisions, holds, leases, verify, rebuild, questions, replay, rating,
            rerate, tokens
        case optimize, batch, cache, savings, gateway, all
    }

    @OptionGroup var database: DatabaseOptions
    @Option(
        help: """
            Stored events: half of them requests, half their charges; default 1000000, or \
            10000000 for questions alone. For savings, twice the requests of each part; 1280.
            """)
    var events: Int?
    @Option(
        help: """
            Requests from a few applications (narrow), or from a company with 40 apps and 20,000 \
            users (wide).
            """)
    var workload = WorkloadKind.narrow
    @Option(help: "Runs of each benchmark.") var runs = 3
    @Option(help: "Of savings: the parts to measure, such as off,cache; all of them by default.")
    var parts: String?
    @Flag(help: "Print the result as JSON.") var json = false
    @Argument(
        help: """
            ingest, append, decisions, holds, leases, verify, rebuild, questions, replay, rating, \
            rerate, tokens, optimize, batch, cache, savings, gateway or all.
            """)
    var name: Name

    func validate() throws {
        guard events ?? 2 >= 2, runs >= 1 else {
            throw ValidationError("--events must be at least 2, --runs at least 1")
        }
    }

    func execute() async throws {
        var options = Benchmarks.Options(now: .now)
        options.events = events ?? (name == .questions ? 10_000_000 : 1_000_000)
        options.workload = workload
        options.runs = runs
        let data = ProcessInfo.processInfo.environment["TALLY_TEST_DATA"] ?? "../shared/data"
        let trace = data + "/azure-llm-2023-code.csv"
        options.trace = FileManager.default.fileExists(atPath: trace) ? trace : nil
        let isQuiet = json
        if name == .rating {
            let report = try Self.rating(options, isQuiet: isQuiet)
            return print(json ? report.json : report.table)
        }
        if name == .batch {
            let report = try Self.batch(options, isQuiet: isQuiet)
            return print(json ? report.json : report.table)
        }
        let settings = try await database.settings()
        if name == .tokens {
            let report = try Self.tokens(options, settings.dataDirectory, isQuiet: isQuiet)
            return print(json ? report.json : report.table)
        }
        if name == .optimize {
            let report = try Self.optimization(options, isQuiet: isQuiet)
            return print(json ? report.json : report.table)
        }
        if name == .cache {
            let report = try await Self.cache(options, isQuiet: isQuiet)
            return print(json ? report.json : report.table)
        }
        try await Deployment.with(settings) { deployment in
            let benchmarks = Benchmarks(
                server: deployment.owner, schema: ledgerSchema, options: options,
                log: { if !isQuiet { printError($0) } })
            for name in name == .all ? Name.allCases.filter({ $0 != .all }) : [name] {
                let report = try await run(name, of: benchmarks, settings)
                print(json ? report.json : report.table)
            }
        }
    }

    /// Measures rating, which needs no database, so none is started for it.
    private static func rating(
        _ options: Benchmarks.Options, isQuiet: Bool
    ) throws -> BenchmarkReport {
        try Benchmarks.rating(options) { if !isQuiet { printError($0) } }
    }

    /// Measures the batcher's decisions; no database is started for them either.
    private static func batch(
        _ options: Benchmarks.Options, isQuiet: Bool
    ) throws -> BenchmarkReport {
        try Benchmarks.batch(options) { if !isQuiet { printError($0) } }
    }

    private func run(
        _ name: Name, of benchmarks: Benchmarks, _ settings: Settings
    ) async throws -> BenchmarkReport {
        switch name {
        case .append, .all: try await benchmarks.append()
        case .verify: try await benchmarks.verify()
        case .rating: try Self.rating(benchmarks.options, isQuiet: json)
        case .tokens:
            try Self.tokens(benchmarks.options, settings.dataDirectory, isQuiet: json)
        case .optimize: try Self.optimization(benchmarks.options, isQuiet: json)
        case .batch: try Self.batch(benchmarks.options, isQuiet: json)
        case .cache: try await Self.cache(benchmarks.options, isQuiet: json)
        case .gateway: try await GatewayBenchSetup.run(benchmarks)
        case .replay: try await benchmarks.replay()
        case .rerate: try await benchmarks.rerate()
        case .rebuild:
            try await benchmarks.rebuild { _, pool, _ in
                try await ProjectionRunner(pool: pool).rebuild().first?.events ?? 0
            }
        case .savings:
            try await Self.savings(
                benchmarks, requests: events.map { $0 / 2 } ?? Self.savingsRequests,
                only: try parts.map(Self.savingsParts))
        case .decisions: try await benchmarks.decisions()
        case .holds: try await benchmarks.holds()
        case .leases: try await benchmarks.leases()
        case .questions:
            try await benchmarks.questions {
                try await ProjectionRunner(pool: $0).catchUp()
            } start: { configuration in
                try ServiceProcess.start(on: configuration).running
            }
        case .ingest:
            try await benchmarks.ingest { configuration in
                try ServiceProcess.start(on: configuration).running
            }
        }
    }
}

extension WorkloadKind: ExpressibleByArgument {}
