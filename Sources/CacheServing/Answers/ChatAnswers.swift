import JSON

/// Answers of `/v1/chat/completions` and `/v1/completions`.
///
/// Shapes: openai-python 3.57, `types/chat/chat_completion_chunk.py` and `types/completion.py`. The
/// chunks of the older API have the shape of its whole answers.
struct ChatAnswers: AnswerShape {
    let isChat: Bool

    private var wholeName: String { isChat ? "chat.completion" : "text_completion" }
    private var chunkName: String { isChat ? "chat.completion.chunk" : "text_completion" }

    func finishReasons(of whole: JSONTree) -> [String] {
        (whole["choices"]?.items ?? []).map { $0["finish_reason"]?.string ?? "" }
    }

    // MARK: A stream becomes whole

    func assemble(
        _ events: [ServerSentEvent]
    ) throws(UnreadableAnswer) -> (whole: JSONTree, isComplete: Bool) {
        let answer = GrowingValue()
        var isDone = false
        for event in events {
            if event.data == ServerSentEvent.done {
                isDone = true
                continue
            }
            let chunk = try event.json()
            if let error = chunk["error"] { throw .failed(error["message"]?.string ?? error.json) }
            guard chunk["choices"]?.items != nil else {
                throw .notAStream("an event has no choices")
            }
            answer.add(chunk.without(["obfuscation"]), grows: false)
        }
        let tree = answer.tree
        let choices = (tree["choices"]?.items ?? []).map(whole)
            .sorted { $0["index"]?.integer ?? 0 < $1["index"]?.integer ?? 0 }
        var whole = tree.with([("object", .text(wholeName)), ("choices", .array(choices))])
        if whole["usage"] == nil { whole = whole.without(["usage"]) }
        return (whole, isDone)
    }

    private func whole(_ choice: JSONTree) -> JSONTree {
        guard isChat, let members = choice.members else { return choice }
        let delta = choice["delta"] ?? .object([])
        var message = JSONTree.of([
            ("role", delta["role"] ?? .text("assistant")), ("content", delta["content"] ?? .null),
        ])
        for member in delta.members ?? [] {
            guard case .array(let items) = member.value else {
                message = message.replacing(member.key, with: member.value)
                continue
            }
            message = message.replacing(
                member.key, with: .array(items.map { $0.without(["index"]) }))
        }
        // A stream begins with an empty text even if none follows.
        if message["content"]?.string == "", message["tool_calls"] != nil {
            message = message.replacing("content", with: .null)
        }
        return .object(
            members.map { $0.key == "delta" ? .init("message", message) : $0 })
    }

    // MARK: A whole answer becomes a stream

    func replay(_ whole: JSONTree, withUsage: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        let head = whole.without(["usage"]).with([("object", .text(chunkName))])
        func send(_ choice: JSONTree) {
            var chunk = head.replacing("choices", with: .array([choice]))
            if withUsage { chunk = chunk.replacing("usage", with: .null) }
            ServerSentEvents.write(chunk.json, to: &bytes)
        }
        for choice in whole["choices"]?.items ?? [] {
            for piece in isChat ? chunks(of: choice) : parts(of: choice) { send(piece) }
        }
        if withUsage {
            ServerSentEvents.write(
                usageChunk(whole["usage"] ?? .null, like: head).json, to: &bytes)
        }
        ServerSentEvents.write(ServerSentEvent.done, to: &bytes)
        return bytes
    }

    /// The last chunk of a stream whose caller asked for the usage.
    func usageChunk(_ usage: JSONTree, like chunk: JSONTree) -> JSONTree {
        chunk.with([("choices", .array([])), ("usage", usage)])
    }

    private func chunks(of choice: JSONTree) -> [JSONTree] {
        let message = choice["message"] ?? .object([])
        let content = message["content"]
        var first: [(String, JSONTree)] = [("role", message["role"] ?? .text("assistant"))]
        if case .text = content {
            first.append(("content", .text("")))
        } else {
            first.append(("content", content ?? .null))
        }
        for member in message.members ?? []
        where !["role", "content", "tool_calls"].contains(member.key) {
            first.append((member.key, member.value))
        }
        var deltas = [JSONTree.of(first)]
        deltas += ServerSentEvents.pieces(of: content?.string ?? "").map {
            .of([("content", .text($0))])
        }
        for (index, call) in (message["tool_calls"]?.items ?? []).enumerated() {
            let call = JSONTree.object([.init("index", .number(index))] + (call.members ?? []))
            deltas.append(.of([("tool_calls", .array([call]))]))
        }
        let rest = choice.without(["message", "finish_reason", "logprobs"])
        let logprobs = choice.member("logprobs")
        var pieces = deltas.enumerated().map { place, delta in
            var piece = rest.replacing("delta", with: delta)
            // All of them with the first piece of the text.
            if let logprobs {
                piece = piece.replacing("logprobs", with: place == 1 ? logprobs : .null)
            }
            return piece.replacing("finish_reason", with: .null)
        }
        if pieces.count == 1, let logprobs, logprobs != .null {
            pieces[0] = pieces[0].replacing("logprobs", with: logprobs)
        }
        let end = rest.replacing("delta", with: .object([]))
        let last = logprobs.map { _ in end.replacing("logprobs", with: .null) } ?? end
        return pieces + [last.replacing("finish_reason", with: choice["finish_reason"] ?? .null)]
    }

    private func parts(of choice: JSONTree) -> [JSONTree] {
        var pieces = ServerSentEvents.pieces(of: choice["text"]?.string ?? "")
        if pieces.isEmpty { pieces = [""] }
        return pieces.enumerated().map { place, text in
            var part = choice.replacing("text", with: .text(text))
            if place > 0, choice.member("logprobs") != nil {
                part = part.replacing("logprobs", with: .null)
            }
            return place == pieces.count - 1
                ? part : part.replacing("finish_reason", with: .null)
        }
    }
}
