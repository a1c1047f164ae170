import LedgerModel
import LedgerSQL
import Postgres

/// Takes a key that nobody has: a new one, one whose day is over, or one of a request whose instance has not
/// been heard of.
struct ClaimKey: Statement {
    static let sql = """
        INSERT INTO tally.idempotency_keys AS known
            (ledger_id, key_digest, request_digest, claim, claimed_until, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (ledger_id, key_digest) DO UPDATE SET
            request_digest = excluded.request_digest, claim = excluded.claim,
            claimed_until = excluded.claimed_until, expires_at = excluded.expires_at,
            status = NULL, headers = NULL, body = NULL
        WHERE known.expires_at <= $7 OR known.claimed_until <= $7
        RETURNING claim
        """
    static let columns = Columns(EventID.self)
    let token: IdempotencyKeys.Token
    let now: Timestamp
    var parameters: Parameters {
        Parameters(
            token.ledger, token.key, token.request, token.claim,
            now.advanced(byMicroseconds: IdempotencyKeys.claimMicroseconds),
            now.advanced(byMicroseconds: IdempotencyKeys.keptMicroseconds), now)
    }
}

/// Who has a key, and the answer if there is one.
struct FindKey: Statement {
    static let sql = """
        SELECT request_digest, status, headers, body
        FROM tally.idempotency_keys WHERE ledger_id = $1 AND key_digest = $2
        """
    static let columns = Columns(Digest.self, Int32?.self, String?.self, [UInt8]?.self)
    let token: IdempotencyKeys.Token
    var parameters: Parameters { Parameters(token.ledger, token.key) }
    typealias Row = IdempotencyKeys.Known

    static func row(
        _ cells: (Digest, Int32?, String?, [UInt8]?)
    ) throws(PostgresError) -> IdempotencyKeys.Known {
        .init(request: cells.0, status: cells.1, headers: cells.2, body: cells.3)
    }
}

struct EndKey: Statement {
    static let sql = """
        UPDATE tally.idempotency_keys
        SET claimed_until = NULL, status = $4, headers = $5, body = $6
        WHERE ledger_id = $1 AND key_digest = $2 AND claim = $3
        """
    static let columns = Columns()
    let token: IdempotencyKeys.Token
    let status: Int32
    let headers: String
    let body: [UInt8]?
    var parameters: Parameters {
        Parameters(token.ledger, token.key, token.claim, status, headers, body)
    }
}

/// Lets another try have a key.
struct FreeKey: Statement {
    static let sql = """
        DELETE FROM tally.idempotency_keys
        WHERE ledger_id = $1 AND key_digest = $2 AND claim = $3 AND status IS NULL
        """
    static let columns = Columns()
    let token: IdempotencyKeys.Token
    var parameters: Parameters { Parameters(token.ledger, token.key, token.claim) }
}

/// Says that requests are running still.
struct RenewClaims: Statement {
    static let sql = """
        UPDATE tally.idempotency_keys AS known SET claimed_until = $4
        FROM unnest($1::bigint[], $2::bytea[], $3::uuid[]) AS own (ledger_id, key_digest, claim)
        WHERE known.ledger_id = own.ledger_id AND known.key_digest = own.key_digest
            AND known.claim = own.claim AND known.status IS NULL
        """
    static let columns = Columns()
    let tokens: [IdempotencyKeys.Token]
    let until: Timestamp
    var parameters: Parameters {
        Parameters(
            tokens.map(\.ledger.number), tokens.map(\.key.bytes), tokens.map(\.claim), until)
    }
}

struct DropOldKeys: Statement {
    static let sql = "DELETE FROM tally.idempotency_keys WHERE expires_at <= $1"
    static let columns = Columns()
    let now: Timestamp
    var parameters: Parameters { Parameters(now) }
}

/// Lets go of the oldest answers where those of a ledger take too much room; their keys stay taken.
struct TrimAnswers: Statement {
    static let sql = """
        WITH sized AS (
            SELECT ledger_id, key_digest,
                sum(octet_length(body)) OVER (
                    PARTITION BY ledger_id ORDER BY expires_at DESC, key_digest) AS newer
            FROM tally.idempotency_keys WHERE body IS NOT NULL)
        UPDATE tally.idempotency_keys AS known SET body = NULL
        FROM sized
        WHERE known.ledger_id = sized.ledger_id AND known.key_digest = sized.key_digest
            AND sized.newer > $1
        """
    static let columns = Columns()
    let bytesMax: Int64
    var parameters: Parameters { Parameters(bytesMax) }
}
