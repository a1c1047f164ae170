import LedgerModel
import LedgerSQL
import Postgres

/// Commits groups of batches to one ledger, one after the other.
actor LedgerWriter {
    private nonisolated let id: LedgerID
    private nonisolated let pool: Pool
    private let makeBatchID: @Sendable () -> EventID
    private nonisolated let posting: PostingSource

    private var knownMonths: Set<Month> = []
    private var lastKnownBlock: Int64 = 0
    /// The last commit met entries that the ledger had: the next one searches first.
    private var expectsDuplicates = false

    /// How long a commit is retried after losing the database.
    private static let settleMax: Duration = .seconds(15)

    init(
        id: LedgerID, pool: Pool, makeBatchID: @escaping @Sendable () -> EventID,
        posting: PostingSource
    ) {
        self.id = id
        self.pool = pool
        self.makeBatchID = makeBatchID
        self.posting = posting
    }

    /// Returns one answer per submission, in order, once all are durable.
    func commit(_ submissions: [Submission]) async throws -> [AppendTransaction.Answer] {
        let (batchID, block) = (makeBatchID(), lastKnownBlock)
        return try await settle { rules, more in
            AppendTransaction(
                ledger: id, batchID: batchID, lastKnownBlock: block, submissions: submissions,
                rules: rules, more: more)
        }
    }

    /// Commits a group, despite duplicates, a stalled writer or a lost connection.
    ///
    /// After a loss, the next attempt first checks whether the commit succeeded.
    private func settle(
        _ prepared: (PostingRules, Set<StateKey>) -> AppendTransaction
    ) async throws -> [AppendTransaction.Answer] {
        let start = ContinuousClock.now
        var searchesFirst = expectsDuplicates
        var missing: Unprepared?
        var rows: Set<StateKey> = []
        var rules = posting.current()
        var transaction = prepared(rules, rows)
        while true {
            do {
                if let needed = missing {
                    missing = nil
                    switch needed {
                    case .rules:
                        let newer = try await posting.load()
                        if newer.revision == rules.revision { throw UnknownPostingRules() }
                        rules = newer
                    case .states(let keys):
                        try await insert(keys)
                        rows.formUnion(keys)
                    case .months(let months): try await make(months)
                    }
                    transaction = prepared(rules, rows)
                }
                let months = knownMonths
                let extent: GroupSearch.Extent? =
                    searchesFirst ? .everything : transaction.reportsCalls ? .calls : nil
                let attempt = transaction
                let answers = try await pool.transaction { session in
                    if let extent {
                        return try attempt.appendNew(
                            searching: extent, in: session, months: months)
                    }
                    return try attempt.appendAll(in: session, months: months)
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

    private func insert(_ keys: [StateKey]) async throws {
        try await pool.session { try $0.execute(InsertStates(ledger: id, keys: keys)) }
    }

    private func make(_ months: [Month]) async throws {
        for month in months {
            _ = try await pool.session { try $0.run(EnsureMonth(month: month.start)) }
            knownMonths.insert(month)
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
