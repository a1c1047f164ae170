package import LedgerModel
import LedgerSQL
import Postgres

extension SubscriptionRunner {
    /// Positions in one transaction of a rebuild.
    package static let rebuildPagePositionsMax: Int64 = 1_048_576
    /// How far a new version may lag when it takes over after `chasesMax` attempts to close up with
    /// a ledger that is written to all the time; the runners do the rest.
    private static let switchLagMax: Int64 = 8_192
    private static let chasesMax = 4
    static let eraseRowsMax: Int64 = 50_000

    /// Fills a new version of folded subscriptions beside the active one and switches to it.
    ///
    /// Readers and live runners go on all the time; the old version's rows are removed at the end.
    ///
    /// - Parameters:
    ///   - names: nil for all of them.
    ///   - progress: called with the events folded so far and those there are to fold, over all
    ///     subscriptions.
    /// - Returns: what became active, with the events that were folded into it.
    package func rebuild(
        _ names: [String]? = nil,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> [RebuiltSubscription] {
        let parts = try parts(of: names)
        try await register()
        var rebuilt: [RebuiltSubscription] = []
        for part in parts {
            let before = rebuilt.reduce(0) { $0 + $1.events }
            rebuilt += try await rebuild(part) { progress(before + $0, before + $1) }
        }
        return rebuilt
    }

    /// Subscriptions of a group that are rebuilt with one scan.
    struct Part {
        let subscriptions: [Subscription]
        let fold: SubscriptionGroup.Fold
        let erase: SubscriptionGroup.Erase
    }

    func parts(of names: [String]?) throws(UnknownSubscription) -> [Part] {
        var parts: [Part] = []
        var known: [String] = []
        for group in groups {
            guard case .fold(let fold, let erase) = group.effect else { continue }
            known += group.subscriptions.map(\.name)
            let wanted = group.subscriptions.filter { names?.contains($0.name) ?? true }
            if wanted.isEmpty { continue }
            parts.append(Part(subscriptions: wanted, fold: fold, erase: erase))
        }
        for name in names ?? [] where !known.contains(name) {
            throw UnknownSubscription(name: name, known: known)
        }
        return parts
    }

    private func rebuild(
        _ part: Part, progress: (_ done: Int64, _ total: Int64) -> Void
    ) async throws -> [RebuiltSubscription] {
        let members = try await begin(part)
        let weight = Int64(members.count)
        var events: Int64 = 0
        var chases = 0
        while true {
            let behind = try await pool.session { try $0.run(ListBuilding(members: members)) }
            let lag = behind.reduce(0) { $0 + $1.lag }
            progress(events * weight, (events + lag) * weight)
            if lag == 0 || (lag <= Self.switchLagMax && chases == Self.chasesMax) { break }
            if lag <= Self.switchLagMax { chases += 1 }
            for place in behind where place.lag > 0 {
                events += try await advance(part, members, place)
                progress(events * weight, (events + lag) * weight)
            }
        }
        try await finish(part, members)
        progress(events * weight, events * weight)
        return members.map {
            RebuiltSubscription(name: $0.name, version: $0.version, events: events)
        }
    }

    /// New versions; the claims of unfinished rebuilds are taken away, so that they stop.
    private func begin(_ part: Part) async throws -> [Member] {
        let names = part.subscriptions.map(\.name)
        return try await pool.transaction { session in
            var versions: [String: Int32] = [:]
            for name in names.sorted() {
                let version = try session.one(BeginRebuild(subscription: name))
                let member = Member(name: name, version: version)
                _ = try session.run(DropUnfinishedPlaces(member: member))
                versions[name] = version
            }
            return names.compactMap { name in
                versions[name].map { Member(name: name, version: $0) }
            }
        }
    }

    private func advance(
        _ part: Part, _ members: [Member], _ place: ListBuilding.Behind
    ) async throws -> Int64 {
        let places = members.map {
            LaggingPlace(
                ledger: place.ledger, member: $0, position: place.position, isNew: place.isNew,
                end: place.end)
        }
        let page = FoldPage(
            fold: CountedFold(fold: part.fold), places: places, after: place.position,
            end: place.end)
        let done = try await page.run(on: pool, positionsMax: Self.rebuildPagePositionsMax)
        // Nobody else works on these versions, unless they are given up.
        let moved = Set(done?.members ?? [])
        if let lost = members.first(where: { !moved.contains($0) }) {
            throw RebuildSuperseded(subscription: lost.name)
        }
        return done?.range.count ?? 0
    }

    /// Makes the versions the active ones, and removes what came before them.
    private func finish(_ part: Part, _ members: [Member]) async throws {
        let definitions = Dictionary(
            part.subscriptions.map { ($0.name, $0.definition) }, uniquingKeysWith: { $1 })
        let sorted = members.sorted { $0.name < $1.name }
        try await pool.transaction { session in
            // First the rows of subscriptions, which let nobody begin a ledger on an old version,
            // then the old places, which waits for the folds that are under way.
            for member in sorted {
                let change = SwitchVersion(
                    member: member, definition: definitions[member.name] ?? 0)
                if try session.run(change).isEmpty {
                    throw RebuildSuperseded(subscription: member.name)
                }
            }
            for member in sorted { _ = try session.run(DropOldPlaces(member: member)) }
        }
        let ledgers = try await pool.session { try $0.run(ListBuilding(members: members)) }
        for ledger in ledgers.map(\.ledger) {
            for member in members {
                while try await pool.transaction({
                    try part.erase(member, ledger, Self.eraseRowsMax, $0)
                }) > 0 {}
            }
        }
    }
}

/// A version that a rebuild has made the active one.
package struct RebuiltSubscription: Hashable, Sendable {
    package let name: String
    package let version: Int32
    /// The events folded before the switch.
    package let events: Int64
}

/// Another rebuild of the same subscription began later and goes on alone.
package struct RebuildSuperseded: Fault {
    package var kind: FaultKind { .conflict }

    package let subscription: String

    package init(subscription: String) {
        self.subscription = subscription
    }

    package var description: String {
        "another rebuild of \(subscription) overtook this one and continues"
    }
}

package struct UnknownSubscription: Fault {
    package var kind: FaultKind { .notFound }

    package let name: String
    package let known: [String]
    package var description: String {
        "there is no projection \"\(name)\": the projections are \(known.joined(separator: ", "))"
    }
}

struct BeginRebuild: Statement {
    static let sql = """
        UPDATE tally.subscriptions
        SET last_version = last_version + 1, building_version = last_version + 1
        WHERE name = $1 RETURNING building_version
        """
    static let columns = Columns(Int32.self)
    let subscription: String
    var parameters: Parameters { Parameters(subscription) }
}

struct DropUnfinishedPlaces: Statement {
    static let sql = """
        DELETE FROM tally.places WHERE subscription = $1 AND version < $2
            AND version <> (SELECT active_version FROM tally.subscriptions WHERE name = $1)
        """
    static let columns = Columns()
    let member: Member
    var parameters: Parameters { Parameters(member.name, member.version) }
}

/// How far versions that move together came, ledger by ledger.
struct ListBuilding: Statement {
    static let sql = """
        SELECT heads.ledger_id, coalesce(min(places.position), 0), heads.position,
            count(places.position) < cardinality($1::text[])
        FROM tally.heads AS heads
        LEFT JOIN (
            SELECT ledger_id, position FROM tally.places
            JOIN unnest($1::text[], $2::integer[]) AS ours (name, version)
                ON ours.name = subscription AND ours.version = places.version
        ) AS places ON places.ledger_id = heads.ledger_id
        GROUP BY heads.ledger_id, heads.position ORDER BY heads.ledger_id
        """
    static let columns = Columns(LedgerID.self, Int64.self, Int64.self, Bool.self)
    let members: [Member]
    var parameters: Parameters { Parameters(members.map(\.name), members.map(\.version)) }

    struct Behind: Sendable {
        let ledger: LedgerID
        let position: Int64
        let end: Int64
        let isNew: Bool
        var lag: Int64 { end - position }
    }
    typealias Row = Behind

    static func row(_ cells: (LedgerID, Int64, Int64, Bool)) throws(PostgresError) -> Behind {
        Behind(ledger: cells.0, position: cells.1, end: cells.2, isNew: cells.3)
    }
}

struct SwitchVersion: Statement {
    static let sql = """
        UPDATE tally.subscriptions SET active_version = $2, building_version = NULL,
            definition = $3, switched_at = now()
        WHERE name = $1 AND building_version = $2 RETURNING active_version
        """
    static let columns = Columns(Int32.self)
    let member: Member
    let definition: Int32
    var parameters: Parameters { Parameters(member.name, member.version, definition) }
}

struct DropOldPlaces: Statement {
    static let sql = "DELETE FROM tally.places WHERE subscription = $1 AND version < $2"
    static let columns = Columns()
    let member: Member
    var parameters: Parameters { Parameters(member.name, member.version) }
}
