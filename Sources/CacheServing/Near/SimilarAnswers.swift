package import Caching
package import LedgerModel
package import Similarity

/// Answers to requests that resemble the one that was asked.
///
/// The service asks it on an exact miss, where a route has switched it on, and tells it of every
/// answer that is stored. It hands out what is verified and nothing else; in shadow it only says
/// what it would have handed out.
package protocol SimilarAnswers: Sendable {
    /// Looks for a stored answer to a question that asks the same; nil if nothing resembles it.
    ///
    /// On `.serve` the caller looks up `finding.neighbour` as any key, with `neighbourCheck`. If that
    /// answer is gone, it tells so by `forget` and goes on as with a miss.
    func find(_ question: NearQuestion, _ setting: NearSetting, at now: Timestamp) async
        -> NearFinding?

    /// Told of every stored answer, so that it can be found, and be compared with those of its
    /// neighbours.
    func stored(_ question: NearQuestion, _ answer: AnswerPrint?, at now: Timestamp) async

    /// Told that an answer is gone: evicted, expired, invalidated or wrong.
    func forget(_ keys: [CacheKey]) async

    /// What a judge or a person says about two requests. Lasts, and outweighs any agreement.
    func judge(_ verdict: PairVerdict, at now: Timestamp) async throws

    /// Writes what was learnt to the database every few seconds; until cancelled, then once more.
    func run() async throws

    func counts() -> NearCounts
}

/// What is kept of an answer to compare it with others: hashes, no text.
package typealias AnswerPrint = AnswerSketch

/// What likeness needs to know about a request.
///
/// The text is compared in memory and never written.
package struct NearQuestion: Sendable {
    package let key: CacheKey
    /// The digest that is compared on a hit; see `CanonicalRequest.key(in:)`.
    package let check: Digest
    /// Similarity never crosses ledger and team, even where a route shares answers more widely.
    package let ledger: LedgerID
    package let team: Name?
    /// Everything but the last question, which must be equal.
    package let context: Digest
    package let text: String

    package init(
        key: CacheKey, check: Digest, ledger: LedgerID, team: Name?, context: Digest, text: String
    ) {
        self.key = key
        self.check = check
        self.ledger = ledger
        self.team = team
        self.context = context
        self.text = text
    }

    /// Nil for a request that has no last question; it is left to exact look-ups.
    package init?(
        _ body: [UInt8], dialect: RequestDialect, key: CacheKey, check: Digest, ledger: LedgerID,
        team: Name?
    ) {
        guard let last = LastQuestion(body, dialect: dialect) else { return nil }
        self.init(
            key: key, check: check, ledger: ledger, team: team, context: last.context,
            text: last.text)
    }
}

/// What a route's rule says about likeness; without one, nobody asks.
package enum NearSetting: String, Sendable, CaseIterable {
    case off
    /// Records what it would have served.
    case shadow
    /// Serves what is verified; records the rest.
    case verified
}

package struct NearFinding: Sendable, Equatable {
    package enum Match: String, Sendable {
        /// By words: MinHash.
        case near
        /// By meaning: embeddings.
        case semantic
    }

    package let match: Match
    package let neighbour: CacheKey
    package let neighbourCheck: Digest
    /// Cosine or share of equal pairs of content words, 0 to 1.
    package let score: Double
    /// What the guards found; a pair with any is never served.
    package let differences: [Difference]
    /// Why it may be served; nil if nobody has verified it.
    package let verifiedBy: Verification?
    /// Whether the caller may answer with the neighbour's answer now; in shadow never.
    package let serve: Bool

    package enum Verification: String, Sendable {
        case judge, person, agreement, cluster
    }
}

/// What a judge (a program) or a person says.
package struct PairVerdict: Sendable, Equatable {
    package enum Source: String, Sendable, CaseIterable { case judge, person }

    package let ledger: LedgerID
    package let asked: CacheKey
    package let stored: CacheKey
    package let isSame: Bool
    package let by: Source

    package init(
        ledger: LedgerID, asked: CacheKey, stored: CacheKey, isSame: Bool, by: Source
    ) {
        self.ledger = ledger
        self.asked = asked
        self.stored = stored
        self.isSame = isSame
        self.by = by
    }
}

package struct NearCounts: Sendable, Equatable {
    package var entries = 0
    package var bytes = 0
    package var pairs = 0
    package var lookups = 0
    package var found = 0
    package var refused = 0
    package var served = 0
    package var agreed = 0
    package var disagreed = 0
    /// Entries dropped because memory was full.
    package var dropped = 0

    package init() {}
}
