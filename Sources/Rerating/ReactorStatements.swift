import LedgerModel
import LedgerSQL
import Postgres
import Pricing

/// How far the reactor came in a ledger: up to which unpriced charge, under the prices as of which
/// publication.
struct RatingPlace: Hashable, Sendable {
    let publication: Int64
    let position: Int64
}

/// Ledgers with a publication, or unpriced charges, that the reactor has not seen.
struct ListUnrated: Statement {
    static let sql = """
        SELECT heads.ledger_id FROM tally.heads AS heads
        LEFT JOIN tally.rating_places AS places USING (ledger_id)
        WHERE EXISTS (
                SELECT FROM tally.events WHERE events.ledger_id = heads.ledger_id
                    AND kind = 70 AND events.position > coalesce(places.publication, 0))
            OR EXISTS (
                SELECT FROM tally.events WHERE events.ledger_id = heads.ledger_id
                    AND unpriced IS NOT NULL AND events.position > places.position)
        ORDER BY heads.ledger_id
        """
    static let columns = Columns(LedgerID.self)
    typealias Row = LedgerID

    static func row(_ cell: LedgerID) throws(PostgresError) -> LedgerID { cell }
}

struct InsertRatingPlace: Statement {
    static let sql =
        "INSERT INTO tally.rating_places (ledger_id) VALUES ($1) ON CONFLICT DO NOTHING"
    static let columns = Columns()
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}

struct ReadRatingPlace: Statement {
    static let sql = "SELECT publication, position FROM tally.rating_places WHERE ledger_id = $1"
    static let columns = Columns(Int64.self, Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = RatingPlace

    static func row(_ cells: (Int64, Int64)) throws(PostgresError) -> RatingPlace {
        RatingPlace(publication: cells.0, position: cells.1)
    }
}

/// Gives no row when the place is not where it was.
struct MoveRatingPlace: Statement {
    static let sql = """
        UPDATE tally.rating_places SET publication = $4, position = $5, updated_at = now()
        WHERE ledger_id = $1 AND publication = $2 AND position = $3
        RETURNING position
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    let from: RatingPlace
    let to: RatingPlace
    var parameters: Parameters {
        Parameters(ledger, from.publication, from.position, to.publication, to.position)
    }
}

/// Charges without a price, in the order of their positions, whether or not an adjustment gave
/// one later.
struct ListUnpricedCharges: Statement {
    static let sql = """
        SELECT position, cause_id, occurred_at, book_id FROM tally.events
        WHERE ledger_id = $1 AND unpriced IS NOT NULL AND position > $2
        ORDER BY position LIMIT $3
        """
    static let columns = Columns(
        Int64.self, EventID?.self, Timestamp.self, EventID?.self)
    let ledger: LedgerID
    let after: Int64
    let limit: Int64
    var parameters: Parameters { Parameters(ledger, after, limit) }

    struct Charge {
        let position: Int64
        let request: EventID
        let occurredAt: Timestamp
        let book: PriceBookID?
    }
    typealias Row = Charge

    static func row(
        _ cells: (Int64, EventID?, Timestamp, EventID?)
    ) throws(PostgresError) -> Charge {
        Charge(
            position: cells.0, request: cells.1 ?? EventID(high: 0, low: 0),
            occurredAt: cells.2, book: cells.3.map { PriceBookID(high: $0.high, low: $0.low) })
    }
}
