package import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres
package import Pricing

/// The price books of a database: global, immutable, identified by their content.
package struct PriceBookStore: Sendable {
    private let pool: Pool

    package init(pool: Pool) {
        self.pool = pool
    }

    /// The book with this id; nil if the database lacks it.
    package func book(_ id: PriceBookID) async throws -> PriceBook? {
        if id == PriceBook.default.id { return PriceBook.default }
        return try await pool.session { try Self.book(id, in: $0) }
    }

    /// The book with this id, if the ledger may see it.
    ///
    /// Its own are the built-in one, and those that were published in it or proposed to it.
    package func book(_ id: PriceBookID, of ledger: LedgerID) async throws -> PriceBook? {
        let own = try await pool.session { try $0.run(LedgerBookIDs(ledger: ledger)) }
        return own.contains(id) || id == PriceBook.default.id ? try await book(id) : nil
    }

    package static func book(_ id: PriceBookID, in session: Session) throws -> PriceBook? {
        if id == PriceBook.default.id { return PriceBook.default }
        return try session.first(BookBody(id: id)).map { try read(id, body: $0) }
    }

    /// The id that starts with these digits, as people type it; nil if there are none or several.
    ///
    /// - Parameter ledger: whose books are searched; nil for all books of the database.
    package func find(_ prefix: String, of ledger: LedgerID? = nil) async throws -> PriceBookID? {
        let ids = try await pool.session { session in
            guard let ledger else { return try session.run(BookIDs()) }
            return try session.run(LedgerBookIDs(ledger: ledger))
        }
        let matches = ids.filter { $0.description.hasPrefix(prefix.lowercased()) }
        return matches.count == 1 ? matches.first : nil
    }

    /// Stores a book, so that charges and replays can name it, without putting it into use.
    package func keep(_ book: PriceBook) async throws {
        _ = try await pool.session { try $0.execute(InsertBook(book: book)) }
    }

    static func read(_ id: PriceBookID, body: String) throws -> PriceBook {
        if id == PriceBook.default.id { return PriceBook.default }
        let book = try PriceFile.read(body)
        guard book.id == id else { throw AlteredPriceBook(id: id) }
        return book
    }

    /// Stores a book and puts it into use in a ledger.
    ///
    /// Commits the book first: it is identified by its content and never changes, so a book that no
    /// event names is harmless.
    ///
    /// - Parameters:
    ///   - effectiveFrom: the first event time that it prices; nil means since always.
    ///   - now: the time of publication.
    ///   - entropy: random bits for the id of the event.
    /// - Returns: the receipt of the `prices.published` event.
    package func publish(
        _ book: PriceBook, effectiveFrom: Timestamp?, in ledger: PostgresLedger,
        at now: Timestamp, entropy: (UInt64, UInt64)
    ) async throws -> AppendReceipt {
        try await publish(
            book, effectiveFrom: effectiveFrom, in: ledger, at: now,
            id: EventID(at: now, entropy: entropy))
    }

    /// Does the same under the caller's id.
    package func publish(
        _ book: PriceBook, effectiveFrom: Timestamp?, in ledger: PostgresLedger,
        at now: Timestamp, id: EventID
    ) async throws -> AppendReceipt {
        try await keep(book)
        var event = Event(id: id, kind: .pricesPublished, occurredAt: now)
        event.bookID = EventID(high: book.id.high, low: book.id.low)
        event.detail = try Labels([
            (key: "digest", value: Name(book.digest.description)),
            (key: "effective_from", value: Name(effectiveFrom?.description ?? "")),
            (key: "models", value: Name(String(book.modelCount))),
            (key: "name", value: Name(book.name)),
        ])
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        try batch.add(event, using: &encoder)
        return try await ledger.append(batch)
    }

    /// Stores a book without putting it into use.
    package static func store(_ book: PriceBook, in session: Session) throws {
        _ = try session.run(InsertBook(book: book))
    }
}

/// The stored text of a price book does not match its id.
package struct AlteredPriceBook: Fault {
    package var kind: FaultKind { .defect }

    package let id: PriceBookID
    package var description: String {
        "the stored price book \(id) was changed: its content no longer matches its id"
    }
}
