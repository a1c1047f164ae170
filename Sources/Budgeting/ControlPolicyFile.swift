import Budgets
import LedgerModel
import Pricing

/// Controls as part of a policy file, in their order.
///
///     controls:
///       cheaper:
///         for: {team: growth}
///         when: {budget: growth, used_percent: 80}
///         do: {downgrade: {gpt-4o: gpt-4o-mini}, max_tokens: 1000}
enum ControlPolicyFile {
    static func read(_ node: FileNode) throws -> [ControlPolicy] {
        let policies = try node.entries("controls").map(policy)
        guard policies.count <= ControlPolicy.policiesMax else {
            throw node.error(ControlInvalid.tooMany(ControlPolicy.policiesMax).description)
        }
        return policies
    }

    private static func policy(_ written: FileNode.Entry) throws -> ControlPolicy {
        var policy = try valid(written.error) { () throws(ControlInvalid) in
            try ControlPolicy(name: written.key)
        }
        for entry in try written.value.entries(written.key) {
            switch entry.key {
            case "for": policy.filter = try filter(entry.value)
            case "when": policy.conditions = try conditions(entry.value)
            case "do": policy.actions = try actions(entry.value)
            case "mode":
                let word = try entry.value.text("mode")
                guard let mode = ControlPolicy.Mode(rawValue: word) else {
                    throw entry.value.error("mode is \(word): use active or shadow")
                }
                policy.mode = mode
            default: throw entry.unknown(in: "a control", among: ["for", "when", "do", "mode"])
            }
        }
        let whole = policy
        try valid((written.value["do"] ?? written.value).error) { () throws(ControlInvalid) in
            try whole.validate()
            // Too long texts are refused here, not when the event is made.
            _ = try whole.facts([])
        }
        return whole
    }

    private static func filter(_ node: FileNode) throws -> [Dimension: Name] {
        var filter: [Dimension: Name] = [:]
        for entry in try node.entries("for") {
            let value = try entry.value.text(entry.key)
            if value.isEmpty { throw entry.value.error("\(entry.key) has no value") }
            filter[try dimension(entry.key, entry.error)] = Name(value)
        }
        return filter
    }

    // MARK: When

    private static let conditionKeys = [
        "budget", "used_percent", "spent_percent", "input_tokens_above", "usd_above", "hours",
        "zone",
    ]

    private static func conditions(_ node: FileNode) throws -> ControlPolicy.Conditions {
        var conditions = ControlPolicy.Conditions()
        for entry in try node.entries("when") {
            switch entry.key {
            case "budget", "used_percent", "spent_percent", "hours", "zone": break
            case "input_tokens_above":
                conditions.inputTokensAbove = try count(entry, in: 0...ControlPolicy.tokensMax)
            case "usd_above":
                let text = try entry.value.text("usd_above")
                do { conditions.costAbove = try WrittenAmounts.money(text, "usd_above") } catch {
                    throw entry.value.error(error.description)
                }
            default: throw entry.unknown(in: "when", among: conditionKeys)
            }
        }
        conditions.share = try share(node)
        if let hours = node["hours"] {
            let (text, zone) = (try hours.text("hours"), try node["zone"]?.text("zone") ?? "UTC")
            conditions.hours = try valid(hours.error) { () throws(ControlInvalid) in
                try DayHours(text, zone: zone)
            }
        } else if let zone = node["zone"] {
            throw zone.error("zone is that of hours, which are missing")
        }
        return conditions
    }

    private static func share(_ node: FileNode) throws -> ControlPolicy.Share? {
        let (used, spent) = (node["used_percent"], node["spent_percent"])
        guard let budget = node["budget"] else {
            if let percent = used ?? spent {
                throw percent.error("a percentage is that of a budget: name it as budget")
            }
            return nil
        }
        guard let percent = used ?? spent, used == nil || spent == nil else {
            throw budget.error(
                "give used_percent (spent and held) or spent_percent of the budget, one of them")
        }
        let text = try percent.text("the percentage")
        guard let number = Int64(text), 1...ControlPolicy.Share.percentMax ~= number else {
            throw percent.error(
                "\(text) is no percentage: give a whole number from 1 to "
                    + "\(ControlPolicy.Share.percentMax)")
        }
        return ControlPolicy.Share(
            of: Name(try budget.text("budget")), percent: number, countsHeld: used != nil)
    }

    // MARK: Do

    private static func actions(_ node: FileNode) throws -> ControlPolicy.Actions {
        var actions = ControlPolicy.Actions()
        for entry in try node.entries("do") {
            let value = entry.value
            switch ControlAction(rawValue: entry.key) {
            case .downgrade: actions.downgrade = try downgrade(value)
            case .disallowProvider:
                actions.disallowedProviders =
                    try (value.isSequence ? try value.items(entry.key) : [value]).map { node in
                        let name = try node.text(entry.key)
                        if name.isEmpty || name.contains(",") {
                            throw node.error("\"\(name)\" is no provider")
                        }
                        return Name(name)
                    }
            case .maxTokens: actions.maxTokens = try count(entry, in: 1...ControlPolicy.tokensMax)
            case .cache:
                let word = try value.text("cache")
                guard word == "force" else {
                    throw value.error("cache is \(word): force is all that can be done with it")
                }
                actions.forcesCache = true
            case .flag: actions.flag = Name(try value.text("flag"))
            case .throttle: actions.throttle = try throttle(entry)
            case .block: actions.block = Name(try value.text("block"))
            case nil:
                throw entry.unknown(in: "do", among: ControlAction.allCases.map(\.rawValue))
            }
        }
        return actions
    }

    private static func downgrade(_ node: FileNode) throws -> [ModelMapping] {
        var mappings: [ModelMapping] = []
        for entry in try node.entries("downgrade") {
            let to = try entry.value.text(entry.key)
            let mapping = try valid(entry.error) { () throws(ControlInvalid) in
                try ModelMapping(from: entry.key, to: to)
            }
            if mappings.contains(where: { $0.from == mapping.from }) {
                throw entry.error("\(entry.key) is given twice")
            }
            mappings.append(mapping)
        }
        return mappings.sorted(by: ModelMapping.isMoreExact)
    }

    /// `throttle: 60`, or `throttle: {calls_per_minute: 60, each: user}`.
    private static func throttle(_ entry: FileNode.Entry) throws -> ControlPolicy.Throttle {
        let range = 1...ControlPolicy.Throttle.callsMax
        guard entry.value.isMapping else {
            return ControlPolicy.Throttle(callsPerMinute: try count(entry, in: range), each: nil)
        }
        var calls: Int64?
        var each: Dimension?
        for setting in try entry.value.entries("throttle") {
            switch setting.key {
            case "calls_per_minute": calls = try count(setting, in: range)
            case "each":
                each = try dimension(try setting.value.text("each"), setting.value.error)
            default: throw setting.unknown(in: "throttle", among: ["calls_per_minute", "each"])
            }
        }
        guard let calls else { throw entry.value.error("calls_per_minute is missing") }
        return ControlPolicy.Throttle(callsPerMinute: calls, each: each)
    }

    // MARK: Values

    private static func count(
        _ entry: FileNode.Entry, in range: ClosedRange<Int64>
    ) throws -> Int64 {
        let count = try entry.value.count(entry.key)
        guard range.contains(count) else {
            throw entry.value.error(
                "\(entry.key) is \(count): give a number from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return count
    }

    private static func dimension(
        _ name: String, _ error: (String) -> PriceFileError
    ) throws(PriceFileError) -> Dimension {
        if let dimension = Dimension(name: name) { return dimension }
        let names = Dimension.allCases.map(\.name)
        throw error(
            "\(name) is not a dimension: "
                + (Likeness.nearest(to: name, among: names, part: 3)
                    .map { "did you mean \($0)?" } ?? "use \(names.joined(separator: ", "))"))
    }

    /// What a body makes, or what is wrong with it, where it stands.
    private static func valid<T>(
        _ error: (String) -> PriceFileError, _ body: () throws(ControlInvalid) -> T
    ) throws(PriceFileError) -> T {
        do { return try body() } catch let fault { throw error(fault.description) }
    }
}
