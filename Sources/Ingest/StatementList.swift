import EventStore
package import Postgres
import Pricing

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let ingestStatements: [any Statement] = [
    PublicationsAfter(ledger: LedgerID(1), position: 0),
    InsertBook(book: PriceBook(name: "book", providers: [])),
    BookBody(id: PriceBookID(high: 1, low: 2)),
    BookIDs(),
]
