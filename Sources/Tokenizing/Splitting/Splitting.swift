/// How a tokenizer cuts text into pieces before it merges inside them.
package enum Splitting: Sendable {
    case gpt2
    case cl100k
    case llama3
    case qwen
    case o200k
    case tekken
    case deepSeekV3
    /// By patterns of a file, each inside the pieces of the previous one; without patterns, not at
    /// all.
    case patterns([SplitPattern])

    /// Whether the rule is handwritten.
    var isByRule: Bool {
        if case .patterns = self { false } else { true }
    }

    /// Passes the rule to code that is compiled for each of them.
    @inline(__always)
    func with<Body: RuleBody>(_ body: consuming Body) -> Body.Result {
        switch self {
        case .gpt2: body.run(GPT2Rule())
        case .cl100k: body.run(CL100KRule.cl100k)
        case .llama3: body.run(CL100KRule.llama3)
        case .qwen: body.run(CL100KRule.qwen)
        case .o200k: body.run(O200KRule.o200k)
        case .tekken: body.run(O200KRule.tekken)
        case .deepSeekV3: body.run(DeepSeekRule())
        case .patterns(let patterns): body.run(ListedRule(patterns, body.text))
        }
    }
}

/// Code that is generic over the rule.
protocol RuleBody: ~Copyable {
    associatedtype Result
    var text: TextBytes { get }
    consuming func run<Rule: PieceRule>(_ rule: Rule) -> Result
}

/// The precomputed pieces of one text.
private final class ListedRule: PieceRule {
    private let ends: [Int]
    private var place = 0

    init(_ patterns: [SplitPattern], _ text: TextBytes) {
        let scanner = TextScanner(text)
        var ends = [text.count]
        for pattern in patterns {
            var start = 0
            var next: [Int] = []
            for end in ends {
                pattern.split(scanner, start..<end, into: &next)
                start = end
            }
            ends = next
        }
        self.ends = ends
    }

    func end(of scanner: TextScanner, from start: Int) -> Int {
        defer { place += 1 }
        return ends[place]
    }
}
