import LedgerModel

/// A part of what an instance has idle in a lease, which one stripe hands out without asking the table.
///
/// For the table all of it is in use, so whatever stripes do, no lease gives out more than it has.
struct LeasePortion: Sendable {
    let place: LeasePlace
    let lease: EventID
    var idle: Amounts
    /// From then on nothing is handed out.
    let deadline: LeaseTable.Instant
    /// How the row stood when the lease was looked after last.
    let state: BudgetState?
    let position: Int64
    /// What was asked of it, for the table to know.
    var asked = LeaseAsked()

    func covers(_ amounts: Amounts, at now: LeaseTable.Instant) -> Bool {
        now < deadline && idle.covers(amounts)
    }
}

/// Calls that asked for something, together.
struct LeaseAsked: Sendable {
    private(set) var amounts = Amounts.zero
    private(set) var calls: Int64 = 0
    private(set) var largest = Amounts.zero

    mutating func note(_ amounts: Amounts) {
        self.amounts += amounts
        calls += 1
        largest = .greater(largest, amounts)
    }
}

/// Holds of the last moments, made from portions of leases; the table has all older ones.
struct LeaseStripe: Sendable {
    private var portions: [LeasePortion] = []
    private var indexes: [LeasePlace: Int] = [:]
    /// The portion that was used last: often the next as well.
    private var last = 0
    private var entries: [Name: Entry] = [:]
    private var released = ReleasedNames(countMax: LeaseStripe.releasedMax)
    /// Holds that are in memory and here.
    private var openCount = 0
    /// How many holds it has made.
    private(set) var heldCount = 0

    enum Entry: Sendable {
        case held(LeasedHold, made: LeaseTable.Instant)
        case released(LeasedHold)
        /// The table has it.
        case moved
    }

    static let holdsMax = LeaseTable.holdsMax / LeaseStripes.count
    private static let releasedMax = 10_000 / LeaseStripes.count

    // MARK: Holds

    /// Holds in all portions that are asked, or in none.
    ///
    /// - Returns: nil if the table must say.
    mutating func hold(
        _ id: Name, _ call: LeaseCall, _ asks: [LeaseTable.Ask], at now: LeaseTable.Instant
    ) -> LeaseTable.Answer? {
        if openCount >= Self.holdsMax { return nil }
        for ask in asks {
            guard let index = index(of: ask.place), portions[index].covers(ask.amounts, at: now)
            else { return nil }
        }
        var draws: [LeaseDraw] = []
        draws.reserveCapacity(asks.count)
        for ask in asks {
            guard let index = index(of: ask.place) else { return nil }
            portions[index].idle -= ask.amounts
            portions[index].asked.note(ask.amounts)
            draws.append(
                LeaseDraw(
                    place: ask.place, lease: portions[index].lease, amounts: ask.amounts))
        }
        let leased = LeasedHold(call: call, draws: draws)
        // Requests seldom come twice, so that is found out afterwards.
        if let known = entries.updateValue(.held(leased, made: now), forKey: id) {
            entries[id] = known
            giveBack(draws)
            return Self.answer(known)
        }
        openCount += 1
        heldCount += 1
        return .held(leased)
    }

    /// What is said to a request that has a hold here already.
    func repeated(_ id: Name) -> LeaseTable.Answer? { entries[id].flatMap(Self.answer) }

    private static func answer(_ known: Entry) -> LeaseTable.Answer? {
        switch known {
        case .held(let leased, _): .repeated(leased, isReleased: false)
        case .released(let leased): .repeated(leased, isReleased: true)
        case .moved: nil
        }
    }

    enum Release {
        case done(LeasedHold?)
        case ofTable
    }

    mutating func release(_ id: Name) -> Release {
        guard let index = entries.index(forKey: id) else { return .done(nil) }
        switch entries.values[index] {
        case .moved: return .ofTable
        case .released(let leased): return .done(leased)
        case .held(let leased, _):
            entries.values[index] = .released(leased)
            openCount -= 1
            giveBack(leased.draws)
            if let forgotten = released.add(id) { forget(forgotten) }
            return .done(leased)
        }
    }

    private mutating func giveBack(_ draws: [LeaseDraw]) {
        for draw in draws {
            // Its portion is there as long as the hold is.
            if let index = index(of: draw.place) { portions[index].idle += draw.amounts }
        }
    }

    /// A name that was released and has been held again since is not forgotten.
    private mutating func forget(_ id: Name) {
        if case .released = entries[id] { entries[id] = nil }
    }

    // MARK: For the table

    /// Takes what is idle in a portion, and what was asked of it.
    mutating func empty(_ place: LeasePlace) -> LeasePortion? {
        guard let index = index(of: place) else { return nil }
        defer {
            portions[index].idle = .zero
            portions[index].asked = LeaseAsked()
        }
        return portions[index]
    }

    /// Adds to a portion, or begins one.
    mutating func add(_ portion: LeasePortion) {
        if let index = index(of: portion.place) {
            var added = portion
            added.idle += portions[index].idle
            added.asked = portions[index].asked
            portions[index] = added
        } else {
            indexes[portion.place] = portions.count
            portions.append(portion)
        }
    }

    /// Takes everything that lies here, but for the names of what was released.
    mutating func takeAll() -> (
        portions: [LeasePortion], holds: [(id: Name, leased: LeasedHold, made: LeaseTable.Instant)]
    ) {
        var holds: [(id: Name, leased: LeasedHold, made: LeaseTable.Instant)] = []
        if openCount > 0 {
            holds.reserveCapacity(openCount)
            for (id, entry) in entries {
                if case .held(let leased, let made) = entry { holds.append((id, leased, made)) }
            }
        }
        for (id, _, _) in holds { entries[id] = .moved }
        openCount = 0
        defer {
            portions.removeAll(keepingCapacity: true)
            indexes.removeAll(keepingCapacity: true)
        }
        return (portions, holds)
    }

    /// Takes one hold; nil if it is not here.
    mutating func take(_ id: Name) -> (leased: LeasedHold, made: LeaseTable.Instant)? {
        guard case .held(let leased, let made) = entries[id] else { return nil }
        entries[id] = .moved
        openCount -= 1
        return (leased, made)
    }

    func released(_ id: Name) -> LeasedHold? {
        if case .released(let leased) = entries[id] { return leased }
        return nil
    }

    /// The table has a hold of this name.
    mutating func move(_ id: Name) { entries[id] = .moved }

    /// The table has none of this name any more.
    mutating func end(_ id: Name) {
        if case .moved = entries[id] { entries[id] = nil }
    }

    /// How the rows of a hold stood; nil if not all are known here.
    func standing(of leased: LeasedHold) -> (rows: BudgetRows, position: Int64)? {
        var rows = BudgetRows(minimumCapacity: leased.draws.count)
        var position: Int64 = 0
        for draw in leased.draws {
            guard let index = indexes[draw.place], let state = portions[index].state else {
                return nil
            }
            rows[draw.place.row] = state
            position = max(position, portions[index].position)
        }
        return (rows, position)
    }

    private mutating func index(of place: LeasePlace) -> Int? {
        if last < portions.count, portions[last].place == place { return last }
        guard let index = indexes[place] else { return nil }
        last = index
        return index
    }
}
