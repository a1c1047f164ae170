import LedgerModel
import LedgerSQL
import Postgres

/// Names a checkpoint row.
struct CheckpointKey: Sendable {
    let ledger: LedgerID
    let projection: String
    let version: Int32
    /// Whether the row has to be made first.
    var isNew = false
    /// Positions behind the ledger's head, when it was listed.
    var lag: Int64 = 0
}

/// One transaction: claim the checkpoint, fold the next range, move the checkpoint.
struct FoldPage: Sendable {
    let projection: Projection
    let target: CheckpointKey
    let positionsMax: Int64

    /// How many events were folded; nil if somebody else works on the row, or it is halted.
    func run(on pool: Pool) async throws -> Int64? {
        let page = self
        return try await pool.transaction { session in try page.body(session) }
    }

    private func body(_ session: Session) throws -> Int64? {
        if target.isNew { _ = try session.run(InsertCheckpoint(target: target)) }
        let claimed = try session.pipeline(FoldSettings(), ClaimCheckpoint(target: target)).1
        guard let after = claimed.first else { return nil }
        guard
            let next = try session.first(
                NextRange(target: target, after: after, positionsMax: positionsMax))
        else { return 0 }
        let expected = next.upTo - after
        let range = FoldRange(
            ledger: target.ledger, version: target.version, after: after, upTo: next.upTo,
            firstID: next.firstID, endID: next.endID)
        do {
            if next.counted != expected {
                throw PositionGap(expected: expected, found: next.counted)
            }
            let found = try projection.fold(range, session)
            if found != expected { throw PositionGap(expected: expected, found: found) }
        } catch {
            guard Self.isPoison(error) else { throw error }
            throw PoisonedRange(
                positions: after + 1...next.upTo, blocks: next.blocks, cause: error)
        }
        let moved = try session.run(
            MoveCheckpoint(target: target, from: after, to: next.upTo))
        guard !moved.isEmpty else { throw CheckpointMoved() }
        return expected
    }

    /// Whether trying again would fail again because of what the events or the tables hold.
    private static func isPoison(_ error: any Error) -> Bool {
        if error is PositionGap { return true }
        guard let error = error as? PostgresError, let state = error.sqlState else { return false }
        return state.hasPrefix("22") || state.hasPrefix("23")
    }
}

/// Somebody wrote to a checkpoint whose row this transaction had locked.
struct CheckpointMoved: Error, CustomStringConvertible {
    var description: String { "the checkpoint moved while its row was claimed" }
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

/// The row's lock shows a switch of versions that nobody adds to the old one behind its back.
struct InsertCheckpoint: Statement {
    static let sql = """
        INSERT INTO tally.projection_checkpoints (ledger_id, projection, version)
        SELECT $1, name, $3 FROM (
            SELECT name FROM tally.projections
            WHERE name = $2 AND $3 IN (active_version, building_version) FOR SHARE
        ) AS current
        ON CONFLICT DO NOTHING
        """
    static let columns = Columns()
    let target: CheckpointKey
    var parameters: Parameters { Parameters(target.ledger, target.projection, target.version) }
}

struct ClaimCheckpoint: Statement {
    static let sql = """
        SELECT position FROM tally.projection_checkpoints
        WHERE ledger_id = $1 AND projection = $2 AND version = $3 AND halted_at IS NULL
        FOR UPDATE SKIP LOCKED
        """
    static let columns = Columns(Int64.self)
    let target: CheckpointKey
    var parameters: Parameters { Parameters(target.ledger, target.projection, target.version) }
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}

/// The next whole blocks, at most so many positions unless the first block has more.
///
/// Where the next block is missing, the one after it is found, and the count tells.
struct NextRange: Statement {
    static let sql = """
        SELECT max(first_position + count - 1), sum(count)::bigint, count(*),
            tally.first_event_id(min(first_month)::timestamp AT TIME ZONE 'UTC'),
            tally.first_event_id((max(last_month) + interval '1 month') AT TIME ZONE 'UTC')
        FROM tally.blocks
        WHERE ledger_id = $1 AND first_position > $2 AND first_position < $3 + (
            SELECT min(first_position) FROM tally.blocks
            WHERE ledger_id = $1 AND first_position > $2)
        HAVING count(*) > 0
        """
    static let columns = Columns(
        Int64.self, Int64.self, Int64.self, EventID.self, EventID.self)
    let target: CheckpointKey
    let after: Int64
    let positionsMax: Int64
    var parameters: Parameters { Parameters(target.ledger, after, positionsMax) }

    struct Found {
        let upTo: Int64
        let counted: Int64
        let blocks: Int64
        let firstID: EventID
        let endID: EventID
    }
    typealias Row = Found

    static func row(
        _ cells: (Int64, Int64, Int64, EventID, EventID)
    ) throws(PostgresError) -> Found {
        Found(
            upTo: cells.0, counted: cells.1, blocks: cells.2, firstID: cells.3, endID: cells.4)
    }
}

struct MoveCheckpoint: Statement {
    static let sql = """
        UPDATE tally.projection_checkpoints SET position = $5, updated_at = now()
        WHERE ledger_id = $1 AND projection = $2 AND version = $3 AND position = $4
        RETURNING position
        """
    static let columns = Columns(Int64.self)
    let target: CheckpointKey
    let from: Int64
    let to: Int64
    var parameters: Parameters {
        Parameters(target.ledger, target.projection, target.version, from, to)
    }
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}

struct HaltCheckpoint: Statement {
    static let sql = """
        UPDATE tally.projection_checkpoints SET halted_at = now(), error = $5
        WHERE ledger_id = $1 AND projection = $2 AND version = $3 AND position = $4
            AND halted_at IS NULL
        RETURNING position
        """
    static let columns = Columns(Int64.self)
    let target: CheckpointKey
    let position: Int64
    let error: String
    var parameters: Parameters {
        Parameters(target.ledger, target.projection, target.version, position, error)
    }
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}

struct ResumeCheckpoint: Statement {
    static let sql = """
        UPDATE tally.projection_checkpoints SET halted_at = NULL, error = NULL
        WHERE ledger_id = $1 AND projection = $2
        """
    static let columns = Columns()
    let ledger: LedgerID
    let projection: String
    var parameters: Parameters { Parameters(ledger, projection) }
}

struct RegisterProjections: Statement {
    static let sql = """
        INSERT INTO tally.projections (name, active_version, definition, last_version)
        SELECT name, 1, definition, 1 FROM unnest($1::text[], $2::integer[]) AS ours (name, definition)
        ORDER BY name
        ON CONFLICT (name) DO NOTHING
        """
    static let columns = Columns()
    let names: [String]
    let definitions: [Int32]
    var parameters: Parameters { Parameters(names, definitions) }
}

/// Active versions of our definition that are behind their ledger's head, the furthest first.
struct ListLagging: Statement {
    static let sql = """
        SELECT heads.ledger_id, projections.name, projections.active_version,
            checkpoints.position IS NULL, heads.position - coalesce(checkpoints.position, 0)
        FROM tally.heads AS heads
        CROSS JOIN tally.projections AS projections
        JOIN unnest($1::text[], $2::integer[]) AS ours (name, definition)
            ON ours.name = projections.name AND ours.definition = projections.definition
        LEFT JOIN tally.projection_checkpoints AS checkpoints
            ON checkpoints.ledger_id = heads.ledger_id
            AND checkpoints.projection = projections.name
            AND checkpoints.version = projections.active_version
        WHERE heads.position > coalesce(checkpoints.position, 0)
            AND checkpoints.halted_at IS NULL
        ORDER BY heads.position - coalesce(checkpoints.position, 0) DESC, heads.ledger_id,
            projections.name
        """
    static let columns = Columns(
        LedgerID.self, String.self, Int32.self, Bool.self, Int64.self)
    let names: [String]
    let definitions: [Int32]
    var parameters: Parameters { Parameters(names, definitions) }
    typealias Row = CheckpointKey

    static func row(
        _ cells: (LedgerID, String, Int32, Bool, Int64)
    ) throws(PostgresError) -> CheckpointKey {
        CheckpointKey(
            ledger: cells.0, projection: cells.1, version: cells.2, isNew: cells.3, lag: cells.4)
    }
}
