package import JSON
package import LedgerModel

/// One event of an input, or why it was not taken; a bad one never costs its neighbours.
package struct ReadItem: Sendable {
    /// Which event of the input it is, from 0; blank lines do not count.
    package let index: Int
    /// The line it starts on, from 1, where the input has lines.
    package let line: Int?
    package let result: Result<Event, Rejection>
    /// The span that it was read from: what its sender knows it by.
    package let span: SpanName?

    package init(
        index: Int, line: Int?, result: Result<Event, Rejection>, span: SpanName? = nil
    ) {
        self.index = index
        self.line = line
        self.result = result
        self.span = span
    }

    /// The place for a message: `line 12`, or `events[7]` where there are no lines.
    package var place: String { line.map { "line \($0)" } ?? "events[\(index)]" }
}

/// Why one event was not taken.
package struct Rejection: Fault, Hashable, Sendable {
    package var kind: FaultKind { .invalid }

    /// The id that the sender gave, as far as it is known.
    package let id: String?
    /// One sentence, without the place.
    package let reason: String

    package init(id: String?, reason: String) {
        self.id = id
        self.reason = reason
    }

    package var description: String { reason }
}

/// Why a whole body was not read; nothing of it was.
package enum BodyFault: Error, Hashable, Sendable {
    /// Not JSON, or not the form that was announced; the place is a byte from 0.
    case malformed(reason: String, offset: Int)
    case unsupportedContentType(String)
    case unsupportedEncoding(String)
    /// More than this many bytes, also after expansion.
    case tooLarge(limit: Int)
    /// The compressed bytes are not what their encoding says.
    case corrupt(encoding: String)
}

extension BodyFault: Fault {
    package var kind: FaultKind {
        switch self {
        case .tooLarge: .tooLarge
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
        case .corrupt(let encoding):
            "the body is not valid \(encoding), or it is truncated"
        }
    }
}

extension BodyFault {
    package init(_ fault: JSONFault) {
        self = .malformed(reason: fault.reason, offset: fault.offset)
    }
}
