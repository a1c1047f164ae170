package import LedgerModel

/// Stored questions and what was learnt about pairs of them: the whole of similar answers but for
/// time, threads and the database.
package struct SimilarQuestions: Sendable {
    package private(set) var neighbours: Neighbours
    package var evidence: Evidence
    package private(set) var counts = Counts()

    package struct Counts: Sendable, Equatable {
        package var lookups = 0
        package var found = 0
        package var refused = 0
        package var served = 0
        package var agreed = 0
        package var disagreed = 0
    }

    package struct Finding: Sendable, Equatable {
        package let candidate: Neighbours.Candidate
        package let standing: Evidence.Standing
        package let serve: Bool
    }

    /// Neighbours whose answers are compared with a new one.
    private static let comparedMax = 4

    package init(bytesMax: Int, pairsMax: Int = Evidence.pairsMaxDefault) {
        neighbours = Neighbours(bytesMax: bytesMax)
        evidence = Evidence(pairsMax: pairsMax)
    }

    /// What a ledger's team asks in one context.
    package static func scope(ledger: LedgerID, team: Name?, context: Digest) -> Digest {
        let name = Array((team?.string ?? "").utf8)
        var material = Array("\(ledger.number) \(team == nil ? -1 : name.count) ".utf8)
        material += name
        material += context.bytes
        return Digest(hashing: material)
    }

    /// The best neighbour of a question: one that is verified, otherwise the most alike, otherwise
    /// one that the guards refuse.
    package mutating func look(
        _ question: Neighbours.Question, mayServe: Bool
    ) -> Finding? {
        counts.lookups += 1
        let candidates = neighbours.candidates(for: question)
        guard let first = candidates.first else { return nil }
        counts.found += 1
        guard first.comparison.isAcceptable else {
            counts.refused += 1
            return Finding(candidate: first, standing: .open, serve: false)
        }
        for candidate in candidates where candidate.comparison.isAcceptable {
            let id = Evidence.PairID(question.ledger, question.key, candidate.key)
            let standing = evidence.standing(id, subjects(question, candidate))
            guard standing.isVerified else { continue }
            let serve = mayServe && evidence.takeServing(id)
            counts.served += serve ? 1 : 0
            return Finding(candidate: candidate, standing: standing, serve: serve)
        }
        let id = Evidence.PairID(question.ledger, question.key, first.key)
        return Finding(
            candidate: first, standing: evidence.standing(id, subjects(question, first)),
            serve: false)
    }

    /// A question was answered by its model: kept, and compared with the answers of its neighbours.
    package mutating func stored(_ question: Neighbours.Question, answer: AnswerSketch?) {
        let candidates = neighbours.candidates(for: question)
        neighbours.insert(question, answer: answer)
        guard let answer, let mine = neighbours.entry(question.key) else { return }
        var (accepted, refused) = (0, 0)
        for candidate in candidates {
            guard let other = neighbours.entry(candidate.key), let theirs = other.answer else {
                continue
            }
            let agrees = answer.agrees(with: theirs)
            guard candidate.comparison.isAcceptable else {
                if refused < Self.comparedMax,
                    candidate.comparison.differences.contains(where: \.isCertain)
                {
                    refused += 1
                    evidence.comparedDifferent(
                        scope: question.scope.words[0], areNeighbours: true, agrees: agrees)
                }
                continue
            }
            guard accepted < Self.comparedMax else { continue }
            accepted += 1
            counts.agreed += agrees ? 1 : 0
            counts.disagreed += agrees ? 0 : 1
            let id = Evidence.PairID(question.ledger, question.key, other.key)
            let numbers = SIMD2(mine.answerNumber, other.answerNumber)
            evidence.compared(
                id, subjects(question, candidate), agrees: agrees,
                answers: id.low == question.key ? numbers : SIMD2(numbers[1], numbers[0]))
        }
        let chosen = StableHash.mixed(mine.answerNumber)
        if let other = neighbours.any(in: question.scope, number: chosen, except: question.key),
            !candidates.contains(where: { $0.key == other.key }), let theirs = other.answer
        {
            evidence.comparedDifferent(
                scope: question.scope.words[0], areNeighbours: false,
                agrees: answer.agrees(with: theirs))
        }
    }

    package mutating func forget(_ key: Digest) { neighbours.remove(key) }

    private func subjects(
        _ question: Neighbours.Question, _ candidate: Neighbours.Candidate
    ) -> Evidence.Subjects {
        Evidence.Subjects(
            scope: question.scope.words[0], comparison: candidate.comparison,
            isSemantic: candidate.isSemantic, score: candidate.score)
    }
}
