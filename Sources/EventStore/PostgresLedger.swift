package import LedgerModel
import LedgerSQL
package import Postgres
import Synchronization

/// A ledger in PostgreSQL, with this process's only writer for it.
///
/// Callers hand over finished batches and decisions; the writer gathers what arrived while the
/// previous commit was running and commits it as one block. Any number of processes may do so at
/// once: the head row of the ledger puts their commits in order.
///
/// The queue is behind a lock and not in an actor: otherwise a caller that only enqueues would
/// change threads twice.
package final class PostgresLedger: LedgerStore {
    package let id: LedgerID
    let pool: Pool
    private let writer: LedgerWriter
    private let state = Mutex(State())

    private struct State {
        var queue = AppendQueue<Pending>()
        var whenIdle: [CheckedContinuation<Void, Never>] = []
    }

    private struct Pending {
        let submission: Submission
        let continuation: CheckedContinuation<AppendReceipt, any Error>
    }

    /// - Parameters:
    ///   - posting: the rules by which events are posted to state rows.
    ///   - makeBatchID: names commits; the ids must be unique.
    package init(
        id: LedgerID, pool: Pool, posting: PostingSource = .none,
        makeBatchID: @escaping @Sendable () -> EventID
    ) {
        self.id = id
        self.pool = pool
        writer = LedgerWriter(id: id, pool: pool, makeBatchID: makeBatchID, posting: posting)
    }

    package func append(_ batch: EntryBatch) async throws -> AppendReceipt {
        precondition(batch.ledger == id, "a batch is appended to the ledger it was made for")
        if batch.isEmpty { return AppendReceipt(outcomes: [], head: try await head()) }
        return try await submit(.batch(batch))
    }

    package func append(_ decision: Decision) async throws -> AppendReceipt {
        try await submit(.decision(decision.encoded(for: id)))
    }

    private func submit(_ submission: Submission) async throws -> AppendReceipt {
        try await withCheckedThrowingContinuation { continuation in
            let pending = Pending(submission: submission, continuation: continuation)
            let size = submission.size
            let action = state.withLock {
                $0.queue.add(pending, rows: size.rows, bytes: size.bytes)
            }
            switch action {
            case .wait: break
            case .start: Task { await self.drain() }
            case .refuse(.full): continuation.resume(throwing: AppendError.overloaded)
            case .refuse(.closed): continuation.resume(throwing: AppendError.closed)
            }
        }
    }

    /// Rows that wait for the writer.
    package var waitingRows: Int { state.withLock { $0.queue.waitingRows } }

    /// Refuses new submissions and returns once all accepted ones are settled.
    package func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.queue.close()
                if !state.queue.isIdle { state.whenIdle.append(continuation) }
                return state.queue.isIdle
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Commits group after group until nothing waits; only one of these runs at a time.
    @concurrent private func drain() async {
        while true {
            switch state.withLock({ $0.queue.next() }) {
            case .commit(let group):
                await commit(group)
            case .gather:
                // Nobody cancels this task; if somebody did, the crowd would only be smaller.
                try? await Task.sleep(for: AppendQueue<Pending>.gatherMax)
            case .rest:
                return finish()
            }
        }
    }

    /// Commits a group; if the database refuses its content, commits the members one by one, so
    /// that only the guilty one fails.
    private func commit(_ group: [Pending]) async {
        do {
            let answers = try await writer.commit(group.map(\.submission))
            for (pending, answer) in zip(group, answers) {
                pending.continuation.resume(with: answer)
            }
        } catch let error as PostgresError where error.isOfContent {
            if group.count == 1 {
                group[0].continuation.resume(throwing: AppendError.refused(error))
            } else {
                for pending in group { await commit([pending]) }
            }
        } catch {
            for pending in group { pending.continuation.resume(throwing: error) }
        }
    }

    private func finish() {
        let waiters = state.withLock { state in
            // Somebody may have started the next writer meanwhile; that one will resume them.
            guard state.queue.isIdle else { return [CheckedContinuation<Void, Never>]() }
            defer { state.whenIdle = [] }
            return state.whenIdle
        }
        for waiter in waiters { waiter.resume() }
    }
}

// MARK: - Reading

extension PostgresLedger {
    /// Events in one answer.
    package static let readLimitMax = 10_000

    package func head() async throws -> Head {
        let ledger = id
        let head = try await pool.session { try $0.first(ReadHead(ledger: ledger)) }
        guard let head else { throw UnknownLedger(ledger: ledger) }
        return head
    }

    package func events(
        after position: Int64, limit: Int
    ) async throws -> [RecordedEvent] {
        let ledger = id
        let position = min(max(position, 0), Int64.max - Int64(Self.readLimitMax))
        let limit = min(limit, Self.readLimitMax)
        if limit <= 0 { return [] }
        return try await pool.session { session in
            var events: [RecordedEvent] = []
            let positions = position + 1...position + Int64(limit)
            let months = try session.first(
                MonthsOfPositions(
                    ledger: ledger, first: positions.lowerBound, last: positions.upperBound))
            guard let months else { return [] }
            let page = HistoryPage(positions, months: months)
            try HistoryQuery.whole(ledger).read(.page(page), in: session) {
                events.append(try RecordedEvent(row: $0))
            }
            return events
        }
    }

    package func event(_ id: EventID) async throws -> RecordedEvent? {
        let ledger = self.id
        return try await pool.session { try $0.events([id], of: ledger).first }
    }

    package func state(of key: StateKey) async throws -> [UInt8] {
        let ledger = id
        return try await pool.session { session in
            try session.first(ReadState(ledger: ledger, key: key)) ?? []
        }
    }

    package func states(_ wanted: StateSelection) async throws -> StateSnapshot {
        let list = ListStates(ledger: id, wanted: wanted)
        let found = try await pool.session { try $0.run(list) }
        guard let position = found.first?.position else { throw UnknownLedger(ledger: id) }
        guard found.count < StateSelection.rowsMax else { throw TooManyStates(ledger: id) }
        var rows: [StateKey: [UInt8]] = [:]
        for row in found {
            if let name = row.name { rows[StateKey(kind: wanted.kind, name: name)] = row.state }
        }
        return StateSnapshot(position: position, rows: rows)
    }

    package func block(
        holding position: Int64
    ) async throws -> (block: Block, leaves: [Digest])? {
        let ledger = id
        return try await pool.session { session in
            guard
                let row = try session.first(
                    ReadBlock(ledger: ledger, position: position))
            else { return nil }
            let block = row.block
            guard block.firstPosition...block.lastPosition ~= position else { return nil }
            var leaves: [Digest] = []
            var hasher = LeafHasher()
            let range = block.firstPosition...block.lastPosition
            let page = HistoryPage(range, months: row.months)
            try HistoryQuery.whole(ledger).read(.page(page), in: session) {
                leaves.append(hasher.leaf(of: $0))
            }
            return (block, leaves)
        }
    }
}

extension RecordedEvent {
    init(row: EventRow) throws {
        guard let event = Event(row) else {
            throw CorruptRow(position: row.position)
        }
        self.init(position: row.position, recordedAt: row.recordedAt, event: event)
    }
}
