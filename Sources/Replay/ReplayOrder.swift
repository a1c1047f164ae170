import Calendars
package import EventStore
package import LedgerModel
import Postgres
import PriceBooks
package import Pricing

/// A requested replay, stored with its run: complete, so that any process can execute it.
///
/// Books are named by their ids, so they have to be in the database.
package struct ReplayOrder: StoredAsJSON, Hashable, Sendable {
    package enum Prices: Codable, Hashable, Sendable {
        case recorded
        case book(PriceBookID)
        case schedule(ScheduledBooks)
    }

    package var prices: Prices
    package var filter: HistoryFilter
    package var groupedBy: [Grouping]
    /// The mapping and discounts, as text.
    package var whatIf: String
    /// The scenario that keeps the result for queries.
    package var scenario: ScenarioName?
    /// Whether a scenario of that name is replaced.
    package var replaces = false
    /// The zone of days and months; nil for UTC.
    private var zone: String?

    package init(_ request: ReplayRequest) {
        prices =
            switch request.prices {
            case .recorded: .recorded
            case .book(let book): .book(book.id)
            case .schedule(let schedule): .schedule(ScheduledBooks(schedule))
            }
        filter = request.filter
        groupedBy = request.groupedBy
        zone = request.zone == .utc ? nil : request.zone.name
        whatIf = request.whatIf.isEmpty ? "" : request.whatIf.text
    }

    /// The request, with its books read from the database.
    func request(in session: Session) throws -> ReplayRequest {
        let prices: ReplayRequest.Prices =
            switch self.prices {
            case .recorded: .recorded
            case .book(let id): .book(try Self.book(id, in: session))
            case .schedule(let books):
                .schedule(try books.schedule { try Self.book($0, in: session) })
            }
        var request = ReplayRequest(prices: prices, groupedBy: groupedBy)
        request.filter = filter
        request.zone = zone.flatMap { CalendarZone(named: $0) } ?? .utc
        if !whatIf.isEmpty { request.whatIf = try WhatIfFile.read(whatIf) }
        return request
    }

    static func book(_ id: PriceBookID, in session: Session) throws -> PriceBook {
        guard let book = try PriceBookStore.book(id, in: session) else {
            throw ReplayError.unknownBook(id)
        }
        return book
    }
}
