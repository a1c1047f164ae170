/// How instrumentations count that do not count as the conventions say.
///
/// docs/opentelemetry.md shows this table to users.
enum CountRules {
    private struct Known: Sendable {
        /// The attribute by which its source is known.
        let attribute: TelemetryAside
        let providers: Set<String>
        /// A fact that shows a version which counts as the conventions say.
        let unless: TelemetryAside?
        let rule: CountRule
    }

    private static let known = [
        // The AI SDK up to version 5 passes on what each provider counts.
        Known(
            attribute: .sdkCacheReads, providers: ["anthropic", "aws"], unless: .inputDetails,
            rule: CountRule(reading: .cached, totalIsPlainSum: true)),
        Known(
            attribute: .sdkReasoning, providers: ["google"], unless: .inputDetails,
            rule: CountRule(reading: .reasoning)),
    ]

    /// Providers whose own answers leave parts out of their wholes: what is likely of a source
    /// that passes their counts on.
    private static let likely: [String: CountReading] = [
        "anthropic": .cached, "aws": .cached, "google": .reasoning, "x-ai": .reasoning,
    ]

    /// Gemini's totals hold thoughts that many sources tell nowhere else.
    private static let providersOfThoughts: Set<String> = ["google"]

    /// How the source of a record counts.
    static func rule(
        for record: TelemetryRecord, of provider: String, _ settings: TelemetrySettings
    ) -> CountRule {
        let found = known.first { known in
            record.attributes.has(.aside(known.attribute)) && known.providers.contains(provider)
                && known.unless.map { !record.attributes.has(.aside($0)) } ?? true
        }
        var rule = completed(found?.rule ?? CountRule(), of: provider)
        if let reading = record.reading { rule.reading = reading }
        if let reading = settings.readings[record.scope] {
            rule.reading = reading
            rule.isCertain = true
        }
        return rule
    }

    /// A rule with what is known of the provider's own way of counting.
    static func completed(_ rule: CountRule, of provider: String) -> CountRule {
        var rule = rule
        rule.likely = likely[provider] ?? []
        rule.restIsReasoning = providersOfThoughts.contains(provider)
        return rule
    }
}
