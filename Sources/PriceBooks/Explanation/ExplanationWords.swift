import JSON
package import LedgerModel
package import Pricing
import UsageExtraction

extension ChargeExplanation.Opinion {
    /// The decisions before any multiplication, each with its reason.
    package func reasons(for request: Event) -> [(what: String, why: String)] {
        var reasons = [("book", bookWords)]
        if let trail = derivation?.trail, let derivation {
            reasons.append(("provider", trail.providerWords(derivation.provider)))
            reasons.append(("model", trail.modelWords(derivation.model)))
        }
        guard book != nil else { return reasons }
        reasons.append(("tier", tierWords(request.dimensions[.serviceTier])))
        reasons.append(("region", regionWords(request.dimensions[.region])))
        if let lines = derivation?.lines, lines.contains(where: \.hasLevels) {
            let input = request.usage.value(.inputTokens)
            reasons.append(
                ("level", "set by all \(input) input tokens, cached ones included"))
        }
        return reasons
    }

    private var bookWords: String {
        guard let book else { return "none was in force" }
        let named = "\(book.name) (\(book.id))"
        guard let publication else { return "\(named), which was never published to this ledger" }
        let from = publication.effectiveFrom.map { "from \($0)" } ?? "since the beginning"
        return "\(named), published \(publication.publishedAt) at position \(publication.position) "
            + "and in force \(from): the last one published whose date had come"
    }

    private func tierWords(_ tier: Name?) -> String {
        guard let tier else { return "standard (the request names none)" }
        if case .unpriced(.noTier) = recomputed {
            return "\(tier): the model has no prices for it, and the provider no factor"
        }
        let origins = derivation?.lines.compactMap(\.origin) ?? []
        let word = tier.string.lowercased()
        if origins.contains(where: { $0.source.list.tier == word }) {
            return "\(tier): the model has its own prices for it"
        }
        if let factor = origins.lazy.compactMap(\.source.tierFactor).first {
            return "\(tier): the provider's factor \(factor) on the standard prices of tokens"
        }
        return "\(tier): the standard prices"
    }

    private func regionWords(_ region: Name?) -> String {
        guard let region else { return "the request names none" }
        let origins = derivation?.lines.compactMap(\.origin) ?? []
        let word = region.string.lowercased()
        if origins.contains(where: { $0.source.list.region == word }) {
            return "\(region): the model has its own prices for it"
        }
        if let factor = origins.lazy.compactMap(\.source.regionFactor).first {
            return "\(region): the provider's factor \(factor) on the prices of tokens"
        }
        return "\(region): it has no prices of its own, so the general ones apply"
    }
}

extension LookupTrail {
    fileprivate func providerWords(_ id: String) -> String {
        switch providerRule {
        case .id: return "\(id): the request names it"
        case .match(let clause):
            return "\(id): \"\(providerName ?? "")\" matches \(clause.fileText)"
        case .claimsModel(let clause):
            return "\(id): the request names none, and \"\(modelName)\" matches its model_match "
                + clause.fileText
        }
    }

    fileprivate func modelWords(_ id: String) -> String {
        let rule =
            modelRule == .equals(modelName)
            ? "\(id): the request names it"
            : "\(id): \"\(modelName)\" matches \(modelRule.fileText)"
        guard let borrowedFrom else { return rule }
        return rule + ", a model of \(borrowedFrom) that the provider sells at its standard prices"
    }
}

extension Derivation.Line {
    /// Explains the bucket's count: the unit's own count less its parts with prices of their own.
    ///
    /// - Parameter lines: all lines of the derivation.
    package func countWords(_ usage: Usage, among lines: [Derivation.Line]) -> String {
        if unit == .requests, !usage.has(.requests) { return "one request" }
        let parts = lines.filter { $0.unit.ancestors.contains(unit) }
        let whole = unit.text(of: usage.value(unit))
        if parts.isEmpty { return "\(whole) used" }
        return "\(whole) used"
            + parts.map { " − \($0.unit.text(of: $0.count)) \($0.unit.name)" }.joined()
    }

    /// Names the prices of the book that gave the rate.
    package var rateWords: String {
        guard let origin else { return "" }
        let list = origin.source.list
        var words: [String] = []
        if origin.unit != unit { words.append("as \(origin.unit.name)") }
        if let tier = list.tier { words.append("tier \(tier)") }
        if let region = list.region { words.append("region \(region)") }
        if let from = list.from { words.append("from \(from)") }
        if let until = list.until { words.append("until \(until)") }
        if let hours = list.hours { words.append("at \(hours) UTC") }
        if let weekdays = list.weekdays { words.append("on \(weekdays)") }
        if hasLevels {
            words.append(origin.above == 0 ? "first level" : "above \(origin.above) input tokens")
        }
        if let factor = origin.source.tierFactor { words.append("× \(factor) for the tier") }
        if let factor = origin.source.regionFactor { words.append("× \(factor) for the region") }
        return words.isEmpty ? "standard, since the beginning" : words.joined(separator: ", ")
    }

    fileprivate var hasLevels: Bool { origin?.source.rate.steps.isEmpty == false }
}

extension UsageUnit {
    /// A stored count as people and events write it.
    package func text(of count: Int64) -> String {
        decimal(Int128(count), scale: scale == 1 ? 0 : 6)
    }
}
