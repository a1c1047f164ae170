import LedgerModel
import Pricing
import Testing

/// Whose price a request gets under the names that sources use.
@Suite("Names of sellers and models")
struct NameTests {
    private let usage: Usage = [.inputTokens: 1_000_000, .outputTokens: 100_000]

    private func price(_ provider: Name, _ model: Name) throws -> String {
        try PriceBook.default.price(usage, model, provider: provider, at: "2025-11-20")
    }

    @Test(
        "in front of a model cost what the plain name costs",
        arguments: [
            ("openai", "openai/gpt-4o", "openai", "gpt-4o"),
            ("anthropic", "anthropic/claude-sonnet-4-5", "anthropic", "claude-sonnet-4-5"),
            ("azure", "azure/gpt-4o", "azure", "gpt-4o"),
            ("azure", "openai/gpt-4o", "azure", "gpt-4o"),
            ("google", "gemini/gemini-2.5-flash", "google", "gemini-2.5-flash"),
            ("google", "models/gemini-2.5-flash", "google", "gemini-2.5-flash"),
            (
                "google", "publishers/google/models/gemini-2.5-flash", "google",
                "gemini-2.5-flash"
            ),
            (
                "gcp.vertex_ai",
                "projects/p/locations/global/publishers/google/models/gemini-2.5-flash", "google",
                "gemini-2.5-flash"
            ),
            ("vertex_ai", "vertex_ai/claude-sonnet-4-5@20250929", "google", "claude-sonnet-4-5"),
            ("groq", "groq/llama-3.3-70b-versatile", "groq", "llama-3.3-70b-versatile"),
            ("x-ai", "x-ai/grok-4", "x-ai", "grok-4"), ("x_ai", "xai/grok-4", "x-ai", "grok-4"),
            (
                "openrouter", "openrouter/anthropic/claude-sonnet-4.5", "openrouter",
                "anthropic/claude-sonnet-4.5"
            ),
            (
                "openrouter", "anthropic/claude-sonnet-4.5:nitro", "openrouter",
                "anthropic/claude-sonnet-4.5"
            ),
            ("openrouter", "openai/gpt-4o:online", "openrouter", "openai/gpt-4o"),
            ("openai", "openrouter/openai/gpt-4o:floor", "openrouter", "openai/gpt-4o"),
            ("openai", "azure/gpt-4o", "azure", "gpt-4o"),
            (
                "openai", "publishers/google/models/gemini-2.5-flash", "google",
                "gemini-2.5-flash"
            ),
            ("openai", "anthropic/claude-sonnet-4-5", "anthropic", "claude-sonnet-4-5"),
            ("litellm", "openai/gpt-4o", "openai", "gpt-4o"),
            (
                "litellm_proxy", "litellm_proxy/anthropic/claude-opus-4-1", "anthropic",
                "claude-opus-4-1"
            ),
            (
                "anthropic", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws",
                "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
            ),
            (
                "aws",
                """
                arn:aws:bedrock:us-east-1:123456789012:inference-profile/\
                us.anthropic.claude-sonnet-4-5-20250929-v1:0
                """,
                "aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
            ),
            ("openai", "bedrock/amazon.nova-pro-v1:0", "aws", "amazon.nova-pro-v1:0"),
            ("github", "claude-sonnet-4.6", "github-copilot", "claude-sonnet-4.6"),
            ("azure_ai", "azure_ai/gpt-4o", "azure", "gpt-4o"),
            ("anthropic", "claude-4.5-sonnet-thinking", "anthropic", "claude-sonnet-4-5"),
            ("anthropic", "claude-4-sonnet", "anthropic", "claude-sonnet-4-0"),
            ("anthropic", "claude-3.5-haiku", "anthropic", "claude-3-5-haiku-latest"),
            ("openai", "gpt-5-high", "openai", "gpt-5"),
        ] as [(Name, Name, Name, Name)])
    func roads(_ provider: Name, _ model: Name, _ seller: Name, _ plain: Name) throws {
        let expected = try price(seller, plain)
        #expect(Double(expected) != nil, "\(seller) \(plain): \(expected)")
        #expect(try price(provider, model) == expected)
    }

    @Test(
        "that nobody knows stay unpriced, and the nearest known name is offered",
        arguments: [
            ("openai", "acme/gpt-4o", "no price for model acme/gpt-4o of openai"),
            ("anthropic", "claude-4.10-opus", "no price for model claude-4.10-opus of anthropic"),
            (
                "openai", "gpt-4o-minii",
                "no price for model gpt-4o-minii of openai; the nearest known name is gpt-4o-mini"
            ),
            ("opnai", "gpt-4o", "no prices for provider opnai; the nearest known name is openai"),
            ("acme", "openai/gpt-4o", "no prices for provider acme"),
        ] as [(Name, Name, String)])
    func unknown(_ provider: Name, _ model: Name, _ reason: String) throws {
        let found = try price(provider, model)
        #expect(found == reason || found.hasPrefix(reason + ";"), "\(found)")
    }

    @Test("another name that is offered is no other reason")
    func offers() {
        var state = ChargeState()
        state.add(amount: nil, unpriced: "no price for model m of p")
        let reason = UnpricedReason.unknownModel("m", provider: "p", nearest: "m2")
        #expect(reason.description == "no price for model m of p; the nearest known name is m2")
        #expect(state.change(to: .unpriced(reason)) == nil)
        #expect(state.change(to: .unpriced(.noUsage)) != nil)
    }

    @Test(
        "tell the seller where a row names none",
        arguments: [
            ("gpt-4o", "openai"), ("openai/gpt-4o-mini", "openai"), ("azure/gpt-4o", "azure"),
            ("vertex_ai/gemini-2.5-pro", "google"), ("x-ai/grok-4", "x-ai"),
            ("models/gemini-2.5-pro", "google"),
            ("publishers/anthropic/models/claude-sonnet-4-5", "google"),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws"),
            ("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v2", "aws"),
            ("meta-llama/llama-3", nil), ("acme-frontier-1", nil),
        ] as [(String, String?)])
    func sellers(_ model: String, _ seller: String?) {
        #expect(ModelNames.seller(of: model) == seller)
    }

    @Test("lose only what leads to them from their own seller")
    func plain() {
        for (model, provider, plain) in [
            ("openai/gpt-4o", "openai", "gpt-4o"), ("models/Gemini-2.5", "google", "Gemini-2.5"),
            ("openai/gpt-oss-120b", "groq", "openai/gpt-oss-120b"),
            ("groq/openai/gpt-oss-120b", "groq", "openai/gpt-oss-120b"),
            ("azure/eu/gpt-4o", "azure", "eu/gpt-4o"), ("acme/m", "openai", "acme/m"),
            ("hosted_vllm/llama", "hosted_vllm", "llama"), ("gpt-4o", "openai", "gpt-4o"),
            ("accounts/fireworks/models/x", "fireworks", "accounts/fireworks/models/x"),
        ] {
            #expect(ModelNames.plain(model, of: provider) == plain)
        }
    }
}
