import Access
import Booking
import Calendars
import EventStore
import Hummingbird
import LedgerModel
import PriceBooks
import Pricing
import Rerating

/// `/api/v1/rerates`: re-ratings of history, as long runs.
enum RerateRoutes {
    private static let runs = RunRoutes(path: "/api/v1/rerates", kinds: [RerateOrder.kind])

    static let routes: [Route] =
        runs.routes + [
            Route(
                .post, runs.path, "Re-rate part of the history", needs: .scope(.admin),
                answers: RunRoutes.accepted, start)
        ]

    private struct RerateInput: Input {
        static let body = BodyForm.object(bytesMax: 1 << 16)
        let filter: HistoryFilter
        let book: String?
        let isDryRun: Bool

        init(_ given: Given) throws {
            var filter = HistoryFilter()
            filter.since = try given.member(
                "since", .time(at: given.now, in: given.zone),
                "Only requests at or after this time.")
            filter.until = try given.member(
                "until", .time(.end, at: given.now, in: given.zone),
                "Only requests before this time.")
            filter.scope = try given.only()
            self.filter = filter
            book = try given.member(
                "book", .text, "The first digits of a book id, or default; default: the ledger's.")
            isDryRun = try given.member("dry_run", .flag, "Only report the changes.") ?? false
        }
    }

    private static func start(_ call: Call, _ input: RerateInput) async throws -> Response {
        var rerate = RerateRequest(prices: try await prices(input.book, call))
        rerate.filter = input.filter
        rerate.isDryRun = input.isDryRun
        return try await runs.accepted(
            RerateOrder.kind, RerateOrder(rerate).text, for: call, scope: .admin)
    }

    /// The current books of the ledger, or a given book.
    private static func prices(_ asked: String?, _ call: Call) async throws -> PriceSchedule {
        guard let asked else {
            let prices = try await call.ledger().prices
            try await prices.refresh()
            return prices.schedule
        }
        let books = call.parts.bookStore
        if asked == "default" {
            try await books.keep(.default)
            return PriceSchedule(.default)
        }
        guard let id = try await books.find(asked, of: call.caller.ledger),
            let book = try await books.book(id)
        else {
            throw Refusal.invalid(
                "no single book of the ledger has an id that starts with \(asked): see "
                    + "GET /api/v1/prices", param: "book")
        }
        return PriceSchedule(book)
    }
}
