import LedgerModel
import Postgres

/// Walks along a ledger's blocks and finds the first that is not the next link of the chain, by its
/// own columns; others read the events in between.
struct ChainLinks: Sendable {
    private let ledger: LedgerID
    private let head: Head
    /// The last link.
    private var number: Int64 = 0
    private var position: Int64 = 0
    private var hash = Head.empty.hash
    private var recordedAt = Timestamp(microseconds: 0)
    private(set) var isAtEnd: Bool

    /// - Parameter start: the last link that is known; nil for the beginning of the ledger.
    init(ledger: LedgerID, head: Head, after start: StoredBlock? = nil) {
        self.ledger = ledger
        self.head = head
        if let start {
            number = start.block.number
            position = start.block.lastPosition
            (hash, recordedAt) = (start.hash, start.block.recordedAt)
        }
        isAtEnd = head.block <= number
    }

    /// Reads the next blocks, up to the first wrong one.
    mutating func nextPage(
        in session: Session, _ limits: Verifier.Limits
    ) throws(PostgresError) -> UncheckedPage {
        let isFirst = number == 0
        let first = position + 1
        var page = UncheckedPage(ledger: ledger)
        do {
            try take(into: &page, in: session, limits)
        } catch {
            guard error.code == .decoding else { throw error }
            page.problem = Verifier.Problem(position: first, what: error.message)
        }
        isAtEnd = page.problem != nil || number >= head.block
        // The first page includes rows before the first position: they would be rows too many.
        if !page.blocks.isEmpty { page.positions = (isFirst ? .min : first)...position }
        return page
    }

    private mutating func take(
        into page: inout UncheckedPage, in session: Session, _ limits: Verifier.Limits
    ) throws(PostgresError) {
        let limit = min(limits.blocks, head.block - number)
        var rows: Int64 = 0
        for stored in try session.run(ReadBlocks(ledger: ledger, after: number, limit: limit)) {
            guard rows < limits.rows else { return }
            if let flaw = flaw(of: stored) {
                page.problem = Verifier.Problem(position: position + 1, what: flaw)
                return
            }
            page.blocks.append(stored)
            rows += stored.block.count
            number = stored.block.number
            position = stored.block.lastPosition
            (hash, recordedAt) = (stored.hash, stored.block.recordedAt)
        }
        guard page.blocks.isEmpty else { return }
        page.problem = Verifier.Problem(
            position: position + 1, what: "block \(number + 1) is missing")
    }

    /// What is wrong with a block as the next link; nil if it fits.
    private func flaw(of stored: StoredBlock) -> String? {
        let block = stored.block
        return if block.number != number + 1 {
            "block \(number + 1) is missing"
        } else if block.firstPosition != position + 1 {
            "block \(block.number) starts at position \(block.firstPosition)"
        } else if block.count < 1 || block.count > Int64.max - position - 1 {
            "block \(block.number) cannot have \(block.count) events"
        } else if block.previousHash != hash {
            "block \(block.number) does not link to the block before it"
        } else if block.hash != stored.hash {
            "the hash of block \(block.number) does not match its contents"
        } else if block.recordedAt < recordedAt {
            "block \(block.number) is recorded before the block before it"
        } else {
            nil
        }
    }
}

/// Links of the chain whose events are not checked yet.
struct UncheckedPage: Sendable {
    let ledger: LedgerID
    var blocks: [StoredBlock] = []
    var positions: ClosedRange<Int64>?
    /// The problem after these blocks, if there is one.
    var problem: Verifier.Problem?

    /// Reads the events in one ordered read and hashes them.
    ///
    /// The read does not name the months of the blocks: a smuggled row may lie in any.
    func check(in session: Session) throws -> CheckedPage {
        var check = PageCheck(blocks: blocks)
        guard let positions else {
            return CheckedPage(blocks: [], found: [], problem: problem)
        }
        do {
            try HistoryQuery.whole(ledger).read(.positions(positions), in: session) {
                check.add($0)
            }
            check.finish()
        } catch let error as PostgresError where error.code == .decoding {
            let first = max(positions.lowerBound, 1)
            return CheckedPage(
                blocks: [], found: [], problem: .init(position: first, what: error.message))
        }
        return CheckedPage(blocks: blocks, found: check.found, problem: check.problem ?? problem)
    }
}

/// What the events of some blocks say, and what is wrong with them.
struct CheckedPage: Sendable {
    let blocks: [StoredBlock]
    let found: [PageCheck.Found]
    let problem: Verifier.Problem?
}
