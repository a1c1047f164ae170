package import LedgerModel
package import UsageExtraction

/// What a replay supposes besides a price book: other models instead of those that answered, and
/// discounts on their prices.
///
/// Prices are linear in the counts, so both become part of a model's rates: a factor on token
/// counts multiplies the rates of tokens and divides the bounds of their tiers, a discount
/// multiplies all rates. Only the sum of a request is rounded, once, as without them.
package struct WhatIf: Hashable, Sendable {
    /// The first rule that fits a request names its model.
    package var rules: [Rule] = []
    /// The target of all other requests; nil leaves them unchanged.
    package var otherwise: Target?
    /// The most specific fit applies: a model's, then a provider's, then `*`.
    package var discounts: [Discount] = []

    package static let rulesMax = 1_000

    package init() {}

    package var isEmpty: Bool { !mapsModels && discounts.isEmpty }
    package var mapsModels: Bool { !rules.isEmpty || otherwise != nil }

    /// Requests to these models go elsewhere.
    package struct Rule: Hashable, Sendable {
        /// Matches the provider that a request names; nil matches any or none.
        package var provider: MatchClause?
        package var model: MatchClause
        package var target: Target

        package init(provider: MatchClause?, model: MatchClause, target: Target) {
            self.provider = provider
            self.model = model
            self.target = target
        }

        func fits(_ provider: LowercasedName?, _ model: LowercasedName) -> Bool {
            guard self.model.matches(model) else { return false }
            guard let clause = self.provider else { return true }
            return provider.map { clause.matches($0) } ?? false
        }
    }

    /// Where a request goes.
    package struct Target: Hashable, Sendable, CustomStringConvertible {
        package var provider: String
        package var model: String
        /// The model's tokens per recorded token: tokenizers differ.
        package var tokens = Factor.one
        /// The new service tier; nil keeps the request's.
        package var tier: String?

        /// Reads `provider/model`; what follows the first slash is the model.
        package init?(_ text: some StringProtocol) {
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
            (provider, model) = (String(parts[0]), String(parts[1]))
        }

        package var description: String { "\(provider)/\(model)" }
    }

    /// A factor, down or up, on what a provider sells.
    package struct Discount: Hashable, Sendable {
        /// `provider`, `provider/model` or `*`, as written; a final `*` matches any rest.
        package let name: String
        package let factor: Factor
        let provider: MatchClause
        let model: MatchClause?

        package init(_ name: String, factor: Factor) {
            self.name = name
            self.factor = factor
            let parts = name.lowercased().split(separator: "/", maxSplits: 1)
            provider = .named(parts.first ?? "")
            model = parts.count == 2 ? .named(parts[1]) : nil
        }

        fileprivate var specificity: Int { model != nil ? 2 : name == "*" ? 0 : 1 }
    }

    // MARK: Looking up

    /// The target of a request; nil if it stays.
    package func target(provider: Name?, model: Name) -> Target? {
        let providerName = provider.map { LowercasedName($0.string) }
        let modelName = LowercasedName(model.string)
        return rules.first { $0.fits(providerName, modelName) }?.target ?? otherwise
    }

    /// The discount on what a provider sells; names are the book's.
    package func discount(provider: String, model: String) -> Discount? {
        let providerName = LowercasedName(provider)
        let modelName = LowercasedName(model)
        let fitting = discounts.filter {
            $0.provider.matches(providerName) && $0.model?.matches(modelName) ?? true
        }
        return fitting.max { $0.specificity < $1.specificity }
    }

    /// The rates of a request's target model, and its name there.
    func plan(
        in book: PriceBook, provider: Name?, model: Name, tier: Name?, region: Name?
    ) throws(UnpricedReason) -> (plan: ModelPlan?, asked: Name) {
        let target = target(provider: provider, model: model)
        let asked = target.map { Name($0.model) } ?? model
        let plan = try book.plan(
            provider: target.map { Name($0.provider) } ?? provider, model: asked,
            tier: target?.tier.map { Name($0) } ?? tier, region: region)
        let discount = discount(provider: plan.provider, model: plan.model)
        let scaled = plan.scaled(
            tokens: target?.tokens ?? .one, all: discount?.factor ?? .one)
        return (scaled, asked)
    }
}

extension MatchClause {
    /// A name, or a prefix before a `*`; lower case.
    static func named(_ text: some StringProtocol) -> MatchClause {
        text.hasSuffix("*") ? .startsWith(String(text.dropLast())) : .equals(String(text))
    }
}

extension Factor {
    package static let one = Factor(millionths: 1_000_000)
}

// MARK: - Checks

extension WhatIf {
    /// The first target unknown to every book of a schedule, with the model that is most like it: a
    /// typo would make everything unpriced.
    package func unknownTarget(
        in schedule: PriceSchedule
    ) -> (target: Target, nearest: Name?)? {
        let targets = rules.map(\.target) + (otherwise.map { [$0] } ?? [])
        let unknown = targets.first { target in
            !schedule.entries.contains { entry in
                (try? entry.book.find(
                    provider: Name(target.provider), model: Name(target.model))) != nil
            }
        }
        return unknown.map { target in
            let book = schedule.entries.last?.book
            let sellers = book?.providers.filter { $0.id == target.provider } ?? []
            return (target, book?.nearest(to: target.model, of: sellers))
        }
    }

    /// The discounts that applied to none of these requests.
    package func unusedDiscounts(
        for models: [(provider: Name?, model: Name)], in schedule: PriceSchedule
    ) -> [Discount] {
        if discounts.isEmpty { return [] }
        var used: Set<Discount> = []
        for entry in schedule.entries {
            for (provider, model) in models {
                let target = target(provider: provider, model: model)
                let found = try? entry.book.find(
                    provider: target.map { Name($0.provider) } ?? provider,
                    model: target.map { Name($0.model) } ?? model)
                guard let found else { continue }
                let discount = discount(provider: found.provider.id, model: found.model.id)
                if let discount { used.insert(discount) }
            }
        }
        return discounts.filter { !used.contains($0) }
    }
}
