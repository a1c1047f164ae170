import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let auditStatements: [any Statement] = [
    FindLogin(ledger: LedgerID(1)),
    EnsureAuditRole(ledger: LedgerID(1), password: "password", verifier: "verifier"),
    EndAuditSession(pid: 1),
    ListExposed(), ListViews(),
    ListAuditLogins(),
    CreateAuditLogin(name: "x", ledger: LedgerID(1), verifier: "verifier"),
    RotateAuditLogin(name: "x", verifier: "verifier"),
    RevokeAuditLogin(name: "x"),
]
