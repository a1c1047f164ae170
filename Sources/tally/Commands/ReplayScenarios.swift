import ArgumentParser
import Booking
import EventStore
import LedgerModel
import Pricing
import Rendering
import Replay

/// The other models and discounts of a replay.
struct WhatIfOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Assume that this model had answered everything.", valueName: "provider/model"))
    var to: String?
    @Option(help: "A mapping file: which model replaces which.") var mapModels: String?
    @Option(
        help: ArgumentHelp(
            "A discount, such as openai=10% or openai/gpt-4o=0.9; may be repeated.",
            valueName: "provider=percent"))
    var discount: [String] = []
    @Option(help: "A file of discounts: provider or provider/model, and the discount.")
    var discounts: String?

    var isEmpty: Bool {
        to == nil && mapModels == nil && discount.isEmpty && discounts == nil
    }

    func validate() throws {
        if let to, WhatIf.Target(to) == nil {
            throw ValidationError("--to \(to): write it as provider/model")
        }
    }

    func read() throws -> WhatIf {
        var whatIf = WhatIf()
        if let mapModels {
            whatIf = try Self.read(mapModels, "mapping") { text throws(PriceFileError) in
                try WhatIfFile.read(text)
            }
        }
        if let to {
            guard whatIf.otherwise == nil else {
                throw ValidationError(
                    "--to and the default of \(mapModels ?? "") exclude each other")
            }
            whatIf.otherwise = WhatIf.Target(to)
        }
        if let discounts {
            whatIf.discounts += try Self.read(discounts, "discounts") {
                text throws(PriceFileError) in try WhatIfFile.readDiscounts(text)
            }
        }
        for text in discount {
            do {
                whatIf.discounts.append(try WhatIfFile.discount(text))
            } catch {
                throw ValidationError("--discount \(error)")
            }
        }
        return whatIf
    }

    private static func read<T>(
        _ path: String, _ what: String, _ parse: (String) throws(PriceFileError) -> T
    ) throws -> T {
        let text = try readText(path, "the \(what) file")
        do {
            return try parse(text)
        } catch {
            throw InputRefused("\(path): \(error)")
        }
    }
}

extension ReplayHistory {
    struct ListScenarios: TallyCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists the scenarios that replays kept.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            output.show(
                try await place.open(to: .read) { deployment, ledger in
                    let scenarios = Scenarios(ledger: ledger.store.id, pool: deployment.pool)
                    return Listing(try await scenarios.list())
                })
        }
    }

    struct DropScenario: TallyCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop", abstract: "Drops a scenario.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Its name, from tally replay list.") var name: String

        func execute() async throws {
            let scenario = try ScenarioName(name)
            let wasThere = try await place.open(to: .write) { deployment, ledger in
                try await Scenarios(ledger: ledger.store.id, pool: deployment.pool)
                    .drop(scenario)
            }
            guard wasThere else {
                throw InputRefused("there is no scenario \(name): see tally replay list")
            }
            output.show(Done("dropped", "\(scenario)"))
        }
    }
}
