import LedgerModel
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let cacheServingStatements: [any Statement] =
    [FindReaders(ledger: LedgerID(1), key: Digest(hashing: []), limit: 1)] + nearStatements
