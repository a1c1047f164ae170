/// What a file holds.
package enum ImportFormat: String, CaseIterable, Sendable {
    /// Native events: an array, one a line, or objects one after another.
    case native
    /// One JSON object a line: native events, or any objects with a mapping.
    case ndjson
    /// CloudEvents in the structured mode: an array or one a line.
    case cloudevents
    /// Comma-separated values with a header, RFC 4180.
    case csv
    /// Pages of OpenAI's organisation usage API, or the CSV of its dashboard.
    case openAIUsage = "openai-usage"
    /// Rows of LiteLLM's `LiteLLM_SpendLogs`.
    case liteLLMSpend = "litellm-spend"
    /// Observations of Langfuse.
    case langfuse
    /// Requests of Helicone.
    case helicone

    /// Export requests of OpenTelemetry in JSON, one a line, as the collector's file exporter
    /// writes them, or one document.
    case otlpJSON = "otlp-json"

    /// The longest record of a file.
    var recordBytesMax: Int {
        if self == .otlpJSON { return TelemetryReader.telemetryBytesMax }
        return product == nil ? RecordBuffer.recordBytesMax : ProductMapping.recordBytesMax
    }

    /// How the rows of another product become events; nil for our own formats.
    var product: ProductMapping? {
        switch self {
        case .native, .ndjson, .cloudevents, .csv, .otlpJSON: nil
        case .openAIUsage: .openAIUsage
        case .liteLLMSpend: .liteLLMSpend
        case .langfuse: .langfuse
        case .helicone: .helicone
        }
    }
}

/// How far a file is read.
package struct ImportProgress: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        /// The pass that finds identical rows; only files whose rows have no ids need it.
        case numbering
        case reading
    }

    package let phase: Phase
    package let bytesRead: Int
    /// The size on disk; nil for a pipe.
    package let totalBytes: Int?
}

/// How much memory an import takes.
package struct ImportLimits: Sendable {
    /// What is read from disk at once.
    package var pieceBytes = 256 * 1_024
    /// Rows that are sorted in memory to number identical ones; more go to a temporary file.
    package var sortedRowsMax = 1_000_000

    package init() {}
}
