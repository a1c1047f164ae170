import JSON

/// The chunks of chat completions, and of the completions before them.
struct ChatChunks {
    let isChat: Bool
    let hasUsage: Bool
    let choices: Int
    var showsReasoning = false
    private let head: String

    init(id: String, isChat: Bool, _ prompt: UpstreamPrompt, at now: Int, hasUsage: Bool) {
        self.isChat = isChat
        self.hasUsage = hasUsage
        choices = prompt.choices
        head = """
            {"id":"\(id)","object":"\(isChat ? "chat.completion.chunk" : "text_completion")",\
            "created":\(now),"model":\(quoted(prompt.model)),"choices":[
            """
    }

    func frames(
        _ output: UpstreamOutput, _ usage: UpstreamUsage, call: String
    ) -> [UpstreamFrame] {
        var frames: [UpstreamFrame] = []
        for choice in 0..<choices { add(output, choice, call: call, to: &frames) }
        if hasUsage {
            frames.append(UpstreamFrame(.usage, head + "],\"usage\":\(usage.chat)}"))
        }
        frames.append(UpstreamFrame(.end, "[DONE]"))
        return frames
    }

    private func add(
        _ output: UpstreamOutput, _ choice: Int, call: String, to frames: inout [UpstreamFrame]
    ) {
        func delta(_ said: String, finish: String? = nil) -> String {
            let reason = finish.map { "\"\($0)\"" } ?? "null"
            let said = isChat ? "\"delta\":{\(said)}" : said
            return head
                + "{\"index\":\(choice),\(said),\"logprobs\":null,\"finish_reason\":\(reason)}]"
                + (hasUsage ? ",\"usage\":null}" : "}")
        }
        guard isChat else {
            for piece in output.pieces {
                frames.append(UpstreamFrame(.output, delta("\"text\":\(quoted(piece))")))
            }
            frames.append(UpstreamFrame(.lifecycle, delta("\"text\":\"\"", finish: "stop")))
            return
        }
        let role = "\"role\":\"assistant\","
        if showsReasoning, output.thinking > 0 {
            for piece in output.thought.pieces(of: 6) {
                frames.append(
                    UpstreamFrame(.thinking, delta("\"reasoning_content\":\(quoted(piece))")))
            }
        }
        guard let tool = output.tool else {
            let first = delta(role + "\"content\":\"\",\"refusal\":null")
            frames.append(UpstreamFrame(.lifecycle, first))
            addText(output.pieces, to: &frames) { delta("\"content\":\(quoted($0))") }
            frames.append(UpstreamFrame(.lifecycle, delta("", finish: "stop")))
            return
        }
        func called(_ members: String, _ arguments: String) -> String {
            """
            "tool_calls":[{"index":0,\(members)"arguments":\(quoted(arguments))}}]
            """
        }
        let begin = #""id":"\#(call)","type":"function","function":{"name":\#(quoted(tool.name)),"#
        frames.append(
            UpstreamFrame(.output, delta(role + "\"content\":null," + called(begin, ""))))
        for piece in tool.arguments.pieces(of: 8) {
            frames.append(UpstreamFrame(.output, delta(called("\"function\":{", piece))))
        }
        frames.append(UpstreamFrame(.lifecycle, delta("", finish: "tool_calls")))
    }

    /// Pieces that are alike share their bytes, so that long answers cost little.
    private func addText(
        _ pieces: [String], to frames: inout [UpstreamFrame], _ chunk: (String) -> String
    ) {
        var last: (piece: String, frame: UpstreamFrame)?
        for piece in pieces {
            if last?.piece != piece { last = (piece, UpstreamFrame(.output, chunk(piece))) }
            if let last { frames.append(last.frame) }
        }
    }
}
