import LedgerModel

/// Counts by name, as Langfuse keeps them: `input`, `output`, and parts that these exclude.
///
/// The names are read word by word: `input_flex_cache_read` is cached input of the tier `flex`,
/// `input_priority` the input of a tier that is in no other part. LangChain makes such names, and
/// its counts exclude each other, except that the input of a tier includes what is written to the
/// cache; versions of Langfuse's SDK leave a tier's input in `input` too. A total decides.
struct NamedCounts {
    private enum Side: Hashable { case input, output }

    /// The counts of one side.
    private struct Counts {
        var base: Int64?
        /// Of a service tier, without its parts.
        var tiered: Int64?
        var parts: Int64 = 0
        var hasAny = false
    }

    private var sides: [Side: Counts] = [:]
    private var units = Usage()
    /// Cache writes of every lifetime, and those by lifetime.
    private var writes: (all: Int64, short: Int64, hour: Int64) = (0, 0, 0)
    private var total: Int64?
    /// The service tier that the names tell.
    private(set) var tier: String?

    // MARK: Names

    private static let tiers: Set<String> = ["priority", "flex", "batch", "scale", "fast"]
    private static let noise: Set<String> = [
        "token", "tokens", "count", "details", "detail", "modality", "ephemeral", "usage",
    ]
    private static let outputWords: Set<String> = [
        "output", "completion", "candidates", "reasoning", "thoughts", "thinking", "generated",
    ]
    private static let inputWords: Set<String> = ["input", "prompt", "cache", "cached"]
    private static let bases: [[String]: Side] = [
        ["input"]: .input, ["prompt"]: .input, ["output"]: .output, ["completion"]: .output,
    ]

    /// The words of a name: `cacheReadInputTokens` is four.
    private static func words(_ name: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in name {
            let isBreak = character == "_" || character == "-" || character == "."
            if isBreak || (character.isUppercase && word.last?.isLowercase == true) {
                if !word.isEmpty { words.append(word.lowercased()) }
                word = ""
            }
            if !isBreak { word.append(character) }
        }
        if !word.isEmpty { words.append(word.lowercased()) }
        return words
    }

    mutating func add(_ name: String, _ count: Int64) throws(Refusal) {
        guard (0...Usage.countMax).contains(count) else {
            throw Refusal(
                "\(name) is \(count): a count must lie between 0 and \(Usage.countMax)")
        }
        let words = Self.words(name).filter { !Self.noise.contains($0) }
        if words == ["total"] {
            total = count
            return
        }
        if words == ["web", "search", "requests"] {
            units[.webSearches] = count
            return
        }
        let rest = words.filter { !Self.tiers.contains($0) }
        let tier = words.first { Self.tiers.contains($0) }
        if let tier, count > 0 { try take(tier: tier) }
        if let side = Self.bases[rest] {
            addWhole(count, of: side, isTiered: tier != nil)
        } else if !Self.outputWords.isDisjoint(with: rest) {
            add(part: count, rest, of: .output)
        } else if !Self.inputWords.isDisjoint(with: rest) {
            add(part: count, rest, of: .input)
        }
    }

    private mutating func take(tier word: String) throws(Refusal) {
        if let tier, tier != word {
            throw Refusal(
                "its counts are of two service tiers, \(tier) and \(word): one request has one")
        }
        tier = word
    }

    private mutating func addWhole(_ count: Int64, of side: Side, isTiered: Bool) {
        var counts = sides[side] ?? Counts()
        counts.hasAny = true
        if isTiered {
            counts.tiered = (counts.tiered ?? 0) + count
        } else if let base = counts.base {
            // The same count under a second name is no second count.
            if base != count { counts.base = base + count }
        } else {
            counts.base = count
        }
        sides[side] = counts
    }

    private mutating func add(part count: Int64, _ words: [String], of side: Side) {
        sides[side, default: Counts()].hasAny = true
        guard let unit = Self.unit(words, side) else {
            sides[side]?.parts += count
            return
        }
        switch unit {
        case .cacheWriteOneHourInputTokens: writes.hour += count
        case .cacheWriteInputTokens where words.contains("5m"): writes.short += count
        case .cacheWriteInputTokens: writes.all += count
        default: sides[side]?.parts += count
        }
        if unit != .cacheWriteInputTokens, unit != .cacheWriteOneHourInputTokens {
            units[unit] = units.value(unit) + count
        } else {
            units[unit] = 0
        }
    }

    private static func unit(_ words: [String], _ side: Side) -> UsageUnit? {
        func has(_ any: String...) -> Bool { any.contains { words.contains($0) } }
        if side == .output {
            if has("reasoning", "thoughts", "thinking") { return .reasoningOutputTokens }
            return has("audio") ? .outputAudioTokens : has("image") ? .outputImageTokens : nil
        }
        if has("1h") { return .cacheWriteOneHourInputTokens }
        if has("5m", "creation", "write", "writes", "created") { return .cacheWriteInputTokens }
        if has("cache", "cached") { return .cacheReadInputTokens }
        return has("audio") ? .inputAudioTokens : has("image") ? .inputImageTokens : nil
    }

    // MARK: Sums

    /// The usage, inclusive: under the sums that fit the total, or else exclusive.
    func usage(by rule: CountRule) throws(Refusal) -> Usage {
        var result = units
        let lifetimes = writes.short + writes.hour
        // Some senders tell all writes beside those by lifetime.
        let unsorted = lifetimes > 0 && writes.all == lifetimes ? 0 : writes.all
        if result.has(.cacheWriteInputTokens) {
            result[.cacheWriteInputTokens] = unsorted + writes.short
        }
        if result.has(.cacheWriteOneHourInputTokens) {
            result[.cacheWriteOneHourInputTokens] = writes.hour
        }
        let sums = try fitting(written: unsorted + lifetimes, rule)
        if sums.thoughts > 0 { result[.reasoningOutputTokens] = sums.thoughts }
        if sides[.input]?.hasAny == true { result[.inputTokens] = sums.input }
        if sides[.output]?.hasAny == true || sums.thoughts > 0 {
            result[.outputTokens] = sums.output + sums.thoughts
        }
        return result
    }

    private func fitting(
        written: Int64, _ rule: CountRule
    ) throws(Refusal) -> (input: Int64, output: Int64, thoughts: Int64) {
        let inputs = sums(of: .input, written: written, rule)
        let outputs = sums(of: .output, written: 0, rule)
        let usual = (input: inputs[0], output: outputs[0], thoughts: Int64(0))
        guard let total, total > 0 else { return usual }
        for input in inputs {
            for output in outputs where input + output == total { return (input, output, 0) }
        }
        // Gemini's total holds thoughts that are told nowhere else.
        let rest = total - usual.input - usual.output
        if rule.restIsReasoning, units.value(.reasoningOutputTokens) == 0, rest > 0 {
            return (usual.input, usual.output, rest)
        }
        if rule.isCertain { return usual }
        let tried = inputs.flatMap { input in outputs.map { input + $0 } }
        throw Refusal(
            "the counts do not add up to their total of \(total): they are "
                + tried.map(String.init).joined(separator: " or ")
                + ", depending on what includes what; \(RowDraft.countAdvice)")
    }

    /// What a side may add up to, the usual sum first.
    private func sums(of side: Side, written: Int64, _ rule: CountRule) -> [Int64] {
        let counts = sides[side] ?? Counts()
        let parts = counts.parts + written
        let (base, tiered) = (counts.base ?? 0, counts.tiered ?? 0)
        let exclusive = base + tiered + parts
        var sums = [exclusive]
        if base > 0 { sums.append(base) }
        if counts.tiered != nil, written > 0 { sums.append(exclusive - written) }
        let holdsTier = counts.tiered != nil && base > 0 && base == tiered + parts
        let isInclusive = rule.isCertain && rule.reading.isEmpty && base > 0
        if isInclusive || (holdsTier && total == nil) { sums.swapAt(0, 1) }
        var seen: Set<Int64> = []
        return sums.filter { seen.insert($0).inserted }
    }
}
