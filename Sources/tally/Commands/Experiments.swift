import ArgumentParser
import Booking
import Experimenting
import Experiments
import JSON
import LedgerModel
import ReadModels
import Server

struct ExperimentCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiments",
        abstract: "Experiments: define, list, show, stop, assign.",
        discussion: """
            An experiment compares arms on cost, latency, failures and quality, by a test that may \
            be looked at at any time, and stops by itself once it has its answer. Requests say in \
            the label experiment.NAME which arm they are in; docs/experiments.md says the rest.
            """,
        subcommands: [Define.self, List.self, Show.self, Stop.self, Assign.self])

    struct Define: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Defines an experiment, or changes the weights of one that runs.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Option(help: "The arms with their weights, the control first: control=50,short=50.")
        var arms: String
        @Option(help: "What is assigned as a whole: request, session or user.")
        var unit = "user"
        @Option(
            help: """
                What is compared, each with the smallest effect that matters: \
                cost:5%,failure:0.01. The first decides, the others may not get worse. Also \
                latency and quality.
                """)
        var metrics: String
        @Option(
            help: "How often an experiment without an effect may find one (default 0.05).")
        var errorRate: String?
        @Option(help: "Units of each arm before costs and latencies are compared (default 100).")
        var unitsMin: Int64?
        @Flag(help: "Print the result as JSON.") var json = false
        @Argument(help: "Name of the experiment.") var name: String

        func execute() async throws {
            let definition = try ExperimentDefinition(
                name: name, arms: arms, unit: unit, metrics: metrics, errorRate: errorRate,
                unitsMin: unitsMin)
            let experiment = try await withExperiments(database, target) {
                try await $0.define(definition, at: .now)
            }
            if json {
                var writer = JSONWriter()
                writer.experiment(experiment)
                return print(writer.text)
            }
            print(
                "\(name) runs with \(experiment.definition.armsText); its requests carry the "
                    + "label experiment.\(name)")
        }
    }

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the experiments.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let experiments = try await withExperiments(database, target) { try await $0.list() }
            if json {
                var writer = JSONWriter()
                writer.array(of: experiments) { $0.experiment($1) }
                return print(writer.text)
            }
            var table = TextTable(["name", "state", "winner", "unit", "arms", "metrics", "defined"])
            for experiment in experiments {
                let definition = experiment.definition
                table.add([
                    definition.name.string, experiment.isRunning ? "running" : "stopped",
                    experiment.stop?.winner.string, definition.unit.rawValue,
                    definition.armsText, definition.metricsText, "\(experiment.definedAt)",
                ])
            }
            print(table.text, terminator: "")
        }
    }

    struct Show: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows what the arms saw and how they compare.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Flag(help: "Print the result as JSON.") var json = false
        @Argument(help: "Name of the experiment.") var name: String

        func execute() async throws {
            let report = try await withExperiments(database, target, catchingUp: true) {
                try await $0.report(name)
            }
            guard json else { return print(report.text, terminator: "") }
            var writer = JSONWriter()
            writer.experiment(report)
            print(writer.text)
        }
    }

    struct Stop: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stops an experiment by hand: everybody gets the arm that is kept.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Option(help: "The arm that is kept (default: the control).") var keep: String?
        @Option(help: "Why.") var reason = "by hand"
        @Flag(help: "Print the result as JSON.") var json = false
        @Argument(help: "Name of the experiment.") var name: String

        func execute() async throws {
            let stopped = try await withExperiments(database, target) { service in
                let experiment = try await service.find(name)
                return try await service.stop(
                    experiment,
                    keeping: keep.map { Name($0) } ?? experiment.definition.control.name,
                    reason: reason, at: .now)
            }
            if json {
                var writer = JSONWriter()
                writer.experiment(stopped)
                return print(writer.text)
            }
            print("stopped \(name); everybody gets \(stopped.stop?.winner.string ?? "")")
        }
    }

    struct Assign: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says which arm a unit gets.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Option(help: "The request, session or user.") var unit: String
        @Flag(help: "Print the result as JSON.") var json = false
        @Argument(help: "Name of the experiment.") var name: String

        func execute() async throws {
            let experiment = try await withExperiments(database, target) { try await $0.find(name) }
            let arm = try experiment.arm(of: Name(unit))
            guard json else { return print(arm) }
            var writer = JSONWriter()
            writer.assignment(of: unit, to: arm, in: experiment)
            print(writer.text)
        }
    }
}

/// Lends the experiments of a ledger.
///
/// - Parameter catchingUp: whether what was appended is counted first, as a service would.
private func withExperiments<T>(
    _ database: DatabaseOptions, _ target: LedgerOptions, catchingUp: Bool = false,
    _ body: (ExperimentService) async throws -> T
) async throws -> T {
    try await Deployment.with(try await database.settings()) { deployment in
        if catchingUp { try await ProjectionRunner(pool: deployment.pool).catchUp() }
        let ledger = try await deployment.ledger(target.ledger).store
        return try await body(ExperimentService(ledger: ledger, pool: deployment.pool))
    }
}

extension ExperimentReport {
    fileprivate var text: String {
        let definition = experiment.definition
        var lines = [
            "\(definition.name): \(experiment.isRunning ? "running" : "stopped"), by "
                + "\(definition.unit.rawValue), \(definition.armsText), \(definition.metricsText)"
        ]
        if let stop = experiment.stop {
            lines.append("kept \(stop.winner): \(stop.reason), at \(stop.at)")
        }
        var seen = TextTable([
            "arm", "units", "requests", "failed", "unpriced", "cost USD", "USD a request",
            "latency ms", "quality",
        ])
        for arm in arms + strangers {
            let isStranger = strangers.contains { $0.arm == arm.arm }
            seen.add([
                isStranger ? "(\(arm.arm): not an arm)" : arm.arm.string, String(arm.units),
                String(arm.requests), String(arm.failedRequests), String(arm.unpricedRequests),
                "\(arm.cost)", arm.costOfRequest?.description,
                arm.latencyMilliseconds.map { fourDecimals($0) },
                arm.quality.count == 0 ? nil : fourDecimals(arm.quality.mean),
            ])
        }
        var compared = TextTable(["arm", "metric", "verdict", "effect", "low", "high", "on mean"])
        for comparison in comparisons {
            func effect(_ value: Double?) -> String? {
                value.map { comparison.metric.isRelative ? percent($0) : fourDecimals($0) }
            }
            compared.add([
                comparison.arm.string, comparison.metric.rawValue, comparison.verdict.rawValue,
                effect(comparison.effect), effect(comparison.low), effect(comparison.high),
                effect(comparison.effectOnMean),
            ])
        }
        if crossedUnits > 0 {
            lines.append("\(crossedUnits) units were seen in more than one arm")
        }
        let without = arms.reduce(0) { $0 + $1.requestsWithoutUnit }
        if without > 0 {
            lines.append("\(without) requests name no \(definition.unit.rawValue): not compared")
        }
        return lines.joined(separator: "\n") + "\n\n" + seen.text + "\n" + compared.text
    }

    private func percent(_ ratio: Double) -> String { fourDecimals(ratio * 100) + " %" }
}
