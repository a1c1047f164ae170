package import JSON
package import LedgerModel

/// Several small, independent prompts as one call, whose answer is split by a JSON schema.
///
/// Opt-in, and only where a replay has shown that the answers are as good: a model that sees five
/// questions at once may answer each of them differently.
package struct PromptMerge: Sendable {
    /// When prompts may be merged.
    package struct Policy: Sendable {
        /// The route asks for it.
        package var isWanted = false
        /// A replay has compared merged answers with single ones, and found them as good.
        package var isProven = false
        package var promptsMax = 8
        /// Of each prompt.
        package var promptBytesMax = 4_096

        package init() {}

        package var isOn: Bool { isWanted && isProven }
    }

    /// A chat that may be merged.
    package struct Prompt: Sendable {
        let system: String?
        let question: String
        let maxTokens: Int
        /// Everything else of the request; those that are equal merge.
        let form: String

        /// Nil for a request that is better called alone: with tools, images, several turns, an
        /// answer of its own form, or without a limit of its output.
        package init?(_ request: JSONTree, _ policy: Policy) {
            guard policy.isOn, let members = request.members,
                let messages = request["messages"]?.items, (1...2).contains(messages.count),
                let last = messages.last, last["role"]?.string == "user",
                let question = last["content"]?.string,
                question.utf8.count <= policy.promptBytesMax
            else { return nil }
            let first = messages.count == 2 ? messages[0] : nil
            if let first {
                guard first["role"]?.string == "system" || first["role"]?.string == "developer",
                    first["content"]?.string != nil
                else { return nil }
            }
            let alone = ["tools", "functions", "response_format", "logprobs", "stop", "stream"]
            guard !alone.contains(where: { request[$0] != nil && request[$0] != .boolean(false) }),
                request["n"]?.integer ?? 1 == 1,
                let maxTokens = ["max_completion_tokens", "max_tokens"]
                    .compactMap({ request[$0]?.integer }).first, maxTokens > 0
            else { return nil }
            system = first?["content"]?.string
            self.question = question
            self.maxTokens = maxTokens
            let own = ["messages", "max_tokens", "max_completion_tokens", "user", "stream"]
            form =
                JSONTree.object(
                    members.filter { !own.contains($0.key) }.sorted { $0.key < $1.key }
                ).json
        }

        package func merges(with other: Prompt) -> Bool {
            form == other.form && system == other.system
        }
    }

    /// The body of one call for prompts that merge.
    package static func body(of prompts: [Prompt]) -> [UInt8] {
        precondition(
            prompts.dropFirst().allSatisfy { $0.merges(with: prompts[0]) },
            "only prompts that merge are merged")
        var system = prompts[0].system.map { $0 + "\n\n" } ?? ""
        system += """
            You get several independent requests, each between <request> tags. Answer each as if it \
            were alone; the member of the answer with its name is its answer.
            """
        let questions = prompts.enumerated().map { index, prompt in
            "<request name=\"\(name(index))\">\n\(prompt.question)\n</request>"
        }
        let form = (try? JSONTree(parsing: prompts[0].form.utf8))?.members ?? []
        var json = JSONWriter()
        json.object { json in
            for member in form {
                json.key(member.key)
                json.value(member.value)
            }
            json.field("max_completion_tokens", prompts.reduce(64) { $0 + $1.maxTokens + 16 })
            json.key("messages")
            json.array(of: [("system", system), ("user", questions.joined(separator: "\n"))]) {
                json, message in
                json.object { json in
                    json.field("role", message.0)
                    json.field("content", message.1)
                }
            }
            json.field("response_format", raw: schema(prompts.count))
        }
        return json.bytes
    }

    private static func name(_ index: Int) -> String { "answer_\(index + 1)" }

    private static func schema(_ count: Int) -> String {
        let names = (0..<count).map { "\"\(name($0))\"" }
        let members = names.map { "\($0):{\"type\":\"string\"}" }.joined(separator: ",")
        return """
            {"type":"json_schema","json_schema":{"name":"answers","strict":true,"schema":\
            {"type":"object","properties":{\(members)},"required":[\(names.joined(separator: ","))],\
            "additionalProperties":false}}}
            """
    }

    /// Splits an answer into one for each prompt, with its part of the billed tokens.
    ///
    /// - Throws: if anything is missing or left over; then no part of it is used, and each prompt is
    ///   called alone.
    package static func split(
        _ answer: [UInt8], among prompts: [Prompt]
    ) throws(MergeFault) -> [[UInt8]] {
        guard let json = try? JSONTree(parsing: answer),
            let choice = json["choices"]?.items?.first, json["choices"]?.items?.count == 1,
            choice["finish_reason"]?.string == "stop",
            let content = choice["message"]?["content"]?.string,
            let answers = try? JSONTree(parsing: content.utf8), let members = answers.members
        else { throw .badAnswer }
        guard members.count == prompts.count else {
            throw .miscounted(answers: members.count, prompts: prompts.count)
        }
        var texts: [String] = []
        for index in prompts.indices {
            guard let text = answers[name(index)]?.string, !text.isEmpty else { throw .badAnswer }
            texts.append(text)
        }
        let input = json["usage"]?["prompt_tokens"]?.integer ?? 0
        let output = json["usage"]?["completion_tokens"]?.integer ?? 0
        let inputs = EmbeddingAnswer.divide(input, by: prompts.map(\.question.utf8.count))
        let outputs = EmbeddingAnswer.divide(output, by: texts.map(\.utf8.count))
        return texts.indices.map { index in
            let message = JSONTree.object([
                .init("role", .text("assistant")), .init("content", .text(texts[index])),
            ])
            let usage = JSONTree.object([
                .init("prompt_tokens", .number("\(inputs[index])")),
                .init("completion_tokens", .number("\(outputs[index])")),
                .init("total_tokens", .number("\(inputs[index] + outputs[index])")),
            ])
            let own = JSONTree.object([
                .init("index", .number("0")), .init("message", message),
                .init("finish_reason", .text("stop")),
            ])
            return Array(
                json.replacing("choices", with: .array([own])).replacing("usage", with: usage)
                    .json.utf8)
        }
    }
}

/// Why an answer to merged prompts is not used.
package enum MergeFault: Fault, Hashable {
    case badAnswer
    case miscounted(answers: Int, prompts: Int)

    package var kind: FaultKind { .unavailable(retryAfter: .seconds(1)) }

    package var description: String {
        switch self {
        case .badAnswer: "the answer to merged prompts is not what its schema says: call each alone"
        case .miscounted(let answers, let prompts):
            "there are \(answers) answers to \(prompts) merged prompts: call each alone"
        }
    }
}
