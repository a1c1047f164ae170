package import Tokenizing

/// The text or the messages of a conversation that are sent to a model.
package struct Prompt: Hashable, Sendable {
    package enum Form: Hashable, Sendable { case text, chat }

    package let form: Form
    /// The messages; a plain text is one message of the user.
    package var messages: [PromptMessage]

    package init(text: String) {
        form = .text
        messages = [PromptMessage(role: .user, text: text)]
    }

    package init(messages: [PromptMessage]) {
        form = .chat
        self.messages = messages
    }

    /// Only the text; messages of a conversation are separated by an empty line.
    package var text: String {
        messages.count == 1 ? messages[0].text : messages.map(\.text).joined(separator: "\n\n")
    }

    /// The tokens of the texts, without what a provider adds to each message.
    package func tokens(_ counter: TokenCounter) -> Int {
        messages.reduce(0) { $0 + counter.count($1.text) }
    }
}

/// One message of a prompt.
package struct PromptMessage: Hashable, Sendable {
    package enum Role: String, CaseIterable, Hashable, Sendable {
        case system, user, assistant, tool
    }

    package let role: Role
    package var text: String
    /// Whether no lossy stage may touch it.
    package let isPinned: Bool

    package init(role: Role, text: String, isPinned: Bool = false) {
        self.role = role
        self.text = text
        self.isPinned = isPinned
    }
}

/// Content that was taken out of a prompt, and the marker that replaces it.
package struct PromptReference: Hashable, Sendable {
    /// Occurs in the prompt wherever the content was, and nowhere else.
    package let marker: String
    package let content: String
}
