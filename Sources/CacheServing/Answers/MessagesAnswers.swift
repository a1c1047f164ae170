import JSON

/// Answers of Anthropic's `/v1/messages`.
///
/// Shapes: anthropic-sdk-python, `types/raw_message_stream_event.py` and
/// `lib/streaming/_messages.py`, which puts a message together as we do.
struct MessagesAnswers: AnswerShape {
    func finishReasons(of whole: JSONTree) -> [String] { [whole["stop_reason"]?.string ?? ""] }

    // MARK: A stream becomes whole

    /// A block of content while it comes.
    private struct Block {
        var start: JSONTree
        var texts: [String: String] = [:]
        var citations: [JSONTree] = []
        var isClosed = false

        func whole() throws(UnreadableAnswer) -> JSONTree {
            var block = start
            for (key, text) in texts.sorted(by: { $0.key < $1.key }) {
                guard key == "partial_json" else {
                    block = block.replacing(key, with: .text((start[key]?.string ?? "") + text))
                    continue
                }
                if text.isEmpty { continue }
                do {
                    block = block.replacing("input", with: try JSONTree(parsing: text.utf8))
                } catch {
                    throw .notAStream("the input of a tool is not JSON: \(error)")
                }
            }
            if citations.isEmpty { return block }
            let earlier = start["citations"]?.items ?? []
            return block.replacing("citations", with: .array(earlier + citations))
        }
    }

    func assemble(
        _ events: [ServerSentEvent]
    ) throws(UnreadableAnswer) -> (whole: JSONTree, isComplete: Bool) {
        var message: JSONTree?
        var (blocks, isStopped) = ([Int: Block](), false)
        for event in events {
            let json = try event.json()
            let index = json["index"]?.integer ?? 0
            switch json["type"]?.string ?? event.name {
            case "message_start": message = json["message"]
            case "content_block_start": blocks[index] = Block(start: json["content_block"] ?? .null)
            case "content_block_delta": try add(json["delta"] ?? .null, to: &blocks[index])
            case "content_block_stop": blocks[index]?.isClosed = true
            case "message_delta":
                for member in json["delta"]?.members ?? [] {
                    message = message?.replacing(member.key, with: member.value)
                }
                let usage = (json["usage"]?.members ?? []).filter { $0.value != .null }
                if let begun = message {
                    let whole = (begun["usage"] ?? .object([]))
                        .with(usage.map { ($0.key, $0.value) })
                    message = begun.replacing("usage", with: whole)
                }
            case "message_stop": isStopped = true
            case "error": throw .failed(json["error"]?["message"]?.string ?? json.json)
            default: break
            }
        }
        guard let message else { throw .notAStream("it has no message_start") }
        var content: [JSONTree] = []
        let isComplete = isStopped && blocks.values.allSatisfy(\.isClosed)
        for (_, block) in blocks.sorted(by: { $0.key < $1.key }) {
            // Of one that was cut off, the input may be half a text.
            content.append(isComplete ? try block.whole() : block.start)
        }
        return (message.replacing("content", with: .array(content)), isComplete)
    }

    private static let texts = [
        "text_delta": "text", "input_json_delta": "partial_json", "thinking_delta": "thinking",
        "signature_delta": "signature",
    ]

    private func add(_ delta: JSONTree, to block: inout Block?) throws(UnreadableAnswer) {
        let type = delta["type"]?.string ?? ""
        if let key = Self.texts[type] {
            block?.texts[key, default: ""] += delta[key]?.string ?? ""
        } else if type == "citations_delta", let citation = delta["citation"] {
            block?.citations.append(citation)
        } else {
            // Left out, the whole answer would be another one than the stream.
            throw .notAStream("a delta of type \(type.prefix(100)) is not known")
        }
    }

    // MARK: A whole answer becomes a stream

    func replay(_ whole: JSONTree, withUsage _: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        func send(_ type: String, _ members: [(String, JSONTree)]) {
            let event = JSONTree.of([("type", .text(type))] + members)
            ServerSentEvents.write(event.json, named: type, to: &bytes)
        }
        let usage = whole["usage"] ?? .object([])
        let begun = whole.with([
            ("content", .array([])), ("stop_reason", .null), ("stop_sequence", .null),
            ("usage", usage.replacing("output_tokens", with: .number(0))),
        ])
        send("message_start", [("message", begun)])
        for (index, block) in (whole["content"]?.items ?? []).enumerated() {
            let at: [(String, JSONTree)] = [("index", .number(index))]
            let (start, deltas) = parts(of: block)
            send("content_block_start", at + [("content_block", start)])
            for delta in deltas { send("content_block_delta", at + [("delta", delta)]) }
            send("content_block_stop", at)
        }
        var end: [(String, JSONTree)] = [
            ("stop_reason", whole["stop_reason"] ?? .null),
            ("stop_sequence", whole["stop_sequence"] ?? .null),
        ]
        if let container = whole["container"] { end.append(("container", container)) }
        send("message_delta", [("delta", .of(end)), ("usage", usage)])
        send("message_stop", [])
        return bytes
    }

    /// How a block begins, and what then comes of it.
    private func parts(of block: JSONTree) -> (start: JSONTree, deltas: [JSONTree]) {
        func deltas(_ type: String, _ text: String) -> [JSONTree] {
            ServerSentEvents.pieces(of: text).map {
                .of([("type", .text(type)), (Self.texts[type] ?? "", .text($0))])
            }
        }
        switch block["type"]?.string {
        case "text":
            let cited = (block["citations"]?.items ?? []).map {
                JSONTree.of([("type", .text("citations_delta")), ("citation", $0)])
            }
            var start = block.replacing("text", with: .text(""))
            if !cited.isEmpty { start = start.replacing("citations", with: .array([])) }
            return (start, deltas("text_delta", block["text"]?.string ?? "") + cited)
        case "thinking":
            return (
                block.with([("thinking", .text("")), ("signature", .text(""))]),
                deltas("thinking_delta", block["thinking"]?.string ?? "")
                    + deltas("signature_delta", block["signature"]?.string ?? "")
            )
        case "tool_use", "server_tool_use":
            let input = block["input"]?.json ?? "{}"
            return (
                block.replacing("input", with: .object([])), deltas("input_json_delta", input)
            )
        default: return (block, [])
        }
    }
}
