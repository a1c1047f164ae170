import LedgerModel
import LedgerSQL
import Postgres

struct InsertFile: Statement {
    static let sql = """
        INSERT INTO tally.batch_files
            (ledger_id, file_id, owner_key, name, purpose, bytes, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """
    static let columns = Columns()
    let ledger: LedgerID
    let file: BatchFile
    var parameters: Parameters {
        Parameters(
            ledger, file.id, file.ownerKey, file.name, file.purpose, file.bytes, file.createdAt,
            file.expiresAt)
    }
}

/// The upload is complete.
struct SealFile: Statement {
    static let sql = """
        UPDATE tally.batch_files SET bytes = $3, name = $4, purpose = $5, expires_at = $6
        WHERE ledger_id = $1 AND file_id = $2
        """
    static let columns = Columns()
    let ledger: LedgerID
    let file: BatchFile
    var parameters: Parameters {
        Parameters(ledger, file.id, file.bytes, file.name, file.purpose, file.expiresAt)
    }
}

struct InsertPiece: Statement {
    static let sql = """
        INSERT INTO tally.batch_file_pieces (ledger_id, file_id, piece, content)
        VALUES ($1, $2, $3, $4)
        """
    static let columns = Columns()
    let ledger: LedgerID
    let file: EventID
    let piece: Int32
    let content: [UInt8]
    var parameters: Parameters { Parameters(ledger, file, piece, content) }
}

struct FindPiece: Statement {
    static let sql = """
        SELECT content FROM tally.batch_file_pieces
        WHERE ledger_id = $1 AND file_id = $2 AND piece = $3
        """
    static let columns = Columns([UInt8].self)
    let ledger: LedgerID
    let file: EventID
    let piece: Int32
    var parameters: Parameters { Parameters(ledger, file, piece) }
}

/// Complete files; all of an administrator, else those of a key, the newest first.
struct FindFiles: Statement {
    static let sql = """
        SELECT file_id, owner_key, name, purpose, bytes, created_at, expires_at
        FROM tally.batch_files
        WHERE ledger_id = $1 AND ($2::uuid IS NULL OR file_id = $2) AND bytes >= 0
            AND ($3 OR owner_key IS NOT DISTINCT FROM $4)
        ORDER BY created_at DESC, file_id DESC LIMIT 1000
        """
    static let columns = Columns(
        EventID.self, EventID?.self, String.self, String.self, Int64.self, Timestamp.self,
        Timestamp.self)
    let owner: BatchOwner
    var file: EventID?
    var parameters: Parameters {
        Parameters(owner.ledger, file, owner.isAdministrator, owner.key)
    }
    typealias Row = BatchFile

    static func row(
        _ cells: (EventID, EventID?, String, String, Int64, Timestamp, Timestamp)
    ) throws(PostgresError) -> BatchFile {
        BatchFile(
            id: cells.0, name: cells.2, purpose: cells.3, bytes: cells.4, createdAt: cells.5,
            expiresAt: cells.6, ownerKey: cells.1)
    }
}

struct DropFile: Statement {
    static let sql = "DELETE FROM tally.batch_files WHERE ledger_id = $1 AND file_id = $2"
    static let columns = Columns()
    let ledger: LedgerID
    let file: EventID
    var parameters: Parameters { Parameters(ledger, file) }
}

/// What the files and batches of a ledger take.
struct KeptBytes: Statement {
    static let sql = """
        SELECT ((SELECT coalesce(sum(greatest(bytes, 0)), 0) FROM tally.batch_files
                WHERE ledger_id = $1)
            + (SELECT coalesce(sum(bytes), 0) FROM tally.batches WHERE ledger_id = $1))::bigint
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}

/// Files that nobody needs any more.
struct DropOldFiles: Statement {
    static let sql = """
        DELETE FROM tally.batch_files WHERE (ledger_id, file_id) IN (
            SELECT ledger_id, file_id FROM tally.batch_files WHERE expires_at < $1 LIMIT 16)
        """
    static let columns = Columns()
    let now: Timestamp
    var parameters: Parameters { Parameters(now) }
}
