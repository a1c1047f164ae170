import LedgerModel
import Postgres

/// An event in the ledger: its position and the hash of its content, without the API key.
struct KnownEvent {
    let position: Int64
    let content: Digest
    /// Whether it is a further report of a request that was booked already.
    var isRepeated = false
}

/// What the ledger is known to hold, from a search and from the group being appended.
struct KnownEvents {
    let ledger: LedgerID
    private var idByIdentity: [Digest: EventID] = [:]
    private(set) var byID: [EventID: KnownEvent] = [:]

    init(of ledger: LedgerID) {
        self.ledger = ledger
    }

    /// Looks for the events of some batches, and for others by their ids.
    mutating func search(
        for batches: [EntryBatch], and others: [EventID] = [], in session: Session
    ) throws {
        let digests = batches.flatMap { $0.entries.compactMap(\.identity) }
        var ids = Set(others)
        if !digests.isEmpty {
            for (digest, id) in try session.run(FindIdentities(ledger: ledger, digests: digests)) {
                idByIdentity[digest] = id
                ids.insert(id)
            }
        }
        for batch in batches {
            for row in 0..<batch.rowCount { ids.insert(batch.id(of: row)) }
        }
        var hasher = LeafHasher()
        try HistoryQuery.whole(ledger).read(.ids(Array(ids)), in: session) { row in
            byID[row.eventID] = KnownEvent(
                position: row.position, content: hasher.content(of: row),
                isRepeated: row.kind == .requestRepeated)
        }
    }

    /// The event with this entry's identity, under whatever id it was stored.
    ///
    /// If another event of the entry, such as its charge, has the id of a stored event, they
    /// conflict.
    func find(_ entry: EntryBatch.Entry, of batch: EntryBatch) -> KnownEvent? {
        if let identity = entry.identity, let id = idByIdentity[identity] { return byID[id] }
        if let known = byID[entry.id] { return known }
        return entry.rows.dropFirst().lazy.compactMap { byID[batch.id(of: $0)] }.first
    }

    mutating func add(_ entry: EntryBatch.Entry, of batch: EntryBatch, at position: Int64) {
        if let identity = entry.identity { idByIdentity[identity] = entry.id }
        for (offset, row) in entry.rows.enumerated() {
            byID[batch.id(of: row)] = KnownEvent(
                position: position + Int64(offset), content: batch.content(ofRow: row))
        }
    }

    /// Notes that an entry repeats the request at a position.
    mutating func add(repeated entry: EntryBatch.Entry, of position: Int64) {
        if let identity = entry.identity { idByIdentity[identity] = entry.id }
        byID[entry.id] = KnownEvent(position: position, content: .zero, isRepeated: true)
    }
}
