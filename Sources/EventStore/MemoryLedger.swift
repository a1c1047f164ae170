package import LedgerModel
import Synchronization

/// A ledger in memory with the contract of `PostgresLedger`, for simulation and tests.
package final class MemoryLedger: LedgerStore {
    package let id: LedgerID
    private let clock: @Sendable () -> Timestamp
    private let posting: PostingSource
    private let state = Mutex(State())

    private struct State {
        var images: [[UInt8]] = []
        var leaves: [Digest] = []
        var recordedAt: [Timestamp] = []
        var positionByID: [EventID: Int64] = [:]
        var idByIdentity: [Digest: EventID] = [:]
        var blocks: [Block] = []
        var states: [StateKey: [UInt8]] = [:]
        var rules = PostingRules.none
        var calls = KnownCalls()

        var head: Head {
            guard let last = blocks.last else { return .empty }
            return Head(position: last.lastPosition, block: last.number, hash: last.hash)
        }
    }

    /// - Parameters:
    ///   - posting: the rules by which events are posted to state rows.
    ///   - clock: says when a batch is recorded.
    package init(
        id: LedgerID, posting: PostingSource = .none,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.id = id
        self.posting = posting
        self.clock = clock
    }

    package func append(_ batch: EntryBatch) async throws -> AppendReceipt {
        precondition(batch.ledger == id, "a batch is appended to the ledger it was made for")
        return try await withRules { append(batch, in: &$0) }
    }

    package func append(_ decision: Decision) async throws -> AppendReceipt {
        try await withRules { state in
            if let position = state.positionByID[decision.id] {
                return AppendReceipt(outcomes: [.duplicate(position)], head: state.head)
            }
            var locked = LockedStates(
                state.states, at: clock(), revision: state.rules.revision)
            let decided = try locked.decide(decision)
            var encoder = EntryEncoder()
            let batch = try decision.batch(of: decided.events, for: id, using: &encoder)
            locked.adopt(decided)
            let before = state.states
            for row in locked.changedRows { state.states[row.key] = row.state }
            let receipt = append(batch, in: &state)
            if case .appended = receipt.outcomes[0] { return receipt }
            state.states = before
            return receipt
        }
    }

    /// Runs a body with the rules in force.
    private func withRules<T: Sendable>(
        _ body: (inout sending State) throws -> T
    ) async throws -> T {
        while true {
            let done: T? = try state.withLock { state in
                let inForce = state.states[PostingRules.key] ?? []
                return inForce == state.rules.revision ? try body(&state) : nil
            }
            if let done { return done }
            let rules = try await posting.load()
            try state.withLock { state in
                if rules.revision == state.rules.revision { throw UnknownPostingRules() }
                state.rules = rules
            }
        }
    }

    package func state(of key: StateKey) async throws -> [UInt8] {
        state.withLock { $0.states[key] ?? [] }
    }

    package func states(_ wanted: StateSelection) async throws -> StateSnapshot {
        state.withLock { state in
            StateSnapshot(
                position: state.head.position,
                rows: state.states.filter { key, value in
                    key.kind == wanted.kind && key.name >= wanted.from && key.name < wanted.upTo
                        && value.count > wanted.bytes
                })
        }
    }

    private func append(_ batch: EntryBatch, in state: inout State) -> AppendReceipt {
        let first = state.head.position + 1
        var calls = KnownCalls()
        swap(&calls, &state.calls)
        let notes = calls.notes(of: batch) { position(of: $0, of: batch, in: state) != nil }
        state.calls = calls
        let (repeats, repeated) = encode(notes)
        let outcomes = batch.entries.indices.map { index in
            settle(index, of: batch, isRepeated: repeated.contains(index), in: &state)
        }
        for entry in repeats.entries { add(entry, of: repeats, in: &state) }
        for posting in state.rules.postings(of: batch) {
            guard case .appended = outcomes[posting.entry], !repeated.contains(posting.entry)
            else { continue }
            var content = StateContent(state.states[posting.posting.key] ?? [])
            posting.posting.change(&content)
            state.states[posting.posting.key] = content.bytes
        }
        let count = Int64(state.images.count) - first + 1
        if count > 0 {
            let recordedAt = max(clock(), state.recordedAt.last ?? .earliest)
            let head = state.head
            state.recordedAt += Array(repeating: recordedAt, count: Int(count))
            state.blocks.append(
                Block(
                    ledger: id.number, number: head.block + 1, firstPosition: first,
                    count: count,
                    root: MerkleTree.root(of: Array(state.leaves.suffix(Int(count)))),
                    previousHash: head.hash, recordedAt: recordedAt))
        }
        return AppendReceipt(
            outcomes: outcomes.enumerated().map { index, outcome in
                guard repeated.contains(index), let note = notes[index] else { return outcome }
                return .sameCall(state.positionByID[note.request] ?? 0)
            }, head: state.head)
    }

    /// The notes that a ledger can hold, and of which entries they are.
    private func encode(_ notes: [Int: KnownCalls.Note]) -> (EntryBatch, Set<Int>) {
        var repeats = EntryBatch(for: id)
        var encoder = EntryEncoder()
        var repeated: Set<Int> = []
        for (index, note) in notes.sorted(by: { $0.key < $1.key })
        where repeats.adds(note, using: &encoder) {
            repeated.insert(index)
        }
        return (repeats, repeated)
    }

    /// Where the ledger has an entry, or another event with the id of one of its events.
    private func position(
        of entry: EntryBatch.Entry, of batch: EntryBatch, in state: State
    ) -> Int64? {
        let storedID = entry.identity.flatMap { state.idByIdentity[$0] } ?? entry.id
        let ids = [storedID] + entry.rows.dropFirst().map(batch.id)
        return ids.lazy.compactMap { state.positionByID[$0] }.first
    }

    private func settle(
        _ index: Int, of batch: EntryBatch, isRepeated: Bool, in state: inout State
    ) -> AppendReceipt.Outcome {
        let entry = batch.entries[index]
        if let found = position(of: entry, of: batch, in: state) {
            let image = state.images[Int(found) - 1]
            if image.withUnsafeBytes({ EventRow(image: $0)?.kind }) == .requestRepeated {
                return .sameCall(found)
            }
            let isSame = Self.content(of: image) == batch.content(of: entry)
            return isSame ? .duplicate(found) : .conflict(found)
        }
        let position = Int64(state.images.count) + 1
        if !isRepeated { add(entry, of: batch, in: &state) }
        return .appended(position)
    }

    private static func content(of image: [UInt8]) -> Digest? {
        var hasher = LeafHasher()
        return image.withUnsafeBytes { bytes in
            EventRow(image: bytes).map { hasher.content(of: $0) }
        }
    }

    private func add(_ entry: EntryBatch.Entry, of batch: EntryBatch, in state: inout State) {
        for row in entry.rows {
            state.images.append([UInt8](batch.image(of: row)))
            state.leaves.append(batch.leaves[row])
            state.positionByID[batch.id(of: row)] = Int64(state.images.count)
        }
        if let identity = entry.identity { state.idByIdentity[identity] = entry.id }
    }

    package func head() async throws -> Head { state.withLock { $0.head } }

    package func stored(at positions: [Int64]) async throws -> [Int64: StoredEntry] {
        try state.withLock { state in
            let events = try positions.filter { $0 > 0 && $0 <= state.images.count }
                .map { try recorded(at: Int($0) - 1, in: state) }
            return try StoredEntry.entries(of: events) { ids in
                try ids.compactMap { state.positionByID[$0] }
                    .map { try recorded(at: Int($0) - 1, in: state) }
            }
        }
    }

    package func events(after position: Int64, limit: Int) async throws -> [RecordedEvent] {
        try state.withLock { state in
            let first = min(Int(max(position, 0)), state.images.count)
            let count = min(max(limit, 0), state.images.count - first)
            return try (first..<first + count).map { try recorded(at: $0, in: state) }
        }
    }

    package func event(_ id: EventID) async throws -> RecordedEvent? {
        try state.withLock { state in
            try state.positionByID[id].map { try recorded(at: Int($0) - 1, in: state) }
        }
    }

    package func block(
        holding position: Int64
    ) async throws -> (block: Block, leaves: [Digest])? {
        state.withLock { state in
            guard
                let block = state.blocks.first(where: {
                    $0.firstPosition...$0.lastPosition ~= position
                })
            else { return nil }
            let range = Int(block.firstPosition) - 1..<Int(block.lastPosition)
            return (block, Array(state.leaves[range]))
        }
    }

    private func recorded(at index: Int, in state: State) throws -> RecordedEvent {
        guard let event = state.images[index].withUnsafeBytes({ Event(image: $0) }) else {
            throw CorruptRow(position: Int64(index) + 1)
        }
        return RecordedEvent(
            position: Int64(index) + 1, recordedAt: state.recordedAt[index], event: event)
    }
}
