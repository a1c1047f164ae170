import Caching
import LedgerModel
import Testing

@Suite("Last questions")
struct LastQuestionTests {
    private func last(_ json: String, _ dialect: RequestDialect = .chatCompletions) -> LastQuestion?
    {
        LastQuestion(Array(json.utf8), dialect: dialect)
    }

    @Test("the last question is apart from everything else")
    func split() throws {
        func body(_ text: String, system: String = "s", model: String = "m") -> String {
            """
            {"model":"\(model)","messages":[{"role":"system","content":"\(system)"},
             {"role":"user","content":[{"type":"text","text":"\(text)"}]}]}
            """
        }
        let first = try #require(last(body("one")))
        #expect(first.text == "one")
        #expect(first.context == last(body("two"))?.context)
        #expect(first.context != last(body("one", system: "t"))?.context)
        #expect(first.context != last(body("one", model: "n"))?.context)
    }

    @Test(
        "a request that does not end with one question of a user has none",
        arguments: [
            "[]", "{}", #"{"messages":[]}"#, #"{"messages":[{"role":"assistant","content":"x"}]}"#,
            #"{"messages":[{"role":"user","content":""}]}"#,
            #"{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}"#,
        ])
    func none(_ json: String) {
        #expect(last(json) == nil)
    }

    @Test("every API is understood but embeddings")
    func dialects() {
        #expect(last(#"{"prompt":"a"}"#, .completions)?.text == "a")
        #expect(last(#"{"input":"a"}"#, .responses)?.text == "a")
        #expect(last(#"{"messages":[{"role":"user","content":"a"}]}"#, .messages)?.text == "a")
        #expect(last(#"{"input":"a"}"#, .embeddings) == nil)
        let long = String(repeating: "a", count: LastQuestion.textBytesMax + 1)
        #expect(last(#"{"prompt":"\#(long)"}"#, .completions) == nil)
    }
}
