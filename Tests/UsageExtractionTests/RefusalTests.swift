import LedgerModel
import Testing
import UsageExtraction

@Suite("Refused answers")
struct RefusalTests {
    @Test(
        "a malformed answer is refused with the place and the expected value",
        arguments: [
            (#"{}"#, "usage is missing"),
            (#"{"usage": null}"#, "usage must be an object, not null"),
            (#"[1]"#, "the body must be an object, not an array"),
            (#"{"usage": {"completion_tokens": 1}}"#, "usage.prompt_tokens is missing"),
            (
                #"{"usage": {"prompt_tokens": "7", "completion_tokens": 1}}"#,
                "usage.prompt_tokens must be a number, not a string"
            ),
            (
                #"{"usage": {"prompt_tokens": -7, "completion_tokens": 1}}"#,
                "usage.prompt_tokens is -7: input_tokens is a whole number from 0 to "
                    + "1000000000000000"
            ),
            (
                #"{"usage": {"prompt_tokens": 7.5, "completion_tokens": 1}}"#,
                "usage.prompt_tokens is 7.5: input_tokens is a whole number from 0 to "
                    + "1000000000000000"
            ),
            (
                #"{"usage": {"prompt_tokens": 7, "completion_tokens": 1, "#
                    + #""prompt_tokens_details": {"cached_tokens": true}}}"#,
                "usage.prompt_tokens_details.cached_tokens must be a number, not a boolean"
            ),
            (
                #"{"usage": {"prompt_tokens": 7, "completion_tokens": 1, "#
                    + #""prompt_tokens_details": {"cached_tokens": 8}}}"#,
                "cache_read_input_tokens is 8, more than the 7 input_tokens that include it"
            ),
        ])
    func broken(json: String, sentence: String) throws {
        #expect(try refusal(builtIn("openai", "chat"), json) == sentence)
    }

    @Test("lifetimes that add up to more than all cache writes are refused with both numbers")
    func cacheWrites() throws {
        let sentence = try refusal(
            builtIn("anthropic", "default"),
            """
            {"usage": {"input_tokens": 100, "cache_creation_input_tokens": 40, "output_tokens": 1,
             "cache_creation": {"ephemeral_5m_input_tokens": 20,
             "ephemeral_1h_input_tokens": 30}}}
            """)
        #expect(
            sentence
                == "the cache writes for five minutes and for an hour are 50, more than the 40 "
                + "cache writes that include them")
    }

    @Test("an answer whose optional places are all empty is refused, not free")
    func noUsage() throws {
        #expect(
            try refusal(builtIn("google", "default"), #"{"usageMetadata": {"other": 1}}"#)
                == "there are no counts in usageMetadata")
    }

    @Test("optional places that hold something else are passed over")
    func passedOver() throws {
        let json = """
            {"usage": {"prompt_tokens": 7, "completion_tokens": 1, "prompt_tokens_details": [],
             "completion_tokens_details": {"audio_tokens": null, "reasoning_tokens": "many"}}}
            """
        let usage = try builtIn("openai", "chat").extract(from: tree(json)).usage
        #expect(usage == [.inputTokens: 7, .outputTokens: 1])
    }

    @Test("seconds are kept to the microsecond, and counts may be written as 1.2e3")
    func numbers() throws {
        let live = try builtIn("openai", "live").read(tree(#"{"usage": {"seconds": 12.25}}"#))
        #expect(live.counts == [.unit(.inputSeconds): 12_250_000])
        let chat = try builtIn("openai", "chat").read(
            tree(#"{"usage": {"prompt_tokens": 1.2e3, "completion_tokens": 0}}"#))
        #expect(try chat.usage() == [.inputTokens: 1_200, .outputTokens: 0])
    }
}
