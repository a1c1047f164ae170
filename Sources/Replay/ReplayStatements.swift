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

/// The COPY commands of a replay.
///
/// COPY takes no parameters, so filters stand in the text: numbers, times and ids of our own
/// formatting, and callers' texts as hexadecimal digits only.
struct ReplayCopy: Sendable {
    /// Dimensions that are read, those that choose a price first.
    let dimensions: [Dimension]
    private let ledger: LedgerID
    private let columns: String
    private let filter: String
    private let order: String

    static let pricingDimensions: [Dimension] = [.provider, .model, .serviceTier, .region]
    private static let fixedColumns =
        "position, event_id, cause_id, previous_id, book_id, occurred_at, amount_pico, "
        + "unpriced, "
        + UsageUnit.allCases.map(\.column).joined(separator: ", ")

    init(_ request: ReplayRequest, ledger: LedgerID) {
        var dimensions = Self.pricingDimensions
        for case .dimension(let dimension) in request.groupedBy
        where !dimensions.contains(dimension) {
            dimensions.append(dimension)
        }
        self.dimensions = dimensions
        self.ledger = ledger
        // What is read only because it takes from an allowance has the negative of its kind.
        let asked = request.filter.condition
        let kind = request.isMetered ? "CASE WHEN \(asked) THEN kind ELSE -kind END" : "kind"
        columns = ([kind, Self.fixedColumns] + dimensions.map(\.column)).joined(separator: ", ")
        filter = "kind IN (1, 2, 10, 11) AND \(request.readFilter.condition)"
        order = request.isMetered ? " ORDER BY position" : ""
    }

    /// The rows of a page, as they lie in the table: requests right before their charges.
    func rows(of page: HistoryPage) -> String {
        """
        COPY (SELECT \(columns) FROM tally.events WHERE ledger_id = \(ledger.number) \
        AND position >= \(page.positions.lowerBound) AND position <= \(page.positions.upperBound) \
        AND \(page.idCondition) AND \(filter)\(order)) TO STDOUT (FORMAT binary)
        """
    }

    /// Some events by their ids, whatever the filters say.
    func rows(of ids: [EventID]) -> String {
        let list = ids.map(\.description).joined(separator: ",")
        let bounds = [ids.min(), ids.max()].compactMap(\.self)
        let range = zip([">=", "<="], bounds).map { " AND event_id \($0) '\($1)'" }.joined()
        return """
            COPY (SELECT \(columns) FROM tally.events WHERE ledger_id = \(ledger.number) \
            AND event_id = ANY ('{\(list)}'::uuid[])\(range)) TO STDOUT (FORMAT binary)
            """
    }
}
