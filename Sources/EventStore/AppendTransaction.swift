package import LedgerModel
import LedgerSQL
import Postgres

/// The synchronous body of one commit: a group of batches on its way into one ledger.
struct AppendTransaction: Sendable {
    let ledger: LedgerID
    /// Names the block of this commit, so that a lost connection can be asked about it.
    let batchID: EventID
    /// The last block known before the first try of this commit.
    let lastKnownBlock: Int64
    let batches: [EntryBatch]
    /// Statements of the caller's own that share the commit, run before the head is locked.
    let companion: (@Sendable (Session) throws -> Void)?

    /// Appends everything, in the hope that all of it is new; a unique violation says otherwise.
    func appendAll(in session: Session) throws -> [AppendReceipt] {
        try companion?(session)
        if batches.allSatisfy(\.isEmpty) { return try emptyReceipts(in: session) }
        let everything = batches.map { Array($0.entries.indices) }
        let head = try write(everything, in: session)
        var position = head.position - Int64(batches.reduce(0) { $0 + $1.rowCount })
        return batches.map { batch in
            let outcomes = batch.entries.map { entry in
                defer { position += Int64(entry.rows.count) }
                return AppendReceipt.Outcome.appended(position + 1)
            }
            return AppendReceipt(outcomes: outcomes, head: head)
        }
    }

    /// What companion statements without entries come with.
    private func emptyReceipts(in session: Session) throws -> [AppendReceipt] {
        guard let head = try session.first(ReadHead(ledger: ledger)) else {
            throw UnknownLedger(ledger: ledger)
        }
        return batches.map { _ in AppendReceipt(outcomes: [], head: head) }
    }

    /// Appends what the ledger does not have, and tells the rest apart.
    ///
    /// The head is locked in one statement and the ledger searched in the next: the search needs a
    /// snapshot taken after the lock, or it misses what the last holder committed. For the same
    /// reason this also answers whether an earlier try of this very commit went through: its
    /// block, found by the batch id, marks its entries as appended.
    func appendNew(in session: Session) throws -> [AppendReceipt] {
        try companion?(session)
        let locked = try session.pipeline(WriterLimits(), LockHead(ledger: ledger)).1
        guard let head = locked.first else { throw UnknownLedger(ledger: ledger) }
        let committed = try session.first(
            FindBatch(ledger: ledger, batchID: batchID, after: lastKnownBlock))
        var known = try knownEvents(in: session)
        // Of equal entries in an earlier try that went through, the first was the one appended.
        var claimed: Set<Int64> = []

        var outcomes: [[AppendReceipt.Outcome]] = []
        var selection: [[Int]] = []
        var position = head.position
        for batch in batches {
            var selected: [Int] = []
            outcomes.append(
                batch.entries.indices.map { index in
                    let entry = batch.entries[index]
                    let leaf = batch.leaves[entry.rows.lowerBound]
                    if let found = known.find(entry) {
                        if found.leaf == leaf, committed?.contains(found.position) == true,
                            claimed.insert(found.position).inserted
                        {
                            return .appended(found.position)
                        }
                        return found.leaf == leaf
                            ? .duplicate(found.position) : .conflict(found.position)
                    }
                    selected.append(index)
                    known.add(entry, at: position + 1, leaves: batch.leaves[entry.rows])
                    defer { position += Int64(entry.rows.count) }
                    return .appended(position + 1)
                })
            selection.append(selected)
        }
        let isEmpty = selection.allSatisfy(\.isEmpty)
        let end = isEmpty ? head : try write(selection, in: session)
        return outcomes.map { AppendReceipt(outcomes: $0, head: end) }
    }

    // MARK: Writing

    /// Advances the head, inserts the block, copies the rows of the selected entries, and commits.
    private func write(
        _ selection: [[Int]], in session: Session
    ) throws -> Head {
        var leaves: [Digest] = []
        var totals = BlockTotals()
        var months: (first: Month, last: Month)?
        for (batch, indices) in zip(batches, selection) {
            for index in indices {
                let entry = batch.entries[index]
                leaves += batch.leaves[entry.rows]
                totals += entry.totals
                let month = entry.id.time.month
                months = (min(months?.first ?? month, month), max(months?.last ?? month, month))
            }
        }
        guard let months else { preconditionFailure("a block has at least one event") }
        let advance = AdvanceHead(
            ledger: ledger, count: Int64(leaves.count), root: MerkleTree.root(of: leaves),
            batchID: batchID, firstMonth: months.first.start, lastMonth: months.last.start,
            totals: totals)
        guard let block = try session.pipeline(WriterLimits(), advance).1.first else {
            throw UnknownLedger(ledger: ledger)
        }
        try copyIdentities(selection, in: session)
        try copyRows(selection, from: block.firstPosition, at: block.recordedAt, in: session)
        return Head(
            position: block.firstPosition + advance.count - 1, block: block.block,
            hash: block.hash)
    }

    /// The rows are the last thing in a commit, so they take it along.
    private func copyRows(
        _ selection: [[Int]], from firstPosition: Int64, at recordedAt: Timestamp,
        in session: Session
    ) throws {
        var position = firstPosition
        try session.copyInAndCommit(RowFrame.copyIn) { writer in
            try writer.write(BinaryCopyBuffer.headerBytes)
            for (batch, indices) in zip(batches, selection) {
                var rows = batch.rows
                try rows.withUnsafeMutableBytes { bytes in
                    for row in indices.lazy.flatMap({ batch.entries[$0].rows }) {
                        RowFrame.stamp(
                            bytes, at: batch.rowStarts[row], position: position,
                            recordedAt: recordedAt)
                        position += 1
                    }
                    for run in batch.byteRuns(of: indices) {
                        try writer.write(UnsafeRawBufferPointer(rebasing: bytes[run]))
                    }
                }
            }
            try writer.write(BinaryCopyBuffer.trailerBytes)
        }
    }

    private func copyIdentities(_ selection: [[Int]], in session: Session) throws {
        var rows: [UInt8] = []
        for (batch, indices) in zip(batches, selection) {
            for index in indices {
                let entry = batch.entries[index]
                guard let digest = entry.identity else { continue }
                IdentityRow(ledger: ledger, digest: digest, id: entry.id).append(to: &rows)
            }
        }
        if rows.isEmpty { return }
        try session.copyIn(
            IdentityRow.copyIn,
            [BinaryCopyBuffer.headerBytes, rows, BinaryCopyBuffer.trailerBytes])
    }

    // MARK: Knowing

    private func knownEvents(in session: Session) throws -> KnownEvents {
        var known = KnownEvents()
        let entries = batches.flatMap(\.entries)
        let digests = entries.compactMap(\.identity)
        if !digests.isEmpty {
            for (digest, id) in try session.run(
                FindIdentities(ledger: ledger, digests: digests))
            {
                known.idByIdentity[digest] = id
            }
        }
        let ids = Set(entries.map(\.id)).union(entries.compactMap(\.chargeID))
            .union(known.idByIdentity.values)
        var hasher = LeafHasher()
        try HistoryQuery.whole(ledger).read(.ids(Array(ids)), in: session) { row in
            guard let id = row.id(.id) else { throw CorruptRow(position: row.position) }
            known.byID[id] = Known(position: row.position, leaf: hasher.leaf(of: row))
        }
        return known
    }
}

/// An event that the ledger has: where, and what its content hashes to.
private struct Known {
    let position: Int64
    let leaf: Digest
}

private struct KnownEvents {
    var idByIdentity: [Digest: EventID] = [:]
    var byID: [EventID: Known] = [:]

    /// The event with this entry's identity, under whatever id it was stored.
    ///
    /// An entry whose charge would take the id of another event is in conflict with that event.
    func find(_ entry: EntryBatch.Entry) -> Known? {
        if let identity = entry.identity, let id = idByIdentity[identity] { return byID[id] }
        return byID[entry.id] ?? entry.chargeID.flatMap { byID[$0] }
    }

    mutating func add(_ entry: EntryBatch.Entry, at position: Int64, leaves: ArraySlice<Digest>) {
        if let identity = entry.identity { idByIdentity[identity] = entry.id }
        for (id, (offset, leaf)) in zip([entry.id, entry.chargeID], leaves.enumerated()) {
            guard let id else { continue }
            byID[id] = Known(position: position + Int64(offset), leaf: leaf)
        }
    }
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
