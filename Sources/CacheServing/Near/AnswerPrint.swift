package import Caching
import JSON
package import LedgerModel
import Likeness

/// What is kept of an answer to compare it with others: hashes, no text.
package struct AnswerPrint: Sendable, Equatable {
    /// Of the text without case and white space, and of calls of tools by their values.
    package let digest: Digest
    let profile: TextProfile
    let sketch: MinHash
    /// Words; the answer's digits, names and negations are in the profile.
    let words: Int

    /// From as many words on, answers are equal if they nearly are.
    static let longWordsMin = 24
    static let similarityMin = 0.9

    package init(text: String) {
        let folded = text.lowercased().split { $0.isWhitespace }.joined(separator: " ")
        digest = Digest(hashing: folded.utf8)
        profile = TextProfile(text)
        sketch = MinHash(profile)
        words = folded.utf8.count { $0 == 0x20 } + 1
    }

    /// Reads an answer as the provider wrote it, unstreamed; nil if it has no text and no call.
    package init?(_ body: [UInt8], dialect: RequestDialect) {
        guard let tree = try? JSONTree(parsing: body) else { return nil }
        let text: String?
        switch dialect {
        case .chatCompletions, .completions:
            guard let choices = tree["choices"]?.items, choices.count == 1 else { return nil }
            let message = choices[0]["message"]
            let said = message?["content"]?.string ?? choices[0]["text"]?.string
            let calls = message?["tool_calls"]?.items?.compactMap { $0["function"]?.json } ?? []
            text =
                said == nil && calls.isEmpty ? nil : ([said ?? ""] + calls).joined(separator: "\n")
        case .messages:
            let parts = tree["content"]?.items?.compactMap { part in
                part["text"]?.string ?? part["input"].map { (part["name"]?.string ?? "") + $0.json }
            }
            text = parts?.joined(separator: "\n")
        case .responses:
            let parts = tree["output"]?.items?.flatMap { item in
                item["content"]?.items?.compactMap { $0["text"]?.string }
                    ?? [(item["name"]?.string ?? "") + (item["arguments"]?.string ?? "")]
            }
            text = parts?.joined(separator: "\n")
        case .embeddings: text = nil
        }
        guard let text, !text.isEmpty else { return nil }
        self.init(text: text)
    }

    /// Whether two answers say the same: equal up to case and space, or long, nearly equal in their
    /// words and without a difference that the guards know.
    package func agrees(with other: AnswerPrint) -> Bool {
        if digest == other.digest { return true }
        guard min(words, other.words) >= Self.longWordsMin else { return false }
        return sketch.similarity(to: other.sketch) >= Self.similarityMin
            && profile.compared(with: other.profile).isAcceptable
    }
}
