import LedgerModel
import LoadManagement
import Providers
import Resilience
import Routing
import Testing

/// Which keys and providers may be asked.
@Suite("Room at providers")
struct RoomTests {
    @Test("a key that its file limits has room again when its share has come back")
    func own() throws {
        let stand = Stand(GatewayPolicy(), try Stand.providers())
        let (small, large) = (
            Stand.candidate("openai", "small"), Stand.candidate("openai", "large")
        )
        // A sixth of 60 at once.
        for _ in 0..<10 {
            #expect(stand.load.room(for: small, of: Stand.request()) == .now)
            stand.call(small, CallOutcome())
        }
        #expect(stand.load.room(for: small, of: Stand.request()) == .after(.seconds(1)))
        #expect(stand.load.room(for: large, of: Stand.request()) == .now)
        let refusal = stand.load.refusal(of: Stand.request(), among: [small])
        #expect(refusal?.kind == .unavailable(retryAfter: .seconds(1)))
        #expect(stand.load.refusal(of: Stand.request(), among: [small, large]) == nil)
        stand.wait(.seconds(1))
        #expect(stand.load.room(for: small, of: Stand.request()) == .now)
    }

    @Test("a key whose upstream says that nothing is left is left out until something is")
    func learnt() throws {
        let stand = Stand(GatewayPolicy(), try Stand.providers())
        let key = Stand.candidate("openai", "large")
        var outcome = CallOutcome()
        outcome.limitHeaders = [
            ("x-ratelimit-limit-requests", "60"), ("x-ratelimit-remaining-requests", "0"),
            ("x-ratelimit-reset-requests", "1m0s"),
        ]
        stand.call(key, outcome)
        #expect(stand.load.room(for: key, of: Stand.request()) == .after(.seconds(1)))
        stand.wait(.seconds(1))
        #expect(stand.load.room(for: key, of: Stand.request()) == .now)
        stand.load.heard(from: key, after: .zero) { name in
            ["x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "20s"][name]
        }
        #expect(stand.load.room(for: key, of: Stand.request()) == .after(.seconds(20)))
    }

    @Test("a refusal for load keeps the key away and takes calls from the provider")
    func refused() throws {
        let stand = Stand(GatewayPolicy(), try Stand.providers())
        let key = Stand.candidate("openai", "large")
        for _ in 0..<8 { stand.load.began(key, for: Stand.request()) }
        var outcome = CallOutcome(failure: .limited, status: 429)
        outcome.retryAfter = .seconds(5)
        stand.load.ended(key, for: Stand.request(), outcome)
        #expect(stand.load.room(for: key, of: Stand.request()) == .after(.seconds(5)))
        let found = try #require(stand.load.measured().providers.first { $0.name == "openai" })
        #expect(found.limit == 6 && found.inFlight == 7 && found.overloads == 1)
    }

    @Test("a policy's limit of a provider leaves it out, and the others not")
    func policyLimit() throws {
        var limit = LimitPolicy(name: "calls")
        limit.per = .provider
        limit.requestsPerMinute = 1
        var policy = GatewayPolicy()
        policy.limits = [limit]
        let stand = Stand(policy, try Stand.providers())
        _ = try stand.load.admit(Stand.request(), .standard)
        let key = Stand.candidate("openai", "large")
        stand.call(key, CallOutcome())
        #expect(stand.load.room(for: key, of: Stand.request()) == .after(.seconds(60)))
        #expect(stand.load.room(for: Stand.candidate("own"), of: Stand.request()) == .now)
    }

    @Test("limits are told by the names that each dialect's SDKs read, the tightest of each kind")
    func headers() {
        func standing(
            _ measure: LimitStanding.Measure, _ remaining: Int64, _ reset: Duration
        ) -> LimitStanding {
            LimitStanding(
                limit: "x", measure: measure, perMinute: 600, remaining: remaining, reset: reset)
        }
        let standings = [
            standing(.requests, 50, .seconds(5)), standing(.requests, 9, .milliseconds(90_500)),
            standing(.tokens, 7, .microseconds(119_001)),
        ]
        let open = RateLimitHeaders.fields(for: standings, isAnthropic: false)
        #expect(
            open.map { "\($0.name): \($0.value)" } == [
                "x-ratelimit-limit-requests: 600", "x-ratelimit-remaining-requests: 9",
                "x-ratelimit-reset-requests: 1m30.5s", "x-ratelimit-limit-tokens: 600",
                "x-ratelimit-remaining-tokens: 7", "x-ratelimit-reset-tokens: 120ms",
            ])
        let anthropic = RateLimitHeaders.fields(
            for: standings, isAnthropic: true, at: Stand.start)
        #expect(
            anthropic.map { "\($0.name): \($0.value)" } == [
                "anthropic-ratelimit-requests-limit: 600",
                "anthropic-ratelimit-requests-remaining: 9",
                "anthropic-ratelimit-requests-reset: 2026-11-30T00:01:31Z",
                "anthropic-ratelimit-tokens-limit: 600",
                "anthropic-ratelimit-tokens-remaining: 7",
                "anthropic-ratelimit-tokens-reset: 2026-11-30T00:00:01Z",
            ])
        // What is told can be read again.
        let read = LimitReading.readings(at: Stand.start) { name in
            anthropic.first { $0.name == name }?.value
        }
        #expect(read.map(\.remaining) == [9, 7] && read.map(\.limit) == [600, 600])
    }
}
