import JSON
import LedgerModel

/// Telemetry with names of its own for what the conventions name: Claude Code's, that of Langfuse's
/// SDK, logfire's streams, and ids that OpenInference has only in the answer.
///
/// Anthropic documents its events (`claude_code.api_request`) and its spans
/// (`claude_code.llm_request`, a beta) at code.claude.com/docs/en/monitoring-usage. The names are
/// as plain as `model`, so they count only where the record says who wrote it.
enum TelemetryDialect {
    /// A plain name.
    enum Word: Int, CaseIterable, Sendable {
        case model, inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens
        case milliseconds, firstTokenMilliseconds, requestID, sequence, speed
        case answer, langfuseUsage, langfuseLevel, langfuseStart, logfireKind, seconds

        var name: String {
            switch self {
            case .model: "model"
            case .inputTokens: "input_tokens"
            case .outputTokens: "output_tokens"
            case .cacheReadTokens: "cache_read_tokens"
            case .cacheCreationTokens: "cache_creation_tokens"
            case .milliseconds: "duration_ms"
            case .firstTokenMilliseconds: "ttft_ms"
            case .requestID: "request_id"
            case .sequence: "event.sequence"
            case .speed: "speed"
            case .answer: "output.value"
            case .langfuseUsage: "langfuse.observation.usage_details"
            case .langfuseLevel: "langfuse.observation.level"
            case .langfuseStart: "langfuse.observation.completion_start_time"
            case .logfireKind: "logfire.span_type"
            case .seconds: "duration"
            }
        }
    }

    private static let scope = "com.anthropic.claude_code"
    private static let spanName = "claude_code.llm_request"
    private static let eventNames: Set<String> = ["claude_code.api_request", "api_request"]

    private static let facts: [(word: Word, fact: TelemetryFact)] = [
        (.model, .responseModel), (.inputTokens, .unit(.inputTokens)),
        (.outputTokens, .unit(.outputTokens)),
        (.cacheReadTokens, .unit(.cacheReadInputTokens)),
        (.cacheCreationTokens, .unit(.cacheWriteInputTokens)),
        (.firstTokenMilliseconds, .firstTokenMilliseconds), (.requestID, .responseID),
    ]

    /// Whether a record in these words is a call to a model.
    private static func isSpoken(by record: TelemetryRecord, of signal: TelemetrySignal) -> Bool {
        switch signal {
        case .traces: return record.name == spanName
        case .logs:
            let event = record.attributes.text(.eventName) ?? record.name
            guard eventNames.contains(event) else { return false }
            return event.hasPrefix("claude_code.") || record.scope.hasPrefix(scope)
        case .metrics: return false
        }
    }

    /// Translates the record into the words of the conventions.
    static func translated(
        _ record: TelemetryRecord, of signal: TelemetrySignal
    ) -> TelemetryRecord {
        var record = record
        readEmbedding(&record)
        readLangfuse(&record)
        readLogfire(&record)
        readAnswer(&record)
        guard isSpoken(by: record, of: signal) else { return record }
        for (word, fact) in facts { record.attributes.adopt(.dialect(word), as: fact) }
        record.attributes.suppose("anthropic", as: .provider)
        record.attributes.suppose("chat", as: .operation)
        if let speed = record.attributes.text(.dialect(.speed)), speed != "normal" {
            record.attributes.suppose(speed, as: .responseTier)
        }
        record.reading = .cached
        // The log record is written when the answer has arrived.
        if record.end == 0, let duration = record.attributes.seconds(.dialect(.milliseconds)),
            let nanoseconds = UInt64(exactly: (duration * 1_000_000).rounded())
        {
            record.duration = nanoseconds
        }
        return record
    }

    /// Reads an embedding of the AI SDK, whose span has only names of its own.
    private static func readEmbedding(_ record: inout TelemetryRecord) {
        guard record.attributes.text(.aside(.sdkOperation))?.hasSuffix(".doEmbed") == true else {
            return
        }
        record.attributes.adopt(.aside(.sdkProvider), as: .provider)
        record.attributes.adopt(.aside(.sdkModel), as: .requestModel)
        record.attributes.adopt(.aside(.sdkTokens), as: .unit(.inputTokens))
        record.attributes.suppose("embeddings", as: .operation)
    }

    /// Reads what Langfuse's SDK says of a generation or an embedding.
    private static func readLangfuse(_ record: inout TelemetryRecord) {
        do throws(Refusal) {
            if let text = record.attributes.text(.dialect(.langfuseUsage)),
                let (usage, tier) = try LangfuseUsage.read(text)
            {
                for unit in usage.units {
                    record.attributes.suppose(String(usage.value(unit)), as: .unit(unit))
                }
                if let tier { record.attributes.suppose(tier, as: .responseTier) }
            }
        } catch {
            record.fail(error.reason)
        }
        if record.attributes.text(.dialect(.langfuseLevel)) == "ERROR" { record.isError = true }
        let kind = record.attributes.text(.spanKind)?.lowercased()
        guard record.scope.hasPrefix("langfuse"), kind == "generation" || kind == "embedding" else {
            return
        }
        // Its SDK names no provider; the model's maker is meant.
        let model = record.attributes.text(.requestModel)?.lowercased()
        if let provider = ProviderNames.provider(nil, model: model) {
            record.attributes.suppose(provider, as: .provider)
        }
        // A time as JSON text, in quotation marks.
        let start = record.attributes.text(.dialect(.langfuseStart)).map {
            String($0.drop { $0 == "\"" }.prefix { $0 != "\"" })
        }
        if let time = start.flatMap({ Timestamp(rfc3339: $0, zoneIsOptional: true) }),
            time.unixMicroseconds > 0
        {
            record.firstToken = UInt64(time.unixMicroseconds) * 1_000
        }
    }

    /// Reads logfire's two records of a stream: a span that ends when the stream begins, and a moment
    /// at its end with the usage and how long it took.
    private static func readLogfire(_ record: inout TelemetryRecord) {
        guard record.scope.hasPrefix("logfire.") else { return }
        switch record.attributes.text(.dialect(.logfireKind)) {
        case "span": record.onlyBegins = true
        case "log":
            guard record.end == record.start,
                let seconds = record.attributes.seconds(.dialect(.seconds)),
                let nanoseconds = UInt64(exactly: (seconds * 1_000_000_000).rounded()),
                nanoseconds < record.start
            else { return }
            record.start -= nanoseconds
        default: break
        }
    }

    /// Longest answer, in bytes, that is searched for an id.
    private static let answerBytesMax = 1 << 20

    /// Takes the id of the answer that OpenInference records whole, if it names none.
    private static func readAnswer(_ record: inout TelemetryRecord) {
        guard record.scope.hasPrefix("openinference"), !record.attributes.has(.responseID),
            let text = record.attributes.text(.dialect(.answer)), text.first == "{",
            text.utf8.count <= answerBytesMax,
            let id = (try? JSONTree(parsing: text.utf8))?["id"]?.string
        else { return }
        record.attributes.suppose(id, as: .responseID)
    }
}
