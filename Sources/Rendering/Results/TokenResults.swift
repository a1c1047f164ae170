package import Estimates
import JSON
package import LedgerModel
package import Prompts
package import Tokenizing

/// The label of a count wherever people read it.
package func exactnessLabel(_ exactness: TokenCounter.Exactness) -> String {
    switch exactness {
    case .exact: return "exact"
    case .estimated(let band):
        let tenths = Int((band * 1_000).rounded(.up))
        return "estimated ±\(tenths / 10)\(tenths % 10 == 0 ? "" : ".\(tenths % 10)") %"
    }
}

/// The counter that was used, and how exact it is.
private struct CountingBasis: RenderableObject {
    let tools: TokenTools
    var exactness: TokenCounter.Exactness?

    static let shape = Shape<CountingBasis> {
        Member("model", { $0.tools.profile.family == .none ? nil : $0.tools.profile.name })
        Member("encoding", \.tools.tokenizer.name)
        Member("exactness", { $0.band == nil ? "exact" : "estimated" })
        Member("band", \.band, omitted: true)
    }

    private var band: Double? {
        switch exactness ?? tools.counter.exactness {
        case .exact: nil
        case .estimated(let band): band
        }
    }
}

/// Labels for the event of an estimated request, so that the ledger can calibrate estimates.
private struct EstimateLabels: RenderableObject {
    let counter: String
    let tokens: Int

    static let shape = Shape<EstimateLabels> {
        Member("estimated_input_tokens", { String($0.tokens) })
        Member("estimated_with", \.counter)
    }
}

/// The tokens of a text.
package struct TextCount: RenderableObject {
    let tokens: Int
    let tools: TokenTools
    private let labels: EstimateLabels?

    package init(of text: String, _ tools: TokenTools) {
        tokens = tools.counter.count(text)
        self.tools = tools
        labels = tools.plain.map { EstimateLabels(counter: $0.name, tokens: $0.count(text)) }
    }

    package static let shape = Shape<TextCount> {
        Member("tokens", \.tokens)
        Member(including: { CountingBasis(tools: $0.tools) })
        Member("labels", \.labels, omitted: true)
    }
}

/// The tokens of a chat, and where they come from.
package struct ChatCount: RenderableObject, Reportable {
    package let count: RequestCount
    let tools: TokenTools
    private let labels: EstimateLabels?
    private let showsLines: Bool

    package init(of request: ChatRequest, _ tools: TokenTools, lines: Bool = false) {
        self.init(tools.requests.count(request), tools, lines: lines, request)
    }

    fileprivate init(
        _ count: RequestCount, _ tools: TokenTools, lines: Bool = false,
        _ request: ChatRequest? = nil
    ) {
        self.count = count
        self.tools = tools
        showsLines = lines
        let plain = tools.plain.map { RequestCounter(profile: tools.profile, counter: $0) }
        if let request, let plain, let name = tools.plain?.name {
            labels = EstimateLabels(counter: name, tokens: plain.count(request).tokens)
        } else {
            labels = nil
        }
    }

    package static let shape = Shape<ChatCount> {
        Member("tokens", \.count.tokens)
        Member(including: { CountingBasis(tools: $0.tools, exactness: $0.count.exactness) })
        Member("at_most", \.count.upperBound)
        Member("messages", \.count.messageTokens)
        Member("uncounted", \.count.uncounted)
        Member("window", \.window?.tokens, omitted: true)
        Member("left", \.left, omitted: true)
        Member("lines", { $0.showsLines ? $0.count.lines : nil }, omitted: true)
        Member("labels", \.labels, omitted: true)
    }

    private var window: ContextWindow? { ContextWindow(model: tools.profile.name) }
    private var left: Int? { window.map { $0.tokens - count.tokens } }

    package var report: Report {
        var notes = [
            "(\(counted(count.tokens, "token")) of \(tools.profile.name), "
                + "\(exactnessLabel(count.exactness)), counted with \(tools.counter.name))"
        ]
        if let window, let left {
            notes.append("(\(grouped(left)) of a window of \(grouped(window.tokens)) are left)")
        }
        notes += count.uncounted.map { "not counted: \($0)" }
        return Report(.table(Table(count.lines)), verdict: notes.joined(separator: "\n"))
    }
}

extension RequestCount.Line: RenderableObject {
    package static let shape = Shape<RequestCount.Line> {
        Member("place", \.place, .heading("where"))
        Member("source", \.source.rawValue)
        Member(heading: "what") { $0.source.rawValue.replacing("_", with: " ") }
        Member("tokens", \.tokens, .column)
        Member("basis", \.basis.rawValue)
        Member(heading: "how") { $0.basis.rawValue.replacing("_", with: " ") }
    }
}

// MARK: - Texts

/// The ids of a text's tokens.
package struct EncodedText: RenderableObject, Reportable {
    let ids: [TokenID]
    let tools: TokenTools

    package init(_ ids: [TokenID], _ tools: TokenTools) {
        self.ids = ids
        self.tools = tools
    }

    package static let shape = Shape<EncodedText> {
        Member("tokens", \.ids.count)
        Member(including: { CountingBasis(tools: $0.tools) })
        Member("ids", \.ids)
    }

    package var report: Report {
        Report(.text(ids.map { String($0) }.joined(separator: " ")))
    }
}

/// The text of some ids; ill-formed bytes become U+FFFD, which `well_formed` reports.
package struct DecodedText: RenderableObject {
    let bytes: [UInt8]
    let tools: TokenTools

    package init(_ bytes: [UInt8], _ tools: TokenTools) {
        self.bytes = bytes
        self.tools = tools
    }

    package static let shape = Shape<DecodedText> {
        Member("text", { String(decoding: $0.bytes, as: UTF8.self) })
        Member("well_formed", { String(validating: $0.bytes, as: UTF8.self) != nil })
        Member(including: { CountingBasis(tools: $0.tools) })
    }
}

/// The beginning of a text that takes at most so many tokens.
package struct TruncatedText: RenderableObject {
    package let text: String
    let whole: String
    let tools: TokenTools

    package init(_ text: String, to limit: Int, _ tools: TokenTools) {
        whole = text
        self.text = tools.truncate(text, to: limit)
        self.tools = tools
    }

    package static let shape = Shape<TruncatedText> {
        Member("text", \.text)
        Member("tokens", { $0.tools.counter.count($0.text) })
        Member("tokens_before", { $0.tools.counter.count($0.whole) })
        Member("truncated", { $0.text.utf8.count < $0.whole.utf8.count })
        Member(including: { CountingBasis(tools: $0.tools) })
    }
}

/// The tokens of a text, one by one.
package struct TokenPieces: RenderableObject, Reportable {
    let pieces: [TokenPiece]
    let count: Int
    let tools: TokenTools

    package init(of text: String, _ tools: TokenTools) throws(TokenRefusal) {
        (pieces, count) = TokenPiece.pieces(of: text, try tools.exactTokenizer())
        self.tools = tools
    }

    package static let shape = Shape<TokenPieces> {
        Member("tokens", \.count)
        Member(including: { CountingBasis(tools: $0.tools) })
        Member("listed", \.pieces.count)
        Member("pieces", \.pieces)
    }

    package var report: Report {
        let hidden = count - pieces.count
        return Report(
            .table(Table(pieces)),
            verdict: "(\(counted(count, "token")) of \(tools.tokenizer.name)"
                + (hidden > 0 ? ", \(grouped(hidden)) are not shown)" : ")"))
    }
}

extension TokenPiece: RenderableObject {
    package static let shape = Shape<TokenPiece> {
        Member(heading: "at", \.start)
        Member("id", \.id)
        // An id is no count: it has no thousands separators.
        Member(heading: "id") { Cell(number: String($0.id)) }
        Member("start", \.start)
        Member("text", \.text, omitted: true)
        Member("bytes", { $0.text == nil ? $0.hexadecimal : nil }, omitted: true)
        // As a JSON string, so that spaces and line feeds are visible.
        Member(heading: "text") { $0.text?.json ?? "bytes \($0.hexadecimal)" }
    }
}

// MARK: - Chats

/// A chat that fits its window, with the proof and the dropped messages.
extension FittedChat: RenderableObject {
    package static let shape = Shape<FittedChat> {
        Member("body", { JSONText($0.fitted.request.body.json) })
        Member("kept", \.fitted.kept)
        Member("dropped", \.fitted.dropped)
        Member("cut", \.fitted.cuts)
        Member("summary", \.fitted.summary)
        Member("tokens_before", \.fitted.proof.tokensBefore)
        Member("proof", { FitProof(proof: $0.fitted.proof, tools: $0.tools) })
    }
}

package struct FittedChat: Sendable {
    let fitted: FittedContext
    let tools: TokenTools

    package init(_ fitted: FittedContext, _ tools: TokenTools) {
        self.fitted = fitted
        self.tools = tools
    }
}

extension FittedContext.Cut: RenderableObject {
    package static let shape = Shape<FittedContext.Cut> {
        Member("message", \.message)
        Member("tokens_before", \.tokensBefore)
        Member("tokens", \.tokensAfter)
    }
}

private struct FitProof: RenderableObject {
    let proof: FittedContext.Proof
    let tools: TokenTools

    static let shape = Shape<FitProof> {
        Member(including: { ChatCount($0.proof.count, $0.tools) })
        Member("reserve", \.proof.reserve)
        Member("budget", \.proof.budget)
        Member("fits", \.proof.holds)
    }
}

/// An optimized prompt; `event_id` only if it was recorded.
package struct OptimizedResult: RenderableObject {
    let prompt: OptimizedPrompt
    let tools: TokenTools
    let event: EventID?
    private var result: OptimizationResult { prompt.result }

    package init(_ prompt: OptimizedPrompt, _ tools: TokenTools, event: EventID? = nil) {
        self.prompt = prompt
        self.tools = tools
        self.event = event
    }

    package static let shape = Shape<OptimizedResult> {
        Member("tokens_before", \.result.tokensBefore)
        Member("tokens", \.result.tokensAfter)
        Member("saved", \.result.tokensSaved)
        Member("reduction", \.result.reduction)
        Member("savings_usd", \.prompt.savings)
        Member(including: { CountingBasis(tools: $0.tools) })
        Member("lossless", \.result.isLossless)
        Member("strategies", { $0.result.strategies.map(\.rawValue) })
        Member("quality", \.result.quality)
        Member("stages", \.result.stages)
        Member("references", \.result.references)
        Member("event_id", \.event, omitted: true)
        Member("text", { $0.isChat ? nil : $0.result.optimized.text }, omitted: true)
        Member("body", { $0.prompt.body.map { JSONText($0.json) } }, omitted: true)
        Member("messages", \.messages, omitted: true)
    }

    private var isChat: Bool { result.optimized.form == .chat }

    /// The messages, if they changed places, so that the body could not be rebuilt.
    private var messages: [PromptMessage]? {
        isChat && prompt.body == nil ? result.optimized.messages : nil
    }
}

extension PromptMessage: RenderableObject {
    package static let shape = Shape<PromptMessage> {
        Member("role", \.role.rawValue)
        Member("content", \.text)
    }
}

extension PromptReference: RenderableObject {
    package static let shape = Shape<PromptReference> {
        Member("marker", \.marker)
        Member("content", \.content)
    }
}

extension QualityScore: RenderableObject {
    package static let shape = Shape<QualityScore> {
        Member("overall", \.overall)
        Member("facts", \.facts)
        Member("numbers", \.numbers)
        Member("names", \.names)
        Member("error_lines", \.errorLines)
        Member("instructions", \.instructions)
        Member("similarity", \.similarity)
        Member("contradictions", \.contradictions)
    }
}

extension StageReport: RenderableObject {
    package static let shape = Shape<StageReport> {
        Member("stage", \.stage.rawValue)
        Member("outcome", \.outcome.label)
        Member("tokens_before", \.tokensBefore)
        Member("tokens", \.tokensAfter)
        Member("milliseconds", { $0.time / .milliseconds(1) })
        Member("lossless", \.isLossless)
    }
}

extension StageReport.Outcome {
    package var label: String {
        switch self {
        case .applied: "applied"
        case .unchanged: "unchanged"
        case .savedNothing: "saved nothing"
        case .harmed: "harmed"
        }
    }
}
