import JSON

/// What of a request decides its answer.
struct UpstreamPrompt {
    let model: String
    let tokens: Int
    let prefixTokens: Int
    let prefixHash: UInt64
    let hash: UInt64
    /// All that the answer is to, as JSON.
    private let texts: (String, String)
    /// For each input of a request for embeddings.
    let inputHashes: [UInt64]
    let outputMax: Int?
    /// Anthropic's caches are asked for.
    let asksForCache: Bool
    /// Anthropic's thinking, or OpenAI's reasoning.
    let asksToThink: Bool
    let inputs: Int
    let choices: Int
    /// The tool that the answer calls.
    let tool: UpstreamTool?
    /// What the answer's text has to be, as a JSON schema.
    let schema: JSONTree?

    /// - Parameter path: as its provider's documentation has it.
    init(_ json: JSONTree, path: String) {
        model = json["model"]?.string ?? ""
        let input = json["input"]
        let turns = path == "/v1/responses" ? input?.items : nil
        inputs = input?.items.map { $0.first?.string == nil ? 1 : $0.count } ?? 1
        let messages = json["messages"]?.items ?? turns ?? []
        let fixed = ["tools", "system", "instructions"].compactMap { json[$0] }
        let beginning = (fixed + messages.dropLast()).map(\.json).joined()
        let end = (messages.last ?? input ?? json["prompt"])?.json ?? ""
        prefixTokens = Self.tokens(beginning)
        tokens = max(1, prefixTokens + Self.tokens(end))
        prefixHash = fnv(beginning)
        hash = fnv(end, after: prefixHash)
        texts = (beginning, end)
        let listed = path == "/v1/embeddings" ? input?.items ?? [input ?? .null] : []
        inputHashes = listed.map { fnv($0.json) }
        outputMax =
            ["max_completion_tokens", "max_tokens", "max_output_tokens"]
            .compactMap { json[$0]?.integer }.first
        asksForCache = beginning.has("cache_control") || end.has("cache_control")
        let thinking = json["thinking"]?["type"]?.string
        asksToThink =
            thinking == "enabled" || thinking == "adaptive" || json["reasoning_effort"] != nil
            || json["reasoning"]?["effort"]?.string != nil
        choices = min(max(json["n"]?.integer ?? 1, 1), Self.choicesMax)
        tool = UpstreamTool(json, last: messages.last ?? input)
        let format = json["response_format"] ?? json["text"]?["format"]
        switch format?["type"]?.string {
        case "json_schema": schema = format?["json_schema"]?["schema"] ?? format?["schema"]
        case "json_object": schema = .object([])
        default: schema = nil
        }
    }

    private static let choicesMax = 16

    /// Four bytes each.
    private static func tokens(_ text: String) -> Int { (text.utf8.count + 3) / 4 }

    /// Equal for texts with the same letters and digits, however they are laid out and written.
    private static func hash(ofWordsIn texts: (String, String)) -> UInt64 {
        var hash = fnv("")
        for text in [texts.0, texts.1] {
            var isEscaped = false
            for byte in text.utf8 {
                if isEscaped || byte == UInt8(ascii: "\\") {
                    isEscaped.toggle()
                    continue
                }
                switch byte {
                case 0x30...0x39, 0x61...0x7A, 0x80...: hash = (hash ^ UInt64(byte)) &* fnvPrime
                case 0x41...0x5A: hash = (hash ^ UInt64(byte | 0x20)) &* fnvPrime
                default: break
                }
            }
        }
        return hash
    }

    /// What the answer says; its length follows from the prompt and the seed.
    func output(_ script: UpstreamScript) -> UpstreamOutput {
        let most = min(outputMax ?? script.outputTokensMax, script.outputTokensMax)
        let said = script.readsWords ? Self.hash(ofWordsIn: texts) : hash
        let tokens = 1 + Int(mixed(said &+ script.seed) % UInt64(max(1, most)))
        var output = UpstreamOutput(thinking: asksToThink ? max(1, tokens / 2) : 0)
        if let tool {
            output.tool = (tool.name, JSONSchemaValue(of: tool.schema).json)
        }
        let words = max(1, tokens - output.thinking)
        output.pieces =
            schema.map { JSONSchemaValue(of: $0).json.pieces(of: 16) }
            ?? ["word"] + Array(repeating: " word", count: words - 1)
        output.tokens = output.thinking + words
        return output
    }
}

/// What an answer says.
struct UpstreamOutput {
    /// All tokens, those of thinking included.
    var tokens = 0
    var thinking: Int
    /// The text as streams have it.
    var pieces: [String] = []
    /// Then there is no text.
    var tool: (name: String, arguments: String)?

    init(thinking: Int) {
        self.thinking = thinking
    }

    var text: String { pieces.joined() }
    var thought: String {
        Array(repeating: "hm", count: thinking).joined(separator: " ")
    }
}

/// A tool that a request offers, and its answer has to call.
struct UpstreamTool {
    let name: String
    let schema: JSONTree

    /// Nil if there is none to call: one is called if the request asks for a call, or if its last
    /// message is of a user and has the tool's name in it.
    init?(_ json: JSONTree, last: JSONTree?) {
        let tools = (json["tools"]?.items ?? []).compactMap(Self.init(offered:))
        let choice = json["tool_choice"]
        let kind = choice?.string ?? choice?["type"]?.string ?? "auto"
        if let name = choice?["name"]?.string ?? choice?["function"]?["name"]?.string {
            guard let named = tools.first(where: { $0.name == name }) else { return nil }
            self = named
        } else if kind == "required" || kind == "any" {
            guard let first = tools.first else { return nil }
            self = first
        } else {
            guard kind == "auto", let last, !tools.isEmpty else { return nil }
            let isUser = last["role"]?.string == "user" || last.string != nil
            let text = last.json
            guard isUser, !text.has("tool_result"),
                let named = tools.first(where: { text.has($0.name) })
            else { return nil }
            self = named
        }
    }

    /// In the three ways in which tools are offered; nil for one that the provider runs itself.
    private init?(offered tool: JSONTree) {
        let function = tool["function"] ?? tool
        guard let name = function["name"]?.string,
            let schema = function["parameters"] ?? function["input_schema"]
        else { return nil }
        self.name = name
        self.schema = schema
    }
}

func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
}

/// FNV-1a.
func fnv(_ text: String, after hash: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
    text.utf8.reduce(hash) { ($0 ^ UInt64($1)) &* fnvPrime }
}

private let fnvPrime: UInt64 = 0x100_0000_01B3

extension String {
    /// Whether a text is in it, byte for byte: comparing characters would cost more than all else.
    func has(_ other: String) -> Bool {
        var (text, other) = (self, other)
        return text.withUTF8 { text in
            other.withUTF8 { other in
                guard let first = other.first, text.count >= other.count else {
                    return other.isEmpty
                }
                return (0...(text.count - other.count)).contains { start in
                    text[start] == first
                        && other.indices.allSatisfy { text[start + $0] == other[$0] }
                }
            }
        }
    }

    /// Itself, cut after every so many characters; never none.
    func pieces(of count: Int) -> [String] {
        var (pieces, rest) = ([String](), self[...])
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces.isEmpty ? [""] : pieces
    }
}
