import Estimates
import JSON
import LedgerModel
import Tokenizing

/// What an answer has said so far, as far as it decides what it cost.
struct SaidSoFar: Sendable {
    var model: String?
    var serviceTier: String?
    var responseID: String?
    var finishReason: String?
    var errorType: String?
    /// Whether it came to its end.
    var isComplete = false
    /// Of several answers to one prompt, those that came to theirs.
    var choicesEnded: Int64 = 0
    /// The members of the usage, by the last that told them.
    var usageMembers: JSONTree?
    /// Whether the usage is that of the whole answer.
    var isUsageFinal = false
    /// Events that had output.
    var outputEvents: Int64 = 0
    /// Bytes of text, also of what is not kept.
    var textBytes = 0
    /// Texts between their quotes, as they are spelled: output, and thinking.
    private var output = SpelledText()
    private var thinking = SpelledText()
    /// What an event is known to be, while it is looked at.
    var kind = StreamFrame.Kind.lifecycle

    /// Whether it failed before it said anything.
    var hasFailedAtOnce: Bool { errorType != nil && textBytes == 0 && outputEvents == 0 }

    // MARK: Texts

    mutating func sayOutput(_ spelled: Slice<UnsafeBufferPointer<UInt8>>) {
        if spelled.isEmpty { return }
        kind = .output
        textBytes += spelled.count
        output.append(spelled)
    }

    mutating func sayThinking(_ spelled: Slice<UnsafeBufferPointer<UInt8>>) {
        if spelled.isEmpty { return }
        if kind != .output { kind = .thinking }
        textBytes += spelled.count
        thinking.append(spelled)
    }

    /// The tokens of the texts, by the model's own tokenizer or the nearest.
    func countOutput(as model: String) -> (all: Int64, thinking: Int64) {
        if textBytes == 0 { return (0, 0) }
        let counter = TextTokens(model: model)
        let thinking = thinking.tokens(counter)
        return (output.tokens(counter) + thinking, thinking)
    }
}

/// A text in pieces, as JSON spells it: pieces of valid spellings are one.
private struct SpelledText: Sendable {
    private var bytes: [UInt8] = []
    /// Bytes that came, also those that are not kept.
    private var count = 0

    /// Bytes of one answer's text that are kept to be counted; of a longer one the beginning stands for all.
    static let keptMax = 2 << 20

    mutating func append(_ spelled: Slice<UnsafeBufferPointer<UInt8>>) {
        count += spelled.count
        if bytes.count + spelled.count <= Self.keptMax { bytes.append(contentsOf: spelled) }
    }

    func tokens(_ counter: TextTokens) -> Int64 {
        if bytes.isEmpty { return 0 }
        let text = JSONGlance.text(spelled: bytes) ?? String(decoding: bytes, as: UTF8.self)
        let tokens = counter.count(text)
        return count == bytes.count
            ? tokens : Int64(Double(tokens) * Double(count) / Double(bytes.count))
    }
}

/// Counts the tokens of texts as a model's provider does, or nearly so.
struct TextTokens: Sendable {
    private let counter: TokenCounter?

    /// Bytes of a token where no tokenizer is at hand.
    static let bytesPerToken = 4

    init(model: String) {
        let service = TokenService()
        let tools =
            (try? service.tools(TokenSelection(model: model)))
            ?? (try? service.tools(TokenSelection(encoding: TokenEncoding.o200k.name)))
        counter = tools?.counter
    }

    func count(_ text: String) -> Int64 {
        Int64(counter?.count(text) ?? (text.utf8.count + 3) / Self.bytesPerToken)
    }
}
