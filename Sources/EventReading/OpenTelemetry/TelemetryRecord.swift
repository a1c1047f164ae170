import LedgerModel

/// The facts of a span, a log record or a metric that matter here.
struct TelemetryRecord {
    var name = ""
    /// The instrumentation that made the record.
    var scope: String
    var attributes: AttributeSet
    var trace: (high: UInt64, low: UInt64) = (0, 0)
    var span: UInt64 = 0
    /// The span around it; 0 for none.
    var parent: UInt64 = 0
    /// Nanoseconds since 1970; 0 if missing.
    var start: UInt64 = 0
    var end: UInt64 = 0
    /// Nanoseconds, for a record without an end; 0 if missing.
    var duration: UInt64 = 0
    /// How its program counts, where that is known of the record itself.
    var reading: CountReading?
    /// Whether it may be the start of a stream whose end is told by another record.
    var onlyBegins = false
    /// When the first piece of the answer came.
    var firstToken: UInt64 = 0
    /// Whether the receiver of the call reported it.
    var isServerSide = false
    var isError = false
    var exceptionType: String?
    /// Why it cannot be read; found while reading.
    var problem: String?
    /// How many items of its signal it represents: the data points of a metric.
    var count = 1

    init(scope: String, attributes: AttributeSet) {
        self.scope = scope
        self.attributes = attributes
    }

    mutating func fail(_ problem: String) {
        if self.problem == nil { self.problem = problem }
    }

    /// Takes the bytes of the two ids; an absent id is empty.
    mutating func identify(trace: some Collection<UInt8>, span: some Collection<UInt8>) {
        if trace.count != 16 && !trace.isEmpty {
            fail("the trace id has \(trace.count) bytes: expected 16")
        } else if span.count != 8 && !span.isEmpty {
            fail("the span id has \(span.count) bytes: expected 8")
        } else {
            self.trace = (word(trace.prefix(8)), word(trace.dropFirst(8)))
            self.span = word(span)
        }
    }

    /// Takes the bytes of the parent's id; one that is no id says nothing.
    mutating func identify(parent: some Collection<UInt8>) {
        if parent.count == 8 { self.parent = word(parent) }
    }

    private func word(_ bytes: some Collection<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Takes an event of the span.
    mutating func happened(_ name: String, at time: UInt64) {
        guard time > 0, TelemetryFact.firstTokenEvents.contains(name) else { return }
        if firstToken == 0 || time < firstToken { firstToken = time }
    }

    var hasIdentity: Bool { trace != (0, 0) && span != 0 }

    /// Where a report comes from; a log record lies in the span that it names.
    func origin(of signal: TelemetrySignal) -> CallOrigin {
        var origin = CallOrigin()
        if hasIdentity {
            origin.traceID = Name(hexadecimal(trace.high) + hexadecimal(trace.low))
            let parent = signal == .logs ? span : parent
            if signal != .logs { origin.spanID = Name(hexadecimal(span)) }
            if parent != 0 { origin.parentSpanID = Name(hexadecimal(parent)) }
        }
        origin.scope = Self.kept(scope)
        origin.responseID = attributes.text(.responseID).flatMap(Self.kept)
        return origin
    }

    /// A text that an event can hold: none of these is worth losing the event.
    private static func kept(_ text: String) -> Name? {
        let isKept = 1...CallOrigin.valueBytesMax ~= text.utf8.count && !text.utf8.contains(0)
        return isKept ? Name(text) : nil
    }

    /// nil without an identity.
    var spanName: SpanName? { hasIdentity ? SpanName(trace: trace, span: span) : nil }
    var idText: String? { spanName?.description }

    /// What an example of it is called.
    var shownName: String {
        let name = String(name.prefix(64))
        return idText.map { name.isEmpty ? $0 : "\(name) (\($0))" } ?? name
    }
}

/// A span by its ids.
package struct SpanName: Sendable, CustomStringConvertible {
    let trace: (high: UInt64, low: UInt64)
    let span: UInt64

    /// `trace/span` in hexadecimal, as other tools show it.
    package var description: String {
        "\(hexadecimal(trace.high) + hexadecimal(trace.low))/\(hexadecimal(span))"
    }
}

/// The three kinds of telemetry, each with its own path.
package enum TelemetrySignal: String, CaseIterable, Sendable {
    case traces, logs, metrics

    /// The name of its items in messages.
    package var items: String {
        switch self {
        case .traces: "spans"
        case .logs: "log records"
        case .metrics: "data points"
        }
    }
}
