import LedgerModel
import LedgerSQL
import Postgres

/// An event past the head or before the first position.
struct EventOutsideLedger: Statement {
    static let sql = """
        (SELECT position FROM tally.events WHERE ledger_id = $1 AND position < 1
            ORDER BY position LIMIT 1)
        UNION ALL
        (SELECT position FROM tally.events
            WHERE ledger_id = $1 AND position > (
                SELECT position FROM tally.heads WHERE ledger_id = $1)
            ORDER BY position LIMIT 1)
        LIMIT 1
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}

/// The position of a head that differs from the last block in any column: the next block would
/// carry the difference on.
struct UnfaithfulHead: Statement {
    static let sql = """
        SELECT heads.position FROM tally.heads AS heads
        LEFT JOIN tally.blocks AS blocks
            ON blocks.ledger_id = heads.ledger_id AND blocks.block = heads.block
        WHERE heads.ledger_id = $1 AND (
            heads.position, heads.first_position, heads.prev_hash, heads.hash,
            heads.requests, heads.charged_pico, heads.recorded_at)
            IS DISTINCT FROM (
            coalesce(blocks.first_position + blocks.count - 1, 0),
            coalesce(blocks.first_position, 0),
            coalesce(blocks.prev_hash, decode(repeat('00', 32), 'hex')),
            coalesce(blocks.hash, decode(repeat('00', 32), 'hex')),
            coalesce(blocks.requests, 0), coalesce(blocks.charged_pico, 0),
            coalesce(blocks.recorded_at, '2000-01-01T00:00:00Z'))
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}

/// An event whose external identity is not in the index: a retry would be booked again.
struct EventWithoutIdentity: Statement {
    static let sql = """
        SELECT events.position FROM tally.events AS events
        LEFT JOIN tally.identities AS identities ON identities.ledger_id = events.ledger_id
            AND identities.event_id = events.event_id
            AND identities.digest = sha256(
                int8send(octet_length(events.source)::bigint) || convert_to(events.source, 'UTF8')
                || convert_to(events.external_id, 'UTF8'))
        WHERE events.ledger_id = $1 AND events.external_id IS NOT NULL
            AND identities.digest IS NULL
        ORDER BY events.position LIMIT 1
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}

/// An identity without its event: an honest event would be refused as a conflict.
struct IdentityWithoutEvent: Statement {
    static let sql = """
        SELECT identities.digest FROM tally.identities AS identities
        WHERE identities.ledger_id = $1 AND NOT EXISTS (
            SELECT FROM tally.events AS events
            WHERE events.ledger_id = identities.ledger_id
                AND events.event_id = identities.event_id
                AND identities.digest = sha256(
                    int8send(octet_length(events.source)::bigint)
                    || convert_to(events.source, 'UTF8')
                    || convert_to(events.external_id, 'UTF8')))
        LIMIT 1
        """
    static let columns = Columns(Digest.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}
