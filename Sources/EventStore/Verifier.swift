package import LedgerModel
import LedgerSQL
package import Postgres

/// Recomputes a ledger's chain from its rows and finds any change, removal, insertion or swap.
///
/// Reads ranges of blocks in short transactions, so that a long verification holds no snapshot.
package struct Verifier: Sendable {
    private let ledger: LedgerID
    private let pool: Pool
    private let limits: Limits

    /// Pages hashed at a time: while the server formats rows, another core hashes.
    private static let workers = 2

    /// How much one transaction reads: at most so many blocks, and no further block after so many
    /// rows.
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

    /// How much was verified, and the first problem.
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

    /// Verifies everything up to the current head.
    ///
    /// - Parameters:
    ///   - checkpoint: an earlier head, kept outside of the database; a shorter ledger
    ///     or another hash at that block is a problem.
    ///   - progress: called with the events verified so far and those there are in all.
    package func verify(
        against checkpoint: Checkpoint? = nil,
        progress: @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> Report {
        let head = try await head(besides: checkpoint)
        var chain = ChainCheck(ledger: ledger, checkpoint: checkpoint)
        try await walk(&chain, upTo: head) { progress($0, head.position) }
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

    /// Verifies that the ledger continues a checkpoint: its block is there, and each further one
    /// follows from the one before it and from its own events, up to the current head.
    ///
    /// What lies before the checkpoint was verified when that was signed, and is not read again.
    ///
    /// - Parameter known: a checkpoint of the ledger.
    /// - Returns: how much is new.
    package func verify(since known: Checkpoint) async throws -> Report {
        let head = try await head(besides: known)
        guard known.head.block > 0 else { return try await verify(against: known) }
        let read = ReadBlocks(ledger: ledger, after: known.head.block - 1, limit: 1)
        let start = try await pool.session { try $0.first(read) }
        var chain = ChainCheck(ledger: ledger, checkpoint: known)
        chain.begin(after: start)
        if let start, chain.report.problem == nil {
            try await walk(&chain, after: start, upTo: head) { _ in }
        }
        if chain.report.problem == nil { chain.compare(with: head) }
        return chain.report
    }

    /// The current head; refuses a checkpoint of another ledger.
    private func head(besides checkpoint: Checkpoint?) async throws -> Head {
        let ledger = self.ledger
        if let checkpoint, checkpoint.ledger != ledger {
            throw ForeignCheckpoint(checkpoint: checkpoint.ledger, ledger: ledger)
        }
        guard let head = try await pool.session({ try $0.first(ReadHead(ledger: ledger)) }) else {
            throw UnknownLedger(ledger: ledger)
        }
        return head
    }

    /// Checks page after page: workers read and hash some pages at once; the results are compared
    /// with the chain in page order.
    private func walk(
        _ chain: inout ChainCheck, after start: StoredBlock? = nil, upTo head: Head,
        _ progress: (Int64) -> Void
    ) async throws {
        let (pool, limits) = (self.pool, self.limits)
        try await withThrowingTaskGroup(of: (Int, CheckedPage).self) { group in
            var links = ChainLinks(ledger: ledger, head: head, after: start)
            var early: [Int: CheckedPage] = [:]
            var (begun, running, done) = (0, 0, 0)
            while chain.report.problem == nil {
                while !links.isAtEnd, running < Self.workers, begun - done < 2 * Self.workers {
                    let walked = links
                    let (next, page) = try await pool.session { session in
                        var links = walked
                        let page = try links.nextPage(in: session, limits)
                        return (links, page)
                    }
                    links = next
                    let number = begun
                    group.addTask {
                        (number, try await pool.session { try page.check(in: $0) })
                    }
                    (begun, running) = (begun + 1, running + 1)
                }
                if let page = early.removeValue(forKey: done) {
                    done += 1
                    chain.take(page)
                    progress(chain.report.events)
                } else if let (number, page) = try await group.next() {
                    running -= 1
                    early[number] = page
                } else {
                    return
                }
            }
            group.cancelAll()
        }
    }
}

/// The checkpoint to verify against belongs to another ledger.
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
    private var totals = BlockTotals()

    init(ledger: LedgerID, checkpoint: Checkpoint?) {
        self.ledger = ledger
        self.checkpoint = checkpoint
    }

    /// Begins at the block of the checkpoint, as it is stored now.
    mutating func begin(after stored: StoredBlock?) {
        guard let checkpoint else { return }
        let known = checkpoint.head
        guard let stored, stored.block.number == known.block else {
            return fail(
                at: known.position,
                "block \(known.block), which the checkpoint of \(checkpoint.recordedAt) saw, is "
                    + "missing: the tail was removed")
        }
        report.head = Head(
            position: stored.block.lastPosition, block: stored.block.number, hash: stored.hash)
        totals.requests = stored.requests
        totals.charged = stored.charged ?? .zero
        if report.head != known || stored.block.hash != stored.hash {
            fail(at: stored.block.firstPosition, rewritten(known.block, checkpoint))
        }
    }

    private func rewritten(_ block: Int64, _ checkpoint: Checkpoint) -> String {
        "block \(block) has a different hash than in the checkpoint of "
            + "\(checkpoint.recordedAt): history was rewritten"
    }

    mutating func fail(at position: Int64, _ what: String) {
        report.problem = report.problem ?? Verifier.Problem(position: position, what: what)
    }

    /// Compares the rows of the next page with its blocks.
    mutating func take(_ page: CheckedPage) {
        for (block, found) in zip(page.blocks, page.found) {
            check(block, found)
            if report.problem != nil { return }
        }
        report.problem = page.problem
    }

    private mutating func check(_ stored: StoredBlock, _ found: PageCheck.Found) {
        let block = stored.block
        let first = block.firstPosition
        if let wrongTime = found.wrongTime {
            return fail(at: wrongTime, "recorded_at differs from that of block \(block.number)")
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
            return fail(at: wrongLeaf, "leaf_prefix does not match the event")
        }
        checkTotals(stored, found)
    }

    private mutating func checkTotals(_ stored: StoredBlock, _ found: PageCheck.Found) {
        let block = stored.block
        let first = block.firstPosition
        totals += found.totals
        if stored.requests != totals.requests || stored.charged != totals.charged {
            return fail(
                at: first, "the totals of block \(block.number) do not match its events")
        }
        if stored.firstMonth != found.months?.lowerBound.start
            || stored.lastMonth != found.months?.upperBound.start
        {
            return fail(at: first, "block \(block.number) names the wrong months for its events")
        }
        report.blocks += 1
        report.events += block.count
        report.head = Head(position: block.lastPosition, block: block.number, hash: stored.hash)
        if let checkpoint, checkpoint.head.block == block.number, checkpoint.head != report.head {
            fail(at: first, rewritten(block.number, checkpoint))
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
                "the head names position \(head.position), but its hash is not the last block's")
        }
    }

    /// Finds what the walk along the blocks misses: rows outside of it, a head that would mislead
    /// the next block, and external identities that do not match the events.
    ///
    /// Each statement compares within its own snapshot, since others keep appending.
    func looseEnd(in session: Session) throws -> Verifier.Problem? {
        // A newly filled ledger has no statistics: comparing 60,000 identities with their events
        // row by row took 40 s, by a hash table half a second.
        try session.execute("SET LOCAL enable_nestloop = off")
        if let position = try session.first(EventOutsideLedger(ledger: ledger)) {
            return Verifier.Problem(
                position: position, what: "the event lies outside the ledger, in no block")
        }
        if let position = try session.first(UnfaithfulHead(ledger: ledger)) {
            return Verifier.Problem(
                position: position, what: "the head disagrees with the last block")
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
