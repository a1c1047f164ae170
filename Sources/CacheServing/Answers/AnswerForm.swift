/// How an answer is sent: in one piece, or as server-sent events.
package enum AnswerForm: Sendable, Equatable {
    case whole
    /// - Parameter withUsage: whether a chunk tells the usage, which OpenAI's older APIs do only if
    ///   asked; the others always do.
    case stream(withUsage: Bool)

    package static let wholeType = "application/json"
    package static let streamType = "text/event-stream"

    package var contentType: String {
        self == .whole ? Self.wholeType : Self.streamType
    }

    /// Whether a body of this media type is a stream.
    package static func isStream(_ contentType: String) -> Bool {
        contentType.lowercased().hasPrefix(streamType)
    }
}

/// Why nothing can be made of an answer: a sentence.
package enum UnreadableAnswer: Error, Hashable, Sendable, CustomStringConvertible {
    case notJSON(String)
    case notAnObject
    /// Not the events of the API that it is said to be of.
    case notAStream(String)
    /// The provider says that it failed.
    case failed(String)

    package var description: String {
        switch self {
        case .notJSON(let reason): "the answer is not JSON: \(reason)"
        case .notAnObject: "the answer is not a JSON object"
        case .notAStream(let reason): "the answer is no stream of this API: \(reason)"
        case .failed(let reason): "the answer is an error: \(reason)"
        }
    }
}
