package import EventStore
import FoundationEssentials
package import LedgerModel
import LedgerSQL
import Postgres
package import Pricing

/// A replay as it is asked for and kept with its run: complete, so that any process can do it.
///
/// Books are named by their ids, so they have to be on the bookStore.
package struct ReplayOrder: Hashable, Sendable {
    package enum Prices: Hashable, Sendable {
        case recorded
        case book(PriceBookID)
        case schedule(ScheduledBooks)
    }

    package var prices: Prices
    package var filter: HistoryFilter
    package var groupedBy: [Grouping]
    /// What is supposed, as text.
    package var whatIf: String
    /// Where the result is kept for queries.
    package var scenario: ScenarioName?
    /// Whether a scenario of that name is replaced.
    package var replaces = false

    package init(_ request: ReplayRequest) {
        prices =
            switch request.prices {
            case .recorded: .recorded
            case .book(let book): .book(book.id)
            case .schedule(let schedule): .schedule(ScheduledBooks(schedule))
            }
        filter = request.filter
        groupedBy = request.groupedBy
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
        if !whatIf.isEmpty { request.whatIf = try WhatIfFile.read(whatIf) }
        return request
    }

    private static func book(_ id: PriceBookID, in session: Session) throws -> PriceBook {
        if id == PriceBook.default.id { return .default }
        let find = FindPriceBookText(id: EventID(high: id.high, low: id.low))
        guard let text = try session.first(find) else { throw ReplayError.unknownBook(id) }
        return try PriceFile.read(text)
    }
}

// MARK: - As text

extension ReplayOrder {
    /// The order as JSON; equal orders have equal texts.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(Stored(self)) else {
            preconditionFailure("texts can always be written as JSON")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Nil for a text that no version of ours has written.
    package init?(text: String) {
        guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(text.utf8)),
            let prices = stored.prices
        else { return nil }
        self.prices = prices
        filter = stored.filter
        groupedBy = stored.by.compactMap { Grouping(name: $0) }
        guard groupedBy.count == stored.by.count else { return nil }
        whatIf = stored.whatIf
        if let name = stored.scenario {
            guard let scenario = try? ScenarioName(name) else { return nil }
            self.scenario = scenario
        }
        replaces = stored.replaces
    }

    private struct Stored: Codable {
        /// At most one of them; neither for the recorded books.
        let book: String?
        let schedule: ScheduledBooks?
        let filter: HistoryFilter
        let by: [String]
        let whatIf: String
        let scenario: String?
        let replaces: Bool

        init(_ order: ReplayOrder) {
            switch order.prices {
            case .recorded: (book, schedule) = (nil, nil)
            case .book(let id): (book, schedule) = (id.description, nil)
            case .schedule(let books): (book, schedule) = (nil, books)
            }
            filter = order.filter
            by = order.groupedBy.map(\.name)
            whatIf = order.whatIf
            scenario = order.scenario?.text
            replaces = order.replaces
        }

        var prices: Prices? {
            if let schedule { return .schedule(schedule) }
            guard let book else { return .recorded }
            return PriceBookID(book).map { .book($0) }
        }
    }
}
