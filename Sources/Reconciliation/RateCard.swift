import LedgerModel
import Pricing

/// Prices of single counts under a ledger's schedule, to price the counts of many requests at once.
///
/// A price is the difference of two prices from the book, for a usage and for the same with one
/// count more, so every rule of rating applies here too: bounds, tiers, regions, parts without
/// their own price.
struct RateCard {
    /// The terms that a price depends on.
    struct Terms: Hashable {
        var provider: Name
        var model: Name
        var tier: Name?
        var region: Name?
        var level = 0
    }

    private struct Key: Hashable {
        let unit: UsageUnit
        let terms: Terms
        let day: Timestamp
    }

    private let schedule: PriceSchedule
    private let bounds: [Int64]
    private var known: [Key: Int128?] = [:]

    init(_ schedule: PriceSchedule, bounds: [Int64]) {
        self.schedule = schedule
        self.bounds = bounds
    }

    /// Ninths of 1e-24 USD for one count of a unit, without its parts; nil if there is no price.
    mutating func rate(of unit: UsageUnit, _ terms: Terms, on day: Timestamp) -> Int128? {
        let key = Key(unit: unit, terms: terms, day: day)
        if let rate = known[key] { return rate }
        let rate = schedule.book(at: day).flatMap { find(unit, terms, day, in: $0) }
        known[key] = .some(rate)
        return rate
    }

    private func find(
        _ unit: UsageUnit, _ terms: Terms, _ day: Timestamp, in book: PriceBook
    ) -> Int128? {
        // Two tokens are enough for every part; above a bound, one more than the bound.
        let input = terms.level == 0 ? 2 : bounds[min(terms.level, bounds.count) - 1] + 1
        var tokens: Usage = [.inputTokens: input]
        // Models without output have no price for it.
        if unit == .outputTokens || unit.container == .outputTokens { tokens[.outputTokens] = 2 }
        var more = tokens
        var container: UsageUnit?
        switch unit {
        case .inputTokens: more[.inputTokens] = input + 1
        case .outputTokens: more[.outputTokens] = 3
        case .cacheReadAudioTokens, .cacheReadImageTokens:
            container = .inputTokens
            let modality: UsageUnit =
                unit == .cacheReadAudioTokens ? .inputAudioTokens : .inputImageTokens
            for part in [unit, modality, .cacheReadInputTokens] { more[part] = 1 }
        case _ where unit.container != nil:
            container = unit.container
            more[unit] = 1
        default:
            return difference([unit: 2 * unit.scale], [unit: unit.scale], terms, day, book)
                .map { $0 / Int128(unit.scale) }
        }
        guard let difference = difference(more, tokens, terms, day, book) else { return nil }
        guard let container else { return difference }
        // One count of the container was replaced by one of the part.
        return find(container, terms, day, in: book).map { $0 + difference }
    }

    private func difference(
        _ more: Usage, _ less: Usage, _ terms: Terms, _ day: Timestamp, _ book: PriceBook
    ) -> Int128? {
        let totals = [more, less].compactMap { usage -> Int128? in
            let derivation = try? book.derive(
                usage, provider: terms.provider, model: terms.model,
                serviceTier: terms.tier, region: terms.region, at: day)
            guard let derivation, case .priced = derivation.rating else { return nil }
            return derivation.total
        }
        return totals.count == 2 ? totals[0] - totals[1] : nil
    }
}
