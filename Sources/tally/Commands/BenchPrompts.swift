import Benchmarks
import Foundation
import Tokenizing
import Vocabularies

// The benchmarks of prompts, which need no database.

extension Bench {
    /// The real prompts if they are available; otherwise those of the repository.
    private static func corpus() throws -> PromptCorpus {
        let data = ProcessInfo.processInfo.environment["TALLY_TEST_DATA"] ?? "../shared/data"
        let file = FileManager.default.contents(atPath: data + "/prompts-arena-hard.jsonl")
        return try file.map { try PromptCorpus(bytes: Array($0)) } ?? .own()
    }

    static func tokens(
        _ options: Benchmarks.Options, _ directory: String, isQuiet: Bool
    ) throws -> BenchmarkReport {
        let corpus = try corpus()
        let log: @Sendable (String) -> Void = { if !isQuiet { printError($0) } }
        let peers = TokenPeers(
            prompts: corpus.bytes, directory: directory + "/bench-tokens", runs: options.runs,
            log: log)
        return try Benchmarks.tokens(
            options, prompts: corpus.prompts,
            load: { try TokenizerLibrary().tokenizer(for: .o200k) }, peers: peers.measure, log: log)
    }

    static func optimization(
        _ options: Benchmarks.Options, isQuiet: Bool
    ) throws -> BenchmarkReport {
        let counter = try TokenizerLibrary.shared.tokenizer(for: .o200k).counter
        return try Benchmarks.optimization(
            options, texts: try corpus().prompts, counter: counter
        ) {
            if !isQuiet { printError($0) }
        }
    }
}
