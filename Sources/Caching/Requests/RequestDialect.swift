/// The API that a request is written for.
package enum RequestDialect: String, CaseIterable, Sendable {
    case chatCompletions = "chat.completions"
    case completions, embeddings, responses, messages
}
