package import LedgerModel

/// A schedule by the ids of its books, as a run keeps it: any process can make it whole again.
package struct ScheduledBooks: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        /// nil is since always.
        package let from: Timestamp?
        package let book: PriceBookID
    }

    package let entries: [Entry]

    package init(_ schedule: PriceSchedule) {
        entries = schedule.entries.map { Entry(from: $0.effectiveFrom, book: $0.book.id) }
    }

    /// The schedule with its books.
    package func schedule(_ book: (PriceBookID) throws -> PriceBook) rethrows -> PriceSchedule {
        PriceSchedule(
            try entries.map { entry in
                PriceSchedule.Entry(effectiveFrom: entry.from, book: try book(entry.book))
            })
    }
}

extension ScheduledBooks.Entry: Codable {
    private enum CodingKeys: String, CodingKey {
        case from, book
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(from?.description, forKey: .from)
        try container.encode(book.description, forKey: .book)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let from = try container.decodeIfPresent(String.self, forKey: .from)
        let id = try container.decode(String.self, forKey: .book)
        self.from = from.flatMap { Timestamp(rfc3339: $0) }
        guard let book = PriceBookID(id), (self.from == nil) == (from == nil) else {
            throw DecodingError.dataCorruptedError(
                forKey: .book, in: container, debugDescription: "\(id) is no book with a time")
        }
        self.book = book
    }
}

extension ScheduledBooks: Codable {
    package func encode(to encoder: any Encoder) throws { try entries.encode(to: encoder) }

    package init(from decoder: any Decoder) throws { entries = try [Entry](from: decoder) }
}
