import CacheServing
import Caching
import JSON
import LedgerModel
import Testing

@Suite("Forms of answers")
struct AnswerFormTests {
    private static func body(
        _ stored: String, isStream: Bool, _ dialect: RequestDialect, as form: AnswerForm,
        usage: Usage = Usage()
    ) throws -> String {
        String(
            decoding: try AnswerReplay.body(
                Array(stored.utf8),
                contentType: isStream ? "text/event-stream; charset=utf-8" : "application/json",
                of: dialect, as: form, usage: usage), as: UTF8.self)
    }

    private static func tree(_ text: String) throws -> JSONTree {
        try JSONTree(parsing: text.utf8)
    }

    /// The value whatever the order of its members.
    private static func canonical(_ tree: JSONTree) -> JSONTree {
        switch tree {
        case .array(let items): .array(items.map(canonical))
        case .object(let members):
            .object(
                members.map { .init($0.key, canonical($0.value)) }.sorted { $0.key < $1.key })
        default: tree
        }
    }

    private static func read(_ stream: String, _ dialect: RequestDialect) throws -> AssembledAnswer
    {
        try AssembledAnswer(Array(stream.utf8), isStream: true, of: dialect)
    }

    @Test(
        "a stream becomes the answer that the API gives unstreamed", arguments: RecordedAnswer.all)
    func assembled(_ answer: RecordedAnswer) throws {
        let read = try Self.read(answer.stream, answer.dialect)
        #expect(read.isComplete && read.finishReasons == answer.ends)
        #expect(
            Self.canonical(read.whole) == Self.canonical(try Self.tree(answer.whole)),
            "\(read.whole.json)")
        let whole = try AssembledAnswer(
            Array(answer.whole.utf8), isStream: false, of: answer.dialect)
        #expect(whole.isComplete && whole.finishReasons == answer.ends)
    }

    @Test("a whole answer becomes a stream that says the same", arguments: RecordedAnswer.all)
    func replayed(_ answer: RecordedAnswer) throws {
        let stream = try Self.body(
            answer.whole, isStream: false, answer.dialect, as: .stream(withUsage: true))
        let read = try Self.read(stream, answer.dialect)
        #expect(read.isComplete)
        #expect(
            Self.canonical(read.whole) == Self.canonical(try Self.tree(answer.whole)),
            "\(read.whole.json)")
    }

    @Test(
        "who asks for the form that was stored gets the very bytes", arguments: RecordedAnswer.all)
    func exact(_ answer: RecordedAnswer) throws {
        let odd = answer.whole.replacing("{\"id\"", with: "{ \"id\"")
        #expect(try Self.body(odd, isStream: false, answer.dialect, as: .whole) == odd)
        #expect(
            try Self.body(
                answer.stream, isStream: true, answer.dialect, as: .stream(withUsage: true))
                == answer.stream)
    }

    @Test("the chunk with the usage is there for who asked for it, and only then")
    func usageChunk() throws {
        let (stream, dialect) = (RecordedAnswer.chat.stream, RecordedAnswer.chat.dialect)
        let without = try Self.body(stream, isStream: true, dialect, as: .stream(withUsage: false))
        #expect(stream.hasPrefix(without.prefix(without.count - 14)) && without != stream)
        #expect(!without.contains("prompt_tokens") && without.hasSuffix("data: [DONE]\n\n"))
        let usage: Usage = [.inputTokens: 9, .outputTokens: 12]
        let again = try Self.body(
            without, isStream: true, dialect, as: .stream(withUsage: true), usage: usage)
        let read = try Self.read(again, dialect)
        #expect(read.whole["usage"]?["total_tokens"]?.integer == 21)
        let unasked = try Self.body(
            RecordedAnswer.chat.whole, isStream: false, dialect, as: .stream(withUsage: false))
        #expect(!unasked.contains("usage"))
        let whole = try Self.body(without, isStream: true, dialect, as: .whole, usage: usage)
        #expect(try Self.tree(whole)["usage"]?["prompt_tokens"]?.integer == 9)
    }

    @Test(
        "a stream without its end is not complete, wherever it is cut",
        arguments: RecordedAnswer.all)
    func cut(_ answer: RecordedAnswer) throws {
        let bytes = Array(answer.stream.utf8)
        for length in stride(from: 0, to: bytes.count - 14, by: 7) {
            let part = Array(bytes.prefix(length))
            let read = try? AssembledAnswer(part, isStream: true, of: answer.dialect)
            #expect(read?.isComplete != true, "\(length) of \(bytes.count) bytes")
        }
    }

    @Test("errors, and what is not understood, are no answers")
    func unreadable() {
        let wrong: [(RequestDialect, String, isStream: Bool)] = [
            (.chatCompletions, "<html>502</html>", false), (.chatCompletions, "[1]", false),
            (.chatCompletions, #"{"error":{"message":"overloaded"}}"#, false),
            (.chatCompletions, "data: {\"error\":{\"message\":\"x\"}}\n\n", true),
            (.chatCompletions, "data: not json\n\n", true), (.chatCompletions, "", true),
            (.messages, "event: error\ndata: {\"type\":\"error\",\"error\":{}}\n\n", true),
            (.messages, "data: {\"type\":\"message_stop\"}\n\n", true),
            (
                .messages,
                RecordedAnswer.messages.stream.replacing("text_delta", with: "new_delta"), true
            ),
            (.messages, RecordedAnswer.messages.stream.replacing("1.50}", with: "1.50"), true),
            (.responses, "data: {\"type\":\"response.failed\",\"response\":{}}\n\n", true),
            (.embeddings, "data: {}\n\n", true),
        ]
        for (dialect, body, isStream) in wrong {
            #expect(throws: UnreadableAnswer.self, "\(body.prefix(60))") {
                try AssembledAnswer(Array(body.utf8), isStream: isStream, of: dialect)
            }
        }
    }

    @Test("an answer cut short by a limit says so")
    func limits() throws {
        let chat = RecordedAnswer.tools.stream.replacing(
            #""finish_reason":"tool_calls""#, with: #""finish_reason":"length""#)
        #expect(try Self.read(chat, .chatCompletions).finishReasons == ["length"])
        let response = """
            {"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}
            """
        let read = try AssembledAnswer(
            Array(response.utf8), isStream: false, of: .responses)
        #expect(read.finishReasons == ["max_output_tokens"])
        let empty = try AssembledAnswer(
            Array(#"{"data":[]}"#.utf8), isStream: false, of: .embeddings)
        #expect(!empty.isComplete)
    }

    @Test("lines may end as the standard allows, and comments are passed over")
    func lines() throws {
        let stream = RecordedAnswer.tools.stream
        let expected = try Self.read(stream, .chatCompletions).whole
        for changed in [
            stream.replacing("\n", with: "\r\n"), stream.replacing("\n", with: "\r"),
            "\u{FEFF}: hello\n\n" + stream.replacing("data: ", with: "data:"),
            String(stream.dropLast(2)),
        ] {
            let read = try Self.read(changed, .chatCompletions)
            #expect(read.isComplete && read.whole == expected)
        }
    }

    @Test("a long text comes in pieces that make it whole again")
    func pieces() throws {
        let text = String(repeating: "Ä👩‍👩‍👧 ", count: 3_000)
        let whole = RecordedAnswer.chat.whole.replacing("Hallo", with: text)
        let stream = try Self.body(
            whole, isStream: false, .chatCompletions, as: .stream(withUsage: false))
        #expect(stream.split(separator: "\n").allSatisfy { $0.utf8.count < 16_384 })
        let read = try Self.read(stream, .chatCompletions)
        #expect(read.whole["choices"]?.items?.last?["message"]?["content"]?.string == text)
    }

    @Test("a request says which form it wants")
    func wanted() throws {
        func form(_ request: String, _ dialect: RequestDialect) throws -> AnswerForm {
            dialect.form(askedBy: try Self.tree(request))
        }
        #expect(try form("{}", .chatCompletions) == .whole)
        #expect(try form(#"{"stream":true}"#, .messages) == .stream(withUsage: false))
        #expect(
            try form(#"{"stream":true,"stream_options":{"include_usage":true}}"#, .completions)
                == .stream(withUsage: true))
        #expect(try form(#"{"stream":true}"#, .embeddings) == .whole, "which are never streamed")
    }
}
