import Budgets
import EventStore
import LedgerModel
import Synchronization

// What controls refused: counted in memory, and booked as one event for each policy, member and hour.

/// What this process remembers of a ledger's controls.
final class ControlMemory: Sendable {
    private let state = Mutex(State())

    private struct State {
        /// The balances that policies looked at, as they were seen last.
        var balances = BudgetRows()
        var refusals: [Place: Int64] = [:]
        /// Where a refusal was booked already.
        var known: Set<Place> = []
    }

    /// Where refusals are counted together.
    struct Place: Hashable, Sendable {
        let policy: Name
        let action: ControlAction
        let member: Name?
        let hour: Timestamp
    }

    private static let rememberedMax = 10_000

    func balances() -> BudgetRows { state.withLock { $0.balances } }

    func remember(_ seen: BudgetRows) {
        if seen.isEmpty { return }
        state.withLock { state in
            if state.balances.count >= Self.rememberedMax { state.balances.removeAll() }
            state.balances.merge(seen) { _, new in new }
        }
    }

    /// Counts a refusal; whether it is the first that this process sees in its hour.
    func count(_ place: Place) -> Bool {
        state.withLock { state in
            state.refusals[place, default: 0] += 1
            if state.known.count >= Self.rememberedMax { state.known.removeAll() }
            return state.known.insert(place).inserted
        }
    }

    func takeRefusals() -> [Place: Int64] {
        state.withLock { state in
            defer { state.refusals.removeAll() }
            return state.refusals
        }
    }

    func giveBack(_ refused: [Place: Int64]) {
        state.withLock { $0.refusals.merge(refused, uniquingKeysWith: +) }
    }
}

extension BudgetService {
    /// Counts a refusal; the first one in an hour is booked before it is answered.
    func count(_ refusal: ControlRefusal, at now: Timestamp) async {
        let hour = now.advanced(byMicroseconds: -(now.unixMicroseconds % 3_600_000_000))
        let place = ControlMemory.Place(
            policy: refusal.policy, action: refusal.action, member: refusal.member, hour: hour)
        guard budgets.controls.count(place) else { return }
        // A refusal is right even if the ledger can't be told of it just now.
        try? await bookControlRefusals(at: now)
    }

    /// Appends what controls refused since the last time.
    func bookControlRefusals(at now: Timestamp) async throws {
        var refused = budgets.controls.takeRefusals()
        defer { budgets.controls.giveBack(refused) }
        if refused.isEmpty { return }
        let controls = try await budgets.book().controls
        for (place, count) in refused {
            var event = Event(id: makeID(), kind: .controlApplied, occurredAt: now)
            var facts = AppliedControl(policy: place.policy, action: place.action).facts
            facts.append(("window", Name(place.hour.description)))
            facts.append(("refusals", Name(String(count))))
            if let member = place.member { facts.append(("member", member)) }
            event.detail = try Labels(facts)
            // Whose calls they were, as far as the policy says.
            if let policy = controls.first(where: { $0.policy.name == place.policy })?.policy {
                for (dimension, value) in policy.filter { event.dimensions[dimension] = value }
                if let each = policy.actions.throttle?.each, let member = place.member,
                    !member.string.isEmpty
                {
                    event.dimensions[each] = member
                }
            }
            let booked = event
            _ = try await ledger.append(Decision(id: event.id, on: []) { _, _ in [booked] })
            refused[place] = nil
        }
    }
}
