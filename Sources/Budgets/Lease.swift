package import LedgerModel

// What a lease does to the row of a budget: pure, as holds are.

/// The bounds of leases: a part of a budget that one instance may hand out from memory.
package enum Lease {
    /// How long an instance may hand out money without renewing, by the database's clock.
    package static let term: Duration = .seconds(2)
    /// By how much earlier it stops by its own.
    package static let margin: Duration = .milliseconds(300)
    /// After a recall nobody takes a lease of that row for so long.
    package static let recallMicroseconds: Int64 = 5_000_000
    /// A lease has room for so many calls, or it is not worth its while.
    package static let callsMin: Int64 = 4
    /// A million dollars: what one event can say, many times over.
    package static let costMax = PicodollarSum(1_000_000_000_000_000_000)

    static let termMicroseconds: Int64 = 2_000_000

    /// What an instance may have idle of what is free: a share, so that others find some as well,
    /// and the less the nearer the limit is.
    ///
    /// - Parameters:
    ///   - available: of each unit that is limited, with what the instance has idle.
    ///   - sharers: how many instances have leases.
    /// - Returns: nothing where a share is too small for calls as large as these.
    static func slice(
        of available: Amounts, limits: Limits, sharers: Int, target: Amounts, need: Amounts
    ) -> Amounts {
        let share = available.divided(by: Int64(2 * max(sharers, 1)))
        var slice = Amounts.lesser(target, share).limited(by: limits).positive
        slice.cost = min(slice.cost, costMax)
        let least = need.times(callsMin).limited(by: limits)
        return slice.covers(least) ? slice : .zero
    }
}

/// What an instance wants to have idle in a lease.
package struct LeaseWish: Hashable, Sendable {
    /// The lease, new or to be renewed.
    package let lease: EventID
    package let isNew: Bool
    /// The beginning of the window that it counts for.
    package let window: Timestamp
    package let idle: Amounts
    package let target: Amounts
    /// What the largest call of late has asked.
    package let need: Amounts

    package init(
        lease: EventID, isNew: Bool, window: Timestamp, idle: Amounts, target: Amounts,
        need: Amounts
    ) {
        self.lease = lease
        self.isNew = isNew
        self.window = window
        self.idle = idle
        self.target = target
        self.need = need
    }
}

/// What a lease got.
package struct LeaseGrant: Sendable {
    package let added: Amounts
    package let expires: Timestamp
    /// What the instance may have idle at this distance from the limit.
    package let share: Amounts
    /// How the row stands then, without its holds.
    package let state: BudgetState
}

/// Why a lease is not given or renewed.
package enum LeaseRefusal: Error, Hashable {
    /// The lease is over.
    case lost
    /// A share of what is left is too small, or the budget has no leases.
    case nearLimit
    /// Somebody has been refused by the row and needs what is idle.
    case recalled
}

extension ChainLink {
    /// Whether holds may be made from memory.
    package var isLeasable: Bool {
        isInForce && budget.definition.leases && budget.definition.enforcement == .hard
    }

    /// Begins, grows or only renews a lease: afterwards `posted + held <= limit` as after a hold.
    package func lease(
        _ wish: LeaseWish, _ state: inout BudgetState, at now: Timestamp
    ) throws(LeaseRefusal) -> LeaseGrant {
        let known = state.hold(wish.lease)
        if !wish.isNew, known == nil { throw .lost }
        guard isLeasable else { throw .nearLimit }
        let window = Window(start: wish.window, end: nil)
        let balance = state.balance(of: window)
        let limits = budget.definition.holdLimits(in: window)
        let free = Amounts(limits + -(balance.posted + balance.held))
        let others = state.leases.filter { $0.window == wish.window && $0.id != wish.lease }.count
        // The row may have less of it by now: what is free counts then alone.
        let idle = known.map { Amounts.lesser(wish.idle, $0.amounts) } ?? .zero
        let share = Lease.slice(
            of: free + idle, limits: limits, sharers: others + 1, target: wish.target,
            need: wish.need)
        // What it has beyond its share, it gives back itself.
        let added = Amounts.lesser((share - idle).positive, free.positive).limited(by: limits)
        if wish.isNew, !added.covers(wish.need.limited(by: limits)) || added == .zero {
            throw .nearLimit
        }
        _ = state.remove(wish.lease)
        let expires = now.advanced(byMicroseconds: Lease.termMicroseconds)
        state.hold(
            OpenHold(
                id: wish.lease, window: wish.window, expires: expires,
                amounts: (known?.amounts ?? .zero) + added, isLease: true))
        return LeaseGrant(added: added, expires: expires, share: share, state: state.withoutHolds)
    }
}

extension BudgetState {
    /// The leases, whose ever they are.
    package var leases: [OpenHold] { hasLeases ? holds.filter(\.isLease) : [] }

    /// Takes from a lease, to give it back or to set it aside for a call; false if the lease is
    /// over or has less.
    ///
    /// - Parameter isLast: whether all of it is taken, and it ends.
    package mutating func draw(
        _ amounts: Amounts, from lease: EventID, isLast: Bool = false
    ) -> Bool {
        if amounts == .zero, !isLast { return true }
        guard let open = hold(lease), open.isLease, open.amounts.covers(amounts) else {
            return false
        }
        _ = remove(lease)
        let left = open.amounts - amounts
        if isLast || left == .zero { return true }
        hold(
            OpenHold(
                id: lease, window: open.window, expires: open.expires, amounts: left,
                isLease: true))
        return true
    }
}

/// A call that asks for a hold; a class, as a million of them a second are passed on.
package final class LeaseCall: Sendable {
    package let hold: Hold

    package init(_ hold: Hold) {
        self.hold = hold
    }
}

/// A hold that was made from leases, so that the ledger does not know it yet.
package struct LeasedHold: Sendable {
    let call: LeaseCall
    /// What it takes of which lease, by row.
    package let draws: [LeaseDraw]

    package var hold: Hold { call.hold }

    /// Takes it out of its leases.
    ///
    /// - Returns: the leases that had it.
    package func draw(_ rows: inout BudgetRows) -> Set<EventID> {
        var drawn: Set<EventID> = []
        for draw in draws where rows[draw.place.row]?.draw(draw.amounts, from: draw.lease) == true {
            drawn.insert(draw.lease)
        }
        return drawn
    }

    /// The facts of its `budget.held` event.
    ///
    /// - Parameters:
    ///   - rows: those that hold it.
    ///   - drawn: the leases that it is taken out of.
    package func facts(
        in rows: [Name], expires: Timestamp, drawn: Set<EventID>
    ) throws -> Labels {
        let leases = draws.map(\.lease).filter(drawn.contains).map(\.description)
        let numbers = rows.map { row in
            String(decoding: row.string.utf8.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
        }
        // All budgets hold the same of it.
        let parts = hold.parts.first.map { Array(repeating: $0, count: max(rows.count, 1)) } ?? []
        var facts =
            (hold.event.detail?.pairs ?? []) + [
                ("budgets", Name(numbers.joined(separator: ","))),
                ("expires", Name(expires.description)),
            ] + parts.facts
        if !leases.isEmpty { facts.append(("leases", Name(leases.joined(separator: ",")))) }
        return try Labels(facts)
    }
}

/// The row and the window of a lease.
package struct LeasePlace: Hashable, Sendable {
    package let row: Name
    package let window: Timestamp

    package init(row: Name, window: Timestamp) {
        self.row = row
        self.window = window
    }
}

/// What a hold takes of a lease.
package struct LeaseDraw: Hashable, Sendable {
    package let place: LeasePlace
    package let lease: EventID
    package let amounts: Amounts
}

extension BudgetBook {
    /// Moves a hold out of its leases into the rows of its budgets, where every instance finds it.
    ///
    /// What its leases still have needs no room; where one is over, there must be room as for any
    /// hold.
    ///
    /// - Returns: the facts of the `budget.held` event, and the leases that had it.
    /// - Throws: `BudgetRefusal`, `DueHolds`, or `TooManyHolds`.
    package static func book(
        _ leased: LeasedHold, in chain: [ChainLink], _ rows: inout BudgetRows, at now: Timestamp
    ) throws -> (facts: Labels, drawn: Set<EventID>) {
        let hold = leased.hold
        var changed = rows
        let drawn = leased.draw(&changed)
        let covered = Set(leased.draws.filter { drawn.contains($0.lease) }.map(\.place.row))
        let seconds = chain.map(\.budget.definition.holdSeconds).min() ?? 0
        let expires = max(now, hold.event.occurredAt)
            .advanced(byMicroseconds: Int64(seconds) * 1_000_000)
        for link in chain {
            var state = changed[link.row] ?? BudgetState()
            let window = link.budget.window(of: hold.event.occurredAt)
            if !covered.contains(link.row),
                let refusal = link.refusal(of: hold.amounts, state, in: window)
            {
                throw state.due(at: now) ?? refusal
            }
            if state.holdCount >= BudgetState.holdsMax {
                throw state.due(at: now) ?? TooManyHolds(budget: link.budget.definition.name)
            }
            state.keep(link.budget.windowsKept)
            state.hold(
                OpenHold(
                    id: hold.event.id, window: window.start, expires: expires,
                    amounts: hold.amounts))
            changed[link.row] = state
        }
        rows = changed
        return (try leased.facts(in: chain.map(\.row), expires: expires, drawn: drawn), drawn)
    }
}

extension Hold {
    /// A hold that no event says yet, and of which all rows hold the same.
    package convenience init(
        _ event: Event, rows: [Name], each part: HeldPart, expires: Timestamp
    ) {
        self.init(
            event, rows: rows, parts: Array(repeating: part, count: max(rows.count, 1)),
            expires: expires)
    }
}

// MARK: - Arithmetic

extension Amounts {
    /// Only the units that are limited: the others are not leased.
    package func limited(by limits: Limits) -> Amounts {
        Amounts(
            cost: limits.cost == nil ? .zero : cost, tokens: limits.tokens == nil ? 0 : tokens,
            requests: limits.requests == nil ? 0 : requests)
    }

    /// Whether there is at least so much of each.
    package func covers(_ other: Amounts) -> Bool {
        cost >= other.cost && tokens >= other.tokens && requests >= other.requests
    }

    /// The lesser of each.
    static func lesser(_ a: Amounts, _ b: Amounts) -> Amounts {
        Amounts(
            cost: min(a.cost, b.cost), tokens: min(a.tokens, b.tokens),
            requests: min(a.requests, b.requests))
    }

    static func greater(_ a: Amounts, _ b: Amounts) -> Amounts {
        Amounts(
            cost: max(a.cost, b.cost), tokens: max(a.tokens, b.tokens),
            requests: max(a.requests, b.requests))
    }

    func divided(by divisor: Int64) -> Amounts {
        Amounts(
            cost: PicodollarSum(cost.amount / Int128(divisor)), tokens: tokens / divisor,
            requests: requests / divisor)
    }

    func times(_ factor: Int64) -> Amounts {
        func product(_ count: Int64) -> Int64 {
            let (product, overflows) = count.multipliedReportingOverflow(by: factor)
            return overflows ? (count < 0 ? .min + 1 : .max) : product
        }
        return Amounts(
            cost: PicodollarSum(cost.amount * Int128(factor)), tokens: product(tokens),
            requests: product(requests))
    }

    /// What limits leave; nothing where there is none.
    fileprivate init(_ left: Limits) {
        self.init(cost: left.cost ?? .zero, tokens: left.tokens ?? 0, requests: left.requests ?? 0)
    }
}
