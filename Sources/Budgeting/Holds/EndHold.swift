import Budgets
import EventStore
package import LedgerModel
import PriceBooks
import Pricing
import Synchronization

// How a hold ends, once: settled, released or expired.

extension BudgetService {
    /// Ends a hold with what the call used, and books the request and its charge in the same commit.
    ///
    /// A hold that expired meanwhile is settled late: the charge counts all the same.
    package func settle(
        _ requestID: String, _ settlement: Settlement, at now: Timestamp
    ) async throws -> HoldAnswer {
        try await settle(requestID, at: now) { try booking(of: settlement, for: $0) }
    }

    /// Ends a hold with a request that its caller has rated, in one commit with all that is booked.
    package func settle(
        _ requestID: String, with booked: SettledRequest, at now: Timestamp
    ) async throws -> HoldAnswer {
        try await settle(requestID, at: now) { _ in booked }
    }

    private func settle(
        _ requestID: String, at now: Timestamp,
        as booking: @Sendable (Hold) throws -> SettledRequest
    ) async throws -> HoldAnswer {
        if let answer = try await settleFromLeases(requestID, at: now, as: booking) {
            return answer
        }
        let hold = try await known(requestID)
        let booked = try booking(hold)
        let (request, charge, events) = (booked.request, booked.charge, booked.events)
        let settled = try hold.settled(with: request, charge)
        // Without budgets no row tells whether the hold is open.
        let isOpen = hold.rows.isEmpty ? try await ledger.event(settled.id) == nil : false
        let decided = Mutex(BudgetRows())
        let receipt = try await ledger.append(
            Decision(
                id: request.id, on: hold.rows.map(LedgerBudgets.key),
                appending: events + [settled]
            ) { rows, _ in
                let wasOpen = rows.end(hold) || isOpen
                let states = rows.states(of: hold.rows).mapValues(\.withoutHolds)
                decided.withLock { $0 = states }
                // If it ended before, there is nothing to say but what was used.
                return wasOpen ? nil : events
            })
        budgets.forget(hold)
        if case .appended = receipt.outcomes.first {
            budgets.prefixes.note(request, to: hold)
            let book = try await budgets.book()
            var states = decided.withLock { $0 }
            // The charge is posted after the decision, in the same commit.
            book.post(events, to: &states)
            return HoldAnswer(
                hold: hold, state: .settled, isRepeated: false, expires: hold.expires,
                cost: charge?.amount, unpriced: charge?.unpriced,
                budgets: statuses(
                    book.chain(of: hold).filter(\.isInForce), states, receipt.head.position,
                    at: now))
        }
        guard let known = try await ledger.event(request.id)?.event else {
            // It was released meanwhile, so it is settled late.
            return try await settle(requestID, at: now, as: booking)
        }
        if known != request { throw HoldInvalid.otherSettlement(requestID) }
        return try await answer(hold, isRepeated: true, at: now)
    }

    /// Ends a hold of which nothing was used, or whose usage is reported as an event.
    package func release(_ requestID: String, at now: Timestamp) async throws -> HoldAnswer {
        if let answer = releaseFromLeases(requestID, at: now) { return answer }
        let hold = try await known(requestID)
        let id = Hold.outcomeID(of: hold.event.id)
        let decided = Mutex(BudgetRows())
        do {
            let receipt = try await ledger.append(
                Decision(
                    id: id, on: hold.rows.map(LedgerBudgets.key),
                    appending: [hold.follower(.budgetReleased, id)]
                ) { rows, _ in
                    guard rows.end(hold) || hold.rows.isEmpty else {
                        throw HoldInvalid.notOpen(requestID)
                    }
                    let states = rows.states(of: hold.rows).mapValues(\.withoutHolds)
                    decided.withLock { $0 = states }
                    return nil
                })
            if case .appended = receipt.outcomes.first {
                budgets.forget(hold)
                let chain = try await budgets.book().chain(of: hold).filter(\.isInForce)
                return HoldAnswer(
                    hold: hold, state: .released, isRepeated: false, expires: hold.expires,
                    budgets: statuses(
                        chain, decided.withLock { $0 }, receipt.head.position, at: now))
            }
        } catch HoldInvalid.notOpen {
            // It was settled with a request, so its outcome has another decision.
        }
        budgets.forget(hold)
        return try await answer(hold, isRepeated: false, at: now)
    }

    /// Ends what nobody has settled or released in time.
    ///
    /// A call of the gateway has an outcome even then, or its charge would be lost: it is booked as
    /// unresolved.
    ///
    /// - Returns: how many holds.
    @discardableResult
    package func expireDue(at now: Timestamp) async throws -> Int {
        let snapshot = try await ledger.states(
            StateSelection(
                kind: LedgerBudgets.stateKind, bytes: BudgetState.bytesWithoutHolds))
        var due: Set<EventID> = []
        for bytes in snapshot.rows.values {
            for hold in BudgetState(bytes).holds where hold.expires <= now { due.insert(hold.id) }
        }
        for hold in due.sorted() { try await expire(hold) }
        return due.count
    }

    func expire(_ id: EventID) async throws {
        guard let event = try await ledger.event(id)?.event else { return }
        if event.kind == .budgetLeased { return try await endLease(event) }
        var read = Hold(event, under: try await budgets.book())
        if read == nil { read = Hold(event, under: try await budgets.reload()) }
        guard let hold = read else { return }
        let outcome = Hold.outcomeID(of: id)
        let abandoned = try await unresolved(hold)
        do {
            let settled = try abandoned.map { try hold.settled(with: $0.request, $0.charge) }
            _ = try await ledger.append(
                Decision(
                    id: abandoned?.request.id ?? outcome, on: hold.rows.map(LedgerBudgets.key)
                ) { rows, clock in
                    var states = rows.states(of: hold.rows)
                    guard BudgetBook.expire(id, &states, at: clock) else {
                        throw HoldInvalid.notOpen(hold.requestID.string)
                    }
                    rows.write(states)
                    if let abandoned, let settled { return abandoned.events + [settled] }
                    return [hold.follower(.budgetExpired, outcome)]
                })
        } catch HoldInvalid.notOpen {
            // It was ended or extended meanwhile.
        }
    }
}
