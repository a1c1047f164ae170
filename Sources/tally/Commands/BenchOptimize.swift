import Benchmarks
import Foundation
import Tokenizing
import Vocabularies

extension Bench {
    /// Needs no database; mixes in real prompts where there are any.
    static func optimization(
        _ options: Benchmarks.Options, isQuiet: Bool
    ) throws -> BenchmarkReport {
        struct Line: Decodable { let prompt: String }
        let data = ProcessInfo.processInfo.environment["TALLY_TEST_DATA"] ?? "../shared/data"
        let file = FileManager.default.contents(atPath: data + "/prompts-arena-hard.jsonl")
        let prompts = try file?.split(separator: 0x0A).map {
            try JSONDecoder().decode(Line.self, from: Data($0)).prompt
        }
        let counter = try TokenizerLibrary.shared.tokenizer(for: .o200k).counter
        return try Benchmarks.optimization(options, texts: prompts ?? [], counter: counter) {
            if !isQuiet { printError($0) }
        }
    }
}
