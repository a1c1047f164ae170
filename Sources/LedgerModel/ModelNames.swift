/// What models are called on the roads that lead to them: `openai/gpt-4o`, `models/gemini-2.5-pro`,
/// `openrouter/anthropic/claude-sonnet-4.5:nitro`, an ARN of Bedrock.
package enum ModelNames {
    /// One way to understand a name.
    package struct Reading: Hashable, Sendable {
        /// The seller; nil if neither the request nor the name tells.
        package let seller: String?
        package let model: String
    }

    /// More parts in front of a name are nobody's.
    private static let partsMax = 8

    /// The ways to understand a name, as it stands first.
    ///
    /// A road to a seller (`azure/…`) counts for more than the provider that a client's library
    /// names; a maker (`anthropic/…`) tells the seller only if nothing else does. What is unknown
    /// in front of a name is part of it: nobody knows whose `acme/gpt-4o` is.
    ///
    /// - Parameters:
    ///   - model: in lower case.
    ///   - provider: as told, in lower case; nil if nobody told.
    ///   - isSeller: whether somebody else knows a word as a seller, such as a price book.
    package static func readings(
        of model: String, by provider: String?, isSeller: (String) -> Bool = { _ in false }
    ) -> [Reading] {
        let provider = provider.flatMap { SellerNames.isRoute($0) ? nil : $0 }
        var readings: [Reading] = []
        walk(model[...], provider, partsMax, isSeller, into: &readings)
        var seen: Set<Reading> = []
        return readings.filter { seen.insert($0).inserted }
    }

    /// The seller that a model's name tells: of a road (`azure/…`), of an id of Bedrock, or else
    /// the model's maker.
    ///
    /// - Parameter model: in lower case.
    package static func seller(of model: String) -> String? {
        if let told = road(of: model) { return told }
        let last = readings(of: model, by: nil).last?.model ?? model
        return SellerNames.maker(of: last.split(separator: "/").last.map(String.init) ?? last)
    }

    /// The seller that only the road to a model tells; nil if its name is plain.
    ///
    /// - Parameter model: in lower case.
    package static func road(of model: String) -> String? {
        let told = readings(of: model, by: nil).first { $0.seller != nil }?.seller
        return told.map { SellerNames.name($0) }
    }

    /// The name without what only leads to it from its own seller.
    package static func plain(_ model: String, of provider: String) -> String {
        var rest = model[...]
        for _ in 0..<partsMax {
            guard let (part, tail) = split(rest) else { break }
            let word = part.lowercased()
            if let end = bedrockID(in: rest) {
                rest = end
            } else if word == provider.lowercased() {
                rest = tail
            } else if word != "accounts", let skipped = path(word, tail) {
                rest = skipped
            } else if let seller = SellerNames.known(word), !SellerNames.isMaker(word),
                SellerNames.root(seller) == SellerNames.root(SellerNames.name(provider))
            {
                rest = tail
            } else if SellerNames.known(word) == provider, SellerNames.isMaker(word) {
                rest = tail
            } else {
                break
            }
        }
        return String(rest)
    }

    // MARK: The walk

    private static func walk(
        _ name: Substring, _ seller: String?, _ parts: Int, _ isSeller: (String) -> Bool,
        into readings: inout [Reading]
    ) {
        guard parts > 0, !name.isEmpty else { return }
        if let id = bedrockID(in: name) {
            return walk(id, "aws", parts - 1, isSeller, into: &readings)
        }
        let spellings = [name] + [withoutVariant(name), respelled(name)].compactMap(\.self)
        let asWritten = spellings.map { Reading(seller: seller, model: String($0)) }
        // Without a seller, the road says more than whoever claims the name.
        if seller != nil { readings += asWritten }
        if hasBedrockShape(name) { readings.append(Reading(seller: "aws", model: String(name))) }
        defer { if seller == nil { readings += asWritten } }
        guard let (part, tail) = split(name) else { return }
        let word = String(part)
        if let skipped = path(word, tail) {
            // Only Vertex AI has publishers.
            let told = word == "publishers" ? "google" : nil
            walk(skipped, seller ?? told, parts - 1, isSeller, into: &readings)
            if let told, isBorrowed(seller) {
                walk(skipped, told, parts - 1, isSeller, into: &readings)
            }
            return
        }
        let road = SellerNames.known(word) ?? (isSeller(word) ? word : nil)
        let isMaker = SellerNames.isMaker(word)
        if let seller {
            let root = SellerNames.root(SellerNames.name(seller))
            let isOwn = road.map { SellerNames.root($0) } == root
            if isOwn || isMaker || SellerNames.isRoute(word) {
                walk(tail, seller, parts - 1, isSeller, into: &readings)
            }
            if road != nil, !isOwn, !isMaker || isBorrowed(seller) {
                walk(tail, word, parts - 1, isSeller, into: &readings)
            }
        } else if road != nil || isMaker || SellerNames.isRoute(word) {
            walk(tail, road == nil ? nil : word, parts - 1, isSeller, into: &readings)
        }
    }

    /// Whether the provider may only be that of the library: OpenAI's calls many others, and its
    /// instrumentation names itself.
    private static func isBorrowed(_ seller: String?) -> Bool {
        seller.map { SellerNames.name($0) } == "openai"
    }

    private static func split(_ name: Substring) -> (part: Substring, tail: Substring)? {
        guard let slash = name.firstIndex(of: "/") else { return nil }
        let tail = name[name.index(after: slash)...]
        return tail.isEmpty || slash == name.startIndex ? nil : (name[..<slash], tail)
    }

    /// What follows the parts of a path that name no seller.
    private static func path(_ word: String, _ tail: Substring) -> Substring? {
        if steps.contains(word) { return tail }
        guard pairs.contains(word) else { return nil }
        return split(tail)?.tail
    }

    private static let steps: Set<String> = [
        "models", "model", "converse", "converse_like", "invoke", "responses", "chat", "global",
        "global-standard", "foundation-model", "inference-profile",
    ]

    /// Each is followed by a name: `publishers/google`.
    private static let pairs: Set<String> = [
        "publishers", "projects", "locations", "accounts", "organizations",
    ]

    // MARK: Suffixes

    /// The name without how OpenRouter should find somebody to answer.
    private static func withoutVariant(_ name: Substring) -> Substring? {
        guard let colon = name.lastIndex(of: ":"),
            variants.contains(String(name[name.index(after: colon)...]))
        else { return nil }
        return name[..<colon]
    }

    private static let variants: Set<String> = ["nitro", "online", "floor", "exacto"]

    /// The maker's name of a model that an editor shows as `claude-4.5-sonnet-thinking` or
    /// `gpt-5-high`: how long it thinks changes no price.
    private static func respelled(_ name: Substring) -> Substring? {
        var words = name.split(separator: "-", omittingEmptySubsequences: false)
        guard let efforts = words.first.flatMap({ Self.efforts[String($0)] }) else { return nil }
        while let last = words.last, efforts.contains(String(last)) { words.removeLast() }
        if words.first == "claude" {
            let version = words.dropFirst().prefix { $0.allSatisfy { $0.isNumber || $0 == "." } }
            let numbers = version.flatMap { $0.split(separator: ".") }
            let family = words.dropFirst(1 + version.count)
            // Since version 4 the family comes first.
            let isNew = numbers.first.flatMap { Int($0) }.map { $0 >= 4 } ?? true
            words =
                ["claude"] + (isNew ? [] : numbers) + family.prefix(1)
                + (isNew ? numbers : []) + family.dropFirst()
        }
        let spelled = words.joined(separator: "-")
        return words.count < 2 || spelled == name ? nil : spelled[...]
    }

    /// By the first word; others sell what thinks as a model of its own.
    private static let efforts: [String: Set<String>] = {
        let words: Set = ["minimal", "low", "medium", "high", "xhigh"]
        return ["claude": words.union(["thinking"]), "gpt": words, "o3": words, "o4": words]
    }()

    // MARK: Bedrock

    /// What an ARN of Bedrock ends with.
    private static func bedrockID(in name: Substring) -> Substring? {
        let start = name.prefix(12).lowercased()
        guard start.hasPrefix("arn:aws"), name.contains(":bedrock:"),
            let slash = name.lastIndex(of: "/")
        else { return nil }
        return name[name.index(after: slash)...]
    }

    /// Whether a name is an id of Bedrock: `us.anthropic.claude-…`, `amazon.nova-pro-v1:0`.
    private static func hasBedrockShape(_ name: Substring) -> Bool {
        var parts = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)[...]
        if let first = parts.first, regions.contains(String(first)) { parts = parts.dropFirst() }
        guard parts.count > 1, let vendor = parts.first else { return false }
        return vendors.contains(String(vendor))
    }

    private static let regions: Set<String> = [
        "us", "eu", "apac", "global", "jp", "au", "ca", "us-gov",
    ]

    private static let vendors: Set<String> = [
        "anthropic", "amazon", "meta", "mistral", "cohere", "ai21", "deepseek", "openai", "qwen",
        "stability", "writer", "twelvelabs", "luma", "google", "minimax", "moonshot", "moonshotai",
        "nvidia", "zai",
    ]
}
