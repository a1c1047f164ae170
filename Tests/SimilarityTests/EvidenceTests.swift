import LedgerModel
import LedgerTesting
import Similarity
import Testing

@Suite("Evidence on pairs")
struct EvidenceTests {
    private let id = Evidence.PairID(
        LedgerID(1), Digest(words: [1, 0, 0, 0]), Digest(words: [2, 0, 0, 0]))
    private let subjects = Evidence.Subjects(
        scope: 7,
        comparison: TextProfile("how do i go").compared(with: TextProfile("how can i go")),
        isSemantic: false, score: 0.9)

    /// A scope whose different questions are never answered alike.
    private func evidence() -> Evidence {
        var evidence = Evidence()
        for _ in 0..<400 {
            evidence.comparedDifferent(scope: 7, areNeighbours: false, agrees: false)
        }
        return evidence
    }

    private func agree(_ evidence: inout Evidence, _ times: Int, from first: UInt64 = 1) {
        for time in 0..<UInt64(times) {
            evidence.compared(
                id, subjects, agrees: true, answers: SIMD2(first + time, 1_000 + first + time))
        }
    }

    @Test("likeness alone serves nothing; repeated agreement does")
    func agreement() {
        var evidence = evidence()
        #expect(evidence.standing(id, subjects) == .open)
        agree(&evidence, 1)
        #expect(evidence.standing(id, subjects) == .open)
        agree(&evidence, 6, from: 10)
        #expect(evidence.standing(id, subjects) == .byAgreement)
    }

    @Test("one answer never speaks twice")
    func independent() {
        var evidence = evidence()
        for answer in 1...50 as ClosedRange<UInt64> {
            evidence.compared(id, subjects, agrees: true, answers: SIMD2(answer, 7))
        }
        #expect(evidence.standing(id, subjects) == .open)
    }

    @Test("where different questions are often answered alike, agreement is not enough")
    func chance() {
        var evidence = Evidence()
        for number in 0..<400 {
            evidence.comparedDifferent(scope: 7, areNeighbours: false, agrees: number % 2 == 0)
        }
        agree(&evidence, 40)
        #expect(evidence.standing(id, subjects) == .open)
    }

    @Test("a pair with one disagreement never serves again, whatever agrees afterwards")
    func refuted() {
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<200 {
            var evidence = evidence()
            agree(&evidence, Int.random(in: 0...10, using: &random))
            evidence.compared(id, subjects, agrees: false, answers: SIMD2(5_000, 5_000))
            agree(&evidence, Int.random(in: 0...40, using: &random), from: 6_000)
            evidence.judged(id, .init(isSame: true, isPerson: false))
            #expect(evidence.standing(id, subjects) == .refuted)
        }
    }

    @Test("a person outweighs a judge and agreement, both ways")
    func verdicts() {
        var evidence = evidence()
        evidence.judged(id, .init(isSame: true, isPerson: false))
        #expect(evidence.standing(id, subjects) == .byJudge)
        evidence.judged(id, .init(isSame: false, isPerson: true))
        agree(&evidence, 20)
        evidence.judged(id, .init(isSame: true, isPerson: false))
        #expect(evidence.standing(id, subjects) == .refuted)
        evidence.judged(id, .init(isSame: true, isPerson: true))
        #expect(evidence.standing(id, subjects) == .byPerson)
    }

    @Test("the words exchanged by hundreds of agreeing pairs may be exchanged at first sight")
    func cluster() {
        var evidence = evidence()
        let stranger = Evidence.PairID(LedgerID(1), .zero, Digest(words: [9, 9, 9, 9]))
        for number in 0..<700 as Range<UInt64> {
            let pair = Evidence.PairID(
                LedgerID(1), Digest(words: [number, 3, 0, 0]), Digest(words: [number, 4, 0, 0]))
            evidence.compared(pair, subjects, agrees: true, answers: SIMD2(1, 1))
        }
        #expect(evidence.standing(stranger, subjects) == .byCluster)
        evidence.compared(id, subjects, agrees: false, answers: SIMD2(1, 1))
        #expect(evidence.standing(stranger, subjects) == .open)
    }

    @Test("the bound is that of a Beta posterior")
    func bound() {
        // 1 - 0.05^(1 / (n + 1)) without a hit.
        #expect(abs(Tally(agreed: 598).disagreementBound - 0.004989) < 1e-5)
        #expect(abs(Tally().disagreementBound - 0.95) < 1e-6)
        #expect(abs(Tally(agreed: 90, disagreed: 10).disagreementBound - 0.1634) < 2e-3)
        #expect(Tally(agreed: 0, disagreed: 100_000).disagreementBound <= 1)
    }
}
