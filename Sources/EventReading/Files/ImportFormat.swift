/// What a file holds.
package enum ImportFormat: String, CaseIterable, Sendable {
    /// Native events: an array, one per line, or consecutive objects.
    case native
    /// One JSON object per line: native events, or any objects with a mapping.
    case ndjson
    /// CloudEvents in the structured mode: an array or one per line.
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
    /// Usage events of Cursor.
    case cursor
    /// Transcripts of Claude Code.
    case claudeCode = "claude-code"

    /// OpenTelemetry export requests in JSON: one per line, as the collector's file exporter writes
    /// them, or one document.
    case otlpJSON = "otlp-json"

    /// The longest record in a file.
    var recordBytesMax: Int {
        if self == .otlpJSON { return TelemetryReader.telemetryBytesMax }
        return product == nil ? RecordBuffer.recordBytesMax : ProductMapping.recordBytesMax
    }

    /// The rows of another product as events; nil for our own formats.
    var product: ProductMapping? {
        switch self {
        case .native, .ndjson, .cloudevents, .csv, .otlpJSON: nil
        case .openAIUsage: .openAIUsage
        case .liteLLMSpend: .liteLLMSpend
        case .langfuse: .langfuse
        case .helicone: .helicone
        case .cursor: .cursor
        case .claudeCode: .claudeCode
        }
    }
}

/// How far reading a file has come.
package struct ImportProgress: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        /// The pass that finds identical rows; only needed for rows without ids.
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
    /// The size of one read from disk.
    package var pieceBytes = 256 * 1_024
    /// Rows sorted in memory to number identical ones; more go to a temporary file.
    package var sortedRowsMax = 1_000_000

    package init() {}
}
