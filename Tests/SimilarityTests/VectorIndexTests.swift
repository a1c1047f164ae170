import LedgerTesting
import Similarity
import Testing

@Suite("Index of vectors")
struct VectorIndexTests {
    private func unit(_ random: inout SeededGenerator, near middle: [Float]) -> [Float] {
        let vector = middle.map { $0 + Float.random(in: -0.6...0.6, using: &random) }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / max(length, 1e-6) }
    }

    @Test("the nearest of thousands is found beside brute force, after removals too")
    func recall() {
        var random = SeededGenerator(seed: testSeed())
        let middles = (0..<64).map { _ in
            (0..<32).map { _ in Float.random(in: -1...1, using: &random) }
        }
        var index = VectorIndex(dimensions: 32)
        var vectors: [Int: [Float]] = [:]
        for slot in 0..<20_000 {
            let vector = unit(&random, near: middles[slot % 64])
            vectors[slot] = vector
            index.insert(vector, at: slot)
        }
        for slot in 0..<20_000 where slot % 3 == 0 {
            index.remove(slot)
            vectors[slot] = nil
        }
        #expect(index.count == vectors.count)
        var hits = 0
        for _ in 0..<100 {
            let query = unit(&random, near: middles[Int.random(in: 0..<64, using: &random)])
            let scores = vectors.mapValues { zip($0, query).reduce(Float(0)) { $0 + $1.0 * $1.1 } }
            let best = scores.values.max() ?? 0
            let found = index.nearest(to: query, count: 1).first
            #expect(found.flatMap { vectors[$0.slot] } != nil)
            if let found, (scores[found.slot] ?? -1) >= best - 0.005 { hits += 1 }
        }
        #expect(hits >= 90, "\(hits) of 100")
    }

    @Test("equal vectors and zeros do not stop it")
    func equal() {
        var index = VectorIndex(dimensions: 4)
        for slot in 0..<5_000 { index.insert([1, 0, 0, 0], at: slot) }
        for slot in 5_000..<5_010 { index.insert([0, 0, 0, 0], at: slot) }
        #expect(index.nearest(to: [1, 0, 0, 0], count: 3).allSatisfy { $0.score > 0.99 })
        for slot in 0..<5_010 { index.remove(slot) }
        #expect(index.count == 0 && index.nearest(to: [1, 0, 0, 0], count: 3).isEmpty)
    }
}
