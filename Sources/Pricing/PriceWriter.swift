import LedgerModel
import UsageExtraction

/// Writes a book in our file format, deterministically: a book's id hashes this text.
///
/// Providers, models and price lists keep their order, which matters; the rest is sorted.
enum PriceWriter {
    static func text(name: String, providers: [Provider]) -> String {
        var text = "\(TallystickPrices.marker): 1\nname: \(quoted(name))\nproviders:"
        if providers.isEmpty { text += " {}" }
        text += "\n"
        for provider in providers { write(provider, to: &text) }
        return text
    }

    private static func write(_ provider: Provider, to text: inout String) {
        text += "  \(quoted(provider.id)):\n"
        if let match = provider.match { text += "    match: \(clause(match))\n" }
        if let match = provider.modelMatch { text += "    model_match: \(clause(match))\n" }
        if !provider.sameSellers.isEmpty {
            text += "    same_seller: \(list(provider.sameSellers))\n"
        }
        if !provider.fallbacks.isEmpty {
            text += "    fallback: \(list(provider.fallbacks))\n"
        }
        for (key, factors) in [
            ("tiers", provider.tierFactors), ("regions", provider.regionFactors),
        ] where !factors.isEmpty {
            text += "    \(key): \(self.factors(factors))\n"
        }
        write(provider.extractors, to: &text)
        text += provider.models.isEmpty ? "    models: {}\n" : "    models:\n"
        for model in provider.models { write(model, to: &text) }
    }

    private static func write(_ model: Model, to text: inout String) {
        var fields = names(of: model)
        if !model.regionFactors.isEmpty {
            fields.append("regions: \(factors(model.regionFactors))")
        }
        // A single list goes on the model's line; the rates of several go below it.
        if model.prices.count == 1, let only = model.prices.first {
            fields += self.fields(of: only)
        }
        text += "      \(quoted(model.id)):"
        if model.prices.count < 2 {
            text += " {\(fields.joined(separator: ", "))}\n"
            return
        }
        text += "\n"
        for field in fields { text += "        \(field)\n" }
        text += "        prices:\n"
        for list in model.prices {
            text += "        - {\(self.fields(of: list).joined(separator: ", "))}\n"
        }
    }

    private static func factors(_ factors: [String: Factor]) -> String {
        let pairs = factors.sorted { Name($0.key) < Name($1.key) }
            .map { "\(quoted($0.key)): \($0.value)" }
        return "{\(pairs.joined(separator: ", "))}"
    }

    private static func names(of model: Model) -> [String] {
        let id = model.id.lowercased()
        if model.match == .equals(id) { return [] }
        if case .any(let clauses) = model.match, clauses.count > 1, clauses.first == .equals(id) {
            let others = clauses.dropFirst().compactMap { clause -> String? in
                if case .equals(let name) = clause { name } else { nil }
            }
            if others.count == clauses.count - 1 { return ["also: \(list(others))"] }
        }
        return ["match: \(clause(model.match))"]
    }

    private static func fields(of list: PriceList) -> [String] {
        var fields: [String] = []
        if let from = list.from { fields.append("from: \(time(from))") }
        if let until = list.until { fields.append("until: \(time(until))") }
        if let hours = list.hours {
            fields.append("hours: \"\(hours)\"")
        }
        if let weekdays = list.weekdays { fields.append("weekdays: [\(weekdays)]") }
        if let tier = list.tier { fields.append("tier: \(quoted(tier))") }
        if let region = list.region { fields.append("region: \(quoted(region))") }
        return fields + list.rates.map(field)
    }

    private static func field(_ rate: UnitRate) -> String {
        let quote = Quote.canonical(of: rate.unit)
        let base = rate.base.price(per: quote.counts)
        if rate.steps.isEmpty { return "\(quote.word): \(base)" }
        let steps = rate.steps.map { "\($0.above): \($0.rate.price(per: quote.counts))" }
        return "\(quote.word): {0: \(base), \(steps.joined(separator: ", "))}"
    }

    static func clause(_ clause: MatchClause) -> String {
        switch clause {
        case .equals(let text): quoted(text)
        case .startsWith(let text): "{starts_with: \(quoted(text))}"
        case .endsWith(let text): "{ends_with: \(quoted(text))}"
        case .contains(let text): "{contains: \(quoted(text))}"
        case .regex(let pattern): "{regex: \(quoted(pattern))}"
        case .versionOf(let text): "{version_of: \(quoted(text))}"
        case .any(let clauses): "{or: [\(clauses.map(self.clause).joined(separator: ", "))]}"
        case .all(let clauses): "{and: [\(clauses.map(self.clause).joined(separator: ", "))]}"
        }
    }

    static func list(_ texts: [String]) -> String {
        "[\(texts.map(quoted).joined(separator: ", "))]"
    }

    static func time(_ time: Timestamp) -> String {
        time.timeOfDay == 0 ? time.dayDescription : "\"\(time)\""
    }

    /// A text as YAML: bare if it is a plain word, else quoted with escapes for all but ASCII,
    /// since YAML folds some of Unicode's line breaks.
    static func quoted(_ text: String) -> String {
        let isWord = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == 45 || byte == 46 || byte == 47 || byte == 95
        }
        if isWord, let first = text.utf8.first, first != 45, first != 46 { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case " "..."~": result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                let width = scalar.value > 0xFFFF ? 8 : 4
                let zeros = String(repeating: "0", count: max(0, width - digits.count))
                result += (width == 8 ? "\\U" : "\\u") + zeros + digits
            }
        }
        return result + "\""
    }
}

extension MatchClause {
    /// The clause as written in a price file.
    package var fileText: String { PriceWriter.clause(self) }
}
