import LedgerModel

/// What one request to a model used.
///
/// A count that is `nil` is unknown, which is not zero. Subsets are inclusive, as in OpenTelemetry:
/// cached tokens are part of `inputTokens`, reasoning is part of `outputTokens`.
public struct UsageCounts: Sendable, Hashable {
    /// All that went to the model, cached tokens included.
    public var inputTokens: Int?
    /// The part of the input that the provider read from its cache.
    public var cacheReadInputTokens: Int?
    /// The part of the input that the provider wrote to its cache, kept for five minutes.
    public var cacheWriteInputTokens: Int?
    /// The part of the input that the provider wrote to its cache, kept for an hour.
    public var cacheWriteOneHourInputTokens: Int?
    /// All that the model wrote, reasoning included.
    public var outputTokens: Int?
    /// The part of the output that the model wrote for itself.
    public var reasoningOutputTokens: Int?
    /// The part of the input that was sound.
    public var inputAudioTokens: Int?
    /// The part of the output that was sound.
    public var outputAudioTokens: Int?
    /// The part of the sound in the input that the provider read from its cache.
    public var cacheReadAudioTokens: Int?
    /// The part of the input that was images.
    public var inputImageTokens: Int?
    /// The part of the output that was images.
    public var outputImageTokens: Int?
    /// The part of the images in the input that the provider read from its cache.
    public var cacheReadImageTokens: Int?
    /// Sound or film that went to the model; kept in whole microseconds.
    public var inputTime: Duration?
    /// Sound or film that came back; kept in whole microseconds.
    public var outputTime: Duration?
    /// Characters that went to the model, where that is what the provider bills.
    public var inputCharacters: Int?
    /// Searches that the provider ran in the web.
    public var webSearches: Int?
    /// Images that the model made.
    public var images: Int?
    /// Calls, where the provider bills by the call.
    public var requests: Int?

    /// Counts of tokens; the rarer units are properties.
    public init(
        inputTokens: Int? = nil, cacheReadInputTokens: Int? = nil,
        cacheWriteInputTokens: Int? = nil, cacheWriteOneHourInputTokens: Int? = nil,
        outputTokens: Int? = nil, reasoningOutputTokens: Int? = nil
    ) {
        self.inputTokens = inputTokens
        self.cacheReadInputTokens = cacheReadInputTokens
        self.cacheWriteInputTokens = cacheWriteInputTokens
        self.cacheWriteOneHourInputTokens = cacheWriteOneHourInputTokens
        self.outputTokens = outputTokens
        self.reasoningOutputTokens = reasoningOutputTokens
    }
}

extension UsageCounts {
    /// The same counts in the ledger's words.
    var usage: Usage {
        var usage = Usage()
        for (unit, path) in Self.units {
            if let count = self[keyPath: path] { usage[unit] = Int64(count) }
        }
        usage[.inputSeconds] = inputTime?.microseconds
        usage[.outputSeconds] = outputTime?.microseconds
        return usage
    }

    /// Counts in the ledger's words as counts of ours.
    init(_ usage: Usage) {
        for (unit, path) in Self.units {
            if let count = usage[unit] { self[keyPath: path] = Int(count) }
        }
        inputTime = usage[.inputSeconds].map { .microseconds($0) }
        outputTime = usage[.outputSeconds].map { .microseconds($0) }
    }

    private static var units: [(UsageUnit, WritableKeyPath<UsageCounts, Int?>)] {
        [
            (.inputTokens, \.inputTokens), (.cacheReadInputTokens, \.cacheReadInputTokens),
            (.cacheWriteInputTokens, \.cacheWriteInputTokens),
            (.cacheWriteOneHourInputTokens, \.cacheWriteOneHourInputTokens),
            (.outputTokens, \.outputTokens), (.reasoningOutputTokens, \.reasoningOutputTokens),
            (.inputAudioTokens, \.inputAudioTokens), (.outputAudioTokens, \.outputAudioTokens),
            (.cacheReadAudioTokens, \.cacheReadAudioTokens),
            (.inputImageTokens, \.inputImageTokens), (.outputImageTokens, \.outputImageTokens),
            (.cacheReadImageTokens, \.cacheReadImageTokens),
            (.inputCharacters, \.inputCharacters), (.webSearches, \.webSearches),
            (.images, \.images), (.requests, \.requests),
        ]
    }
}

extension Duration {
    /// Whole microseconds; parts of one are cut, and what no ledger takes is cut to its limit.
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, isOverflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if isOverflow { return seconds < 0 ? .min : .max }
        let (sum, isTooMuch) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return isTooMuch ? (seconds < 0 ? .min : .max) : sum
    }
}
