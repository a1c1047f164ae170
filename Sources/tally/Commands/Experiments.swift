import ArgumentParser
import Booking
import EventStore
import Experimenting
import Experiments
import LedgerModel
import Rendering

struct ExperimentCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiments",
        abstract: "Experiments: define, list, show, stop, assign.",
        discussion: """
            An experiment compares arms on cost, latency, failures and quality with a test that \
            you may check at any time, and stops by itself once it has an answer. Requests name \
            their arm in the label experiment.NAME; see docs/experiments.md.
            """,
        subcommands: [Define.self, List.self, Show.self, Stop.self, Assign.self])

    struct Define: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Defines an experiment, or changes the weights of a running one.")

        @OptionGroup var place: LedgerOptions
        @Option(help: "The arms with their weights, the control first: control=50,short=50.")
        var arms: String
        @Option(help: "The unit of assignment: request, session or user.")
        var unit = "user"
        @Option(
            help: """
                The metrics, each with the smallest effect that matters: \
                cost:5%,failure:0.01. The first decides; the others must not get worse. Also \
                latency and quality.
                """)
        var metrics: String
        @Option(
            help: "How often an experiment may report an effect that is not there (default 0.05).")
        var errorRate: String?
        @Option(help: "Units of each arm before costs and latencies are compared (default 100).")
        var unitsMin: Int64?
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the experiment.") var name: String

        func execute() async throws {
            let definition = try ExperimentDefinition(
                name: name, arms: arms, unit: unit, metrics: metrics, errorRate: errorRate,
                unitsMin: unitsMin)
            let experiment = try await withExperiments(place, to: .write) {
                try await $0.define(definition, at: .now)
            }
            output.show(
                Told(
                    experiment,
                    "\(name) runs with \(experiment.definition.armsText); its requests carry the "
                        + "label experiment.\(name)"))
        }
    }

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the experiments.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            output.show(
                Listing(try await withExperiments(place, to: .read) { try await $0.list() }))
        }
    }

    struct Show: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows each arm's requests and compares the arms.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the experiment.") var name: String

        func execute() async throws {
            output.show(
                try await withExperiments(place, to: .read, catchingUp: true) {
                    try await $0.report(name)
                })
        }
    }

    struct Stop: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stops an experiment by hand: every unit gets the arm that is kept.")

        @OptionGroup var place: LedgerOptions
        @Option(help: "The arm to keep (default: the control).") var keep: String?
        @Option(help: "The reason.") var reason = "by hand"
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the experiment.") var name: String

        func execute() async throws {
            let stopped = try await withExperiments(place, to: .write) { experiments in
                let experiment = try await experiments.find(name)
                return try await experiments.stop(
                    experiment,
                    keeping: keep.map { Name($0) } ?? experiment.definition.control.name,
                    reason: reason, at: .now)
            }
            let winner = stopped.stop?.winner.string ?? ""
            output.show(Told(stopped, "stopped \(name); every unit gets \(winner)"))
        }
    }

    struct Assign: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the arm that a unit gets.")

        @OptionGroup var place: LedgerOptions
        @Option(help: "The request, session or user.") var unit: String
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the experiment.") var name: String

        func execute() async throws {
            let experiment = try await withExperiments(place, to: .read) {
                try await $0.find(name)
            }
            let arm = try experiment.arm(of: Name(unit))
            output.show(AssignedArm(arm, of: unit, in: experiment))
        }
    }
}

/// Lends the experiments of a ledger.
///
/// - Parameter catchingUp: whether to fold new events first, as a service would.
private func withExperiments<T>(
    _ place: LedgerOptions, to purpose: Deployment.Purpose, catchingUp: Bool = false,
    _ body: (ExperimentService) async throws -> T
) async throws -> T {
    try await place.open(to: purpose) { deployment, ledger in
        if catchingUp { try await deployment.catchUp() }
        return try await body(ExperimentService(ledger: ledger.store, pool: deployment.pool))
    }
}
