package import EventStore
package import LedgerModel
package import Pricing

/// Changes the terms of the book that a ledger uses.
package struct LedgerTerms: Sendable {
    private let ledger: PostgresLedger
    private let prices: LedgerPrices
    private let bookStore: PriceBookStore

    package init(ledger: PostgresLedger, prices: LedgerPrices, bookStore: PriceBookStore) {
        self.ledger = ledger
        self.prices = prices
        self.bookStore = bookStore
    }

    package struct Published: Sendable {
        package let book: PriceBook
        /// nil means since always.
        package let effectiveFrom: Timestamp?
        package let position: Int64
    }

    /// Publishes the book in force with the terms of a file instead of its own.
    ///
    /// The terms have their own dates, so the book comes into force when the one it replaces did,
    /// unless the caller says otherwise: earlier, other prices hold.
    ///
    /// - Parameter id: random, for the event.
    /// - Throws: `PriceFileError`; `RefreshFailure.noBook` if the ledger has no prices.
    package func publish(
        _ text: String, effectiveFrom: Timestamp?, at now: Timestamp, id: EventID
    ) async throws -> Published {
        try await prices.refresh()
        guard let base = prices.schedule.entry(at: now) else { throw RefreshFailure.noBook }
        let book = try base.book.adopting(PriceFile.readTerms(text))
        let effective = effectiveFrom ?? base.effectiveFrom
        let receipt = try await bookStore.publish(
            book, effectiveFrom: effective, in: ledger, at: now, entropy: (id.high, id.low))
        try await prices.refresh()
        return Published(
            book: book, effectiveFrom: effective, position: receipt.head.position)
    }
}
