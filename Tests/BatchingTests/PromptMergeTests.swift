import Batching
import JSON
import LedgerModel
import Testing

@Suite("Merging of prompts")
struct PromptMergeTests {
    private static let on: PromptMerge.Policy = {
        var policy = PromptMerge.Policy()
        (policy.isWanted, policy.isProven) = (true, true)
        return policy
    }()

    private static func chat(_ text: String, _ more: String = "") throws -> JSONTree {
        try JSONTree(
            parsing: """
                {"model":"m","max_tokens":9\(more),"messages":[{"role":"system","content":"be brief"},\
                {"role":"user","content":\(JSONTree.text(text).json)}]}
                """.utf8)
    }

    @Test("prompts merge into one call, and its answer is split")
    func merges() throws {
        let prompts = try ["one?", "two?"].map {
            try #require(PromptMerge.Prompt(Self.chat($0), Self.on))
        }
        #expect(prompts[0].merges(with: prompts[1]))
        let body = try JSONTree(parsing: PromptMerge.body(of: prompts))
        #expect(body["model"]?.string == "m")
        let required = body["response_format"]?["json_schema"]?["schema"]?["required"]
        #expect(required?.items?.compactMap(\.string) == ["answer_1", "answer_2"])
        let answer = """
            {"id":"x","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant",\
            "content":"{\\"answer_2\\":\\"II\\",\\"answer_1\\":\\"I\\"}"}}],\
            "usage":{"prompt_tokens":101,"completion_tokens":7}}
            """
        let parts = try PromptMerge.split(Array(answer.utf8), among: prompts)
            .map { try JSONTree(parsing: $0) }
        let texts = parts.map {
            $0["choices"]?.items?.first?["message"]?["content"]?.string
        }
        #expect(texts == ["I", "II"])
        #expect(parts.compactMap { $0["usage"]?["prompt_tokens"]?.integer }.reduce(0, +) == 101)
    }

    @Test(
        "an answer that is not whole is not used",
        arguments: [
            #"{"answer_1":"I"}"#, #"{"answer_1":"I","answer_2":""}"#, "I and II",
            #"{"answer_1":"I","answer_2":"II","answer_3":"III"}"#,
        ])
    func broken(_ content: String) throws {
        let prompts = try ["one?", "two?"].map {
            try #require(PromptMerge.Prompt(Self.chat($0), Self.on))
        }
        let answer = """
            {"choices":[{"finish_reason":"stop","message":{"content":\(JSONTree.text(content).json)}}]}
            """
        #expect(throws: MergeFault.self) {
            try PromptMerge.split(Array(answer.utf8), among: prompts)
        }
    }

    @Test("without the word of a route and a proof, nothing merges; nor do requests of other kinds")
    func alone() throws {
        var unproven = Self.on
        unproven.isProven = false
        #expect(try PromptMerge.Prompt(Self.chat("one?"), unproven) == nil)
        for more in [#","tools":[{}]"#, #","n":2"#, #","stream":true"#, #","stop":"x""#] {
            #expect(try PromptMerge.Prompt(Self.chat("one?", more), Self.on) == nil)
        }
        let warm = try #require(
            PromptMerge.Prompt(Self.chat("one?", #","temperature":1"#), Self.on))
        #expect(
            try #require(PromptMerge.Prompt(Self.chat("two?"), Self.on)).merges(with: warm) == false
        )
    }
}
