package import JSON
package import LedgerModel

/// One event of an input, or why it was refused; a bad one never affects its neighbours.
package struct ReadItem: Sendable {
    /// The event's index in the input, from 0, not counting blank lines.
    package let index: Int
    /// The line on which it starts, from 1, if the input has lines.
    package let line: Int?
    package let result: Result<Event, Rejection>
    /// The span it was read from, by which its sender knows it.
    package let span: SpanName?

    package init(
        index: Int, line: Int?, result: Result<Event, Rejection>, span: SpanName? = nil
    ) {
        self.index = index
        self.line = line
        self.result = result
        self.span = span
    }

    /// The item as it came by an API key, or by none: what its sender says of that does not count.
    package func reported(by key: EventID?) -> ReadItem {
        guard case .success(var event) = result, key != nil || event.dimensions[.apiKey] != nil
        else { return self }
        event.dimensions[.apiKey] = key.map { Name($0.description) }
        return ReadItem(index: index, line: line, result: .success(event), span: span)
    }

    /// The place for a message: `line 12`, or `events[7]` if there are no lines.
    package var place: String { line.map { "line \($0)" } ?? "events[\(index)]" }
}

/// Why one event was refused.
package struct Rejection: Fault, Hashable, Sendable {
    package var kind: FaultKind { .invalid }

    /// The id that the sender gave, if known.
    package let id: String?
    /// One sentence, without the place.
    package let reason: String

    package init(id: String?, reason: String) {
        self.id = id
        self.reason = reason
    }

    package var description: String { reason }
}

/// Why a whole body was refused; nothing in it was read.
package enum BodyFault: Error, Hashable, Sendable {
    /// Not JSON, or not the announced form; the place is a byte from 0.
    case malformed(reason: String, offset: Int)
    case unsupportedContentType(String)
    case unsupportedEncoding(String)
    /// More than this many bytes, even after expansion.
    case tooLarge(limit: Int)
    case tooManyEvents(max: Int)
    /// Mostly punctuation, or a value with too many others in it.
    case tooManyValues(max: Int, offset: Int)
    /// The compressed bytes do not fit their encoding.
    case corrupt(encoding: String)
}

extension BodyFault: Fault {
    package var kind: FaultKind {
        switch self {
        case .tooLarge, .tooManyEvents, .tooManyValues: .tooLarge
        case .unsupportedContentType, .unsupportedEncoding: .unsupported
        case .malformed, .corrupt: .invalid
        }
    }

    package var description: String {
        switch self {
        case .malformed(let reason, let offset):
            "the body cannot be read at byte \(offset): \(reason)"
        case .unsupportedContentType(let type):
            "the content type \(type) is not supported: send application/json, "
                + "application/x-ndjson, application/cloudevents+json or "
                + "application/cloudevents-batch+json"
        case .unsupportedEncoding(let encoding):
            "the content encoding \(encoding) is not supported: send gzip, deflate, zstd or none"
        case .tooLarge(let limit):
            "the body is larger than \(limit) bytes when expanded: send it in parts"
        case .tooManyEvents(let max):
            "the body has more than \(max) events or lines: send it in parts"
        case .tooManyValues(let max, let offset):
            "the body has more than \(max) values at byte \(offset), or hardly anything but "
                + "punctuation: send it in parts"
        case .corrupt(let encoding):
            "the body is not valid \(encoding), or it is truncated"
        }
    }
}

extension BodyFault {
    package init(_ fault: JSONFault) {
        self =
            if case .tooManyValues(let max) = fault.kind {
                .tooManyValues(max: max, offset: fault.offset)
            } else {
                .malformed(reason: fault.reason, offset: fault.offset)
            }
    }
}
