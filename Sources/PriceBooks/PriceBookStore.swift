package import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres
package import Pricing

/// The price books of a database: global, immutable, found by their content.
package struct PriceBookStore: Sendable {
    private let pool: Pool

    package init(pool: Pool) {
        self.pool = pool
    }

    /// The book with this id; nil if the database has none.
    package func book(_ id: PriceBookID) async throws -> PriceBook? {
        if id == PriceBook.default.id { return PriceBook.default }
        return try await pool.session { try Self.book(id, in: $0) }
    }

    package static func book(_ id: PriceBookID, in session: Session) throws -> PriceBook? {
        if id == PriceBook.default.id { return PriceBook.default }
        return try session.first(BookBody(id: id)).map { try read(id, body: $0) }
    }

    /// The id that starts with these digits, as people type it; nil if none or several do.
    package func find(_ prefix: String) async throws -> PriceBookID? {
        let ids = try await pool.session { try $0.run(BookIDs()) }
        let matches = ids.filter { $0.description.hasPrefix(prefix.lowercased()) }
        return matches.count == 1 ? matches.first : nil
    }

    /// Puts a book into the database, so that charges and replays can name it, without putting
    /// it into use.
    package func keep(_ book: PriceBook) async throws {
        _ = try await pool.session { try $0.execute(InsertBook(book: book)) }
    }

    static func read(_ id: PriceBookID, body: String) throws -> PriceBook {
        if id == PriceBook.default.id { return PriceBook.default }
        let book = try PriceFile.read(body)
        guard book.id == id else { throw AlteredPriceBook(id: id) }
        return book
    }

    /// Puts a book into the database and into use in a ledger.
    ///
    /// The book comes first, in a commit of its own: it is found by its content and never changes,
    /// so a book that no event names yet does no harm.
    ///
    /// - Parameters:
    ///   - effectiveFrom: the first time of an event that is priced by it; nil is since always.
    ///   - now: when it is published.
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

    /// The same under an id of the caller's.
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

    /// Puts a book into the database, but into use nowhere.
    package static func store(_ book: PriceBook, in session: Session) throws {
        _ = try session.run(InsertBook(book: book))
    }
}

/// The stored text of a price book is not what its id says.
package struct AlteredPriceBook: Fault {
    package var kind: FaultKind { .defect }

    package let id: PriceBookID
    package var description: String {
        "the stored price book \(id) was changed: its content no longer matches its id"
    }
}
