import LedgerModel
import LedgerSQL
import Postgres

/// Commits groups of batches to one ledger, one after the other.
actor LedgerWriter {
    private nonisolated let id: LedgerID
    private nonisolated let pool: Pool
    private let makeBatchID: @Sendable () -> EventID

    private var knownMonths: Set<Month> = []
    private var lastKnownBlock: Int64 = 0
    /// The last commit met entries that the ledger had: search first next time too.
    private var expectsDuplicates = false

    /// How long a commit is tried again after the database went away.
    private static let settleMax: Duration = .seconds(15)

    init(id: LedgerID, pool: Pool, makeBatchID: @escaping @Sendable () -> EventID) {
        self.id = id
        self.pool = pool
        self.makeBatchID = makeBatchID
    }

    /// One receipt a batch, in their order, once all of them are durable.
    func commit(
        _ batches: [EntryBatch], with companion: (@Sendable (Session) throws -> Void)?
    ) async throws -> [AppendReceipt] {
        try await settle(
            AppendTransaction(
                ledger: id, batchID: makeBatchID(), lastKnownBlock: lastKnownBlock,
                batches: batches, companion: companion))
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
