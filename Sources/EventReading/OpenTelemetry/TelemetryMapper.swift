import LedgerModel

/// Classifies records, and makes events from those that are calls to a model.
///
/// docs/opentelemetry.md has the rules in words; docs/decisions/0017 says why.
struct TelemetryMapper: Sendable {
    enum Outcome {
        case event(Event)
        case refused(Rejection)
        case ignored(Ignored)
    }

    /// Why a record is ignored.
    enum Ignored: Hashable, CaseIterable, Sendable {
        case notACall
        case surrounding
        /// A stream that began, of which another record tells how it ended.
        case begun
        case serverSide
        case scope
        /// A log record with usage inside a span, which reports the same usage.
        case logOfSpan
        /// A metric about calls: its sums cannot be priced by request.
        case aggregate
        case otherMetric

        var sentence: String {
            switch self {
            case .notACall: "it is not a call to a model"
            case .surrounding: "it is around calls that have records of their own, or is free"
            case .begun: "it is the start of a stream; the record of its end is booked"
            case .serverSide: "it is a call from the server's side; the caller's span is booked"
            case .scope: "its scope is named in TALLY_OTLP_IGNORE"
            case .logOfSpan:
                "its span reports the same usage; set TALLY_OTLP_LOGS=all if no spans are sent"
            case .aggregate: "a total over calls has no price; send traces"
            case .otherMetric: "it is not a metric of calls to models"
            }
        }
    }

    /// Longest label, in bytes, for how an answer ended; anything longer is no such word.
    private static let outcomeBytesMax = 64

    let settings: TelemetrySettings
    let table: AttributeTable

    init(_ settings: TelemetrySettings) {
        self.settings = settings
        table = AttributeTable(settings)
    }

    func map(
        _ record: TelemetryRecord, of signal: TelemetrySignal, at now: Timestamp
    ) -> Outcome {
        let record = TelemetryDialect.translated(record, of: signal)
        do throws(Refusal) {
            switch signal {
            case .metrics:
                return .ignored(record.name.hasPrefix("gen_ai.") ? .aggregate : .otherMetric)
            case .logs: if let reason = reasonToIgnoreLog(record) { return .ignored(reason) }
            case .traces: break
            }
            if let problem = record.problem { throw Refusal(problem) }
            if let reason = reasonToIgnore(record) { return .ignored(reason) }
            return .event(try event(record, of: signal, at: now))
        } catch {
            return .refused(Rejection(id: record.idText, reason: error.reason))
        }
    }

    // MARK: Which records are calls

    private func reasonToIgnore(_ record: TelemetryRecord) -> Ignored? {
        if settings.ignoredScopes.contains(record.scope) { return .scope }
        // Counting the tokens of a request costs nothing.
        if record.name.hasSuffix("count_tokens") { return .surrounding }
        if record.onlyBegins, !hasUsage(record), !record.attributes.has(.responseID),
            !record.isError, !record.attributes.has(.errorType)
        {
            return .begun
        }
        let operation = record.attributes.text(.operation)?.lowercased()
        // Counting is free, and what is counted is not used.
        if OperationNames.isFree(operation ?? record.name) { return .notACall }
        let kind = record.attributes.text(.spanKind)?.lowercased()
        let role =
            operation.flatMap { TelemetryRole.ofOperation[$0] }
            ?? kind.flatMap { TelemetryRole.ofKind[$0]?.role }
        switch role {
        case .surrounding: return .surrounding
        case .request: return record.isServerSide ? .serverSide : nil
        case nil: break
        }
        // Anthropic's SDK names the operation of every call to a model.
        if operation == nil, record.scope.hasPrefix("com.anthropic.sdk.") { return .notACall }
        // Neither tells, so the shape decides. Custom operation names are allowed, but then the
        // usage must show that it is a call; usage without a model is refused later.
        let hasUsage = hasUsage(record)
        let hasModel = record.attributes.has(.requestModel) || record.attributes.has(.responseModel)
        guard record.attributes.has(.provider), hasUsage || (hasModel && operation == nil) else {
            return .notACall
        }
        return record.isServerSide ? .serverSide : nil
    }

    /// Log records with usage are calls; one inside a span would count the call twice.
    private func reasonToIgnoreLog(_ record: TelemetryRecord) -> Ignored? {
        guard hasUsage(record) else { return .notACall }
        return record.hasIdentity && !settings.booksLogsOfSpans ? .logOfSpan : nil
    }

    private func hasUsage(_ record: TelemetryRecord) -> Bool {
        UsageUnit.allCases.contains { record.attributes.has(.unit($0)) }
    }

    // MARK: The event

    private func event(
        _ record: TelemetryRecord, of signal: TelemetrySignal, at now: Timestamp
    ) throws(Refusal) -> Event {
        guard record.start > 0 else { throw Refusal("it has no start time") }
        let attributes = record.attributes
        let errorType = attributes.text(.errorType) ?? record.exceptionType
        let hasFailed = record.isError || attributes.has(.errorType)
        let time = Timestamp(unixMicroseconds: Int64(record.start / 1_000))
        var event = Event(
            id: EventID(at: time, digest: try identity(of: record, signal)),
            kind: hasFailed ? .requestFailed : .requestCompleted, occurredAt: time)
        event.origin = record.origin(of: signal)
        try describe(&event, record)
        event.usage = try usage(
            record, of: event.dimensions[.provider]?.string ?? "",
            event.dimensions[.model]?.string ?? "")
        if hasFailed { event.errorType = errorType.map { Name($0) } }
        event.status = try status(attributes, errorType: hasFailed ? errorType : nil)
        try clock(&event, record)
        do throws(EventRefusal) { try event.validate(at: now) } catch {
            throw refusal(error, scope: record.scope)
        }
        return event
    }

    /// The same span always has the same id, whoever sends it and however often.
    ///
    /// A log record has no id of its own; its trace, span, time and answer identify it, and an
    /// exporter that retries sends them unchanged.
    private func identity(
        of record: TelemetryRecord, _ signal: TelemetrySignal
    ) throws(Refusal) -> Digest {
        if signal == .traces, !record.hasIdentity {
            throw Refusal("its trace id or span id is missing or zero")
        }
        var words = [record.trace.high, record.trace.low, record.span]
        if signal == .logs { words.append(record.start) }
        var bytes = words.flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
        }
        if signal == .logs {
            let facts: [TelemetryFact] = [.responseID, .session, .requestModel, .responseModel]
            let counts = UsageUnit.allCases.map(TelemetryFact.unit)
            for fact in facts + counts {
                bytes += Array((record.attributes.text(fact) ?? "").utf8) + [0]
            }
            // Two calls in one session may have the same counts at the same time.
            if let sequence = record.attributes.text(.dialect(.sequence)) {
                bytes += Array(sequence.utf8)
            }
        }
        return Digest(hashing: bytes)
    }

    private func describe(_ event: inout Event, _ record: TelemetryRecord) throws(Refusal) {
        let attributes = record.attributes
        let model =
            attributes.text(.responseModel) ?? attributes.text(.requestModel)
            ?? attributes.parameter("model")
        let provider = TelemetryProvider.name(
            attributes.text(.provider), host: attributes.text(.server), model: model)
        guard let provider else {
            throw Refusal(
                "its provider is missing: expected gen_ai.provider.name (before v1.37 "
                    + "gen_ai.system)")
        }
        guard let model else {
            throw Refusal(
                "its model is missing: expected gen_ai.response.model or gen_ai.request.model")
        }
        event.dimensions[.provider] = Name(provider)
        event.dimensions[.model] = Name(ModelNames.plain(model, of: provider))
        let kind = attributes.text(.spanKind)?.lowercased()
        let operation =
            attributes.text(.operation) ?? kind.flatMap { TelemetryRole.ofKind[$0]?.operation }
        event.dimensions[.operation] = operation.map { Name(OperationNames.name($0)) }
        event.dimensions[.session] = attributes.text(.session).map { Name($0) }
        event.dimensions[.user] = attributes.text(.user).map { Name($0) }
        event.dimensions[.serviceTier] = tier(attributes).map { Name($0) }
        try feed(&event, attributes)
    }

    /// The requested tier counts if the answer names none.
    private func tier(_ attributes: AttributeSet) -> String? {
        let tier = attributes.text(.responseTier) ?? attributes.text(.requestTier)
        return switch tier {
        case "default", "standard_only": "standard"
        case "auto": nil
        default: tier
        }
    }

    private func feed(_ event: inout Event, _ attributes: AttributeSet) throws(Refusal) {
        var labels: [(key: Name, value: Name)] = []
        for (number, feed) in settings.feeds.enumerated() {
            guard let text = try attributes.fed(number) else { continue }
            switch feed.target {
            case .label(let key): labels.append((Name(key), Name(text)))
            // Frameworks send an empty name for an agent that has none.
            case .field(.dimension(.agent)) where text.isEmpty: break
            case .field(.dimension(let dimension)): event.dimensions[dimension] = Name(text)
            default: break
            }
        }
        for (key, text) in Self.outcome(attributes) where !labels.contains(where: { $0.key == key })
        {
            labels.append((key, Name(text)))
        }
        guard !labels.isEmpty else { return }
        do throws(Labels.Refusal) { event.labels = try Labels(labels) } catch {
            throw Refusal(error.description)
        }
    }

    /// The labels for how an answer ended; providers' words and numbers are short.
    private static func outcome(_ attributes: AttributeSet) -> [(key: Name, text: String)] {
        [
            (key: "finish_reason", text: attributes.firstText(.finishReason)),
            (
                key: "max_tokens",
                text: attributes.text(.maxTokens) ?? attributes.parameter("max_tokens")
            ),
        ].compactMap { key, text in
            text.flatMap { $0.isEmpty || $0.utf8.count > outcomeBytesMax ? nil : (key, $0) }
        }
    }

    private func status(
        _ attributes: AttributeSet, errorType: String?
    ) throws(Refusal) -> Int32? {
        // Some instrumentations write the HTTP status as the error type.
        let code = try attributes.count(.httpStatus) ?? errorType.flatMap { Int64($0) }
        guard let code, (100...999).contains(code) else { return nil }
        return Int32(code)
    }

    private func clock(_ event: inout Event, _ record: TelemetryRecord) throws(Refusal) {
        if record.end > 0 {
            guard record.end >= record.start else { throw Refusal("it ends before it starts") }
            event.latency = Int64((record.end - record.start) / 1_000)
        } else if record.duration > 0 {
            event.latency = Int64(record.duration / 1_000)
        }
        let told =
            record.attributes.seconds(.firstTokenSeconds).map { $0 * 1_000_000 }
            ?? record.attributes.seconds(.firstTokenMilliseconds).map { $0 * 1_000 }
        if let told, let microseconds = Int64(exactly: told.rounded()) {
            event.timeToFirstToken = microseconds
        } else if record.firstToken >= record.start, record.firstToken > 0 {
            event.timeToFirstToken = Int64((record.firstToken - record.start) / 1_000)
        }
    }
}
