/// Maps names of providers in telemetry to those that price books know.
enum TelemetryProvider {
    /// In lower case; a name that is missing here is kept.
    private static let names: [String: String] = [
        "openai": "openai", "anthropic": "anthropic", "cohere": "cohere",
        "az.ai.openai": "azure", "az.ai.inference": "azure", "azure.ai.openai": "azure",
        "azure.ai.inference": "azure", "azure_openai": "azure", "azure-openai": "azure",
        "azure": "azure",
        "gcp.vertex_ai": "google", "gcp.gemini": "google", "gcp.gen_ai": "google",
        "vertex_ai": "google", "vertexai": "google", "gemini": "google", "google": "google",
        "google_genai": "google", "google_vertexai": "google",
        "aws.bedrock": "aws", "aws_bedrock": "aws", "amazon-bedrock": "aws", "bedrock": "aws",
        "aws": "aws",
        "mistral_ai": "mistral", "mistralai": "mistral", "mistral": "mistral",
        "x_ai": "x-ai", "xai": "x-ai",
        "moonshot_ai": "moonshotai", "moonshot": "moonshotai",
        "together_ai": "together", "togetherai": "together", "fireworks_ai": "fireworks",
        "z_ai": "zai", "ibm.watsonx.ai": "watsonx",
    ]

    /// Ends of host names, and the provider behind them.
    private static let hosts: [(suffix: String, provider: String)] = [
        ("openai.azure.com", "azure"), ("services.ai.azure.com", "azure"),
        ("cognitiveservices.azure.com", "azure"), ("inference.ai.azure.com", "azure"),
        ("models.ai.azure.com", "azure"), ("azure-api.net", "azure"),
        ("api.openai.com", "openai"), ("api.anthropic.com", "anthropic"),
        ("googleapis.com", "google"), ("amazonaws.com", "aws"), ("api.mistral.ai", "mistral"),
        ("api.deepseek.com", "deepseek"), ("api.groq.com", "groq"), ("api.x.ai", "x-ai"),
        ("api.perplexity.ai", "perplexity"), ("openrouter.ai", "openrouter"),
        ("api.together.xyz", "together"), ("api.fireworks.ai", "fireworks"),
        ("api.cerebras.ai", "cerebras"), ("api.cohere.com", "cohere"),
        ("api.moonshot.ai", "moonshotai"), ("api.moonshot.cn", "moonshotai"),
    ]

    /// The provider; nil if neither the name nor the host tells.
    ///
    /// Many providers are reached through OpenAI's client, whose instrumentation then says
    /// `openai`: there a known host takes precedence.
    static func name(_ told: String?, host: String?) -> String? {
        let named = told.map { normalized($0.lowercased()) }
        if let named, named != "openai" { return named }
        return host.flatMap { provider(at: $0.lowercased()) } ?? named
    }

    /// `anthropic.messages` and `azure-openai.chat` are a provider and a part of its API.
    private static func normalized(_ name: String) -> String {
        if let known = names[name] { return known }
        let stem = name.prefix { $0 != "." }
        return names[String(stem)] ?? name
    }

    private static func provider(at host: String) -> String? {
        hosts.first { host == $0.suffix || host.hasSuffix("." + $0.suffix) }?.provider
    }
}
