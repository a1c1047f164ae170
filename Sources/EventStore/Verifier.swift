package import LedgerModel
import LedgerSQL
package import Postgres

/// Recomputes a ledger's chain from its rows and finds whatever was changed, removed, inserted or
/// swapped.
///
/// Reads ranges of blocks in short transactions, so that a long verification holds no snapshot.
package struct Verifier: Sendable {
    private let ledger: LedgerID
    private let pool: Pool
    private let limits: Limits

    /// How much is read in one transaction: at most so many blocks, and no further block once
    /// there are so many rows.
    package struct Limits: Sendable {
        package var blocks: Int64 = 4_096
        package var rows: Int64 = 131_072

        package init() {}
    }

    package init(ledger: LedgerID, pool: Pool, limits: Limits = Limits()) {
        self.ledger = ledger
        self.pool = pool
        self.limits = limits
    }

    /// How much was verified, and the first thing that is wrong.
    package struct Report: Hashable, Sendable {
        package var events: Int64 = 0
        package var blocks: Int64 = 0
        package var head = Head.empty
        package var problem: Problem?
    }

    /// The first bad position and what is wrong there.
    package struct Problem: Hashable, Sendable, CustomStringConvertible {
        package let position: Int64
        package let what: String
        package var description: String { "position \(position): \(what)" }
    }

    /// Verifies everything up to the head of this moment.
    ///
    /// - Parameters:
    ///   - checkpoint: what an earlier head was, kept outside of the database; a shorter ledger
    ///     or another hash at that block is a problem.
    ///   - progress: called with the events verified so far and those there are in all.
    package func verify(
        against checkpoint: Checkpoint? = nil,
        progress: @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> Report {
        let (ledger, limits) = (self.ledger, self.limits)
        if let checkpoint, checkpoint.ledger != ledger {
            throw ForeignCheckpoint(checkpoint: checkpoint.ledger, ledger: ledger)
        }
        guard let head = try await pool.session({ try $0.first(ReadHead(ledger: ledger)) }) else {
            throw UnknownLedger(ledger: ledger)
        }
        var chain = ChainCheck(ledger: ledger, checkpoint: checkpoint)
        while chain.report.problem == nil, chain.report.head.block < head.block {
            let start = chain
            let next = try await pool.session { session in
                var chain = start
                do {
                    try chain.verifyPage(in: session, upTo: head, limits)
                } catch let error as PostgresError where error.code == .decoding {
                    chain.fail(at: chain.report.head.position + 1, error.message)
                }
                return chain
            }
            guard next.report.head.block > start.report.head.block || next.report.problem != nil
            else {
                chain.fail(
                    at: start.report.head.position + 1,
                    "block \(start.report.head.block + 1) is missing")
                break
            }
            chain = next
            progress(chain.report.events, head.position)
        }
        if chain.report.problem == nil { chain.compare(with: head) }
        if chain.report.problem == nil {
            let checked = chain
            let problem = try await pool.transaction(readOnly: true) { session in
                try checked.looseEnd(in: session)
            }
            chain.report.problem = problem
        }
        return chain.report
    }
}

/// The checkpoint to verify against is that of another ledger.
package struct ForeignCheckpoint: Fault {
    package var kind: FaultKind { .invalid }

    package let checkpoint: LedgerID
    package let ledger: LedgerID
    package var description: String {
        "the checkpoint is of ledger \(checkpoint), not of ledger \(ledger)"
    }
}

/// The state of a verification between two pages.
struct ChainCheck: Sendable {
    let ledger: LedgerID
    let checkpoint: Checkpoint?
    var report = Verifier.Report()
    private var recordedAt = Timestamp(microseconds: 0)
    private var totals = BlockTotals()

    init(ledger: LedgerID, checkpoint: Checkpoint?) {
        self.ledger = ledger
        self.checkpoint = checkpoint
    }

    mutating func fail(at position: Int64, _ what: String) {
        report.problem = report.problem ?? Verifier.Problem(position: position, what: what)
    }

    /// Verifies the next blocks, with their events in one ordered read.
    ///
    /// The read does not name the months of the blocks: a row that was slipped in lies in any.
    mutating func verifyPage(
        in session: Session, upTo head: Head, _ limits: Verifier.Limits
    ) throws {
        var blocks = try session.run(
            ReadBlocks(
                ledger: ledger, after: report.head.block,
                limit: min(limits.blocks, head.block - report.head.block)))
        var rows: Int64 = 0
        let count = blocks.prefix { block in
            defer { rows &+= block.block.count }
            return rows < limits.rows
        }.count
        blocks.removeSubrange(count...)
        let broken = firstBreak(in: blocks)
        if let broken { blocks.removeSubrange(broken.index...) }
        if let last = blocks.last {
            // From the first page on, rows before the first position would be rows too many.
            let from = report.head.block == 0 ? Int64.min : report.head.position + 1
            var page = PageCheck(blocks: blocks)
            try EventTable.read(
                .positions(from...last.block.lastPosition, months: nil), of: ledger, in: session
            ) { page.add($0) }
            page.finish()
            for (block, found) in zip(blocks, page.found) {
                check(block, found)
                if report.problem != nil { return }
            }
            if let problem = page.problem { return fail(at: problem.position, problem.what) }
        }
        if let broken { fail(at: report.head.position + 1, broken.what) }
    }

    /// The first block that is not the next link of the chain, by its own columns.
    private func firstBreak(in blocks: [StoredBlock]) -> (index: Int, what: String)? {
        var (number, position) = (report.head.block + 1, report.head.position + 1)
        var (hash, time) = (report.head.hash, recordedAt)
        for (index, stored) in blocks.enumerated() {
            let block = stored.block
            let what: String? =
                if block.number != number {
                    "block \(number) is missing"
                } else if block.firstPosition != position {
                    "block \(number) starts at position \(block.firstPosition)"
                } else if block.count < 1 || block.count > Int64.max - position {
                    "block \(number) cannot have \(block.count) events"
                } else if block.previousHash != hash {
                    "block \(number) does not link to the block before it"
                } else if block.hash != stored.hash {
                    "the hash of block \(number) is not that of its contents"
                } else if block.recordedAt < time {
                    "block \(number) is recorded before the block before it"
                } else {
                    nil
                }
            if let what { return (index, what) }
            number += 1
            position += block.count
            (hash, time) = (stored.hash, block.recordedAt)
        }
        return nil
    }

    private mutating func check(_ stored: StoredBlock, _ found: PageCheck.Found) {
        let block = stored.block
        let first = block.firstPosition
        if let wrongTime = found.wrongTime {
            return fail(at: wrongTime, "recorded_at is not that of block \(block.number)")
        }
        if found.root != block.root {
            return fail(
                at: found.wrongLeaf ?? first,
                found.wrongLeaf != nil
                    ? "the event was changed after it was recorded"
                    : "an event of block \(block.number) (positions \(first) to "
                        + "\(block.lastPosition)) was changed after it was recorded")
        }
        if let wrongLeaf = found.wrongLeaf {
            return fail(at: wrongLeaf, "leaf_prefix is not that of the event")
        }
        checkTotals(stored, found)
    }

    private mutating func checkTotals(_ stored: StoredBlock, _ found: PageCheck.Found) {
        let block = stored.block
        let first = block.firstPosition
        totals += found.totals
        if stored.requests != totals.requests || stored.charged != totals.charged {
            return fail(
                at: first, "the totals of block \(block.number) are not those of its events")
        }
        if stored.firstMonth != found.months?.lowerBound.start
            || stored.lastMonth != found.months?.upperBound.start
        {
            return fail(at: first, "block \(block.number) names other months than its events have")
        }
        recordedAt = block.recordedAt
        report.blocks += 1
        report.events += block.count
        report.head = Head(position: block.lastPosition, block: block.number, hash: stored.hash)
        if let checkpoint, checkpoint.head.block == block.number, checkpoint.head != report.head {
            fail(
                at: first,
                "block \(block.number) has another hash than the checkpoint of "
                    + "\(checkpoint.recordedAt): history was rewritten")
        }
    }

    mutating func compare(with head: Head) {
        if let checkpoint, checkpoint.head.block > report.head.block {
            return fail(
                at: report.head.position + 1,
                "the ledger ends here, but the checkpoint of \(checkpoint.recordedAt) saw "
                    + "\(checkpoint.head.position) events: the tail was removed")
        }
        if head != report.head {
            fail(
                at: report.head.position + 1,
                "the head names position \(head.position) and another hash than the last block")
        }
    }

    /// What the walk along the blocks cannot see: rows outside of it, a head that would mislead
    /// the next block, and external identities that do not match the events.
    ///
    /// Each statement compares within its own snapshot, since others go on appending.
    func looseEnd(in session: Session) throws -> Verifier.Problem? {
        // A ledger that was just filled has no statistics yet, and comparing 60,000 identities
        // with their events row by row took 40 s; by a hash table it takes half a second.
        try session.execute("SET LOCAL enable_nestloop = off")
        if let position = try session.first(EventOutsideLedger(ledger: ledger)) {
            return Verifier.Problem(
                position: position, what: "the event lies outside the ledger, in no block")
        }
        if let position = try session.first(UnfaithfulHead(ledger: ledger)) {
            return Verifier.Problem(
                position: position, what: "the head says other than the last block")
        }
        if let position = try session.first(EventWithoutIdentity(ledger: ledger)) {
            return Verifier.Problem(
                position: position,
                what: "the event's external id is not in the index of identities")
        }
        if let digest = try session.first(IdentityWithoutEvent(ledger: ledger)) {
            return Verifier.Problem(
                position: report.head.position, what: "identity \(digest) belongs to no event")
        }
        return nil
    }
}
