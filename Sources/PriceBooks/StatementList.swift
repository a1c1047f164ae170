import LedgerModel
import LedgerSQL
package import Postgres
import Pricing

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let priceBookStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let id = EventID(high: 1, low: 2)
    let book = PriceBookID(high: 1, low: 2)
    let proposal = PriceProposal(
        id: id, proposedAt: .earliest, source: "file", book: book, base: book,
        summary: BookDifference.Summary())
    return [
        PublicationsAfter(ledger: ledger, position: 0),
        InsertBook(book: PriceBook(name: "book", providers: [])),
        BookBody(id: book),
        BookIDs(),
        LedgerBookIDs(ledger: ledger),
        ListUsedModels(ledger: ledger, since: .earliest, until: .earliest),
        IdentityOf(ledger: ledger, digest: .zero),
        Publications(ledger: ledger),
        ListProposals(ledger: ledger),
        InsertProposal(ledger: ledger, proposal: proposal, publication: nil),
        SupersedeProposals(ledger: ledger, except: book, at: .earliest),
        DecideProposal(
            ledger: ledger, proposal: id, decision: .rejected, at: .earliest, publication: nil),
        ListUnpublished(ledger: ledger),
    ]
}()
