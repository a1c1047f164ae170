import LedgerModel
import Resilience
import Routing
import Testing

/// What upstreams say of their limits.
@Suite("Learnt limits")
struct LimitsLearntTests {
    /// As OpenAI answers a chat completion.
    private static let openAI = [
        "x-ratelimit-limit-requests": "10000", "x-ratelimit-limit-tokens": "200000",
        "x-ratelimit-remaining-requests": "9999", "x-ratelimit-remaining-tokens": "199984",
        "x-ratelimit-reset-requests": "8.64s", "x-ratelimit-reset-tokens": "4ms",
        "openai-processing-ms": "412", "x-request-id": "req_0d3c",
    ]

    /// As Anthropic answers a message, with nothing left of its output.
    private static let anthropic = [
        "anthropic-ratelimit-requests-limit": "4000",
        "anthropic-ratelimit-requests-remaining": "3999",
        "anthropic-ratelimit-requests-reset": "2026-11-30T18:00:01Z",
        "anthropic-ratelimit-input-tokens-limit": "400000",
        "anthropic-ratelimit-input-tokens-remaining": "399000",
        "anthropic-ratelimit-input-tokens-reset": "2026-11-30T18:00:00Z",
        "anthropic-ratelimit-output-tokens-limit": "80000",
        "anthropic-ratelimit-output-tokens-remaining": "0",
        "anthropic-ratelimit-output-tokens-reset": "2026-11-30T18:01:00Z",
        "anthropic-ratelimit-tokens-limit": "480000",
        "anthropic-ratelimit-tokens-remaining": "399000",
        "anthropic-ratelimit-tokens-reset": "2026-11-30T18:00:01Z",
    ]

    private let today = Timestamp(year: 2026, month: 11, day: 30)
        .advanced(byMicroseconds: 18 * Timestamp.hourMicroseconds)
    private let start = Moment(microseconds: 0)

    private func key(_ provider: String, _ key: String = "main") -> LearntLimits.Key {
        LearntLimits.Key(RouteCandidate(provider: provider, key: key, model: "m"))
    }

    private func read(_ headers: [String: String]) -> [LimitReading] {
        LimitReading.readings(at: today) { headers[$0] }
    }

    @Test("OpenAI's headers are read")
    func openAI() {
        #expect(
            read(Self.openAI) == [
                LimitReading(
                    .requests, limit: 10_000, remaining: 9_999, reset: .milliseconds(8_640)),
                LimitReading(
                    .tokens, limit: 200_000, remaining: 199_984, reset: .milliseconds(4)),
            ])
    }

    @Test("Anthropic's headers are read")
    func anthropic() {
        let readings = Dictionary(
            uniqueKeysWithValues: read(Self.anthropic).map { ($0.measure, $0) })
        #expect(readings.count == 4)
        #expect(
            readings[.outputTokens]
                == LimitReading(.outputTokens, limit: 80_000, remaining: 0, reset: .seconds(60)))
        #expect(readings[.inputTokens]?.reset == .zero)
        #expect(readings[.requests]?.reset == .seconds(1))
    }

    @Test(
        "times are read as servers write them",
        arguments: [
            ("6m0s", 360_000_000), ("1h2m3.5s", 3_723_500_000), ("120ms", 120_000),
            ("12", 12_000_000),
            ("0s", 0), ("2m59.56s", 179_560_000), ("2026-11-30T17:00:00Z", 0),
        ] as [(String, Int64)])
    func times(_ text: String, _ microseconds: Int64) throws {
        let reading = try #require(
            read([
                "x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": text,
            ]).first)
        // Longer than ten minutes is never waited for.
        #expect(reading.reset == .microseconds(min(microseconds, 600_000_000)))
    }

    @Test(
        "what makes no sense is left out",
        arguments: [
            ["x-ratelimit-remaining-requests": "many"], ["x-ratelimit-remaining-tokens": "-1"],
            ["x-ratelimit-limit-tokens": "5"], [:],
        ] as [[String: String]])
    func nonsense(_ headers: [String: String]) {
        #expect(read(headers).isEmpty)
        let odd = [
            "x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "soon",
        ]
        #expect(read(odd).map(\.reset) == [.seconds(10)])
    }

    @Test("a key is left alone until its limit has room, and no longer")
    func room() {
        var learnt = LearntLimits()
        learnt.began(key("anthropic"), tokens: 10, at: start)
        learnt.heard(read(Self.anthropic), of: key("anthropic"), counted: start, at: start)
        // One of 80,000 tokens comes back each 750 microseconds.
        #expect(learnt.wait(for: key("anthropic"), tokens: 900, at: start) == .microseconds(750))
        let soon = start.advanced(byMicroseconds: 750)
        #expect(learnt.wait(for: key("anthropic"), tokens: 900, at: soon) == nil)
        #expect(learnt.wait(for: key("anthropic", "other"), tokens: 900, at: start) == nil)
    }

    @Test("calls that began after what was said use it up")
    func used() {
        var learnt = LearntLimits()
        let said = LimitReading(.requests, limit: 10, remaining: 3, reset: .seconds(7))
        learnt.began(key("openai"), tokens: 10, at: start)
        let began = start.advanced(by: .milliseconds(1))
        for _ in 0..<2 { learnt.began(key("openai"), tokens: 10, at: began) }
        learnt.heard([said], of: key("openai"), counted: start, at: start)
        #expect(learnt.wait(for: key("openai"), tokens: 10, at: began) == nil)
        learnt.began(key("openai"), tokens: 10, at: began)
        // Three are used: the fourth fits when the first of seven has come back.
        #expect(
            learnt.wait(for: key("openai"), tokens: 10, at: began) == .milliseconds(999))
        let whole = start.advanced(by: .seconds(7))
        #expect(learnt.wait(for: key("openai"), tokens: 10, at: whole) == nil)
    }

    @Test("an answer that comes late does not undo what a later call was told")
    func late() {
        var learnt = LearntLimits()
        let later = start.advanced(by: .seconds(1))
        learnt.heard(
            [LimitReading(.tokens, limit: 100, remaining: 0, reset: .seconds(60))],
            of: key("openai"), counted: later, at: later)
        learnt.heard(
            [LimitReading(.tokens, limit: 100, remaining: 100, reset: .zero)],
            of: key("openai"), counted: start, at: later.advanced(by: .seconds(1)))
        #expect(learnt.wait(for: key("openai"), tokens: 100, at: later) == .seconds(60))
    }

    @Test("a denial keeps others away as long as it says, or longer each time if it doesn't say")
    func denied() {
        var learnt = LearntLimits()
        learnt.ended(key("openai"), isDenied: true, retryAfter: .seconds(7), at: start)
        #expect(learnt.wait(for: key("openai"), tokens: 1, at: start) == .seconds(7))
        var now = start.advanced(by: .seconds(7))
        #expect(learnt.wait(for: key("openai"), tokens: 1, at: now) == nil)
        learnt.ended(key("openai"), isDenied: false, retryAfter: nil, at: now)
        for seconds in [1, 2, 4, 8, 16, 32, 32] {
            learnt.ended(key("openai"), isDenied: true, retryAfter: nil, at: now)
            #expect(learnt.wait(for: key("openai"), tokens: 1, at: now) == .seconds(seconds))
            now = now.advanced(by: .seconds(seconds))
        }
    }

    @Test("models that callers invent don't fill the memory")
    func bound() {
        var learnt = LearntLimits()
        let busy = key("openai")
        for number in 0..<(2 * LearntLimits.knownMax) {
            let now = Moment(microseconds: Int64(number))
            if number.isMultiple(of: 100) {
                learnt.ended(busy, isDenied: true, retryAfter: .seconds(9), at: now)
            }
            let candidate = RouteCandidate(provider: "openai", key: "main", model: "x\(number)")
            learnt.began(.init(candidate), tokens: 1, at: now)
        }
        #expect(learnt.wait(for: busy, tokens: 1, at: start) != nil)
        #expect(learnt.count <= LearntLimits.knownMax)
    }
}
