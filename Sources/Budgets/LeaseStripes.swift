package import LedgerModel
import Synchronization

/// The leases of one instance for all its threads.
///
/// A table decides; but calls of different names seldom wait for each other, since stripes, by the name of the
/// call, hand out portions of what the table has. Whatever the table does about a lease, it does with
/// everything gathered from the stripes first, so that it is exact in the same way as alone. A lock of a stripe is
/// only taken alone, or inside the lock of the table.
package final class LeaseStripes: Sendable {
    private let table = Mutex(LeaseTable())
    private let stripes = (0..<LeaseStripes.count).map { _ in Stripe() }

    private final class Stripe: Sendable {
        let state = Mutex(LeaseStripe())
    }

    package static let count = 16

    package init() {}

    /// By the last bytes of the name, which differ the most: cheaper than a hash that nobody can foresee, and
    /// whoever foresees it only makes calls wait for each other.
    private func stripe(of id: Name) -> Stripe {
        let hash =
            id.string.utf8.withContiguousStorageIfAvailable { bytes in
                bytes.suffix(8).reduce(UInt64(0)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            } ?? 0
        return stripes[Int((hash ^ hash >> 32) % UInt64(Self.count))]
    }

    package var isIdle: Bool { table.withLock { $0.isIdle } }

    /// How many holds were made from memory, and how many leases there are.
    package var counts: (held: Int, leases: Int) {
        let (held, leases) = table.withLock { ($0.heldCount, $0.leaseCount) }
        return (stripes.reduce(held) { $0 + $1.state.withLock(\.heldCount) }, leases)
    }

    // MARK: Holds

    /// Holds in all leases that are asked, or in none.
    ///
    /// - Parameter id: the request's own name.
    package func hold(
        _ id: Name, _ call: LeaseCall, _ asks: [LeaseTable.Ask], at now: LeaseTable.Instant
    ) -> LeaseTable.Answer {
        let own = stripe(of: id)
        if let answer = own.state.withLock({ $0.hold(id, call, asks, at: now) }) { return answer }
        return table.withLock { table in
            // It may have come twice at once.
            if let known = own.state.withLock({ $0.repeated(id) }) { return known }
            gather(asks, from: own, into: &table)
            var answer = table.hold(id, call, asks, at: now)
            if case .missed = answer, table.hasLease(of: asks) {
                // Others may have what is missing here.
                for stripe in stripes { gather(asks, from: stripe, into: &table) }
                answer = table.retry(id, call, asks, at: now)
            }
            guard case .held = answer else { return answer }
            own.state.withLock { stripe in
                stripe.move(id)
                for ask in asks {
                    if let portion = table.carve(ask.place, of: Self.count, at: now) {
                        stripe.add(portion)
                    }
                }
            }
            return answer
        }
    }

    /// Ends a hold of which the ledger knows nothing and need know nothing.
    ///
    /// - Returns: nil if there is none, or if it is being written.
    package func release(_ id: Name) -> LeasedHold? {
        switch stripe(of: id).state.withLock({ $0.release(id) }) {
        case .done(let leased): leased
        case .ofTable: withTable { $0.release(id) }
        }
    }

    /// Begins to write a hold into the ledger; see `LeaseTable.write`.
    package func write(_ id: Name) -> LeasedHold? {
        withTable { table in
            take(id, into: &table)
            return table.write(id)
        }
    }

    /// Begins to settle a hold; see `LeaseTable.settle`.
    package func settle(_ id: Name) -> LeasedHold? {
        let released = stripe(of: id).state.withLock { $0.released(id) }
        if let released { return LeasedHold(call: released.call, draws: []) }
        return withTable { table in
            take(id, into: &table)
            return table.settle(id)
        }
    }

    /// What came of writing a hold.
    package func wrote(
        _ id: Name, _ outcome: LeaseTable.Outcome, at now: LeaseTable.Instant
    ) {
        withTable { table in
            // A lease that turns out to be lost is lost for the stripes as well.
            if table.maySpoil(id, outcome) { gatherAll(into: &table) }
            table.wrote(id, outcome, at: now)
        }
    }

    // MARK: Leases

    /// Looks around once in a tenth of a second; see `LeaseTable.tick`.
    package func tick(recalled: Set<Name> = [], at now: LeaseTable.Instant) -> [LeasedHold] {
        withAll { $0.tick(recalled: recalled, at: now) }
    }

    /// Hands out nothing more of some rows, or of any; see `LeaseTable.close`.
    package func close(_ rows: Set<Name>? = nil, at now: LeaseTable.Instant) -> [LeasedHold] {
        withAll { $0.close(rows, at: now) }
    }

    /// What to do about the leases; see `LeaseTable.moves`.
    package func moves(
        at now: LeaseTable.Instant, newLease: () -> EventID
    ) -> [(place: LeasePlace, move: LeaseMove)] {
        withAll { $0.moves(at: now, newLease: newLease) }
    }

    package func granted(
        _ place: LeasePlace, _ lease: EventID, _ grant: LeaseGrant, position: Int64,
        asked: LeaseTable.Instant
    ) {
        withAll { $0.granted(place, lease, grant, position: position, asked: asked) }
    }

    package func gaveBack(_ place: LeasePlace, _ lease: EventID, isLast: Bool) {
        withAll { $0.gaveBack(place, lease, isLast: isLast) }
    }

    package func failed(
        _ place: LeasePlace, _ lease: EventID, _ reason: LeaseRefusal?,
        at now: LeaseTable.Instant
    ) {
        withAll { $0.failed(place, lease, reason, at: now) }
    }

    /// How the rows of a hold stood when its leases were looked after last.
    package func standing(of leased: LeasedHold) -> (rows: BudgetRows, position: Int64) {
        let own = stripe(of: leased.hold.requestID)
        if let known = own.state.withLock({ $0.standing(of: leased) }) { return known }
        return table.withLock { $0.standing(of: leased) }
    }

    /// What holds do not have of a lease.
    package func idle(_ place: LeasePlace) -> Amounts { withAll { $0.idle(place) } }

    /// What may be handed out now.
    package func usable(_ place: LeasePlace, at now: LeaseTable.Instant) -> Amounts {
        withAll { $0.usable(place, at: now) }
    }

    /// Holds that are in memory only.
    package var holdCount: Int { withAll { $0.holdCount } }

    // MARK: Gathering

    private func withAll<T>(_ body: (inout LeaseTable) -> T) -> T {
        withTable { table in
            gatherAll(into: &table)
            return body(&table)
        }
    }

    private func withTable<T>(_ body: (inout LeaseTable) -> T) -> T {
        table.withLock { table in
            let result = body(&table)
            for id in table.takeEnded() { stripe(of: id).state.withLock { $0.end(id) } }
            return result
        }
    }

    private func gatherAll(into table: inout LeaseTable) {
        for stripe in stripes {
            let (portions, holds) = stripe.state.withLock { $0.takeAll() }
            for portion in portions { table.restore(portion) }
            for hold in holds { table.adopt(hold.id, hold.leased, made: hold.made) }
        }
    }

    /// Gathers what a stripe has idle of some leases; its holds stay.
    private func gather(
        _ asks: [LeaseTable.Ask], from stripe: Stripe, into table: inout LeaseTable
    ) {
        for ask in asks {
            if let portion = stripe.state.withLock({ $0.empty(ask.place) }) {
                table.restore(portion)
            }
        }
    }

    private func take(_ id: Name, into table: inout LeaseTable) {
        if let taken = stripe(of: id).state.withLock({ $0.take(id) }) {
            table.adopt(id, taken.leased, made: taken.made)
        }
    }
}
