import LedgerModel
import LedgerSQL
import Postgres

/// A place behind its ledger's end, as a plain read found it.
struct LaggingPlace: Sendable, Hashable {
    let ledger: LedgerID
    let member: Member
    let position: Int64
    /// Whether the row has to be made first.
    let isNew: Bool
    /// Up to where it may go: the ledger's head, or the place of the read model that it follows.
    let end: Int64

    /// Ledger by ledger, in the order in which they come first.
    static func byLedger(_ places: [LaggingPlace]) -> [[LaggingPlace]] {
        let grouped = Dictionary(grouping: places, by: \.ledger)
        var seen: Set<LedgerID> = []
        return places.compactMap { place in
            seen.insert(place.ledger).inserted ? grouped[place.ledger] : nil
        }
    }
}

/// Makes the rows of subscriptions that the database does not know.
///
/// A read model with another definition waits for a rebuild; a reaction with a newer one takes
/// over with a version of its own, which starts at the beginning of each ledger.
struct RegisterSubscriptions: Statement {
    static let sql = """
        INSERT INTO tally.subscriptions AS known (name, active_version, definition, last_version)
        SELECT name, 1, definition, 1
        FROM unnest($1::text[], $2::integer[]) AS ours (name, definition)
        ORDER BY name
        ON CONFLICT (name) DO UPDATE SET definition = excluded.definition,
            active_version = known.last_version + 1, last_version = known.last_version + 1
        WHERE known.definition < excluded.definition AND known.name = ANY ($3)
        """
    static let columns = Columns()
    let groups: [SubscriptionGroup]
    var parameters: Parameters {
        let all = groups.flatMap(\.subscriptions)
        let reactions = groups.filter(\.isReaction).flatMap(\.subscriptions)
        return Parameters(all.map(\.name), all.map(\.definition), reactions.map(\.name))
    }
}

extension SubscriptionGroup {
    fileprivate var isReaction: Bool {
        if case .react = effect { true } else { false }
    }
}

/// Places of active versions of our definition that have something to do: those that are due, the
/// furthest behind first.
///
/// A place is due when a page waits for it, or when its readers would have waited too long at the
/// next look; or when it wants to be woken.
struct ListLagging: Statement {
    static let sql = """
        SELECT ledger_id, name, version, coalesce(position, 0), position IS NULL, until
        FROM (
            SELECT heads.ledger_id, ours.name, subscriptions.active_version AS version,
                places.position, places.updated_at, places.halted_at, places.claimed_until,
                ours.page, ours.slack, ours.wakes,
                CASE WHEN ours.follows = '' THEN heads.position ELSE coalesce((
                    SELECT followed.position FROM tally.projection_positions AS followed
                    WHERE followed.ledger_id = heads.ledger_id
                        AND followed.projection = ours.follows), 0) END AS until
            FROM tally.heads AS heads
            CROSS JOIN unnest($1::text[], $2::integer[], $3::text[], $4::bigint[], $5::bigint[],
                $6::bigint[]) AS ours (name, definition, follows, page, slack, wakes)
            JOIN tally.subscriptions AS subscriptions ON subscriptions.name = ours.name
                AND subscriptions.definition = ours.definition
            LEFT JOIN tally.places AS places ON places.ledger_id = heads.ledger_id
                AND places.subscription = ours.name
                AND places.version = subscriptions.active_version
        ) AS found
        WHERE halted_at IS NULL
            AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())
            AND (until > coalesce(position, 0) AND (position IS NULL OR until - position >= page
                    OR updated_at <= clock_timestamp() - slack * interval '1 microsecond')
                OR wakes > 0 AND (updated_at IS NULL
                    OR updated_at <= clock_timestamp() - wakes * interval '1 microsecond'))
        ORDER BY until - coalesce(position, 0) DESC, ledger_id
        """
    static let columns = Columns(
        LedgerID.self, String.self, Int32.self, Int64.self, Bool.self, Int64.self)
    let group: SubscriptionGroup
    let pace: SubscriptionPace
    var parameters: Parameters {
        let ours = group.subscriptions
        return Parameters(
            ours.map(\.name), ours.map(\.definition), ours.map { $0.follows ?? "" },
            ours.map(\.pagePositionsMax),
            ours.map { pace.slack(of: $0, pause: group.pause).microseconds },
            ours.map { $0.wakes?.microseconds ?? 0 })
    }
    typealias Row = LaggingPlace

    static func row(
        _ cells: (LedgerID, String, Int32, Int64, Bool, Int64)
    ) throws(PostgresError) -> LaggingPlace {
        LaggingPlace(
            ledger: cells.0, member: Member(name: cells.1, version: cells.2), position: cells.3,
            isNew: cells.4, end: cells.5)
    }
}

/// When a subscription that lags by less than a page is due.
enum SubscriptionPace: Sendable {
    /// At once.
    case eager
    /// When its readers would wait too long at the next look.
    case patient
    /// Not before a whole page waits.
    case bulk

    fileprivate func slack(of subscription: Subscription, pause: Duration) -> Duration {
        switch self {
        case .eager: .zero
        case .patient: subscription.patience - pause
        case .bulk: .seconds(1_000_000_000)
        }
    }
}

extension Duration {
    var microseconds: Int64 { Int64(self / .microseconds(1)) }
}

/// The lock on a subscription's row shows a switch of versions that nobody adds to the old one
/// behind its back.
///
/// A place remembers where its ledger ended when it was made: what was released from quarantine up
/// to there is not left out by it.
struct InsertPlaces: Statement {
    static let sql = """
        INSERT INTO tally.places (ledger_id, subscription, version, born)
        SELECT $1, name, version,
            coalesce((SELECT position FROM tally.heads WHERE ledger_id = $1), 0)
        FROM (
            SELECT subscriptions.name, ours.version FROM tally.subscriptions AS subscriptions
            JOIN unnest($2::text[], $3::integer[]) AS ours (name, version)
                ON ours.name = subscriptions.name
            WHERE ours.version IN (active_version, building_version)
            ORDER BY subscriptions.name FOR SHARE OF subscriptions
        ) AS current
        ON CONFLICT DO NOTHING
        """
    static let columns = Columns()
    let ledger: LedgerID
    let members: [Member]
    var parameters: Parameters {
        Parameters(ledger, members.map(\.name), members.map(\.version))
    }
}

// MARK: - Places that move with their effect

struct ClaimPlaces: Statement {
    static let sql = """
        SELECT places.subscription, places.version, places.born FROM tally.places AS places
        JOIN unnest($2::text[], $3::integer[]) AS ours (name, version)
            ON ours.name = places.subscription AND ours.version = places.version
        WHERE places.ledger_id = $1 AND places.position = $4 AND places.halted_at IS NULL
        FOR UPDATE OF places SKIP LOCKED
        """
    static let columns = Columns(String.self, Int32.self, Int64.self)
    let ledger: LedgerID
    let members: [Member]
    let position: Int64
    var parameters: Parameters {
        Parameters(ledger, members.map(\.name), members.map(\.version), position)
    }
    /// `born` is where the ledger ended when the place was made.
    typealias Row = (member: Member, born: Int64)

    static func row(_ cells: (String, Int32, Int64)) throws(PostgresError) -> Row {
        (Member(name: cells.0, version: cells.1), cells.2)
    }
}

struct MovePlaces: Statement {
    static let sql = """
        UPDATE tally.places SET position = $5, updated_at = now()
        FROM unnest($2::text[], $3::integer[]) AS ours (name, version)
        WHERE ledger_id = $1 AND subscription = ours.name AND places.version = ours.version
            AND position = $4
        RETURNING position
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    let members: [Member]
    let from: Int64
    let to: Int64
    var parameters: Parameters {
        Parameters(ledger, members.map(\.name), members.map(\.version), from, to)
    }
}

// MARK: - Places whose effect appends

/// A claim that is lost when its term ends.
struct PlaceClaim: Sendable {
    let state: String
    /// Where the ledger ended when the place was made.
    let born: Int64
    /// Also tells this claim from a later one.
    let until: Timestamp
}

/// Gives no row where the place is halted or claimed, or stands elsewhere by now.
struct ClaimPlace: Statement {
    static let sql = """
        UPDATE tally.places
        SET claimed_until = clock_timestamp() + $4::bigint * interval '1 microsecond'
        FROM (
            SELECT FROM tally.places
            WHERE ledger_id = $1 AND subscription = $2 AND version = $3 AND position = $5
                AND halted_at IS NULL
                AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())
            FOR UPDATE SKIP LOCKED
        ) AS free
        WHERE ledger_id = $1 AND subscription = $2 AND version = $3
        RETURNING state, born, claimed_until
        """
    static let columns = Columns(String.self, Int64.self, Timestamp.self)
    let place: LaggingPlace
    let term: Duration
    var parameters: Parameters {
        Parameters(
            place.ledger, place.member.name, place.member.version, term.microseconds,
            place.position)
    }
    typealias Row = PlaceClaim

    static func row(_ cells: (String, Int64, Timestamp)) throws(PostgresError) -> PlaceClaim {
        PlaceClaim(state: cells.0, born: cells.1, until: cells.2)
    }
}

/// Gives no row where somebody else has claimed the place since.
struct MovePlace: Statement {
    static let sql = """
        UPDATE tally.places SET position = $6, state = $7, claimed_until = NULL,
            updated_at = clock_timestamp()
        WHERE ledger_id = $1 AND subscription = $2 AND version = $3 AND position = $4
            AND claimed_until = $5
        RETURNING position
        """
    static let columns = Columns(Int64.self)
    let place: LaggingPlace
    let claim: PlaceClaim
    let to: Int64
    let state: String
    var parameters: Parameters {
        Parameters(
            place.ledger, place.member.name, place.member.version, place.position, claim.until, to,
            state)
    }
}

struct ReleasePlace: Statement {
    static let sql = """
        UPDATE tally.places SET claimed_until = NULL
        WHERE ledger_id = $1 AND subscription = $2 AND version = $3 AND claimed_until = $4
        """
    static let columns = Columns()
    let place: LaggingPlace
    let claim: PlaceClaim
    var parameters: Parameters {
        Parameters(place.ledger, place.member.name, place.member.version, claim.until)
    }
}

// MARK: - Halts

struct HaltPlace: Statement {
    static let sql = """
        UPDATE tally.places SET halted_at = now(), error = $5, claimed_until = NULL
        WHERE ledger_id = $1 AND subscription = $2 AND version = $3 AND position = $4
            AND halted_at IS NULL
        RETURNING position
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    let member: Member
    let position: Int64
    let error: String
    var parameters: Parameters {
        Parameters(ledger, member.name, member.version, position, error)
    }
}

struct ResumePlace: Statement {
    static let sql = """
        UPDATE tally.places SET halted_at = NULL, error = NULL
        WHERE ledger_id = $1 AND subscription = $2 AND halted_at IS NOT NULL AND position < $3
        """
    static let columns = Columns()
    let ledger: LedgerID
    let subscription: String
    /// A place that stands here or later stays as it is.
    var end = Int64.max
    var parameters: Parameters { Parameters(ledger, subscription, end) }
}

// MARK: - Ranges

/// The next whole blocks up to an end: those that begin within so many positions.
///
/// Where the next block is missing, the one after it is found, and the count tells.
struct NextRange: Statement {
    static let sql = """
        SELECT max(first_position + count - 1), sum(count)::bigint, count(*),
            tally.first_event_id(min(first_month)::timestamp AT TIME ZONE 'UTC'),
            tally.first_event_id((max(last_month) + interval '1 month') AT TIME ZONE 'UTC')
        FROM tally.blocks
        WHERE ledger_id = $1 AND first_position > $2 AND first_position <= $3
            AND first_position < $4 + (
                SELECT min(first_position) FROM tally.blocks
                WHERE ledger_id = $1 AND first_position > $2)
        HAVING count(*) > 0
        """
    static let columns = Columns(
        Int64.self, Int64.self, Int64.self, EventID.self, EventID.self)
    let ledger: LedgerID
    let after: Int64
    let end: Int64
    let positionsMax: Int64
    var parameters: Parameters { Parameters(ledger, after, end, positionsMax) }

    struct Found: Sendable {
        let range: EventRange
        /// Events that the blocks say they have.
        let counted: Int64
        let blocks: Int64

        func checkCount() throws(PositionGap) {
            if counted != range.count {
                throw PositionGap(expected: range.count, found: counted)
            }
        }
    }
    typealias Row = (upTo: Int64, counted: Int64, blocks: Int64, firstID: EventID, endID: EventID)

    static func row(
        _ cells: (Int64, Int64, Int64, EventID, EventID)
    ) throws(PostgresError) -> Row { cells }

    /// Where there is no block at all, a range without events, which `checkCount` refuses.
    static func find(
        _ ledger: LedgerID, after: Int64, end: Int64, positionsMax: Int64, in session: Session
    ) throws -> Found {
        let statement = NextRange(
            ledger: ledger, after: after, end: end, positionsMax: positionsMax)
        let none = EventID(high: 0, low: 0)
        let next = try session.first(statement) ?? (end, 0, 1, none, none)
        return Found(
            range: EventRange(
                ledger: ledger, after: after, upTo: next.upTo, firstID: next.firstID,
                endID: next.endID),
            counted: next.counted, blocks: next.blocks)
    }
}
