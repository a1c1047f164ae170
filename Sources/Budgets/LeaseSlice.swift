package import LedgerModel

/// What an instance should do about a lease.
package enum LeaseMove: Hashable, Sendable {
    /// Begin it, let it grow, or only renew it.
    case take(LeaseWish)
    /// Give back what is idle; all of the lease if it is the last.
    case giveBack(EventID, Amounts, isLast: Bool)
}

/// One lease of an instance, or a place where one may be worth its while.
struct LeaseSlice: Sendable {
    let place: LeasePlace
    private(set) var lease: EventID?
    /// What the row has in the lease, as far as is known here: never more.
    private var amounts = Amounts.zero
    /// What holds have of it that are in memory only.
    private var used = Amounts.zero
    var demand = LeaseDemand()
    /// From then on nothing is handed out.
    private var deadline: LeaseTable.Instant?
    /// Whether nothing is handed out any more, and all is given back.
    private(set) var isClosing = false
    private var isMoving = false
    /// The lease that is asked for.
    private var asked: EventID?
    /// Until then no lease is taken here.
    private var restsUntil: LeaseTable.Instant?
    /// What it may have idle, as far from the limit as it was last.
    private var share: Amounts?
    private(set) var state: BudgetState?
    private(set) var position: Int64 = 0

    init(_ place: LeasePlace) {
        self.place = place
    }

    var idle: Amounts { amounts - used }

    /// The lease, if it has room for an amount.
    func lease(for amounts: Amounts, at now: LeaseTable.Instant) -> EventID? {
        guard let lease, !isClosing, let deadline, now < deadline, idle.covers(amounts) else {
            return nil
        }
        return lease
    }

    /// Takes an amount for a hold if there is room, and in any case remembers that it was asked.
    ///
    /// - Returns: the lease that it is taken from.
    mutating func take(
        _ amounts: Amounts, isWanted: Bool, at now: LeaseTable.Instant
    ) -> EventID? {
        demand.note(amounts)
        guard isWanted, let lease = lease(for: amounts, at: now) else { return nil }
        used += amounts
        return lease
    }

    /// Takes back what a hold had that was never written.
    mutating func giveBack(_ draw: LeaseDraw) {
        if lease == draw.lease { used -= draw.amounts }
    }

    /// A hold was written into the ledger, out of its lease unless that was over.
    mutating func wrote(_ draw: LeaseDraw, isTaken: Bool) {
        guard lease == draw.lease else { return }
        used -= draw.amounts
        if isTaken { amounts -= draw.amounts } else { lose() }
    }

    // MARK: Stripes

    /// Takes an amount that there is room for and whose asking was noted before.
    mutating func take(again amounts: Amounts) -> EventID? {
        guard let lease else { return nil }
        used += amounts
        return lease
    }

    mutating func carve(of parts: Int, at now: LeaseTable.Instant) -> LeasePortion? {
        guard let lease = lease(for: .zero, at: now), let deadline else { return nil }
        let part = idle.divided(by: Int64(parts))
        used += part
        return LeasePortion(
            place: place, lease: lease, idle: part, deadline: deadline, state: state,
            position: position)
    }

    mutating func restore(_ portion: LeasePortion) {
        demand.note(portion.asked)
        // One that was lost meanwhile has nothing any more.
        if lease == portion.lease { used -= portion.idle }
    }

    // MARK: What to do

    mutating func move(
        at now: LeaseTable.Instant, newLease: () -> EventID
    ) -> LeaseMove? {
        if isMoving { return nil }
        guard let lease else {
            if !demand.isHot || restsUntil.map({ now < $0 }) == true { return nil }
            isMoving = true
            let lease = newLease()
            asked = lease
            return .take(wish(lease, isNew: true))
        }
        if demand.isCold { isClosing = true }
        let target = self.target
        if isClosing { return giveBack(lease, idle) }
        if !target.times(2).covers(idle) { return giveBack(lease, (idle - target).positive) }
        let isLow = !idle.covers(target.divided(by: 2))
        let renewal = Lease.term / 2
        guard isLow || deadline.map({ $0 - now < renewal }) != false else { return nil }
        isMoving = true
        return .take(wish(lease, isNew: false))
    }

    private var target: Amounts {
        share.map { Amounts.lesser(demand.target, $0) } ?? demand.target
    }

    private func wish(_ lease: EventID, isNew: Bool) -> LeaseWish {
        LeaseWish(
            lease: lease, isNew: isNew, window: place.window, idle: idle.positive,
            target: demand.target, need: demand.largest)
    }

    private mutating func giveBack(_ lease: EventID, _ given: Amounts) -> LeaseMove? {
        let isLast = isClosing && used == .zero
        if isLast, amounts == .zero {
            // The row has nothing of it either.
            lose()
            return nil
        }
        if given.positive == .zero, !isLast { return nil }
        // Before it is given back, so that nobody is given it meanwhile.
        amounts -= given
        isMoving = true
        return .giveBack(lease, given, isLast: isLast)
    }

    /// Whether there is nothing to remember.
    func isForgotten(at now: LeaseTable.Instant) -> Bool {
        lease == nil && !isMoving && demand.isCold && restsUntil.map { now >= $0 } != false
    }

    // MARK: What came of it

    mutating func recall(at now: LeaseTable.Instant) {
        if lease != nil { isClosing = true }
        restsUntil = now + .microseconds(Lease.recallMicroseconds)
    }

    mutating func granted(
        _ lease: EventID, _ grant: LeaseGrant, position: Int64, asked: LeaseTable.Instant
    ) {
        isMoving = false
        if self.asked == lease {
            // Whatever was recalled meanwhile closes it.
            (self.lease, self.asked) = (lease, nil)
            isClosing = restsUntil.map { asked < $0 } == true
        }
        // One that was lost meanwhile stays lost: what holds have of it is not known any more.
        guard self.lease == lease else { return }
        amounts += grant.added
        deadline = asked + Lease.term - Lease.margin
        share = grant.share
        (state, self.position) = (grant.state, position)
        if grant.share == .zero {
            isClosing = true
            restsUntil = asked + Lease.term
        }
    }

    mutating func gaveBack(_ lease: EventID, isLast: Bool) {
        isMoving = false
        if isLast, self.lease == lease { lose() }
    }

    mutating func failed(
        _ lease: EventID, _ reason: LeaseRefusal?, at now: LeaseTable.Instant
    ) {
        isMoving = false
        if asked == lease { asked = nil }
        switch reason {
        case .lost, nil:
            // Nil: nobody knows whether the row has changed.
            if self.lease == lease { lose() }
            restsUntil = max(restsUntil ?? now, now + Lease.term)
        case .nearLimit:
            if self.lease != nil { isClosing = true }
            restsUntil = max(restsUntil ?? now, now + Lease.term)
        case .recalled: recall(at: now)
        }
    }

    /// Nothing of the lease is handed out any more; its holds go on without it.
    mutating func lose(_ lease: EventID) {
        if self.lease == lease { lose() }
    }

    private mutating func lose() {
        lease = nil
        (amounts, used) = (.zero, .zero)
        (deadline, share) = (nil, nil)
        isClosing = false
    }
}

/// How much is asked of late: each look around forgets an eighth of it.
struct LeaseDemand: Sendable {
    /// About eight times what is asked between two looks around.
    private var level = Amounts.zero
    private var calls: Int64 = 0
    private var asked = Amounts.zero
    private var callsAsked: Int64 = 0
    /// What the largest call has asked, while any come.
    private(set) var largest = Amounts.zero

    /// A call in the count, which is in sixteenths.
    private static let call: Int64 = 16

    mutating func note(_ amounts: Amounts) {
        asked += amounts
        callsAsked += 1
        largest = .greater(largest, amounts)
    }

    mutating func note(_ calls: LeaseAsked) {
        asked += calls.amounts
        callsAsked += calls.calls
        largest = .greater(largest, calls.largest)
    }

    mutating func tick() {
        level = level - level.divided(by: 8) + asked
        calls = calls - calls / 8 + callsAsked * Self.call
        (asked, callsAsked) = (.zero, 0)
        if isCold { (level, largest) = (.zero, .zero) }
    }

    /// Two calls within half a second: the next ones are likely.
    var isHot: Bool { calls + callsAsked * Self.call >= Self.call * 3 / 2 }
    /// None for more than a second.
    var isCold: Bool { calls + callsAsked * Self.call < Self.call / 2 }

    /// What should be idle: what is asked in more than a second, and room for some calls.
    var target: Amounts {
        Amounts.greater((level + asked).times(2), largest.times(2 * Lease.callsMin))
    }
}
