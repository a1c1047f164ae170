package import EventStore
package import LedgerModel
package import Pricing

/// A requested re-rating, stored with its run: complete, so that any process can execute it under
/// the prices of the moment when it was requested.
///
/// Books are named by their ids, so they have to be in the database.
package struct RerateOrder: StoredAsJSON, Hashable, Sendable {
    package let books: ScheduledBooks
    package let filter: HistoryFilter
    package let isDryRun: Bool

    /// The kind of these runs.
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
