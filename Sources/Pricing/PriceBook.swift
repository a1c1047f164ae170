package import LedgerModel
package import UsageExtraction

/// An immutable list of prices: what providers charge for which models, when and under what terms.
///
/// A book is its content: books with the same canonical text are the same, wherever they came from.
/// Rating follows the rules of genai-prices, see docs/prices.md.
package struct PriceBook: Sendable {
    package let name: String
    package let providers: [Provider]
    /// Negotiated discounts and allowances; none in published books.
    package let terms: Terms
    /// The book in our file format; `PriceFile.read` restores it.
    package let canonicalText: String
    /// The SHA-256 of the canonical text.
    package let digest: Digest

    package var id: PriceBookID { PriceBookID(digest) }
    /// The book's own extractors, completed by the built-in ones.
    package var extractors: ExtractorCatalog {
        let own = providers.filter { !$0.extractors.isEmpty }.map { ($0.id, $0.extractors) }
        return ExtractorCatalog(Dictionary(own, uniquingKeysWith: { first, _ in first }))
            .completed(by: .builtIn)
    }

    package var modelCount: Int { providers.reduce(0) { $0 + $1.models.count } }

    /// Trusts its providers: `PriceFile` checks what comes from a file.
    package init(name: String, providers: [Provider], terms: Terms = Terms()) {
        self.name = name
        self.providers = providers
        self.terms = terms
        canonicalText =
            PriceWriter.text(name: name, providers: providers) + PriceWriter.text(of: terms)
        var text = canonicalText
        digest = text.withUTF8 { Digest(hashing: UnsafeRawBufferPointer($0)) }
    }
}

extension PriceBook: Hashable {
    package static func == (a: PriceBook, b: PriceBook) -> Bool { a.digest == b.digest }
    package func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

/// A seller of models.
package struct Provider: Hashable, Sendable {
    package var id: String
    /// Other names for the provider.
    package var match: MatchClause?
    /// Models that this provider claims when a request names no provider.
    package var modelMatch: MatchClause?
    /// The same seller under other names: their models count as this one's own.
    package var sameSellers: [String] = []
    /// Providers whose models this one also sells; tried in order, one step.
    package var fallbacks: [String] = []
    /// Factors on token prices for service tiers that a model's own prices do not name.
    package var tierFactors: [String: Factor] = [:]
    /// Factors on token prices for regions that a model's own prices do not name.
    package var regionFactors: [String: Factor] = [:]
    /// How to read the usage of this provider's answers.
    package var extractors: [UsageExtractor] = []
    /// The first that matches a name is the model.
    package var models: [Model] = []

    package init(id: String) {
        self.id = id
    }
}

/// A model and everything it has ever cost.
package struct Model: Hashable, Sendable {
    package var id: String
    package var match: MatchClause
    /// Factors on token prices for regions that no list in force names; `*` is any region else.
    package var regionFactors: [String: Factor] = [:]
    /// The price lists, of which the last in force wins.
    ///
    /// Lists without tier and region apply whole. The others change the units that they name, the
    /// last in force for each.
    package var prices: [PriceList] = []

    /// The most lists; the reader refuses more, since a model's plan is quadratic in them.
    package static let pricesMax = 64

    package init(
        id: String, match: MatchClause, regionFactors: [String: Factor] = [:],
        prices: [PriceList]
    ) {
        self.id = id
        self.match = match
        self.regionFactors = regionFactors
        self.prices = prices
    }
}

/// Rates with the conditions under which they apply.
package struct PriceList: Hashable, Sendable, Dated {
    /// The start of its validity; nil means since always.
    package var from: Timestamp?
    /// The end of its validity, exclusive.
    package var until: Timestamp?
    package var hours: DailyHours?
    /// The days of the week, in UTC, on which it applies; nil means every day.
    package var weekdays: Weekdays?
    package var tier: String?
    package var region: String?
    /// In unit order, one for each.
    package var rates: [UnitRate] = []

    package init(
        from: Timestamp? = nil, until: Timestamp? = nil, hours: DailyHours? = nil,
        weekdays: Weekdays? = nil, tier: String? = nil, region: String? = nil,
        rates: [UnitRate] = []
    ) {
        self.from = from
        self.until = until
        self.hours = hours
        self.weekdays = weekdays
        self.tier = tier
        self.region = region
        self.rates = rates
    }

    package func isInForce(at time: Timestamp) -> Bool {
        if let from, time < from { return false }
        if let until, time >= until { return false }
        return isInForce(weekday: time.weekday, timeOfDay: time.timeOfDay)
    }

    func isInForce(weekday: Int, timeOfDay: Int64) -> Bool {
        weekdays?.contains(weekday) ?? true && hours?.contains(timeOfDay) ?? true
    }
}

/// The price of one unit: a rate, and others that replace it above so many input tokens.
package struct UnitRate: Hashable, Sendable {
    package var unit: UsageUnit
    package var base: Rate
    /// The other rates, ascending.
    ///
    /// The last one with a bound below the request's whole input applies to all counts.
    package var steps: [Step] = []

    package struct Step: Hashable, Sendable {
        package var above: Int64
        package var rate: Rate

        package init(above: Int64, rate: Rate) {
            self.above = above
            self.rate = rate
        }
    }

    package init(unit: UsageUnit, base: Rate, steps: [Step] = []) {
        self.unit = unit
        self.base = base
        self.steps = steps
    }

    func rate(atInput input: Int64) -> Rate {
        steps.last { input > $0.above }?.rate ?? base
    }
}
