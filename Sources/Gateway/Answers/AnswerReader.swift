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

    package init(kind: Kind, bytes: ByteBuffer) {
        self.kind = kind
        self.bytes = bytes
    }
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

/// Reads an answer while it passes: its frames, the first output, and in the end what it used.
package struct AnswerReader: Sendable {
    private let expected: ExpectedUsage
    private var waiting = ByteBuffer()

    /// The longest line of a stream, and the longest event.
    package static let lineBytesMax = 16 << 20

    /// - Parameters:
    ///   - provider: its name in the price book, by which its way to report usage is known.
    ///   - expected: what is booked of the input where the answer does not tell it.
    ///   - wasUsageAdded: whether the stream tells its usage because the gateway asked for it.
    package init(
        _ api: GatewayAPI, prices provider: Name, isStream: Bool, expected: ExpectedUsage,
        wasUsageAdded: Bool
    ) {
        self.expected = expected
    }

    /// Takes the next bytes of a stream.
    ///
    /// - Returns: whole frames, byte for byte; what is cut waits for the rest.
    /// - Throws: `UnreadableStream` for a line that is too long; nothing can be read from there on.
    package mutating func read(_ piece: ByteBuffer) throws(UnreadableStream) -> [StreamFrame] {
        [StreamFrame(kind: .output, bytes: piece)]
    }

    /// Takes the whole body of an answer that is no stream.
    package mutating func readWhole(_ body: ByteBuffer) {}

    /// What stands at the end of a stream without an empty line, byte for byte.
    package mutating func rest() -> ByteBuffer? { nil }

    /// Output tokens that have come so far, roughly; never less than nothing and cheap to ask for.
    package var outputTokensSoFar: Int64 { 0 }

    /// What is known at the end, however that came; the text is counted here where the usage is missing.
    package consuming func finish() async -> MeteredAnswer { MeteredAnswer(usage: expected.usage) }
}

/// A stream that cannot be read on.
package struct UnreadableStream: Error, Sendable {
    package let reason: String
}
