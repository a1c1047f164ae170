import JSON
import LedgerModel
import LedgerTesting
import Routing
import Testing

@Suite("Beginnings of prompts")
struct StablePrefixTests {
    private func hash(_ text: String) throws -> UInt64? {
        StablePrefix.hash(of: try JSONTree(parsing: text.utf8))
    }

    private func chat(_ system: String, _ turns: [String]) -> String {
        let texts = turns.enumerated().map { number, text in
            #"{"role":"\#(number % 2 == 0 ? "user" : "assistant")","content":"\#(text)"}"#
        }
        return #"{"model":"m","messages":[{"role":"system","content":"\#(system)"},"#
            + texts.joined(separator: ",") + "]}"
    }

    @Test("a conversation keeps its hash from turn to turn, and another one has another")
    func turns() throws {
        let first = try #require(try hash(chat("Be kind.", ["Hello"])))
        #expect(try hash(chat("Be kind.", ["Hello", "Hi", "And now?"])) == first)
        #expect(try hash(chat("Be kind.", ["Good day"])) != first)
        #expect(try hash(chat("Be short.", ["Hello"])) != first)
    }

    @Test("a beginning that is long enough for a provider's cache is shared by conversations")
    func shared() throws {
        let system = String(repeating: "Answer from the manual. ", count: 300)
        let first = try hash(chat(system, ["How?"]))
        #expect(try first != nil && hash(chat(system, ["Why?", "So.", "When?"])) == first)
        #expect(try hash(chat(system + "x", ["How?"])) != first)
    }

    @Test("Anthropic's and OpenAI's other APIs have beginnings as well")
    func dialects() throws {
        let message = #"{"system":"S","messages":[{"role":"user","content":"Q"}]}"#
        let marked =
            #"{"messages":[{"role":"user","content":[{"type":"text","text":"Q"}]}],"#
            + #""system":[{"type":"text","text":"S"}]}"#
        let cached =
            #"{"messages":[{"role":"user","content":[{"type":"text","text":"Q"}]}],"#
            + #""system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}}]}"#
        #expect(try hash(message) != nil)
        #expect(try hash(marked) == hash(cached), "a mark is no part of the prompt")
        let instructed = #"{"instructions":"S","input":"Q"}"#
        #expect(try hash(instructed) != nil)
        #expect(try hash(#"{"input":"Q","instructions":"T"}"#) != hash(instructed))
        #expect(try hash(#"{"model":"m","prompt":"Once"}"#) != nil)
        #expect(try hash(#"{"model":"m"}"#) == nil && hash("[1]") == nil)
    }

    @Test("texts that differ in one byte have other hashes")
    func bytes() throws {
        var random = SeededGenerator(seed: testSeed())
        var seen: [UInt64: [UInt8]] = [:]
        for _ in 0..<2_000 {
            let length = Int.random(in: 1...40, using: &random)
            let text = (0..<length).map { _ in UInt8.random(in: 97...122, using: &random) }
            let body = #"{"prompt":"\#(String(decoding: text, as: UTF8.self))"}"#
            let hash = try #require(try hash(body))
            if let other = seen[hash] { #expect(other == text) }
            seen[hash] = text
        }
    }
}
