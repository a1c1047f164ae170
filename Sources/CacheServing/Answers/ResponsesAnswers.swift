import JSON

/// Answers of `/v1/responses`.
///
/// Shapes: openai-python 3.57, `types/responses/response_stream_event.py`. The last event of a stream
/// has the whole answer.
struct ResponsesAnswers: AnswerShape {
    func finishReasons(of whole: JSONTree) -> [String] {
        let status = whole["status"]?.string ?? ""
        guard status == "incomplete" else { return [status] }
        return [whole["incomplete_details"]?["reason"]?.string ?? status]
    }

    // MARK: A stream becomes whole

    func assemble(
        _ events: [ServerSentEvent]
    ) throws(UnreadableAnswer) -> (whole: JSONTree, isComplete: Bool) {
        var items: [(place: Int, item: JSONTree)] = []
        for event in events where event.data != ServerSentEvent.done {
            let json = try event.json()
            guard let type = json["type"]?.string ?? event.name else {
                throw .notAStream("an event has no type")
            }
            switch type {
            case "error": throw .failed(json["message"]?.string ?? json.json)
            case "response.failed":
                let error = json["response"]?["error"]
                throw .failed(error?["message"]?.string ?? "the response failed")
            case "response.output_item.done":
                if let item = json["item"] {
                    items.append((json["output_index"]?.integer ?? items.count, item))
                }
            case "response.completed", "response.incomplete":
                guard let response = json["response"] else {
                    throw .notAStream("\(type) has no response")
                }
                guard response["output"]?.items?.isEmpty ?? true else { return (response, true) }
                // Some providers leave out of the last event what they sent before.
                let output = items.sorted { $0.place < $1.place }.map(\.item)
                return (response.replacing("output", with: .array(output)), true)
            default: break
            }
        }
        return (.object([]), false)
    }

    // MARK: A whole answer becomes a stream

    func replay(_ whole: JSONTree, withUsage _: Bool) -> [UInt8] {
        var (bytes, number) = ([UInt8](), 0)
        func send(_ type: String, _ members: [(String, JSONTree)]) {
            let head: [(String, JSONTree)] = [
                ("type", .text(type)), ("sequence_number", .number(number)),
            ]
            ServerSentEvents.write(JSONTree.of(head + members).json, named: type, to: &bytes)
            number += 1
        }
        let begun = whole.with([
            ("status", .text("in_progress")), ("output", .array([])), ("usage", .null),
        ])
        send("response.created", [("response", begun)])
        send("response.in_progress", [("response", begun)])
        for (place, item) in (whole["output"]?.items ?? []).enumerated() {
            let at: [(String, JSONTree)] = [("output_index", .number(place))]
            send("response.output_item.added", at + [("item", emptied(item))])
            let id: [(String, JSONTree)] = [("item_id", item["id"] ?? .text(""))]
            sendParts(of: item, id + at, send)
            send("response.output_item.done", at + [("item", item)])
        }
        send("response.completed", [("response", whole)])
        return bytes
    }

    /// An item as it is before anything of it has come.
    private func emptied(_ item: JSONTree) -> JSONTree {
        var changes: [(String, JSONTree)] = []
        if item["status"] != nil { changes.append(("status", .text("in_progress"))) }
        for key in ["content", "summary"] where item[key]?.items != nil {
            changes.append((key, .array([])))
        }
        for (key, _) in texts where item[key] != nil { changes.append((key, .text(""))) }
        return item.with(changes)
    }

    /// Texts of calls, and the events that tell them.
    private let texts = [
        ("arguments", "response.function_call_arguments"),
        ("input", "response.custom_tool_call_input"),
    ]

    private func sendParts(
        of item: JSONTree, _ place: [(String, JSONTree)],
        _ send: (String, [(String, JSONTree)]) -> Void
    ) {
        for (key, event) in texts {
            guard let text = item[key]?.string else { continue }
            for piece in ServerSentEvents.pieces(of: text) {
                send(event + ".delta", place + [("delta", .text(piece))])
            }
            send(event + ".done", place + [(key, .text(text))])
        }
        let lists = [
            ("summary", "summary_index", "response.reasoning_summary_part"),
            ("content", "content_index", "response.content_part"),
        ]
        for (list, index, event) in lists {
            for (number, part) in (item[list]?.items ?? []).enumerated() {
                let at = place + [(index, .number(number))]
                let (key, name) = textOfPart(part, list)
                send(event + ".added", at + [("part", part.replacing(key, with: .text("")))])
                if let name, let text = part[key]?.string {
                    let extra: [(String, JSONTree)] =
                        name == "response.output_text"
                        ? [("logprobs", part["logprobs"] ?? .array([]))] : []
                    for piece in ServerSentEvents.pieces(of: text) {
                        send(name + ".delta", at + [("delta", .text(piece))] + extra)
                    }
                    send(name + ".done", at + [(key, .text(text))] + extra)
                }
                send(event + ".done", at + [("part", part)])
            }
        }
    }

    /// The member that has the text of a part, and the event that tells it.
    private func textOfPart(_ part: JSONTree, _ list: String) -> (key: String, event: String?) {
        switch (list, part["type"]?.string) {
        case ("summary", _): ("text", "response.reasoning_summary_text")
        case (_, "output_text"): ("text", "response.output_text")
        case (_, "refusal"): ("refusal", "response.refusal")
        case (_, "reasoning_text"): ("text", "response.reasoning_text")
        default: ("text", nil)
        }
    }
}
