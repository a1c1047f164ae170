package import LedgerModel
package import NIOCore

/// A piece of a streamed answer that belongs together: an event with its empty line.
package struct StreamFrame: Sendable {
    package enum Kind: Sendable, Equatable {
        /// That an answer has begun, or goes on: nothing that a person could read.
        case lifecycle
        case thinking
        /// Text, or a call of a tool: from here on nobody else may answer.
        case output
        /// A chunk that tells the usage and nothing else.
        case usage
        case ping
        /// The provider says that it failed.
        case error
        /// The last one: `[DONE]`, `message_stop`, `response.completed`.
        case end
    }

    package let kind: Kind
    /// Byte for byte as it came.
    package let bytes: ByteBuffer
}

/// What is known of an answer's usage when it has ended, however that was.
package struct MeteredAnswer: Sendable {
    package var usage: Usage
    /// False if the provider did not tell it all, so that some of it was estimated.
    package var isReported: Bool
    /// Who answered, as the answer says.
    package var model: Name?
    package var serviceTier: Name?
    package var region: Name?
    /// Whether it came to its end.
    package var isComplete: Bool
    package var finishReason: String?
    /// The provider's id of the answer.
    package var responseID: String?
    package var errorType: Name?

    package init(usage: Usage = Usage(), isReported: Bool = false, isComplete: Bool = false) {
        self.usage = usage
        self.isReported = isReported
        self.isComplete = isComplete
    }
}
