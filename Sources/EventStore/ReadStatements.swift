import LedgerModel
import LedgerSQL
import Postgres

struct ReadHead: Statement {
    static let sql = "SELECT position, block, hash FROM tally.heads WHERE ledger_id = $1"
    static let columns = Columns(Int64.self, Int64.self, Digest.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = Head

    static func row(_ cells: (Int64, Int64, Digest)) throws(PostgresError) -> Head {
        Head(position: cells.0, block: cells.1, hash: cells.2)
    }
}

/// The first and last month of the events in a range of positions; NULL if there are none.
struct MonthsOfPositions: Statement {
    static let sql = """
        SELECT min(first_month)::timestamp AT TIME ZONE 'UTC',
            max(last_month)::timestamp AT TIME ZONE 'UTC'
        FROM tally.blocks
        WHERE ledger_id = $1 AND first_position <= $3 AND first_position >= (
            SELECT coalesce(max(first_position), 0) FROM tally.blocks
            WHERE ledger_id = $1 AND first_position <= $2)
        HAVING count(*) > 0
        """
    static let columns = Columns(Timestamp.self, Timestamp.self)
    let ledger: LedgerID
    let first: Int64
    let last: Int64
    var parameters: Parameters { Parameters(ledger, first, last) }
    typealias Row = ClosedRange<Month>

    static func row(_ cells: (Timestamp, Timestamp)) throws(PostgresError) -> ClosedRange<Month> {
        cells.0.month...cells.1.month
    }
}

/// A row of `blocks`.
struct StoredBlock: Sendable {
    let block: Block
    let hash: Digest
    let firstMonth: Timestamp
    let lastMonth: Timestamp
    let requests: Int64
    /// nil if the stored value is not a whole number.
    let charged: PicodollarSum?

    /// The months of the block's events.
    var months: ClosedRange<Month> {
        min(firstMonth, lastMonth).month...max(firstMonth, lastMonth).month
    }

    typealias Cells = (
        Int64, Int64, Int64, Int64, Digest, Digest, Digest, Timestamp, Timestamp, Timestamp, Int64,
        PostgresNumeric
    )

    init(_ cells: Cells) {
        block = Block(
            ledger: cells.0, number: cells.1, firstPosition: cells.2, count: cells.3,
            root: cells.4, previousHash: cells.5, recordedAt: cells.7)
        hash = cells.6
        firstMonth = cells.8
        lastMonth = cells.9
        requests = cells.10
        charged = cells.11.integral.map { PicodollarSum($0) }
    }

    static let columns = Columns(
        Int64.self, Int64.self, Int64.self, Int64.self, Digest.self, Digest.self, Digest.self,
        Timestamp.self, Timestamp.self, Timestamp.self, Int64.self, PostgresNumeric.self)
}

/// The block that holds a position: the last one that starts at or before it.
struct ReadBlock: Statement {
    static let sql = """
        SELECT ledger_id, block, first_position, count, root, prev_hash, hash, recorded_at,
            first_month::timestamp AT TIME ZONE 'UTC', last_month::timestamp AT TIME ZONE 'UTC',
            requests, charged_pico
        FROM tally.blocks WHERE ledger_id = $1 AND first_position <= $2
        ORDER BY first_position DESC LIMIT 1
        """
    static let columns = StoredBlock.columns
    let ledger: LedgerID
    let position: Int64
    var parameters: Parameters { Parameters(ledger, position) }
    typealias Row = StoredBlock

    static func row(_ cells: StoredBlock.Cells) throws(PostgresError) -> StoredBlock {
        StoredBlock(cells)
    }
}

/// Blocks by number, a page at a time.
struct ReadBlocks: Statement {
    static let sql = """
        SELECT ledger_id, block, first_position, count, root, prev_hash, hash, recorded_at,
            first_month::timestamp AT TIME ZONE 'UTC', last_month::timestamp AT TIME ZONE 'UTC',
            requests, charged_pico
        FROM tally.blocks WHERE ledger_id = $1 AND block > $2 ORDER BY block LIMIT $3
        """
    static let columns = StoredBlock.columns
    let ledger: LedgerID
    let after: Int64
    let limit: Int64
    var parameters: Parameters { Parameters(ledger, after, limit) }
    typealias Row = StoredBlock

    static func row(_ cells: StoredBlock.Cells) throws(PostgresError) -> StoredBlock {
        StoredBlock(cells)
    }
}
