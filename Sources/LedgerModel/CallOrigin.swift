/// Where a report of a call to a model comes from, as its reporter names it.
///
/// Two reports of one call are recognized by it: see `SameCall`.
package struct CallOrigin: Hashable, Sendable {
    /// The trace and the span that reported the call, in hexadecimal if OpenTelemetry named them.
    package var traceID: Name?
    package var spanID: Name?
    /// The span around it.
    package var parentSpanID: Name?
    /// The instrumentation that reported it.
    package var scope: Name?
    /// The provider's own id of the answer.
    package var responseID: Name?

    package init() {}

    /// Longest value, in bytes.
    package static let valueBytesMax = 512

    /// Whether another report of the same call could be recognized.
    package var isTraceable: Bool {
        responseID != nil || (traceID != nil && (spanID != nil || parentSpanID != nil))
    }

    /// The values that are present, by their names in JSON and in SQL.
    package var named: [(name: String, value: Name)] {
        zip(Self.fields, [traceID, spanID, parentSpanID, scope, responseID])
            .compactMap { field, value in value.map { (field.column, $0) } }
    }

    /// The fields of an event that hold it.
    package static let fields: [Field] = [.traceID, .spanID, .parentSpanID, .scope, .responseID]
}
