import JSON

/// A conversation that fits, and the proof that it does.
package struct FittedContext: Sendable {
    package let request: ChatRequest
    /// Numbers of messages in the body's list, ascending.
    package let kept: [Int]
    package let dropped: [Int]
    package let cuts: [Cut]
    /// The text that replaces the dropped messages.
    package let summary: String?
    package let proof: Proof

    package struct Cut: Hashable, Sendable {
        package let message: Int
        package let tokensBefore: Int
        package let tokensAfter: Int
    }

    /// The count of the finished request, made from scratch.
    package struct Proof: Sendable {
        package let window: ContextWindow
        package let reserve: Int
        package let count: RequestCount
        package let tokensBefore: Int

        package var budget: Int { window.budget(reserve: reserve) }
        /// Whether even the upper bound of the count fits.
        package var holds: Bool { count.upperBound <= budget }
    }
}

extension ChatRequest {
    /// The number of messages outside of the body's list, which come before those of the list.
    var apartCount: Int { messages.prefix { $0.isApart }.count }

    /// The request, and its body, with other messages in the list.
    func replacing(messages: [ChatMessage]) -> ChatRequest {
        var request = self
        request.messages = messages
        let list = JSONTree.array(messages.filter { !$0.isApart }.map(\.item))
        if case .array = body {
            request.body = list
        } else {
            let key =
                switch dialect {
                case .openAIChat, .anthropic: "messages"
                case .openAIResponses: "input"
                case .gemini: "contents"
                }
            // A single text or content need not be in a list.
            let isList = body[key]?.items != nil
            request.body = body.replacing(
                key, with: isList ? list : messages.last?.item ?? .array([]))
        }
        return request
    }

    /// A message of the list that says what was dropped.
    func note(_ text: String) -> ChatMessage {
        let content = JSONTree.text(text)
        let (role, name): (ChatRole, String) =
            switch dialect {
            case .openAIChat: (.system, "system")
            case .openAIResponses: (.system, "developer")
            case .anthropic, .gemini: (.user, "user")
            }
        let body: JSONTree.Member =
            dialect == .gemini
            ? .init("parts", .array([.object([.init("text", content)])]))
            : .init("content", content)
        return ChatMessage(
            role: role, roleName: name, parts: [.text(text)], place: "summary",
            item: .object([.init("role", .text(name)), body]))
    }
}
