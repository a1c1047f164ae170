package import LedgerModel
import LedgerSQL
import Postgres

extension ProjectionRunner {
    /// Positions in one transaction of a rebuild.
    package static let rebuildPagePositionsMax: Int64 = 262_144
    /// Projections that are rebuilt at the same time, each on a connection of its own.
    package static let rebuildsMax = 2
    /// How far a new version may lag when it takes over after `chasesMax` attempts to close up with
    /// a ledger that is written to all the time; the runners do the rest.
    private static let switchLagMax: Int64 = 8_192
    private static let chasesMax = 4
    private static let eraseRowsMax: Int64 = 50_000

    /// Fills a new version of each projection beside the active one and switches to it.
    ///
    /// Readers and live runners go on all the time; the old version's rows are removed at the end.
    ///
    /// - Parameters:
    ///   - names: nil for all of them.
    ///   - progress: called with the events folded so far and those there are to fold, over all
    ///     projections.
    /// - Returns: what became active, with the events that were folded into it.
    package func rebuild(
        _ names: [String]? = nil,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> [RebuiltProjection] {
        for name in names ?? [] where !projections.contains(where: { $0.name == name }) {
            throw UnknownProjection(name: name, known: projections.map(\.name))
        }
        try await register()
        let wanted = projections.filter { names?.contains($0.name) ?? true }
        let tally = RebuildProgress(projections: wanted.count, report: progress)
        return try await withThrowingTaskGroup(of: RebuiltProjection.self) { group in
            var rest = wanted[...]
            var rebuilt: [RebuiltProjection] = []
            for projection in rest.prefix(Self.rebuildsMax) {
                group.addTask { try await rebuild(projection, tally) }
            }
            rest = rest.dropFirst(Self.rebuildsMax)
            while let done = try await group.next() {
                rebuilt.append(done)
                if let projection = rest.popFirst() {
                    group.addTask { try await rebuild(projection, tally) }
                }
            }
            return rebuilt
        }
    }

    private func rebuild(
        _ projection: Projection, _ tally: RebuildProgress
    ) async throws -> RebuiltProjection {
        let version = try await pool.transaction { session in
            let version = try session.one(BeginRebuild(projection: projection.name))
            _ = try session.run(
                DropBuiltCheckpoints(projection: projection.name, version: version))
            return version
        }
        var events: Int64 = 0
        var chases = 0
        while true {
            let behind = try await pool.session { session in
                try session.run(ListBuilding(projection: projection.name, version: version))
            }
            let lag = behind.reduce(0) { $0 + $1.lag }
            await tally.set(projection.name, done: events, total: events + lag)
            if lag == 0 || (lag <= Self.switchLagMax && chases == Self.chasesMax) { break }
            if lag <= Self.switchLagMax { chases += 1 }
            for ledger in behind where ledger.lag > 0 {
                let target = CheckpointKey(
                    ledger: ledger.ledger, projection: projection.name, version: version,
                    isNew: ledger.isNew)
                let page = FoldPage(
                    projection: projection, target: target,
                    positionsMax: Self.rebuildPagePositionsMax)
                guard let folded = try await page.run(on: pool) else {
                    throw RebuildSuperseded(projection: projection.name)
                }
                events += folded
                await tally.set(projection.name, done: events, total: events + lag)
            }
        }
        try await finish(projection, version)
        await tally.set(projection.name, done: events, total: events)
        return RebuiltProjection(name: projection.name, version: version, events: events)
    }

    /// Folds the last events, makes the version the active one, and removes what came before it.
    private func finish(_ projection: Projection, _ version: Int32) async throws {
        try await pool.transaction { session in
            // First the projection's row, which lets nobody begin a ledger on the old version,
            // then the old checkpoints, which waits for the folds that are under way.
            let switched = try session.run(
                SwitchVersion(
                    projection: projection.name, version: version,
                    definition: projection.definition))
            guard !switched.isEmpty else {
                throw RebuildSuperseded(projection: projection.name)
            }
            _ = try session.run(
                DropOldCheckpoints(projection: projection.name, version: version))
        }
        let ledgers = try await pool.session { session in
            try session.run(ListBuilding(projection: projection.name, version: version))
        }
        for ledger in ledgers {
            let page = ErasePage(
                ledger: ledger.ledger, version: version, limit: Self.eraseRowsMax)
            while try await pool.transaction({ try projection.erase(page, $0) }) > 0 {}
        }
    }
}

/// A version that a rebuild has made the active one.
package struct RebuiltProjection: Hashable, Sendable {
    package let name: String
    package let version: Int32
    /// The events folded before the switch.
    package let events: Int64
}

/// Another rebuild of the same projection began later and goes on alone.
package struct RebuildSuperseded: Fault {
    package var kind: FaultKind { .conflict }

    package let projection: String
    package var description: String {
        "the rebuild of \(projection) was overtaken by another one, which goes on"
    }
}

package struct UnknownProjection: Fault {
    package var kind: FaultKind { .notFound }

    package let name: String
    package let known: [String]
    package var description: String {
        "there is no projection \"\(name)\": the projections are \(known.joined(separator: ", "))"
    }
}

/// The sum over projections that are rebuilt side by side.
private actor RebuildProgress {
    private var parts: [String: (done: Int64, total: Int64)] = [:]
    private let projections: Int
    private let report: @Sendable (Int64, Int64) -> Void

    init(projections: Int, report: @escaping @Sendable (Int64, Int64) -> Void) {
        self.projections = projections
        self.report = report
    }

    func set(_ name: String, done: Int64, total: Int64) {
        parts[name] = (done, total)
        // Those that have not begun will take about as long as the largest that has.
        let largest = parts.values.map(\.total).max() ?? 0
        let waiting = Int64(projections - parts.count) * largest
        report(
            parts.values.reduce(0) { $0 + $1.done },
            parts.values.reduce(waiting) { $0 + $1.total })
    }
}

struct BeginRebuild: Statement {
    static let sql = """
        UPDATE tally.projections
        SET last_version = last_version + 1, building_version = last_version + 1
        WHERE name = $1 RETURNING building_version
        """
    static let columns = Columns(Int32.self)
    let projection: String
    var parameters: Parameters { Parameters(projection) }
    typealias Row = Int32

    static func row(_ cell: Int32) throws(PostgresError) -> Int32 { cell }
}

/// Takes the claims of an unfinished rebuild away, so that it stops.
struct DropBuiltCheckpoints: Statement {
    static let sql = """
        DELETE FROM tally.projection_checkpoints WHERE projection = $1 AND version < $2
            AND version <> (SELECT active_version FROM tally.projections WHERE name = $1)
        """
    static let columns = Columns()
    let projection: String
    let version: Int32
    var parameters: Parameters { Parameters(projection, version) }
}

struct ListBuilding: Statement {
    static let sql = """
        SELECT heads.ledger_id, heads.position - coalesce(checkpoints.position, 0),
            checkpoints.position IS NULL
        FROM tally.heads AS heads
        LEFT JOIN tally.projection_checkpoints AS checkpoints
            ON checkpoints.ledger_id = heads.ledger_id AND checkpoints.projection = $1
            AND checkpoints.version = $2
        ORDER BY heads.ledger_id
        """
    static let columns = Columns(LedgerID.self, Int64.self, Bool.self)
    let projection: String
    let version: Int32
    var parameters: Parameters { Parameters(projection, version) }
    typealias Row = (ledger: LedgerID, lag: Int64, isNew: Bool)

    static func row(_ cells: (LedgerID, Int64, Bool)) throws(PostgresError) -> Row { cells }
}

struct SwitchVersion: Statement {
    static let sql = """
        UPDATE tally.projections SET active_version = $2, building_version = NULL,
            definition = $3, switched_at = now()
        WHERE name = $1 AND building_version = $2 RETURNING active_version
        """
    static let columns = Columns(Int32.self)
    let projection: String
    let version: Int32
    let definition: Int32
    var parameters: Parameters { Parameters(projection, version, definition) }
    typealias Row = Int32

    static func row(_ cell: Int32) throws(PostgresError) -> Int32 { cell }
}

struct DropOldCheckpoints: Statement {
    static let sql =
        "DELETE FROM tally.projection_checkpoints WHERE projection = $1 AND version < $2"
    static let columns = Columns()
    let projection: String
    let version: Int32
    var parameters: Parameters { Parameters(projection, version) }
}
