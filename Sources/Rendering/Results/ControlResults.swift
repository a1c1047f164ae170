package import Budgeting
package import Budgets
import JSON
import LedgerModel

/// A control of a ledger: JSON has it as its file does, the table in words.
extension Control: ListedObject {
    package static let listName = "controls"

    package static let shape = Shape<Control> {
        Member("control", \.policy.name, .column)
        Member("mode", \.policy.mode.rawValue, .column)
        Member("filter", { JSONText($0.policy.filterJSON) })
        Member(heading: "for") { $0.policy.forWhom }
        Member("when", { JSONText($0.policy.conditions.json) })
        Member(heading: "when") { $0.policy.conditions.words.joined(separator: ", ") }
        Member("do", { JSONText($0.policy.actions.json) })
        Member(heading: "do") { $0.policy.actions.words.joined(separator: ", ") }
        Member("by", \.by, .column)
        Member("reason", \.reason)
        Member("defined_at", \.recordedAt)
        Member("position", \.position)
    }
}

extension ControlPolicy {
    fileprivate var filterJSON: String {
        var json = JSONWriter()
        json.object { json in
            for (dimension, value) in filter.sorted(by: { $0.key.name < $1.key.name }) {
                json.field(dimension.name, value.string)
            }
        }
        return json.text
    }

    fileprivate var forWhom: String {
        let values = filter.sorted { $0.key.name < $1.key.name }
            .map { "\($0.key.name)=\($0.value)" }
        return values.isEmpty ? "every call" : values.joined(separator: ", ")
    }
}

extension ControlPolicy.Conditions {
    fileprivate var words: [String] {
        let words = [
            share.map {
                "budget \($0.budget) is \($0.percent) % \($0.countsHeld ? "spent or held" : "spent")"
            },
            inputTokensAbove.map { "input above \(grouped($0)) tokens" },
            costAbove.map { "price above \(dollars($0))" },
            hours.map { "\($0.text) in \($0.zone)" },
        ].compactMap(\.self)
        return words.isEmpty ? ["always"] : words
    }

    fileprivate var json: String {
        var json = JSONWriter()
        json.object { json in
            if let share {
                json.field("budget", share.budget.string)
                json.field(share.countsHeld ? "used_percent" : "spent_percent", share.percent)
            }
            if let inputTokensAbove { json.field("input_tokens_above", inputTokensAbove) }
            if let costAbove { json.field("usd_above", costAbove.description) }
            if let hours {
                json.field("hours", hours.text)
                json.field("zone", hours.zone)
            }
        }
        return json.text
    }
}

extension ControlPolicy.Actions {
    fileprivate var words: [String] {
        var words = downgrade.map { "\($0.from) becomes \($0.to)" }
        if !disallowedProviders.isEmpty {
            words.append("not \(disallowedProviders.map(\.string).joined(separator: " or "))")
        }
        if let maxTokens { words.append("at most \(grouped(maxTokens)) output tokens") }
        if forcesCache { words.append("from the cache only") }
        if let flag { words.append("flag: \(flag)") }
        if let throttle {
            let each = throttle.each.map { " for each \($0.name)" } ?? ""
            words.append("\(grouped(throttle.callsPerMinute)) calls a minute\(each)")
        }
        if let block { words.append("block: \(block)") }
        return words
    }

    fileprivate var json: String {
        var json = JSONWriter()
        json.object { json in
            if !downgrade.isEmpty {
                json.key("downgrade")
                json.object { json in
                    for mapping in downgrade { json.field(mapping.from.string, mapping.to.string) }
                }
            }
            if !disallowedProviders.isEmpty {
                json.key("disallow_provider")
                json.array(of: disallowedProviders) { $0.value($1.string) }
            }
            if let maxTokens { json.field("max_tokens", maxTokens) }
            if forcesCache { json.field("cache", "force") }
            if let flag { json.field("flag", flag.string) }
            if let throttle {
                json.key("throttle")
                json.object { json in
                    json.field("calls_per_minute", throttle.callsPerMinute)
                    if let each = throttle.each { json.field("each", each.name) }
                }
            }
            if let block { json.field("block", block.string) }
        }
        return json.text
    }
}

/// What was done to a call.
extension AppliedControl: RenderableObject {
    package static let shape = Shape<AppliedControl> {
        Member("policy", \.policy, .heading("control"))
        Member("action", \.action.rawValue, .column)
        Member("shadow", \.isShadow)
        Member(heading: "mode") { $0.isShadow ? "shadow" : "active" }
        Member("from", \.from, .column)
        Member("to", \.to, .column)
    }
}

/// Why a control refuses a call.
extension ControlRefusal: RenderableObject {
    package static let shape = Shape<ControlRefusal> {
        Member("policy", \.policy)
        Member("action", \.action.rawValue)
        Member("member", \.member)
        Member("message", \.message)
        Member("retry_after_seconds", \.retrySeconds)
    }
}

/// What the file of policies defined.
package struct AppliedPolicies: RenderableObject, Reportable {
    let budgets: [BudgetStatus]
    let controls: [Control]

    package init(_ budgets: [BudgetStatus], _ controls: [Control]) {
        self.budgets = budgets
        self.controls = controls
    }

    package static let shape = Shape<AppliedPolicies> {
        Member("budgets", \.budgets)
        Member("controls", \.controls)
    }

    package var report: Report {
        var report = Report()
        if !budgets.isEmpty { report.parts.append(.table(Table(budgets))) }
        if !controls.isEmpty { report.parts.append(.table(Table(controls))) }
        return report
    }
}

/// What planned calls would do to budgets, and controls to them.
extension PlannedImpact: RenderableObject, Reportable {
    package static let shape = Shape<PlannedImpact> {
        Member("impact", \.budgets)
        Member("controls", \.controls)
        Member("refusal", \.refusal)
        Member("provider", \.call.dimensions[.provider])
        Member("model", \.call.dimensions[.model])
        Member("max_tokens", \.call.usage[.outputTokens])
    }

    package var report: Report {
        var report = Report()
        if budgets.isEmpty {
            report.parts.append(.text("no budget counts such calls"))
        } else {
            report.parts.append(.table(Table(budgets)))
        }
        if !controls.isEmpty { report.parts.append(.table(Table(controls))) }
        if let refusal { report.verdict = "the call would be refused: \(refusal)" }
        return report
    }
}

// MARK: - Replay

extension ControlReplayReport: RenderableObject {
    package static let shape = Shape<ControlReplayReport> {
        Member("policies", \.policies)
        Member("changed", \.changed)
    }
}

extension ControlReplayReport.Changed: RenderableObject {
    package static let shape = Shape<ControlReplayReport.Changed> {
        Member("changes", \.changes, .column)
        Member("saved_usd", \.known, .heading("saved usd"))
        Member("unpriced_changes", \.unpriced, .heading("unpriced"))
    }
}

extension ControlReplayReport.Sum: RenderableObject {
    package static let shape = Shape<ControlReplayReport.Sum> {
        Member("control", \.policy?.name, .column)
        Member("mode", \.policy?.mode.rawValue, .column)
        Member("blocked", { $0.count(.block) })
        Member("throttled", { $0.count(.throttle) })
        Member("disallowed", { $0.count(.disallowProvider) })
        Member("downgraded", { $0.count(.downgrade) })
        Member("shortened", { $0.count(.maxTokens) })
        Member("from_cache", { $0.count(.cache) })
        Member("flagged", { $0.count(.flag) })
        Member(heading: "requests") { $0.words }
        Member(including: \.changed)
        Member("first_at", \.first, .heading("first"))
    }

    fileprivate func count(_ action: ControlAction) -> Int64 { actions[action] ?? 0 }

    /// How many requests it acts on, and how.
    fileprivate var words: String {
        let words = ControlAction.allCases.compactMap { action in
            actions[action].map { "\(grouped($0)) \(action.participle)" }
        }
        return words.isEmpty ? "none" : words.joined(separator: ", ")
    }
}

extension ControlAction {
    /// What it makes of a request.
    fileprivate var participle: String {
        switch self {
        case .downgrade: "downgraded"
        case .disallowProvider: "disallowed"
        case .maxTokens: "shortened"
        case .cache: "from the cache"
        case .flag: "flagged"
        case .throttle: "throttled"
        case .block: "blocked"
        }
    }
}
