package import LedgerModel
import UsageExtraction

/// Where a book charges otherwise than a source of prices says, and why.
///
/// Every name that the source lists is looked up as a request would be, and every price compared:
/// each unit, above each bound, in each tier and region. What the source doesn't say is no
/// disagreement.
package struct PriceAudit: Sendable {
    package struct Row: Hashable, Sendable {
        /// `first` is the book's price, `second` the source's.
        package let difference: BookDifference.Row
        /// nil if nobody has looked at the disagreement.
        package let reason: String?
    }

    package let format: PriceFile.Format
    package let rows: [Row]
    /// Names of the source, and how many of them the book prices the same.
    package let names: Int
    package let equal: Int

    package var unexplained: Int { rows.count { $0.reason == nil } }
}

extension PriceBook {
    /// Compares with a source at a time.
    ///
    /// - Parameter reasons: explanations of single disagreements.
    package func audit(
        against source: PriceFile.Reading, at time: Timestamp, reasons: PriceReasons
    ) -> PriceAudit {
        var rows: [PriceAudit.Row] = []
        var (names, equal) = (0, 0)
        let age = reasons.reasonOfAge(of: source)
        for provider in source.book.providers {
            for model in provider.models where model.hasPrice {
                let pairs = pairs(model, of: provider, in: source.book)
                // A name with and without the provider's may mean two models: the nearer one.
                guard
                    let found = pairs.map({ disagreements($0, source, at: time) })
                        .min(by: { $0.count < $1.count })
                else { continue }
                names += 1
                if found.isEmpty { equal += 1 }
                rows += found.map { row in
                    PriceAudit.Row(
                        difference: row,
                        reason: reasons.reason(for: row, of: model.id, in: source.format) ?? age)
                }
            }
        }
        return PriceAudit(format: source.format, rows: rows, names: names, equal: equal)
    }

    /// A model of the source under each of its names that this book knows; one pair without a first
    /// side where it knows none.
    private func pairs(
        _ model: Model, of provider: Provider, in source: PriceBook
    ) -> [NamedPair] {
        let seller = Name(provider.id)
        let theirs = FoundModel(
            provider: provider, model: model, isBorrowed: false,
            trail: LookupTrail(providerRule: .id, modelName: model.id, modelRule: model.match))
        let names = [model.id] + model.match.exactNames.filter { $0 != model.id.lowercased() }
        let pairs = names.compactMap { name -> NamedPair? in
            guard let ours = try? find(provider: seller, model: Name(name)) else { return nil }
            return NamedPair(
                provider: ours.provider.id, model: ours.trail.modelName, first: ours,
                second: theirs)
        }
        let unknown = NamedPair(
            provider: provider.id, model: model.id, first: nil, second: theirs)
        return pairs.isEmpty ? [unknown] : pairs
    }

    private func disagreements(
        _ pair: NamedPair, _ source: PriceFile.Reading, at time: Timestamp
    ) -> [BookDifference.Row] {
        guard let ours = pair.first, let theirs = pair.second else {
            return [.onlyModel(pair, in: .second)]
        }
        let rows = ModelComparison(pair, terms, source.book.terms, nil)?.rows() ?? []
        // Files without dates say what holds now.
        let isUndated = source.format == .litellm
        return rows.filter { row in
            theirs.says(row) && (!isUndated || row.isInForce(date: time))
                && !row.isRounding && !ours.charges(row, at: time)
        }
    }
}

extension BookDifference.Row: Dated {}

extension Model {
    fileprivate var hasPrice: Bool {
        prices.contains { list in list.rates.contains { $0.base > .zero } }
    }
}

extension BookDifference.Row {
    /// Whether the prices are one number, as a decimal and as a float.
    fileprivate var isRounding: Bool {
        guard let first, let second else { return false }
        let apart =
            first.ninths > second.ninths
            ? first.ninths - second.ninths : second.ninths - first.ninths
        return apart < second.ninths / 1_000_000_000
    }
}

extension FoundModel {
    /// Whether the source itself says what a row compares: its lists name the region, and the unit
    /// in the tier.
    fileprivate func says(_ row: BookDifference.Row) -> Bool {
        guard row.onlyIn != .first, let unit = row.unit else { return false }
        if let tier = row.tier {
            let lists = model.prices.filter { $0.tier == tier }
            guard lists.contains(where: { $0.rates.contains { $0.unit == unit } }) else {
                return false
            }
        }
        guard let region = row.region else { return true }
        return model.regionFactors[region] != nil || provider.regionFactors[region] != nil
            || model.prices.contains { $0.region == region }
    }

    /// Whether the book, where it has no price for the unit, charges the source's as that of what
    /// contains it.
    fileprivate func charges(_ row: BookDifference.Row, at time: Timestamp) -> Bool {
        guard row.first == nil, var unit = row.unit, let price = row.second else { return false }
        let plan = ModelPlan(
            self, asked: Name(row.model), tier: row.tier.map { Name($0) },
            region: row.region.map { Name($0) }, terms: Terms(), isTraced: true)
        let rates = plan.rates(at: row.from ?? time) ?? [:]
        while rates[unit] == nil {
            guard let container = unit.container else { return false }
            unit = container
        }
        return rates[unit]?.rate.rate(atInput: row.above + 1) == price
    }
}

extension MatchClause {
    /// The names that the clause lists.
    fileprivate var exactNames: [String] {
        switch self {
        case .equals(let name): [name]
        case .any(let clauses): clauses.flatMap(\.exactNames)
        default: []
        }
    }
}
