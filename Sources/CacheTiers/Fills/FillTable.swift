package import LedgerModel

/// Who fetches which answer, as this instance knows, and who waits for it.
///
/// A turn is given, waited for, and ended or lost; its methods say who is to be told.
package struct FillTable {
    package typealias WaiterID = UInt64

    private struct Turn {
        var id: Int64
        var until: Timestamp
        /// Whether another instance has it.
        var isElsewhere = false
        var waiters: [WaiterID] = []
    }

    private var turns: [CacheAddress: Turn] = [:]
    private var places: [WaiterID: CacheAddress] = [:]
    package private(set) var counts = CacheTierCounts.Fills()

    package init() {}

    package var waiting: Int { places.count }

    package enum Beginning: Equatable {
        case given
        case taken(until: Timestamp)
    }

    /// Gives the turn of an answer, unless somebody has it whose term is not over.
    package mutating func begin(
        _ address: CacheAddress, id: Int64, until: Timestamp, at now: Timestamp
    ) -> Beginning {
        if let turn = turns[address] {
            if turn.until <= now {
                counts.lost += 1
            } else if !turn.isElsewhere || !turn.waiters.isEmpty {
                return .taken(until: turn.until)
            }
            // Nobody watches the turn of another instance if nobody waits: ask again.
        }
        // Those who waited for the lost turn wait for this one.
        turns[address, default: Turn(id: id, until: until)].id = id
        turns[address]?.until = until
        turns[address]?.isElsewhere = false
        counts.begun += 1
        return .given
    }

    /// Notes that another instance has the turn that was just given here.
    package mutating func isElsewhere(_ address: CacheAddress, id: Int64, until: Timestamp) {
        guard turns[address]?.id == id else { return }
        turns[address]?.isElsewhere = true
        turns[address]?.until = until
        counts.begun -= 1
    }

    /// The term of another instance's turn is longer than was known.
    package mutating func extend(_ address: CacheAddress, until: Timestamp) {
        guard let turn = turns[address], turn.isElsewhere else { return }
        turns[address]?.until = max(turn.until, until)
    }

    package enum Joining: Equatable {
        case joined(isElsewhere: Bool)
        /// Nobody has the turn any more.
        case nothing
        case tooMany
    }

    package mutating func join(
        _ address: CacheAddress, as waiter: WaiterID, max: Int, at now: Timestamp
    ) -> Joining {
        guard let turn = turns[address], turn.until > now else { return .nothing }
        guard places.count < max else {
            counts.refused += 1
            return .tooMany
        }
        turns[address]?.waiters.append(waiter)
        places[waiter] = address
        counts.waited += 1
        return .joined(isElsewhere: turn.isElsewhere)
    }

    /// Ends a turn; returns who waited for it.
    ///
    /// - Parameters:
    ///   - id: the turn, if it must be that one; an answer ends whichever there is.
    ///   - hasAnswer: whether an answer came of it.
    package mutating func end(_ address: CacheAddress, id: Int64?, hasAnswer: Bool) -> [WaiterID] {
        guard let turn = turns[address], id == nil || turn.id == id else { return [] }
        turns[address] = nil
        if !hasAnswer, !turn.isElsewhere { counts.abandoned += 1 }
        for waiter in turn.waiters { places[waiter] = nil }
        return turn.waiters
    }

    /// Ends turns whose term is over; returns who waited for them.
    package mutating func expire(at now: Timestamp) -> [WaiterID] {
        var woken: [WaiterID] = []
        for (address, turn) in turns where turn.until <= now {
            counts.lost += 1
            turns[address] = nil
            woken += turn.waiters
        }
        for waiter in woken { places[waiter] = nil }
        return woken
    }

    /// Whether somebody still waits, and if so, until when the turn lasts for which he does.
    package func turnEnd(for waiter: WaiterID) -> Timestamp? {
        places[waiter].flatMap { turns[$0]?.until }
    }

    /// Stops waiting; false if the waiter was told already.
    package mutating func leave(_ waiter: WaiterID) -> Bool {
        guard let address = places.removeValue(forKey: waiter) else { return false }
        turns[address]?.waiters.removeAll { $0 == waiter }
        return true
    }

    /// Answers that other instances fetch and somebody here waits for.
    package var awaitedElsewhere: [CacheAddress] {
        turns.filter { $0.value.isElsewhere && !$0.value.waiters.isEmpty }.map(\.key)
    }
}
