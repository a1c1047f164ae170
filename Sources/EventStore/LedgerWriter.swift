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
    /// The last commit met entries that the ledger had: the next one searches first.
    private var expectsDuplicates = false

    /// How long a commit is retried after losing the database.
    private static let settleMax: Duration = .seconds(15)

    init(id: LedgerID, pool: Pool, makeBatchID: @escaping @Sendable () -> EventID) {
        self.id = id
        self.pool = pool
        self.makeBatchID = makeBatchID
    }

    /// Returns one answer per submission, in order, once all are durable.
    func commit(_ submissions: [Submission]) async throws -> [AppendTransaction.Answer] {
        try await settle(
            AppendTransaction(
                ledger: id, batchID: makeBatchID(), lastKnownBlock: lastKnownBlock,
                submissions: submissions))
    }

    /// Commits a group, despite duplicates, a stalled writer or a lost connection.
    ///
    /// After a loss, the next attempt first checks whether the commit succeeded.
    private func settle(
        _ transaction: AppendTransaction
    ) async throws -> [AppendTransaction.Answer] {
        let start = ContinuousClock.now
        var searchesFirst = expectsDuplicates
        var missing: Unprepared?
        while true {
            do {
                if let needed = missing { try await prepare(needed) }
                let months = knownMonths
                let extent: GroupSearch.Extent? =
                    searchesFirst ? .everything : transaction.reportsCalls ? .calls : nil
                let answers = try await pool.transaction { session in
                    if let extent {
                        return try transaction.appendNew(
                            searching: extent, in: session, months: months)
                    }
                    return try transaction.appendAll(in: session, months: months)
                }
                remember(answers)
                return answers
            } catch let needed as Unprepared {
                missing = needed
            } catch let error as PostgresError {
                let isLate = ContinuousClock.now - start > Self.settleMax
                switch error.code {
                case .uniqueViolation where !searchesFirst: break
                case .lockNotAvailable where !isLate:
                    try? await pool.session { session in
                        _ = try session.run(
                            TerminateStalledWriter(ledger: self.id, keys: transaction.keys))
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

    private func prepare(_ missing: Unprepared) async throws {
        switch missing {
        case .states(let keys):
            try await pool.session { try $0.execute(InsertStates(ledger: id, keys: keys)) }
        case .months(let months):
            for month in months {
                _ = try await pool.session { try $0.run(EnsureMonth(month: month.start)) }
                knownMonths.insert(month)
            }
        }
    }

    private func remember(_ answers: [AppendTransaction.Answer]) {
        expectsDuplicates = false
        for case .success(let receipt) in answers {
            lastKnownBlock = max(lastKnownBlock, receipt.head.block)
            for outcome in receipt.outcomes {
                switch outcome {
                case .appended, .sameCall: break
                case .duplicate, .conflict: expectsDuplicates = true
                }
            }
        }
    }
}
