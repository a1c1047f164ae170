import JSON

extension ChatMessage {
    /// The texts of the message that somebody wrote or a tool returned, in the item's order.
    package var texts: [String] {
        parts.flatMap { part -> [String] in
            switch part {
            case .text(let text): [text]
            case .toolResult(let result):
                result.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
            default: []
            }
        }
    }

    /// The message with other texts in its parts and in its item; nil if the item does not hold
    /// them as texts, for example if a tool returned an object.
    package func replacingTexts(_ changes: [(old: String, new: String)]) -> ChatMessage? {
        var message = self
        var pending = changes
        message.item.replaceTexts(&pending, isText: true)
        guard pending.isEmpty else { return nil }
        pending = changes
        message.parts = parts.map { $0.replacingTexts(&pending) }
        return message
    }
}

extension ContentPart {
    fileprivate func replacingTexts(_ pending: inout [(old: String, new: String)]) -> ContentPart {
        switch self {
        case .text(let text): return .text(take(text, &pending) ?? text)
        case .toolResult(var result):
            result.parts = result.parts.map { $0.replacingTexts(&pending) }
            return .toolResult(result)
        default: return self
        }
    }
}

extension JSONTree {
    /// Members that hold the content, in the shapes of all providers.
    private static let textKeys: Set<String> = ["content", "text", "parts", "output", "data"]

    /// Replaces only content: a role is not a text, whatever it is called.
    fileprivate mutating func replaceTexts(
        _ pending: inout [(old: String, new: String)], isText: Bool
    ) {
        switch self {
        case .text(let text):
            if isText, let new = take(text, &pending) { self = .text(new) }
        case .array(var items):
            for index in items.indices { items[index].replaceTexts(&pending, isText: isText) }
            self = .array(items)
        case .object(var members):
            for index in members.indices {
                members[index].value.replaceTexts(
                    &pending, isText: Self.textKeys.contains(members[index].key))
            }
            self = .object(members)
        default: break
        }
    }
}

/// The replacement of a text, removed from the list so that it is used once.
private func take(_ text: String, _ pending: inout [(old: String, new: String)]) -> String? {
    guard let index = pending.firstIndex(where: { $0.old.utf8.elementsEqual(text.utf8) }) else {
        return nil
    }
    return pending.remove(at: index).new
}

extension ChatRequest {
    /// The request with other texts in the messages of its list: `texts` has all of them, in order;
    /// nil if some cannot be put back.
    package func replacingTexts(_ texts: [String]) -> ChatRequest? {
        var rest = texts[...]
        var changed: [ChatMessage] = []
        for message in messages {
            if message.isApart {
                changed.append(message)
                continue
            }
            let old = message.texts
            guard rest.count >= old.count else { return nil }
            let pairs = zip(old, rest).map { (old: $0, new: $1) }
            rest = rest.dropFirst(old.count)
            guard let new = message.replacingTexts(pairs) else { return nil }
            changed.append(new)
        }
        return rest.isEmpty ? replacing(messages: changed) : nil
    }
}
