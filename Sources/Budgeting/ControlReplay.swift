package import Budgets
package import LedgerModel
import PriceBooks

/// What supposed controls do to history, request by request.
struct ControlReplay {
    private let book: BudgetBook
    private let prices: LedgerPrices
    private var throttles: [Name: ThrottleState] = [:]
    private var sums: [Name: ControlReplayReport.Sum] = [:]
    private var groups: [[Name?]: ControlReplayReport.Changed] = [:]
    private var total = ControlReplayReport.Changed()

    init(_ book: BudgetBook, _ prices: LedgerPrices) {
        self.book = book
        self.prices = prices
    }

    func price(of call: ControlledCall) throws -> PicodollarSum? { try prices.price(of: call) }

    func outcome(
        of call: ControlledCall, balance: @escaping (Name, Window) -> WindowBalance
    ) throws -> ControlOutcome {
        if book.controls.isEmpty { return ControlOutcome(call: call) }
        let throttles = throttles
        return try ControlEvaluation(
            of: book, balance: balance,
            calls: { row in
                throttles[row].map { $0.isOf(call.time) ? $0.calls : 0 } ?? 0
            }, price: price
        ).outcome(of: call)
    }

    /// Counts a request that a control would have refused.
    mutating func count(_ refusal: ControlRefusal, at time: Timestamp) {
        sums[refusal.policy, default: .init()].add(refusal.action, at: time)
    }

    /// Counts a request that would have been made as controls leave it.
    ///
    /// - Parameter cost: what it cost; nil without a price.
    mutating func count(
        _ outcome: ControlOutcome, cost: PicodollarSum?, _ group: [Name?], at time: Timestamp
    ) throws {
        for row in outcome.throttles {
            var state = throttles[row] ?? ThrottleState()
            // History is not always in the order of its times.
            if !state.isOf(time) { state = ThrottleState() }
            state.count(time)
            throttles[row] = state
        }
        for control in outcome.applied {
            sums[control.policy, default: .init()].add(control.action, at: time)
        }
        let asked = outcome.changes.first?.before
        for change in outcome.changes {
            let before = change.before == asked ? cost : try price(of: change.before)
            let after = change.after.usage.isEmpty ? .zero : try price(of: change.after)
            let saved = before.flatMap { before in after.map { before - $0 } }
            sums[change.policy, default: .init()].changed.add(saved)
            let isShadow = book.controls.contains {
                $0.policy.name == change.policy && $0.policy.mode == .shadow
            }
            if isShadow { continue }
            total.add(saved)
            groups[group, default: .init()].add(saved)
        }
    }

    var report: ControlReplayReport? {
        if book.controls.isEmpty { return nil }
        return ControlReplayReport(
            policies: book.controls.map { control in
                var sum = sums[control.policy.name] ?? .init()
                sum.policy = control.policy
                return sum
            }, changed: total,
            groups: groups.map { ControlReplayReport.Group(values: $0.key, changed: $0.value) }
                .sorted { ($1.changed.saved, $0.text) < ($0.changed.saved, $1.text) })
    }
}

/// What controls would have done.
package struct ControlReplayReport: Sendable {
    /// Changes of calls, and what they save.
    package struct Changed: Sendable {
        package private(set) var changes: Int64 = 0
        /// Of those with a price before and after.
        package private(set) var saved = PicodollarSum.zero
        /// Changes whose saving is not known, since one of the prices is not.
        package private(set) var unpriced: Int64 = 0

        mutating func add(_ saved: PicodollarSum?) {
            changes += 1
            if let saved { self.saved = self.saved + saved } else { unpriced += 1 }
        }

        /// nil if nothing is known of any.
        package var known: PicodollarSum? { changes == unpriced ? nil : saved }
    }

    /// One policy; a request on which it acts in several ways is counted in each.
    package struct Sum: Sendable {
        package fileprivate(set) var policy: ControlPolicy?
        package private(set) var actions: [ControlAction: Int64] = [:]
        package fileprivate(set) var changed = Changed()
        package private(set) var first: Timestamp?

        mutating func add(_ action: ControlAction, at time: Timestamp) {
            actions[action, default: 0] += 1
            first = min(first ?? time, time)
        }
    }

    package struct Group: Sendable {
        package let values: [Name?]
        package let changed: Changed

        fileprivate var text: String { values.map { $0?.string ?? "" }.joined(separator: "\u{0}") }
    }

    package let policies: [Sum]
    package let changed: Changed
    package let groups: [Group]
}
