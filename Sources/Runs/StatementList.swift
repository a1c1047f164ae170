import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let runStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let run = EventID(high: 1, low: 2)
    return [
        InsertRun(
            ledger: ledger, run: run, kind: "", scope: "", request: "", owner: nil,
            unfinishedMax: 1),
        FindRun(ledger: ledger, run: run), ListRuns(ledger: ledger, kinds: []),
        FindRunResult(ledger: ledger, run: run), DropOldRuns(ledger: ledger, kind: "", kept: 1),
        CancelRun(ledger: ledger, run: run, silence: 1), EndCancelledRuns(silence: 1),
        FindClaimable(kinds: [], silence: 1),
        FindAbandoned(ledger: ledger, kind: "", request: "", silence: 1),
        ClaimRun(ledger: ledger, run: run, owner: run, silence: 1),
        GiveUpRun(ledger: ledger, run: run, attemptsMax: 1, silence: 1),
        BeatRun(ledger: ledger, run: run, claim: 1, done: 0, total: nil),
        KeepCheckpoint(
            ledger: ledger, run: run, claim: 1, checkpoint: "", done: 0, total: nil),
        FinishRun(ledger: ledger, run: run, claim: 1, result: ""),
        EndRun(ledger: ledger, run: run, claim: 1, state: "failed", error: nil),
        ReleaseRun(ledger: ledger, run: run, claim: 1),
    ]
}()
