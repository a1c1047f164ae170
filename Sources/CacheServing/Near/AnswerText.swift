package import Caching
import JSON
package import Similarity

extension AnswerSketch {
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
            text = ([said ?? ""] + calls).joined(separator: "\n")
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
        guard let text, text.contains(where: { !$0.isWhitespace }) else { return nil }
        self.init(text)
    }
}
