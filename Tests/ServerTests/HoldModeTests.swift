import Access
import LedgerTesting
import Server
import Testing

/// What callers write of a call that is held for, and what they read; how much is held is tested where it
/// is decided.
@Suite("Modes of holds over HTTP")
struct HoldModeTests {
    private static func hold(_ id: String, _ members: String) -> String {
        #"{"request_id":"\#(id)","dimensions":{"app":"agent"},\#(members)}"#
    }

    private static let model = #""provider":"openai","model":"gpt-4o""#

    @Test("a stream is held slice by slice, and told how many tokens are covered")
    func stream() async throws {
        try await InProcess.withClient { client in
            let defined = try await client.post(
                "/api/v1/budgets", #"{"name":"agents","usd":"0.02","slice":100}"#)
            #expect(try defined.json.hold == "stream" && defined.json.slice == 100, "\(defined)")
            let wish = Self.hold(
                "call",
                Self.model + #","usage":{"input_tokens":1000},"max_tokens":4000,"stream":true"#)
            let held = try await client.post("/api/v1/holds", wish)
            #expect(held.status == 200, "\(held)")
            // 1,000 input tokens cost 0.0025 USD and an output token 0.00001 USD.
            #expect(try held.json.held_usd == "0.0035" && held.json.output_tokens_held == 100)
            #expect(try held.json.held[0].budget == "agents" && held.json.held[0].mode == "stream")
            #expect(try held.json.max_output_tokens == .null)
            let more = try await client.post(
                "/api/v1/holds/call/extend", #"{"step":1,"usage":{"output_tokens":900}}"#)
            #expect(try more.json.output_tokens_held == 1_000, "\(more)")
            let wanted = #"{"step":2,"usage":{"output_tokens":900}}"#
            let refused = try await client.post("/api/v1/holds/call/extend", wanted)
            #expect(refused.status == 402, "\(refused)")
            #expect(try refused.failure.budget.max_tokens_that_fits == 750)
            let last = try await client.post(
                "/api/v1/holds/call/extend",
                wanted.replacing(#""step":2"#, with: #""step":2,"lower":true"#))
            #expect(try last.json.output_tokens_held == 1_750, "\(last)")
            let shown = try await client.get("/api/v1/budgets/agents")
            #expect(try shown.json.budgets[0].left_usd == "0")
        }
    }

    @Test("a call takes what fits, the larger limit, all of its answers and the first candidate")
    func calls() async throws {
        try await InProcess.withClient { client in
            _ = try await client.post(
                "/api/v1/budgets",
                #"{"name":"openai","usd":"0.01","hold":"strict","filter":{"provider":"openai"}}"#)
            _ = try await client.post(
                "/api/v1/budgets", #"{"name":"all","usd":"9","hold":"expected","reserve":10}"#)
            let usage = #""usage":{"input_tokens":1000}"#
            let limits = #","max_tokens":100,"max_completion_tokens":300,"n":2,"stream":false"#
            let two = try await client.post(
                "/api/v1/holds", Self.hold("two", Self.model + "," + usage + limits))
            #expect(
                try two.json.held_usd == "0.0085" && two.json.output_tokens_held == 600, "\(two)")
            let candidates =
                #""candidates":[{"provider":"openai","model":"gpt-4o"},"#
                + #"{"provider":"anthropic","model":"claude-haiku-4-5"}]"#
            let chosen = try await client.post(
                "/api/v1/holds", Self.hold("chosen", candidates + "," + usage + limits))
            #expect(try chosen.json.model == "claude-haiku-4-5", "\(chosen)")
            #expect(try chosen.json.passed_over[0].budget == "openai")
            _ = try await client.delete("/api/v1/budgets/all")
            let none = try await client.post(
                "/api/v1/holds",
                Self.hold(
                    "none",
                    #""candidates":[{"provider":"openai","model":"gpt-4o"},"#
                        + #"{"provider":"openai","model":"gpt-4o-mini"}],"max_tokens":16000,"#
                        + usage))
            #expect(none.status == 402, "\(none)")
            #expect(try none.failure.budget.candidates[1].model == "gpt-4o-mini")
        }
    }

    @Test("what a call says wrongly is refused by name")
    func params() async throws {
        try await InProcess.withClient { client in
            let usage = #""usage":{"input_tokens":1}"#
            let pair = #"{"provider":"openai","model":"gpt-4o"}"#
            let wrong: [(path: String, body: String, param: String)] = [
                ("holds", Self.hold("x", Self.model + "," + usage + #","n":0"#), "n"),
                (
                    "holds", Self.hold("x", Self.model + "," + usage + #","max_tokens":-1"#),
                    "max_tokens"
                ),
                ("holds", Self.hold("x", Self.model + "," + usage + #","stream":"yes""#), "stream"),
                (
                    "holds", Self.hold("x", #""candidates":[{"model":"gpt-4o"}],"# + usage),
                    "candidates"
                ),
                (
                    "holds", Self.hold("x", Self.model + #","candidates":[\#(pair)],"# + usage),
                    "provider"
                ),
                ("budgets", #"{"name":"b","usd":"1","hold":"worst"}"#, "hold"),
                ("budgets", #"{"name":"b","usd":"1","hold":"strict","slice":5}"#, "hold"),
                ("budgets", #"{"name":"b","usd":"1","reserve":91}"#, "reserve"),
            ]
            for (path, body, param) in wrong {
                let answer = try await client.post("/api/v1/" + path, body)
                #expect(answer.status == 400, "\(path) \(body): \(answer)")
                #expect(try answer.failure.param.string == param, "\(path) \(body): \(answer)")
            }
        }
    }
}
