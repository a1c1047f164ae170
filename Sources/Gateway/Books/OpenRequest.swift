package import Budgeting
package import Budgets
package import LedgerModel
package import Routing
import Synchronization

/// A request whose money is set aside, until it is booked.
///
/// It is closed exactly once, or abandoned if nobody was asked. A hold that is forgotten all the same
/// expires, and is booked then as that of a killed instance is.
package final class OpenRequest: Sendable {
    package let request: GatewayRequest
    package let route: RoutePolicy
    package let expected: ExpectedUsage
    /// Who could answer, by their names in the price book, in order of preference.
    package let candidates: [HoldCandidate]
    /// What budgets hold of it; nil without budgets, or while the ledger is away.
    package let hold: HoldAnswer?
    /// Whether the ledger could not be asked, so that nothing limits the request.
    package let isUnlimited: Bool
    private let state: Mutex<State>

    private struct State {
        var isClosed = false
        /// The output tokens that are covered; nil where nothing limits them.
        var covered: Int64?
        var step: Int64 = 0
        /// The end of its hold's time.
        var expires: Timestamp?
        /// Where it is noted as open.
        var slot: Int?
    }

    /// Output tokens that are added to a hold at once.
    static let sliceTokens: Int64 = 1_024
    /// Output tokens before the end of what is covered at which more is asked for.
    private static let marginTokens: Int64 = 64

    init(
        _ request: GatewayRequest, _ route: RoutePolicy, _ expected: ExpectedUsage,
        _ candidates: [HoldCandidate], hold: HoldAnswer?, isUnlimited: Bool = false
    ) {
        self.request = request
        self.candidates = candidates
        self.route = route
        self.expected = expected
        self.hold = hold
        self.isUnlimited = isUnlimited
        state = Mutex(State(covered: hold?.outputTokensHeld, expires: hold?.expires))
    }

    // MARK: What the caller's request becomes

    /// The provider (by its name in the price book) and the model that money is held for, where a
    /// control or the budgets chose among the candidates; nil where all may be asked.
    package var candidate: HoldCandidate? {
        guard let dimensions = hold?.hold.event.dimensions, let provider = dimensions[.provider],
            let model = dimensions[.model]
        else { return nil }
        return HoldCandidate(provider: provider, model: model)
    }

    /// What controls made of the call, as the answer tells it.
    package var controls: [AppliedControl] { hold?.controls ?? [] }

    /// The model that a control puts in the place of the one that was asked for.
    package var modelOfControl: Name? {
        controls.contains { $0.action == .downgrade && !$0.isShadow } ? candidate?.model : nil
    }

    /// The most output tokens of an answer, where a control or what fits lowers what the caller asks for.
    package var maxTokens: Int64? {
        guard let hold else { return nil }
        let isControlled = controls.contains { $0.action == .maxTokens && !$0.isShadow }
        return hold.outputMax ?? (isControlled ? hold.maxTokens : nil)
    }

    /// Whether a control asks that the answer comes from a cache, or is kept in one.
    package var mustCache: Bool { controls.contains { $0.action == .cache && !$0.isShadow } }

    /// What is left in the budget that has least, as of the hold; nil without hard budgets of money.
    package var budgetRemaining: PicodollarSum? { hold?.budgets.remaining }

    // MARK: While the answer comes

    /// Whether the hold covers an answer of so many output tokens; else `RequestBooks.cover` adds to it.
    package func covers(_ outputTokens: Int64) -> Bool {
        state.withLock { state in
            state.covered.map { outputTokens + Self.marginTokens < $0 } ?? true
        }
    }

    var slot: Int? {
        get { state.withLock { $0.slot } }
        set { state.withLock { $0.slot = newValue } }
    }

    /// The number of the next extension.
    func nextStep() -> Int64 {
        state.withLock { state in
            state.step += 1
            return state.step
        }
    }

    /// The end of its hold's time; nil without a hold, or once it is closed.
    var expires: Timestamp? { state.withLock { $0.isClosed ? nil : $0.expires } }

    func renewed(until time: Timestamp) {
        state.withLock { $0.expires = time }
    }

    func covered(_ tokens: Int64?) {
        state.withLock { $0.covered = tokens }
    }

    /// Whether it was open until now.
    func takeOpen() -> Bool {
        state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
    }
}

extension [BudgetStatus] {
    /// What is left in the hard budget of money that has least.
    var remaining: PicodollarSum? {
        compactMap { status -> PicodollarSum? in
            guard status.definition.enforcement == .hard else { return nil }
            return status.left.cost
        }.min()
    }
}
