import Gateway
import LedgerModel
import LedgerTesting
import NIOCore
import Providers
import Testing

@Suite("Reading answers while they pass")
struct ReaderTests {
    private static let expected = ExpectedUsage(
        usage: [.inputTokens: 77], maxTokens: 500, model: "gpt-4o")

    private static func reader(
        _ api: GatewayAPI, of provider: Name = "openai", isStream: Bool = true,
        expected: ExpectedUsage = Self.expected
    ) -> AnswerReader {
        AnswerReader(
            api, prices: provider, isStream: isStream, expected: expected, wasUsageAdded: false)
    }

    private struct Passed {
        var kinds: [StreamFrame.Kind] = []
        var bytes: [UInt8] = []
        var answer: MeteredAnswer
    }

    private static func pass(
        _ pieces: [ArraySlice<UInt8>], through reader: AnswerReader
    ) throws -> Passed {
        var reader = reader
        var passed = Passed(answer: MeteredAnswer())
        for piece in pieces {
            for frame in try reader.read(ByteBuffer(bytes: piece)) {
                passed.kinds.append(frame.kind)
                passed.bytes += frame.bytes.readableBytesView
            }
        }
        if let rest = reader.rest() { passed.bytes += rest.readableBytesView }
        passed.answer = reader.finish()
        return passed
    }

    private static func pass(
        _ stream: RecordedStream, cutAt places: [Int] = []
    ) throws -> Passed {
        let bytes = Array(stream.text.utf8)
        let ends = places + [bytes.count]
        let pieces = zip([0] + places, ends).map { bytes[$0..<$1] }
        return try pass(pieces, through: reader(stream.api, of: stream.provider))
    }

    @Test("frames are told apart, and the usage is the provider's", arguments: RecordedStream.all)
    func recorded(_ stream: RecordedStream) throws {
        let passed = try Self.pass(stream)
        #expect(passed.kinds == stream.kinds)
        #expect(passed.bytes == Array(stream.text.utf8))
        let answer = passed.answer
        #expect(answer.usage == stream.usage && answer.isReported && answer.isComplete)
        #expect(answer.model == stream.model)
        #expect(answer.finishReason == stream.finishReason)
        #expect(answer.responseID == stream.responseID)
        #expect(answer.errorType == nil)
    }

    @Test("wherever a stream is cut into pieces, nothing changes", arguments: RecordedStream.all)
    func cut(_ stream: RecordedStream) throws {
        let whole = try Self.pass(stream)
        let count = stream.text.utf8.count
        for place in 0...count {
            let passed = try Self.pass(stream, cutAt: [place])
            #expect(passed.kinds == whole.kinds, "\(place)")
            #expect(passed.bytes == whole.bytes && passed.answer.usage == whole.answer.usage)
        }
        let single = try Self.pass(stream, cutAt: Array(0..<count))
        #expect(single.kinds == whole.kinds && single.bytes == whole.bytes)
        #expect(single.answer.usage == whole.answer.usage)
    }

    @Test(
        "wherever a stream breaks off, something is booked, and it says so",
        arguments: RecordedStream.all)
    func brokenOff(_ stream: RecordedStream) throws {
        let bytes = Array(stream.text.utf8)
        var outputBefore: Int64 = 0
        for place in 0..<bytes.count {
            var reader = Self.reader(stream.api, of: stream.provider)
            _ = try reader.read(ByteBuffer(bytes: bytes[..<place]))
            let answer = reader.finish()
            #expect((try? answer.usage.validate()) != nil)
            if answer.isReported {
                #expect(answer.usage == stream.usage, "\(place)")
                continue
            }
            #expect(answer.usage.value(.inputTokens) > 0, "\(place)")
            let output = answer.usage.value(.outputTokens)
            #expect(output >= outputBefore, "\(place)")
            outputBefore = output
        }
        #expect(outputBefore > 0)
    }

    @Test("a stream that does not tell its usage is counted by its text")
    func missingUsage() throws {
        let text = """
            data: {"id":"c","model":"gpt-4o","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

            data: {"id":"c","model":"gpt-4o","choices":[{"index":0,"delta":{"content":"Hello, \\"wor"}}]}

            data: {"id":"c","model":"gpt-4o","choices":[{"index":0,"delta":{"content":"ld\\" 👋"}}]}

            data: {"id":"c","model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]\n\n
            """
        let passed = try Self.pass([Array(text.utf8)[...]], through: Self.reader(.chatCompletions))
        #expect(passed.kinds == [.lifecycle, .output, .output, .lifecycle, .end])
        #expect(!passed.answer.isReported && passed.answer.isComplete)
        #expect(passed.answer.usage.value(.inputTokens) == 77)
        #expect(4...12 ~= passed.answer.usage.value(.outputTokens))
    }

    @Test("an error before anything was said costs nothing; one after it costs what was said")
    func errors() throws {
        let error = #"data: {"error":{"message":"no","type":"server_error","code":null}}"# + "\n\n"
        let first = try Self.pass([Array(error.utf8)[...]], through: Self.reader(.chatCompletions))
        #expect(first.kinds == [.error] && first.answer.usage.isEmpty && first.answer.isReported)
        #expect(first.answer.errorType == "server_error" && !first.answer.isComplete)

        let chunk =
            #"data: {"model":"gpt-4o","choices":[{"delta":{"content":"Some words"}}]}"# + "\n\n"
        let later = try Self.pass(
            [Array((chunk + error).utf8)[...]], through: Self.reader(.chatCompletions))
        #expect(later.kinds == [.output, .error])
        #expect(later.answer.usage.value(.outputTokens) > 0 && !later.answer.isReported)

        let event =
            "event: error\n"
            + #"data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#
            + "\n\n"
        let message = try Self.pass(
            [Array(event.utf8)[...]], through: Self.reader(.messages, of: "anthropic"))
        #expect(message.kinds == [.error] && message.answer.errorType == "overloaded_error")
    }

    @Test("whole answers tell their usage; an error is not charged")
    func whole() throws {
        func read(_ text: String, _ api: GatewayAPI, of provider: Name = "openai") -> MeteredAnswer
        {
            var reader = Self.reader(api, of: provider, isStream: false)
            reader.readWhole(ByteBuffer(string: text))
            return reader.finish()
        }
        let chat = read(
            """
            {"id":"x","model":"gpt-4o-2024-08-06","service_tier":"default","choices":[{"index":0,
            "message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],
            "usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,
            "prompt_tokens_details":{"cached_tokens":4}}}
            """, .chatCompletions)
        #expect(
            chat.usage[.inputTokens] == 9 && chat.usage[.outputTokens] == 2
                && chat.usage[.cacheReadInputTokens] == 4)
        #expect(chat.isReported && chat.isComplete && chat.serviceTier == "standard")
        #expect(chat.finishReason == "stop" && chat.model == "gpt-4o-2024-08-06")

        let embeddings = read(
            #"{"object":"list","data":[{"embedding":[0.1,-2e-3]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}"#,
            .embeddings)
        #expect(embeddings.usage[.inputTokens] == 8 && embeddings.isReported)
        #expect(embeddings.isComplete && !embeddings.usage.has(.outputTokens))

        let silent = read(#"{"data":[{"embedding":[1]}],"model":"m"}"#, .embeddings)
        #expect(silent.usage == [.inputTokens: 77] && !silent.isReported)

        let refused = read(
            #"{"error":{"message":"no","type":"invalid_request_error"}}"#, .responses)
        #expect(refused.usage.isEmpty && refused.isReported && !refused.isComplete)
        #expect(refused.errorType == "invalid_request_error")

        let other = read(#"{"id":"file-1"}"#, .other(path: "/v1/files", speaking: .openAI))
        #expect(other.usage.isEmpty && other.isReported)
    }

    @Test("chunks that are no JSON pass, and teach nothing")
    func malformed() throws {
        let text =
            "data: {\"choices\":[{\"delta\":{\"content\":\"a\ndata: }{\n\ndata: nonsense\n\n: c\n\n"
        let passed = try Self.pass([Array(text.utf8)[...]], through: Self.reader(.chatCompletions))
        #expect(passed.bytes == Array(text.utf8))
        #expect(passed.kinds.last == .ping && !passed.kinds.contains(.error))
        var generator = SeededGenerator(seed: testSeed())
        let bytes = Array(RecordedStream.chat.text.utf8)
        for _ in 0..<2_000 {
            var changed = bytes
            for _ in 0..<3 {
                let place = Int.random(in: 0..<changed.count, using: &generator)
                changed[place] = UInt8.random(in: 0...255, using: &generator)
            }
            let passed = try Self.pass([changed[...]], through: Self.reader(.chatCompletions))
            #expect(passed.bytes == changed)
        }
    }

    @Test("an event of more than 16 MiB ends the reading")
    func tooLong() throws {
        var reader = Self.reader(.chatCompletions)
        let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 20)
        for _ in 0..<16 {
            let frames = try reader.read(piece)
            #expect(frames.isEmpty)
        }
        for bytes in [piece, ByteBuffer(string: "\n\ndata: x\n\n")] {
            do throws(UnreadableStream) {
                _ = try reader.read(bytes)
                Issue.record("it was read")
            } catch {
                #expect(error.reason.contains("16 MiB"))
            }
        }
    }
}
