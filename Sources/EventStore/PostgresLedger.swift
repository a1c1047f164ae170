package import LedgerModel
package import Postgres

/// A ledger in PostgreSQL, with the one writer that this process has for it.
///
/// Callers hand over finished batches; the writer gathers what arrived while the previous commit
/// was running and commits it as one block. Any number of processes may do so at once: the head
/// row of the ledger puts their commits in order.
package actor PostgresLedger: LedgerStore {
    package nonisolated let id: LedgerID
    private nonisolated let pool: Pool
    private let makeBatchID: @Sendable () -> EventID

    private var queue = AppendQueue<Pending>()
    private var knownMonths: Set<Month> = []
    private var lastKnownBlock: Int64 = 0
    /// The last commit met entries that the ledger had: search first next time too.
    private var expectsDuplicates = false
    private var whenIdle: [CheckedContinuation<Void, Never>] = []

    private struct Pending {
        let batch: EntryBatch
        let companion: (@Sendable (Session) throws -> Void)?
        let continuation: CheckedContinuation<AppendReceipt, any Error>
    }

    /// How long a commit is tried again after the database went away.
    private static let settleMax: Duration = .seconds(15)

    /// - Parameter makeBatchID: names commits; the ids must be unique.
    package init(
        id: LedgerID, pool: Pool, makeBatchID: @escaping @Sendable () -> EventID
    ) {
        self.id = id
        self.pool = pool
        self.makeBatchID = makeBatchID
    }

    package func append(_ batch: EntryBatch) async throws -> AppendReceipt {
        try await append(batch, with: nil)
    }

    /// Appends a batch together with statements of the caller's own, in one transaction.
    ///
    /// - Parameter companion: may run more than once, when a commit has to be tried again; it runs
    ///   before the head is locked.
    package func append(
        _ batch: EntryBatch, with companion: (@Sendable (Session) throws -> Void)?
    ) async throws -> AppendReceipt {
        precondition(batch.ledger == id, "a batch is appended to the ledger it was made for")
        if batch.isEmpty && companion == nil {
            return AppendReceipt(outcomes: [], head: try await head())
        }
        return try await withCheckedThrowingContinuation { continuation in
            let pending = Pending(
                batch: batch, companion: companion, continuation: continuation)
            let action = queue.add(
                pending, rows: batch.rowCount, bytes: batch.rows.count,
                isAlone: companion != nil)
            switch action {
            case .wait: break
            case .start: Task { await self.drain() }
            case .refuse(.full): continuation.resume(throwing: AppendError.overloaded)
            case .refuse(.closed): continuation.resume(throwing: AppendError.closed)
            }
        }
    }

    /// Rows that wait for the writer now.
    package var waitingRows: Int { queue.waitingRows }

    /// Refuses what comes from now on and returns once everything accepted is settled.
    package func close() async {
        queue.close()
        if queue.isIdle { return }
        await withCheckedContinuation { whenIdle.append($0) }
    }

    // MARK: The writer

    private func drain() async {
        while let group = queue.nextGroup() {
            let transaction = AppendTransaction(
                ledger: id, batchID: makeBatchID(), lastKnownBlock: lastKnownBlock,
                batches: group.map(\.batch), companion: group.first?.companion)
            do {
                let receipts = try await settle(transaction)
                for (pending, receipt) in zip(group, receipts) {
                    pending.continuation.resume(returning: receipt)
                }
            } catch {
                for pending in group { pending.continuation.resume(throwing: error) }
            }
        }
        for waiter in whenIdle { waiter.resume() }
        whenIdle = []
    }

    /// Commits a group, whatever stands in the way: duplicates, a stalled writer, a lost
    /// connection.
    ///
    /// After a loss the next try first asks whether the commit went through.
    private func settle(_ transaction: AppendTransaction) async throws -> [AppendReceipt] {
        let start = ContinuousClock.now
        var searchesFirst = expectsDuplicates
        while true {
            do {
                try await ensureMonths(of: transaction)
                let isSearching = searchesFirst
                let receipts = try await pool.transaction { session in
                    isSearching
                        ? try transaction.appendNew(in: session)
                        : try transaction.appendAll(in: session)
                }
                remember(receipts)
                return receipts
            } catch let error as PostgresError {
                let isLate = ContinuousClock.now - start > Self.settleMax
                switch error.code {
                case .uniqueViolation where !searchesFirst: break
                case .lockNotAvailable where !isLate:
                    try? await pool.session { session in
                        _ = try session.run(TerminateStalledWriter(ledger: self.id))
                    }
                case _ where error.isConnectionGone || error.code == .poolExhausted:
                    if isLate { throw AppendError.unavailable(error) }
                    try await Task.sleep(for: .milliseconds(100))
                case _ where error.isRetryable && !isLate: break
                default: throw error
                }
                searchesFirst = true
            }
        }
    }

    private func ensureMonths(of transaction: AppendTransaction) async throws {
        var missing: Set<Month> = []
        for batch in transaction.batches {
            for entry in batch.entries {
                let month = entry.id.time.month
                if !knownMonths.contains(month) { missing.insert(month) }
            }
        }
        for month in missing.sorted() {
            _ = try await pool.session { session in
                try session.run(EnsureMonth(month: month.start))
            }
            knownMonths.insert(month)
        }
    }

    private func remember(_ receipts: [AppendReceipt]) {
        lastKnownBlock = receipts.last?.head.block ?? lastKnownBlock
        expectsDuplicates = receipts.contains { receipt in
            receipt.outcomes.contains { outcome in
                if case .appended = outcome { false } else { true }
            }
        }
    }
}

// MARK: - Reading

extension PostgresLedger {
    /// Events in one answer.
    package static let readLimitMax = 10_000

    package nonisolated func head() async throws -> Head {
        let ledger = id
        let head = try await pool.session { try $0.first(ReadHead(ledger: ledger)) }
        guard let head else { throw UnknownLedger(ledger: ledger) }
        return head
    }

    package nonisolated func events(
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
            try EventTable.read(.positions(positions, months: months), of: ledger, in: session) {
                events.append(try RecordedEvent(row: $0))
            }
            return events
        }
    }

    package nonisolated func event(_ id: EventID) async throws -> RecordedEvent? {
        let ledger = self.id
        return try await pool.session { session in
            var found: RecordedEvent?
            try EventTable.read(.ids([id]), of: ledger, in: session) {
                found = try RecordedEvent(row: $0)
            }
            return found
        }
    }

    package nonisolated func block(
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
            try EventTable.read(.positions(range, months: row.months), of: ledger, in: session) {
                guard let leaf = hasher.leaf(of: $0.image) else {
                    throw CorruptRow(position: $0.position)
                }
                leaves.append(leaf)
            }
            return (block, leaves)
        }
    }
}

extension RecordedEvent {
    init(row: StoredRow) throws {
        guard let event = Event(image: row.image) else {
            throw CorruptRow(position: row.position)
        }
        self.init(position: row.position, recordedAt: row.recordedAt, event: event)
    }
}
