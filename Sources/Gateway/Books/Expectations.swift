import Estimates
import JSON
import LedgerModel
import Prompts
import Tokenizing

/// What a request is expected to use, before it is made: the input as counted, the output as limited.
///
/// Short bodies are counted by the model's tokenizer; of long ones the bytes of their texts are, which
/// is a hundred times faster and rather too much than too little.
package struct Expectations: Sendable {
    private let tokens = TokenService()

    /// Bodies up to this length are counted by a tokenizer.
    package static let countedBytesMax = 16 << 10
    private static let bytesPerToken = 3

    package init() {}

    package func expected(of request: GatewayRequest) async -> ExpectedUsage {
        let json = request.json
        let model = request.model
        let input = json.map { inputTokens(of: $0, request.api, model, request.body.count) } ?? 0
        var expected = ExpectedUsage(
            usage: input > 0 ? [.inputTokens: input] : Usage(),
            model: model.isEmpty ? nil : model)
        expected.maxTokens = ["max_tokens", "max_completion_tokens", "max_output_tokens"]
            .compactMap { json?[$0].flatMap(Self.count) }.max()
        expected.choices = max(json?["n"].flatMap(Self.count) ?? 1, 1)
        return expected
    }

    private static func count(_ json: JSONTree) -> Int64? {
        json.integer.flatMap { $0 >= 0 ? min(Int64($0), Usage.countMax) : nil }
    }

    private func inputTokens(
        of body: JSONTree, _ api: GatewayAPI, _ model: String, _ bytes: Int
    ) -> Int64 {
        let tools =
            (try? tokens.tools(TokenSelection(model: model)))
            ?? (try? tokens.tools(TokenSelection(encoding: TokenEncoding.o200k.name)))
        let counter: TokenCounter
        if bytes <= Self.countedBytesMax, let exact = tools?.counter {
            counter = exact
        } else {
            counter = Self.byBytes
        }
        switch api {
        case .embeddings: return Self.tokens(of: body["input"], counter)
        case .completions: return Self.tokens(of: body["prompt"], counter)
        case .chatCompletions, .responses, .messages, .countTokens:
            guard let tools, let chat = try? ChatRequest(body) else { return Int64(bytes) / 4 }
            let count = RequestCounter(profile: tools.profile, counter: counter).count(chat)
            return Int64(count.tokens)
        case .other: return 0
        }
    }

    /// Texts, lists of them, or tokens as numbers.
    private static func tokens(of input: JSONTree?, _ counter: TokenCounter) -> Int64 {
        switch input {
        case .text(let text)?: Int64(counter.count(text))
        case .number?: 1
        case .array(let items)?: items.reduce(0) { $0 + tokens(of: $1, counter) }
        default: 0
        }
    }

    private static let byBytes = TokenCounter(
        name: "bytes", exactness: .estimated(band: 0.5),
        counting: { ($0.utf8.count + bytesPerToken - 1) / bytesPerToken })
}
