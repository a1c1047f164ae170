package import Caching
package import JSON

/// What is different in the answers of each API.
protocol AnswerShape {
    /// How each part of a whole answer ended, in the provider's word; empty if it doesn't say.
    func finishReasons(of whole: JSONTree) -> [String]
    /// The whole answer that a stream tells, and whether the stream came to its end.
    func assemble(
        _ events: [ServerSentEvent]
    ) throws(UnreadableAnswer) -> (whole: JSONTree, isComplete: Bool)
    /// The stream that tells a whole answer.
    func replay(_ whole: JSONTree, withUsage: Bool) -> [UInt8]
}

/// An answer in the form that has everything: as its API gives it unstreamed.
package struct AssembledAnswer: Sendable {
    package let whole: JSONTree
    package let finishReasons: [String]
    /// Whether it came to its end.
    package let isComplete: Bool
    /// The model that answered, as it says itself.
    package var model: String? { whole["model"]?.string }

    /// - Parameter isStream: whether the body is server-sent events.
    package init(
        _ body: [UInt8], isStream: Bool, of dialect: RequestDialect
    ) throws(UnreadableAnswer) {
        let shape = dialect.shape
        if isStream {
            guard let shape else { throw .notAStream("\(dialect.rawValue) has no streams") }
            let events = ServerSentEvents.read(body)
            if events.isEmpty { throw .notAStream("it has no events") }
            (whole, isComplete) = try shape.assemble(events)
        } else {
            whole = try Self.whole(body)
            isComplete = dialect != .embeddings || whole["data"]?.items?.isEmpty == false
        }
        finishReasons = shape?.finishReasons(of: whole) ?? []
    }

    private static func whole(_ body: [UInt8]) throws(UnreadableAnswer) -> JSONTree {
        let whole: JSONTree
        do { whole = try JSONTree(parsing: body) } catch { throw .notJSON(error.description) }
        guard whole.members != nil else { throw .notAnObject }
        if let error = whole["error"] { throw .failed(error["message"]?.string ?? error.json) }
        return whole
    }
}

extension RequestDialect {
    /// Nil for what is never streamed.
    var shape: (any AnswerShape)? {
        switch self {
        case .chatCompletions: ChatAnswers(isChat: true)
        case .completions: ChatAnswers(isChat: false)
        case .responses: ResponsesAnswers()
        case .messages: MessagesAnswers()
        case .embeddings: nil
        }
    }

    /// The form that a request asks for.
    package func form(askedBy request: JSONTree) -> AnswerForm {
        guard shape != nil, request["stream"] == .boolean(true) else { return .whole }
        let usage = request["stream_options"]?["include_usage"] == .boolean(true)
        return .stream(withUsage: usage)
    }

    /// Whether a stream tells its usage only if asked.
    var tellsUsageOnDemand: Bool { self == .chatCompletions || self == .completions }
}
