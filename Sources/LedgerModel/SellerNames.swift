/// What sellers of models are called, in the words of every source: LiteLLM, OpenTelemetry's
/// conventions, the AI SDK, Copilot, clouds.
///
/// Every reader of events and every price book asks here; docs/decisions/0043 says why.
package enum SellerNames {
    /// The one name of a seller; a name that is not known here is kept, in lower case.
    package static func name(_ told: String) -> String {
        let word = told.lowercased()
        return known(word) ?? word
    }

    /// The one name of a seller that is known here.
    ///
    /// - Parameter word: in lower case; `anthropic.messages` and `azure-openai.chat` are a seller
    ///   and a part of its API.
    package static func known(_ word: String) -> String? {
        if let name = names[word] { return name }
        if let dot = word.firstIndex(of: "."), let name = names[String(word[..<dot])] {
            return name
        }
        return beginnings.first { word.hasPrefix($0.start) }?.name
    }

    /// The name without a family's prefix rules: only spellings that mean exactly one seller.
    package static func exact(_ word: String) -> String? { names[word] }

    /// The seller whose prices hold where one of its offers has none of its own.
    package static func root(_ name: String) -> String { roots[name] ?? name }

    /// Whether a name says only what a call went through, not who sold it.
    package static func isRoute(_ word: String) -> Bool { routes.contains(word) }

    /// The seller behind a host.
    package static func seller(atHost host: String) -> String? {
        hosts.first { host == $0.suffix || host.hasSuffix("." + $0.suffix) }?.name
    }

    /// The maker of a model, who usually sells it too; the name has nothing in front.
    package static func maker(of model: String) -> String? {
        families.first { model.hasPrefix($0.start) }?.name
    }

    /// Whether the word in front of a model names its maker, whoever sells it.
    package static func isMaker(_ word: String) -> Bool { makers.contains(word) }

    // MARK: The facts

    private static let names: [String: String] = {
        var names: [String: String] = [:]
        for (name, spellings) in spellings {
            names[name] = name
            for spelling in spellings.split(separator: " ") { names[String(spelling)] = name }
        }
        return names
    }()

    /// The names of price books, and other spellings in lower case.
    private static let spellings: [(name: String, others: String)] = [
        ("openai", "text-completion-openai openai_like openai-chat openai-responses"),
        (
            "azure",
            "az.ai.openai az.ai.inference azure.ai.openai azure.ai.inference azure_openai "
                + "azure-openai azure_text azureopenai"
        ),
        ("azure_ai", ""),
        ("anthropic", "anthropic_text"),
        (
            "google",
            "gcp.vertex_ai gcp.gemini gcp.gen_ai vertex_ai vertexai vertex gemini google_genai "
                + "google-genai google_vertexai google-vertex google_vertex google-gla "
                + "google_ai_studio google-ai-studio palm vertex_ai_beta"
        ),
        (
            "aws",
            "aws.bedrock aws_bedrock amazon-bedrock amazon_bedrock bedrock bedrock_converse "
                + "bedrock_mantle amazon sagemaker"
        ),
        ("mistral", "mistral_ai mistralai mistral-ai codestral"),
        ("x-ai", "x_ai xai x.ai x grok"),
        ("moonshotai", "moonshot_ai moonshot moonshot-ai"),
        ("together", "together_ai togetherai together-ai together.ai"),
        ("fireworks", "fireworks_ai fireworks-ai fireworksai"),
        ("zai", "z_ai z.ai z-ai"),
        ("zhipuai", "zhipu"),
        ("watsonx", "ibm.watsonx.ai watsonx_text"),
        ("cohere", "cohere_chat"),
        ("groq", ""), ("deepseek", "deep_seek"), ("cerebras", ""), ("minimax", ""), ("cursor", ""),
        ("perplexity", "perplexity_ai perplexityai perplexity-ai pplx"),
        ("openrouter", "open_router open-router"),
        ("github-copilot", "github github_copilot github.copilot copilot"),
        ("vercel_ai_gateway", "gateway vercel vercel-ai-gateway"),
        ("novita", "novita_ai novita-ai"), ("deepinfra", "deep_infra deep-infra"),
        ("voyageai", "voyage voyage_ai"), ("sambanova", "samba_nova"), ("nebius", "nebius-ai"),
        ("ai21", "ai21_chat ai21_labs"), ("jina_ai", "jina jinaai"),
        ("cloudflare", "workers-ai workers_ai workersai cloudflare-workers-ai"),
        ("meta", "meta_llama llama_api"),
    ]

    /// Families of names with one seller: `bedrock/…`, `vertex_ai-anthropic_models`.
    private static let beginnings: [(start: String, name: String)] = [
        ("azure", "azure"), ("bedrock", "aws"), ("vertex", "google"), ("aws", "aws"),
    ]

    private static let roots = ["azure_ai": "azure"]

    private static let routes: Set<String> = [
        "litellm", "litellm_proxy", "litellm-proxy", "strands-agents", "langchain",
        "openai-compatible", "openai_compatible",
    ]

    private static let makers: Set<String> = [
        "openai", "anthropic", "google", "x-ai", "xai", "mistral", "mistralai", "cohere",
        "deepseek", "deepseek-ai", "meta", "meta-llama", "moonshotai", "z-ai", "zai-org",
        "perplexity", "minimax", "minimaxai", "amazon", "ai21", "nvidia", "qwen", "microsoft",
    ]

    /// Ends of host names.
    private static let hosts: [(suffix: String, name: String)] = [
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
        ("githubcopilot.com", "github-copilot"), ("ai-gateway.vercel.sh", "vercel_ai_gateway"),
        ("api.novita.ai", "novita"), ("api.deepinfra.com", "deepinfra"), ("api.z.ai", "zai"),
        ("bigmodel.cn", "zhipuai"), ("api.minimax.io", "minimax"),
    ]

    /// How the names of models start.
    private static let families: [(start: String, name: String)] = [
        ("gpt-", "openai"), ("chatgpt", "openai"), ("o1", "openai"), ("o3", "openai"),
        ("o4", "openai"), ("text-embedding-", "openai"), ("text-davinci", "openai"),
        ("davinci", "openai"), ("dall-e", "openai"), ("whisper", "openai"), ("tts-", "openai"),
        ("omni-moderation", "openai"), ("codex-", "openai"), ("claude", "anthropic"),
        ("gemini", "google"), ("text-bison", "google"), ("chat-bison", "google"),
        ("mistral", "mistral"), ("mixtral", "mistral"), ("ministral", "mistral"),
        ("magistral", "mistral"), ("codestral", "mistral"), ("pixtral", "mistral"),
        ("command", "cohere"), ("embed-", "cohere"), ("rerank-", "cohere"), ("grok", "x-ai"),
        ("deepseek", "deepseek"), ("sonar", "perplexity"), ("composer-", "cursor"),
    ]
}
