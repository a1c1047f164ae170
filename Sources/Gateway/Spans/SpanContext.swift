import HTTPTypes
package import LedgerModel

/// Where a request stands in its trace.
///
/// All of it follows from the request: its id, which is random, names the gateway's own span and, if
/// the caller is in no trace, a new one. So whoever needs the context makes it, and nobody hands it on.
package struct SpanContext: Hashable, Sendable {
    package let trace: TraceID
    /// The gateway's own span around the request.
    package let span: UInt64
    /// The caller's.
    package let parent: UInt64?
    package let flags: UInt8
    package let state: String?

    /// Sampled unless the caller says otherwise, as one who began a trace would.
    private static let sampled: UInt8 = 1

    package init(of request: GatewayRequest) {
        self.init(id: request.id, under: TraceParent(request.headers))
    }

    package init(id: EventID, under parent: TraceParent?) {
        trace = parent?.trace ?? TraceID(high: id.high, low: id.low)
        span = Self.mixed(id.low, 0)
        self.parent = parent?.span
        flags = parent?.flags ?? Self.sampled
        state = parent?.state
    }

    package var isSampled: Bool { flags & Self.sampled != 0 }

    /// The span of one call to a provider; the first is 1.
    package func span(ofAttempt number: Int) -> UInt64 { Self.mixed(span, UInt64(number)) }

    /// The span of one stage; the first is 0.
    func span(ofStage number: Int) -> UInt64 { Self.mixed(~span, UInt64(number)) }

    /// What a provider is told in the call of an attempt: `traceparent`, and `tracestate` as it came.
    package func headers(ofAttempt number: Int) -> [(name: String, value: String)] {
        let flags = String(flags, radix: 16)
        let parent =
            "00-\(trace)-\(hexadecimal(span(ofAttempt: number)))-"
            + String(repeating: "0", count: 2 - flags.count) + flags
        return [("traceparent", parent)] + (state.map { [("tracestate", $0)] } ?? [])
    }

    /// Where the request's event comes from, for a caller in a trace; nothing for any other.
    ///
    /// If the caller reports its own span too, the two are known as one call.
    package var origin: CallOrigin {
        var origin = CallOrigin()
        guard let parent else { return origin }
        origin.traceID = Name("\(trace)")
        origin.spanID = Name(hexadecimal(span))
        origin.parentSpanID = Name(hexadecimal(parent))
        origin.scope = Name(GatewaySpans.scope)
        return origin
    }

    /// Another number for each two (SplitMix64's finaliser); zero is no span.
    private static func mixed(_ word: UInt64, _ number: UInt64) -> UInt64 {
        var word = word &+ (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return max(1, word ^ (word >> 31))
    }
}

extension TraceID: CustomStringConvertible {
    package var description: String { hexadecimal(high) + hexadecimal(low) }
}
