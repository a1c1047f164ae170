import Testing
import UsageExtraction

@Suite("The model that answered")
struct SameModelTests {
    @Test(
        "a model answers under its own name, dated or without what stands around it",
        arguments: [
            ("gpt-4o", "gpt-4o"), ("gpt-4o-2024-08-06", "gpt-4o"), ("GPT-4o", "gpt-4o"),
            ("claude-3-5-sonnet-20241022", "claude-3-5-sonnet-latest"),
            ("gpt-4o-2024-08-06", "openai/gpt-4o"), ("openai/gpt-4o", "gpt-4o"),
            ("claude-sonnet-4-5-20250929", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ])
    func same(_ answered: String, _ asked: String) {
        #expect(SameModel.answers(answered, as: asked))
    }

    @Test(
        "any other name is another model's",
        arguments: [
            ("gpt-4o-mini", "gpt-4o"), ("gpt-4o", "gpt-4o-mini"),
            ("gpt-4o-2024-08-06", "gpt-4o-2024-05-13"), ("gpt-4o", "gpt-4o-2024-05-13"),
            ("claude-opus-4-10", "claude-opus-4-1"), ("gpt-4o", "my-best"), ("", "gpt-4o"),
            ("claude-3-5-haiku-20241022", "claude-3-5-sonnet-latest"),
        ])
    func others(_ answered: String, _ asked: String) {
        #expect(!SameModel.answers(answered, as: asked))
    }
}
