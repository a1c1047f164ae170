import Access
import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Migrations
import Postgres
import PostgresTesting
import Pricing

/// A ledger in a database of its own, filled through the store as ingest fills it.
struct ReplayFixture {
    let configuration: PostgresConfiguration
    let pool: Pool
    let ledger: PostgresLedger

    static func run(_ body: (ReplayFixture) async throws -> Void) async throws {
        let server = try await TestServer.shared()
        let template = try await server.template(named: "replay") { configuration in
            let connection = try await Connection.open(configuration)
            _ = try await Migrator(files: ledgerMigrations).migrate(on: connection)
            await connection.close()
        }
        try await server.withScratchDatabase(from: template) { configuration in
            let pool = Pool(configuration, size: 4)
            let id = try await LedgerDirectory(pool: pool).create("replayed")
            let ledger = PostgresLedger(id: id, pool: pool) {
                EventID(
                    high: UInt64.random(in: 0...UInt64.max),
                    low: UInt64.random(in: 0...UInt64.max))
            }
            try await body(
                ReplayFixture(configuration: configuration, pool: pool, ledger: ledger))
            await ledger.close()
            await pool.close()
        }
    }

    /// Appends requests with their charges under a book, some blocks of them; the charges.
    @discardableResult
    func append(
        _ requests: [Event], under book: PriceBook?, blockSize: Int = 500
    ) async throws -> [Event] {
        var rater = Rater(book.map { PriceSchedule($0) } ?? PriceSchedule())
        if let book { try await keep(book) }
        var charges: [Event] = []
        for start in stride(from: 0, to: requests.count, by: blockSize) {
            var batch = EntryBatch(for: ledger.id)
            var encoder = EntryEncoder()
            for request in requests[start..<min(requests.count, start + blockSize)] {
                let charge = try ChargeRule.charge(for: request, rater: &rater)
                try batch.add(request, charge: charge, using: &encoder)
                if let charge { charges.append(charge) }
            }
            _ = try await ledger.append(batch)
        }
        return charges
    }

    /// Appends an event by itself, as an adjustment comes.
    func append(alone event: Event) async throws {
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        try batch.add(event, using: &encoder)
        _ = try await ledger.append(batch)
    }

    func keep(_ book: PriceBook) async throws {
        _ = try await pool.session { try $0.execute(KeepBook(book: book)) }
    }

    func execute(_ sql: String) async throws {
        _ = try await pool.session { try $0.execute(sql) }
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
