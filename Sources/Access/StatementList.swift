import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let accessStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let id = EventID(high: 1, low: 2)
    return [
        DatabaseSize(), ListLedgers(), ReadServerFacts(),
        FindLedger(name: "main"),
        InsertLedger(name: "main"),
        InsertHead(ledger: ledger), FindZone(ledger: ledger), ListZones(ledger: ledger),
        InsertZone(ledger: ledger, zone: "UTC", at: .earliest, author: "somebody"),
        InsertKey(id: id, ledgers: [ledger], name: "key", scopes: ["read"], digest: .zero),
        ListKeys(within: .everyLedger),
        FindKey(digest: .zero),
        RevokeKey(id: id, within: .everyLedger),
    ]
}()
