import JSON
import LedgerModel
import ReadModels

/// The prompts of one app, feature and model on some days.
struct PromptGroup: Hashable, Sendable {
    let dimensions: Dimensions

    /// - Parameter names: in the order of `CacheUseQuery.dimensions`.
    init(_ names: [Name?]) {
        var dimensions = Dimensions()
        for (dimension, name) in zip(CacheUseQuery.dimensions, names) {
            dimensions[dimension] = name
        }
        self.dimensions = dimensions
    }

    init(_ dimensions: Dimensions) {
        self.dimensions = dimensions
    }

    /// Its description, such as `app search, feature rerank, model gpt-4o`.
    var text: String {
        let named = [Dimension.app, .feature, .model].compactMap { dimension in
            dimensions[dimension].map { "\(dimension.name) \($0)" }
        }
        return named.isEmpty ? "all requests" : named.joined(separator: ", ")
    }
}

/// Prompts whose cacheable prefix ends early, as reported by optimizers.
struct BrokenPrefix: Sendable {
    let group: PromptGroup
    /// The cause: `time`, `identifier`, `difference`, or the reporter's own word.
    let cause: String
    /// The token at which the prefix most often ends.
    let token: Int64
    let prompts: Int64
    /// The number of days on which it happened.
    let days: Int64
    let meanTokens: Int64
    /// The mean number of further tokens that could be cached; nil if the possible length was not
    /// reported.
    let meanLost: Int64?
}

/// The share of input that a group read from providers' caches, in a period and in the one before
/// it.
struct CacheShare: Sendable {
    let group: PromptGroup
    let recent: CacheUse
    let before: CacheUse
    /// Mean tokens at the start of its prompts that stay the same, as optimizers reported them.
    var meanPrefix: Int64?
}

extension CacheShare {
    init(_ row: CacheUseRow) {
        self.init(group: PromptGroup(row.names), recent: row.recent, before: row.before)
    }
}

extension CacheUse {
    var share: Double { input == 0 ? 0 : Double(cacheRead) / Double(input) }
    var meanInput: Int64 {
        requests == 0 ? 0 : Int64(clamping: dividedHalfEven(input, by: Int128(requests)))
    }
}

/// The pure rules that turn findings into recommendations.
enum CacheRules {
    /// The fewest requests in each period for a meaningful share.
    static let requestsMin: Int64 = 100
    /// The share of cached input below which it counts as nothing.
    static let shareMin = 0.1
    static let shareUnused = 0.01
    /// The shortest prefix that providers cache, in tokens.
    static let prefixMin: Int64 = 1_024

    static func broken(
        _ prefix: BrokenPrefix, _ pricing: inout CachePricing
    ) -> Recommendation? {
        // A question differs from request to request, so it is right that it ends the prefix.
        if prefix.cause == "question" { return nil }
        if let lost = prefix.meanLost, lost <= 0 { return nil }
        let cost = prefix.meanLost.map { lost in
            pricing.perDay(
                prefix.group, input: prefix.meanTokens, cached: lost, requests: prefix.prompts,
                days: prefix.days)
        }
        return Recommendation(
            kind: .brokenPrefix, dimensions: prefix.group.dimensions,
            finding:
                "the cached prefix of \(prefix.group.text) is broken by \(words(prefix.cause)) "
                + "at token \(prefix.token)",
            remedy: "move what changes after what stays the same, or leave it out",
            costPerDay: cost ?? .unknown("no event reports how long the prefix could be"),
            evidence: [
                ("prompts", "\(prefix.prompts)"), ("days", "\(prefix.days)"),
                ("cause", prefix.cause), ("token", "\(prefix.token)"),
                ("mean_tokens", "\(prefix.meanTokens)"),
                ("mean_tokens_lost", prefix.meanLost.map { "\($0)" } ?? "unknown"),
            ])
    }

    static func dropped(_ share: CacheShare, _ pricing: inout CachePricing) -> Recommendation? {
        let (recent, before) = (share.recent, share.before)
        guard min(recent.requests, before.requests) >= requestsMin, before.share >= shareMin,
            recent.share < before.share / 2
        else { return nil }
        let lost = Int64((Double(recent.meanInput) * (before.share - recent.share)).rounded())
        return recommend(
            .cacheReadsDropped, share,
            "cache reads of \(share.group.text) fell from \(percent(before.share)) to "
                + "\(percent(recent.share)) of input",
            "check what changed in the prompts: their start now varies, or "
                + "requests are too rare for the cache",
            lost, &pricing)
    }

    static func unused(_ share: CacheShare, _ pricing: inout CachePricing) -> Recommendation? {
        guard share.recent.requests >= requestsMin, share.recent.share < shareUnused,
            share.before.share < shareMin, let prefix = share.meanPrefix, prefix >= prefixMin
        else { return nil }
        return recommend(
            .cacheUnused, share,
            "prompts of \(share.group.text) share their first \(prefix) tokens, but "
                + "\(percent(share.recent.share)) of input is read from the cache",
            "turn on prompt caching: some providers need the end of the prefix marked",
            min(prefix, share.recent.meanInput), &pricing)
    }

    private static func recommend(
        _ kind: Recommendation.Kind, _ share: CacheShare, _ finding: String, _ remedy: String,
        _ lost: Int64, _ pricing: inout CachePricing
    ) -> Recommendation? {
        let recent = share.recent
        return Recommendation(
            kind: kind, dimensions: share.group.dimensions, finding: finding, remedy: remedy,
            costPerDay: pricing.perDay(
                share.group, input: recent.meanInput, cached: lost, requests: recent.requests,
                days: recent.days),
            evidence: [
                ("requests", "\(recent.requests)"), ("days", "\(recent.days)"),
                ("input_tokens", "\(recent.input)"),
                ("cache_read_input_tokens", "\(recent.cacheRead)"),
                ("share", percent(recent.share)), ("share_before", percent(share.before.share)),
                ("mean_tokens", "\(recent.meanInput)"), ("mean_tokens_lost", "\(lost)"),
            ])
    }

    private static func words(_ cause: String) -> String {
        switch cause {
        case "time": "a timestamp"
        case "identifier": "an identifier"
        case "difference": "text that differs from request to request"
        default: "\"\(cause)\""
        }
    }

    private static func percent(_ share: Double) -> String {
        let tenths = Int128((share * 1_000).rounded())
        return decimal(tenths, scale: 1) + " %"
    }
}
