import FoundationEssentials
package import LedgerModel
import Postgres
package import Pricing

/// A replay as it is asked for and kept with its run: complete, so that any process can do it.
///
/// Books are named by their ids, so they have to be on the shelf.
package struct ReplayOrder: Hashable, Sendable {
    package enum Prices: Hashable, Sendable {
        case recorded
        case book(PriceBookID)
        case schedule([Entry])
    }

    package struct Entry: Hashable, Sendable {
        package let from: Timestamp?
        package let book: PriceBookID
    }

    package var prices: Prices
    package var since: Timestamp?
    package var until: Timestamp?
    package var scope: [Dimension: Name]
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
            case .schedule(let schedule):
                .schedule(
                    schedule.entries.map { Entry(from: $0.effectiveFrom, book: $0.book.id) })
            }
        since = request.since
        until = request.until
        scope = request.scope
        groupedBy = request.groupedBy
        whatIf = request.whatIf.isEmpty ? "" : request.whatIf.text
    }

    /// The request, with its books read from the database.
    func request(in session: Session) throws -> ReplayRequest {
        let prices: ReplayRequest.Prices =
            switch self.prices {
            case .recorded: .recorded
            case .book(let id): .book(try Self.book(id, in: session))
            case .schedule(let entries):
                .schedule(
                    PriceSchedule(
                        try entries.map { entry in
                            PriceSchedule.Entry(
                                effectiveFrom: entry.from,
                                book: try Self.book(entry.book, in: session))
                        }))
            }
        var request = ReplayRequest(prices: prices, groupedBy: groupedBy)
        request.since = since
        request.until = until
        request.scope = scope
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
        since = stored.since.flatMap { Timestamp(rfc3339: $0) }
        until = stored.until.flatMap { Timestamp(rfc3339: $0) }
        scope = [:]
        for (name, value) in stored.only {
            guard let dimension = Dimension(name: name) else { return nil }
            scope[dimension] = Name(value)
        }
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
        struct Book: Codable {
            let from: String?
            let book: String
        }

        /// Nil for the recorded books.
        let books: [Book]?
        let isSchedule: Bool
        let since: String?
        let until: String?
        let only: [String: String]
        let by: [String]
        let whatIf: String
        let scenario: String?
        let replaces: Bool

        init(_ order: ReplayOrder) {
            switch order.prices {
            case .recorded: (books, isSchedule) = (nil, false)
            case .book(let id):
                (books, isSchedule) = ([Book(from: nil, book: id.description)], false)
            case .schedule(let entries):
                books = entries.map {
                    Book(from: $0.from?.description, book: $0.book.description)
                }
                isSchedule = true
            }
            since = order.since?.description
            until = order.until?.description
            only = Dictionary(
                order.scope.map { ($0.key.name, $0.value.string) }, uniquingKeysWith: { $1 })
            by = order.groupedBy.map(\.name)
            whatIf = order.whatIf
            scenario = order.scenario?.text
            replaces = order.replaces
        }

        var prices: Prices? {
            guard let books else { return .recorded }
            let entries = books.compactMap { book in
                PriceBookID(book.book).map { id in
                    Entry(from: book.from.flatMap { Timestamp(rfc3339: $0) }, book: id)
                }
            }
            guard entries.count == books.count else { return nil }
            if isSchedule { return .schedule(entries) }
            return entries.first.map { .book($0.book) }
        }
    }
}
