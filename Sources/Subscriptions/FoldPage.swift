import LedgerModel
import LedgerSQL
import Postgres

/// One transaction: claim the places of some members, fold the next range, move the places.
struct FoldPage: Sendable {
    let fold: CountedFold
    /// Of one ledger, all at `after`.
    let places: [LaggingPlace]
    let after: Int64
    /// The end of a block, beyond which this page doesn't go.
    let end: Int64

    /// What moved: those that others work on, or that are halted, stayed.
    struct Done: Sendable {
        let members: [Member]
        let range: EventRange
    }

    /// Nil if there was nobody to move.
    func run(on pool: Pool, positionsMax: Int64) async throws -> Done? {
        let page = self
        return try await pool.transaction { try page.body($0, positionsMax) }
    }

    private func body(_ session: Session, _ positionsMax: Int64) throws -> Done? {
        guard let ledger = places.first?.ledger else { return nil }
        let new = places.filter(\.isNew).map(\.member)
        if !new.isEmpty { _ = try session.run(InsertPlaces(ledger: ledger, members: new)) }
        let members = places.map(\.member)
        // The look comes after the claim: whoever quarantines an event waits for the claim or is
        // seen. It also comes before the settings, so that its plan is made once.
        let (claimed, quarantined, _) = try session.pipeline(
            ClaimPlaces(ledger: ledger, members: members, position: after),
            ListQuarantined(ledger: ledger, subscriptions: members.map(\.name)), FoldSettings())
        if claimed.isEmpty { return nil }
        let born = Dictionary(
            claimed.map { ($0.member, $0.born) }, uniquingKeysWith: { first, _ in first })
        let moving = members.filter { born[$0] != nil }
        let next = try NextRange.find(
            ledger, after: after, end: end, positionsMax: positionsMax, in: session)
        do {
            try next.checkCount()
            for (quarantine, members) in Quarantine.group(moving, born, by: quarantined) {
                try fold.run(next.range.leavingOut(quarantine), for: members, in: session)
            }
        } catch {
            throw next.range.poisoned(blocks: next.blocks, by: error)
        }
        let moved = try session.run(
            MovePlaces(ledger: ledger, members: moving, from: after, to: next.range.upTo))
        guard moved.count == moving.count else { throw PlaceMoved() }
        return Done(members: moving, range: next.range)
    }
}

/// A fold that is held to having seen every event, and to having left out only what it may.
struct CountedFold: Sendable {
    let fold: SubscriptionGroup.Fold

    func run(_ range: EventRange, for members: [Member], in session: Session) throws {
        let leftOut = try range.countLeftOut(in: session)
        let found = try fold(range, members, session)
        if found + leftOut != range.count {
            throw PositionGap(expected: range.count, found: found + leftOut)
        }
    }
}

/// Somebody wrote to a place whose row this transaction had locked.
struct PlaceMoved: Error, CustomStringConvertible {
    var description: String { "the place moved while it was claimed" }
}

/// The settings of a fold's transaction.
///
/// A lost fold is simply folded again, so it need not wait for the disk. Months are pruned by
/// constants, and a hash table over dimensions is always better than sorting them.
struct FoldSettings: Statement {
    static let sql = """
        SELECT set_config('synchronous_commit', 'off', true),
            set_config('plan_cache_mode', 'force_custom_plan', true),
            set_config('enable_sort', 'off', true), set_config('jit', 'off', true),
            set_config('work_mem', '64MB', true), set_config('hash_mem_multiplier', '4', true)
        """
    static let columns = Columns(
        String.self, String.self, String.self, String.self, String.self, String.self)
}
