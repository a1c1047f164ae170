package import LedgerModel
package import NIOCore
import UsageExtraction

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
///
/// A chunk is looked into and not parsed; texts are kept as they are spelled, and counted only if the
/// usage does not come.
package struct AnswerReader: Sendable {
    let shape: AnswerShape
    let expected: ExpectedUsage
    private var events = EventStreamReader()
    /// Bytes that wait for the rest of their event.
    private var waiting = 0
    private var hasFailed = false
    var said = SaidSoFar()

    /// The longest event of a stream.
    package static let eventBytesMax = EventStreamReader.eventBytesMax

    /// - Parameters:
    ///   - provider: its name in the price book, by which its way to report usage is known.
    ///   - expected: what is booked of the input where the answer does not tell it.
    ///   - wasUsageAdded: whether the stream tells its usage because the gateway asked for it.
    package init(
        _ api: GatewayAPI, prices provider: Name, isStream: Bool, expected: ExpectedUsage,
        wasUsageAdded: Bool
    ) {
        shape = AnswerShape(api, provider)
        self.expected = expected
        self.isStream = isStream
        self.wasUsageAdded = wasUsageAdded
    }

    package let isStream: Bool
    package let wasUsageAdded: Bool

    // MARK: A stream

    /// Takes the next bytes of a stream.
    ///
    /// - Returns: whole frames, byte for byte; what is cut waits for the rest.
    /// - Throws: `UnreadableStream` for an event that is too long; nothing can be read from there on.
    package mutating func read(_ piece: ByteBuffer) throws(UnreadableStream) -> [StreamFrame] {
        if hasFailed { throw UnreadableStream.tooLong }
        events.append(piece.readableBytesView)
        var frames: [StreamFrame] = []
        // Where the next event begins in the piece; before it if its beginning came earlier.
        var place = -waiting
        while let event = events.next() {
            let count = event.bytes.count
            let isWithin = place >= 0
            let slice =
                isWithin ? piece.getSlice(at: piece.readerIndex + place, length: count) : nil
            let bytes = slice ?? ByteBuffer(bytes: event.bytes)
            frames.append(StreamFrame(kind: said.take(event, shape), bytes: bytes))
            place += count
        }
        if events.isSkipping {
            hasFailed = true
            throw UnreadableStream.tooLong
        }
        waiting = piece.readableBytes - place
        return frames
    }

    /// What stands at the end of a stream without an empty line, byte for byte.
    package mutating func rest() -> ByteBuffer? {
        guard let event = events.rest() else { return nil }
        waiting = 0
        _ = said.take(event, shape)
        return ByteBuffer(bytes: event.bytes)
    }

    /// Output tokens that have come so far, roughly: rather too many than too few.
    package var outputTokensSoFar: Int64 {
        max(said.outputEvents, Int64(said.textBytes) / Self.bytesPerToken)
    }

    private static let bytesPerToken: Int64 = 3

    // MARK: A whole answer

    /// Takes the whole body of an answer that is no stream.
    package mutating func readWhole(_ body: ByteBuffer) {
        body.withUnsafeReadableBytes { bytes in
            bytes.withMemoryRebound(to: UInt8.self) { said.takeWhole($0, shape) }
        }
    }

    // MARK: The end

    /// What is known at the end, however that came.
    ///
    /// Where the provider did not tell the usage, the input is what was expected of it, and the text that
    /// came is counted.
    package consuming func finish() -> MeteredAnswer {
        var metered = MeteredAnswer()
        metered.model = said.model.flatMap(Self.name)
        metered.serviceTier = said.serviceTier.map { $0 == "default" ? "standard" : Name($0) }
        metered.finishReason = said.finishReason
        metered.responseID = said.responseID
        metered.errorType = said.errorType.flatMap(Self.name)
        let isEnded = said.isComplete || said.choicesEnded >= expected.choices
        metered.isComplete = isEnded && said.errorType == nil
        let reported = said.usage(of: shape)
        if let reported, said.isUsageFinal, isEnded {
            (metered.usage, metered.isReported) = (reported, true)
        } else if !shape.isCharged || (said.hasFailedAtOnce && reported == nil) {
            // Nobody charges for an error, or for what has no usage.
            metered.isReported = true
        } else {
            metered.usage = estimate(from: reported)
        }
        return metered
    }

    /// The usage as far as it was told, completed by what was expected and by what came.
    private func estimate(from reported: Usage?) -> Usage {
        var usage = reported ?? expected.input
        if !shape.hasOutput { return usage }
        let model = said.model ?? expected.model ?? ""
        let counted = said.countOutput(as: model)
        usage[.outputTokens] = max(usage.value(.outputTokens), counted.all)
        if counted.thinking > 0, reported == nil {
            usage[.reasoningOutputTokens] = counted.thinking
        }
        return (try? usage.validate()) == nil ? expected.input : usage
    }

    private static func name(_ text: String) -> Name? {
        let isUsable =
            !text.isEmpty && text.utf8.count <= Dimensions.valueBytesMax && !text.utf8.contains(0)
        return isUsable ? Name(text) : nil
    }
}

/// A stream that cannot be read on.
package struct UnreadableStream: Error, Sendable {
    package let reason: String

    static let tooLong = UnreadableStream(
        reason: "an event of the provider's stream is longer than "
            + "\(AnswerReader.eventBytesMax >> 20) MiB")
}

extension ExpectedUsage {
    /// What is known of the input.
    var input: Usage {
        var input = usage
        for unit in UsageUnit.allCases {
            if unit == .outputTokens || unit.container == .outputTokens { input[unit] = nil }
        }
        return input
    }
}
