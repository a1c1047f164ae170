import Batching
import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let batchStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let id = EventID(high: 1, low: 2)
    let now = Timestamp.earliest
    let owner = BatchOwner(ledger: ledger, key: nil, isAdministrator: false)
    let file = BatchFile(
        id: id, name: "", purpose: "", bytes: 0, createdAt: now, expiresAt: now, ownerKey: nil)
    let job = ClaimedJob(
        ledger: ledger, job: id, claim: 1, provider: "", endpoint: "", model: "",
        facts: BatchFacts(), lines: 1, record: "", formedBy: "", waited: 0, cancelRequested: false,
        failures: 0, createdAt: now, finishedAt: nil,
        totals: JobTotals(usage: Usage(), succeeded: 0, failed: 0, expired: 0, retries: 0))
    return [
        InsertFile(ledger: ledger, file: file), SealFile(ledger: ledger, file: file),
        InsertPiece(ledger: ledger, file: id, piece: 0, content: []),
        FindPiece(ledger: ledger, file: id, piece: 0), FindFiles(owner: owner),
        DropFile(ledger: ledger, file: id), KeptBytes(ledger: ledger), DropOldFiles(now: now),
        InsertBatch(
            owner: owner, batch: id, order: BatchOrder(.jobs, endpoint: ""), provider: "",
            lane: "", now: now, expires: now),
        InsertLines(ledger: ledger, batch: id),
        CountLines(ledger: ledger, batch: id, lines: 0, bytes: 0),
        AcceptBatch(ledger: ledger, batch: id, formAt: now, isHeld: false, expires: now),
        FillLane(ledger: ledger, lane: "", now: now, sizeMax: 1),
        DropBatch(ledger: ledger, batch: id), FindBatches(owner: owner, faces: []),
        FindResults(ledger: ledger, batch: id, from: 0, outcomes: [], limit: 1),
        CancelLines(ledger: ledger, batch: id), CancelBatch(ledger: ledger, batch: id, now: now),
        CancelJobs(ledger: ledger, batch: id, now: now), EndBatches(ledger: ledger, now: now),
        FindHeld(), Unhold(ledger: ledger, batch: id), DropOldBatches(now: now),
        DropOldJobs(before: now), FindLane(now: now),
        LockLane(ledger: ledger, lane: "", now: now), FindFreeLines(ledger: ledger, batches: []),
        PostponeLane(ledger: ledger, lane: "", until: now),
        InsertJob(
            ledger: ledger, job: id, provider: "", endpoint: "", model: "", facts: "", lines: 1,
            record: "", formedBy: "", waited: 0, now: now),
        PlaceLines(ledger: ledger, job: id, batches: [], lines: [], places: []),
        ClaimJob(owner: id, term: 1, now: now), RenewClaims(owner: id, term: 1),
        ReleaseClaims(owner: id), KeepJob(job: job, remoteID: nil, finishedAt: nil),
        ReleaseJob(job: job, due: now, error: nil), EndJob(job: job, now: now, error: nil),
        EndLines(ledger: ledger, job: id), FindBodies(ledger: ledger, job: id),
        FindMembers(ledger: ledger, job: id),
        FindRemoteIDs(provider: "", job: id, since: now), OpenJobs(),
    ]
}()
