/// What operations are called, in the words of every source.
package enum OperationNames {
    /// The one name of an operation; a word that is not known here is kept.
    package static func name(_ told: String) -> String {
        // Nearly every operation is another one.
        told.utf8.contains(UInt8(ascii: "m")) || told.utf8.contains(UInt8(ascii: "M"))
            ? names[told.lowercased()] ?? told : told
    }

    private static let names = [
        "embedding": "embeddings", "embeddings": "embeddings", "embed": "embeddings",
        "aembedding": "embeddings", "create_embedding": "embeddings",
        "create_embeddings": "embeddings",
    ]

    /// Whether it counts tokens, which is free: `count_tokens`, `messages.count_tokens`,
    /// `models/gemini-2.5-pro:countTokens`.
    package static func isFree(_ told: String) -> Bool {
        guard told.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "k") }) else { return false }
        let word = told.lowercased().filter { $0 != "_" && $0 != "-" }
        return counting.contains { word.hasSuffix($0) }
    }

    private static let counting = ["counttokens", "tokencounter"]
}
