import Access
import LedgerTesting
import Server
import Testing

/// Controls over HTTP; what they decide is tested where it is decided.
@Suite("Controls over HTTP")
struct ControlTests {
    private static func hold(_ id: String, output: Int = 1_000, user: String = "u-1") -> String {
        #"{"request_id":"\#(id)","provider":"openai","model":"gpt-4o","#
            + #""dimensions":{"app":"search","user":"\#(user)"},"#
            + #""usage":{"input_tokens":100,"output_tokens":\#(output)}}"#
    }

    @Test("a hold says what to call now, and what was done")
    func downgrade() async throws {
        try await InProcess.withClient { client in
            let file = """
                controls:
                  small:
                    for: {app: search}
                    do: {downgrade: {gpt-4o: gpt-4o-mini}, max_tokens: 200}
                  seen: {mode: shadow, do: {block: not yet}}
                """
            let defined = try await client.post("/api/v1/controls?reason=why", file)
            #expect(defined.status == 201, "\(defined)")
            let held = try await client.post("/api/v1/holds", Self.hold("call")).json
            #expect(held.model == "gpt-4o-mini" && held.max_tokens == 200)
            #expect(held.provider == "openai")
            #expect(held.controls.items.count == 3)
            #expect(held.controls[0].policy == "small" && held.controls[0].action == "downgrade")
            #expect(held.controls[0].from == "openai/gpt-4o")
            #expect(held.controls[0].to == "openai/gpt-4o-mini")
            #expect(held.controls[1].to == "200")
            #expect(held.controls[2].shadow == true && held.controls[2].action == "block")
            let again = try await client.post("/api/v1/holds", Self.hold("call")).json
            #expect(again.repeated == true && again.controls == held.controls)
            let list = try await client.get("/api/v1/controls").json.controls
            #expect(list.items.map { $0.control } == ["small", "seen"])
            #expect(list[0].filter.app == "search" && list[0].reason == "why")
            #expect(list[0].do.downgrade["gpt-4o"] == "gpt-4o-mini")
            let impact = try await client.post(
                "/api/v1/budgets/impact", Self.hold("x").replacing(#""request_id":"x","#, with: ""))
            #expect(try impact.json.model == "gpt-4o-mini", "\(impact)")
            #expect(try impact.json.controls.items.count == 3)
            #expect(try await client.delete("/api/v1/controls/seen").status == 200)
            #expect(try await client.delete("/api/v1/controls/seen").status == 404)
        }
    }

    @Test("a block is 403 and asks clients not to send it again; a throttle is 429 and says when")
    func refusals() async throws {
        try await InProcess.withClient { client in
            let file = """
                controls:
                  long: {when: {input_tokens_above: 99}, for: {user: u-2}, do: {block: too long}}
                  slow: {do: {throttle: {calls_per_minute: 2, each: user}}}
                """
            #expect(try await client.post("/api/v1/controls", file).status == 201)
            let blocked = try await client.post("/api/v1/holds", Self.hold("a", user: "u-2"))
            #expect(blocked.status == 403 && blocked.header("x-should-retry") == "false")
            #expect(try blocked.failure.message == "control long: too long")
            #expect(try blocked.failure.control.policy == "long")
            #expect(try blocked.failure.control.action == "block")
            // The third of three in one minute; a new minute may begin once on the way.
            var answers: [Answer] = []
            for number in 0..<6 {
                answers.append(try await client.post("/api/v1/holds", Self.hold("call-\(number)")))
            }
            let throttled = try #require(answers.first { $0.status == 429 })
            let seconds = try #require(throttled.header("retry-after").flatMap { Int($0) })
            #expect(1...60 ~= seconds && throttled.header("x-should-retry") == nil)
            #expect(try throttled.failure.control.member == "u-1")
        }
    }

    @Test("what is wrong in a file is said with its line and column, and nothing is defined")
    func wrong() async throws {
        try await InProcess.withClient { client in
            for (file, words) in [
                (
                    "controls:\n  a: {do: {flag: x}}\n  b: {do: {blok: x}}",
                    "line 3, column 12: blok"
                ),
                (
                    #"{"controls": {"a": {"do": {"max_tokens": 0}}}}"#,
                    "line 1, column 42: max_tokens"
                ),
                ("budgets: {a: {usd: 1}}", "the file has budgets"),
            ] {
                let answer = try await client.post("/api/v1/controls", file)
                #expect(answer.status == 400, "\(answer)")
                #expect(try answer.failure.message.string?.hasPrefix(words) == true, "\(answer)")
            }
            #expect(try await client.get("/api/v1/controls").json.controls.items.isEmpty)
        }
    }

    @Test("only administrators change controls")
    func scopes() async throws {
        try await InProcess.with { service in
            let reader = service.client.with(key: try await service.makeKey([.read]))
            let caller = service.client.with(key: try await service.makeKey([.ingest]))
            let file = "controls: {a: {do: {flag: x}}}"
            for client in [reader, caller] {
                #expect(try await client.post("/api/v1/controls", file).status == 403)
                #expect(try await client.delete("/api/v1/controls/a").status == 403)
            }
            #expect(try await reader.get("/api/v1/controls").status == 200)
        }
    }
}
