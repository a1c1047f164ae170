package import Budgets
import EventStore
package import LedgerModel
import Postgres

// Holds looked up, and how they stand.

extension BudgetService {
    /// A hold by the caller's name for it.
    package func find(_ requestID: String) async throws -> Hold? {
        if let hold = budgets.remembered(requestID) { return hold }
        try await writeLeased(requestID)
        let find = FindIdentity(ledger: ledger.id, digest: Hold.identity(of: requestID).digest)
        guard let id = try await pool.session({ try $0.first(find) }),
            let event = try await ledger.event(id)?.event
        else { return nil }
        if let hold = Hold(event, under: try await budgets.book()) { return hold }
        return Hold(event, under: try await budgets.reload())
    }

    func known(_ requestID: String) async throws -> Hold {
        if let hold = try await find(requestID) { return hold }
        guard let hold = try await written(requestID) else { throw HoldInvalid.unknown(requestID) }
        return hold
    }

    /// How a hold stands.
    package func answer(
        _ hold: Hold, isRepeated: Bool = false, at now: Timestamp
    ) async throws -> HoldAnswer {
        // Not the budgets that would count the request now: some may ask for more than it says.
        let book = try await budgets.book()
        let chain = book.chain(of: hold).filter(\.isInForce)
        var states = BudgetRows()
        for row in hold.rows {
            states[row] = BudgetState(try await ledger.state(of: LedgerBudgets.key(row)))
        }
        let open = states.values.lazy.compactMap { $0.hold(hold.event.id) }.first
        let outcome = try await ledger.event(Hold.outcomeID(of: hold.event.id))?.event
        let charge = try await ledger.event(
            .charge(for: hold.bookedID, after: nil))?.event
        let state: HoldAnswer.State =
            switch outcome?.kind {
            case .budgetReleased: .released
            case .budgetExpired: charge == nil ? .expired : .settled
            case .budgetSettled: .settled
            default: charge == nil ? .held : .settled
            }
        return HoldAnswer(
            hold: hold, state: state, isRepeated: isRepeated,
            expires: open?.expires ?? hold.expires, cost: charge?.amount,
            unpriced: charge?.unpriced,
            budgets: statuses(chain, states, try await ledger.head().position, at: now),
            held: chain.filter(\.isTold).compactMap { link in
                states[link.row]?.hold(hold.event.id).map { open in
                    HeldByBudget(link, hold.part(of: open))
                }
            }, controls: try await controls(of: hold))
    }

    func statuses(
        _ chain: [ChainLink], _ states: BudgetRows, _ position: Int64, at now: Timestamp
    ) -> [BudgetStatus] {
        chain.filter(\.isTold).map { link in
            BudgetStatus(
                link.budget, member: link.member, states[link.row] ?? BudgetState(), position,
                at: now)
        }
    }
}

extension Amounts {
    /// The money as one event books it.
    var picodollars: Picodollars {
        get throws {
            guard let amount = Int64(exactly: cost.amount) else { throw HoldInvalid.tooMuch }
            return Picodollars(amount)
        }
    }
}

extension ChainLink {
    /// Whether answers tell of the budget; those that only count are not told of.
    var isTold: Bool { budget.definition.enforcement != .shadow }
}

extension Hold {
    /// What a row holds of it now, extensions included.
    func part(of open: OpenHold) -> HeldPart {
        let input = event.usage[.inputTokens] ?? 0
        let countsOutput = parts.outputTokens != nil
        return HeldPart(
            open.amounts, outputTokens: countsOutput ? open.amounts.tokens - input : nil)
    }

    /// An event that follows from it.
    func follower(_ kind: EventKind, _ id: EventID) -> Event {
        var follower = Event(id: id, kind: kind, occurredAt: event.occurredAt)
        follower.causeID = event.id
        follower.dimensions = event.dimensions
        return follower
    }
}

extension BudgetState: StateValue {}

extension StateRows {
    mutating func states(of names: [Name]) -> BudgetRows {
        var states = BudgetRows(minimumCapacity: names.count)
        for name in names { states[name] = value(of: LedgerBudgets.key(name)) }
        return states
    }

    mutating func write(_ states: BudgetRows) {
        for (name, state) in states { set(LedgerBudgets.key(name), to: state) }
    }

    /// Ends a hold in all its rows; false if it is not open.
    mutating func end(_ hold: Hold) -> Bool {
        var states = states(of: hold.rows)
        guard BudgetBook.end(hold.event.id, &states) else { return false }
        write(states)
        return true
    }
}
