package import EventStore
import FoundationEssentials
package import LedgerModel
package import Pricing

/// A re-rating as it is asked for and kept with its run: complete, so that any process can do it,
/// under the prices of the moment at which it was asked for.
///
/// Books are named by their ids, so they have to be on the bookStore.
package struct RerateOrder: Codable, Hashable, Sendable {
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

    /// The order as JSON; equal orders have equal texts.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("texts can always be written as JSON")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Throws for a text that another version of ours has written.
    package init(text: String) throws(RerateError) {
        guard let order = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
            throw .unreadableOrder
        }
        self = order
    }
}
