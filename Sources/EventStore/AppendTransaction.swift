package import LedgerModel
import LedgerSQL
import Postgres

/// The synchronous body of one commit: a group of submissions to one ledger.
///
/// Locks are taken in the same order everywhere: state rows, ascending; then the head. Decisions
/// are made and encoded in between, so nobody waits for them at the head.
struct AppendTransaction: Sendable {
    let ledger: LedgerID
    /// Names the block of this commit, to look for it after a lost connection.
    let batchID: EventID
    /// The last block known before the first try of this commit.
    let lastKnownBlock: Int64
    let submissions: [Submission]
    private let rules: PostingRules
    /// What the batches among the submissions add to state rows.
    private let postings: [[EntryPosting]]
    /// The state rows that decisions and postings need, in ascending order.
    let keys: [StateKey]

    /// Whether the ledger may have other reports of the calls in it.
    var reportsCalls: Bool {
        submissions.contains { submission in
            guard case .batch(let batch) = submission else { return false }
            return !batch.calls.isEmpty
        }
    }

    /// The outcome of a submission: its receipt, or why its decision was refused.
    typealias Answer = Result<AppendReceipt, any Error>

    /// - Parameter more: rows that an earlier attempt turned out to need.
    init(
        ledger: LedgerID, batchID: EventID, lastKnownBlock: Int64, submissions: [Submission],
        rules: PostingRules, more: Set<StateKey> = []
    ) {
        self.ledger = ledger
        self.batchID = batchID
        self.lastKnownBlock = lastKnownBlock
        self.submissions = submissions
        self.rules = rules
        var keys = more
        postings = submissions.map { submission in
            switch submission {
            case .batch(let batch): return rules.postings(of: batch)
            case .decision(let decision):
                keys.formUnion(decision.keys)
                return []
            }
        }
        for posting in postings.joined() { keys.insert(posting.posting.key) }
        self.keys = keys.sorted()
    }

    /// Appends everything, assuming that it is all new; a unique violation says otherwise.
    ///
    /// - Parameter months: the months that have a partition.
    func appendAll(in session: Session, months: Set<Month>) throws -> [Answer] {
        var states = try lockStates(in: session)
        var encoder = EntryEncoder()
        var members = try zip(submissions, postings).map { submission, postings in
            switch submission {
            case .batch(let batch):
                try states.post(postings)
                return GroupMember(all: batch)
            case .decision(let decision):
                let (decided, batch): (Decided, EntryBatch)
                do {
                    decided = try states.decide(decision)
                    batch = try decision.batch(
                        of: decided.events, for: ledger, using: &encoder)
                } catch {
                    return GroupMember(refused: decision.id, error, for: ledger)
                }
                states.adopt(decided)
                try states.post(rules.postings(of: batch))
                return GroupMember(all: batch)
            }
        }
        try recognizeRefused(&members, in: session)
        var block = try write(members, states, months, in: session)
        if block == nil, members.contains(where: { $0.refusal == nil }) {
            block = try head(in: session)
        }
        var position = (block?.position ?? 0) - Int64(members.reduce(0) { $0 + $1.rowCount })
        return members.indices.map { index in
            for entry in members[index].selected {
                members[index].outcomes.append(.appended(position + 1))
                position += Int64(members[index].batch.entries[entry].rows.count)
            }
            return members[index].answer(at: block)
        }
    }

    /// Appends what the ledger lacks, and classifies the rest.
    ///
    /// One statement locks the head and the next searches the ledger: the search needs a snapshot
    /// taken after the lock, or it misses what the last holder committed. The search also tells
    /// whether an earlier attempt of this commit succeeded: its block, found by the batch id, marks
    /// its entries as appended.
    func appendNew(
        searching extent: GroupSearch.Extent, in session: Session, months: Set<Month>
    ) throws -> [Answer] {
        let states = try lockStates(in: session)
        let locked = try session.pipeline(WriterLimits(), LockHead(ledger: ledger)).1
        guard let head = locked.first else { throw UnknownLedger(ledger: ledger) }
        let committed = try session.first(
            FindBatch(ledger: ledger, batchID: batchID, after: lastKnownBlock))
        var search = GroupSearch(
            ledger: ledger, head: head, committed: committed, states: states)
        try search.know(extent, of: submissions, in: session)
        let members = try zip(submissions, postings).map { submission, postings in
            switch submission {
            case .batch(let batch): try search.settle(batch, posting: postings)
            case .decision(let decision):
                try search.settle(decision, posting: rules.postings, in: session)
            }
        }
        let end = try write(members, search.states, months, in: session) ?? head
        return members.map { $0.answer(at: end) }
    }

    // MARK: State

    private func lockStates(in session: Session) throws -> LockedStates {
        if keys.isEmpty { return LockedStates([:], at: .earliest, revision: rules.revision) }
        let (_, rows, clock) = try session.pipeline(
            WriterLimits(), LockStates(ledger: ledger, keys: keys), ReadClock())
        let values = Dictionary(rows.map { ($0.key, $0.state) }) { first, _ in first }
        if values.count < keys.count {
            throw Unprepared.states(keys.filter { values[$0] == nil })
        }
        guard let now = clock.first else {
            throw PostgresError(.decoding, "the database did not return the time")
        }
        if let revision = values[PostingRules.key], revision != rules.revision {
            throw Unprepared.rules
        }
        return LockedStates(values, at: now, revision: rules.revision)
    }

    /// A decision refused now may have been made before, when the answer was lost.
    private func recognizeRefused(_ members: inout [GroupMember], in session: Session) throws {
        let refused = members.compactMap(\.refusal?.decision)
        if refused.isEmpty { return }
        var known = KnownEvents(of: ledger)
        try known.search(for: [], and: refused, in: session)
        for index in members.indices {
            guard let id = members[index].refusal?.decision, let found = known.byID[id] else {
                continue
            }
            members[index].refusal = nil
            members[index].outcomes = [.duplicate(found.position)]
        }
    }

    private func head(in session: Session) throws -> Head {
        guard let head = try session.first(ReadHead(ledger: ledger)) else {
            throw UnknownLedger(ledger: ledger)
        }
        return head
    }

    // MARK: Writing

    /// Writes the state, advances the head, inserts the block, copies the rows of the selected
    /// entries, and commits; returns nil if there are none.
    private func write(
        _ members: [GroupMember], _ states: LockedStates, _ months: Set<Month>,
        in session: Session
    ) throws -> Head? {
        guard let block = try advance(members, months) else {
            if members.contains(where: { $0.refusal != nil }) {
                // A refusal by rules of yesterday would be a false one.
                try check(rules.revision, in: session)
            }
            return nil
        }
        let rows = states.changedRows
        // Behind the head's lock: whoever changed the rules has committed, or waits.
        let inForce = ReadState(ledger: ledger, key: PostingRules.key)
        let (advanced, revision): ([AdvanceHead.Advanced], [[UInt8]])
        if rows.isEmpty {
            (_, advanced, revision) = try session.pipeline(WriterLimits(), block, inForce)
        } else {
            let write = WriteStates(ledger: ledger, rows: rows)
            (_, advanced, revision) = try session.pipeline(write, block, inForce)
        }
        guard let start = advanced.first else { throw UnknownLedger(ledger: ledger) }
        if revision.first ?? [] != states.revisionAfter { throw Unprepared.rules }
        try copyIdentities(members, in: session)
        try copyRows(members, from: start.firstPosition, at: start.recordedAt, in: session)
        return Head(
            position: start.firstPosition + block.count - 1, block: start.block, hash: start.hash)
    }

    private func check(_ revision: [UInt8], in session: Session) throws {
        let inForce = try session.first(ReadState(ledger: ledger, key: PostingRules.key))
        if inForce ?? [] != revision { throw Unprepared.rules }
    }

    /// Makes the block of the selected entries.
    private func advance(
        _ members: [GroupMember], _ known: Set<Month>
    ) throws -> AdvanceHead? {
        var leaves: [Digest] = []
        var totals = BlockTotals()
        var months: [Month] = []
        for index in members.indices {
            for month in members[index].months { months.include(month) }
            members[index].forEachEntry { batch, entry in
                for row in entry.rows { leaves.append(batch.leaves[row]) }
                totals += entry.totals
            }
        }
        let missing = months.filter { !known.contains($0) }
        if !missing.isEmpty { throw Unprepared.months(missing.sorted()) }
        guard let first = months.min(), let last = months.max() else { return nil }
        return AdvanceHead(
            ledger: ledger, count: Int64(leaves.count), root: MerkleTree.root(of: leaves),
            batchID: batchID, firstMonth: first.start, lastMonth: last.start, totals: totals)
    }

    /// Sends the rows last, together with the commit.
    ///
    /// Positions are filled in as rows are gathered for sending: batches are neither changed nor
    /// copied whole while the head is locked.
    private func copyRows(
        _ members: [GroupMember], from firstPosition: Int64, at recordedAt: Timestamp,
        in session: Session
    ) throws {
        var position = firstPosition
        try session.copyInAndCommit(RowFrame.copyIn) { writer in
            try writer.write(BinaryCopyBuffer.headerBytes)
            for index in members.indices {
                try members[index].forEachEntry { batch, entry in
                    for row in entry.rows {
                        let range = batch.rowRange(row)
                        try batch.rows.withUnsafeBytes { bytes in
                            let row = UnsafeRawBufferPointer(rebasing: bytes[range])
                            try writer.write(row) { sent in
                                RowFrame.stamp(sent, position: position, recordedAt: recordedAt)
                            }
                        }
                        position += 1
                    }
                }
            }
            try writer.write(BinaryCopyBuffer.trailerBytes)
        }
    }

    private func copyIdentities(_ members: [GroupMember], in session: Session) throws {
        var rows: [UInt8] = []
        for index in members.indices {
            members[index].forEachEntry { _, entry in
                guard let digest = entry.identity else { return }
                IdentityRow(ledger: ledger, digest: digest, id: entry.id).append(to: &rows)
            }
        }
        if rows.isEmpty { return }
        try session.copyIn(
            IdentityRow.copyIn,
            [BinaryCopyBuffer.headerBytes, rows, BinaryCopyBuffer.trailerBytes])
    }
}

/// What must be made before a group can be tried again.
enum Unprepared: Error {
    /// Rows that are missing, or not locked.
    case states([StateKey])
    case months([Month])
    /// The rules by which events are posted.
    case rules
}

/// The ledger's head row is missing: the ledger was never created.
package struct UnknownLedger: Fault {
    package var kind: FaultKind { .notFound }

    package let ledger: LedgerID

    package init(ledger: LedgerID) {
        self.ledger = ledger
    }

    package var description: String { "there is no ledger \(ledger)" }
}

/// A row that cannot be read as an event; `verify` says more.
package struct CorruptRow: Fault {
    package var kind: FaultKind { .defect }

    package let position: Int64
    package var description: String {
        "the event at position \(position) cannot be read: run tally verify"
    }
}
