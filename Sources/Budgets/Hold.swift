package import LedgerModel

/// Money set aside for a call before it is made, as its `budget.held` event says.
///
/// It never changes, and is a class so that passing it on copies no event.
package final class Hold: Hashable, Sendable {
    package let event: Event
    /// The rows of the budgets that hold it.
    package let rows: [Name]
    /// What each of them held at first, in the same order.
    package let parts: [HeldPart]
    /// The most that one of them held at first; what was asked where no budget counts the call.
    package let amounts: Amounts
    /// The end of its time, unless it was extended.
    package let expires: Timestamp

    /// The request's own name for it.
    package var requestID: Name { event.externalID?.id ?? Name(event.id.description) }

    /// The source in the identities of holds.
    package static let source: Name = "tally/holds"
    /// Budgets that can count one request.
    package static let budgetsMax = 16

    package static func identity(of requestID: String) -> ExternalID {
        ExternalID(source: source, id: Name(requestID))
    }

    /// Reads a hold; nil if the event is none, or if the book does not know its budgets.
    package init?(_ event: Event, under book: BudgetBook) {
        guard event.kind == .budgetHeld, let facts = event.detail,
            let numbers = facts["budgets"]?.string.split(separator: ",").compactMap({ Int($0) }),
            let expires = facts["expires"].flatMap({ Timestamp(rfc3339: $0.string) })
        else { return nil }
        self.event = event
        self.expires = expires
        rows = numbers.compactMap { number in
            book[number].flatMap { budget in
                budget.definition.member(of: event.dimensions).flatMap(budget.rowName)
            }
        }
        guard rows.count == numbers.count,
            let parts = [HeldPart](of: event, requests: 1, count: max(rows.count, 1))
        else { return nil }
        self.parts = Array(parts.prefix(rows.count))
        amounts = parts.most
    }

    /// A hold that was made a moment ago: as if it were read from its event.
    ///
    /// - Parameters:
    ///   - rows: those of the budgets that hold it.
    ///   - parts: what each of them holds; what was asked where there is none.
    package init(_ event: Event, rows: [Name], parts: [HeldPart], expires: Timestamp) {
        self.event = event
        self.rows = rows
        self.parts = Array(parts.prefix(rows.count))
        amounts = parts.most
        self.expires = expires
    }

    package static func == (a: Hold, b: Hold) -> Bool {
        a === b
            || a.event == b.event && a.rows == b.rows && a.parts == b.parts
                && a.amounts == b.amounts && a.expires == b.expires
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(event.id) }

    /// The id of the event that ends a hold: there is one, however it ends.
    package static func outcomeID(of hold: EventID) -> EventID { derived(hold, "outcome") }
    /// The id of the request that a settlement books.
    package static func requestID(of hold: EventID) -> EventID { derived(hold, "request") }
    /// The id of an extension, by the caller's own number for it.
    package static func extensionID(of hold: EventID, step: Int64) -> EventID {
        derived(hold, "extension \(step)")
    }

    /// Who makes the call, if that is the gateway.
    package static let callerKey: Name = "caller"
    package static let gateway: Name = "gateway"

    package var isOfGateway: Bool { event.detail?[Self.callerKey] == Self.gateway }

    /// The id of the request that it ends with: the gateway's own for its calls.
    package var bookedID: EventID {
        let own = isOfGateway ? EventID(requestID.string) : nil
        return own ?? Self.requestID(of: event.id)
    }

    private static func derived(_ hold: EventID, _ what: String) -> EventID {
        EventID(at: hold.time, digest: Digest(hashing: Array("\(hold) \(what)".utf8)))
    }
}

/// The rows of a decision, by name.
package typealias BudgetRows = [Name: BudgetState]

extension BudgetBook {
    /// Sets the same amount aside in each budget of a chain, or in none.
    package static func hold(
        _ amounts: Amounts, as id: EventID, occurredAt: Timestamp, in chain: [ChainLink],
        _ rows: inout BudgetRows, at now: Timestamp
    ) throws -> Labels {
        let parts = Array(repeating: HeldPart(amounts), count: max(chain.count, 1))
        return try Labels(
            hold(parts, as: id, occurredAt: occurredAt, in: chain, &rows, at: now))
    }

    /// Sets an amount aside in each budget of a chain, or in none.
    ///
    /// - Parameter parts: what each of them holds; what was asked where the chain is empty.
    /// - Returns: the facts of the `budget.held` event.
    /// - Throws: as `take`, which it calls.
    package static func hold(
        _ parts: [HeldPart], as id: EventID, occurredAt: Timestamp, in chain: [ChainLink],
        _ rows: inout BudgetRows, at now: Timestamp
    ) throws -> [(key: Name, value: Name)] {
        let expires = try take(parts, as: id, occurredAt: occurredAt, in: chain, &rows, at: now)
        return facts(of: parts, in: chain) + [("expires", Name(expires.description))]
    }

    /// Sets an amount aside in each budget of a chain, or in none.
    ///
    /// After it, `posted + held <= limit` in each hard budget. Where that can't be, holds whose
    /// time is over are named to be ended first.
    ///
    /// - Returns: the end of its time.
    /// - Throws: `BudgetRefusal`, `DueHolds`, or `TooManyHolds`.
    package static func take(
        _ parts: [HeldPart], as id: EventID, occurredAt: Timestamp, in chain: [ChainLink],
        _ rows: inout BudgetRows, at now: Timestamp
    ) throws -> Timestamp {
        precondition(parts.count == max(chain.count, 1), "each budget holds a part")
        let windows = chain.map { $0.budget.window(of: occurredAt) }
        // All are asked before any is changed, so that a refusal changes nothing.
        for (index, link) in chain.enumerated() {
            let state = rows[link.row] ?? BudgetState()
            if let refusal = link.refusal(of: parts[index].amounts, state, in: windows[index]) {
                throw state.due(at: now) ?? refusal
            }
            if state.holdCount >= BudgetState.holdsMax {
                throw state.due(at: now) ?? TooManyHolds(budget: link.budget.definition.name)
            }
        }
        let seconds = chain.map(\.budget.definition.holdSeconds).min() ?? 0
        let expires = max(now, occurredAt).advanced(byMicroseconds: Int64(seconds) * 1_000_000)
        for (index, link) in chain.enumerated() {
            let open = OpenHold(
                id: id, window: windows[index].start, expires: expires,
                amounts: parts[index].amounts)
            rows[link.row, default: BudgetState()].hold(open, keeping: link.budget.windowsKept)
        }
        return expires
    }

    /// The facts of a `budget.held` event that are known before it is decided.
    package static func facts(
        of parts: [HeldPart], in chain: [ChainLink]
    ) -> [(key: Name, value: Name)] {
        let numbers = chain.map { String($0.budget.number) }
        return [("budgets", Name(numbers.joined(separator: ",")))] + parts.facts
    }

    /// Ends a hold in all its rows; false if it is not open any more.
    package static func end(_ hold: EventID, _ rows: inout BudgetRows) -> Bool {
        var wasOpen = false
        for row in rows.keys where rows[row]?.remove(hold) != nil { wasOpen = true }
        return wasOpen
    }

    /// Ends a hold whose time is over; false if it isn't, or if it ended before.
    package static func expire(
        _ hold: EventID, _ rows: inout BudgetRows, at now: Timestamp
    ) -> Bool {
        guard let expires = rows.values.compactMap({ $0.hold(hold)?.expires }).min(),
            expires <= now
        else { return false }
        return end(hold, &rows)
    }

    /// Adds the same amount to an open hold in all its budgets, or in none.
    package static func extend(
        _ hold: Hold, by amounts: Amounts, in chain: [ChainLink], _ rows: inout BudgetRows,
        at now: Timestamp
    ) throws -> Timestamp? {
        try extend(hold, in: chain, &rows, at: now) { _, _ in HeldPart(amounts) }?.expires
    }

    /// Adds to an open hold in all its budgets, or in none; budgets that are out of force refuse
    /// nothing.
    ///
    /// - Parameters:
    ///   - chain: the budgets that hold it.
    ///   - part: what a budget adds to what it holds.
    /// - Returns: the end of its time now, and what each row of the hold adds; nil if it is not open.
    /// - Throws: `BudgetRefusal`, or `DueHolds`.
    package static func extend(
        _ hold: Hold, in chain: [ChainLink], _ rows: inout BudgetRows, at now: Timestamp,
        by part: (ChainLink, OpenHold) throws -> HeldPart
    ) throws -> (expires: Timestamp, added: [HeldPart])? {
        var changed = rows
        let seconds = chain.map(\.budget.definition.holdSeconds).min() ?? 0
        var until = now.advanced(byMicroseconds: Int64(seconds) * 1_000_000)
        var isOpen = false
        var added: [Name: HeldPart] = [:]
        for link in chain {
            guard var state = rows[link.row], let open = state.hold(hold.event.id) else { continue }
            // Not the window of that time: a reset since then may have cut it in two.
            let window = Window(start: open.window, end: link.budget.window(of: open.window).end)
            let more = try part(link, open)
            if let refusal = link.refusal(of: more.amounts, state, in: window) {
                throw state.due(at: now, besides: hold.event.id) ?? refusal
            }
            until = max(until, open.expires)
            isOpen = state.extend(hold.event.id, by: more.amounts, until: until)
            changed[link.row] = state
            added[link.row] = more
        }
        rows = changed
        return isOpen ? (until, hold.rows.map { added[$0] ?? HeldPart(.zero) }) : nil
    }

    /// Whether each budget of a chain has room for its part, whatever it holds whose time is over.
    package static func hasRoom(
        for parts: [HeldPart], occurredAt: Timestamp, in chain: [ChainLink], _ rows: BudgetRows
    ) -> Bool {
        zip(chain, parts).allSatisfy { link, part in
            let state = rows[link.row] ?? BudgetState()
            let window = link.budget.window(of: occurredAt)
            return link.refusal(of: part.amounts, state, in: window) == nil
        }
    }
}

extension BudgetState {
    fileprivate mutating func hold(_ open: OpenHold, keeping windows: Int) {
        keep(windows)
        hold(open)
    }

    /// The holds whose time is over; nil if there are none.
    func due(at now: Timestamp, besides hold: EventID? = nil) -> (any Error)? {
        let due = holds.filter { $0.expires <= now && $0.id != hold }
        return due.isEmpty ? nil : DueHolds(holds: due.map(\.id))
    }
}

extension ChainLink {
    /// Why an amount can't be held; nil if it can, or if the budget refuses nothing.
    func refusal(
        of asked: Amounts, _ state: BudgetState, in window: Window
    ) -> BudgetRefusal? {
        let definition = budget.definition
        // Also before its opening is complete: what is posted by then counts already.
        guard definition.enforcement == .hard, isInForce else { return nil }
        let balance = state.balance(of: window)
        let limits = definition.holdLimits(in: window)
        let excess = limits.excess(of: balance.posted + balance.held + asked)
        // A budget that covers an extension already is not asked, even if it is overrun.
        if excess == .zero || asked == .zero { return nil }
        return BudgetRefusal(
            budget: definition.name, member: member, window: window,
            limits: definition.limits(in: window), balance: balance, asked: asked, row: row,
            reserved: definition.reserved(in: window))
    }
}

/// More calls in flight under one budget than its row can hold.
package struct TooManyHolds: Fault {
    package let budget: Name
    package var kind: FaultKind { .busy(retryAfter: .seconds(1)) }
    package var description: String {
        "budget \(budget) has \(BudgetState.holdsMax) calls in flight: settle or release some"
    }
}

extension Budget {
    /// By how much the newest windows of a row are above their limits without an event that says
    /// so.
    package func uncovered(in state: BudgetState) -> [(window: Window, excess: Amounts)] {
        guard definition.enforcement == .hard, opening.isComplete else { return [] }
        return state.windows.compactMap { balance in
            let window = self.window(of: balance.start)
            guard window.start == balance.start else { return nil }
            let excess = definition.limits(in: window).excess(of: balance.posted)
            let open = (excess - balance.covered).positive
            return open == .zero ? nil : (window, open)
        }
    }
}
