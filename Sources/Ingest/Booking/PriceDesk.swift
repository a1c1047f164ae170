package import EventStore
package import LedgerModel
package import Postgres
package import Pricing
import Synchronization

/// The prices that a ledger uses, kept up to date from its `prices.published` events.
package final class PriceDesk: Sendable {
    private let ledger: LedgerID
    private let pool: Pool
    private let state: Mutex<State>

    private struct State {
        var schedule: PriceSchedule
        /// The position of the last publication in the schedule.
        var position: Int64 = 0
        /// Raters that nobody uses now; each remembers how to price what it has seen.
        var idle: [Rater] = []
    }

    /// - Parameter ledger: must exist; call `refresh` before the first use.
    package init(ledger: LedgerID, pool: Pool) {
        self.ledger = ledger
        self.pool = pool
        state = Mutex(State(schedule: PriceSchedule([])))
    }

    package var schedule: PriceSchedule { state.withLock { $0.schedule } }

    /// The schedule with the position of its last publication.
    package var published: (schedule: PriceSchedule, position: Int64) {
        state.withLock { ($0.schedule, $0.position) }
    }

    /// Lends a rater with the newest schedule.
    package func withRater<R>(_ body: (inout Rater) throws -> R) rethrows -> R {
        let (idle, schedule, position) = state.withLock { state in
            (state.idle.popLast(), state.schedule, state.position)
        }
        var rater = idle ?? Rater(schedule)
        defer {
            state.withLock { state in
                // A rater of an older schedule is let go.
                if state.position == position { state.idle.append(rater) }
            }
        }
        return try body(&rater)
    }

    /// Reads publications that are newer than the schedule; whether there were any.
    @discardableResult
    package func refresh() async throws -> Bool {
        let (known, books) = state.withLock { state in
            (state.position, state.schedule.entries.map(\.book))
        }
        let ledger = self.ledger
        let publications = try await pool.session { session in
            try session.run(PublicationsAfter(ledger: ledger, position: known))
        }
        guard let last = publications.last else { return false }
        var entries: [(Int64, PriceSchedule.Entry)] = []
        for publication in publications {
            let book =
                try books.first { $0.id == publication.bookID }
                ?? PriceShelf.read(publication.bookID, body: publication.body)
            entries.append(
                (
                    publication.position,
                    PriceSchedule.Entry(effectiveFrom: publication.effectiveFrom, book: book)
                ))
        }
        state.withLock { state in
            // Another refresh may have been faster.
            for (position, entry) in entries where position > state.position {
                state.schedule.publish(entry.book, effectiveFrom: entry.effectiveFrom)
            }
            state.position = max(state.position, last.position)
            state.idle = []
        }
        return true
    }
}

/// The price books of a database: global, immutable, found by their content.
package struct PriceShelf: Sendable {
    private let pool: Pool

    package init(pool: Pool) {
        self.pool = pool
    }

    /// The book with this id; nil if the database has none.
    package func book(_ id: PriceBookID) async throws -> PriceBook? {
        if id == PriceBook.default.id { return PriceBook.default }
        let body = try await pool.session { try $0.first(BookBody(id: id)) }
        return try body.map { try Self.read(id, body: $0) }
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
package struct AlteredPriceBook: Error, CustomStringConvertible {
    package let id: PriceBookID
    package var description: String {
        "the stored price book \(id) was changed: its content no longer has this id"
    }
}
