package import Budgets
import EventStore
package import LedgerModel
import LedgerSQL
import Postgres
import PriceBooks
import Pricing
import Synchronization

/// What a caller asks to set aside before a call.
package struct HoldWish: Sendable {
    /// The caller's name for the request: the same one again is the same hold.
    package let requestID: String
    package let dimensions: Dimensions
    /// The expected usage; its output tokens are the most that the call may make.
    package let usage: Usage
    /// The money, where the caller knows better than the price book.
    package let cost: Picodollars?

    package init(requestID: String, dimensions: Dimensions, usage: Usage, cost: Picodollars?) {
        self.requestID = requestID
        self.dimensions = dimensions
        self.usage = usage
        self.cost = cost
    }
}

/// The answer to a hold, an extension, a settlement or a release.
package struct HoldAnswer: Sendable {
    package enum State: String, Sendable { case held, settled, released, expired }

    package let hold: Hold
    package let state: State
    /// Whether the ledger had it already.
    package let isRepeated: Bool
    package let expires: Timestamp
    /// What the call cost; nil until it is settled, or if it has no price.
    package var cost: Picodollars?
    package var unpriced: Name?
    /// How the budgets stand now.
    package let budgets: [BudgetStatus]
    /// What controls made of the call.
    package var controls: [AppliedControl] = []
}

/// What a call used, told when it has ended.
package struct Settlement: Sendable {
    package let usage: Usage
    /// Who answered; nil for the provider and the model that were held for.
    package let provider: Name?
    package let model: Name?
    package let status: Int32?
    package let errorType: Name?
    package let latency: Int64?
    package let timeToFirstToken: Int64?

    package init(
        usage: Usage, provider: Name? = nil, model: Name? = nil, status: Int32? = nil,
        errorType: Name? = nil,
        latency: Int64? = nil, timeToFirstToken: Int64? = nil
    ) {
        self.usage = usage
        self.provider = provider
        self.model = model
        self.status = status
        self.errorType = errorType
        self.latency = latency
        self.timeToFirstToken = timeToFirstToken
    }
}

extension BudgetService {
    // MARK: Hold

    /// Sets money aside in every budget that counts a request as controls leave it, or in none.
    ///
    /// - Throws: `BudgetRefusal` where one has no room, or `ControlsMoved`.
    func hold(
        _ asked: HoldWish, under controls: ControlPlan, at now: Timestamp
    ) async throws -> HoldAnswer {
        let wish = controls.wish
        // Or it could not be settled.
        if wish.dimensions[.provider] == nil { throw HoldInvalid.noProvider }
        let identity = Hold.identity(of: wish.requestID)
        let id = identity.eventID(at: now)
        for _ in 0..<Self.triesMax {
            let book = try await budgets.book()
            guard controls.isOf(book) else { throw ControlsMoved() }
            let chain = try book.chain(of: wish.dimensions)
            guard chain.count <= Hold.budgetsMax else {
                throw HoldInvalid.tooManyBudgets(chain.count)
            }
            let amounts = try amounts(of: wish, in: chain, at: now)
            // What the decision finds, and what it makes.
            let seen = Mutex(BudgetRows())
            let decided = Mutex<(event: Event, states: BudgetRows)?>(nil)
            do {
                let receipt = try await ledger.append(
                    Decision(id: id, on: controls.keys(beside: chain)) { rows, clock in
                        guard rows.revision == book.revisionBytes else { throw StaleBook() }
                        let applied = try controls.decide(&rows)
                        var states = rows.states(of: chain.map(\.row))
                        let before = states.mapValues(\.withoutHolds)
                        seen.withLock { $0 = before }
                        var event = Event(id: id, kind: .budgetHeld, occurredAt: now)
                        event.externalID = identity
                        event.dimensions = wish.dimensions
                        event.usage = wish.usage
                        event.amount = try amounts.picodollars
                        event.detail = try applied.facts(
                            beside: BudgetBook.hold(
                                amounts, as: id, occurredAt: now, in: chain, &states, at: clock),
                            asked: asked)
                        rows.write(&states)
                        let booked = event
                        let after = states.mapValues(\.withoutHolds)
                        decided.withLock { $0 = (booked, after) }
                        return [event] + (try applied.events(of: event))
                    })
                guard case .appended = receipt.outcomes.first, let made = decided.withLock({ $0 }),
                    let hold = Hold(made.event, under: book)
                else { return try await repeated(asked, at: now) }
                budgets.remember(hold)
                return HoldAnswer(
                    hold: hold, state: .held, isRepeated: false, expires: hold.expires,
                    budgets: statuses(chain, made.states, receipt.head.position, at: now))
            } catch is StaleBook {
                try await budgets.reload()
            } catch let due as DueHolds {
                for hold in due.holds { try await expire(hold) }
            } catch var refusal as BudgetRefusal {
                if try await find(wish.requestID) != nil {
                    return try await repeated(asked, at: now)
                }
                if wish.cost == nil {
                    refusal.outputTokensThatFit = fitting(
                        wish, in: chain, seen.withLock { $0 }, at: now)
                }
                await count(refusal, at: now)
                throw refusal
            }
        }
        throw ContendedBudgets()
    }

    /// What to set aside: the given money, or the price of the usage.
    func amounts(
        of wish: HoldWish, in chain: [ChainLink], at now: Timestamp
    ) throws -> Amounts {
        var amounts = Amounts(tokens: Amounts.tokens(of: wish.usage), requests: 1)
        amounts.cost = try money(wish.cost, wish.usage, wish.dimensions, in: chain, at: now)
        return amounts
    }

    /// The given money, or the price of a usage; none where no budget needs to know it.
    private func money(
        _ given: Picodollars?, _ usage: Usage, _ dimensions: Dimensions, in chain: [ChainLink],
        at now: Timestamp
    ) throws -> PicodollarSum {
        if let given { return PicodollarSum(given) }
        if let price = try price(of: usage, dimensions, at: now) { return PicodollarSum(price) }
        if let budget = chain.first(where: { $0.isInForce && $0.budget.needsPrice })?.budget {
            throw HoldInvalid.noPrice(
                model: dimensions[.model]?.string ?? "", budget: budget.definition.name)
        }
        return .zero
    }

    private func price(
        of usage: Usage, _ dimensions: Dimensions, at now: Timestamp
    ) throws -> Picodollars? {
        try prices.price(of: usage, dimensions, at: now)
    }

    /// The most output tokens of a request that would fit, by bisection; nil if none fit, or if
    /// not output is the reason.
    private func fitting(
        _ wish: HoldWish, in chain: [ChainLink], _ states: BudgetRows, at now: Timestamp
    ) -> Int64? {
        func fits(_ output: Int64) -> Bool {
            var usage = wish.usage
            usage[.outputTokens] = output
            let money = try? money(nil, usage, wish.dimensions, in: chain, at: now)
            guard let money else { return false }
            let asked = Amounts(cost: money, tokens: Amounts.tokens(of: usage), requests: 1)
            return BudgetBook.hasRoom(for: asked, occurredAt: now, in: chain, states)
        }
        guard var above = wish.usage[.outputTokens], above > 0, fits(1) else { return nil }
        var below: Int64 = 1
        while above - below > 1 {
            let middle = below + (above - below) / 2
            if fits(middle) { below = middle } else { above = middle }
        }
        return below
    }

    /// The hold that the ledger has under this name already.
    func repeated(
        _ wish: HoldWish, at now: Timestamp
    ) async throws -> HoldAnswer {
        guard let hold = try await find(wish.requestID) else { throw HoldInvalid.lost }
        // The price may have changed since.
        let isSame = hold.asked == (wish.usage, wish.dimensions)
        guard isSame, wish.cost.map({ PicodollarSum($0) == hold.amounts.cost }) ?? true else {
            throw HoldInvalid.otherHold(wish.requestID)
        }
        return try await answer(hold, isRepeated: true, at: now)
    }

    // MARK: Extend

    /// Adds to a hold while the call goes on, such as for the next part of a stream.
    ///
    /// - Parameter step: the caller's number of the extension; the same one again adds nothing.
    package func extend(
        _ requestID: String, by usage: Usage, cost: Picodollars?, step: Int64,
        at now: Timestamp
    ) async throws -> HoldAnswer {
        for _ in 0..<Self.triesMax {
            let hold = try await known(requestID)
            let book = try await budgets.book()
            let chain = book.chain(of: hold)
            let amounts = Amounts(
                cost: try money(cost, usage, hold.event.dimensions, in: chain, at: now),
                tokens: Amounts.tokens(of: usage))
            let id = Hold.extensionID(of: hold.event.id, step: step)
            do {
                let decision = Decision(id: id, on: hold.rows.map(LedgerBudgets.key)) {
                    rows, clock in
                    guard rows.revision == book.revisionBytes else { throw StaleBook() }
                    var states = rows.states(of: hold.rows)
                    guard
                        let expires = try BudgetBook.extend(
                            hold, by: amounts, in: chain, &states, at: clock)
                    else { throw HoldInvalid.notOpen(requestID) }
                    rows.write(&states)
                    var event = hold.follower(.budgetHeld, id)
                    event.amount = try amounts.picodollars
                    event.detail = try Labels([
                        ("step", Name(String(step))), ("tokens", Name(String(amounts.tokens))),
                        ("extends", hold.requestID), ("expires", Name(expires.description)),
                    ])
                    return [event]
                }
                let receipt = try await ledger.append(decision)
                let isNew = if case .appended = receipt.outcomes.first { true } else { false }
                return try await answer(hold, isRepeated: !isNew, at: now)
            } catch is StaleBook {
                try await budgets.reload()
            } catch let due as DueHolds {
                for hold in due.holds { try await expire(hold) }
            }
        }
        throw ContendedBudgets()
    }

    // MARK: End

    /// Ends a hold with what the call used, and books the request and its charge in the same commit.
    ///
    /// A hold that expired meanwhile is settled late: the charge counts all the same.
    package func settle(
        _ requestID: String, _ settlement: Settlement, at now: Timestamp
    ) async throws -> HoldAnswer {
        let hold = try await known(requestID)
        var request = hold.follower(
            settlement.status.map { $0 >= 400 } ?? false ? .requestFailed : .requestCompleted,
            Hold.requestID(of: hold.event.id))
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
        let events = [request] + (charge.map { [$0] } ?? [])
        let booked = request
        let outcome = Hold.outcomeID(of: hold.event.id)
        // Without budgets no row tells whether the hold is open.
        let isOpen = hold.rows.isEmpty ? try await ledger.event(outcome) == nil : false
        let decided = Mutex(BudgetRows())
        let receipt = try await ledger.append(
            Decision(id: request.id, on: hold.rows.map(LedgerBudgets.key)) { rows, _ in
                let wasOpen = rows.end(hold) || isOpen
                let states = rows.states(of: hold.rows).mapValues(\.withoutHolds)
                decided.withLock { $0 = states }
                guard wasOpen else { return events }
                var settled = hold.follower(.budgetSettled, outcome)
                settled.amount = charge?.amount
                settled.unpriced = charge?.unpriced
                settled.detail = try Labels([("request", Name(booked.id.description))])
                return events + [settled]
            })
        budgets.forget(hold)
        if case .appended = receipt.outcomes.first {
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
            return try await settle(requestID, settlement, at: now)
        }
        if known != request { throw HoldInvalid.otherSettlement(requestID) }
        return try await answer(hold, isRepeated: true, at: now)
    }

    /// Ends a hold of which nothing was used, or whose usage is reported as an event.
    package func release(_ requestID: String, at now: Timestamp) async throws -> HoldAnswer {
        let hold = try await known(requestID)
        let id = Hold.outcomeID(of: hold.event.id)
        let decided = Mutex(BudgetRows())
        do {
            let receipt = try await ledger.append(
                Decision(id: id, on: hold.rows.map(LedgerBudgets.key)) { rows, _ in
                    guard rows.end(hold) || hold.rows.isEmpty else {
                        throw HoldInvalid.notOpen(requestID)
                    }
                    let states = rows.states(of: hold.rows).mapValues(\.withoutHolds)
                    decided.withLock { $0 = states }
                    return [hold.follower(.budgetReleased, id)]
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

    private func expire(_ id: EventID) async throws {
        guard let event = try await ledger.event(id)?.event else { return }
        var read = Hold(event, under: try await budgets.book())
        if read == nil { read = Hold(event, under: try await budgets.reload()) }
        guard let hold = read else { return }
        let outcome = Hold.outcomeID(of: id)
        do {
            _ = try await ledger.append(
                Decision(id: outcome, on: hold.rows.map(LedgerBudgets.key)) { rows, clock in
                    var states = rows.states(of: hold.rows)
                    guard BudgetBook.expire(id, &states, at: clock) else {
                        throw HoldInvalid.notOpen(hold.requestID.string)
                    }
                    rows.write(&states)
                    return [hold.follower(.budgetExpired, outcome)]
                })
        } catch HoldInvalid.notOpen {
            // It was ended or extended meanwhile.
        }
    }

    // MARK: Looking up

    /// A hold by the caller's name for it.
    package func find(_ requestID: String) async throws -> Hold? {
        if let hold = budgets.remembered(requestID) { return hold }
        let find = FindIdentity(ledger: ledger.id, digest: Hold.identity(of: requestID).digest)
        guard let id = try await pool.session({ try $0.first(find) }),
            let event = try await ledger.event(id)?.event
        else { return nil }
        if let hold = Hold(event, under: try await budgets.book()) { return hold }
        return Hold(event, under: try await budgets.reload())
    }

    private func known(_ requestID: String) async throws -> Hold {
        guard let hold = try await find(requestID) else { throw HoldInvalid.unknown(requestID) }
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
            .charge(for: Hold.requestID(of: hold.event.id), after: nil))?.event
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
            controls: try await controls(of: hold))
    }

    func statuses(
        _ chain: [ChainLink], _ states: BudgetRows, _ position: Int64, at now: Timestamp
    ) -> [BudgetStatus] {
        chain.filter { $0.budget.definition.enforcement != .shadow }.map { link in
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

extension Budget {
    /// Whether it must know what a call may cost.
    fileprivate var needsPrice: Bool {
        definition.enforcement == .hard && definition.limits.cost != nil
    }
}

extension Hold {
    /// An event that follows from it.
    fileprivate func follower(_ kind: EventKind, _ id: EventID) -> Event {
        var follower = Event(id: id, kind: kind, occurredAt: event.occurredAt)
        follower.causeID = event.id
        follower.dimensions = event.dimensions
        return follower
    }
}

extension StateRows {
    fileprivate func states(of names: [Name]) -> BudgetRows {
        var states = BudgetRows()
        for name in names { states[name] = BudgetState(self[LedgerBudgets.key(name)]) }
        return states
    }

    fileprivate mutating func write(_ states: inout BudgetRows) {
        for name in states.keys {
            self[LedgerBudgets.key(name)] = states[name]?.encoded() ?? []
        }
    }

    /// Ends a hold in all its rows; false if it is not open.
    fileprivate mutating func end(_ hold: Hold) -> Bool {
        var states = states(of: hold.rows)
        guard BudgetBook.end(hold.event.id, &states) else { return false }
        write(&states)
        return true
    }
}
