package import EventStore
package import LedgerModel
package import Pricing

/// A re-rating as it is asked for and kept with its run: complete, so that any process can do it,
/// under the prices of the moment at which it was asked for.
///
/// Books are named by their ids, so they have to be in the database.
package struct RerateOrder: StoredAsJSON, Hashable, Sendable {
    package let books: ScheduledBooks
    package let filter: HistoryFilter
    package let isDryRun: Bool

    /// The name of such runs.
    package static let kind = "rerate"

    package init(_ request: RerateRequest) {
        books = ScheduledBooks(request.prices)
        filter = request.filter
        isDryRun = request.isDryRun
    }

    /// The request, with its books.
    package func request(_ book: (PriceBookID) throws -> PriceBook) rethrows -> RerateRequest {
        var request = RerateRequest(prices: try books.schedule(book))
        request.filter = filter
        request.isDryRun = isDryRun
        return request
    }
}
