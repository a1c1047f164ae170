import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let runStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let run = EventID(high: 1, low: 2)
    let claim = RunClaim(ledger: ledger, run: run, number: 1)
    return [
        InsertRun(
            ledger: ledger, run: run, kind: "", scope: "", request: "", unfinishedMax: 1),
        FindRun(ledger: ledger, run: run), ListRuns(ledger: ledger, kinds: []),
        FindRunResult(ledger: ledger, run: run), DropOldRuns(ledger: ledger, kind: "", kept: 1),
        CancelRun(ledger: ledger, run: run, silence: 1), EndCancelledRuns(silence: 1),
        FindClaimable(kinds: [], silence: 1),
        ClaimRun(ledger: ledger, run: run, owner: run, silence: 1, attemptsMax: 1),
        BeatRun(claim, done: 0, total: nil), EndRun(claim, as: .failed), ReleaseRun(claim: claim),
    ]
}()
