import LedgerModel
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let budgetingStatements: [any Statement] = {
    let ledger = LedgerID(1)
    return [
        ListBudgetEvents(ledger: ledger),
        CountBudgetEvents(ledger: ledger),
        FindCounted(
            ledger: ledger, filter: [:], each: .user, since: .earliest),
        FindUnreached(ledger: ledger, filter: [:], each: .team, since: .earliest),
        FindIdentity(ledger: ledger, digest: Digest(hashing: [])),
        FindPrefix(
            ledger: ledger, key: .init(session: "s", provider: "p", model: "m"), since: .earliest),
        SumWindow(
            ledger: ledger, each: .user, upTo: 1, from: .earliest, until: .earliest, filter: [:]),
    ]
}()
