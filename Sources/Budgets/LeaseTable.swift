package import LedgerModel

/// The leases of one instance, and the holds that it made from them: who is given what, in
/// less than a microsecond.
///
/// A state machine: it says which holds to write into the ledger and which leases to take, renew or
/// give back, and is told what came of it. What it has idle is never more than what the rows have
/// in its leases: it adds what it got afterwards, and subtracts what it gives back before.
package struct LeaseTable: Sendable {
    /// The time since some moment, by a clock that only runs forward.
    package typealias Instant = Duration

    private var slices = LeaseSlices()
    /// Holds that are in memory only, and those released of late: a request that comes twice is not
    /// held again.
    private var holds: [Name: Entry] = [:]
    private var released = ReleasedNames(countMax: 10_000)
    /// Names of holds that it does not have any more, for `LeaseStripes`.
    private var ended: [Name] = []

    /// How many holds it has made.
    package private(set) var heldCount = 0

    private struct Entry: Sendable {
        let leased: LeasedHold
        var made: Instant
        var isReleased = false
        /// Attempts to write it that are under way.
        var flights = 0
        var written: Written?

        enum Written { case taken(Set<EventID>), elsewhere }

        /// Whether it may be written.
        var isDue: Bool { flights == 0 && !isReleased }

        /// Nil if it is being written.
        mutating func release() -> (leased: LeasedHold, isNew: Bool)? {
            if flights > 0 { return nil }
            defer { isReleased = true }
            return (leased, !isReleased)
        }
    }

    /// Holds that are in memory only; further ones are decided by the rows.
    package static let holdsMax = 20_000
    /// Places that are leased, or may soon be.
    package static let slicesMax = 10_000
    /// A hold that is as old is written into the ledger.
    package static let bookingAge: Duration = .seconds(1)
    /// Holds that are written at a time.
    package static let bookingsMax = 2_048

    package init() {}

    package var isIdle: Bool { slices.all.isEmpty && holdCount == 0 }
    package var leaseCount: Int { slices.all.count { $0.lease != nil } }
    package var holdCount: Int { holds.count - released.count }

    // MARK: Holds

    /// What a hold asks of a row.
    package struct Ask: Sendable {
        package let place: LeasePlace
        /// Of the units that are limited.
        package let amounts: Amounts

        package init(place: LeasePlace, amounts: Amounts) {
            self.place = place
            self.amounts = amounts
        }
    }

    package enum Answer: Sendable {
        case held(LeasedHold)
        /// The request has a hold already.
        case repeated(LeasedHold, isReleased: Bool)
        /// The rows must decide.
        case missed
    }

    /// Holds in all leases that are asked, or in none.
    ///
    /// - Parameter id: the request's own name.
    package mutating func hold(
        _ id: Name, _ call: LeaseCall, _ asks: [Ask], at now: Instant
    ) -> Answer {
        var fits = holdCount < Self.holdsMax
        var draws: [LeaseDraw] = []
        draws.reserveCapacity(asks.count)
        for ask in asks {
            if let lease = take(ask, isWanted: fits, at: now) {
                draws.append(LeaseDraw(place: ask.place, lease: lease, amounts: ask.amounts))
            } else {
                fits = false
            }
        }
        let leased = LeasedHold(call: call, draws: draws)
        // Requests seldom come twice, so that is found out afterwards.
        let known =
            fits
            ? holds.updateValue(Entry(leased: leased, made: now), forKey: id) : holds[id]
        if let known {
            if fits { holds[id] = known }
            giveBack(draws)
            return .repeated(known.leased, isReleased: known.isReleased)
        }
        guard fits else {
            giveBack(draws)
            return .missed
        }
        heldCount += 1
        return .held(leased)
    }

    private mutating func giveBack(_ draws: [LeaseDraw]) {
        for draw in draws { slices.change(draw.place) { $0.giveBack(draw) } }
    }

    /// Takes an amount from a lease, and in any case remembers that it was asked.
    private mutating func take(_ ask: Ask, isWanted: Bool, at now: Instant) -> EventID? {
        let taken = slices.change(ask.place) { slice in
            slice.take(ask.amounts, isWanted: isWanted, at: now)
        }
        if let taken { return taken }
        if slices.count < Self.slicesMax {
            slices.add(ask.place)
            slices.change(ask.place) { $0.demand.note(ask.amounts) }
        }
        return nil
    }

    /// Ends a hold of which the ledger knows nothing and need know nothing.
    ///
    /// - Returns: nil if there is none, or if it is being written.
    package mutating func release(_ id: Name) -> LeasedHold? {
        guard let (leased, isNew) = holds[id]?.release() else { return nil }
        guard isNew else { return leased }
        giveBack(leased.draws)
        if let forgotten = released.add(id) { end(forgotten) }
        return leased
    }

    /// Begins to write a hold into the ledger, alone or with what ends it; each is told to
    /// `wrote`.
    package mutating func write(_ id: Name) -> LeasedHold? {
        guard let entry = holds[id], !entry.isReleased else { return nil }
        holds[id]?.flights += 1
        return entry.leased
    }

    /// Begins to settle a hold: one that was released of late is settled late, without its leases.
    package mutating func settle(_ id: Name) -> LeasedHold? {
        write(id) ?? holds[id].map { LeasedHold(call: $0.leased.call, draws: []) }
    }

    /// What came of writing a hold.
    package enum Outcome: Sendable {
        /// It was taken out of these leases.
        case taken(from: Set<EventID>)
        /// The ledger has it from elsewhere; no lease gave anything.
        case elsewhere
        /// It has no room any more, as its lease is over; it is tried again later.
        case refused
        /// Nobody knows.
        case unknown
    }

    package mutating func wrote(_ id: Name, _ outcome: Outcome, at now: Instant) {
        guard var entry = holds[id], !entry.isReleased else { return }
        entry.flights -= 1
        switch outcome {
        case .taken(let leases): entry.written = .taken(leases)
        case .elsewhere: if entry.written == nil { entry.written = .elsewhere }
        case .refused: entry.made = now
        case .unknown:
            // The rows may have less than is known here, so nothing more is handed out.
            entry.made = now
            for draw in entry.leased.draws { slices.change(draw.place) { $0.lose(draw.lease) } }
        }
        holds[id] = entry
        guard entry.flights == 0, let written = entry.written else { return }
        end(id)
        for draw in entry.leased.draws {
            slices.change(draw.place) { slice in
                if case .taken(let leases) = written {
                    slice.wrote(draw, isTaken: leases.contains(draw.lease))
                } else {
                    slice.giveBack(draw)
                }
            }
        }
    }

    // MARK: Leases

    /// Looks around once in a tenth of a second.
    ///
    /// - Parameter recalled: rows that somebody needs.
    /// - Returns: holds that are to be written into the ledger, each begun as with `write`.
    package mutating func tick(recalled: Set<Name> = [], at now: Instant) -> [LeasedHold] {
        var closing: Set<LeasePlace> = []
        slices.changeAll { slice in
            slice.demand.tick()
            if recalled.contains(slice.place.row) { slice.recall(at: now) }
            if slice.isClosing { closing.insert(slice.place) }
        }
        return due { entry in
            entry.made + Self.bookingAge <= now
                || entry.leased.draws.contains {
                    closing.contains($0.place) || recalled.contains($0.place.row)
                }
        }
    }

    /// Hands out nothing more of some rows, or of any.
    ///
    /// - Returns: their holds, to be written.
    package mutating func close(_ rows: Set<Name>? = nil, at now: Instant) -> [LeasedHold] {
        slices.changeAll { slice in
            if rows?.contains(slice.place.row) != false { slice.recall(at: now) }
        }
        return due { entry in
            entry.leased.draws.contains { rows?.contains($0.place.row) != false }
        }
    }

    private mutating func due(_ isDue: (Entry) -> Bool) -> [LeasedHold] {
        var due: [LeasedHold] = []
        for (id, entry) in holds where entry.isDue && isDue(entry) {
            due.append(entry.leased)
            holds[id]?.flights = 1
            if due.count >= Self.bookingsMax { break }
        }
        return due
    }

    /// What to do about the leases; each is told to `granted`, `gaveBack` or `failed`.
    ///
    /// - Parameter newLease: the id of a lease that is begun.
    package mutating func moves(
        at now: Instant, newLease: () -> EventID
    ) -> [(place: LeasePlace, move: LeaseMove)] {
        var moves: [(place: LeasePlace, move: LeaseMove)] = []
        slices.changeAll { slice in
            if let move = slice.move(at: now, newLease: newLease) {
                moves.append((slice.place, move))
            }
        }
        slices.removeAll { $0.isForgotten(at: now) }
        return moves
    }

    /// A lease was begun, grown or renewed.
    ///
    /// - Parameter asked: when, before the database said how long it lasts.
    package mutating func granted(
        _ place: LeasePlace, _ lease: EventID, _ grant: LeaseGrant, position: Int64,
        asked: Instant
    ) {
        slices.change(place) {
            $0.granted(lease, grant, position: position, asked: asked)
        }
    }

    package mutating func gaveBack(_ place: LeasePlace, _ lease: EventID, isLast: Bool) {
        slices.change(place) { $0.gaveBack(lease, isLast: isLast) }
    }

    /// A lease was refused, or is over, or nobody knows.
    package mutating func failed(
        _ place: LeasePlace, _ lease: EventID, _ reason: LeaseRefusal?, at now: Instant
    ) {
        slices.change(place) { $0.failed(lease, reason, at: now) }
    }

    /// How the rows of a hold stood when its leases were looked after last.
    package func standing(
        of leased: LeasedHold
    ) -> (rows: BudgetRows, position: Int64) {
        var rows = BudgetRows()
        var position: Int64 = 0
        for draw in leased.draws {
            guard let slice = slices[draw.place], let state = slice.state else { continue }
            rows[draw.place.row] = state
            position = max(position, slice.position)
        }
        return (rows, position)
    }

    /// What holds do not have of a lease.
    package func idle(_ place: LeasePlace) -> Amounts { slices[place]?.idle ?? .zero }

    /// What may be handed out now.
    package func usable(_ place: LeasePlace, at now: Instant) -> Amounts {
        guard let slice = slices[place], slice.lease(for: .zero, at: now) != nil else {
            return .zero
        }
        return slice.idle
    }
}

// MARK: - For stripes

extension LeaseTable {
    /// Takes a part of what is idle in a lease, for a stripe to hand out; nil if nothing may be handed out.
    mutating func carve(
        _ place: LeasePlace, of parts: Int, at now: Instant
    ) -> LeasePortion? {
        slices.change(place) { $0.carve(of: parts, at: now) } ?? nil
    }

    /// Takes a part back, with what was asked of it.
    mutating func restore(_ portion: LeasePortion) {
        slices.change(portion.place) { $0.restore(portion) }
    }

    /// Takes over a hold that a stripe made.
    mutating func adopt(_ id: Name, _ leased: LeasedHold, made: Instant) {
        holds[id] = Entry(leased: leased, made: made)
    }

    /// Whether a lease of all these has to do with whether they are held.
    func hasLease(of asks: [Ask]) -> Bool {
        holdCount < Self.holdsMax && asks.allSatisfy { slices[$0.place]?.lease != nil }
    }

    /// Holds after a miss, whose asking is noted already.
    mutating func retry(_ id: Name, _ call: LeaseCall, _ asks: [Ask], at now: Instant) -> Answer {
        let fits = asks.allSatisfy { ask in
            slices[ask.place]?.lease(for: ask.amounts, at: now) != nil
        }
        guard fits, holds[id] == nil else { return .missed }
        var draws: [LeaseDraw] = []
        for ask in asks {
            if let lease = slices.change(ask.place, { $0.take(again: ask.amounts) }) ?? nil {
                draws.append(LeaseDraw(place: ask.place, lease: lease, amounts: ask.amounts))
            }
        }
        let leased = LeasedHold(call: call, draws: draws)
        holds[id] = Entry(leased: leased, made: now)
        heldCount += 1
        return .held(leased)
    }

    /// Whether what came of writing a hold may say that a lease is lost.
    func maySpoil(_ id: Name, _ outcome: Outcome) -> Bool {
        guard let entry = holds[id], case .taken(let leases) = outcome, entry.written == nil else {
            return true
        }
        return !entry.leased.draws.allSatisfy { leases.contains($0.lease) }
    }

    private mutating func end(_ id: Name) {
        holds[id] = nil
        ended.append(id)
    }

    /// Holds that ended since the last time.
    mutating func takeEnded() -> [Name] {
        if ended.isEmpty { return [] }
        defer { ended.removeAll() }
        return ended
    }
}

/// Slices by their place: changed where they lie, as they are large.
private struct LeaseSlices: Sendable {
    private(set) var all: [LeaseSlice] = []
    private var indexes: [LeasePlace: Int] = [:]
    /// The one that was changed last: often the next as well.
    private var last = 0

    var count: Int { all.count }

    subscript(place: LeasePlace) -> LeaseSlice? { indexes[place].map { all[$0] } }

    mutating func add(_ place: LeasePlace) {
        indexes[place] = all.count
        all.append(LeaseSlice(place))
    }

    @discardableResult
    mutating func change<T>(_ place: LeasePlace, _ body: (inout LeaseSlice) -> T) -> T? {
        if last >= all.count || all[last].place != place {
            guard let index = indexes[place] else { return nil }
            last = index
        }
        return body(&all[last])
    }

    mutating func changeAll(_ body: (inout LeaseSlice) -> Void) {
        for index in all.indices { body(&all[index]) }
    }

    mutating func removeAll(where isUnwanted: (LeaseSlice) -> Bool) {
        guard all.contains(where: isUnwanted) else { return }
        all.removeAll(where: isUnwanted)
        indexes.removeAll(keepingCapacity: true)
        for (index, slice) in all.enumerated() { indexes[slice.place] = index }
    }
}

/// The newest names of many.
struct ReleasedNames: Sendable {
    private var names: [Name] = []
    private var oldest = 0
    private let countMax: Int

    init(countMax: Int) {
        self.countMax = countMax
    }

    var count: Int { names.count }

    /// - Returns: the name that is forgotten for it.
    mutating func add(_ name: Name) -> Name? {
        if names.count < countMax {
            names.append(name)
            return nil
        }
        let forgotten = names[oldest]
        names[oldest] = name
        oldest = (oldest + 1) % countMax
        return forgotten
    }
}
