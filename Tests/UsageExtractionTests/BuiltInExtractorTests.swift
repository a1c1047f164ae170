import LedgerModel
import Testing
import UsageExtraction

@Suite("Built-in extractors")
struct BuiltInExtractorTests {
    @Test("an Anthropic answer becomes inclusive, with each lifetime of its cache writes")
    func anthropic() throws {
        let (model, usage) = try builtIn("anthropic", "default").extract(
            from: tree(
                """
                {"model": "claude-sonnet-4-5-20250929", "usage": {"input_tokens": 100,
                 "cache_creation_input_tokens": 50, "cache_read_input_tokens": 30,
                 "cache_creation": {"ephemeral_5m_input_tokens": 20,
                 "ephemeral_1h_input_tokens": 30}, "output_tokens": 7,
                 "server_tool_use": {"web_search_requests": 2}}}
                """))
        #expect(model == "claude-sonnet-4-5-20250929")
        #expect(
            usage == [
                .inputTokens: 180, .cacheReadInputTokens: 30, .cacheWriteInputTokens: 20,
                .cacheWriteOneHourInputTokens: 30, .outputTokens: 7, .webSearches: 2,
            ])
    }

    @Test("OpenAI's two APIs give the same usage for the same request")
    func openAI() throws {
        let expected: Usage = [
            .inputTokens: 1_200, .cacheReadInputTokens: 1_024, .outputTokens: 340,
            .reasoningOutputTokens: 128,
        ]
        let chat = try builtIn("openai", "chat").extract(
            from: tree(
                """
                {"model": "gpt-5", "usage": {"prompt_tokens": 1200, "completion_tokens": 340,
                 "prompt_tokens_details": {"cached_tokens": 1024},
                 "completion_tokens_details": {"reasoning_tokens": 128}}}
                """))
        let responses = try builtIn("openai", "responses").extract(
            from: tree(
                """
                {"model": "gpt-5", "usage": {"input_tokens": 1200, "output_tokens": 340,
                 "input_tokens_details": {"cached_tokens": 1024},
                 "output_tokens_details": {"reasoning_tokens": 128}}}
                """))
        #expect(chat.usage == expected)
        #expect(responses.usage == expected)
    }

    @Test("Google's modalities are found in their arrays, and thoughts are part of the output")
    func google() throws {
        let reported = try builtIn("google", "default").read(
            tree(
                """
                {"modelVersion": "gemini-2.5-flash", "usageMetadata": {"promptTokenCount": 100,
                 "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 60},
                  {"modality": "AUDIO", "tokenCount": 40}],
                 "candidatesTokenCount": 10, "thoughtsTokenCount": 5}}
                """))
        #expect(reported.model == "gemini-2.5-flash")
        #expect(reported.counts[.unkept("input_text_tokens")] == 60)
        #expect(
            try reported.usage() == [
                .inputTokens: 100, .inputAudioTokens: 40, .outputTokens: 15,
                .reasoningOutputTokens: 5,
            ])
    }

    @Test("every provider of the catalog has a flavor, and no flavor occurs twice")
    func catalog() {
        let catalog = ExtractorCatalog.builtIn
        #expect(catalog.providers.count > 40)
        for provider in catalog.providers {
            let flavors = catalog.flavors(of: provider)
            #expect(!flavors.isEmpty && Set(flavors).count == flavors.count, "\(provider)")
        }
        #expect(catalog.extractor(of: "openai", flavor: "telegraph") == nil)
        #expect(catalog.flavors(of: "nobody").isEmpty)
    }
}
