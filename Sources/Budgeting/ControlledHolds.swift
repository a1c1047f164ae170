import Budgets
import EventStore
import LedgerModel
import PriceBooks
import Pricing
import Synchronization

// Controls at hold time. They are evaluated twice, by the same rule: before the hold, with the
// balances that this process has seen last, to know the call and so its budgets; and under the lock
// of the rows, where it counts. If the call turns out otherwise there, it is planned again.

extension BudgetService {
    /// Holds for one candidate of a wish, as the ledger's controls leave the call.
    ///
    /// - Throws: `ControlRefusal` where a policy refuses it, `BudgetRefusal` where a budget has no
    ///   room.
    func control(
        _ wish: HoldWish, of whole: HoldWish, _ isLowered: Bool, at now: Timestamp
    ) async throws -> HoldAnswer {
        for _ in 0..<Self.triesMax {
            let plan = try plan(wish, in: try await budgets.book(), at: now)
            do {
                if plan.isRefused { try await confirm(plan) }
                var answer = try await take(under: plan, of: whole, isLowered, at: now)
                if !answer.isRepeated { answer.controls = plan.applied }
                budgets.controls.remember(plan.seen)
                return answer
            } catch is ControlsMoved {
                budgets.controls.remember(plan.seen)
            } catch is StaleBook {
                try await budgets.reload()
            } catch let refusal as ControlRefusal {
                budgets.controls.remember(plan.seen)
                if try await find(wish.requestID) != nil {
                    return try await repeated(whole, at: now)
                }
                throw refusal
            }
        }
        throw ContendedBudgets()
    }

    private func plan(
        _ wish: HoldWish, in book: BudgetBook, at now: Timestamp
    ) throws -> ControlPlan {
        try ControlPlan(of: wish, in: book, seen: budgets.controls.balances(), at: now) { call in
            try prices.price(of: call)
        }
    }

    /// Decides a refusal by the policies in force, whatever the call's budgets say.
    private func confirm(_ plan: ControlPlan) async throws {
        let decision = Decision(id: makeID(), on: plan.keys(beside: [])) { rows, _ in
            guard rows.revision == plan.book.revisionBytes else { throw StaleBook() }
            _ = try plan.decide(&rows)
            throw ControlsMoved()
        }
        _ = try await ledger.append(decision)
    }

    /// What controls made of the call of a hold.
    func controls(of hold: Hold) async throws -> [AppliedControl] {
        guard let count = hold.event.detail?["controls"].flatMap({ Int($0.string) }) else {
            return []
        }
        var applied: [AppliedControl] = []
        for number in 0..<min(count, ControlPolicy.policiesMax * ControlAction.allCases.count) {
            let event = try await ledger.event(.control(number, of: hold.event.id))?.event
            if let control = event?.detail.flatMap(AppliedControl.init) { applied.append(control) }
        }
        return applied
    }
}

/// What controls make of a call turned out otherwise than it was planned: it is planned again.
struct ControlsMoved: Error {}

/// What controls are expected to make of a call, and what they made of it.
final class ControlPlan: Sendable {
    let book: BudgetBook
    /// What the caller asks for.
    let asked: HoldWish
    /// What is held.
    let wish: HoldWish
    let isRefused: Bool

    private let call: ControlledCall
    private let planned: ControlOutcome
    private let price: @Sendable (ControlledCall) throws -> PicodollarSum?
    private let decided = Mutex(Decided())

    private struct Decided {
        var applied: [AppliedControl] = []
        var seen = BudgetRows()
    }

    /// State rows that the controls of one call lock at most, beside those of its budgets.
    static let rowsMax = Decision.keysMax - Hold.budgetsMax

    init(
        of wish: HoldWish, in book: BudgetBook, seen: BudgetRows, at now: Timestamp,
        price: @escaping @Sendable (ControlledCall) throws -> PicodollarSum?
    ) throws {
        self.book = book
        self.price = price
        asked = wish
        var usage = wish.usage
        if let output = wish.outputTold { usage[.outputTokens] = output }
        call = ControlledCall(
            dimensions: wish.dimensions, usage: usage,
            cost: wish.cost.map { PicodollarSum($0) }, at: now)
        planned = try ControlEvaluation(
            of: book,
            balance: { row, window in
                seen[row]?.balance(of: window) ?? WindowBalance(start: window.start)
            }, calls: { _ in 0 }, price: price
        ).outcome(of: call)
        isRefused = planned.refusal != nil
        self.wish = wish.controlled(by: planned.call)
    }

    /// Whether what controls make of the call depends on what a ledger's rows say.
    private var looksAtRows: Bool { !planned.balances.isEmpty || !planned.throttles.isEmpty }

    /// Whether no control looks at the call or changes it.
    var isPlain: Bool {
        !isRefused && planned.applied.isEmpty && planned.balances.isEmpty
            && planned.throttles.isEmpty
    }

    func isOf(_ book: BudgetBook) -> Bool { book.revision == self.book.revision }

    /// The rows of a chain, and those that the controls look at.
    func keys(beside chain: [ChainLink]) -> [StateKey] {
        let held = chain.map(\.row)
        return (held + planned.balances.filter { !held.contains($0) }).map(LedgerBudgets.key)
            + planned.throttles.map(ThrottleState.key)
    }

    /// What the controls make of the call, by the rows as they are, and counts it in its throttles.
    ///
    /// - Throws: `ControlRefusal`; `ControlsMoved` if it is another call than planned.
    func decide(_ rows: inout StateRows) throws -> ControlOutcome {
        if !looksAtRows {
            decided.withLock { $0 = Decided(applied: planned.applied) }
            if let refusal = planned.refusal { throw refusal }
            return planned
        }
        var seen = BudgetRows()
        var isComplete = true
        for row in planned.balances {
            let state: BudgetState = rows.value(of: LedgerBudgets.key(row))
            seen[row] = state.withoutHolds
        }
        let locked = rows
        let states = seen
        let outcome = try ControlEvaluation(
            of: book,
            balance: { row, window in
                guard let state = states[row] else {
                    isComplete = false; return .init(start: window.start)
                }
                return state.balance(of: window)
            },
            calls: { row in
                guard self.planned.throttles.contains(row) else { isComplete = false; return 0 }
                return ThrottleState(locked[ThrottleState.key(row)]).calls(at: self.call.time)
            }, price: price
        ).outcome(of: call)
        decided.withLock { $0 = Decided(applied: outcome.applied, seen: states) }
        guard isComplete else { throw ControlsMoved() }
        if let refusal = outcome.refusal { throw refusal }
        guard outcome.call == planned.call else { throw ControlsMoved() }
        for row in outcome.throttles {
            var state = ThrottleState(rows[ThrottleState.key(row)])
            state.count(call.time)
            rows[ThrottleState.key(row)] = state.bytes
        }
        return outcome
    }

    var applied: [AppliedControl] { decided.withLock { $0.applied } }
    /// The balances as they were found.
    var seen: BudgetRows { decided.withLock { $0.seen } }
}

extension ThrottleState {
    /// The state rows of throttles.
    static let stateKind: Int16 = 12

    static func key(_ row: Name) -> StateKey { StateKey(kind: stateKind, name: row) }
}

// MARK: - As events

extension ControlOutcome {
    /// What the ledger needs to know of them beside the other facts of the hold.
    func facts(of wish: HoldWish, asked: HoldWish) -> [(key: Name, value: Name)] {
        var facts: [(key: Name, value: Name)] = []
        if !applied.isEmpty { facts.append(("controls", Name(String(applied.count)))) }
        if !throttles.isEmpty {
            // The members are among the hold's dimensions.
            let numbers = throttles.map { String($0.string.prefix { $0 != "/" }) }
            facts.append(("throttles", Name(numbers.joined(separator: ","))))
        }
        for dimension in [Dimension.provider, .model]
        where wish.dimensions[dimension] != asked.dimensions[dimension] {
            if let value = asked.dimensions[dimension] {
                facts.append((Hold.askedKey(dimension.name), value))
            }
        }
        for unit in UsageUnit.allCases where wish.usage[unit] != asked.usage[unit] {
            if let count = asked.usage[unit] {
                facts.append((Hold.askedKey(unit.name), Name(String(count))))
            }
        }
        if wish.call.maxTokens != asked.call.maxTokens, let count = asked.call.maxTokens {
            facts.append((Hold.askedKey("max_tokens"), Name(String(count))))
        }
        return facts
    }

    /// What was applied to the call of a hold, as events that follow from it.
    func events(of hold: Event) throws -> [Event] {
        try applied.enumerated().map { number, control in
            var event = Event(
                id: .control(number, of: hold.id), kind: .controlApplied,
                occurredAt: hold.occurredAt)
            event.causeID = hold.id
            event.dimensions = hold.dimensions
            event.detail = try Labels(control.facts)
            return event
        }
    }
}

extension Hold {
    fileprivate static func askedKey(_ name: String) -> Name { Name("asked." + name) }

    /// What the caller asked for, before controls changed it.
    var asked: (usage: Usage, dimensions: Dimensions, call: HoldCall) {
        var (usage, dimensions, call) = (event.usage, event.dimensions, HoldCall(of: self))
        guard let facts = event.detail else { return (usage, dimensions, call) }
        for dimension in [Dimension.provider, .model] {
            if let value = facts[Self.askedKey(dimension.name)] { dimensions[dimension] = value }
        }
        for unit in UsageUnit.allCases {
            if let count = facts[Self.askedKey(unit.name)].flatMap({ Int64($0.string) }) {
                usage[unit] = count
            }
        }
        if let count = facts[Self.askedKey("max_tokens")].flatMap({ Int64($0.string) }) {
            call.maxTokens = count
        }
        return (usage, dimensions, call)
    }
}

extension LedgerPrices {
    /// What a usage costs; nil if it has no price.
    func price(
        of usage: Usage, _ dimensions: Dimensions, at time: Timestamp
    ) throws -> Picodollars? {
        let rated = try withRater { rater in
            try ChargeRule.rate(
                usage, provider: dimensions[.provider], model: dimensions[.model] ?? "",
                serviceTier: dimensions[.serviceTier], region: dimensions[.region], at: time,
                rater: &rater)
        }
        guard case .priced(let amount) = rated.rating else { return nil }
        return amount
    }

    func price(of call: ControlledCall) throws -> PicodollarSum? {
        try price(of: call.usage, call.dimensions, at: call.time).map { PicodollarSum($0) }
    }
}

extension HoldWish {
    /// The same for the call that controls make of it; the most output tokens of an answer are all that
    /// they change of its usage.
    func controlled(by call: ControlledCall) -> HoldWish {
        var wish = self
        wish.dimensions = call.dimensions
        if let most = call.usage[.outputTokens] {
            wish.usage = usage.shortened(toOutput: most)
            wish.call.maxTokens = wish.call.maxTokens.map { min($0, most) }
        }
        return wish
    }
}

extension EventID {
    /// The id of the event of an action on the call of a hold.
    fileprivate static func control(_ number: Int, of hold: EventID) -> EventID {
        EventID(at: hold.time, digest: Digest(hashing: Array("\(hold) control \(number)".utf8)))
    }
}
