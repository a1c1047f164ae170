import JSON

/// The `pre_tokenizer` of a tokenizer.json.
struct PreTokenizer {
    /// Whether tokens are written in characters that stand for bytes.
    private(set) var isByteLevel = false
    private var patterns: [String] = []
    /// Texts that a split keeps at the end of the previous piece.
    private var merged: [[UInt8]] = []

    /// GPT-2's pattern, which `ByteLevel` uses unless switched off.
    private static let gpt2 =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    init(_ tree: JSONTree) throws(TokenizerFault) { try read(tree) }

    private mutating func read(_ tree: JSONTree) throws(TokenizerFault) {
        if tree == .null { return }
        switch tree["type"]?.string ?? "" {
        case "Sequence":
            for part in tree["pretokenizers"]?.items ?? [] { try read(part) }
        case "ByteLevel":
            guard tree["add_prefix_space"]?.isTrue != true else {
                throw TokenizerFault("its “ByteLevel” adds a space, which is not supported")
            }
            isByteLevel = true
            if tree["use_regex"] != .boolean(false) { patterns.append(Self.gpt2) }
        case "Split":
            let behavior = tree["behavior"]?.string ?? ""
            guard tree["invert"]?.isTrue != true else {
                throw TokenizerFault("its “Split” is inverted, which is not supported")
            }
            if let pattern = tree["pattern"]?["Regex"]?.string, behavior == "Isolated" {
                patterns.append(pattern)
            } else if let text = tree["pattern"]?["String"]?.bytes,
                behavior == "MergedWithPrevious"
            {
                merged.append(text)
            } else {
                throw TokenizerFault("its “Split” is \(behavior), which is not supported")
            }
        case let type: throw TokenizerFault("its pre-tokenizer “\(type)” is not supported")
        }
    }

    func splitting(after normalization: Normalization) throws(TokenizerFault) -> Splitting {
        for text in merged {
            // Gemma splits at blanks after replacing all of them.
            let isGone = normalization.steps.contains {
                if case .replaced(text, _) = $0 { true } else { false }
            }
            guard isGone else {
                throw TokenizerFault("its “Split” at \(quoted(text)) is not supported")
            }
        }
        if patterns.map(spelled) == Splitting.deepSeekPatterns { return .deepSeekV3 }
        if patterns.count == 1 { return try Splitting(pattern: patterns[0]) }
        var compiled: [SplitPattern] = []
        for pattern in patterns { compiled.append(try SplitPattern(pattern)) }
        return .patterns(compiled)
    }
}

extension Splitting {
    /// Uses the handwritten rule for a pattern, if there is one.
    init(pattern: String) throws(TokenizerFault) {
        let pattern = spelled(pattern)
        if let known = Self.known.first(where: { $0.pattern == pattern }) {
            self = known.splitting
        } else {
            self = .patterns([try SplitPattern(pattern)])
        }
    }

    private static let word = #"[^\r\n\p{L}\p{N}]?"#
    private static let opening = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
    private static let closing = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
    private static let contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    private static let spaces = #"\s*[\r\n]+|\s+(?!\S)|\s+"#

    private static let gpt2Pattern =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
    private static let gpt2Possessive =
        #"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"#
    private static let cl100kPattern =
        #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+|"#
        + #" ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"#
    private static let qwenPattern =
        "\(contraction)|\(word)" + #"\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces
    private static let llama3Pattern =
        "\(contraction)|\(word)" + #"\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces
    private static let o200kPattern =
        "\(word)\(opening)*\(closing)+\(contraction)?|\(word)\(opening)+\(closing)*\(contraction)?|"
        + #"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + spaces
    private static let tekkenPattern =
        "\(word)\(opening)*\(closing)+|\(word)\(opening)+\(closing)*|"
        + #"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + spaces

    /// The patterns with handwritten rules.
    private static let known: [(pattern: String, splitting: Splitting)] = [
        (gpt2Pattern, .gpt2), (gpt2Possessive, .gpt2), (cl100kPattern, .cl100k),
        (qwenPattern, .qwen), (llama3Pattern, .llama3), (o200kPattern, .o200k),
        (tekkenPattern, .tekken),
    ]

    static let deepSeekPatterns = [
        #"\p{N}{1,3}"#, "[一-龥぀-ゟ゠-ヿ]+",
        ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|"##
            + #"[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|"# + spaces,
    ]
}

/// The same pattern, with line ends written as `\r` and `\n`.
private func spelled(_ pattern: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in pattern.unicodeScalars {
        switch scalar {
        case "\r": result.append(contentsOf: "\\r".unicodeScalars)
        case "\n": result.append(contentsOf: "\\n".unicodeScalars)
        default: result.append(scalar)
        }
    }
    return String(result)
}
