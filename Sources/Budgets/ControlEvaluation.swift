package import LedgerModel

/// What the policies of a book make of one call.
///
/// Policies are taken in their order, each sees the call as those before it left it, and the first
/// refusal ends it. Nothing else decides: the same book, balances, counts and prices give the same
/// outcome, whether a call is held, planned or replayed.
package struct ControlEvaluation {
    private let book: BudgetBook
    /// What a row has spent and holds in a window.
    private let balance: (Name, Window) -> WindowBalance
    /// How many calls a throttle's row has counted in the minute of the call.
    private let calls: (Name) -> Int64
    /// What a call may cost; nil if it has no price.
    private let price: (ControlledCall) throws -> PicodollarSum?

    package init(
        of book: BudgetBook, balance: @escaping (Name, Window) -> WindowBalance,
        calls: @escaping (Name) -> Int64,
        price: @escaping (ControlledCall) throws -> PicodollarSum?
    ) {
        self.book = book
        self.balance = balance
        self.calls = calls
        self.price = price
    }

    package func outcome(of call: ControlledCall) throws -> ControlOutcome {
        var outcome = ControlOutcome(call: call)
        for control in book.controls where outcome.refusal == nil {
            guard try applies(control.policy, &outcome) else { continue }
            try apply(control, to: &outcome)
        }
        return outcome
    }

    // MARK: When

    private func applies(
        _ policy: ControlPolicy, _ outcome: inout ControlOutcome
    ) throws -> Bool {
        let call = outcome.call
        let conditions = policy.conditions
        guard policy.counts(call.dimensions), conditions.hours?.contains(call.time) ?? true else {
            return false
        }
        if let bound = conditions.inputTokensAbove, call.usage[.inputTokens] ?? 0 <= bound {
            return false
        }
        if let bound = conditions.costAbove {
            guard let cost = try call.cost ?? price(call), cost > bound else { return false }
        }
        guard let share = conditions.share else { return true }
        return isUsed(share, by: call, &outcome)
    }

    /// Whether a budget counts the call and is used up to a part, by any of its limits.
    private func isUsed(
        _ share: ControlPolicy.Share, by call: ControlledCall, _ outcome: inout ControlOutcome
    ) -> Bool {
        guard let budget = book.latest(share.budget), !budget.definition.isRetired,
            let row = budget.definition.member(of: call.dimensions).flatMap(budget.rowName)
        else { return false }
        if !outcome.balances.contains(row) { outcome.balances.append(row) }
        let window = budget.window(of: call.time)
        let found = balance(row, window)
        let taken = share.countsHeld ? found.posted + found.held : found.posted
        let limits = budget.definition.limits(in: window)
        func reaches(_ taken: Int128, _ limit: Int128?) -> Bool {
            limit.map { taken * 100 >= $0 * Int128(share.percent) } ?? false
        }
        return reaches(taken.cost.amount, limits.cost?.amount)
            || reaches(Int128(taken.tokens), limits.tokens.map { Int128($0) })
            || reaches(Int128(taken.requests), limits.requests.map { Int128($0) })
    }

    // MARK: What

    private func apply(_ control: Control, to outcome: inout ControlOutcome) throws {
        let actions = control.policy.actions
        downgrade(control, &outcome)
        disallow(control, &outcome)
        if outcome.refusal != nil { return }
        if let most = actions.maxTokens, let asked = outcome.call.usage[.outputTokens], asked > most
        {
            note(
                control, .maxTokens, from: Name(String(asked)), to: Name(String(most)), &outcome
            ) { $0.usage = $0.usage.shortened(toOutput: most) }
        }
        if actions.forcesCache { note(control, .cache, to: "force", &outcome) }
        if let flag = actions.flag { note(control, .flag, to: flag, &outcome) }
        if let throttle = actions.throttle { count(control, throttle, &outcome) }
        if let message = actions.block, outcome.refusal == nil {
            refuse(
                control,
                ControlRefusal(
                    policy: control.policy.name, action: .block, message: message.string),
                &outcome)
        }
    }

    private func downgrade(_ control: Control, _ outcome: inout ControlOutcome) {
        let dimensions = outcome.call.dimensions
        guard
            let target = control.policy.actions.downgrade.lazy
                .compactMap({ $0.target(of: dimensions) }).first
        else { return }
        var changed = dimensions
        changed[.model] = target.model
        if let provider = target.provider { changed[.provider] = provider }
        if changed == dimensions { return }
        note(
            control, .downgrade, from: dimensions.modelText, to: changed.modelText, &outcome
        ) { $0.dimensions = changed }
    }

    private func disallow(_ control: Control, _ outcome: inout ControlOutcome) {
        guard let provider = outcome.call.dimensions[.provider],
            control.policy.actions.disallowedProviders.contains(where: {
                $0.string.lowercased() == provider.string.lowercased()
            })
        else { return }
        refuse(
            control,
            ControlRefusal(
                policy: control.policy.name, action: .disallowProvider,
                message: "provider \(provider) must not be called: use another one"),
            from: provider, &outcome)
    }

    private func count(
        _ control: Control, _ throttle: ControlPolicy.Throttle, _ outcome: inout ControlOutcome
    ) {
        var member: Name?
        if let each = throttle.each {
            // What does not say whose it is shares one count.
            member = outcome.call.dimensions[each] ?? ""
        }
        let row = control.throttleRow(of: member)
        outcome.throttles.append(row)
        if calls(row) < throttle.callsPerMinute { return }
        let whose = throttle.each.map { " for each \($0.name)" } ?? ""
        let time = outcome.call.time
        let into = time.microseconds - ThrottleState.minute(of: time).microseconds
        refuse(
            control,
            ControlRefusal(
                policy: control.policy.name, action: .throttle, member: member,
                message: "more than \(throttle.callsPerMinute) calls a minute\(whose)",
                retrySeconds: max(
                    1, (ThrottleState.minuteMicroseconds - into + 999_999) / 1_000_000)
            ), to: Name("\(throttle.callsPerMinute) a minute"), &outcome)
    }

    // MARK: Notes

    /// Notes an action, and changes the call unless it is only supposed.
    private func note(
        _ control: Control, _ action: ControlAction, from: Name? = nil, to: Name? = nil,
        _ outcome: inout ControlOutcome, _ change: ((inout ControlledCall) -> Void)? = nil
    ) {
        let isShadow = control.policy.mode == .shadow
        outcome.applied.append(
            AppliedControl(
                policy: control.policy.name, action: action, isShadow: isShadow, from: from, to: to)
        )
        guard let change else { return }
        let before = outcome.call
        var after = before
        change(&after)
        outcome.changes.append(
            .init(policy: control.policy.name, before: before, after: after))
        if !isShadow { outcome.call = after }
    }

    /// Refuses, or notes that it would have been.
    private func refuse(
        _ control: Control, _ refusal: ControlRefusal, from: Name? = nil, to: Name? = nil,
        _ outcome: inout ControlOutcome
    ) {
        if control.policy.mode == .shadow {
            note(
                control, refusal.action, from: from, to: to ?? Name(refusal.message), &outcome)
        } else {
            outcome.refusal = refusal
        }
    }
}

extension Dimensions {
    /// `provider/model`, for people.
    var modelText: Name {
        Name([self[.provider], self[.model]].compactMap(\.?.string).joined(separator: "/"))
    }
}

extension Usage {
    /// The same with fewer output tokens, and no more of what is among them.
    package func shortened(toOutput most: Int64) -> Usage {
        var usage = self
        for unit in units where unit == .outputTokens || unit.container == .outputTokens {
            usage[unit] = min(value(unit), most)
        }
        return usage
    }
}
