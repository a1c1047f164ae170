import EventStore
import LedgerModel
import LedgerSQL
import Postgres
import Pricing

/// The text of a price book by the id that charges name.
struct FindPriceBookText: Statement {
    static let sql = "SELECT body FROM tally.price_books WHERE book_id = $1"
    static let columns = Columns(String.self)
    let id: EventID
    var parameters: Parameters { Parameters(id) }
    typealias Row = String

    static func row(_ cell: String) throws(PostgresError) -> String { cell }
}
