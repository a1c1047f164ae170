import Budgets
import EventStore
import LedgerModel
import PriceBooks
import Pricing
import Synchronization

// Holds that are made from leases: the ledger learns of one when it is settled, or when it is a
// second old.

extension BudgetService {
    /// Sets an amount aside in memory, where all budgets hold the same of the call.
    ///
    /// - Returns: nil if the rows must decide.
    func holdFromLeases(
        _ wish: HoldWish, _ parts: [HeldPart], credited: Int64, in chain: [ChainLink],
        at now: Timestamp
    ) throws -> HoldAnswer? {
        guard let part = parts.first, parts.allSatisfy({ $0 == part }) else { return nil }
        let amounts = part.amounts
        let hard = chain.filter { $0.isInForce && $0.budget.definition.enforcement == .hard }
        guard !hard.isEmpty, hard.allSatisfy(\.isLeasable),
            budgets.remembered(wish.requestID) == nil
        else { return nil }
        let asks = hard.map { link in
            let window = link.budget.window(of: now)
            return LeaseTable.Ask(
                place: LeasePlace(row: link.row, window: window.start),
                amounts: amounts.limited(by: link.budget.definition.holdLimits(in: window)))
        }
        let identity = Hold.identity(of: wish.requestID)
        var event = Event(id: identity.eventID(at: now), kind: .budgetHeld, occurredAt: now)
        event.externalID = identity
        event.dimensions = wish.dimensions
        event.usage = wish.usage
        event.amount = try amounts.picodollars
        let facts = wish.facts(credited: credited)
        if !facts.isEmpty { event.detail = try Labels(facts) }
        let seconds = chain.map(\.budget.definition.holdSeconds).min() ?? 0
        let hold = Hold(
            event, rows: chain.map(\.row), each: part,
            expires: now.advanced(byMicroseconds: Int64(seconds) * 1_000_000))
        let call = LeaseCall(hold)
        let answer = leases.table.hold(hold.requestID, call, asks, at: leases.now)
        switch answer {
        case .missed: return nil
        case .held(let leased):
            return self.answer(leased, .held, in: chain, isRepeated: false, at: now)
        case .repeated(let leased, let isReleased):
            let known = leased.hold.event
            guard known.usage == wish.usage, known.dimensions == wish.dimensions,
                HoldCall(of: leased.hold) == wish.call,
                wish.cost.map({ $0 == known.amount }) ?? true
            else { throw HoldInvalid.otherHold(wish.requestID) }
            return self.answer(
                leased, isReleased ? .released : .held, in: chain, isRepeated: true, at: now)
        }
    }

    /// An answer with the budgets as they stood when their leases were looked after last.
    private func answer(
        _ leased: LeasedHold, _ state: HoldAnswer.State, in chain: [ChainLink], isRepeated: Bool,
        at now: Timestamp
    ) -> HoldAnswer {
        let standing = leases.table.standing(of: leased)
        return HoldAnswer(
            hold: leased.hold, state: state, isRepeated: isRepeated, expires: leased.hold.expires,
            budgets: statuses(
                chain.filter { $0.isInForce && standing.rows[$0.row] != nil }, standing.rows,
                standing.position, at: now),
            held: zip(chain, leased.hold.parts).filter { $0.0.isTold }.map(HeldByBudget.init))
    }

    /// Ends a hold that is in memory only; nil if there is none.
    func releaseFromLeases(_ requestID: String, at now: Timestamp) -> HoldAnswer? {
        let released = leases.table.release(Name(requestID))
        return released.map { leased in
            answer(
                leased, .released, in: budgets.known.chain(of: leased.hold), isRepeated: false,
                at: now)
        }
    }

    // MARK: Into the ledger

    /// Settles a hold that is in memory: the hold, its request, the charge and the settlement are
    /// one commit, which takes the hold out of its leases.
    ///
    /// - Returns: nil if there is none in memory, or if the ledger has it by now.
    func settleFromLeases(
        _ requestID: String, at now: Timestamp,
        as booking: @Sendable (Hold) throws -> SettledRequest
    ) async throws -> HoldAnswer? {
        let begun = leases.table.settle(Name(requestID))
        guard let leased = begun else { return nil }
        let hold = leased.hold
        let decided = Mutex<(rows: BudgetRows, drawn: Set<EventID>)>(([:], []))
        let booked: SettledRequest
        do {
            booked = try booking(hold)
        } catch {
            leases.wrote(hold, .refused)
            throw error
        }
        let (request, charge, events) = (booked.request, booked.charge, booked.events)
        let receipt: AppendReceipt
        do {
            let leases = Set(leased.draws.map(\.lease))
            let settled = try hold.settled(with: request, charge)
            @Sendable func all(drawn: Set<EventID>) throws -> [Event] {
                var held = hold.event
                held.detail = try leased.facts(
                    in: hold.rows, expires: hold.expires, drawn: drawn)
                return [held] + events + [settled]
            }
            receipt = try await ledger.append(
                Decision(
                    id: hold.event.id, on: hold.rows.map(LedgerBudgets.key),
                    appending: try all(drawn: leases)
                ) { rows, _ in
                    var states = rows.states(of: hold.rows)
                    let drawn = leased.draw(&states)
                    let after = states.mapValues(\.withoutHolds)
                    decided.withLock { $0 = (after, drawn) }
                    rows.write(states)
                    return drawn == leases ? nil : try all(drawn: drawn)
                })
        } catch {
            leases.wrote(hold, .unknown)
            throw error
        }
        guard case .appended = receipt.outcomes.first else {
            leases.wrote(hold, .elsewhere)
            return nil
        }
        var (states, drawn) = decided.withLock { $0 }
        leases.wrote(hold, .taken(from: drawn))
        budgets.prefixes.note(request, to: hold)
        let book = try await budgets.book()
        // The charge is posted after the decision, in the same commit.
        book.post(events, to: &states)
        return HoldAnswer(
            hold: hold, state: .settled, isRepeated: false, expires: hold.expires,
            cost: charge?.amount, unpriced: charge?.unpriced,
            budgets: statuses(
                book.chain(of: hold).filter(\.isInForce), states, receipt.head.position, at: now))
    }

    /// Writes the hold of a request into the ledger if it is in memory only.
    func writeLeased(_ requestID: String) async throws {
        let begun = leases.table.write(Name(requestID))
        if let begun { try await write(begun) }
    }

    /// Writes holds that were begun; what has no room stays in memory.
    func write(_ begun: [LeasedHold]) async {
        await withTaskGroup { group in
            for leased in begun { group.addTask { try? await write(leased) } }
        }
    }

    private func write(_ leased: LeasedHold) async throws {
        do {
            leases.wrote(leased.hold, try await written(leased))
        } catch {
            let isRefusal =
                error is BudgetRefusal || error is TooManyHolds
                || error is MissingMember || error is ContendedBudgets
            leases.wrote(leased.hold, isRefusal ? .refused : .unknown)
            throw error
        }
    }

    private func written(_ leased: LeasedHold) async throws -> LeaseTable.Outcome {
        for _ in 0..<Self.triesMax {
            do {
                return try await append(leased, under: try await budgets.book())
            } catch is StaleBook {
                try await budgets.reload()
            } catch let due as DueHolds {
                for hold in due.holds { try await expire(hold) }
            }
        }
        throw ContendedBudgets()
    }

    private func append(
        _ leased: LeasedHold, under book: BudgetBook
    ) async throws -> LeaseTable.Outcome {
        let hold = leased.hold
        // Budgets that have changed meanwhile may be others.
        let chain = try book.chain(of: hold.event.dimensions)
        let names = Set(chain.map(\.row)).union(leased.draws.map(\.place.row)).sorted()
        let made = Mutex<(event: Event, drawn: Set<EventID>)?>(nil)
        let receipt = try await ledger.append(
            Decision(id: hold.event.id, on: names.map(LedgerBudgets.key)) { rows, clock in
                guard rows.revision == book.revisionBytes else { throw StaleBook() }
                var states = rows.states(of: names)
                let booked = try BudgetBook.book(leased, in: chain, &states, at: clock)
                rows.write(states)
                var event = hold.event
                event.detail = booked.facts
                let appended = event
                made.withLock { $0 = (appended, booked.drawn) }
                return [event]
            })
        guard case .appended = receipt.outcomes.first, let (event, drawn) = made.withLock({ $0 })
        else { return .elsewhere }
        if let known = Hold(event, under: book) { budgets.remember(known) }
        return .taken(from: drawn)
    }

    /// A hold that another instance made from memory a moment ago, once that wrote it.
    func written(_ requestID: String) async throws -> Hold? {
        let book = try await budgets.book()
        guard book.active.contains(where: \.definition.leases) else { return nil }
        let end = ContinuousClock.now + LeaseTable.bookingAge * 4
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(50))
            if let hold = try await find(requestID) { return hold }
        }
        return nil
    }

    // MARK: What a settlement books

    /// The request that a settlement books, and its charge.
    func booking(
        of settlement: Settlement, for hold: Hold
    ) throws -> SettledRequest {
        var request = hold.follower(
            settlement.status.map { $0 >= 400 } ?? false ? .requestFailed : .requestCompleted,
            hold.bookedID)
        if let provider = settlement.provider { request.dimensions[.provider] = provider }
        if let model = settlement.model { request.dimensions[.model] = model }
        request.usage = settlement.usage
        request.status = settlement.status
        request.errorType = settlement.errorType
        request.latency = settlement.latency
        request.timeToFirstToken = settlement.timeToFirstToken
        try request.validate()
        let charge = try prices.withRater { rater in
            try ChargeRule.charge(for: request, rater: &rater)
        }
        return SettledRequest(request, charge)
    }
}

extension Hold {
    /// The event that ends it with what the call used.
    func settled(with request: Event, _ charge: Event?) throws -> Event {
        var settled = follower(.budgetSettled, Hold.outcomeID(of: event.id))
        settled.amount = charge?.amount
        settled.unpriced = charge?.unpriced
        settled.detail = try Labels([("request", Name(request.id.description))])
        return settled
    }
}
