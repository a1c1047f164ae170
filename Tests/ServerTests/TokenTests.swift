import Foundation
import LedgerTesting
import Testing

/// `POST /api/v1/tokens/…`, and calibration by bills.
@Suite("Token calls")
struct TokenTests {
    @Test("count, encode, decode, truncate, explain, fit and optimize like the commands")
    func calls() async throws {
        try await InProcess.withClient { client in
            @Sendable func ask(_ call: String, _ body: String) async throws -> JSONValue {
                try await client.post("/api/v1/tokens/\(call)", body).json
            }
            let text = #"{"model":"gpt-4o","text":"tiktoken is great!"}"#
            let counted = try await ask("count", text)
            #expect(counted.tokens == 6 && counted.exactness == "exact")
            let ids = try await ask("encode", text).ids.items.compactMap(\.integer)
            let decoded = try await ask("decode", #"{"model":"gpt-4o","ids":\#(ids)}"#)
            #expect(decoded.text == "tiktoken is great!")
            let cut = try await ask(
                "truncate", #"{"encoding":"o200k_base","text":"one two three","max_tokens":2}"#)
            #expect(cut.text == "one two" && cut.tokens == 2)
            let pieces = try await ask("explain", text)
            #expect(pieces.pieces.items.count == 6 && pieces.pieces[0].start == 0)
            // The body of a chat is counted as it would be sent.
            let chat =
                #"{"model":"gpt-4o","temperature":1,"messages":[{"role":"user","content":"hi"}]}"#
            let whole = try await ask("count", chat)
            #expect(whole.tokens == 8 && whole.messages == [5])
            let explained = try await ask("explain", chat)
            #expect(explained.lines.each("source").contains("primer"))
            let fitted = try await ask("fit", #"{"chat":\#(chat),"window":100,"reserve":10}"#)
            #expect(fitted.proof.fits == true)
            let row = #"{\n    \"id\": 1,\n    \"name\": \"an item\"\n  },\n  "#
            let rows = String(repeating: row, count: 20)
            let optimized = try await ask(
                "optimize", #"{"model":"gpt-4o","text":"[\#(rows){\"id\": 2}]"}"#)
            #expect(optimized.strategies[0].string?.hasPrefix("json-") == true, "\(optimized)")
        }
    }

    @Test("a saving is shown as the ledger books it, with provider and service tier")
    func saving() async throws {
        try await InProcess.with { service in
            let client = service.client
            let book = """
                tally_prices: 1
                name: two sellers
                providers:
                  openai:
                    tiers: {batch: 0.5}
                    models:
                      gpt-4o: {input_mtok: 4, output_mtok: 10}
                  azure:
                    models:
                      gpt-4o: {input_mtok: 8, output_mtok: 10}

                """
            #expect(try await client.post("/api/v1/prices", book).status == 201)
            let row = #"{\n    \"id\": 1,\n    \"name\": \"an item\"\n  },\n  "#
            let rows = String(repeating: row, count: 20)
            var shown: [JSONValue] = []
            for record in [
                #"{"app":"a"}"#, #"{"app":"a","provider":"azure"}"#,
                #"{"app":"a","service_tier":"batch"}"#,
            ] {
                let answer = try await client.post(
                    "/api/v1/tokens/optimize",
                    #"{"model":"gpt-4o","text":"[\#(rows){\"id\": 2}]","record":\#(record)}"#)
                #expect(answer.status == 200, "\(answer)")
                shown.append(try answer.json.savings_usd)
            }
            let booked = try await client.get("/api/v1/events?type=saving.rated").json
            #expect(booked.events.each("saved_usd") == shown)
            #expect(Set(shown).count == 3, "each is priced by its own rate: \(shown)")
        }
    }

    @Test("bad bodies are 400 with the faulty member, and a hundred megabytes are 413")
    func badBodies() async throws {
        try await InProcess.withClient { client in
            let cases = [
                ("count", #"{"model":"gpt-4o"}"#, "give text, or a chat with messages"),
                ("count", #"{"model":"gpt-4o","txt":"x"}"#, "txt is not known here: did you mean"),
                ("count", #"{"model":"gpt-4o","messages":[]}"#, "the chat has no messages"),
                ("count", "[1]", "a JSON object"),
                ("count", #"{"model":7,"text":"x"}"#, "model must be text"),
                ("count", #"{"text":"x"}"#, "name a model"),
                ("count", #"{"model":"nobody-1","text":"x"}"#, "name an encoding"),
                ("count", #"{"model":"gpt-4o","text":"\udfff"}"#, "text contains half a surrogate"),
                ("truncate", #"{"model":"gpt-4o","text":"x"}"#, "max_tokens is missing"),
                ("decode", #"{"model":"gpt-4o","ids":[-1]}"#, "whole number"),
                ("encode", #"{"model":"gemini-2.5-pro","text":"x"}"#, "not public"),
                ("fit", #"{"model":"gpt-4o","text":"x"}"#, "use truncate"),
                (
                    "fit", #"{"encoding":"o200k_base","messages":[{"role":"user","content":"x"}]}"#,
                    "give the number of tokens"
                ),
                ("optimize", #"{"model":"gpt-4o","text":"x","stages":["magic"]}"#, "json-minify"),
                (
                    "optimize", #"{"model":"gpt-4o","text":"x","stages":["json-minfy"]}"#,
                    "there is no stage json-minfy: did you mean json-minify?"
                ),
                ("count", #"{"encoding":"o200k_bas","text":"x"}"#, "did you mean o200k_base?"),
            ]
            for (call, body, words) in cases {
                let answer = try await client.post("/api/v1/tokens/\(call)", body)
                #expect(answer.status == 400, "\(call) \(body): \(answer)")
                #expect(answer.text.contains(words), "\(call) \(body): \(answer)")
                #expect(try answer.failure.type == "invalid_request_error")
            }
            let start = #"{"model":"gpt-4o","text":""#
            let large = Array((start + String(repeating: "a", count: 17 << 20) + "\"}").utf8)
            let refused = try await client.post("/api/v1/tokens/count", bytes: large)
            #expect(refused.status == 413)
            let most = Array((start + String(repeating: "a", count: 15 << 20) + "\"}").utf8)
            let counted = try await client.post("/api/v1/tokens/count", bytes: most).json
            #expect(counted.tokens.integer ?? 0 > 1_000_000)
        }
    }

    private static let estimatedWith = "claude-3 from o200k_base"

    /// Requests that were billed 1,300 tokens where 1,000 were estimated.
    private static func billed(_ count: Int) -> String {
        let now = ISO8601DateFormatter().string(from: Date())
        return (0..<count).map { index in
            """
            {"source":"test","id":"\(index)","type":"request.completed","occurred_at":"\(now)",\
            "provider":"anthropic","model":"claude-sonnet-4-5","usage":{"input_tokens":1300},\
            "labels":{"estimated_input_tokens":"1000","estimated_with":"\(estimatedWith)"}}
            """
        }.joined(separator: "\n")
    }

    private static let body = """
        {"model":"claude-sonnet-4-5","system":"be kind","messages":[\
        {"role":"user","content":"\(String(repeating: "a few words ", count: 60))"}]}
        """

    @Test("an estimate is labelled, and bills correct it and narrow its band")
    func learning() async throws {
        let first = try await InProcess.withClient { client in
            try await client.post("/api/v1/tokens/count", Self.body).json
        }
        #expect(first.exactness == "estimated" && first.band == 0.2)
        let tokens = try #require(first.tokens.integer)
        #expect(
            first.labels == [
                "estimated_with": .characters(Self.estimatedWith),
                "estimated_input_tokens": .characters(String(tokens)),
            ])
        try await InProcess.with { service in
            let client = service.client
            _ = try await client.ingest(Self.billed(60), type: "application/x-ndjson")
            try await service.catchUp()
            let second = try await client.post("/api/v1/tokens/count", Self.body).json
            #expect(try #require(second.band.double) < 0.01)
            #expect(second.labels == first.labels)
            // The frame around the texts is not corrected, since it is not text.
            let ratio = Double(try #require(second.tokens.integer)) / Double(tokens)
            #expect((1.25...1.31).contains(ratio), "\(first) \(second)")
            let learnt = try await client.get("/api/v1/tokens/calibration").json.rows[0]
            #expect(learnt.provider == "anthropic" && learnt.family == "claude-sonnet-4-5")
            #expect((1.29...1.31).contains(learnt.ratio.double ?? 0))
            #expect(learnt.observations == 60 && learnt.basis == "family")
        }
    }
}
