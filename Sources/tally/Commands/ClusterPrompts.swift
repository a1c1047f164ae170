import ArgumentParser
import Batching
import Foundation
import JSON
import LedgerModel
import Rendering

/// `tally batches clusters FILE`.
struct ClusterPrompts: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "clusters",
        abstract: "Shows which prompts of a file are alike and could be grouped.",
        discussion: """
            The file has a JSON object in each line, with the prompt in the member prompt and, if \
            there are labels to compare with, in cluster. It needs no database and no weights; the \
            same file makes the same groups.
            """)

    @Argument(help: "A file of JSON lines.") var file: String
    @Option(help: "The member that holds the text.") var text = "prompt"
    @Option(help: "The member that holds a label.") var label = "cluster"
    @Option(help: "How many groups to make.") var groups: Int?
    @Option(help: "Join groups that are that much alike on average, from 0 to 1.")
    var similarity: Double?
    @OptionGroup var output: OutputOptions

    private static let similarityStandard = 0.15

    func validate() throws {
        if groups != nil, similarity != nil {
            throw ValidationError("--groups and --similarity exclude each other: give one")
        }
        guard groups ?? 1 > 0 else { throw ValidationError("--groups must be positive") }
        guard (0...1).contains(similarity ?? 0) else {
            throw ValidationError("--similarity must lie between 0 and 1")
        }
    }

    func execute() async throws {
        var (texts, labels): ([String], [String?]) = ([], [])
        for (index, line) in try readText(file, "file of prompts").split(separator: "\n")
            .enumerated()
        {
            guard let tree = try? JSONTree(parsing: line.utf8), let prompt = tree[text]?.string
            else {
                throw InputRefused(
                    "line \(index + 1) of \(file) is no JSON object with a text in \(text)")
            }
            texts.append(prompt)
            labels.append(tree[label]?.string)
            guard texts.count <= Similarities.textsMax else {
                throw InputRefused(
                    "\(file) has more than \(Similarities.textsMax) prompts: take a sample")
            }
        }
        let end: TextClusters.End =
            groups.map { .count($0) }
            ?? .similarity(Float(similarity ?? Self.similarityStandard))
        let clusters = TextClusters(Similarities(TextVectors(texts)), until: end)
        let known = labels.compactMap(\.self)
        let score =
            known.count == texts.count && !texts.isEmpty
            ? ClusterScore(clusters.groups, labels: known) : nil
        output.show(ClusteredPrompts(texts: texts, clusters: clusters, score: score))
    }
}
