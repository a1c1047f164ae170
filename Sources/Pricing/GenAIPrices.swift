import LedgerModel
import UsageExtraction

/// The `data.json` of pydantic/genai-prices: a list of providers.
///
/// We keep the rules of its Python package (0.2.3): the last price list whose constraint holds
/// applies whole, or the first if none does; variants change single prices, the first that holds
/// for each; a tier applies above its start.
enum GenAIPrices {
    static func read(
        _ root: FileNode, omissions: inout Omissions
    ) throws(PriceFileError) -> [ProviderDraft] {
        var drafts: [ProviderDraft] = []
        for node in try root.items("a genai-prices file") {
            guard let id = node["id"] else { throw node.error("a provider needs an id") }
            var draft = ProviderDraft(
                provider: Provider(id: try id.text("id").lowercased()), line: node.line)
            draft.provider.match = try optionalClause(node["provider_match"])
            draft.provider.modelMatch = try optionalClause(node["model_match"])
            if let fallbacks = node["fallback_model_providers"], !fallbacks.isNull {
                for item in try fallbacks.items("fallback_model_providers") {
                    draft.provider.fallbacks.append(try item.text("a provider's id"))
                }
            }
            draft.provider.extractors = try ExtractorText.readGenAI(
                node["extractors"], omissions: &omissions)
            guard let models = node["models"] else { throw node.error("a provider needs models") }
            for model in try models.items("models") {
                draft.models.append(try self.model(model, omissions: &omissions))
            }
            drafts.append(draft)
        }
        return drafts
    }

    private static func optionalClause(_ node: FileNode?) throws(PriceFileError) -> MatchClause? {
        guard let node, !node.isNull else { return nil }
        return try clause(node)
    }

    private static func model(
        _ node: FileNode, omissions: inout Omissions
    ) throws(PriceFileError) -> ModelDraft {
        guard let id = node["id"], let match = node["match"], let prices = node["prices"] else {
            throw node.error("a model needs id, match and prices")
        }
        var draft = ModelDraft(
            id: try id.text("id"), match: try clause(match), line: node.line)
        if prices.isSequence {
            for (index, item) in try prices.items("prices").enumerated() {
                var list = try conditional(item, omissions: &omissions)
                // The first applies where no later one does, whatever its own constraint.
                if index == 0 { list.list.from = nil; list.list.hours = nil }
                draft.prices.append(list)
            }
        } else {
            draft.prices = [
                PriceListDraft(
                    list: PriceList(rates: try rates(prices, omissions: &omissions)),
                    line: prices.line)
            ]
        }
        if let variants = node["price_variants"], !variants.isNull {
            // There the first variant wins, here the last list.
            for variant in try variants.items("price_variants").reversed() {
                if let list = try self.variant(variant, omissions: &omissions) {
                    draft.prices.append(list)
                }
            }
        }
        return draft
    }

    private static func conditional(
        _ node: FileNode, omissions: inout Omissions
    ) throws(PriceFileError) -> PriceListDraft {
        guard let prices = node["prices"] else { throw node.error("prices are missing here") }
        var draft = PriceListDraft(
            list: PriceList(rates: try rates(prices, omissions: &omissions)), line: node.line)
        guard let constraint = node["constraint"], !constraint.isNull else { return draft }
        for entry in try constraint.entries("constraint") {
            let text = try entry.value.text(entry.key)
            switch entry.key {
            case "start_date":
                draft.list.from = Timestamp(rfc3339: text, zoneIsOptional: true)
                guard draft.list.from != nil else {
                    throw entry.value.error("start_date must be a date, not \"\(text)\"")
                }
            case "start_time", "end_time", "type": break
            default: throw entry.value.error("constraint \(entry.key) is not known")
            }
        }
        let (start, end) = (constraint["start_time"], constraint["end_time"])
        guard (start == nil) == (end == nil) else {
            throw constraint.error("give both start_time and end_time, or neither")
        }
        if let start, let end {
            guard let from = timeOfDay(try start.text("start_time")),
                let to = timeOfDay(try end.text("end_time")), from != to
            else {
                throw start.error("start_time and end_time must be different times of day in UTC")
            }
            draft.list.hours = DailyHours(start: from, end: to)
        }
        return draft
    }

    /// Lists of a service tier; omits other request contexts.
    private static func variant(
        _ node: FileNode, omissions: inout Omissions
    ) throws(PriceFileError) -> PriceListDraft? {
        guard let when = node["when"] else { throw node.error("a variant needs when") }
        let conditions = try when.entries("when")
        guard conditions.count == 1, let condition = conditions.first,
            ["service_tier", "processing", "speed"].contains(condition.key)
        else {
            let keys = conditions.map(\.key).joined(separator: " and ")
            omissions.add("prices that depend on \(keys)", line: node.line)
            return nil
        }
        var draft = try conditional(node, omissions: &omissions)
        draft.list.tier = try condition.value.text(condition.key).lowercased()
        return draft
    }

    private static func rates(
        _ node: FileNode, omissions: inout Omissions
    ) throws(PriceFileError) -> [UnitRate] {
        var rates: [UsageUnit: UnitRate] = [:]
        for entry in try node.entries("prices") where !entry.value.isNull {
            // Five-minute writes are our cache writes; hours of audio without a direction are input
            // audio.
            let word =
                switch entry.key {
                case "cache_write_5m_mtok": "cache_write_mtok"
                case "audio_hours": "input_hours"
                default: entry.key
                }
            guard let quote = Quote(word: word) else {
                omissions.add("\(entry.key), a unit that events don't count", line: entry.line)
                continue
            }
            let rate = try unitRate(entry.value, quote: quote)
            // The more specific of two words for one unit wins.
            if word != entry.key, rates[quote.unit] != nil, entry.key == "audio_hours" { continue }
            rates[quote.unit] = rate
        }
        return rates.values.sorted { $0.unit.rawValue < $1.unit.rawValue }
    }

    private static func unitRate(
        _ node: FileNode, quote: Quote
    ) throws(PriceFileError) -> UnitRate {
        guard node.isMapping else {
            return UnitRate(unit: quote.unit, base: try rate(node, per: quote))
        }
        guard let base = node["base"] else { throw node.error("tiered prices need a base") }
        var steps: [UnitRate.Step] = []
        for tier in try (node["tiers"]?.items("tiers") ?? []) {
            guard let start = tier["start"], let price = tier["price"],
                let above = Int64(try start.text("start")), above >= 0
            else { throw tier.error("a tier needs a start in tokens and a price") }
            guard above > 0 else {
                throw tier.error("\(quote.word): a tier that starts at 0 overlaps the base")
            }
            steps.append(UnitRate.Step(above: above, rate: try rate(price, per: quote)))
        }
        steps.sort { $0.above < $1.above }
        for (a, b) in zip(steps, steps.dropFirst()) where a.above == b.above {
            throw node.error("\(quote.word) has two prices above \(a.above) input tokens")
        }
        return UnitRate(unit: quote.unit, base: try rate(base, per: quote), steps: steps)
    }
}
