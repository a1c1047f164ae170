/// A file that some product writes, known by the names in its first row.
struct KnownExport: Sendable {
    /// Whose it is, in a sentence: `it looks like …`.
    let owner: String
    /// What reads it.
    let format: ImportFormat?
    /// A file is one if it has all names of one of these sets.
    let signatures: [Set<String>]
    /// What to do with it.
    let advice: String
    /// The formats that say by themselves, row by row, what to do with it.
    var alsoIn: [ImportFormat] = []

    func recognizes(_ row: RowOutline) -> Bool {
        signatures.contains { $0.isSubset(of: row.names) }
    }

    /// Whether a row has any of the names by which the file is known.
    func isHinted(by row: RowOutline) -> Bool {
        signatures.contains { !$0.isDisjoint(with: row.names) }
    }

    /// Those with more particular names first.
    static let all: [KnownExport] = [
        KnownExport(
            "OpenAI's old activity export",
            [
                ["n_context_tokens_total"], ["n_generated_tokens_total"], ["api_key_redacted"],
                ["timestamp", "model", "num_requests"], ["snapshot_id", "n_requests"],
                ["organization_name", "usage_type"], ["cost_in_major"],
            ],
            "export the usage again from today's dashboard, or from "
                + "/v1/organization/usage/completions, and use --format openai-usage"),
        KnownExport(
            "OpenAI's costs", [["start_time", "amount_value"]],
            "compare them with tally reconcile --provider openai", alsoIn: [.openAIUsage]),
        KnownExport(
            "Anthropic's bill or usage report", [["usage_date_utc"], ["starting_at", "results"]],
            "compare it with tally reconcile --provider anthropic"),
        KnownExport(
            "a FOCUS bill", [["BilledCost", "ChargePeriodStart"]],
            "an import takes requests, not charges"),
        KnownExport(
            "OpenAI's usage", .openAIUsage,
            [
                ["start_time", "num_model_requests"], ["start_time", "num_requests"],
                ["start_time", "results"], ["start_time_iso", "num_model_requests"],
            ]),
        KnownExport(
            "LiteLLM's spend logs", .liteLLMSpend,
            [
                ["request_id", "call_type"], ["request_id", "custom_llm_provider"],
                ["call_type", "spend"], ["request_id", "startTime", "prompt_tokens"],
            ]),
        KnownExport(
            "Helicone's", .helicone,
            [
                ["request_created_at"], ["response_status", "request_path"], ["helicone_user"],
                ["response_id", "response_status"],
            ]),
        KnownExport(
            "Langfuse's", .langfuse,
            [
                ["startTime", "traceId"], ["start_time", "trace_id", "type"], ["usageDetails"],
                ["usage_details"], ["providedModelName"], ["provided_model_name"],
                ["completionStartTime", "promptTokens"],
            ]),
        KnownExport(
            "OpenTelemetry's", .otlpJSON,
            [["resourceSpans"], ["resourceLogs"], ["resourceMetrics"]]
        ),
        KnownExport(
            "Cursor's usage events", .cursor, [["Date", "Max Mode"], ["Date", "Kind", "Model"]]),
        KnownExport(
            "a transcript of Claude Code", .claudeCode,
            [["parentUuid", "sessionId"], ["leafUuid", "summary"], ["requestId", "sessionId"]]),
        KnownExport("CloudEvents", .cloudevents, [["specversion"]]),
        KnownExport(
            "this program's CSV export", [["occurred_at", "price_state", "external_id"]],
            "export with --format native, which keeps the identities of events"),
        KnownExport("native events", .native, [["type", "occurred_at"]]),
        KnownExport(
            "LangSmith's", [["run_type", "dotted_order"], ["run_type", "trace_id"]],
            "save it as a CSV, and name its columns with --format csv --map FIELD=COLUMN"),
        KnownExport(
            "OpenRouter's activity", [["generation_id", "model_permaslug"]],
            "name its columns with --format csv --map FIELD=COLUMN"),
    ]

    private init(
        _ owner: String, _ signatures: [Set<String>], _ advice: String,
        alsoIn: [ImportFormat] = []
    ) {
        (self.owner, self.signatures, self.advice) = (owner, signatures, advice)
        (format, self.alsoIn) = (nil, alsoIn)
    }

    private init(_ owner: String, _ format: ImportFormat, _ signatures: [Set<String>]) {
        (self.owner, self.signatures, self.format) = (owner, signatures, format)
        advice = "use --format \(format.rawValue)"
    }
}

// MARK: - Files of another kind

extension ImportFormat {
    /// What a file of this format is, in a sentence.
    var title: String {
        switch self {
        case .openAIUsage: "an OpenAI usage export"
        case .liteLLMSpend: "an export of LiteLLM's spend logs"
        case .langfuse: "a Langfuse export"
        case .helicone: "a Helicone export"
        case .otlpJSON: "an OpenTelemetry export"
        case .cloudevents: "a file of CloudEvents"
        case .native, .ndjson: "a file of events"
        default: "a file of the format \(rawValue)"
        }
    }

    /// Why a file is not of this format, in one sentence; nil if it may be.
    ///
    /// One bad row must not refuse a file, so only names that belong to another product count, or
    /// a first row that names a model and has no name of this one.
    func refusal(of row: RowOutline) -> String? {
        let own = KnownExport.all.first { $0.format == (self == .ndjson ? .native : self) }
        if own?.recognizes(row) == true { return nil }
        let other = KnownExport.all.first { $0.recognizes(row) }
        // Our own formats say row by row what an event of another one lacks.
        if let other, product != nil || other.format != .native {
            if other.alsoIn.contains(self) { return nil }
            return "this is not \(title): it looks like \(other.owner); \(other.advice)"
        }
        guard product != nil, let own, row.isWhole, row.names.contains("model"),
            !own.isHinted(by: row)
        else { return nil }
        let expected = own.signatures.map { $0.sorted().joined(separator: " and ") }
        return "this is not \(title): it has none of the columns by which one is known ("
            + expected.prefix(2).joined(separator: "; ") + "); older exports may lack them: "
            + "export it again, or name its columns with --format csv --map FIELD=COLUMN"
    }

    /// Why the content is no text at all; nil if it may be.
    static func refusal(ofContent bytes: UnsafeRawBufferPointer) -> String? {
        binaries.first { bytes.starts(with: $0.start.utf8) }.map {
            "this is \($0.name), not text: \($0.advice)"
        }
    }

    private static let binaries: [(start: String, name: String, advice: String)] = [
        (
            "PK\u{3}\u{4}", "an Excel workbook or another ZIP archive",
            "save the sheet as CSV (UTF-8), or unpack the archive"
        ),
        ("PAR1", "a Parquet file", "convert it to CSV or NDJSON"),
        ("SQLite format 3", "an SQLite database", "export the table as CSV"),
        ("%PDF", "a PDF", "export the figures as CSV"),
        ("Obj\u{1}", "an Avro file", "convert it to NDJSON"),
    ]
}
