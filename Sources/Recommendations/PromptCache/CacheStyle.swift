import LedgerModel

/// How a provider's prompt cache is asked for; docs/decisions/0074 names the sources.
enum CacheStyle: Hashable {
    /// A request marks what to cache (`cache_control`) and chooses five minutes or an hour.
    case marked
    /// What begins alike is cached without being asked for, as long as the provider likes.
    case automatic

    init(_ dimensions: Dimensions) {
        let names = [Dimension.provider, .model].map { dimensions[$0]?.string.lowercased() ?? "" }
        self =
            names.contains { $0.contains("claude") || $0.contains("anthropic") }
            ? .marked : .automatic
    }

    /// The shortest prompt that the model's provider caches, in tokens.
    static func tokensMin(_ model: Name?) -> Int64 {
        let name = model?.string.lowercased() ?? ""
        if names4096.contains(where: { name.contains($0) }) { return 4_096 }
        if names2048.contains(where: { name.contains($0) }) { return 2_048 }
        return 1_024
    }

    private static let names4096 = [
        "opus-4-5", "opus-4.5", "opus-4-6", "opus-4.6", "haiku-4-5", "haiku-4.5",
    ]
    private static let names2048 = [
        "opus-4-7", "opus-4.7", "sonnet-4-6", "sonnet-4.6", "claude-3-haiku", "claude-3-5-haiku",
        "claude-3.5-haiku",
        "haiku-3",
    ]
}
