import Foundation
import Testing

/// `POST /api/v1/tokens/…`.
@Suite("Token calls", .serialized)
struct TokenCallTests {
    private struct Counted: Decodable {
        let tokens: Int
        let exactness: String
        let band: Double?
        let messages: [Int]?
        let labels: [String: String]?
    }

    private struct Encoded: Decodable {
        let ids: [Int]
    }

    @Test("count, encode, decode, truncate, explain, fit and optimize like the commands")
    func calls() async throws {
        try await withClient { client in
            func ask(_ call: String, _ body: String) async throws -> Answer {
                try await client.post("/api/v1/tokens/\(call)", body)
            }
            let text = #"{"model":"gpt-4o","text":"tiktoken is great!"}"#
            let counted: Counted = try await ask("count", text).json()
            #expect(counted.tokens == 6)
            #expect(counted.exactness == "exact")
            let encoded: Encoded = try await ask("encode", text).json()
            let ids = encoded.ids.map { String($0) }.joined(separator: ",")
            let decoded = try await ask("decode", #"{"model":"gpt-4o","ids":[\#(ids)]}"#)
            #expect(decoded.text.contains(#""text":"tiktoken is great!""#))
            let cut = try await ask(
                "truncate", #"{"encoding":"o200k_base","text":"one two three","max_tokens":2}"#)
            #expect(cut.text.contains(#""text":"one two","tokens":2"#))
            // The body of a chat is asked about as it would be sent.
            let chat = #"{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}"#
            let whole: Counted = try await ask("count", chat).json()
            #expect(whole.tokens == 8)
            #expect(whole.messages == [5])
            let explained = try await ask("explain", chat)
            #expect(explained.text.contains(#""source":"primer""#))
            let fitted = try await ask("fit", #"{"chat":\#(chat),"window":100,"reserve":10}"#)
            #expect(fitted.text.contains(#""fits":true"#))
            let optimized = try await ask(
                "optimize", #"{"model":"gpt-4o","text":"{ \"a\" :  [ 1,  2,  3 ] }"}"#)
            #expect(optimized.status == 200)
            #expect(optimized.text.contains(#""strategies":["json-minify"]"#))
        }
    }

    @Test("an estimate is labelled, and the ledger narrows its band with bills")
    func learning() async throws {
        try await withClient { client in
            let body = """
                {"model":"claude-sonnet-4-5","system":"be kind","messages":[\
                {"role":"user","content":"\(String(repeating: "a few words ", count: 60))"}]}
                """
            let first: Counted = try await client.post("/api/v1/tokens/count", body).json()
            #expect(first.exactness == "estimated")
            #expect(first.band == 0.2)
            let labels = try #require(first.labels)
            #expect(labels["estimated_with"] == "claude-3 from o200k_base")
            #expect(labels["estimated_input_tokens"] == String(first.tokens))
        }
    }

    @Test("bad bodies are 400 with the member to blame, and a hundred megabytes are 413")
    func badBodies() async throws {
        try await withClient { client in
            let cases = [
                ("count", "{}", "a chat is expected"), ("count", "[1]", "an object with model"),
                ("count", #"{"model":7,"text":"x"}"#, "model must be a text"),
                ("count", #"{"text":"x"}"#, "must be named"),
                ("count", #"{"model":"nobody-1","text":"x"}"#, "name an encoding"),
                ("count", #"{"model":"gpt-4o","text":"\udfff"}"#, "text holds half a surrogate"),
                ("truncate", #"{"model":"gpt-4o","text":"x"}"#, "max_tokens is missing"),
                ("decode", #"{"model":"gpt-4o","ids":[-1]}"#, "whole numbers"),
                ("encode", #"{"model":"gemini-2.5-pro","text":"x"}"#, "not public"),
                ("fit", #"{"model":"gpt-4o","text":"x"}"#, "cut with truncate"),
                (
                    "fit", #"{"encoding":"o200k_base","messages":[{"role":"user","content":"x"}]}"#,
                    "say how many tokens"
                ),
                ("optimize", #"{"model":"gpt-4o","text":"x","stages":["magic"]}"#, "json-minify"),
            ]
            for (call, body, words) in cases {
                let answer = try await client.post("/api/v1/tokens/\(call)", body)
                #expect(answer.status == 400, "\(call) \(body): \(answer.text)")
                #expect(answer.text.contains(words), "\(call) \(body): \(answer.text)")
                #expect(answer.text.contains(#""type":"invalid_request_error""#))
            }
            let start = #"{"model":"gpt-4o","text":""#
            let large = Array((start + String(repeating: "a", count: 17 << 20) + "\"}").utf8)
            let refused = try await client.post("/api/v1/tokens/count", bytes: large)
            #expect(refused.status == 413)
            let most = Array((start + String(repeating: "a", count: 15 << 20) + "\"}").utf8)
            let counted: Counted = try await client.post("/api/v1/tokens/count", bytes: most).json()
            #expect(counted.tokens > 1_000_000)
        }
    }

    @Test("need the scope to read")
    func scopes() async throws {
        try await withPlace { place in
            struct MadeKey: Decodable { let key: String }
            let made: MadeKey = try await place.tally(
                "keys", "create", "--scope", "ingest", "--name", "a test", "--json"
            ).json()
            try await withService(on: place) { service in
                let body = #"{"model":"gpt-4o","text":"x"}"#
                let path = "/api/v1/tokens/count"
                #expect(try await service.client().post(path, body).status == 401)
                let narrow = try await service.client(key: made.key).post(path, body)
                #expect(narrow.status == 403)
            }
        }
    }
}
