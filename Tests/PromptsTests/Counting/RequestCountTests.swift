import JSON
import LedgerTesting
import Prompts
import Testing
import Tokenizing

@Suite("A request's tokens")
struct RequestCountTests {
    @Test("are 3 a message, 1 a name, the role, and 3 before the answer")
    func openAI() throws {
        let found = try count(
            """
            {"model":"gpt-4o","messages":[{"role":"system","content":"one two"},
            {"role":"user","name":"ann","content":[{"type":"text","text":"three"}]}]}
            """, "gpt-4o")
        #expect(found.tokens == (3 + 1 + 2) + (3 + 1 + 2 + 1) + 3)
        #expect(found.messageTokens == [6, 7])
        #expect(found.exactness == .exact)
        #expect(found.upperBound == found.tokens)
        #expect(found.lines.reduce(0) { $0 + $1.tokens } == found.tokens)
    }

    @Test("of each provider follow its own frame")
    func frames() throws {
        let json = #"[{"role":"user","content":"one two"}]"#
        #expect(try count(json, "gpt-3.5-turbo-0301").tokens == 4 + 1 + 2 + 3)
        #expect(try count(json, "qwen3-8b").tokens == 4 + 1 + 2 + 3)
        // Qwen 2.5 inserts its own system message: fourteen words, its role, its frame.
        #expect(try count(json, "qwen2.5-7b").tokens == 10 + 4 + 1 + 12)
        #expect(try count(json, "deepseek-chat").tokens == 1 + 2 + 2)
        #expect(try count(json, "mistral-small-latest").tokens == 2 + 2 + 1)
        #expect(try count(json, "gemini-2.5-pro").tokens == 2)
        #expect(try count(json, "claude-sonnet-4-5").tokens == 4 + 2 + 3)
    }

    @Test("of Anthropic include the system text, blocks of tools and the tools' own prompt")
    func anthropic() throws {
        let found = try count(
            """
            {"model":"claude-sonnet-4-5","system":[{"type":"text","text":"be kind"}],
            "tools":[{"name":"t","description":"d","input_schema":{"type":"object"}}],
            "messages":[{"role":"user","content":"what now"},
            {"role":"assistant","content":[{"type":"text","text":"let me see"},
             {"type":"tool_use","id":"1","name":"t","input":{"q":1}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":"a b c"},
             {"type":"image","source":{"type":"url","url":"https://example.com/x.png"}}]}]}
            """, "claude-sonnet-4-5")
        func sum(_ source: RequestCount.Source) -> Int {
            found.lines.filter { $0.source == source }.reduce(0) { $0 + $1.tokens }
        }
        #expect(sum(.toolFrame) == 346)
        #expect(sum(.text) == 2 + 2 + 3)
        #expect(sum(.toolCall) == 1 + 1 + 3)
        #expect(sum(.toolResult) == 3)
        #expect(sum(.image) == 1_568)
        #expect(sum(.frame) == 16)
        #expect(found.messageTokens.count == 4)
    }

    @Test("of the responses API and of Gemini are read from their own shapes")
    func shapes() throws {
        let responses = try chat(
            """
            {"model":"gpt-5","instructions":"be brief","input":[{"role":"user","content":"hi"},
            {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
            {"type":"function_call_output","call_id":"c","output":"done"}],"max_output_tokens":9}
            """)
        #expect(responses.dialect == .openAIResponses)
        #expect(responses.messages.map(\.role) == [.system, .user, .assistant, .tool])
        #expect(responses.outputTokensMax == 9)
        let gemini = try chat(
            """
            {"system_instruction":{"parts":[{"text":"be brief"}]},"contents":[
            {"role":"user","parts":[{"text":"hi"}]},
            {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}}]},
            {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"b":2}}}]}],
            "tools":[{"functionDeclarations":[{"name":"f"}]}],
            "generationConfig":{"maxOutputTokens":5}}
            """)
        #expect(gemini.messages.map(\.role) == [.system, .user, .assistant, .user])
        #expect(gemini.tools.map(\.name) == ["f"])
        #expect(gemini.outputTokensMax == 5)
    }

    @Test("that cannot be known are listed")
    func uncounted() throws {
        let found = try count(
            """
            {"model":"claude-sonnet-4-5","system":"s","messages":[{"role":"user","content":[
            {"type":"document","source":{"type":"base64","data":"JVBERi0="}}]}],
            "tools":[{"type":"web_search_20250305","name":"web_search"}]}
            """, "claude-sonnet-4-5")
        #expect(found.uncounted.count == 2)
        #expect(found.uncounted[0].hasPrefix("messages[0]: document"))
    }

    @Test(
        "of an invalid chat are refused with place and reason",
        arguments: [
            (#"{"messages":[]}"#, "the chat has no messages"), ("3", "expected a chat"),
            (#"{"messages":[{"content":"x"}]}"#, "messages[0].role is missing"),
            (#"{"messages":[{"role":"boss","content":"x"}]}"#, "messages[0].role is \"boss\""),
            (#"{"messages":[7]}"#, "messages[0] must be an object, not a number"),
            (#"{"messages":{"a":1}}"#, "messages must be a list, not an object"),
            (
                #"{"messages":[{"role":"user","content":[{"type":"text","text":5}]}]}"#,
                "messages[0].content[0].text must be text, not a number"
            ),
            (#"{"contents":[{"parts":4}]}"#, "contents[0].parts must be a list, not a number"),
            (#"{"input":[{"type":"function_call"}]}"#, "input[0].name is missing"),
        ])
    func faults(json: String, reason: String) {
        do {
            _ = try chat(json)
            Issue.record("read: \(json)")
        } catch {
            #expect("\(error)".contains(reason), "\(error)")
        }
    }

    @Test("of half a surrogate pair and of ill-formed UTF-8 are refused with the place")
    func notText() {
        func reason(_ bytes: [UInt8]) -> String {
            do throws(JSONFault) {
                _ = try JSONTree(parsing: bytes)
                return "read"
            } catch {
                return "\(error)"
            }
        }
        let lone = #"{"messages":[{"role":"user","content":"a\ud800b"}]}"#
        #expect(reason(Array(lone.utf8)).contains("messages[0].content contains half a surrogate"))
        #expect(reason(Array(#"["\udc00"]"#.utf8)).contains("[0] contains half a surrogate"))
        #expect(reason(Array(#"{"a":""#.utf8) + [0xFF] + Array(#""}"#.utf8)).contains("not UTF-8"))
        #expect(reason(Array(#"{"\ud800":1}"#.utf8)).contains("half a surrogate"))
    }

    @Test("add up to the whole for any body that can be read")
    func sums() throws {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        let models = ["gpt-4o", "gpt-4", "claude-opus-4-7", "gemini-2.5-pro", "qwen3-8b"]
        for _ in 0..<300 {
            let request = RandomChat.request(using: &random)
            let model = models.randomElement(using: &random) ?? "gpt-4o"
            let profile = try ModelProfile(model: model)
            let counter = TokenCounter(
                name: "quarters", exactness: .estimated(band: 0.1), counting: quarters.count)
            let found = RequestCounter(profile: profile, counter: counter).count(request)
            #expect(found.lines.reduce(0) { $0 + $1.tokens } == found.tokens)
            #expect(found.messageTokens.count == request.messages.count)
            #expect(found.upperBound >= found.tokens)
            // Rounding up happens once for each message and once for everything else.
            let loose = Double(found.tokens) * 1.15 + Double(request.messages.count) + 2
            #expect(Double(found.upperBound) <= loose)
        }
    }
}
