/// How instrumentations count that do not count as the conventions say.
///
/// docs/opentelemetry.md shows this table to users.
enum CountRules {
    private struct Known: Sendable {
        /// The attribute by which its source is known, or else its scope.
        var attribute: TelemetryAside?
        var scope: String?
        let providers: Set<String>
        /// A fact that shows a version which counts as the conventions say.
        var unless: TelemetryAside?
        let rule: CountRule

        func fits(_ record: TelemetryRecord) -> Bool {
            if let attribute, !record.attributes.has(.aside(attribute)) { return false }
            if let scope, record.scope != scope { return false }
            return unless.map { !record.attributes.has(.aside($0)) } ?? true
        }
    }

    private static let known = [
        // The AI SDK up to version 5 passes on what each provider counts.
        Known(
            attribute: .sdkCacheReads, providers: ["anthropic", "aws"], unless: .inputDetails,
            rule: CountRule(reading: .cached, totalIsPlainSum: true)),
        Known(
            attribute: .sdkReasoning, providers: ["google"], unless: .inputDetails,
            rule: CountRule(reading: .reasoning)),
        // It copies what the APIs of Anthropic and Bedrock count, and has no total.
        Known(
            scope: "openlit.instrumentation.anthropic", providers: ["anthropic"],
            rule: CountRule(reading: .cached, totalIsPlainSum: true)),
        Known(
            scope: "openlit.instrumentation.bedrock", providers: ["anthropic", "aws"],
            rule: CountRule(reading: .cached, totalIsPlainSum: true)),
    ]

    /// Providers whose own answers leave parts out of their wholes: what is likely of a source
    /// that passes their counts on.
    private static let likely: [String: CountReading] = [
        "anthropic": .cached, "aws": .cached, "google": .reasoning, "x-ai": .reasoning,
    ]

    /// Gemini's totals hold thoughts that many sources tell nowhere else.
    private static let providersOfThoughts: Set<String> = ["google"]

    /// Sellers that pass Claude's own counts on.
    private static let sellersOfClaude: Set<String> = [
        "anthropic", "aws", "azure", "azure_ai", "google", "vercel_ai_gateway",
    ]

    /// The provider whose API counts, which is the model's maker where a seller passes it on.
    private static func api(of provider: String, _ model: String) -> String {
        sellersOfClaude.contains(provider) && model.lowercased().contains("claude")
            ? "anthropic" : provider
    }

    /// How the source of a record counts.
    static func rule(
        for record: TelemetryRecord, of provider: String, _ model: String,
        _ settings: TelemetrySettings
    ) -> CountRule {
        let api = api(of: provider, model)
        let found = known.first { $0.providers.contains(api) && $0.fits(record) }
        var rule = completed(found?.rule ?? CountRule(), of: provider, model)
        if let reading = record.reading { rule.reading = reading }
        if let reading = settings.readings[record.scope] { rule.settle(reading) }
        return rule
    }

    /// A rule with what is known of the provider's own way of counting.
    static func completed(
        _ rule: CountRule, of provider: String, _ model: String
    ) -> CountRule {
        let api = api(of: provider, model)
        var rule = rule
        rule.likely = likely[api] ?? []
        rule.restIsReasoning = providersOfThoughts.contains(api)
        return rule
    }
}

extension CountRule {
    /// Takes the word of somebody who knows the source.
    ///
    /// Sources that count parts beside their wholes often have totals that leave the parts out.
    mutating func settle(_ reading: CountReading) {
        self.reading = reading
        isCertain = true
        if !reading.isEmpty { totalIsPlainSum = true }
    }
}
