import Foundation

/// Prompts for counting and optimizing: questions, code, data and documents in many languages.
///
/// They were written for this repository and are in the public domain (CC0 1.0).
package struct PromptCorpus: Sendable {
    package let prompts: [String]
    /// JSON lines with a `prompt`.
    package let bytes: [UInt8]

    private struct Line: Decodable { let prompt: String }

    /// The prompts of the repository.
    package static func own() throws -> PromptCorpus {
        try PromptCorpus(bytes: PackageResources.prompts_jsonl)
    }

    package init(bytes: [UInt8]) throws {
        self.bytes = bytes
        let decoder = JSONDecoder()
        prompts = try bytes.split(separator: 0x0A).map {
            try decoder.decode(Line.self, from: Data($0)).prompt
        }
    }
}
