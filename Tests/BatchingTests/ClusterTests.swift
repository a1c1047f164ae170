import Batching
import Foundation
import JSON
import LedgerTesting
import Testing

@Suite("Clusters of a workload")
struct ClusterTests {
    private static let texts = [
        "Write a SQL query that joins orders and customers",
        "A SQL query to join orders with their customers, please",
        "What is the capital of France?", "Is Paris the capital of France?",
        "Explain how photosynthesis works in plants", "How do plants do photosynthesis?",
    ]

    @Test("texts on one matter are put together, and the same texts make the same groups")
    func groups() {
        let similarities = Similarities(TextVectors(Self.texts))
        let clusters = TextClusters(similarities, until: .count(3))
        #expect(clusters.groups == [0, 0, 1, 1, 2, 2] && clusters.count == 3)
        #expect(TextClusters(similarities, until: .count(3)) == clusters)
        #expect(TextClusters(similarities, until: .count(1)).count == 1)
        #expect(TextClusters(similarities, until: .count(99)).count == 6)
        #expect(TextClusters(similarities, until: .similarity(2)).count == 6)
        #expect(TextClusters(similarities, until: .similarity(-1)).count == 1)
        #expect(similarities[0, 1] > 0.2 && similarities[0, 2] == 0 && similarities[3, 3] == 1)
    }

    @Test("no text, one text and empty texts are no trouble")
    func edges() {
        #expect(TextClusters(Similarities(TextVectors([])), until: .count(3)).groups == [])
        #expect(TextClusters(Similarities(TextVectors(["a b"])), until: .count(3)).groups == [0])
        let empty = TextClusters(
            Similarities(TextVectors(["", "", "x y"])), until: .similarity(0.1))
        #expect(empty.count == 3)
    }

    @Test("average linkage joins what is most alike on average, whatever the order of the texts")
    func linkage() {
        var random = SeededGenerator(seed: testSeed())
        let points = (0..<40).map { _ in
            let angle = Double.random(in: 0..<6.28, using: &random)
            return [Float(cos(angle)), Float(sin(angle))]
        }
        let count = 7
        let clusters = TextClusters(Similarities(dense: points), until: .count(count))
        // The plain description: the two groups that are most alike on average are joined.
        var plain = points.indices.map { [$0] }
        func likeness(_ a: [Int], _ b: [Int]) -> Double {
            var sum = 0.0
            for x in a {
                for y in b {
                    sum += Double(points[x][0] * points[y][0] + points[x][1] * points[y][1])
                }
            }
            return sum / Double(a.count * b.count)
        }
        while plain.count > count {
            var best = (a: 0, b: 1, value: -Double.infinity)
            for a in plain.indices {
                for b in plain.indices where b > a {
                    let value = likeness(plain[a], plain[b])
                    if value > best.value { best = (a, b, value) }
                }
            }
            plain[best.a] += plain.remove(at: best.b)
        }
        let groups = Dictionary(grouping: points.indices) { clusters.groups[$0] }
        #expect(Set(groups.values.map { Set($0) }) == Set(plain.map { Set($0) }))
    }

    @Test("scores are one for the labels themselves, and nothing for chance")
    func scores() {
        let labels = ["a", "a", "b", "b", "c"]
        let right = ClusterScore([3, 3, 1, 1, 0], labels: labels)
        #expect(right.vMeasure == 1 && right.adjustedRand == 1)
        let one = ClusterScore([0, 0, 0, 0, 0], labels: labels)
        #expect(one.homogeneity == 0 && one.completeness == 1 && one.vMeasure == 0)
        #expect(abs(one.adjustedRand) < 1e-9)
        let some = ClusterScore([0, 0, 1, 2], labels: ["a", "a", "b", "b"])
        #expect(some.homogeneity == 1 && abs(some.completeness - 2.0 / 3) < 1e-9)
        #expect(abs(some.adjustedRand - 4.0 / 7) < 1e-9)
    }

    @Test("on labelled prompts of people the groups are far better than chance")
    func labelled() throws {
        let folder = ProcessInfo.processInfo.environment["TALLY_TEST_DATA"] ?? "../shared/data"
        guard
            let bytes = FileManager.default.contents(
                atPath: "\(folder)/prompts-arena-hard.jsonl")
        else {
            print("TALLY_TEST_DATA has no prompts-arena-hard.jsonl: not scored")
            return
        }
        var (texts, labels): ([String], [String]) = ([], [])
        for line in bytes.split(separator: 0x0A) {
            let tree = try JSONTree(parsing: line)
            texts.append(try #require(tree["prompt"]?.string))
            labels.append(try #require(tree["cluster"]?.string))
        }
        let clusters = TextClusters(
            Similarities(TextVectors(texts)), until: .count(Set(labels).count))
        let score = ClusterScore(clusters.groups, labels: labels)
        print("clusters of prompts-arena-hard: V \(score.vMeasure), ARI \(score.adjustedRand)")
        #expect(score.vMeasure > 0.88 && score.adjustedRand > 0.13, "\(score)")
    }
}
