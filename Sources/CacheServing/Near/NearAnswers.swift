package import Caching
package import LedgerModel
package import Postgres
package import Similarity
import Synchronization

/// Similar answers from memory: an index of the questions whose answers this process stored, and
/// what all processes learnt about pairs of them.
///
/// The index begins empty and fills with what is stored; what was learnt is read from the database.
/// A question is hashed, embedded and compared by its caller; only the index is behind a lock.
package final class NearAnswers: SimilarAnswers {
    /// The memory of the index and how many pairs are known at a time.
    package struct Limits: Sendable {
        package var bytesMax = 256 << 20
        package var pairsMax = Evidence.pairsMaxDefault

        package init() {}
    }

    private let similar: Mutex<SimilarQuestions>
    private let embeddings: StaticEmbeddings?
    let store: PairStore

    /// How often what was learnt is written and read.
    package static let writeEvery = Duration.seconds(5)

    /// - Parameter embeddings: without them, only near-duplicates are found.
    package init(embeddings: StaticEmbeddings?, pool: Pool, limits: Limits = Limits()) {
        self.embeddings = embeddings
        store = PairStore(pool: pool)
        similar = Mutex(SimilarQuestions(bytesMax: limits.bytesMax, pairsMax: limits.pairsMax))
    }

    package func find(
        _ question: NearQuestion, _ setting: NearSetting, at now: Timestamp
    ) async -> NearFinding? {
        guard setting != .off else { return nil }
        let asked = prepared(question)
        let found = similar.withLock { $0.look(asked, mayServe: setting == .verified) }
        return found.map(Self.finding)
    }

    package func stored(
        _ question: NearQuestion, _ answer: AnswerPrint?, at now: Timestamp
    ) async {
        let asked = prepared(question)
        similar.withLock { $0.stored(asked, answer: answer) }
    }

    package func forget(_ keys: [CacheKey]) async {
        similar.withLock { similar in
            for key in keys { similar.forget(key.digest) }
        }
    }

    package func judge(_ verdict: PairVerdict, at now: Timestamp) async throws {
        let id = Evidence.PairID(verdict.ledger, verdict.asked.digest, verdict.stored.digest)
        let word = Evidence.Verdict(isSame: verdict.isSame, isPerson: verdict.by == .person)
        try await store.write(id, word)
        similar.withLock { $0.evidence.judged(id, word) }
    }

    package func run() async throws {
        while !Task.isCancelled {
            try? await exchange()
            do { try await Task.sleep(for: Self.writeEvery) } catch { break }
        }
        // Not cancelled, so that the last findings are written.
        try await Task { try await self.exchange() }.value
    }

    /// Writes what this process learnt and reads what the others did.
    package func exchange() async throws {
        let taken = similar.withLock { $0.evidence.takeChanges() }
        do {
            try await store.write(taken.pairs, taken.tallies)
        } catch {
            similar.withLock { $0.evidence.putBack(taken.pairs.map(\.0), taken.tallies) }
            throw error
        }
        let news = try await store.read()
        similar.withLock { similar in
            for row in news.pairs {
                similar.evidence.merge(
                    row.id, agreements: row.agreements, isRefuted: row.isRefuted,
                    verdict: row.verdict)
            }
            for row in news.tallies { similar.evidence.merge(row.subject, row.tally) }
        }
    }

    package func counts() -> NearCounts {
        similar.withLock { similar in
            var counts = NearCounts()
            counts.entries = similar.neighbours.count
            counts.bytes = similar.neighbours.bytes
            counts.dropped = similar.neighbours.dropped
            counts.pairs = similar.evidence.pairs.count
            counts.lookups = similar.counts.lookups
            counts.found = similar.counts.found
            counts.refused = similar.counts.refused
            counts.served = similar.counts.served
            counts.agreed = similar.counts.agreed
            counts.disagreed = similar.counts.disagreed
            return counts
        }
    }

    // MARK: - Translation

    private func prepared(_ question: NearQuestion) -> Neighbours.Question {
        Neighbours.Question(
            ledger: question.ledger, key: question.key.digest, check: question.check,
            scope: SimilarQuestions.scope(
                ledger: question.ledger, team: question.team, context: question.context),
            text: question.text, vector: embeddings?.vector(of: question.text) ?? [])
    }

    private static func finding(_ found: SimilarQuestions.Finding) -> NearFinding {
        let verifiedBy: NearFinding.Verification? =
            switch found.standing {
            case .byPerson: .person
            case .byJudge: .judge
            case .byAgreement: .agreement
            case .byCluster: .cluster
            case .open, .refuted: nil
            }
        let words = found.candidate.key.words
        return NearFinding(
            match: found.candidate.isSemantic ? .semantic : .near,
            neighbour: CacheKey(words[0], words[1], words[2], words[3]),
            neighbourCheck: found.candidate.check, score: found.candidate.score,
            differences: found.candidate.comparison.differences, verifiedBy: verifiedBy,
            serve: found.serve)
    }
}

extension CacheKey {
    var digest: Digest { Digest(words: [first, second, third, fourth]) }
}
