import LedgerModel

/// The usage of one request to a model.
///
/// A count that is `nil` is unknown, which is not zero. Subsets are inclusive, as in OpenTelemetry:
/// cached tokens are part of `inputTokens`, reasoning is part of `outputTokens`.
public struct UsageCounts: Sendable, Hashable {
    /// All tokens that were sent to the model, cached ones included.
    public var inputTokens: Int?
    /// The part of the input that the provider read from its cache.
    public var cacheReadInputTokens: Int?
    /// The part of the input that the provider wrote to its cache, kept for five minutes.
    public var cacheWriteInputTokens: Int?
    /// The part of the input that the provider wrote to its cache, kept for an hour.
    public var cacheWriteOneHourInputTokens: Int?
    /// All tokens that the model wrote, reasoning included.
    public var outputTokens: Int?
    /// The part of the output that was reasoning.
    public var reasoningOutputTokens: Int?
    /// The part of the input that was audio.
    public var inputAudioTokens: Int?
    /// The part of the output that was audio.
    public var outputAudioTokens: Int?
    /// The part of the audio input that the provider read from its cache.
    public var cacheReadAudioTokens: Int?
    /// The part of the input that was images.
    public var inputImageTokens: Int?
    /// The part of the output that was images.
    public var outputImageTokens: Int?
    /// The part of the image input that the provider read from its cache.
    public var cacheReadImageTokens: Int?
    /// Duration of audio or video input; kept in whole microseconds.
    public var inputTime: Duration?
    /// Duration of audio or video output; kept in whole microseconds.
    public var outputTime: Duration?
    /// Characters of input, if the provider bills them.
    public var inputCharacters: Int?
    /// Web searches that the provider made.
    public var webSearches: Int?
    /// Images that the model generated.
    public var images: Int?
    /// Requests, if the provider bills by request.
    public var requests: Int?

    /// Makes counts of tokens; set rarer units as properties.
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
    /// The same counts as the ledger's type.
    var usage: Usage {
        var usage = Usage()
        for (unit, path) in Self.units {
            if let count = self[keyPath: path] { usage[unit] = Int64(count) }
        }
        usage[.inputSeconds] = inputTime?.microseconds
        usage[.outputSeconds] = outputTime?.microseconds
        return usage
    }

    /// Converts counts of the ledger's type.
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
    /// Whole microseconds, rounded down and capped at the ledger's limit.
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, isOverflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if isOverflow { return seconds < 0 ? .min : .max }
        let (sum, isTooMuch) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return isTooMuch ? (seconds < 0 ? .min : .max) : sum
    }
}
