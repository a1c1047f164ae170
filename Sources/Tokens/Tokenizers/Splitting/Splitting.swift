/// How a tokenizer cuts text into pieces before it merges inside them.
package enum Splitting: Sendable {
    case gpt2
    case cl100k
    case qwen
    case o200k
    case tekken

    /// Whether every piece ends between a letter or digit and a blank.
    var splitsBeforeBlanks: Bool { true }

    /// Hands the rule to code that is compiled for each of them.
    @inline(__always)
    func with<Body: RuleBody>(_ body: consuming Body) -> Body.Result {
        switch self {
        case .gpt2: body.run(GPT2Rule())
        case .cl100k: body.run(CL100KRule.cl100k)
        case .qwen: body.run(CL100KRule.qwen)
        case .o200k: body.run(O200KRule.o200k)
        case .tekken: body.run(O200KRule.tekken)
        }
    }
}

/// Code that is generic over the rule.
protocol RuleBody: ~Copyable {
    associatedtype Result
    consuming func run<Rule: PieceRule>(_ rule: Rule) -> Result
}
