package import LedgerModel

/// A schedule by book ids, as a run keeps it: any process can restore it.
package struct ScheduledBooks: Hashable, Sendable {
    package struct Entry: Codable, Hashable, Sendable {
        /// nil means since always.
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

extension ScheduledBooks: Codable {
    package func encode(to encoder: any Encoder) throws { try entries.encode(to: encoder) }

    package init(from decoder: any Decoder) throws { entries = try [Entry](from: decoder) }
}
