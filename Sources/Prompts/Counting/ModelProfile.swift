package import LedgerModel
package import Tokenizing

/// What has to be known about a model to count a request to it.
package struct ModelProfile: Hashable, Sendable {
    package enum Family: String, Sendable {
        case openAI = "openai"
        case anthropic, gemini, qwen, mistral, llama, gemma
        case deepSeek = "deepseek"
        /// The caller named the tokenizer; nothing else is known.
        case none
    }

    package enum Tokenization: Hashable, Sendable {
        case exact(TokenEncoding)
        /// The provider does not publish its tokenizer.
        case estimated(EstimateRule)

        /// The encoding that has to be loaded.
        package var encoding: TokenEncoding {
            switch self {
            case .exact(let encoding): encoding
            case .estimated: .o200k
            }
        }
    }

    /// The plain name that was looked up, or the encoding's name if there is no model.
    package let name: String
    package let family: Family
    /// Nil if the caller supplies the tokenizer.
    package let tokenization: Tokenization?
    package let frame: ChatFrame
    package let tools: ToolRule
    package let images: ImageRule?
    /// Tokens per second of audio, in hundredths.
    package let audioCentitokens: Int?

    /// The profile of a model.
    package init(model: String) throws(UnknownModel) {
        let name = try Self.name(model)
        guard let rule = Self.rule(for: name) else { throw Self.reason(name) }
        self.init(name, rule.family, rule.tokenization)
    }

    /// The profile of a model whose tokenizer is a file; the model need not be known.
    package init(model: String?, tokenizerFile: String) throws(UnknownModel) {
        let name = try Self.name(model ?? tokenizerFile)
        self.init(name, Self.rule(for: name)?.family ?? Self.openFamily(name), nil)
    }

    /// The profile of an encoding without a model: chats are framed as by OpenAI.
    package init(encoding: TokenEncoding) {
        self.init(ModelName(encoding.name), .none, .exact(encoding))
    }

    private init(_ name: ModelName, _ family: Family, _ tokenization: Tokenization?) {
        self.name = name.base
        self.family = family
        self.tokenization = tokenization
        frame = ChatFrame(family: family, model: name)
        tools = ToolRule(family: family, model: name)
        images = ImageRule(family: family, model: name)
        audioCentitokens =
            switch family {
            case .openAI: 1_000
            case .gemini: 3_200
            default: nil
            }
    }

    /// Whether the provider does not publish its tokenizer.
    package var isEstimated: Bool {
        if case .estimated = tokenization { true } else { false }
    }

    private static func name(_ model: String) throws(UnknownModel) -> ModelName {
        let name = ModelName(model)
        guard !name.base.isEmpty, model.utf8.count <= ModelName.bytesMax else { throw .noName }
        return name
    }

    /// Families whose vocabulary may not be distributed, but whose chat template is known.
    private static func openFamily(_ name: ModelName) -> Family {
        if name.base.contains("llama") { return .llama }
        return name.base.contains("gemma") ? .gemma : .none
    }
}

/// Why the tokens of a model cannot be counted; the text says what to do.
package enum UnknownModel: Error, Hashable, Sendable {
    case noName
    /// It is in no table.
    case unknown(String)
    /// Its vocabulary may not be distributed.
    case needsFile(String, family: String)
}

extension UnknownModel: Fault {
    package var kind: FaultKind { .invalid }
    package var param: String? { "model" }

    package var description: String {
        switch self {
        case .noName:
            "name a model, an encoding or a tokenizer file"
        case .unknown(let model):
            "the model \(model.prefix(100)) is not known"
                + (ContextWindow.nearest(to: model).map { " (did you mean \($0)?)" } ?? "")
                + ": name an encoding that counts like it, such as o200k_base, or a tokenizer file"
        case .needsFile(let model, let family):
            "the vocabulary of \(family) models such as \(model.prefix(100)) may not be shipped: "
                + "give its tokenizer.json as the tokenizer file"
        }
    }
}

// MARK: - The table

extension ModelProfile {
    private struct Rule {
        let family: Family
        let tokenization: Tokenization

        init(_ family: Family, _ encoding: TokenEncoding) {
            self.family = family
            tokenization = .exact(encoding)
        }

        init(_ family: Family, _ rule: EstimateRule) {
            self.family = family
            tokenization = .estimated(rule)
        }
    }

    private static func rule(for name: ModelName) -> Rule? {
        for (prefixes, rule) in exactRules {
            if prefixes.contains(where: { name.begins(with: $0) }) { return rule }
        }
        if isGPT5(name.base) { return Rule(.openAI, .o200k) }
        if let version = ClaudeVersion(name) {
            return Rule(.anthropic, version.hasNewTokenizer ? .claude47 : .claude3)
        }
        if name.begins(with: "gemini") || name.begins(with: "learnlm") {
            return Rule(.gemini, .gemini)
        }
        return nil
    }

    /// Rules from tiktoken 0.14's model table and the model cards of published tokenizers; the
    /// first match applies.
    private static let exactRules: [([String], Rule)] = [
        (["gpt-oss"], Rule(.openAI, .o200kHarmony)),
        (
            [
                "o1", "o3", "o4-mini", "gpt-4o", "chatgpt-4o", "gpt-4.1", "gpt-4.5", "gpt-audio",
                "gpt-realtime", "codex-mini", "computer-use-preview",
            ], Rule(.openAI, .o200k)
        ),
        (
            [
                "gpt-4", "gpt-3.5", "gpt-3.5-turbo", "davinci-002", "babbage-002",
                "text-embedding-ada-002", "text-embedding-3",
            ], Rule(.openAI, .cl100k)
        ),
        (
            [
                "text-davinci-003", "text-davinci-002", "text-davinci-edit-001",
                "code-davinci", "code-cushman", "davinci-codex", "cushman-codex",
            ], Rule(.openAI, .p50k)
        ),
        (
            [
                "text-davinci-001", "text-curie-001", "text-babbage-001", "text-ada-001",
                "davinci", "curie", "babbage", "ada", "text-similarity", "text-search",
                "code-search", "gpt2", "gpt-2",
            ], Rule(.openAI, .r50k)
        ),
        (
            [
                "deepseek-chat", "deepseek-reasoner", "deepseek-v3", "deepseek-v3.1",
                "deepseek-v3.2", "deepseek-r1", "deepseek-r1-0528",
            ], Rule(.deepSeek, .deepSeekV3)
        ),
        (
            [
                "mistral-nemo", "open-mistral-nemo", "ministral", "pixtral", "mistral-small-24",
                "mistral-small-25", "mistral-small-latest", "mistral-medium", "magistral",
                "devstral", "mistral-large-3", "mistral-large-2512", "mistral-large-latest",
            ], Rule(.mistral, .tekken)
        ),
        (["qwq-32b-preview"], Rule(.qwen, .qwen25)),
        (["qwen3", "qwen-flash", "qwq"], Rule(.qwen, .qwen3)),
        (["qwen2", "qvq"], Rule(.qwen, .qwen2)),
        (["qwen2.5", "qwen-max", "qwen-plus", "qwen-turbo"], Rule(.qwen, .qwen25)),
    ]

    private static func isGPT5(_ base: String) -> Bool {
        guard base.hasPrefix("gpt-5") else { return false }
        let next = base.utf8.dropFirst(5).first
        return next == nil || next == UInt8(ascii: "-") || next == UInt8(ascii: ".")
    }

    private static func reason(_ name: ModelName) -> UnknownModel {
        let families = [
            ("llama", "Llama"), ("meta-llama", "Llama"), ("gemma", "Gemma"), ("mistral", "Mistral"),
            ("mixtral", "Mistral"), ("codestral", "Mistral"),
        ]
        for (prefix, family) in families where name.base.hasPrefix(prefix) {
            return .needsFile(name.given, family: family)
        }
        return .unknown(name.given)
    }
}

/// The version of Claude in a name: the numbers come before or after the family's word.
struct ClaudeVersion: Hashable {
    let major: Int
    let minor: Int
    let tier: String

    /// Reads names such as `claude-3-5-sonnet-20241022`, `claude-opus-4-7`, `claude-sonnet-4`,
    /// `claude-2.1`.
    init?(_ name: ModelName) {
        guard name.begins(with: "claude") else { return nil }
        var numbers: [Int] = []
        var tier = ""
        for word in name.base.dropFirst(6).split(whereSeparator: { $0 == "-" || $0 == "." }) {
            if let number = Int(word) {
                // Longer numbers are dates.
                if word.utf8.count <= 2, numbers.count < 2 { numbers.append(number) }
            } else if tier.isEmpty {
                tier = String(word)
            }
        }
        guard let first = numbers.first ?? (tier == "instant" ? 1 : nil) else { return nil }
        // Models before Claude 3 had another, public tokenizer; they are no longer sold.
        guard first >= 3 else { return nil }
        major = first
        minor = numbers.count > 1 ? numbers[1] : 0
        self.tier = tier
    }

    func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
        (self.major, self.minor) >= (major, minor)
    }

    var hasNewTokenizer: Bool { isAtLeast(4, 7) }
}
