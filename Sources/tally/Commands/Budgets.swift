import ArgumentParser
import Booking
import Budgeting
import Budgets
import Calendars
import Foundation
import LedgerModel
import Rendering

struct BudgetCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budgets",
        abstract:
            "Budgets: set, apply, list, show, impact, top-up, override, reset, remove, history, check.",
        discussion: """
            A budget limits what its requests cost, or how many tokens or requests they are, in \
            each window. Every charge in the ledger counts, whoever reports it; callers that ask \
            for a hold first are refused before the limit is passed. See docs/budgets.md.
            """,
        subcommands: [
            SetBudget.self, List.self, Show.self, TopUp.self, Override.self, Reset.self,
            Impact.self, Apply.self, Remove.self, History.self, Check.self,
        ])

    struct SetBudget: TallyCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Defines a budget, or changes it.",
            discussion: """
                For example: tally budgets set growth --usd 500 --for team=growth, or for each \
                user a day: tally budgets set people --usd 2 --each user --window day.
                """)

        @OptionGroup var amounts: AmountOptions
        @Option(
            name: .customLong("for"),
            help: ArgumentHelp(
                "What counts: a dimension and its value; may be repeated (default: everything).",
                valueName: "dimension=value"))
        var filter: [String] = []
        @Option(help: "Each value of this dimension, such as user, has the limits for itself.")
        var each: String?
        @Option(
            help: """
                hour, day, week, month, quarter, year or total, several: "2 weeks", or, unless \
                hard, "rolling 7 days".
                """)
        var window = "month"
        @Option(help: "A day on which some window begins, such as 2026-04-01.")
        var starts: String?
        @Option(help: "The time zone of the windows (default: that of the ledger).")
        var zone: String?
        @Option(help: "hard refuses holds that do not fit, soft only says so, shadow only counts.")
        var enforcement = "hard"
        @Option(
            help: ArgumentHelp(
                "How much is held before a call: stream, expected or strict.", valueName: "mode"))
        var hold = "stream"
        @Option(help: "Output tokens held ahead of a stream (default 512).") var slice: Int64?
        @Option(
            help: ArgumentHelp(
                "Part of the limits that only settlements may use (default 5 with expected, else 0).",
                valueName: "percent"))
        var reserve: Int64?
        @Option(help: "Seconds after which a hold without an outcome expires (default 600).")
        var holdSeconds: Int64?
        @Flag(help: "Instances take parts of it and decide holds from memory: for hot budgets.")
        var lease = false
        @OptionGroup var changed: ChangedBudget

        func execute() async throws {
            var budget = WrittenBudget(name: changed.name, limits: try amounts.written)
            budget.filter = try pairs(filter)
            (budget.each, budget.window, budget.starts) = (each, window, starts)
            (budget.zone, budget.enforcement, budget.holdSeconds) = (zone, enforcement, holdSeconds)
            budget.leases = lease
            (budget.hold, budget.slice, budget.reserve) = (hold, slice, reserve)
            // What is wrong is said before anything is opened.
            _ = try budget.definition()
            let written = budget
            try await changed.make { zone in
                .set(try written.definition(in: zone))
            } then: { budgets in
                let definition = try written.definition()
                let isChosen = !definition.filter.isEmpty || definition.each != nil
                guard isChosen, !changed.output.json,
                    try await !budgets.reachesTraffic(definition, at: .now)
                else { return }
                printError(
                    "note: no request of the last 30 days counts for \(definition.name): is --for "
                        + "what applications report?")
            }
        }
    }

    struct Apply: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Defines all budgets and controls of a file; those that it does not name stay.",
            discussion: """
                tally replay budgets --policy FILE first says what they would refuse and change. \
                Controls are taken in the order of the file, behind those that it does not name.
                """)

        @OptionGroup var place: LedgerOptions
        @Option(help: "Why; kept in each budget's and control's history.") var reason: String?
        @OptionGroup var output: OutputOptions
        @Argument(help: "A file of budgets and controls; docs/budgets.md describes it.")
        var file: String

        func execute() async throws {
            let text = try readText(file, "file of budgets")
            _ = try BudgetPolicyFile.read(text)
            output.show(
                try await withBudgets(place, to: .write) { budgets, zone in
                    let policy = try BudgetPolicyFile.read(text, in: zone)
                    var statuses: [BudgetStatus] = []
                    for definition in policy.budgets {
                        statuses.append(
                            try await budgets.change(
                                definition.name.string, .set(definition), by: author,
                                reason: reason, at: .now))
                    }
                    var controls: [Control] = []
                    if !policy.controls.isEmpty {
                        controls = try await budgets.apply(
                            policy.controls, by: author, reason: reason, at: .now)
                    }
                    return AppliedPolicies(statuses, controls)
                })
        }
    }

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the budgets and how they stand.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let budgets = try await withBudgets(place, to: .read) { budgets in
                try await budgets.marked(try await budgets.list(at: .now), at: .now)
            }
            if budgets.isEmpty, !output.json {
                print("There is no budget yet. For example: tally budgets set all --usd 500")
            } else {
                output.show(Listing(budgets))
            }
        }
    }

    struct Show: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows how a budget stands, its fullest members first.")

        @OptionGroup var place: LedgerOptions
        @Option(help: "The maximum number of members.") var limit = 20
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the budget.") var name: String

        func validate() throws {
            guard 1...100_000 ~= limit else {
                throw ValidationError("--limit must lie between 1 and 100000")
            }
        }

        func execute() async throws {
            output.show(
                Listing(
                    try await withBudgets(place, to: .read) { budgets in
                        let shown = try await budgets.show(name, at: .now, limit: limit)
                        return try await budgets.marked(shown, at: .now)
                    }))
        }
    }

    struct Impact: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows what planned calls would do to budgets, and controls to the calls.")

        @OptionGroup var place: LedgerOptions
        @Option(help: "The provider.") var provider = "openai"
        @Option(help: "The model.") var model: String
        @Option(help: "Input tokens of a call.") var inputTokens: Int64
        @Option(help: "Output tokens of a call.") var outputTokens: Int64
        @Option(help: "How many calls.") var times: Int64 = 1
        @Option(
            name: .customLong("for"),
            help: ArgumentHelp(
                "A dimension of the calls, such as team=growth; may be repeated.",
                valueName: "dimension=value"))
        var dimensions: [String] = []
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard 1...1_000_000_000 ~= times else {
                throw ValidationError("--times must lie between 1 and 1000000000")
            }
            for (option, count) in [
                ("--input-tokens", inputTokens), ("--output-tokens", outputTokens),
            ] where !(0...Usage.countMax ~= count) {
                throw ValidationError("\(option) must lie between 0 and \(Usage.countMax)")
            }
        }

        func execute() async throws {
            var named: Dimensions = [.provider: Name(provider), .model: Name(model)]
            for (name, value) in try pairs(dimensions) {
                named[try Dimension.argument(name, "--for")] = Name(value)
            }
            let wish = HoldWish(
                requestID: "planned", dimensions: named,
                usage: [.inputTokens: inputTokens, .outputTokens: outputTokens], cost: nil)
            let impact = try await withBudgets(place, to: .read) {
                try await $0.impact(of: wish, times: times, at: .now)
            }
            output.show(impact)
        }
    }

    struct TopUp: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds to the limits of a budget for good.")

        @OptionGroup var amounts: AmountOptions
        @OptionGroup var changed: ChangedBudget

        func execute() async throws {
            try await changed.make(.topUp(try amounts.written.amounts()))
        }
    }

    struct Override: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Raises the limits of a budget for a while.")

        @OptionGroup var amounts: AmountOptions
        @Option(help: "The end.", transform: GivenTime.end) var until: GivenTime?
        @Option(help: "The present window and some further ones (default 1).") var windows: Int?
        @OptionGroup var changed: ChangedBudget

        func validate() throws {
            if until != nil, windows != nil {
                throw ValidationError("give --until or --windows, not both")
            }
        }

        func execute() async throws {
            let more = try amounts.written.amounts()
            try await changed.make { zone in
                let end = until.map { BudgetChange.Until.time($0.time(in: zone)) }
                return .override(more, end ?? .windows(windows ?? 1))
            }
        }
    }

    struct Reset: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets a budget begin anew now; the ledger keeps what was spent.")

        @OptionGroup var changed: ChangedBudget

        func execute() async throws {
            try await changed.make(.reset)
        }
    }

    struct Remove: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes a budget; its history stays.")

        @OptionGroup var changed: ChangedBudget

        func execute() async throws {
            try await changed.make(.remove, saying: "removed")
        }
    }

    struct History: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists what changed a budget, when, by whom and why.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the budget.") var name: String

        func execute() async throws {
            output.show(
                Listing(try await withBudgets(place, to: .read) { try await $0.history(name) }))
        }
    }

    struct Check: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares what budgets have spent with the sum of the ledger's events.",
            discussion: "Exit code 1 if a budget does not say what the ledger says.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let differences = try await withBudgets(place, to: .read) {
                try await $0.check(at: .now)
            }
            output.show(BudgetCheck(differences))
            if !differences.isEmpty { throw ExitCode(ExitStatus.checkFailed.rawValue) }
        }
    }
}

/// The budget that a command changes, and why.
struct ChangedBudget: ParsableArguments {
    @OptionGroup var place: LedgerOptions
    @Option(help: "Why; kept in the budget's history.") var reason: String?
    @OptionGroup var output: OutputOptions
    @Argument(help: "Name of the budget.") var name: String

    /// Makes a change and shows how the budget stands, or says what was done.
    ///
    /// - Parameter then: what else is looked at.
    func make(
        _ change: BudgetChange, saying verb: String? = nil,
        then: (BudgetService) async throws -> Void = { _ in }
    ) async throws {
        try await make(saying: verb, { _ in change }, then: then)
    }

    /// The same where the change depends on the zone of the ledger.
    func make(
        saying verb: String? = nil, _ change: (CalendarZone) throws -> BudgetChange,
        then: (BudgetService) async throws -> Void = { _ in }
    ) async throws {
        try await withBudgets(place, to: .write) { budgets, zone in
            let status = try await budgets.change(
                name, try change(zone), by: author, reason: reason, at: .now)
            if let verb {
                output.show(Done(verb, name))
            } else {
                output.show(Listing([status]))
            }
            try await then(budgets)
        }
    }
}

struct AmountOptions: ParsableArguments {
    @Option(help: "An amount in USD, such as 500 or 12.50.") var usd: String?
    @Option(help: "A number of input and output tokens.") var tokens: Int64?
    @Option(help: "A number of requests.") var requests: Int64?

    /// Looked at when the command runs: an unknown option is to be told of first.
    var written: WrittenAmounts {
        get throws {
            if usd == nil, tokens == nil, requests == nil {
                throw ValidationError("give --usd, --tokens or --requests")
            }
            return WrittenAmounts(usd: usd, tokens: tokens, requests: requests)
        }
    }
}

/// Dimensions with their values, as options name them.
private func pairs(_ options: [String]) throws -> [(dimension: String, value: String)] {
    try options.map { option in
        guard let equals = option.firstIndex(of: "=") else {
            throw ValidationError("--for \(option): write DIMENSION=VALUE")
        }
        return (String(option[..<equals]), String(option[option.index(after: equals)...]))
    }
}

/// As whom the ledger records a change.
var author: String { "\(NSUserName()) at the command line" }

func withBudgets<T>(
    _ place: LedgerOptions, to purpose: Deployment.Purpose,
    _ body: (BudgetService) async throws -> T
) async throws -> T {
    try await withBudgets(place, to: purpose) { budgets, _ in try await body(budgets) }
}

/// The same with the reporting zone of the ledger.
private func withBudgets<T>(
    _ place: LedgerOptions, to purpose: Deployment.Purpose,
    _ body: (BudgetService, CalendarZone) async throws -> T
) async throws -> T {
    try await place.open(to: purpose) { deployment, ledger in
        try await body(ledger.budgets, try await deployment.zone(of: ledger))
    }
}
