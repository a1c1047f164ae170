import LedgerModel
import Postgres

// The state rows that decisions read and change.

/// Locks rows in ascending order, as every group does, so no two wait for each other.
///
/// Missing rows are not made here: a separate transaction inserts them before the group is retried,
/// or two groups could insert and lock crosswise.
struct LockStates: Statement {
    static let sql = """
        SELECT states.kind, states.key, states.state
        FROM unnest($2::smallint[], $3::text[]) AS wanted (kind, key)
        JOIN tally.states AS states ON states.ledger_id = $1
            AND states.kind = wanted.kind AND states.key = wanted.key COLLATE "C"
        ORDER BY states.kind, states.key
        FOR UPDATE OF states
        """
    static let columns = Columns(Int16.self, String.self, [UInt8].self)
    let ledger: LedgerID
    let keys: [StateKey]
    var parameters: Parameters { Parameters(ledger, keys.map(\.kind), keys.map(\.name.string)) }
    typealias Row = (key: StateKey, state: [UInt8])

    static func row(_ cells: (Int16, String, [UInt8])) throws(PostgresError) -> Row {
        (StateKey(kind: cells.0, name: Name(cells.1)), cells.2)
    }
}

/// The database's time; after `LockStates` in a pipeline it is when the rows were locked, so it
/// never runs backwards along a row.
struct ReadClock: Statement {
    static let sql = "SELECT statement_timestamp()"
    static let columns = Columns(Timestamp.self)
    typealias Row = Timestamp

    static func row(_ cell: Timestamp) throws(PostgresError) -> Timestamp { cell }
}

struct InsertStates: Statement {
    static let sql = """
        INSERT INTO tally.states (ledger_id, kind, key)
        SELECT $1, kind, key FROM unnest($2::smallint[], $3::text[]) AS wanted (kind, key)
        ORDER BY kind, key COLLATE "C"
        ON CONFLICT DO NOTHING
        """
    static let columns = Columns()
    let ledger: LedgerID
    let keys: [StateKey]
    var parameters: Parameters { Parameters(ledger, keys.map(\.kind), keys.map(\.name.string)) }
}

struct WriteStates: Statement {
    static let sql = """
        UPDATE tally.states AS states SET state = written.state
        FROM unnest($2::smallint[], $3::text[], $4::bytea[]) AS written (kind, key, state)
        WHERE states.ledger_id = $1
            AND states.kind = written.kind AND states.key = written.key COLLATE "C"
        """
    static let columns = Columns()
    let ledger: LedgerID
    let rows: [(key: StateKey, state: [UInt8])]
    var parameters: Parameters {
        Parameters(
            ledger, rows.map(\.key.kind), rows.map(\.key.name.string), rows.map(\.state))
    }
}

struct ReadState: Statement {
    static let sql =
        "SELECT state FROM tally.states WHERE ledger_id = $1 AND kind = $2 AND key = $3"
    static let columns = Columns([UInt8].self)
    let ledger: LedgerID
    let key: StateKey
    var parameters: Parameters { Parameters(ledger, key.kind, key.name.string) }
    typealias Row = [UInt8]

    static func row(_ cell: [UInt8]) throws(PostgresError) -> [UInt8] { cell }
}

/// Rows with the position of the head that they belong to: one statement sees both as one commit
/// left them.
struct ListStates: Statement {
    static let sql = """
        SELECT heads.position, states.key, states.state
        FROM tally.heads AS heads
        LEFT JOIN tally.states AS states ON states.ledger_id = heads.ledger_id
            AND states.kind = $2 AND states.key >= $3::text COLLATE "C"
            AND states.key < $4::text COLLATE "C" AND octet_length(states.state) > $5
        WHERE heads.ledger_id = $1
        ORDER BY states.key COLLATE "C" LIMIT $6
        """
    static let columns = Columns(Int64.self, String?.self, [UInt8]?.self)
    let ledger: LedgerID
    let wanted: StateSelection
    var parameters: Parameters {
        Parameters(
            ledger, wanted.kind, wanted.from.string, wanted.upTo.string, Int32(wanted.bytes),
            Int64(StateSelection.rowsMax))
    }
    typealias Row = (position: Int64, name: Name?, state: [UInt8])

    static func row(_ cells: (Int64, String?, [UInt8]?)) throws(PostgresError) -> Row {
        (cells.0, cells.1.map { Name($0) }, cells.2 ?? [])
    }
}
