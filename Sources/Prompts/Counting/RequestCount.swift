package import Tokenizing

/// The input tokens of one request, line by line.
package struct RequestCount: Sendable {
    package enum Source: String, Sendable {
        case text, role, name, image, audio, reasoning, frame, primer, preamble
        case toolCall = "tool_call"
        case toolResult = "tool_result"
        case toolDefinition = "tool_definition"
        case toolFrame = "tool_frame"
        case schema
    }

    /// How far a line can be trusted.
    package enum Basis: String, Sendable {
        /// Counted by the provider's own tokenizer.
        case exact
        /// Counted by a rule that the provider documents.
        case documented
        /// Within the counter's band of the billed number.
        case estimated
        /// The most that it can cost, because the body does not say enough.
        case atMost = "at_most"
    }

    package struct Line: Sendable, Hashable {
        package let place: String
        package let source: Source
        package let tokens: Int
        package let basis: Basis
    }

    package private(set) var lines: [Line] = []
    package private(set) var tokens = 0
    /// The tokens of each message, with its frame.
    package private(set) var messageTokens: [Int] = []
    /// The upper bound of each message's tokens.
    private(set) var messageBounds: [Int] = []
    /// The fraction within which estimated lines lie.
    package let band: Double
    /// Parts of the request that could not be counted; the true number is higher.
    package var uncounted: [String] = []

    /// The possible error of an undocumented rule, such as that for a nested schema.
    static let ruleBand = 0.15

    private var estimated = 0
    private var atMost = 0
    /// The negated tokens of the messages: added to all tokens, they give those outside of
    /// messages.
    private var outsideTokens = 0
    private var outsideEstimated = 0

    init(band: Double) {
        self.band = band
    }

    mutating func add(_ line: Line) {
        lines.append(line)
        tokens += line.tokens
        switch line.basis {
        case .estimated: estimated += line.tokens
        case .atMost: atMost += line.tokens
        case .exact, .documented: break
        }
    }

    /// Counts what `body` adds as one message.
    mutating func message(_ body: (inout RequestCount) -> Void) {
        let (tokensBefore, estimatedBefore) = (tokens, estimated)
        body(&self)
        messageTokens.append(tokens - tokensBefore)
        messageBounds.append(bound(tokens - tokensBefore, estimated - estimatedBefore))
        outsideTokens -= tokens - tokensBefore
        outsideEstimated -= estimated - estimatedBefore
    }

    private func bound(_ tokens: Int, _ estimated: Int) -> Int {
        tokens + Int((Double(estimated) * band).rounded(.up))
    }

    /// How exact the total is: exact if no line is estimated, else with a band in proportion to the
    /// estimated lines.
    package var exactness: TokenCounter.Exactness {
        if estimated + atMost == 0 && uncounted.isEmpty { return .exact }
        guard tokens > 0 else { return .estimated(band: band) }
        return .estimated(
            band: (Double(estimated) * band + Double(atMost)) / Double(tokens))
    }

    /// The number that the provider does not exceed, if the band holds.
    ///
    /// It is the sum of the bounds of the messages and of everything else, so that it can be kept
    /// up to date while messages are dropped.
    package var upperBound: Int {
        messageBounds.reduce(0, +) + bound(tokens + outsideTokens, estimated + outsideEstimated)
    }
}
