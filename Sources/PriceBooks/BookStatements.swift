import LedgerModel
import LedgerSQL
import Postgres
import Pricing

/// The price books that a ledger put into use after a position, with their texts.
struct PublicationsAfter: Statement {
    static let sql = """
        SELECT events.position, events.book_id, events.detail, books.body
        FROM tally.events AS events JOIN tally.price_books AS books USING (book_id)
        WHERE events.ledger_id = $1 AND events.kind = 70 AND events.position > $2
        ORDER BY events.position
        """
    static let columns = Columns(Int64.self, EventID.self, String.self, String.self)
    let ledger: LedgerID
    let position: Int64
    var parameters: Parameters { Parameters(ledger, position) }

    struct Publication {
        let position: Int64
        let bookID: PriceBookID
        let effectiveFrom: Timestamp?
        let body: String
    }
    typealias Row = Publication

    static func row(
        _ cells: (Int64, EventID, String, String)
    ) throws(PostgresError) -> Publication {
        let effective = Labels(canonicalJSON: cells.2)?["effective_from"]
        return Publication(
            position: cells.0, bookID: PriceBookID(high: cells.1.high, low: cells.1.low),
            effectiveFrom: effective.flatMap { Timestamp(rfc3339: $0.string) }, body: cells.3)
    }
}

/// Stores a book, once.
///
/// Its id is the beginning of its digest, so a conflict on either means the same book. If the
/// statement named only one of them, two services that start at once would collide on the other.
struct InsertBook: Statement {
    static let sql = """
        INSERT INTO tally.price_books (book_id, digest, name, body) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        """
    static let columns = Columns()
    let book: PriceBook
    var parameters: Parameters {
        Parameters(
            EventID(high: book.id.high, low: book.id.low), book.digest, book.name,
            book.canonicalText)
    }
}

struct BookBody: Statement {
    static let sql = "SELECT body FROM tally.price_books WHERE book_id = $1"
    static let columns = Columns(String.self)
    let id: PriceBookID
    var parameters: Parameters { Parameters(EventID(high: id.high, low: id.low)) }
    typealias Row = String

    static func row(_ cell: String) throws(PostgresError) -> String { cell }
}

/// The books that were published in a ledger, or proposed to it.
struct LedgerBookIDs: Statement {
    static let sql = """
        SELECT book_id FROM tally.events
        WHERE ledger_id = $1 AND kind = 70 AND book_id IS NOT NULL
        UNION
        SELECT book_id FROM tally.price_proposals WHERE ledger_id = $1
        """
    static let columns = BookIDs.columns
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = PriceBookID

    static func row(_ cell: EventID) throws(PostgresError) -> PriceBookID {
        try BookIDs.row(cell)
    }
}

struct BookIDs: Statement {
    static let sql = "SELECT book_id FROM tally.price_books ORDER BY created_at"
    static let columns = Columns(EventID.self)
    typealias Row = PriceBookID

    static func row(_ cell: EventID) throws(PostgresError) -> PriceBookID {
        PriceBookID(high: cell.high, low: cell.low)
    }
}
