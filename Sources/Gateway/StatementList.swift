import LedgerModel
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let gatewayStatements: [any Statement] = {
    let id = EventID(high: 1, low: 2)
    let token = IdempotencyKeys.Token(
        ledger: LedgerID(1), key: .zero, request: .zero, claim: id)
    let now = Timestamp.earliest
    return [
        ClaimKey(token: token, now: now), FindKey(token: token),
        EndKey(token: token, status: 200, headers: "", body: []), FreeKey(token: token),
        RenewClaims(tokens: [token], until: now), DropOldKeys(now: now),
        TrimAnswers(bytesMax: 1),
    ]
}()
