package import LedgerModel

/// What was learnt about pairs of questions: which may be answered alike.
///
/// A state machine without input, output, time and chance; texts never come near it.
package struct Evidence: Sendable {
    /// Two requests of a ledger by the hashes of their keys, in either order.
    package struct PairID: Hashable, Sendable {
        package let ledger: LedgerID
        package let low: Digest
        package let high: Digest

        package init(_ ledger: LedgerID, _ a: Digest, _ b: Digest) {
            self.ledger = ledger
            let isOrdered = a.bytes.lexicographicallyPrecedes(b.bytes)
            (low, high) = isOrdered ? (a, b) : (b, a)
        }
    }

    package struct Pair: Sendable, Equatable {
        /// Times at which a new answer to one was equal to that of the other.
        package var agreements = 0
        /// Answers differed once: for good, unless a person says otherwise.
        package var isRefuted = false
        package var verdict: Verdict?
        /// The answers that were compared last, by number: no answer counts twice.
        package var compared: SIMD2<UInt64> = .zero
        package var served = 0

        package init() {}
    }

    package struct Verdict: Sendable, Equatable {
        package var isSame: Bool
        package var isPerson: Bool

        package init(isSame: Bool, isPerson: Bool) {
            self.isSame = isSame
            self.isPerson = isPerson
        }
    }

    /// What pairs have in common: of each the agreements are counted.
    package struct Subjects: Sendable, Equatable {
        /// The ledger, team and context.
        package let scope: UInt64
        /// Pairs of a scope whose likeness is of one kind and height.
        package let group: UInt64
        /// Pairs of a scope that exchange the same words.
        package let cluster: UInt64

        package init(scope: UInt64, comparison: Comparison, isSemantic: Bool, score: Double) {
            self.scope = scope
            let band = UInt64(max(0, min(9, Int(score * 10))))
            let kind = UInt64(comparison.rewording.rawValue) << 8 | (isSemantic ? 1 << 16 : 0)
            group = StableHash.of([scope, 1, band | kind])
            cluster = StableHash.of([scope, 2, comparison.exchange])
        }

        static func unrelated(_ scope: UInt64) -> UInt64 { StableHash.of([scope, 3]) }
        static func refused(_ scope: UInt64) -> UInt64 { StableHash.of([scope, 4]) }
    }

    package enum Standing: Sendable, Equatable {
        case open, refuted
        case byPerson, byJudge, byAgreement, byCluster

        package var isVerified: Bool { self != .open && self != .refuted }
    }

    package private(set) var pairs: [PairID: Pair] = [:]
    package private(set) var tallies: [UInt64: Tally] = [:]
    /// What changed since it was last taken, to be written.
    package private(set) var changedPairs: Set<PairID> = []
    package private(set) var changedTallies: [UInt64: Tally] = [:]
    private let pairsMax: Int

    package static let pairsMaxDefault = 262_144
    /// Of so many look-ups that could be served one is not, so that the answers are compared again.
    package static let auditEvery = 32

    package init(pairsMax: Int = Self.pairsMaxDefault) {
        self.pairsMax = pairsMax
    }

    // MARK: - Questions

    /// Whether a pair may be served, and why.
    package func standing(_ id: PairID, _ subjects: Subjects) -> Standing {
        let pair = pairs[id]
        if let pair {
            if let verdict = pair.verdict {
                if !verdict.isSame { return .refuted }
                if verdict.isPerson, !pair.isRefuted { return .byPerson }
            }
            if pair.isRefuted { return .refuted }
            if pair.verdict != nil { return .byJudge }
        }
        let chance = chance(in: subjects.scope)
        if let pair, pair.agreements >= EvidenceRule.agreementsMin,
            EvidenceRule.falseProbability(
                agreements: pair.agreements, group: tallies[subjects.group] ?? Tally(),
                chance: chance) <= EvidenceRule.falseMax
        {
            return .byAgreement
        }
        if let cluster = tallies[subjects.cluster],
            EvidenceRule.isClusterVerified(cluster, chance: chance)
        {
            return .byCluster
        }
        return .open
    }

    package func chance(in scope: UInt64) -> Double {
        EvidenceRule.chance(
            random: tallies[Subjects.unrelated(scope)] ?? Tally(),
            refused: tallies[Subjects.refused(scope)] ?? Tally())
    }

    // MARK: - Events

    /// Answers of two neighbours were compared, one of which at least is new.
    ///
    /// - Parameter answers: numbers of the two answers, in the order of `id`.
    package mutating func compared(
        _ id: PairID, _ subjects: Subjects, agrees: Bool, answers: SIMD2<UInt64>
    ) {
        guard var pair = pairs[id] ?? room() else { return }
        // Both answers must be new to the pair, or the same one would speak twice.
        let isNew = answers[0] != pair.compared[0] && answers[1] != pair.compared[1]
        let isFirst = pair.compared == .zero && pair.agreements == 0 && !pair.isRefuted
        guard isFirst || isNew || !agrees else { return }
        pair.compared = answers
        if agrees {
            if !pair.isRefuted { pair.agreements += 1 }
        } else {
            if !pair.isRefuted, !isFirst { count(subjects.group, agrees: false) }
            pair.isRefuted = true
        }
        // A group counts each pair once, a cluster as well; a disagreement always counts.
        if isFirst { count(subjects.group, agrees: agrees) }
        if isFirst || !agrees { count(subjects.cluster, agrees: agrees) }
        pairs[id] = pair
        changedPairs.insert(id)
    }

    /// Answers to two questions that nobody takes for the same were compared.
    package mutating func comparedDifferent(scope: UInt64, areNeighbours: Bool, agrees: Bool) {
        count(areNeighbours ? Subjects.refused(scope) : Subjects.unrelated(scope), agrees: agrees)
    }

    package mutating func judged(_ id: PairID, _ verdict: Verdict) {
        var pair = pairs[id] ?? Pair()
        // A judge does not overrule a person.
        if let old = pair.verdict, old.isPerson, !verdict.isPerson { return }
        pair.verdict = verdict
        if verdict.isPerson, verdict.isSame { pair.isRefuted = false }
        pairs[id] = pair
        changedPairs.insert(id)
    }

    /// Notes that a pair could be served; false when it is its turn to be compared again.
    package mutating func takeServing(_ id: PairID) -> Bool {
        guard var pair = pairs[id] ?? room() else { return false }
        pair.served += 1
        pairs[id] = pair
        return pair.served % Self.auditEvery != 0
    }

    // MARK: - Persistence

    package mutating func takeChanges() -> (pairs: [(PairID, Pair)], tallies: [UInt64: Tally]) {
        let result = (changedPairs.compactMap { id in pairs[id].map { (id, $0) } }, changedTallies)
        changedPairs = []
        changedTallies = [:]
        return result
    }

    /// What could not be written is kept for the next time.
    package mutating func putBack(_ pairs: [PairID], _ tallies: [UInt64: Tally]) {
        changedPairs.formUnion(pairs)
        changedTallies.merge(tallies, uniquingKeysWith: +)
    }

    /// What the database has: of all instances.
    package mutating func merge(_ id: PairID, agreements: Int, isRefuted: Bool, verdict: Verdict?) {
        var pair = pairs[id] ?? Pair()
        pair.agreements = max(pair.agreements, agreements)
        if let verdict { pair.verdict = verdict }
        // A person's word, once written, ends an earlier refutation everywhere.
        pair.isRefuted =
            isRefuted
            || (pair.isRefuted && (changedPairs.contains(id) || verdict?.isPerson != true))
        pairs[id] = pair
    }

    package mutating func merge(_ subject: UInt64, _ total: Tally) {
        tallies[subject] = total + (changedTallies[subject] ?? Tally())
    }

    // MARK: - Counting

    private mutating func count(_ subject: UInt64, agrees: Bool) {
        let one = Tally(agreed: agrees ? 1 : 0, disagreed: agrees ? 0 : 1)
        tallies[subject, default: Tally()] = tallies[subject, default: Tally()] + one
        changedTallies[subject, default: Tally()] = changedTallies[subject, default: Tally()] + one
    }

    /// A new pair, if there is room: first what never came to anything makes some.
    private mutating func room() -> Pair? {
        if pairs.count >= pairsMax {
            pairs = pairs.filter { id, pair in
                pair.isRefuted || pair.verdict != nil || pair.agreements > 1
                    || changedPairs.contains(id)
            }
        }
        return pairs.count < pairsMax ? Pair() : nil
    }
}
