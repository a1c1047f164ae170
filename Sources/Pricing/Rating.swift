package import LedgerModel

/// The cost of a usage under a book.
package enum Rating: Hashable, Sendable {
    case priced(Picodollars)
    /// Unknown is not zero: the reason says what the book lacks.
    case unpriced(UnpricedReason)
}

/// Why a usage has no price.
package enum UnpricedReason: Error, Hashable, Sendable {
    case noBook
    /// The nearest known name is offered, never used.
    case unknownProvider(Name, model: Name, nearest: Name? = nil)
    case unknownModel(Name, provider: Name, nearest: Name? = nil)
    /// The model is known, but none of its price lists was in force.
    case notInForce(model: Name)
    case noTier(Name, model: Name)
    case noRate(UsageUnit, model: Name)
    /// The usage has no counts.
    case noUsage
    /// Two units overlap in a third whose count is unknown, so neither can be priced alone.
    case unknownOverlap(UsageUnit, UsageUnit, in: UsageUnit)
    /// A unit's separately priced parts add up to more than the unit.
    case partsExceedWhole(UsageUnit, by: Int64)
}

extension UnpricedReason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noBook: "no price book is in force"
        case .unknownProvider(let provider, let model, let nearest):
            (provider.string.isEmpty
                ? "no provider is known for model \(model)"
                : "no prices for provider \(provider)") + Self.offer(nearest)
        case .unknownModel(let model, let provider, let nearest):
            "no price for model \(model) of \(provider)" + Self.offer(nearest)
        case .notInForce(let model): "no price for model \(model) was in force"
        case .noTier(let tier, let model): "no price for service tier \(tier) of model \(model)"
        case .noRate(let unit, let model): "no price for \(unit.name) of model \(model)"
        case .noUsage: "no usage was reported"
        case .unknownOverlap(let a, let b, let join):
            "\(a.name) and \(b.name) may overlap: give \(join.name)"
        case .partsExceedWhole(let unit, let excess):
            "the parts of \(unit.name) are \(excess) more than \(unit.name)"
        }
    }

    /// How a call's usage comes to be reported.
    package static let usageAdvice =
        "streams report their usage if asked to: stream_options.include_usage with OpenAI's API"

    private static let offering = "; the nearest known name is "

    private static func offer(_ nearest: Name?) -> String {
        nearest.map { "\(offering)\($0)" } ?? ""
    }

    /// A reason without the name that it offers, which other books may replace.
    static func withoutOffer(_ reason: Name?) -> Name? {
        guard let reason, let range = reason.string.firstRange(of: offering) else { return reason }
        return Name(String(reason.string[..<range.lowerBound]))
    }
}

/// An amount beyond ± 9.2 million USD, which one event can't hold.
package struct RatingOverflow: Fault, Hashable, Sendable {
    package var kind: FaultKind { .invalid }

    package var description: String {
        "the price exceeds \(Picodollars(.max)) USD, the most that one event can hold"
    }
}

/// The derivation of an amount, line by line, for `tally prices explain`.
package struct Derivation: Hashable, Sendable {
    /// One bucket: the counts of a unit charged at its own rate.
    package struct Line: Hashable, Sendable {
        package let unit: UsageUnit
        /// Stored counts, without separately priced subsets.
        package let count: Int64
        package let rate: Rate
        /// Ninths of 1e-24 USD; unrounded.
        package let amount: Int128
        /// The source of the rate, if asked for.
        package var origin: RateOrigin?
    }

    /// The book's ids of the provider and of the model.
    package let provider: String
    package let model: String
    /// How they were found; nil if they were not.
    package var trail: LookupTrail?
    /// The free allowances in force that cover the request.
    package var allowances: [Allowance] = []
    package let lines: [Line]
    package let rating: Rating
    /// Divides the unrounded sum to give picodollars: 9e12, unless something was supposed.
    package var divisor = Rate.ninthsPerPicodollar
    /// Tokens of the model per counted token; not one if another tokenizer is supposed.
    package var tokens = Factor.one

    /// The unrounded sum, in ninths of 1e-24 USD, even if a unit lacks a rate.
    package var total: Int128 { lines.reduce(0) { $0 + $1.amount } }
}

// MARK: - The plan

/// The rates of one model under one set of conditions, laid out for speed.
///
/// The containment rule (genai-prices, `compute_leaf_values`): a unit's bucket is its count minus
/// the buckets of its priced subsets, so nothing is charged twice and an unpriced subset is charged
/// at its container's rate. Expanded, each bucket is a signed sum of counts.
struct RatePlan: Sendable {
    /// One per priced unit, subsets before their containers.
    private(set) var buckets: [Bucket] = []
    private var terms: [Term] = []
    /// Input counts above which the next row of `weights` applies; ascending.
    private var bounds: [Int64] = []
    /// A row of rates, one per bucket, for each level of input.
    private var weights: [Int128] = []
    /// Divides a sum of counts times weights to give picodollars.
    private(set) var divisor = Rate.ninthsPerPicodollar
    /// Tokens of this model per counted token.
    private(set) var tokens = Factor.one
    /// Units that are priced, or part of a priced one.
    private(set) var covered: UInt32 = 0
    private var overlaps: [Overlap] = []

    struct Bucket {
        let unit: UsageUnit
        let firstTerm: Int
        let endTerm: Int
    }

    struct Term {
        let unit: UsageUnit
        let factor: Int64
    }

    /// No rates at all: everything is unpriced.
    init() {}

    init(_ rates: [UnitRate]) {
        let rates = Self.withImpliedRates(rates)
        let sorted = rates.sorted {
            ($1.unit.depth, $0.unit.rawValue) < ($0.unit.depth, $1.unit.rawValue)
        }
        let signs = Self.signs(of: sorted.map(\.unit))
        for (rate, sign) in zip(sorted, signs) {
            let first = terms.count
            terms += UsageUnit.allCases.compactMap { unit in
                let factor = sign[Int(unit.rawValue)]
                return factor == 0 ? nil : Term(unit: unit, factor: factor)
            }
            buckets.append(Bucket(unit: rate.unit, firstTerm: first, endTerm: terms.count))
        }
        bounds = Set(sorted.flatMap { $0.steps.map(\.above) }).sorted()
        for level in 0...bounds.count {
            let input = level == 0 ? 0 : bounds[level - 1] + 1
            weights += sorted.map { $0.rate(atInput: input).ninths }
        }
        let priced = Set(sorted.map(\.unit))
        for unit in UsageUnit.allCases
        where priced.contains(unit) || !priced.isDisjoint(with: unit.ancestors) {
            covered |= unit.bit
        }
        overlaps = Overlap.all.filter { priced.contains($0.a) && priced.contains($0.b) }
    }

    /// Adds the rates that a book implies.
    ///
    /// One-hour cache writes without a rate cost the same as cache writes. If a model prices both
    /// cached and audio (or image) tokens, its cached audio costs the same as audio: the dearer
    /// reading, and the one that never counts a token twice. A modality at the price of plain input
    /// is not priced separately, unless its cached part is.
    private static func withImpliedRates(_ given: [UnitRate]) -> [UnitRate] {
        var rates = Dictionary(given.map { ($0.unit, $0) }, uniquingKeysWith: { $1 })
        if rates[.cacheWriteOneHourInputTokens] == nil, let write = rates[.cacheWriteInputTokens] {
            rates[.cacheWriteOneHourInputTokens] = UnitRate(
                unit: .cacheWriteOneHourInputTokens, base: write.base, steps: write.steps)
        }
        for overlap in Overlap.all where rates[overlap.join] == nil {
            guard let modality = rates[overlap.b], rates[overlap.a] != nil else { continue }
            if let input = rates[.inputTokens], input.base == modality.base,
                input.steps == modality.steps
            {
                rates[overlap.b] = nil
            } else {
                rates[overlap.join] = UnitRate(
                    unit: overlap.join, base: modality.base, steps: modality.steps)
            }
        }
        return Array(rates.values)
    }

    /// For each priced unit, how often each unit's count enters its bucket; subsets first.
    private static func signs(of units: [UsageUnit]) -> [[Int64]] {
        var signs: [[Int64]] = []
        for unit in units {
            var sign = [Int64](repeating: 0, count: UsageUnit.allCases.count)
            sign[Int(unit.rawValue)] = 1
            for (part, partSign) in zip(units, signs) where part.ancestors.contains(unit) {
                for index in sign.indices { sign[index] -= partSign[index] }
            }
            signs.append(sign)
        }
        return signs
    }
}

/// Two units that share a third: cached audio is in both cached input and audio input.
struct Overlap: Sendable {
    let a: UsageUnit
    let b: UsageUnit
    let join: UsageUnit

    static let all = [
        Overlap(a: .cacheReadInputTokens, b: .inputAudioTokens, join: .cacheReadAudioTokens),
        Overlap(a: .cacheReadInputTokens, b: .inputImageTokens, join: .cacheReadImageTokens),
    ]
}

extension UsageUnit {
    var bit: UInt32 { 1 << UInt32(rawValue) }

    /// Every unit whose count includes this one: its containers, and the cached input.
    package var ancestors: Set<UsageUnit> {
        switch self {
        case .cacheReadAudioTokens: [.inputAudioTokens, .cacheReadInputTokens, .inputTokens]
        case .cacheReadImageTokens: [.inputImageTokens, .cacheReadInputTokens, .inputTokens]
        default: container.map { [$0] } ?? []
        }
    }

    fileprivate var depth: Int {
        switch self {
        case .cacheReadAudioTokens, .cacheReadImageTokens: 2
        default: container == nil ? 0 : 1
        }
    }
}

// MARK: - Other counts and discounts

extension RatePlan {
    /// The plan for a tokenizer that makes `tokens` of each token, with all rates times `all`; nil
    /// if a rate gets too large.
    ///
    /// Exact: what has no decimal form goes into the divisor. Counts are whole, so count × tokens >
    /// bound is count > ⌊bound ÷ tokens⌋.
    func scaled(tokens: Factor, all: Factor) -> RatePlan? {
        var plan = self
        let whole = Int128(1_000_000) * 1_000_000
        for index in weights.indices {
            let unit = buckets[index % buckets.count].unit
            let factor =
                Int128(all.millionths) * Int128(unit.isTokens ? tokens.millionths : 1_000_000)
            let (weight, overflow) = weights[index].multipliedReportingOverflow(by: factor)
            if overflow { return nil }
            plan.weights[index] = weight
        }
        let common = plan.weights.reduce(whole) { greatestCommonDivisor($0, $1) }
        plan.weights = plan.weights.map { $0 / common }
        plan.divisor = divisor * (whole / common)
        plan.tokens = tokens
        plan.bounds = bounds.map { bound in
            Int64(clamping: Int128(bound) * 1_000_000 / Int128(tokens.millionths))
        }
        return plan
    }
}

func greatestCommonDivisor(_ a: Int128, _ b: Int128) -> Int128 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
}

// MARK: - Arithmetic

extension RatePlan {
    /// The amount, rounded once, half-even.
    ///
    /// - Parameter requests: of how many requests the usage is the sum.
    func rate(
        _ usage: Usage, of model: Name, _ requests: Int64 = 1
    ) throws(RatingOverflow) -> Rating {
        if let reason = unpriced(usage, of: model) { return .unpriced(reason) }
        return try sum(usage, of: requests) { _, _, _, _ in }
    }

    /// The same by the same code, with its lines.
    func derive(
        _ usage: Usage, of model: Name
    ) throws(RatingOverflow) -> (lines: [Derivation.Line], rating: Rating) {
        var lines: [Derivation.Line] = []
        let rating = try sum(usage) { unit, count, weight, amount in
            lines.append(
                Derivation.Line(
                    unit: unit, count: count, rate: Rate(ninths: weight), amount: amount))
        }
        let reason = unpriced(usage, of: model)
        // Events never contradict themselves, but a recorded answer may. That reason takes
        // precedence over missing rates: the lines are not the rest of a price.
        if case .noRate? = reason, case .unpriced = rating, unknownOverlap(usage) == nil {
            return (lines, rating)
        }
        return (lines, reason.map { .unpriced($0) } ?? rating)
    }

    /// Why a usage can't be priced, apart from arithmetic.
    ///
    /// A provider without a price per request doesn't charge for requests: their count needs no
    /// rate.
    private func unpriced(_ usage: Usage, of model: Name) -> UnpricedReason? {
        missingRate(of: usage, of: model) ?? unknownOverlap(usage)
    }

    /// The first unit that is used and has no rate.
    func missingRate(of usage: Usage, of model: Name) -> UnpricedReason? {
        if usage.isEmpty, covered & UsageUnit.requests.bit == 0 { return .noUsage }
        let free = covered | UsageUnit.requests.bit
        if free != Self.allUnits {
            for unit in UsageUnit.allCases where free & unit.bit == 0 && usage.value(unit) > 0 {
                return .noRate(unit, model: model)
            }
        }
        return nil
    }

    /// The rates of each tier that an input up to a count can reach, with the largest input that has them.
    func tiers(upTo input: Int64) -> [(input: Int64, weights: [UsageUnit: Int128])] {
        (0...bounds.count).compactMap { level in
            if level > 0, input <= bounds[level - 1] { return nil }
            let row = level * buckets.count
            let rates = buckets.indices.map { (buckets[$0].unit, weights[row + $0]) }
            return (
                level < bounds.count ? min(input, bounds[level]) : input,
                Dictionary(uniqueKeysWithValues: rates)
            )
        }
    }

    private func unknownOverlap(_ usage: Usage) -> UnpricedReason? {
        for overlap in overlaps
        where usage.value(overlap.a) > 0 && usage.value(overlap.b) > 0
            && !usage.has(overlap.join)
        {
            return .unknownOverlap(overlap.a, overlap.b, in: overlap.join)
        }
        return nil
    }

    private static let allUnits: UInt32 = 1 << UInt32(UsageUnit.allCases.count) - 1

    @inline(__always)
    private func sum(
        _ usage: Usage, of requests: Int64 = 1, visit: (UsageUnit, Int64, Int128, Int128) -> Void
    ) throws(RatingOverflow) -> Rating {
        let row = level(of: usage, requests) * buckets.count
        var total: Int128 = 0
        for index in 0..<buckets.count {
            let bucket = buckets[index]
            let count = count(of: bucket, in: usage, requests)
            if count == 0 { continue }
            if count < 0 { return .unpriced(.partsExceedWhole(bucket.unit, by: -count)) }
            let weight = weights[row + index]
            let (amount, overflow) = Int128(count).multipliedReportingOverflow(by: weight)
            let (sum, carry) = total.addingReportingOverflow(amount)
            if overflow || carry { throw RatingOverflow() }
            visit(bucket.unit, count, weight, amount)
            total = sum
        }
        let rounded = dividedHalfEven(total, by: divisor)
        guard let amount = Int64(exactly: rounded) else { throw RatingOverflow() }
        return .priced(Picodollars(amount))
    }

    /// Tiers are cliffs: the whole input chooses one row of rates for all counts.
    @inline(__always)
    private func level(of usage: Usage, _ requests: Int64) -> Int {
        if bounds.isEmpty { return 0 }
        // Above a bound if the mean is, which need not be whole.
        let input = (usage.value(.inputTokens) + requests - 1) / requests
        var level = 0
        while level < bounds.count, input > bounds[level] { level += 1 }
        return level
    }

    @inline(__always)
    private func count(of bucket: Bucket, in usage: Usage, _ requests: Int64) -> Int64 {
        if bucket.unit == .requests {
            // A request is one request, whether or not somebody counted it.
            return usage.has(.requests) ? usage.value(.requests) : requests
        }
        var count: Int64 = 0
        for index in bucket.firstTerm..<bucket.endTerm {
            let term = terms[index]
            // Counts are at most 1e15 and factors are ± 1: eighteen of them can't overflow.
            count &+= term.factor &* usage.value(term.unit)
        }
        return count
    }
}
