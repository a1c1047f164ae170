import Gateway
import HTTPTypes
import NIOCore
import Testing

@Suite("What passes the gateway as it is")
struct PassingTests {
    private static func fields(_ fields: [(String, String)]) -> HTTPFields {
        var headers = HTTPFields()
        for (name, value) in fields {
            if let name = HTTPField.Name(name) {
                headers.append(HTTPField(name: name, value: value))
            }
        }
        return headers
    }

    // MARK: Headers

    @Test("headers of providers, SDKs and agents pass, also those that nobody knows, in order")
    func unknownHeaders() {
        let given = [
            ("anthropic-version", "2023-06-01"), ("anthropic-beta", "a"), ("anthropic-beta", "b"),
            ("openai-organization", "org"), ("x-stainless-lang", "python"),
            ("user-agent", "OpenAI/Python 1.0"), ("content-type", "application/json"),
            ("x-claude-code-session-id", "s"), ("x-never-heard-of", "1"),
        ]
        let passed = HeaderPolicy.request(Self.fields(given))
        #expect(passed.map { "\($0.name): \($0.value)" } == given.map { "\($0.0): \($0.1)" })
    }

    @Test("keys, cookies, our own headers and those of the connection stay here")
    func ownHeaders() {
        let given = [
            ("Authorization", "Bearer tally_x"), ("x-api-key", "tally_x"), ("api-key", "k"),
            ("x-goog-api-key", "k"), ("cookie", "a=b"), ("content-length", "2"),
            ("accept-encoding", "gzip"), ("x-tally-app", "search"), ("x-tally-label-a", "b"),
            ("connection", "keep-alive, X-Hop"), ("x-hop", "1"), ("transfer-encoding", "chunked"),
            ("x-forwarded-for", "10.0.0.1"), ("forwarded", "for=10.0.0.1"), ("via", "1.1 p"),
            ("proxy-authorization", "Basic x"), ("traceparent", "00-a-b-01"), ("te", "trailers"),
        ]
        #expect(HeaderPolicy.request(Self.fields(given)).isEmpty)
    }

    @Test("of an answer, ids, limits and waiting times pass; cookies and lengths don't")
    func answerHeaders() {
        let answer = HeaderPolicy.answer([
            ("Request-Id", "req_1"), ("x-request-id", "r"), ("retry-after", "3"),
            ("Content-Type", "text/event-stream"), ("openai-processing-ms", "12"),
            ("Set-Cookie", "__cf=1"), ("Content-Length", "10"), ("Transfer-Encoding", "chunked"),
            ("Connection", "close"), ("x-tally-cost-usd", "0"), ("a bad name", "x"),
        ])
        #expect(
            answer.map(\.name.canonicalName) == [
                "request-id", "x-request-id", "retry-after", "content-type",
                "openai-processing-ms",
            ])
    }

    // MARK: Bodies

    private static func splice(
        _ json: String, _ change: (inout JSONSplice) -> Void
    ) throws -> String {
        var splice = try JSONSplice(Array(json.utf8))
        change(&splice)
        return String(decoding: splice.bytes, as: UTF8.self)
    }

    @Test("a member gets its value, and every other byte stays")
    func replaces() throws {
        let body = #"  { "a" :[ 1.0,"\u00e9" ], "model" : "fast" ,"n":1e3 }"# + "\n"
        #expect(
            try Self.splice(body) { $0.set(["model"], to: #""gpt-4o""#) }
                == body.replacing(#""fast""#, with: #""gpt-4o""#))
        #expect(try Self.splice(body) { _ in } == body)
    }

    @Test("all of a key that is repeated, or spelled with escapes, are replaced")
    func repeats() throws {
        #expect(
            try Self.splice(#"{"model":1,"m\u006fdel":2}"#) { $0.set(["model"], to: "3") }
                == #"{"model":3,"m\u006fdel":3}"#)
    }

    @Test(
        "a member inside an object is set, added, or made with it",
        arguments: [
            (#"{"s":{"u":false}}"#, #"{"s":{"u":true}}"#),
            (#"{"s":{"x":1 } }"#, #"{"s":{"x":1,"u":true } }"#),
            (#"{"s":{}}"#, #"{"s":{"u":true}}"#),
            (#"{"s":null}"#, #"{"s":{"u":true}}"#),
            (#"{"a":1}"#, #"{"a":1,"s":{"u":true}}"#),
            ("{}", #"{"s":{"u":true}}"#),
            (#"{"x":{"s":{"u":1}}}"#, #"{"x":{"s":{"u":1}},"s":{"u":true}}"#),
        ])
    func nested(_ body: String, _ expected: String) throws {
        #expect(try Self.splice(body) { $0.set(["s", "u"], to: "true") } == expected)
    }

    @Test(
        "a member is taken out with its comma",
        arguments: [
            (#"{"u":{"i":true},"a":1}"#, #"{"a":1}"#), (#"{"a":1,"u":2}"#, #"{"a":1}"#),
            (#"{"u":2}"#, "{}"), (#"{"a":1}"#, #"{"a":1}"#),
        ])
    func removes(_ body: String, _ expected: String) throws {
        #expect(try Self.splice(body) { $0.remove("u") } == expected)
    }

    @Test("several changes of one body don't disturb each other")
    func together() throws {
        let body = #"{"usage":{"include":true},"model":"a","stream":true}"#
        let changed = try Self.splice(body) {
            $0.set(["stream_options", "include_usage"], to: "true")
            $0.set(["model"], to: #""b""#)
            $0.remove("usage")
        }
        #expect(
            changed == #"{"model":"b","stream":true,"stream_options":{"include_usage":true}}"#)
    }

    @Test("the cost goes into a usage that is there, and nowhere else")
    func cost() throws {
        #expect(
            try Self.splice(#"{"usage":{"a":1}}"#) { $0.set("cost", inside: ["usage"], to: "0.1") }
                == #"{"usage":{"a":1,"cost":0.1}}"#)
        #expect(
            try Self.splice(#"{"usage":null}"#) { $0.set("cost", inside: ["usage"], to: "0.1") }
                == #"{"usage":null}"#)
    }
}

@Suite("What of a stream is held back")
struct RelayTests {
    private static func frame(_ kind: StreamFrame.Kind, _ text: String) -> StreamFrame {
        StreamFrame(kind: kind, bytes: ByteBuffer(string: text))
    }

    private static func accept(
        _ relay: inout StreamRelay, _ frames: [(StreamFrame.Kind, String)]
    ) -> String {
        var passed = ByteBuffer()
        relay.accept(frames.map { frame($0.0, $0.1) }, &passed)
        return String(buffer: passed)
    }

    private static func last(_ relay: StreamRelay) -> String {
        relay.last.map { String(buffer: $0.bytes) }.joined()
    }

    @Test("nothing passes before the first output, then everything in order")
    func holds() {
        var relay = StreamRelay(dropsUsage: false, keepsUsage: false)
        #expect(Self.accept(&relay, [(.lifecycle, "a"), (.ping, "p"), (.thinking, "b")]).isEmpty)
        #expect(!relay.hasOutput)
        #expect(Self.accept(&relay, [(.usage, "u"), (.output, "c"), (.ping, "q")]) == "abucq")
        #expect(relay.hasOutput)
        #expect(Self.accept(&relay, [(.thinking, "d"), (.lifecycle, "e")]) == "de")
    }

    @Test("the end waits, and what comes behind it")
    func ends() {
        var relay = StreamRelay(dropsUsage: false, keepsUsage: false)
        #expect(Self.accept(&relay, [(.output, "a"), (.end, "z"), (.lifecycle, "y")]) == "a")
        #expect(relay.isEnded)
        #expect(Self.last(relay) == "zy")
    }

    @Test("a usage that nobody asked for is taken out; one that tells the cost waits for it")
    func usage() {
        var drops = StreamRelay(dropsUsage: true, keepsUsage: false)
        #expect(Self.accept(&drops, [(.output, "a"), (.usage, "u"), (.end, "z")]) == "a")
        #expect(Self.last(drops) == "z")
        var keeps = StreamRelay(dropsUsage: false, keepsUsage: true)
        #expect(Self.accept(&keeps, [(.output, "a"), (.usage, "u"), (.end, "z")]) == "a")
        #expect(Self.last(keeps) == "uz")
        var plain = StreamRelay(dropsUsage: false, keepsUsage: false)
        #expect(Self.accept(&plain, [(.output, "a"), (.usage, "u"), (.end, "z")]) == "au")
    }

    @Test("an error before the first output is nobody's answer; one after it is the end")
    func errors() {
        var early = StreamRelay(dropsUsage: false, keepsUsage: false)
        #expect(Self.accept(&early, [(.lifecycle, "a"), (.error, "x")]).isEmpty)
        #expect(early.failure != nil && !early.hasOutput)
        var late = StreamRelay(dropsUsage: false, keepsUsage: false)
        #expect(Self.accept(&late, [(.output, "a"), (.error, "x")]) == "a")
        #expect(late.failure != nil && late.isEnded)
        #expect(Self.last(late) == "x")
    }

    @Test("an answer without output is one all the same, whole at its end")
    func empty() {
        var relay = StreamRelay(dropsUsage: false, keepsUsage: false)
        #expect(Self.accept(&relay, [(.lifecycle, "a"), (.end, "z")]).isEmpty)
        #expect(relay.hasOutput && relay.isEnded)
        #expect(Self.last(relay) == "az")
    }

    @Test("a stream that says more than is held back goes on without output")
    func bounded() {
        var relay = StreamRelay(dropsUsage: false, keepsUsage: false)
        let long = String(repeating: "t", count: StreamRelay.heldBytesMax)
        #expect(Self.accept(&relay, [(.thinking, long)]).isEmpty)
        #expect(
            Self.accept(&relay, [(.thinking, "t")]).utf8.count == StreamRelay.heldBytesMax + 1)
        #expect(relay.hasOutput)
    }
}
