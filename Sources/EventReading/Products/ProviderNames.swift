/// Other products' names for providers, and the makers of model families.
enum ProviderNames {
    /// The provider's name in price books; nil if neither its name nor the model's tells.
    ///
    /// Both are in lower case. `azure/gpt-4o` names its own provider.
    static func provider(_ given: String?, model: String?) -> String? {
        if let given { return known(given) ?? given }
        guard let model else { return nil }
        if let slash = model.firstIndex(of: "/"), let name = known(String(model[..<slash])) {
            return name
        }
        let last = model.split(separator: "/").last ?? ""
        return families.first { last.hasPrefix($0.start) }?.provider
    }

    private static func known(_ name: String) -> String? {
        if let exact = exact[name] { return exact }
        return beginnings.first { name.hasPrefix($0.start) }?.provider
    }

    private static let exact = [
        "openai": "openai", "text-completion-openai": "openai", "openai_like": "openai",
        "azure_openai": "azure", "anthropic": "anthropic", "anthropic_text": "anthropic",
        "amazon": "aws", "sagemaker": "aws", "gemini": "google", "palm": "google",
        "google": "google", "google-ai-studio": "google", "google_ai_studio": "google",
        "x": "x-ai", "xai": "x-ai", "x_ai": "x-ai", "grok": "x-ai", "groq": "groq",
        "codestral": "mistral", "mistralai": "mistral", "together_ai": "together",
        "togetherai": "together", "fireworks_ai": "fireworks", "cohere_chat": "cohere",
        "open_router": "openrouter", "openrouter": "openrouter", "deepseek": "deepseek",
        "perplexity": "perplexity", "cohere": "cohere", "mistral": "mistral",
    ]

    private static let beginnings: [(start: String, provider: String)] = [
        ("azure", "azure"), ("bedrock", "aws"), ("vertex", "google"), ("aws", "aws"),
    ]

    /// The makers of models, by how their names start.
    private static let families: [(start: String, provider: String)] = [
        ("gpt-", "openai"), ("chatgpt", "openai"), ("o1", "openai"), ("o3", "openai"),
        ("o4", "openai"), ("text-embedding-", "openai"), ("text-davinci", "openai"),
        ("davinci", "openai"), ("dall-e", "openai"), ("whisper", "openai"), ("tts-", "openai"),
        ("omni-moderation", "openai"), ("codex-", "openai"), ("claude", "anthropic"),
        ("gemini", "google"), ("text-bison", "google"), ("chat-bison", "google"),
        ("mistral", "mistral"), ("mixtral", "mistral"), ("ministral", "mistral"),
        ("magistral", "mistral"), ("codestral", "mistral"), ("pixtral", "mistral"),
        ("command", "cohere"), ("embed-", "cohere"), ("rerank-", "cohere"), ("grok", "x-ai"),
        ("deepseek", "deepseek"), ("sonar", "perplexity"),
    ]
}
