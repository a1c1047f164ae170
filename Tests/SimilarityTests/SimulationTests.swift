import LedgerModel
import LedgerTesting
import Similarity
import Testing

@Suite("Traffic over labelled pairs")
struct SimulationTests {
    /// Pairs of one meaning in other words, and pairs in other order, number or direction.
    private func pairs(_ random: inout SeededGenerator) -> [LabelledPair] {
        let names = ["Paris", "Rome", "Oslo", "Boston", "Madrid", "Dublin", "Vienna", "Lisbon"]
        let verbs = ["visit", "paint", "leave", "praise", "insure", "film", "rent", "clean"]
        let things = ["garage", "garden", "bridge", "museum", "boat", "kitchen", "tower", "car"]
        var result: [LabelledPair] = []
        for verb in verbs {
            for thing in things {
                let text = "How do I \(verb) a \(thing)?"
                result.append(
                    .init(text, "please tell me how can i \(verb) the \(thing)", isSame: true))
                let (x, y) = (names.randomElement(using: &random) ?? "", "Zurich")
                result.append(
                    .init(
                        "Did \(x) \(verb) \(y)'s \(thing)", "Did \(y) \(verb) \(x)'s \(thing)",
                        isSame: false))
                result.append(
                    .init(
                        "\(verb) \(thing) from \(x) to \(y)", "\(verb) \(thing) to \(x) from \(y)",
                        isSame: false))
                result.append(
                    .init(
                        "how do i \(verb) a \(thing) 3 times",
                        "how do i \(verb) a \(thing) 4 times", isSame: false))
                result.append(
                    .init(
                        "best \(thing) to \(verb)", "best cheap \(thing) to \(verb)", isSame: false)
                )
            }
        }
        return result
    }

    @Test("of what is served at most 0.5 % is false, and nothing in another order")
    func served() {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        let pairs = pairs(&random)
        var simulation = TrafficSimulation()
        simulation.seed = seed
        simulation.sameAnswer = 0.97
        simulation.stuck = 0
        let outcome = simulation.run(pairs) { _ in [] }
        #expect(outcome.served > 100, "\(outcome)")
        #expect(outcome.falseShare <= 0.005, "\(outcome)")
        #expect(outcome.recallLastRound > 0.1, "\(outcome)")
    }

    @Test("similarity never crosses ledgers, teams or contexts")
    func partitions() {
        var similar = SimilarQuestions(bytesMax: 1 << 24)
        let owners: [(LedgerID, Name?, Digest)] = [
            (LedgerID(1), Name("a"), Digest.zero), (LedgerID(1), Name("b"), .zero),
            (LedgerID(1), nil, .zero), (LedgerID(2), Name("a"), .zero),
            (LedgerID(1), Name("a"), Digest(words: [1, 0, 0, 0])),
        ]
        let scopes = owners.map { SimilarQuestions.scope(ledger: $0.0, team: $0.1, context: $0.2) }
        #expect(Set(scopes).count == scopes.count)
        func question(_ text: String, _ scope: Digest, _ key: UInt64) -> Neighbours.Question {
            .init(
                ledger: LedgerID(1), key: Digest(words: [key, 0, 0, 0]), check: .zero, scope: scope,
                text: text, vector: [1, 0])
        }
        for (number, scope) in scopes.enumerated() {
            similar.stored(
                question("How do I reset my password?", scope, UInt64(number)), answer: nil)
        }
        for (number, scope) in scopes.enumerated() {
            let asked = question("how can i reset my password", scope, 100)
            #expect(
                similar.neighbours.candidates(for: asked).map { $0.key.words[0] }
                    == [UInt64(number)])
        }
    }

    @Test("memory is bounded: the oldest questions leave")
    func bounded() {
        var similar = SimilarQuestions(bytesMax: 2 << 20)
        for number in 0..<5_000 as Range<UInt64> {
            similar.stored(
                .init(
                    ledger: LedgerID(1), key: Digest(words: [number, 0, 0, 0]), check: .zero,
                    scope: .zero, text: "question number \(number) of many", vector: [1, 0, 0, 0]),
                answer: AnswerSketch("answer"))
            #expect(similar.neighbours.bytes <= 2 << 20)
        }
        #expect(similar.neighbours.dropped > 0)
        #expect(similar.neighbours.entry(Digest(words: [4_999, 0, 0, 0])) != nil)
        #expect(similar.neighbours.entry(Digest(words: [0, 0, 0, 0])) == nil)
    }
}
