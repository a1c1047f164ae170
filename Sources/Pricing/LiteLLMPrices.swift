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
        return drafts
    }

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
                omissions.add("off_peak_pricing, which depends on the weekday", line: field.line)
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
        return draft
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

/// The prices of one entry, sorted.
private struct PriceTable {
    /// By tier, then unit, then bound; standard prices supply a missing base.
    private var rates: [String: [UsageUnit: [Int64: Rate]]] = [:]

    mutating func take(_ name: PriceName, _ node: FileNode) throws(PriceFileError) {
        // LiteLLM computes some prices with floats: round away noise below 1e-24 USD.
        let text = try node.text(name.unit.name)
        let near = Rate(nearPrice: text, per: name.unit.scale)
        let rate =
            if let near { near } else {
                try rate(node, called: name.unit.name, per: name.unit.scale)
            }
        rates[name.tier ?? "", default: [:]][name.unit, default: [:]][name.above] = rate
    }

    /// Takes a list such as `[{"range": [0, 256000], "input_cost_per_token": …}]`.
    mutating func take(
        tiers node: FileNode, omissions: inout Omissions
    ) throws(PriceFileError) {
        // The end of the previous range; beyond what events can count if it is open.
        var reached: Int128 = 0
        for tier in try node.items("tiered_pricing") {
            guard let range = tier["range"] else {
                omissions.add("tiered_pricing by something other than tokens", line: tier.line)
                continue
            }
            let bounds = try range.items("range")
            guard (1...2).contains(bounds.count),
                let above = scaledDecimal(try bounds[0].text("range"), scale: 0), above >= 0,
                above <= 1_000_000_000
            else { throw tier.error("a tier needs a range of input tokens") }
            guard above >= reached else {
                throw tier.error("the range from \(above) overlaps the one before it")
            }
            guard above == reached else {
                throw tier.error("there is no price from \(reached) to \(above): close the gap")
            }
            reached = .max
            if bounds.count == 2, !bounds[1].isNull {
                guard let end = scaledDecimal(try bounds[1].text("range"), scale: 0), end > above
                else { throw tier.error("a range must end above its start, or with null") }
                reached = end
            }
            for field in try tier.entries("a tier") where field.key.contains("cost") {
                guard var name = PriceName(field.key, mode: "") else { continue }
                name.above = Int64(above)
                try take(name, field.value)
            }
        }
    }

    /// Prices of a search by the size of its context; events lack the size, so take the middle one.
    mutating func take(searches node: FileNode) throws(PriceFileError) {
        guard let price = node["search_context_size_medium"] else { return }
        let rate = try rate(price, called: "search_context_cost_per_query", per: 1)
        // Zero means "not told" in these tables.
        if rate > .zero { rates["", default: [:]][.webSearches] = [0: rate] }
    }

    func lists(line: Int, omissions: inout Omissions) -> [PriceListDraft] {
        var lists: [PriceListDraft] = []
        for (tier, units) in rates.sorted(by: { $0.key < $1.key }) {
            var list = PriceList(tier: tier.isEmpty ? nil : tier)
            for (unit, bounds) in units.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                guard let base = bounds[0] ?? rates[""]?[unit]?[0] else {
                    omissions.add("\(unit.name) priced only above a bound", line: line)
                    continue
                }
                let steps = bounds.sorted { $0.key < $1.key }.filter { $0.key > 0 }
                    .map { UnitRate.Step(above: $0.key, rate: $0.value) }
                list.rates.append(UnitRate(unit: unit, base: base, steps: steps))
            }
            if tier.isEmpty, hasTokens(list) {
                // A model sold by tokens is not also sold by the second.
                list.rates.removeAll { alternatives.contains($0.unit) }
            }
            lists.append(PriceListDraft(list: list, line: line))
        }
        return lists
    }

    private let alternatives: Set<UsageUnit> = [.inputSeconds, .outputSeconds, .inputCharacters]

    private func hasTokens(_ list: PriceList) -> Bool {
        list.rates.contains { $0.unit.isTokens && $0.base > .zero }
    }
}
