import ArgumentParser
import Foundation
import JSON
import LedgerModel
import Similarity

/// Shows what likeness makes of pairs of questions, and what traffic over them would be served.
struct SimilarPairs: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "similar",
        abstract: "Judges pairs of questions as the cache's search for similar ones would.",
        discussion: """
            FILE has a JSON object a line with the texts a and b, and same (true or false) if the \
            pair is labelled. For each pair: the share of equal pairs of content words, the cosine of the \
            meanings, and what the guards object to. A verdict of candidate is never served on its \
            own: it is what agreement of answers, a judge or a person may verify. With labels, \
            traffic over the pairs is simulated: shadow, agreement, then serving. docs/cache.md \
            explains the rules. Nothing is stored, and no database is needed.
            """)

    @Argument(help: "A file of pairs, or - for standard input.") var file: String
    @Option(help: "Folder of static embeddings (wordllama, unpacked), to compare meaning too.")
    var embeddings: String?
    @Option(help: "How often a question gets the answer of its meaning, in the simulation.")
    var sameAnswer = 0.97
    @Option(help: "How often different questions get one answer, in the simulation.")
    var chance = 0.02
    @Option(help: "The simulation's seed.") var seed: UInt64 = 1
    @Flag(help: "Print only the sums.") var quiet = false

    static let pairsMax = 1_000_000

    func validate() throws {
        guard (0...1).contains(sameAnswer), (0...1).contains(chance) else {
            throw ValidationError("--same-answer and --chance are shares from 0 to 1")
        }
    }

    func execute() async throws {
        let vectors = try embeddings.map { try OptimizePrompt.embeddings(in: $0) }
        var pairs: [LabelledPair] = []
        var sums: [String: Int] = [:]
        for (number, line) in try lines().enumerated() where !line.isEmpty {
            guard number < Self.pairsMax, let tree = try? JSONTree(parsing: line),
                let a = tree["a"]?.string, let b = tree["b"]?.string
            else { throw InputRefused("line \(number + 1) of \(file) has no texts a and b") }
            let pair = LabelledPair(line: line)
            let (left, right) = (TextProfile(a), TextProfile(b))
            let comparison = left.compared(with: right)
            let near = MinHash(contentOf: left).similarity(to: MinHash(contentOf: right))
            let cosine = vectors?.similarity(a, b)
            let isAlike = near >= Neighbours.nearMin || cosine ?? 0 >= Neighbours.semanticMin
            let verdict =
                !comparison.isAcceptable ? "refused" : isAlike ? "candidate" : "unlike"
            if let pair { pairs.append(pair) }
            sums[
                "\(verdict)\(pair.map { $0.isSame ? "_same" : "_different" } ?? "")", default: 0] +=
                1
            if !quiet {
                print(Self.line(near, cosine, comparison, verdict, pair).json)
            }
        }
        var members = sums.sorted { $0.key < $1.key }.map {
            JSONTree.Member($0.key, .number(String($0.value)))
        }
        if !pairs.isEmpty { members += simulated(pairs, vectors) }
        print(JSONTree.object(members).json)
    }

    private func lines() throws -> [ArraySlice<UInt8>] {
        let data =
            file == "-"
            ? FileHandle.standardInput.readDataToEndOfFile()
            : FileManager.default.contents(atPath: file)
        guard let data else { throw InputRefused("\(file) can't be read") }
        return Array(data).split(separator: UInt8(ascii: "\n"))
    }

    private static func line(
        _ near: Double, _ cosine: Double?, _ comparison: Comparison, _ verdict: String,
        _ pair: LabelledPair?
    ) -> JSONTree {
        func share(_ value: Double) -> JSONTree {
            .number(String((value * 1_000).rounded() / 1_000))
        }
        return .object([
            .init("near", share(near)), .init("cosine", cosine.map(share) ?? .null),
            .init("differences", .array(comparison.differences.map { .text($0.rawValue) })),
            .init("verdict", .text(verdict)),
            .init("same", pair.map { .boolean($0.isSame) } ?? .null),
        ])
    }

    private func simulated(
        _ pairs: [LabelledPair], _ vectors: StaticEmbeddings?
    ) -> [JSONTree.Member] {
        var simulation = TrafficSimulation()
        simulation.sameAnswer = sameAnswer
        simulation.chance = chance
        simulation.seed = seed
        let outcome = simulation.run(pairs) { vectors?.vector(of: $0) ?? [] }
        let values: [(String, Double)] = [
            ("looked_up", Double(outcome.possible)), ("served", Double(outcome.served)),
            ("served_false", Double(outcome.servedFalse)),
            ("served_false_share", outcome.falseShare),
            ("recall", outcome.recall), ("recall_last_round", outcome.recallLastRound),
        ]
        return values.map { name, value in
            JSONTree.Member(
                name, .number(value == value.rounded() ? String(Int(value)) : String(value)))
        }
    }
}
