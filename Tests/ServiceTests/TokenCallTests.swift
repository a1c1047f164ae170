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
            let row = #"{\n    \"id\": 1,\n    \"name\": \"an item\"\n  },\n  "#
            let rows = String(repeating: row, count: 20)
            let optimized = try await ask(
                "optimize", #"{"model":"gpt-4o","text":"[\#(rows){\"id\": 2}]"}"#)
            #expect(optimized.status == 200)
            #expect(optimized.text.contains(#""strategies":["json-"#), "\(optimized.text)")
        }
    }

    private let estimatedWith = "claude-3 from o200k_base"

    /// Requests that were billed 1,300 tokens where 1,000 were estimated.
    private func billed(_ count: Int) -> String {
        let now = ISO8601DateFormatter().string(from: Date())
        return (0..<count).map { index in
            """
            {"source":"test","id":"\(index)","type":"request.completed","occurred_at":"\(now)",\
            "provider":"anthropic","model":"claude-sonnet-4-5","usage":{"input_tokens":1300},\
            "labels":{"estimated_input_tokens":"1000","estimated_with":"\(estimatedWith)"}}
            """
        }.joined(separator: "\n")
    }

    @Test("an estimate is labelled, and bills correct it and narrow its band")
    func learning() async throws {
        let body = """
            {"model":"claude-sonnet-4-5","system":"be kind","messages":[\
            {"role":"user","content":"\(String(repeating: "a few words ", count: 60))"}]}
            """
        let first: Counted = try await withClient { client in
            try await client.post("/api/v1/tokens/count", body).json()
        }
        #expect(first.exactness == "estimated")
        #expect(first.band == 0.2)
        #expect(
            first.labels == [
                "estimated_with": estimatedWith, "estimated_input_tokens": String(first.tokens),
            ])
        try await withPlace { place in
            try await withService(on: place) { service in
                let client = service.client()
                _ = try await client.ingest(billed(60), type: "application/x-ndjson")
                try await poll("the bills are folded") {
                    try await place.psql(
                        "SELECT sum(estimated_requests) FROM tally.current_token_estimates")
                        == "60"
                }
                let second: Counted = try await client.post("/api/v1/tokens/count", body).json()
                #expect(try #require(second.band) < 0.01)
                #expect(second.labels == first.labels)
                // What is framed around the texts is not corrected: it is no text.
                let ratio = Double(second.tokens) / Double(first.tokens)
                #expect((1.25...1.31).contains(ratio), "\(first) \(second)")
            }
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
