import JSON
import NIOCore

/// An event of a streamed answer, with its empty line.
struct UpstreamFrame {
    enum Kind { case lifecycle, thinking, output, usage, end }

    let kind: Kind
    let bytes: ByteBuffer

    init(_ kind: Kind, event: String? = nil, _ data: String) {
        self.kind = kind
        bytes = ByteBuffer(string: (event.map { "event: \($0)\n" } ?? "") + "data: \(data)\n\n")
    }
}

/// Streamed answers.
extension UpstreamState {
    /// The events of a streamed answer; nil for a path that has none.
    ///
    /// - Parameter shape: of this answer.
    mutating func stream(
        _ json: JSONTree, _ prompt: UpstreamPrompt, path: String, key: String, at now: Int,
        _ shape: UpstreamShape
    ) -> [UpstreamFrame]? {
        let output = prompt.output(script)
        var usage = UpstreamUsage(prompt, output)
        usage.isOmitted = shape.omitsUsage
        let isUsageWanted = json["stream_options"]?["include_usage"] == .boolean(true)
        var frames: [UpstreamFrame]
        switch path {
        case "/v1/chat/completions", "/v1/completions":
            usage.read = cached(prompt, key: key, at: now)
            var chunks = ChatChunks(
                id: newID(path == "/v1/completions" ? "cmpl-" : "chatcmpl-"),
                isChat: path != "/v1/completions", prompt, at: now, hasUsage: isUsageWanted)
            chunks.showsReasoning = script.showsReasoning
            frames = chunks.frames(output, usage, call: newID("call_"))
        case "/v1/responses":
            usage.read = cached(prompt, key: key, at: now)
            frames = responseFrames(prompt, output, usage, at: now)
        case "/v1/messages":
            readCache(&usage, prompt, key, at: now)
            frames = messageFrames(prompt, output, usage)
        default: return nil
        }
        if shape.omitsUsage, path != "/v1/messages" { frames.removeAll { $0.kind == .usage } }
        if shape.omitsEnd { frames.removeAll { $0.kind == .end } }
        if shape.lineBytes > 0 {
            let text = String(repeating: "x", count: shape.lineBytes)
            frames.insert(UpstreamFrame(.output, text: text, path), at: frames.index(of: .middle))
        }
        if shape.isMalformed {
            frames.insert(UpstreamFrame(.output, "{\"id\":"), at: frames.index(of: .middle))
        }
        if let place = shape.error {
            frames.removeSubrange(frames.index(of: place)...)
            frames.append(UpstreamFrame(errorOn: path, newID("req_")))
        }
        return frames
    }

    private mutating func messageFrames(
        _ prompt: UpstreamPrompt, _ output: UpstreamOutput, _ usage: UpstreamUsage
    ) -> [UpstreamFrame] {
        var frames: [UpstreamFrame] = []
        func add(_ kind: UpstreamFrame.Kind, _ event: String, _ members: String = "") {
            let data = "{\"type\":\"\(event)\"\(members)}"
            frames.append(UpstreamFrame(kind, event: event, data))
        }
        func block(
            _ index: Int, _ kind: UpstreamFrame.Kind, _ head: String, _ deltas: [String]
        ) {
            add(
                .lifecycle, "content_block_start", ",\"index\":\(index),\"content_block\":{\(head)}"
            )
            for delta in deltas {
                add(kind, "content_block_delta", ",\"index\":\(index),\"delta\":{\(delta)}")
            }
            add(.lifecycle, "content_block_stop", ",\"index\":\(index)")
        }
        var first = usage
        first.output = 1
        let head = """
            {"id":"\(newID("msg_"))","type":"message","role":"assistant","content":[],\
            "model":\(quoted(prompt.model)),"stop_reason":null,"stop_sequence":null\
            \(usage.member(first.message))}
            """
        add(.lifecycle, "message_start", ",\"message\":\(head)")
        add(.lifecycle, "ping")
        var index = 0
        if output.thinking > 0 {
            let thoughts = output.thought.pieces(of: 6).map {
                #""type":"thinking_delta","thinking":\#(quoted($0))"#
            }
            block(
                0, .thinking, #""type":"thinking","thinking":"","signature":"""#,
                thoughts + [#""type":"signature_delta","signature":"c2lnbmVk""#])
            index = 1
        }
        if let tool = output.tool {
            block(
                index, .output,
                #""type":"tool_use","id":"\#(newID("toolu_"))","name":\#(quoted(tool.name)),"input":{}"#,
                ([""] + tool.arguments.pieces(of: 8)).map {
                    #""type":"input_json_delta","partial_json":\#(quoted($0))"#
                })
        } else {
            block(
                index, .output, #""type":"text","text":"""#,
                output.pieces.map { #""type":"text_delta","text":\#(quoted($0))"# })
        }
        let reason = output.tool == nil ? "end_turn" : "tool_use"
        let last = usage.member("{\"output_tokens\":\(usage.output)}")
        add(
            .usage, "message_delta",
            ",\"delta\":{\"stop_reason\":\"\(reason)\",\"stop_sequence\":null}\(last)")
        add(.end, "message_stop")
        return frames
    }

    private mutating func responseFrames(
        _ prompt: UpstreamPrompt, _ output: UpstreamOutput, _ usage: UpstreamUsage, at now: Int
    ) -> [UpstreamFrame] {
        let (id, item) = (newID("resp_"), item(output))
        var frames: [UpstreamFrame] = []
        func add(_ kind: UpstreamFrame.Kind, _ event: String, _ members: String) {
            let data =
                "{\"type\":\"\(event)\",\"sequence_number\":\(frames.count),\(members)}"
            frames.append(UpstreamFrame(kind, event: event, data))
        }
        let begun = response(id, prompt, [], at: now, nil)
        add(.lifecycle, "response.created", "\"response\":\(begun)")
        add(.lifecycle, "response.in_progress", "\"response\":\(begun)")
        add(.lifecycle, "response.output_item.added", "\"output_index\":0,\"item\":\(item.begun)")
        let place = #""item_id":"\#(item.id)","output_index":0"#
        if let tool = output.tool {
            for piece in tool.arguments.pieces(of: 8) {
                add(
                    .output, "response.function_call_arguments.delta",
                    "\(place),\"delta\":\(quoted(piece))")
            }
            add(
                .lifecycle, "response.function_call_arguments.done",
                "\(place),\"name\":\(quoted(tool.name)),\"arguments\":\(quoted(tool.arguments))")
        } else {
            let text = place + ",\"content_index\":0"
            func part(_ said: String) -> String {
                #"\#(text),"part":{"type":"output_text","text":\#(quoted(said)),"annotations":[]}"#
            }
            add(.lifecycle, "response.content_part.added", part(""))
            for piece in output.pieces {
                add(
                    .output, "response.output_text.delta",
                    "\(text),\"delta\":\(quoted(piece)),\"logprobs\":[]")
            }
            add(
                .lifecycle, "response.output_text.done",
                "\(text),\"text\":\(quoted(output.text)),\"logprobs\":[]")
            add(.lifecycle, "response.content_part.done", part(output.text))
        }
        add(.lifecycle, "response.output_item.done", "\"output_index\":0,\"item\":\(item.done)")
        let done = response(id, prompt, [item], at: now, usage)
        add(.end, "response.completed", "\"response\":\(done)")
        return frames
    }
}

extension [UpstreamFrame] {
    /// Where a place of a stream is: before which frame.
    func index(of place: UpstreamShape.Place) -> Int {
        let first = firstIndex { $0.kind == .output } ?? 0
        let end = lastIndex { $0.kind == .end } ?? count
        return switch place {
        case .start: 0
        case .first: first
        case .middle: (first + (lastIndex { $0.kind == .output } ?? end) + 1) / 2
        case .usage: firstIndex { $0.kind == .usage } ?? end
        case .end: end
        }
    }
}

extension UpstreamFrame {
    /// A piece of text, in the words of a path.
    fileprivate init(_ kind: Kind, text: String, _ path: String) {
        switch path {
        case "/v1/messages":
            self.init(
                kind, event: "content_block_delta",
                """
                {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\(text)"}}
                """)
        case "/v1/responses":
            self.init(
                kind, event: "response.output_text.delta",
                #"{"type":"response.output_text.delta","output_index":0,"delta":"\#(text)"}"#)
        case "/v1/completions":
            self.init(kind, #"{"choices":[{"index":0,"text":"\#(text)","finish_reason":null}]}"#)
        default:
            self.init(
                kind,
                #"{"choices":[{"index":0,"delta":{"content":"\#(text)"},"finish_reason":null}]}"#)
        }
    }

    /// That the provider failed after all.
    fileprivate init(errorOn path: String, _ requestID: String) {
        let failure = UpstreamFailure(status: path == "/v1/messages" ? 529 : 500)
        let isAnthropic = path == "/v1/messages"
        let body = failure.body(isAnthropic: isAnthropic, requestID: requestID)
        switch path {
        case "/v1/messages": self.init(.end, event: "error", body)
        case "/v1/responses":
            self.init(
                .end, event: "error",
                """
                {"type":"error","sequence_number":9999,"code":"server_error",\
                "message":\(quoted(failure.message)),"param":null}
                """)
        default: self.init(.end, body)
        }
    }
}
