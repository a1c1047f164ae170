import JSON
import LedgerModel
import UsageExtraction

// What a record says was used.

extension TelemetryMapper {
    func usage(
        _ record: TelemetryRecord, of provider: String, _ model: String
    ) throws(Refusal) -> Usage {
        let attributes = record.attributes
        if let contradiction = attributes.contradiction { throw Refusal(contradiction) }
        let (counts, isOwn) = try counts(attributes, of: provider)
        var told = ToldCounts(usage: counts)
        // A total alone tells nothing; with its parts it shows how they are counted.
        told.total = try attributes.count(.totalTokens)
        told.toolUse = try attributes.count(.aside(.toolUse)) ?? 0
        var rule = CountRules.rule(for: record, of: provider, model, settings)
        // Extractors make a provider's own counts inclusive.
        if isOwn { rule.reading = [] }
        var usage = try told.usage(
            by: rule,
            advice: "name \(Self.named(record.scope)) in TALLY_OTLP_EXCLUSIVE or "
                + "TALLY_OTLP_INCLUSIVE to say which counts hold")
        try addCompaction(&usage, attributes)
        return usage
    }

    private func counts(
        _ attributes: AttributeSet, of provider: String
    ) throws(Refusal) -> (usage: Usage, isOwn: Bool) {
        var usage = Usage()
        for unit in UsageUnit.allCases {
            usage[unit] = try attributes.count(.unit(unit))
        }
        let isOwn = takeOwn(&usage, attributes, of: provider)
        if !isOwn {
            complete(&usage, attributes, of: provider)
            try divideWrites(&usage, attributes)
        }
        return (usage, isOwn)
    }

    /// Takes the provider's own usage where the record has it too, since it tells more.
    private func takeOwn(
        _ usage: inout Usage, _ attributes: AttributeSet, of provider: String
    ) -> Bool {
        guard let raw = attributes.text(.aside(.rawUsage)),
            let own = ProviderUsage.read(usage: raw, of: provider), own.agrees(with: usage)
        else { return false }
        for unit in own.units { usage[unit] = own[unit] }
        return true
    }

    /// Adds the cache writes, and how long they are kept, where only the answer tells.
    private func complete(
        _ usage: inout Usage, _ attributes: AttributeSet, of provider: String
    ) {
        if usage.value(.cacheWriteInputTokens) > 0, !usage.has(.cacheWriteOneHourInputTokens),
            let answer = attributes.text(.aside(.answer)),
            let own = ProviderUsage.read(answer: answer, of: provider), own.agrees(with: usage),
            own.has(.cacheWriteOneHourInputTokens)
        {
            usage[.cacheWriteInputTokens] = own[.cacheWriteInputTokens]
            usage[.cacheWriteOneHourInputTokens] = own[.cacheWriteOneHourInputTokens]
        }
        if !usage.has(.cacheWriteInputTokens), let text = attributes.text(.aside(.providerMetadata))
        {
            usage[.cacheWriteInputTokens] = ProviderUsage.cacheWrites(inMetadata: text)
        }
    }

    /// Takes what is written for an hour out of the writes of every lifetime.
    private func divideWrites(
        _ usage: inout Usage, _ attributes: AttributeSet
    ) throws(Refusal) {
        let short = try attributes.count(.aside(.fiveMinuteWrites))
        let hour = try attributes.count(.unit(.cacheWriteOneHourInputTokens))
        guard short != nil || hour != nil else { return }
        guard let all = usage[.cacheWriteInputTokens] else {
            usage[.cacheWriteInputTokens] = short
            return
        }
        guard let short else {
            if let hour, hour <= all { usage[.cacheWriteInputTokens] = all - hour }
            return
        }
        let (sum, overflows) = short.addingReportingOverflow(hour ?? 0)
        guard !overflows, all == sum || all == short else {
            throw Refusal(
                "the cache writes are \(all), but those for five minutes are \(short) and those "
                    + "for an hour \(hour ?? 0)")
        }
        usage[.cacheWriteInputTokens] = short
    }

    /// Adds what compactions of the context used, which stands outside of all other counts.
    private func addCompaction(
        _ usage: inout Usage, _ attributes: AttributeSet
    ) throws(Refusal) {
        for (aside, unit) in [
            (TelemetryAside.compactionInput, UsageUnit.inputTokens),
            (.compactionOutput, .outputTokens),
        ] {
            guard let count = try attributes.count(.aside(aside)) else { continue }
            let (sum, overflows) = usage.value(unit).addingReportingOverflow(count)
            guard !overflows, count >= 0 else {
                throw Refusal("\(aside.names[0]) is \(count): that cannot be a count")
            }
            usage[unit] = sum
        }
    }

    func refusal(_ refusal: EventRefusal, scope: String) -> Refusal {
        guard case .usage(.partsExceedWhole(let whole, _, let parts, _)) = refusal else {
            return Refusal(refusal.description)
        }
        let isCached =
            parts.contains(.cacheReadInputTokens) || parts.contains(.cacheWriteInputTokens)
            || parts.contains(.cacheWriteOneHourInputTokens)
        if whole == .inputTokens, isCached {
            return Refusal(
                "\(refusal); if \(Self.named(scope)) counts cached tokens apart from the input, "
                    + "name it in TALLY_OTLP_EXCLUSIVE")
        }
        if whole == .outputTokens, parts.contains(.reasoningOutputTokens) {
            return Refusal(
                "\(refusal); if \(Self.named(scope)) counts reasoning apart from the output, name "
                    + "\(scope):reasoning in TALLY_OTLP_EXCLUSIVE")
        }
        return Refusal(refusal.description)
    }

    private static func named(_ scope: String) -> String {
        scope.isEmpty ? "the instrumentation" : scope
    }
}

extension AttributeSet {
    /// A parameter of the request, for spans that tell it nowhere else.
    func parameter(_ name: String) -> String? {
        guard let text = text(.aside(.parameters)),
            let parameters = try? JSONTree(parsing: text.utf8)
        else { return nil }
        switch parameters.member(name) {
        case .text(let text)?: return text.isEmpty ? nil : text
        case .number(let number)?: return number
        default: return nil
        }
    }
}

/// A provider's own usage inside of telemetry.
enum ProviderUsage {
    /// Longest JSON text that is read for a usage, in bytes.
    static let bytesMax = 1 << 20

    /// The usage in the object that an answer calls its usage; nil if no extractor fits.
    static func read(usage text: String, of provider: String) -> Usage? {
        guard let usage = tree(text) else { return nil }
        return first(of: provider) { extractor in
            var document = usage
            for step in extractor.root.steps.reversed() {
                guard case .member(let name) = step else { return nil }
                document = .object([JSONTree.Member(name, document)])
            }
            return document
        }
    }

    /// The usage in a whole answer; nil if no extractor fits.
    static func read(answer text: String, of provider: String) -> Usage? {
        guard let answer = tree(text) else { return nil }
        return first(of: provider) { _ in answer }
    }

    /// The cache writes in what the AI SDK's providers say of an answer.
    static func cacheWrites(inMetadata text: String) -> Int64? {
        guard let metadata = tree(text) else { return nil }
        let paths = [
            ["anthropic", "cacheCreationInputTokens"],
            ["anthropic", "usage", "cache_creation_input_tokens"],
            ["bedrock", "usage", "cacheWriteInputTokens"],
        ]
        for path in paths {
            let end = path.reduce(metadata as JSONTree?) { $0?.member($1) }
            if case .number(let number)? = end { return Int64(number) }
        }
        return nil
    }

    private static func tree(_ text: String) -> JSONTree? {
        guard text.utf8.first == UInt8(ascii: "{"), text.utf8.count <= bytesMax else { return nil }
        return try? JSONTree(parsing: text.utf8)
    }

    private static func first(
        of provider: String, _ document: (UsageExtractor) -> JSONTree?
    ) -> Usage? {
        let catalog = ExtractorCatalog.builtIn
        for flavor in catalog.flavors(of: provider) {
            guard let extractor = catalog.extractor(of: provider, flavor: flavor),
                let document = document(extractor),
                let usage = try? extractor.extract(from: document).usage,
                usage.has(.inputTokens) || usage.has(.outputTokens)
            else { continue }
            return usage
        }
        return nil
    }
}

extension Usage {
    /// Whether a record told the same, with or without the parts of each count.
    fileprivate func agrees(with told: Usage) -> Bool {
        let cached =
            value(.cacheReadInputTokens) + value(.cacheWriteInputTokens)
            + value(.cacheWriteOneHourInputTokens)
        let inputs = [value(.inputTokens), value(.inputTokens) - cached]
        let outputs = [
            value(.outputTokens), value(.outputTokens) - value(.reasoningOutputTokens),
        ]
        return (told[.inputTokens].map { inputs.contains($0) } ?? true)
            && (told[.outputTokens].map { outputs.contains($0) } ?? true)
    }
}
