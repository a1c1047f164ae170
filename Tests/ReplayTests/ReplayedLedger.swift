import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import Pricing
import StoreTesting

/// A ledger filled as by ingest, under a test's books.
extension TestLedger {
    /// Appends requests with their charges under a book, in several blocks; returns the charges.
    @discardableResult
    func append(
        _ requests: [Event], under book: PriceBook?, blockSize: Int = 500
    ) async throws -> [Event] {
        var rater = Rater(book.map { PriceSchedule($0) } ?? PriceSchedule())
        if let book { try await keep(book) }
        var charges: [Event] = []
        for start in stride(from: 0, to: requests.count, by: blockSize) {
            let entries = try requests[start..<min(requests.count, start + blockSize)].map {
                (event: $0, charge: try ChargeRule.charge(for: $0, rater: &rater))
            }
            charges += entries.compactMap(\.charge)
            try await append(entries)
        }
        return charges
    }

    func keep(_ book: PriceBook) async throws {
        _ = try await pool.session { try $0.execute(KeepBook(book: book)) }
    }
}

private struct KeepBook: Statement {
    static let sql = """
        INSERT INTO tally.price_books (book_id, digest, name, body) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        """
    static let columns = Columns()
    let book: PriceBook
    var parameters: Parameters {
        Parameters(
            EventID(high: book.id.high, low: book.id.low), book.digest, book.name,
            book.canonicalText)
    }
}

enum Books {
    /// Prices for some of the models that `RandomEvents` makes; some units lack a rate.
    static func first() throws -> PriceBook {
        try PriceFile.read(
            """
            tally_prices: 1
            name: first
            providers:
              provider-0:
                tiers: {x-0: 0.5, x-1: 1, x-2: 2, x-3: 1}
                models:
                  model-0: {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10, \
            web_searches_kcount: 10}
                  model-1: {input_mtok: 0.123456789, output_mtok: 7}
              provider-1:
                tiers: {x-0: 1, x-1: 1, x-2: 0.333333, x-3: 1}
                models:
                  model-0: {input_mtok: 1, output_mtok: 3, input_hours: 0.36, requests_kcount: 5}
                  model-2: {input_mtok: {0: 1, 50000: 2}, output_mtok: 4}
            """)
    }

    static func second() throws -> PriceBook {
        try PriceFile.read(
            """
            tally_prices: 1
            name: second
            providers:
              provider-0:
                models:
                  model-0: {input_mtok: 1, output_mtok: 5}
              provider-2:
                models:
                  model-3: {input_mtok: 0.7, output_mtok: 1.9, web_searches_kcount: 3}
            """)
    }
}
