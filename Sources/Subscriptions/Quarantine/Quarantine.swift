package import LedgerModel
import Postgres

/// The events of a ledger that a subscription leaves out.
///
/// Each is said by an `event.quarantined` event, which was booked while the subscription was halted
/// before it: so every version of the subscription leaves it out, and what a version holds does not
/// depend on when the event was quarantined. An `event.released` takes that back for the versions
/// whose places are made after it: those before it stay the fold of everything else.
package struct Quarantine: Hashable, Sendable {
    /// In order.
    let events: [BlockEvent]
    /// Theirs, in order.
    package let positions: [Int64]
    /// The ids of the same events.
    package let ids: Set<EventID>

    package static let none = Quarantine([] as [BlockEvent])

    package init(_ events: [BlockEvent]) {
        self.events = Set(events).sorted { $0.position < $1.position }
        positions = Set(events.map(\.position)).sorted()
        ids = Set(events.map(\.id))
    }

    /// What a version leaves out whose place was made when its ledger ended at `born`.
    init(_ said: [ListQuarantined.Said], of subscription: String, born: Int64) {
        let released = Set(
            said.filter { $0.isRelease && $0.position <= born }.map(\.cause))
        self.init(
            said.filter {
                !$0.isRelease && $0.subscription == subscription && !released.contains($0.id)
            }.map { BlockEvent(position: $0.causePosition, id: $0.cause) })
    }

    package var isEmpty: Bool { ids.isEmpty }

    package func contains(_ id: EventID) -> Bool { !ids.isEmpty && ids.contains(id) }

    package func contains(position: Int64) -> Bool {
        !positions.isEmpty && positions.contains(position)
    }

    /// Whether an event is left out, or the request that it belongs to.
    package func leavesOut(_ position: Int64, of request: EventID) -> Bool {
        contains(position: position) || contains(request)
    }

    /// Members in their order, those together that leave out the same events.
    static func group(
        _ members: [Member], _ born: [Member: Int64], by said: [ListQuarantined.Said]
    ) -> [(quarantine: Quarantine, members: [Member])] {
        if said.isEmpty { return [(.none, members)] }
        var groups: [(quarantine: Quarantine, members: [Member])] = []
        for member in members {
            let quarantine = Quarantine(said, of: member.name, born: born[member] ?? 0)
            if let index = groups.firstIndex(where: { $0.quarantine == quarantine }) {
                groups[index].members.append(member)
            } else {
                groups.append((quarantine, [member]))
            }
        }
        return groups
    }
}

/// An event, by its place in a block.
package struct BlockEvent: Hashable, Sendable {
    package let position: Int64
    package let id: EventID

    package init(position: Int64, id: EventID) {
        self.position = position
        self.id = id
    }
}

extension EventRange {
    /// How many events are left out of the range, after a look whether they are still there: what
    /// is missing is not left out but an alarm.
    func countLeftOut(in session: Session) throws -> Int64 {
        if quarantine.isEmpty { return 0 }
        let positions = leftOut
        if positions.isEmpty { return 0 }
        let found = try session.one(CountLeftOut(range: self, positions: positions))
        guard found == positions.count else {
            throw PositionGap(expected: Int64(positions.count), found: found)
        }
        return found
    }
}
