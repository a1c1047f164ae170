import LedgerModel

/// Which counts of a source stand beside the counts that should include them.
///
/// Empty is how conventions count: cached tokens inside the input, reasoning inside the output.
struct CountReading: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let cacheReads = CountReading(rawValue: 1)
    static let cacheWrites = CountReading(rawValue: 2)
    static let reasoning = CountReading(rawValue: 4)
    /// What tools put into the prompt, as Gemini counts it.
    static let toolUse = CountReading(rawValue: 8)
    static let cached: CountReading = [.cacheReads, .cacheWrites]

    /// Every reading, the simplest first.
    static let all = (0..<16).map { CountReading(rawValue: UInt8($0)) }
        .sorted { ($0.weight, $0.rawValue) < ($1.weight, $1.rawValue) }

    /// Cached tokens of both kinds usually stand on the same side.
    private var weight: Int {
        isSuperset(of: .cached) ? rawValue.nonzeroBitCount - 1 : rawValue.nonzeroBitCount
    }

    var words: String {
        var parts: [String] = []
        if isSuperset(of: .cached) {
            parts.append("cached tokens beside the input")
        } else {
            if contains(.cacheReads) { parts.append("cache reads beside the input") }
            if contains(.cacheWrites) { parts.append("cache writes beside the input") }
        }
        if contains(.toolUse) { parts.append("tool prompts beside the input") }
        if contains(.reasoning) { parts.append("reasoning beside the output") }
        return parts.isEmpty ? "everything inside" : parts.joined(separator: " and ")
    }
}

/// How a source counts: data, not code.
struct CountRule: Sendable {
    /// What holds where no total tells.
    var reading: CountReading = []
    /// Whether its total is the sum of its input and output as told, so that it tells nothing.
    var totalIsPlainSum = false
    /// Whether what a total holds beyond input and output is reasoning that is told nowhere.
    var restIsReasoning = false
    /// What holds if several readings fit a total.
    var likely: CountReading = []
    /// What held in old versions, which only a contradiction gives away.
    var older: CountReading?
    /// Whether somebody who knows the source said so: then a total that fits nothing says nothing.
    var isCertain = false
}

/// The counts of one request as a source tells them.
struct ToldCounts {
    var usage: Usage
    var total: Int64?
    /// What tools put into the prompt; no event keeps it apart.
    var toolUse: Int64 = 0
    /// The sum of input and output as the source wrote them, if that is another than of these.
    var plainSum: Int64?

    /// The usage, inclusive.
    ///
    /// A total decides between the readings and is always checked. Counts out of range, and parts
    /// that exceed their whole where there is no total, are returned as told: the event refuses
    /// them.
    ///
    /// - Parameter advice: what somebody can do who knows how the source counts.
    func usage(by rule: CountRule, advice: String) throws(Refusal) -> Usage {
        guard isInRange else { return usage }
        let usual = usual(rule)
        guard let total, total > 0, usage.has(.inputTokens) || usage.has(.outputTokens) else {
            return usage(reading: usual)
        }
        let told = plainSum ?? usage.value(.inputTokens) + usage.value(.outputTokens)
        if rule.totalIsPlainSum, total == told, isValid(usual) { return usage(reading: usual) }
        if let usage = try fitting(total, rule, usual, advice) { return usage }
        if let usage = completed(to: total, rule, usual) { return usage }
        if rule.isCertain { return usage(reading: usual) }
        throw Refusal(
            "the counts do not add up to the total of \(total): \(words); tried: "
                + readings(usual).map { "\($0.words) (\(sum($0)))" }.joined(separator: ", ")
                + "; \(advice)")
    }

    // MARK: Readings

    private func usual(_ rule: CountRule) -> CountReading {
        let usual = rule.reading.intersection(possible)
        guard !isValid(usual), let older = rule.older?.intersection(possible), isValid(older) else {
            return usual
        }
        return older
    }

    /// The parts that are there, so that it matters where they stand.
    private var possible: CountReading {
        var parts: CountReading = []
        if usage.value(.cacheReadInputTokens) > 0 { parts.insert(.cacheReads) }
        if writes > 0 { parts.insert(.cacheWrites) }
        if usage.value(.reasoningOutputTokens) > 0 { parts.insert(.reasoning) }
        if toolUse > 0 { parts.insert(.toolUse) }
        return parts
    }

    private var writes: Int64 {
        usage.value(.cacheWriteInputTokens) + usage.value(.cacheWriteOneHourInputTokens)
    }

    /// The readings that differ for these counts, the usual one first.
    private func readings(_ usual: CountReading) -> [CountReading] {
        let possible = possible
        return [usual] + CountReading.all.filter { possible.isSuperset(of: $0) && $0 != usual }
    }

    private var isInRange: Bool {
        let counts = usage.units.map { usage.value($0) } + [total ?? 0, toolUse]
        return counts.allSatisfy { (0...Usage.countMax).contains($0) }
    }

    func usage(reading: CountReading) -> Usage {
        var result = usage
        var input: Int64 = 0
        if reading.contains(.cacheReads) { input += usage.value(.cacheReadInputTokens) }
        if reading.contains(.cacheWrites) { input += writes }
        if reading.contains(.toolUse) { input += toolUse }
        if input > 0 { result[.inputTokens] = usage.value(.inputTokens) + input }
        if reading.contains(.reasoning) {
            result[.outputTokens] =
                usage.value(.outputTokens) + usage.value(.reasoningOutputTokens)
        }
        return result
    }

    private func sum(_ reading: CountReading) -> Int64 {
        let usage = usage(reading: reading)
        return usage.value(.inputTokens) + usage.value(.outputTokens)
    }

    private func isValid(_ reading: CountReading) -> Bool {
        (try? usage(reading: reading).validate()) != nil
    }

    // MARK: Totals

    /// The usage under the reading that the total shows; nil if it fits none.
    private func fitting(
        _ total: Int64, _ rule: CountRule, _ usual: CountReading, _ advice: String
    ) throws(Refusal) -> Usage? {
        let fitting = readings(usual).filter { sum($0) == total && isValid($0) }
        guard let first = fitting.first else { return nil }
        if first == usual || fitting.count == 1 { return usage(reading: first) }
        let likely = rule.likely.intersection(possible)
        if fitting.contains(likely) { return usage(reading: likely) }
        if rule.isCertain { return nil }
        throw Refusal(
            "the counts add up to the total of \(total) in more than one way: \(words); it fits: "
                + fitting.map(\.words).joined(separator: ", ") + "; \(advice)")
    }

    /// The usage with the one count that the total tells and nothing else does.
    private func completed(
        to total: Int64, _ rule: CountRule, _ usual: CountReading
    ) -> Usage? {
        var usage = usage(reading: usual)
        let rest = total - usage.value(.inputTokens) - usage.value(.outputTokens)
        guard rest > 0 else { return nil }
        if !usage.has(.outputTokens) {
            usage[.outputTokens] = rest
        } else if !usage.has(.inputTokens) {
            usage[.inputTokens] = rest
        } else if rule.restIsReasoning, usage.value(.reasoningOutputTokens) == 0 {
            usage[.reasoningOutputTokens] = rest
            usage[.outputTokens] = usage.value(.outputTokens) + rest
        } else {
            return nil
        }
        return (try? usage.validate()) == nil ? nil : usage
    }

    private var words: String {
        var counts = usage.units.filter { $0.name.hasSuffix("_tokens") }.map {
            "\($0.name) \(usage.value($0))"
        }
        if toolUse > 0 { counts.append("tool prompts \(toolUse)") }
        return counts.joined(separator: ", ")
    }
}
