import ArgumentParser
import Booking
import EventStore
import Foundation
import JSON
import LedgerModel
import Pricing
import Replay
import Server

/// What a replay supposes beside the book.
struct WhatIfOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Suppose that this model had answered everything.", valueName: "provider/model"))
    var to: String?
    @Option(help: "A mapping file: which model goes to which.") var mapModels: String?
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
                throw ValidationError("--to and the default of \(mapModels ?? "") are the same")
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
        guard let data = FileManager.default.contents(atPath: path),
            let text = String(validating: data, as: UTF8.self)
        else { throw InputRefused("the \(what) file \(path) cannot be read as text") }
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
            commandName: "list", abstract: "Lists the scenarios that replays left behind.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let scenarios = try await Deployment.with(try await database.settings()) {
                let ledger = try await $0.ledger(target.ledger).store.id
                return try await Scenarios(ledger: ledger, pool: $0.pool).list()
            }
            if json {
                var writer = JSONWriter()
                writer.array(of: scenarios) { $0.scenario($1) }
                return print(writer.text)
            }
            var table = TextTable([
                "scenario", "prices", "by", "rows", "recorded_usd", "replayed_usd", "position",
                "created",
            ])
            for scenario in scenarios {
                table.add([
                    scenario.name, scenario.prices, scenario.groupedBy.joined(separator: ","),
                    String(scenario.rows), scenario.recorded.description,
                    scenario.replayed.description, String(scenario.position),
                    scenario.createdAt.description,
                ])
            }
            print(table.text, terminator: "")
        }
    }

    struct DropScenario: TallyCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop", abstract: "Removes a scenario.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Flag(help: "Print the result as JSON.") var json = false
        @Argument(help: "Its name, from tally replay list.") var name: String

        func execute() async throws {
            let scenario = try ScenarioName(name)
            let wasThere = try await Deployment.with(try await database.settings()) {
                let ledger = try await $0.ledger(target.ledger).store.id
                return try await Scenarios(ledger: ledger, pool: $0.pool).drop(scenario)
            }
            guard wasThere else {
                throw InputRefused("there is no scenario \(name): see tally replay list")
            }
            print(json ? "{\"dropped\":\"\(scenario)\"}" : "dropped \(scenario)")
        }
    }
}
