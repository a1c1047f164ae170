package import LedgerModel
import LedgerSQL
import Postgres

extension SubscriptionRunner {
    /// Folds what the active versions hold of one ledger again, from its first event on.
    ///
    /// Other ledgers are not touched, so there is no other version to switch to: it is one
    /// transaction for each group, in which readers go on to see what was there before. Places keep
    /// their positions; a halted one tries again afterwards.
    ///
    /// - Parameters:
    ///   - names: nil for all of them.
    ///   - progress: as in `rebuild`.
    package func rebuild(
        _ names: [String]? = nil, of ledger: LedgerID,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> [RebuiltSubscription] {
        let parts = try parts(of: names)
        try await register()
        var rebuilt: [RebuiltSubscription] = []
        for part in parts {
            let before = rebuilt.reduce(0) { $0 + $1.events }
            rebuilt += try await pool.transaction { session in
                try Self.refold(part, of: ledger, in: session) {
                    progress(before + $0, before + $1)
                }
            }
        }
        return rebuilt
    }

    private static func refold(
        _ part: Part, of ledger: LedgerID, in session: Session,
        progress: (_ done: Int64, _ total: Int64) -> Void
    ) throws -> [RebuiltSubscription] {
        let definitions = Dictionary(
            part.subscriptions.map { ($0.name, $0.definition) }, uniquingKeysWith: { $1 })
        let names = part.subscriptions.map(\.name)
        // From here on nobody folds into these versions or switches to others.
        let places = try session.run(LockActivePlaces(ledger: ledger, subscriptions: names))
        if let other = places.first(where: { definitions[$0.member.name] != $0.definition }) {
            throw OtherDefinition(subscription: other.member.name)
        }
        for place in places {
            let next = Member(name: place.member.name, version: place.member.version + 1)
            while try part.erase(next, ledger, eraseRowsMax, session) > 0 {}
        }
        _ = try session.run(FoldSettings())
        for place in places {
            try session.execute(BearPlace(ledger: ledger, member: place.member, head: place.head))
        }
        let born = Dictionary(places.map { ($0.member, $0.head) }, uniquingKeysWith: { $1 })
        let total = places.reduce(0) { $0 + $1.position }
        var done: Int64 = 0
        // Members that stand at one place share its scan.
        for (end, group) in Dictionary(grouping: places, by: \.position) {
            let members = group.map(\.member)
            let quarantined = try session.run(
                ListQuarantined(ledger: ledger, subscriptions: members.map(\.name)))
            var after: Int64 = 0
            while after < end {
                let next = try NextRange.find(
                    ledger, after: after, end: end, positionsMax: rebuildPagePositionsMax,
                    in: session)
                try next.checkCount()
                for (quarantine, members) in Quarantine.group(members, born, by: quarantined) {
                    try CountedFold(fold: part.fold).run(
                        next.range.leavingOut(quarantine), for: members, in: session)
                }
                done += (next.range.upTo - after) * Int64(members.count)
                after = next.range.upTo
                progress(done, total)
            }
        }
        for name in names {
            _ = try session.execute(ResumePlace(ledger: ledger, subscription: name))
        }
        return places.map {
            RebuiltSubscription(
                name: $0.member.name, version: $0.member.version, events: $0.position)
        }
    }
}

/// A read model that the database has from another version of the program.
package struct OtherDefinition: Fault {
    package var kind: FaultKind { .conflict }

    package let subscription: String

    package var description: String {
        "\(subscription) is of another version of the program in every ledger: rebuild it without "
            + "--ledger"
    }
}

/// The places of active versions in a ledger, once nobody holds them.
struct LockActivePlaces: Statement {
    static let sql = """
        SELECT subscriptions.name, places.version, subscriptions.definition, places.position,
            coalesce((SELECT position FROM tally.heads WHERE ledger_id = $1), 0)
        FROM tally.subscriptions AS subscriptions
        JOIN tally.places AS places ON places.ledger_id = $1
            AND places.subscription = subscriptions.name
            AND places.version = subscriptions.active_version
        WHERE subscriptions.name = ANY ($2)
        ORDER BY subscriptions.name
        FOR SHARE OF subscriptions FOR UPDATE OF places
        """
    static let columns = Columns(
        String.self, Int32.self, Int32.self, Int64.self, Int64.self)
    let ledger: LedgerID
    let subscriptions: [String]
    var parameters: Parameters { Parameters(ledger, subscriptions) }

    struct Place: Sendable {
        let member: Member
        let definition: Int32
        let position: Int64
        /// Where the ledger ends now.
        let head: Int64
    }
    typealias Row = Place

    static func row(_ cells: (String, Int32, Int32, Int64, Int64)) throws(PostgresError) -> Place {
        Place(
            member: Member(name: cells.0, version: cells.1), definition: cells.2,
            position: cells.3, head: cells.4)
    }
}

/// Lets a place count from now on what was released from quarantine up to an end of its ledger.
struct BearPlace: Statement {
    static let sql = """
        UPDATE tally.places SET born = $4
        WHERE ledger_id = $1 AND subscription = $2 AND version = $3
        """
    static let columns = Columns()
    let ledger: LedgerID
    let member: Member
    let head: Int64
    var parameters: Parameters { Parameters(ledger, member.name, member.version, head) }
}
