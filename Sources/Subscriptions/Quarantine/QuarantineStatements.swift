import LedgerModel
import LedgerSQL
import Postgres

/// What was said about what some subscriptions leave out of a ledger; one look into an index that
/// is mostly empty.
struct ListQuarantined: Statement {
    static let sql = """
        SELECT kind = 101, detail::jsonb ->> 'subscription', event_id, position, cause_id,
            (detail::jsonb ->> 'position')::bigint
        FROM tally.events
        WHERE ledger_id = $1 AND kind IN (100, 101)
            AND detail::jsonb ->> 'subscription' = ANY ($2)
        """
    static let columns = Columns(
        Bool.self, String.self, EventID.self, Int64.self, EventID.self, Int64.self)
    let ledger: LedgerID
    let subscriptions: [String]
    var parameters: Parameters { Parameters(ledger, subscriptions) }

    /// An `event.quarantined`, whose cause is the event to leave out, or an `event.released`, whose
    /// cause is such an `event.quarantined`.
    struct Said: Sendable {
        let isRelease: Bool
        let subscription: String
        let id: EventID
        let position: Int64
        let cause: EventID
        /// The position of the event to leave out.
        let causePosition: Int64
    }
    typealias Row = Said

    static func row(
        _ cells: (Bool, String, EventID, Int64, EventID, Int64)
    ) throws(PostgresError) -> Said {
        Said(
            isRelease: cells.0, subscription: cells.1, id: cells.2, position: cells.3,
            cause: cells.4, causePosition: cells.5)
    }
}

/// How many of a range's quarantined events are there.
struct CountLeftOut: Statement {
    static let sql = """
        SELECT count(*) FROM tally.events
        WHERE ledger_id = $1 AND position = ANY ($2) AND event_id = ANY ($3)
            AND event_id >= $4 AND event_id < $5
        """
    static let columns = Columns(Int64.self)
    let range: EventRange
    let positions: [Int64]
    var parameters: Parameters {
        Parameters(
            range.ledger, positions, Array(range.quarantine.ids), range.firstID, range.endID)
    }
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}

/// The events of a block, in order.
struct ListBlockEvents: Statement {
    static let sql = """
        SELECT position, event_id FROM tally.events
        WHERE ledger_id = $1 AND position > $2 AND position <= $3
            AND event_id >= $4 AND event_id < $5
        ORDER BY position
        """
    static let columns = Columns(Int64.self, EventID.self)
    let range: EventRange
    var parameters: Parameters {
        Parameters(range.ledger, range.after, range.upTo, range.firstID, range.endID)
    }
    typealias Row = BlockEvent

    static func row(_ cells: (Int64, EventID)) throws(PostgresError) -> BlockEvent {
        BlockEvent(position: cells.0, id: cells.1)
    }
}

/// The active versions that are halted in a ledger, each with the end of the ledger.
struct ListHalted: Statement {
    static let sql = """
        SELECT places.subscription, places.version, places.position, places.state, places.born,
            places.halted_at, coalesce(places.error, ''), heads.position
        FROM tally.places AS places
        JOIN tally.subscriptions AS subscriptions ON subscriptions.name = places.subscription
            AND subscriptions.active_version = places.version
        JOIN tally.heads AS heads ON heads.ledger_id = places.ledger_id
        WHERE places.ledger_id = $1 AND places.halted_at IS NOT NULL
        ORDER BY places.subscription
        """
    static let columns = Columns(
        String.self, Int32.self, Int64.self, String.self, Int64.self, Timestamp.self, String.self,
        Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }

    struct Halted: Sendable {
        let member: Member
        let position: Int64
        let state: String
        /// Where the ledger ended when the place was made.
        let born: Int64
        let haltedAt: Timestamp
        let reason: String
        let end: Int64
    }
    typealias Row = Halted

    static func row(
        _ cells: (String, Int32, Int64, String, Int64, Timestamp, String, Int64)
    ) throws(PostgresError) -> Halted {
        Halted(
            member: Member(name: cells.0, version: cells.1), position: cells.2, state: cells.3,
            born: cells.4, haltedAt: cells.5, reason: cells.6, end: cells.7)
    }
}

struct ListNames: Statement {
    static let sql = "SELECT name FROM tally.subscriptions ORDER BY name"
    static let columns = Columns(String.self)
    typealias Row = String

    static func row(_ cell: String) throws(PostgresError) -> String { cell }
}

/// Waits for pages that make the first row of a place.
struct LockSubscription: Statement {
    static let sql = "SELECT name FROM tally.subscriptions WHERE name = $1 FOR UPDATE"
    static let columns = Columns(String.self)
    let name: String
    var parameters: Parameters { Parameters(name) }
    typealias Row = String

    static func row(_ cell: String) throws(PostgresError) -> String { cell }
}

/// The places of all versions of a subscription, once nobody holds one of them.
struct LockPlaces: Statement {
    static let sql = """
        SELECT position, born FROM tally.places WHERE ledger_id = $1 AND subscription = $2
        ORDER BY version FOR UPDATE
        """
    static let columns = Columns(Int64.self, Int64.self)
    let ledger: LedgerID
    let subscription: String
    var parameters: Parameters { Parameters(ledger, subscription) }
    typealias Row = (position: Int64, born: Int64)

    static func row(_ cells: (Int64, Int64)) throws(PostgresError) -> Row { cells }
}

/// Lets a reaction read every ledger from its first event again, as a newer definition does; what it
/// has appended before is not appended twice.
struct RestartReaction: Statement {
    static let sql = """
        UPDATE tally.subscriptions
        SET active_version = last_version + 1, last_version = last_version + 1
        WHERE name = $1 RETURNING active_version
        """
    static let columns = Columns(Int32.self)
    let name: String
    var parameters: Parameters { Parameters(name) }
}

struct ListQuarantinedEvents: Statement {
    static let sql = """
        SELECT subscription, event_id, position, kind, reason, quarantined_at,
            quarantined_position, quarantine_id, released_position, released_at, release_reason,
            is_left_out
        FROM tally.quarantined_events
        WHERE ledger_id = $1 AND ($2::text IS NULL OR subscription = $2)
            AND ($3::uuid[] IS NULL OR event_id = ANY ($3))
        ORDER BY quarantined_position
        """
    static let columns = Columns(
        String?.self, EventID.self, Int64.self, Int16.self, String?.self, Timestamp.self,
        Int64.self, EventID.self, Int64?.self, Timestamp?.self, String?.self, Bool.self)
    let ledger: LedgerID
    var subscription: String?
    var events: [EventID]?
    var parameters: Parameters { Parameters(ledger, subscription, events) }
    typealias Row = QuarantinedEvent

    static func row(
        _ cells: (
            String?, EventID, Int64, Int16, String?, Timestamp, Int64, EventID, Int64?, Timestamp?,
            String?, Bool
        )
    ) throws(PostgresError) -> QuarantinedEvent {
        var release: QuarantinedEvent.Release?
        if let position = cells.8, let time = cells.9 {
            release = QuarantinedEvent.Release(
                reason: cells.10 ?? "", releasedAt: time, position: position)
        }
        return QuarantinedEvent(
            subscription: cells.0 ?? "", event: BlockEvent(position: cells.2, id: cells.1),
            kind: EventKind(rawValue: cells.3), reason: cells.4 ?? "", quarantinedAt: cells.5,
            quarantinedPosition: cells.6, id: cells.7, release: release, isLeftOut: cells.11)
    }
}

/// Whether some version of a subscription has taken an event: it is past it, and began when the
/// event's last release was there, if there is one.
struct FindTaker: Statement {
    static let sql = """
        SELECT count(*) FROM tally.places
        WHERE ledger_id = $1 AND subscription = $2 AND position >= $3 AND born >= $4
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    let subscription: String
    let position: Int64
    /// The position of the last release, or 0.
    let released: Int64
    var parameters: Parameters { Parameters(ledger, subscription, position, released) }
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}
