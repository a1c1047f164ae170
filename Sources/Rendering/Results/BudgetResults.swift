package import Budgeting
package import Budgets
import JSON
import LedgerModel

/// How a budget stands: JSON has every number, the table what people look for.
extension BudgetStatus: ListedObject {
    package static let listName = "budgets"
    package static let layout = Table.Layout(
        expendable: ["holds", "held"],
        nothing: "there are no budgets: tally budgets set NAME --usd 500 makes one")

    package static let shape = Shape<BudgetStatus> {
        Member("budget", \.definition.name, .column)
        Member("member", \.member)
        Member(heading: "for") { $0.forWhom }
        Member("members", \.members)
        Member("enforcement", \.definition.enforcement.rawValue)
        Member("hold", \.definition.hold.mode.rawValue)
        Member("slice", { $0.definition.hold.mode == .stream ? $0.definition.hold.slice : nil })
        Member("reserve", \.definition.hold.reserve)
        Member("filter", { JSONText(json($0.definition.filter)) })
        Member("each", \.definition.each?.name)
        Member("window", \.definition.schedule.periodText, .column)
        Member(heading: "holds") { $0.holdWords }
        Member("zone", \.definition.schedule.zone)
        Member("window_start", \.window.start)
        Member("resets_at", \.window.end, .heading("resets"))
        Member("limit_usd", \.limits.cost)
        Member("limit_tokens", \.limits.tokens)
        Member("limit_requests", \.limits.requests)
        Member(heading: "limit") { $0.words($0.limits.cost, $0.limits.tokens, $0.limits.requests) }
        Member("spent_usd", \.balance.posted.cost)
        Member("spent_tokens", \.balance.posted.tokens)
        Member("spent_requests", \.balance.posted.requests)
        Member(heading: "spent") { $0.words(of: $0.balance.posted) }
        Member("held_usd", \.held.cost)
        Member("held_tokens", \.held.tokens)
        Member("held_requests", \.held.requests)
        Member(heading: "held") { $0.heldWords }
        Member("open_holds", \.holds?.count)
        Member("idle_usd", \.idle?.cost)
        Member("lease", \.definition.leases)
        Member("leased_usd", \.leased.cost)
        Member("leased_tokens", \.leased.tokens)
        Member("leased_requests", \.leased.requests)
        Member("left_usd", \.left.cost)
        Member("left_tokens", \.left.tokens)
        Member("left_requests", \.left.requests)
        Member(heading: "left") { $0.words($0.left.cost, $0.left.tokens, $0.left.requests) }
        Member("refusals", \.balance.refusals)
        Member("used", { $0.used.map { Proportion($0, as: .bar) } }, .column)
        Member("counts_since_start", \.budget.opening.isComplete)
        Member("unreached", \.isUnreached)
        Member("position", \.position)
    }

    fileprivate var forWhom: String {
        let filter = definition.filter.sorted { $0.key.name < $1.key.name }
            .map { "\($0.key.name)=\($0.value)" }
        let each: [String] =
            if let each = definition.each {
                [member.map { "\(each.name)=\($0)" } ?? "each \(each.name)"]
            } else {
                []
            }
        let all = filter + each
        let what = all.isEmpty ? "everything" : all.joined(separator: ", ")
        return isUnreached ? what + " (no request of 30 days)" : what
    }

    /// How it holds, in words, such as `expected, 5 % kept`.
    private var holdWords: String {
        let rule = definition.hold
        return rule.mode.rawValue + (rule.reserve == 0 ? "" : ", \(rule.reserve) % kept")
    }

    fileprivate var heldWords: String {
        let held = words(of: held)
        return leased == .zero ? held : "\(held) + \(words(of: leased)) leased"
    }

    fileprivate func words(of amounts: Amounts) -> String {
        words(
            limits.cost.map { _ in amounts.cost }, limits.tokens.map { _ in amounts.tokens },
            limits.requests.map { _ in amounts.requests })
    }

    /// Those that have a limit, in words.
    fileprivate func words(_ cost: PicodollarSum?, _ tokens: Int64?, _ requests: Int64?) -> String {
        [
            cost.map { dollars($0) }, tokens.map { "\(grouped($0)) tokens" },
            requests.map { counted($0, "request") },
        ].compactMap { $0 }.joined(separator: ", ")
    }

    private static func json(_ filter: [Dimension: Name]) -> String {
        var json = JSONWriter()
        json.object { json in
            for (dimension, value) in filter.sorted(by: { $0.key.name < $1.key.name }) {
                json.field(dimension.name, value.string)
            }
        }
        return json.text
    }
}

extension BudgetImpact: ListedObject {
    package static let listName = "impact"

    package static let shape = Shape<BudgetImpact> {
        Member("budget", \.status.definition.name, .column)
        Member("member", \.status.member)
        Member(heading: "for") { $0.status.forWhom }
        Member("fits", \.fits, .column)
        Member("asked_usd", \.asked.cost)
        Member("asked_tokens", \.asked.tokens)
        Member("asked_requests", \.asked.requests)
        Member(heading: "asked") { $0.status.words(of: $0.asked) }
        Member(heading: "left now") {
            $0.status.words($0.status.left.cost, $0.status.left.tokens, $0.status.left.requests)
        }
        Member("left_usd", \.left.cost)
        Member("left_tokens", \.left.tokens)
        Member("left_requests", \.left.requests)
        Member(heading: "left then") {
            $0.status.words($0.left.cost, $0.left.tokens, $0.left.requests)
        }
        Member("enforcement", \.status.definition.enforcement.rawValue, .column)
        Member("resets_at", \.status.window.end, .heading("resets"))
    }
}

extension BudgetRevision: ListedObject {
    package static let listName = "changes"
    package static let layout = Table.Layout(
        expendable: ["extra until", "reason", "requests", "tokens"],
        nothing: "the budget has never changed")

    package static let shape = Shape<BudgetRevision> {
        Member("at", \.at, .column)
        Member("change", \.change, .column)
        Member("limit_usd", \.definition.limits.cost, .heading("usd"))
        Member("limit_tokens", \.definition.limits.tokens, .heading("tokens"))
        Member("limit_requests", \.definition.limits.requests, .heading("requests"))
        Member("extra_usd", \.definition.extra?.amounts.cost)
        Member("extra_until", \.definition.extra?.until, .heading("extra until"))
        Member("window", \.definition.schedule.periodText, .column)
        Member("enforcement", \.definition.enforcement.rawValue, .column)
        Member("hold", \.definition.hold.mode.rawValue, .column)
        Member("by", \.by, .column)
        Member("reason", \.reason, .column)
        Member("position", \.position)
    }
}

/// Why a budget refuses, with the figures to decide what to do.
extension BudgetRefusal: RenderableObject {
    package static let shape = Shape<BudgetRefusal> {
        Member("budget", \.budget)
        Member("member", \.member)
        Member("window_start", \.window.start)
        Member("resets_at", \.window.end)
        Member("limit_usd", \.limits.cost)
        Member("limit_tokens", \.limits.tokens)
        Member("limit_requests", \.limits.requests)
        Member("spent_usd", \.balance.posted.cost)
        Member("spent_tokens", \.balance.posted.tokens)
        Member("spent_requests", \.balance.posted.requests)
        Member("held_usd", \.balance.held.cost)
        Member("held_tokens", \.balance.held.tokens)
        Member("held_requests", \.balance.held.requests)
        Member("asked_usd", \.asked.cost)
        Member("asked_tokens", \.asked.tokens)
        Member("reserved_usd", \.reserved.cost)
        Member("reserved_tokens", \.reserved.tokens)
        Member("left_usd", \.left.cost)
        Member("max_tokens_that_fits", \.outputTokensThatFit)
        Member("candidates", \.candidates)
    }
}

/// Who could have answered a call, and why that can't be.
extension RefusedCandidate: RenderableObject {
    package static let shape = Shape<RefusedCandidate> {
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("budget", \.budget, .column)
        Member("reason", \.reason, .column)
        Member("max_tokens_that_fits", \.outputTokensThatFit)
    }
}

/// What one budget holds of a call.
extension HeldByBudget: RenderableObject {
    package static let shape = Shape<HeldByBudget> {
        Member("budget", \.budget, .column)
        Member("member", \.member, .column)
        Member("mode", \.mode.rawValue, .column)
        Member("held_usd", \.part.amounts.cost, .column)
        Member("held_tokens", \.part.amounts.tokens, .column)
        Member("output_tokens_held", \.part.outputTokens)
    }
}

extension HoldAnswer: RenderableObject, Reportable {
    package static let shape = Shape<HoldAnswer> {
        Member("request_id", \.hold.requestID)
        Member("hold", { "\($0.hold.event.id)" })
        Member("state", \.state.rawValue)
        Member("repeated", \.isRepeated)
        Member("provider", \.hold.event.dimensions[.provider])
        Member("model", \.hold.event.dimensions[.model])
        Member("max_tokens", \.maxTokens)
        Member("controls", \.controls)
        Member("passed_over", \.passedOver)
        Member("held_usd", \.hold.amounts.cost)
        Member("held_tokens", \.hold.amounts.tokens)
        Member("held", \.held)
        Member("output_tokens_held", \.outputTokensHeld)
        Member("max_output_tokens", \.outputMax)
        Member("cached_tokens_credited", \.credited)
        Member("expires_at", \.expires)
        Member("cost_usd", \.cost)
        Member("unpriced", \.unpriced)
        Member("budgets", \.budgets)
    }

    package var report: Report {
        Report(
            parts: [.table(Table(budgets))]
                + (controls.isEmpty ? [] : [.table(Table(controls))]),
            verdict: "\(hold.requestID) is \(state.rawValue): \(dollars(hold.amounts.cost)) until "
                + "\(expires)")
    }
}

/// A row of a budget that does not say what the ledger says.
extension BudgetDifference: RenderableObject {
    package static let shape = Shape<BudgetDifference> {
        Member("budget", \.budget, .column)
        Member("row", \.row, .column)
        Member("expected_usd", \.expected.cost, .column)
        Member("found_usd", \.found.cost, .column)
        Member("expected_tokens", \.expected.tokens, .column)
        Member("found_tokens", \.found.tokens, .column)
        Member("expected_requests", \.expected.requests, .column)
        Member("found_requests", \.found.requests, .column)
    }
}

/// Whether budgets say what the ledger says.
package struct BudgetCheck: RenderableObject, Reportable {
    let differences: [BudgetDifference]

    package init(_ differences: [BudgetDifference]) {
        self.differences = differences
    }

    package static let shape = Shape<BudgetCheck> {
        Member("agree", \.differences.isEmpty)
        Member("differences", \.differences)
    }

    package var report: Report {
        differences.isEmpty
            ? Report(.text("every budget says what the ledger's events add up to"))
            : Report(.table(Table(differences)))
    }
}

// MARK: - Replay

/// What budgets would have refused: each budget, and whose requests.
extension BudgetReplayReport: RenderableObject, Reportable {
    package static let shape = Shape<BudgetReplayReport> {
        Member("position", \.position)
        Member("requests", \.requests)
        Member("refused", \.refused)
        Member("budgets", \.budgets)
        Member("groups", { report in report.groups.map { Refusals(by: report.groupedBy, of: $0) } })
        Member("controls", \.controls, omitted: true)
        Member(
            "changed_groups",
            { report in
                report.controls?.groups.map { ChangedCalls(by: report.groupedBy, of: $0) }
            }, omitted: true)
    }

    package var report: Report {
        let names = groupedBy.map(\.name).joined(separator: ", ")
        var report = Report(
            parts: budgets.isEmpty ? [] : [.table(Table(budgets))], verdict: verdict)
        if let controls { report.parts.append(.table(Table(controls.policies))) }
        report.parts.append(
            .notes(
                title: groups.isEmpty ? "Nothing would have been refused" : "Refused, by \(names)",
                []))
        if !groups.isEmpty {
            report.parts.append(
                .table(Table(groups.map { Refusals(by: groupedBy, of: $0) })))
        }
        if let controls, !controls.groups.isEmpty {
            report.parts.append(.notes(title: "Changed, by \(names)", []))
            report.parts.append(
                .table(Table(controls.groups.map { ChangedCalls(by: groupedBy, of: $0) })))
        }
        report.heading = controls == nil ? "Budgets on history" : "Budgets and controls on history"
        report.kicker = "what-if"
        report.footer =
            "Requests in the order of their positions, each held for what it cost; nobody behaves "
            + "otherwise for having been refused."
        return report
    }

    private var verdict: String {
        guard let first = refused.first else {
            return "nothing of \(counted(requests, "request")) would have been refused\(savings)"
        }
        return "\(grouped(refused.requests)) of \(counted(requests, "request")) would have been "
            + "refused, the first at \(first); they cost \(dollars(refused.amounts.cost))\(savings)"
    }

    /// What the changes of active controls save.
    private var savings: String {
        guard let changed = controls?.changed, changed.changes > 0 else { return "" }
        let saved = changed.known.map { "saving \(dollars($0))" } ?? "what it saves is not known"
        let unpriced =
            changed.unpriced == 0 ? "" : ", \(grouped(changed.unpriced)) of them without a price"
        return "; \(counted(changed.changes, "change")), \(saved)\(unpriced)"
    }

    /// A group of changed requests, with its dimensions.
    private struct ChangedCalls: RenderableObject {
        let by: [Dimension]
        let group: ControlReplayReport.Group

        init(by: [Dimension], of group: ControlReplayReport.Group) {
            self.by = by
            self.group = group
        }

        static let shape = Shape<ChangedCalls> {
            Member(spreading: { row in
                zip(row.by, row.group.values).map { ($0.name, $1) }
            })
            Member(including: \.group.changed)
        }
    }

    /// A group of refused requests, with its dimensions.
    private struct Refusals: RenderableObject {
        let by: [Dimension]
        let group: Group

        init(by: [Dimension], of group: Group) {
            self.by = by
            self.group = group
        }

        static let shape = Shape<Refusals> {
            Member(spreading: { row in
                zip(row.by, row.group.values).map { ($0.name, $1) }
            })
            Member("refused_requests", \.group.refused.requests, .heading("refused"))
            Member("refused_usd", \.group.refused.amounts.cost, .column)
            Member("first_at", \.group.refused.first, .heading("first"))
        }
    }
}

extension BudgetReplayReport.Refused: RenderableObject {
    package static let shape = Shape<BudgetReplayReport.Refused> {
        Member("requests", \.requests)
        Member("usd", \.amounts.cost)
        Member("tokens", \.amounts.tokens)
        Member("first_at", \.first)
    }
}

extension BudgetReplayReport.Sum: RenderableObject {
    package static let shape = Shape<BudgetReplayReport.Sum> {
        Member("budget", \.budget.name, .column)
        Member("window", \.budget.schedule.periodText, .column)
        Member("enforcement", \.budget.enforcement.rawValue, .column)
        Member("requests", \.requests, .column)
        Member("spent_usd", \.spent.cost, .column)
        Member("over_requests", \.over.requests, .heading("too much"))
        Member("over_usd", \.over.amounts.cost, .column)
        Member("first_over_at", \.over.first, .heading("first"))
    }
}
