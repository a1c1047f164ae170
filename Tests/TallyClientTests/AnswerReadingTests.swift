import Foundation
import TallyClient
import Testing

/// Usage from the bodies and streams of providers.
@Suite("Answers of providers")
struct AnswerReadingTests {
    private func record(
        _ body: String, _ format: AnswerFormat
    ) throws(AnswerError) -> UsageRecord {
        try UsageRecord(answer: Array(body.utf8), format: format)
    }

    /// Reads a stream cut into pieces of a given size.
    private func stream(
        _ text: String, _ format: AnswerFormat, pieces: Int = 7
    ) throws(AnswerError) -> UsageRecord {
        var stream = AnswerStream(format)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            stream.read(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
        }
        return try stream.record()
    }

    private static let chat = """
        {"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-mini-2024-07-18",\
        "service_tier":"default","choices":[{"index":0,"message":{"content":"Hello."}}],\
        "usage":{"prompt_tokens":1200,"completion_tokens":340,"total_tokens":1540,\
        "prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":0},\
        "completion_tokens_details":{"reasoning_tokens":128,"audio_tokens":0}}}
        """

    @Test("an OpenAI chat completion")
    func openAIChat() throws {
        let record = try record(Self.chat, .openAIChat)
        #expect(record.provider == "openai" && record.model == "gpt-4o-mini-2024-07-18")
        #expect(record.operation == "chat" && record.serviceTier == "standard")
        #expect(record.result == .completed)
        var usage = UsageCounts(
            inputTokens: 1_200, cacheReadInputTokens: 1_024, outputTokens: 340,
            reasoningOutputTokens: 128)
        (usage.inputAudioTokens, usage.outputAudioTokens) = (0, 0)
        #expect(record.usage == usage)
    }

    @Test("an OpenAI response, embeddings, and another provider's chat")
    func others() throws {
        let response = try record(
            """
            {"id":"resp_1","model":"gpt-5","service_tier":"flex","output":[],"usage":{
            "input_tokens":36,"input_tokens_details":{"cached_tokens":12},"output_tokens":87,
            "output_tokens_details":{"reasoning_tokens":64},"total_tokens":123}}
            """, .openAIResponses)
        #expect(response.serviceTier == "flex")
        #expect(
            response.usage
                == UsageCounts(
                    inputTokens: 36, cacheReadInputTokens: 12, outputTokens: 87,
                    reasoningOutputTokens: 64))
        let embeddings = try record(
            """
            {"object":"list","data":[],"model":"text-embedding-3-small",
            "usage":{"prompt_tokens":8,"total_tokens":8}}
            """, .openAIEmbeddings)
        #expect(embeddings.operation == "embeddings")
        #expect(embeddings.usage == UsageCounts(inputTokens: 8))
        let azure = try #require(AnswerFormat(provider: "azure", flavor: "chat"))
        #expect(try record(Self.chat, azure).provider == "azure")
        #expect(AnswerFormat(provider: "nobody", flavor: "chat") == nil)
    }

    @Test("an Anthropic message: counts outside of the input become part of it")
    func anthropic() throws {
        let record = try record(
            """
            {"id":"msg_1","type":"message","model":"claude-sonnet-4-5","content":[],"usage":{
            "input_tokens":10,"cache_creation_input_tokens":300,"cache_read_input_tokens":2000,
            "cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},
            "output_tokens":50,"service_tier":"priority"}}
            """, .anthropicMessages)
        #expect(record.serviceTier == "priority")
        #expect(
            record.usage
                == UsageCounts(
                    inputTokens: 2_310, cacheReadInputTokens: 2_000, cacheWriteInputTokens: 100,
                    cacheWriteOneHourInputTokens: 200, outputTokens: 50))
    }

    @Test("an answer without a usage is refused, with the place")
    func refused() {
        let cases: [(String, String)] = [
            ("{", "not JSON"),
            (#"{"error":{"message":"no","type":"invalid_request_error"}}"#, "usage is missing"),
            (#"{"model":"m","usage":{}}"#, "usage.prompt_tokens is missing"),
            (#"{"usage":{"prompt_tokens":1,"completion_tokens":1}}"#, "model is missing"),
            (#"{"model":"m","usage":{"prompt_tokens":-1,"completion_tokens":1}}"#, "-1"),
            (
                """
                {"model":"m","usage":{"prompt_tokens":10,"completion_tokens":1,
                "prompt_tokens_details":{"cached_tokens":11}}}
                """, "more than the 10 input_tokens"
            ),
        ]
        for (body, sentence) in cases {
            let error = #expect(throws: AnswerError.self) { try record(body, .openAIChat) }
            #expect(error?.description.contains(sentence) == true, "\(error.debugDescription)")
        }
    }

    private static let chatStream = """
        : a comment

        data: {"id":"c","model":"gpt-4o-mini","service_tier":"default","choices":[{"delta":\
        {"role":"assistant"}}],"usage":null}

        data: {"id":"c","model":"gpt-4o-mini","choices":[{"delta":{"content":"the \\"usage\\" of"}}]}

        data: {"id":"c","model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":9,\
        "completion_tokens":12,"prompt_tokens_details":{"cached_tokens":4}}}

        data: [DONE]\n

        """

    @Test("an OpenAI stream with usage in its last chunk, however it is cut into pieces")
    func chatStream() throws {
        for pieces in [1, 2, 3, 5, 64, 10_000] {
            for end in ["\n", "\r\n"] {
                let text = Self.chatStream.replacingOccurrences(of: "\n", with: end)
                let record = try stream(text, .openAIChat, pieces: pieces)
                #expect(record.result == .completed && record.serviceTier == "standard")
                #expect(
                    record.usage
                        == UsageCounts(
                            inputTokens: 9, cacheReadInputTokens: 4, outputTokens: 12))
            }
        }
    }

    @Test("a stream cut at any byte is a failed request with the usage so far, or has no model")
    func cutStream() throws {
        let whole = Array(Self.chatStream.utf8)
        for count in 0..<whole.count - 2 {
            var stream = AnswerStream(.openAIChat)
            stream.read(whole.prefix(count))
            guard let record = try? stream.record() else { continue }
            #expect(record.model == "gpt-4o-mini")
            #expect(record.result == .failed("incomplete_stream"), "\(count)")
            #expect(record.usage.outputTokens == nil || record.usage.outputTokens == 12)
        }
    }

    @Test("a stream without usage has an unknown usage, not zero")
    func streamWithoutUsage() throws {
        let text = Self.chatStream.replacingOccurrences(
            of: #""usage":{"prompt_tokens":9,"#, with: #""nothing":{"#)
        let record = try stream(text, .openAIChat)
        #expect(record.usage == UsageCounts() && record.result == .completed)
    }

    @Test("a stream of the responses API ends with the whole response")
    func responsesStream() throws {
        func text(_ type: String, _ more: String = "") -> String {
            """
            event: response.created
            data: {"type":"response.created","response":{"model":"gpt-5","usage":null}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","delta":"usage"}

            event: \(type)
            data: {"type":"\(type)","response":{"model":"gpt-5-2025-08-07"\(more),
            data: "usage":{"input_tokens":5,"output_tokens":7}}}\n

            """
        }
        let record = try stream(text("response.completed"), .openAIResponses)
        #expect(record.model == "gpt-5-2025-08-07" && record.result == .completed)
        #expect(record.usage == UsageCounts(inputTokens: 5, outputTokens: 7))
        let failed = try stream(
            text("response.failed", #","error":{"code":"server_error"}"#), .openAIResponses)
        #expect(failed.result == .failed("server_error"))
        #expect(failed.usage.outputTokens == 7)
    }

    @Test("an Anthropic stream: input from message_start, output from message_delta")
    func messageStream() throws {
        let start = """
            event: message_start
            data: {"type":"message_start","message":{"id":"m","model":"claude-sonnet-4-5",\
            "usage":{"input_tokens":25,"cache_read_input_tokens":75,\
            "cache_creation_input_tokens":0,"output_tokens":1,"service_tier":"standard"}}}

            event: content_block_delta
            data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"usage"}}\n

            """
        let end = """
            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},\
            "usage":{"output_tokens":15,"input_tokens":null}}

            event: message_stop
            data: {"type":"message_stop"}\n

            """
        let record = try stream(start + end, .anthropicMessages)
        #expect(record.result == .completed && record.serviceTier == "standard")
        #expect(record.usage.inputTokens == 100 && record.usage.cacheReadInputTokens == 75)
        #expect(record.usage.outputTokens == 15)

        let cut = try stream(start, .anthropicMessages)
        #expect(cut.result == .failed("incomplete_stream"))
        #expect(cut.usage.inputTokens == 100 && cut.usage.outputTokens == 1)

        let overloaded = try stream(
            start + "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n",
            .anthropicMessages)
        #expect(overloaded.result == .failed("overloaded_error"))
    }

    @Test("a usage in a stream that contradicts itself is refused as in a body")
    func contradiction() {
        let text = Self.chatStream.replacingOccurrences(
            of: #""cached_tokens":4"#, with: #""cached_tokens":10"#)
        #expect(throws: AnswerError.self) { try stream(text, .openAIChat) }
    }
}
