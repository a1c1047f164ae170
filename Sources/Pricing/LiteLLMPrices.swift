import JSON
import LedgerModel
import UsageExtraction

/// LiteLLM's `model_prices_and_context_window.json`: models with the prices of single counts.
///
/// A price's name is a measure with suffixes, in any order: `_above_200k_tokens` (the tier of the
/// whole input), `_above_1hr` (of cache writes), and a service tier (`_batches`, `_flex`,
/// `_priority` and others). Such a file has no dates: its prices apply since always.
enum LiteLLMPrices {
    static func read(
        _ root: FileNode, omissions: inout Omissions
    ) throws(PriceFileError) -> [ProviderDraft] {
        var drafts: [ProviderDraft] = []
        var places: [String: Int] = [:]
        for entry in try root.entries() where entry.key != "sample_spec" {
            guard let provider = entry.value["litellm_provider"] else {
                omissions.add("entries without litellm_provider", line: entry.line)
                continue
            }
            let id = providerID(try provider.text("litellm_provider"))
            let place = places[id] ?? drafts.count
            if place == drafts.count {
                places[id] = place
                drafts.append(ProviderDraft(provider: newProvider(id), line: entry.line))
            }
            drafts[place].models.append(
                try model(entry, of: id, omissions: &omissions))
        }
        for place in drafts.indices {
            let others = sameSellers[drafts[place].provider.id] ?? []
            drafts[place].provider.sameSellers = others.filter { places[$0] != nil }
        }
        return drafts
    }

    /// Providers that are one seller: a request that names either means both.
    private static let sameSellers: [String: [String]] = [
        "azure": ["azure_ai"], "azure_ai": ["azure"],
        "bedrock": ["bedrock_mantle"], "bedrock_mantle": ["bedrock"],
        "gemini": ["vertex_ai"], "vertex_ai": ["gemini"],
    ]

    /// Merges the families of one seller: `vertex_ai-mistral_models` becomes `vertex_ai`.
    private static func providerID(_ name: String) -> String {
        let name = name.lowercased()
        for family in ["vertex_ai", "fireworks_ai", "text-completion-openai"]
        where name == family || name.hasPrefix(family + "-") {
            return family == "text-completion-openai" ? "openai" : family
        }
        switch name {
        case "bedrock_converse": return "bedrock"
        case "cohere_chat": return "cohere"
        case "azure_text": return "azure"
        default: return name
        }
    }

    private static func newProvider(_ id: String) -> Provider {
        var provider = Provider(id: id)
        if let names = otherNames[id] { provider.match = .any(names.map { .equals($0) }) }
        return provider
    }

    /// The names of LiteLLM's providers in OpenTelemetry, genai-prices and everyday use.
    private static let otherNames: [String: [String]] = [
        "azure": ["azure.ai.openai", "az.ai.openai", "azure_openai"],
        "azure_ai": ["azure.ai.inference", "az.ai.inference"],
        "bedrock": ["aws", "aws.bedrock", "amazon"],
        "fireworks_ai": ["fireworks"],
        "gemini": ["google", "gcp.gemini", "gcp.gen_ai", "google_ai_studio"],
        "mistral": ["mistral_ai"],
        "moonshot": ["moonshotai"],
        "together_ai": ["together", "together-ai"],
        "vertex_ai": ["vertex", "gcp.vertex_ai", "google_vertex"],
        "voyage": ["voyageai"],
        "xai": ["x-ai", "x_ai"],
    ]

    private static func model(
        _ entry: FileNode.Entry, of provider: String, omissions: inout Omissions
    ) throws(PriceFileError) -> ModelDraft {
        let name = entry.key.lowercased()
        var match = MatchClause.equals(name)
        if let slash = name.firstIndex(of: "/"), slash != name.indices.last {
            // `azure/gpt-4o` is what LiteLLM calls it; the provider calls it `gpt-4o`.
            match = .any([match, .equals(String(name[name.index(after: slash)...]))])
        }
        var draft = ModelDraft(id: entry.key, match: match, line: entry.line)
        var table = PriceTable()
        var offPeak: FileNode?
        let mode = try entry.value["mode"].map { node throws(PriceFileError) in
            node.isNull ? "" : try node.text("mode")
        }
        for field in try entry.value.entries("model \(entry.key)") where !field.value.isNull {
            switch field.key {
            case "tiered_pricing":
                try table.take(tiers: field.value, omissions: &omissions)
            case "search_context_cost_per_query":
                try table.take(searches: field.value)
            case "off_peak_pricing":
                offPeak = field.value
            case "provider_specific_entry":
                try table.take(multipliers: field.value, regions: &draft.regionFactors)
            case "regional_endpoint_uplift_multiplier":
                draft.regionFactors["global"] = .one
                draft.regionFactors["*"] = try factor(field)
            case let key where key.hasPrefix(regionalUplift):
                draft.regionFactors[String(key.dropFirst(regionalUplift.utf8.count))] =
                    try factor(field)
            case let key where key.contains("cost") && !field.value.isMapping:
                guard let name = PriceName(key, mode: mode ?? "") else {
                    omissions.add("\(key), which events don't count", line: field.line)
                    continue
                }
                try table.take(name, field.value)
            default: break
            }
        }
        draft.prices = table.lists(line: entry.line, omissions: &omissions)
        if let offPeak {
            draft.prices += try OffPeakPrices.lists(offPeak, standard: draft.prices)
        }
        return draft
    }

    /// What precedes a region in `regional_processing_uplift_multiplier_eu`.
    private static let regionalUplift = "regional_processing_uplift_multiplier_"

    static func factor(_ field: FileNode.Entry) throws(PriceFileError) -> Factor {
        guard let factor = Factor(try field.value.text(field.key)) else {
            throw field.value.error("\(field.key) must be a factor from 0 to 1000")
        }
        return factor
    }
}

/// A name such as `cache_creation_input_token_cost_above_1hr_above_200k_tokens_batches`.
struct PriceName {
    var unit: UsageUnit
    /// Input tokens above which the price applies.
    var above: Int64 = 0
    var tier: String?

    init?(_ key: String, mode: String) {
        guard let (measure, unit) = Self.measures.first(where: { key.hasPrefix($0.0) }) else {
            return nil
        }
        self.unit = unit
        // A query of a search tool is a search, one of a reranker a request.
        if measure == "input_cost_per_query", mode == "search" { self.unit = .webSearches }
        var rest = key.dropFirst(measure.utf8.count)
        while !rest.isEmpty {
            if rest.hasPrefix("_above_1hr"), unit == .cacheWriteInputTokens {
                self.unit = .cacheWriteOneHourInputTokens
                rest = rest.dropFirst("_above_1hr".utf8.count)
            } else if rest.hasPrefix("_above_") {
                guard let (bound, after) = Self.bound(rest.dropFirst("_above_".utf8.count)) else {
                    return nil
                }
                above = bound
                rest = after
            } else if let (suffix, tier) = Self.tiers.first(where: { rest.hasPrefix($0.0) }) {
                self.tier = tier
                rest = rest.dropFirst(suffix.utf8.count)
            } else {
                return nil
            }
        }
    }

    /// Longer names come before their own prefixes.
    private static let measures: [(String, UsageUnit)] = [
        ("input_cost_per_token_cache_hit", .cacheReadInputTokens),
        ("input_cost_per_token", .inputTokens),
        ("output_cost_per_token", .outputTokens),
        ("cache_read_input_token_cost", .cacheReadInputTokens),
        ("cache_creation_input_token_cost", .cacheWriteInputTokens),
        ("output_cost_per_reasoning_token", .reasoningOutputTokens),
        ("input_cost_per_audio_token", .inputAudioTokens),
        ("output_cost_per_audio_token", .outputAudioTokens),
        ("cache_read_input_audio_token_cost", .cacheReadAudioTokens),
        ("input_cost_per_image_token", .inputImageTokens),
        ("output_cost_per_image_token", .outputImageTokens),
        ("cache_read_input_image_token_cost", .cacheReadImageTokens),
        ("input_cost_per_audio_per_second", .inputSeconds),
        ("input_cost_per_second", .inputSeconds),
        ("output_cost_per_second", .outputSeconds),
        ("input_cost_per_character", .inputCharacters),
        ("input_cost_per_request", .requests),
        ("input_cost_per_query", .requests),
        ("output_cost_per_image", .images),
    ]

    private static let tiers: [(String, String)] = [
        ("_batches", "batch"), ("_flex", "flex"), ("_priority", "priority"),
        ("_ultrafast", "ultrafast"), ("_balanced", "balanced"), ("_fast", "fast"),
    ]

    /// `200k_tokens` or `200000_tokens`.
    private static func bound(_ text: Substring) -> (Int64, Substring)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), number <= 1_000_000_000 else { return nil }
        let rest = text.dropFirst(digits.utf8.count)
        if rest.hasPrefix("k_tokens") { return (number * 1_000, rest.dropFirst(8)) }
        if rest.hasPrefix("_tokens") { return (number, rest.dropFirst(7)) }
        return nil
    }
}
