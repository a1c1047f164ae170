package import LedgerModel

/// A policy in a book.
package struct Control: Hashable, Sendable {
    package let policy: ControlPolicy
    /// The number of its throttle's rows: a policy that throttles otherwise counts anew.
    let number: Int
    /// Who defined it, when and why.
    package let definedBy: EventID
    package let position: Int64
    package let recordedAt: Timestamp
    package let by: Name?
    package let reason: Name?

    /// The name of the row that counts a member's calls, or all.
    func throttleRow(of member: Name?) -> Name {
        member.map { Name("\(number)/\($0)") } ?? Name(String(number))
    }
}

/// The policies of a ledger in their order: that of their newest definitions.
///
/// It is the fold of the ledger's `control.defined` events.
package struct ControlList: Sendable {
    private var controls: [Name: Control] = [:]
    /// Those in force.
    package private(set) var active: [Control] = []
    private var count = 0

    package init() {}

    /// Policies that no ledger has, to try them on history.
    init(supposing policies: [ControlPolicy]) {
        let none = EventID(high: 0, low: 0)
        active = policies.enumerated().map { index, policy in
            Control(
                policy: policy, number: index, definedBy: none, position: Int64(index),
                recordedAt: .earliest, by: nil, reason: nil)
        }
    }

    mutating func apply(_ recorded: RecordedEvent) {
        count += 1
        guard let facts = recorded.event.detail, let policy = ControlPolicy(facts) else { return }
        let before = controls[policy.name]
        let isSame = before?.policy.actions.throttle == policy.actions.throttle
        controls[policy.name] = Control(
            policy: policy, number: isSame ? before?.number ?? count : count,
            definedBy: recorded.event.id, position: recorded.position,
            recordedAt: recorded.recordedAt, by: facts["by"], reason: facts["reason"])
        active = controls.values.filter { !$0.policy.isRetired }
            .sorted { $0.position < $1.position }
    }

    package func find(_ name: String) throws(ControlInvalid) -> Control {
        if let found = active.first(where: { $0.policy.name == Name(name) }) { return found }
        throw .unknown(
            name, nearest: Likeness.nearest(to: name, among: active.map(\.policy.name.string)))
    }
}

// MARK: - As facts of an event

extension ControlPolicy {
    /// What a `control.defined` event says.
    ///
    /// - Parameter change: what was done and by whom, beside the result.
    package func facts(_ change: [(key: Name, value: Name)]) throws(ControlInvalid) -> Labels {
        var facts = change + [("policy", name)]
        func add(_ key: String, _ value: String?) {
            if let value { facts.append((Name(key), Name(value))) }
        }
        for (dimension, value) in filter { add("filter." + dimension.name, value.string) }
        if let share = conditions.share {
            add("budget", share.budget.string)
            add(share.countsHeld ? "used_percent" : "spent_percent", String(share.percent))
        }
        add("input_tokens_above", conditions.inputTokensAbove.map { String($0) })
        add("usd_above", conditions.costAbove?.description)
        add("hours", conditions.hours?.text)
        add("zone", conditions.hours?.zone)
        for mapping in actions.downgrade {
            add("downgrade." + mapping.from.string, mapping.to.string)
        }
        if !actions.disallowedProviders.isEmpty {
            add(
                "disallow_provider",
                actions.disallowedProviders.map(\.string).joined(separator: ","))
        }
        add("max_tokens", actions.maxTokens.map { String($0) })
        add("cache", actions.forcesCache ? "force" : nil)
        add("flag", actions.flag?.string)
        add("calls_per_minute", actions.throttle.map { String($0.callsPerMinute) })
        add("each", actions.throttle?.each?.name)
        add("block", actions.block?.string)
        add("mode", mode.rawValue)
        if isRetired { add("retired", "true") }
        do { return try Labels(facts) } catch { throw .tooLong(name, error) }
    }

    /// Reads the facts of an event; nil for those of another version.
    package init?(_ facts: Labels) {
        guard let name = facts["policy"] else { return nil }
        self.name = name
        func text(_ key: Name) -> String? { facts[key]?.string }
        func integer(_ key: Name) -> Int64? { text(key).flatMap { Int64($0) } }
        for dimension in Dimension.allCases {
            if let value = facts[Name("filter." + dimension.name)] { filter[dimension] = value }
        }
        if let budget = facts["budget"],
            let percent = integer("used_percent") ?? integer("spent_percent")
        {
            conditions.share = Share(
                of: budget, percent: percent, countsHeld: facts["used_percent"] != nil)
        }
        conditions.inputTokensAbove = integer("input_tokens_above")
        conditions.costAbove = text("usd_above").flatMap { PicodollarSum(usd: $0) }
        if let hours = text("hours") {
            guard let read = try? DayHours(hours, zone: text("zone") ?? "UTC") else { return nil }
            conditions.hours = read
        }
        let prefix = "downgrade."
        actions.downgrade = facts.pairs.compactMap { key, value in
            guard key.string.hasPrefix(prefix) else { return nil }
            return try? ModelMapping(
                from: String(key.string.dropFirst(prefix.count)), to: value.string)
        }.sorted(by: ModelMapping.isMoreExact)
        actions.disallowedProviders =
            text("disallow_provider")?.split(separator: ",").map { Name(String($0)) } ?? []
        actions.maxTokens = integer("max_tokens")
        actions.forcesCache = facts["cache"] == "force"
        actions.flag = facts["flag"]
        actions.throttle = integer("calls_per_minute").map {
            Throttle(
                callsPerMinute: $0, each: text("each").flatMap { Dimension(name: $0) })
        }
        actions.block = facts["block"]
        mode = text("mode").flatMap { Mode(rawValue: $0) } ?? .active
        isRetired = facts["retired"] != nil
    }
}
