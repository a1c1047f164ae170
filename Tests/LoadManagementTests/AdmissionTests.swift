import LedgerModel
import LoadManagement
import Providers
import Resilience
import Routing
import Testing

/// Who is let in, who is shed, and what is told of it.
@Suite("Admission")
struct AdmissionTests {
    private func policy(inFlight: Int, waiting: Int = 1_000) -> GatewayPolicy {
        var policy = GatewayPolicy()
        policy.instance.inFlightMax = inFlight
        policy.instance.waitingMax = waiting
        return policy
    }

    private func fill(_ stand: Stand, _ priority: Name) -> [AdmissionPass] {
        var passes: [AdmissionPass] = []
        while let pass = try? stand.load.admit(Stand.request(priority: priority), .standard) {
            passes.append(pass)
        }
        return passes
    }

    @Test("a full instance sheds lower classes first, and the highest fills it")
    func shedding() {
        let stand = Stand(policy(inFlight: 20))
        #expect(fill(stand, "background").count == 14)
        #expect(fill(stand, "standard").count == 3)
        let last = fill(stand, "interactive")
        #expect(last.count == 3)
        let refusal = #expect(throws: LoadRefusal.self) {
            try stand.load.admit(Stand.request(priority: "background"), .standard)
        }
        #expect(refusal?.kind == .unavailable(retryAfter: .seconds(1)))
        stand.load.end(
            last[0], tokens: 1, kept: RequestTimes(latency: .seconds(1), isSuccess: true))
        // What became free is the highest class's.
        #expect(fill(stand, "standard").isEmpty && fill(stand, "interactive").count == 1)
    }

    @Test("requests that nobody works on are counted on their own")
    func waiting() throws {
        let stand = Stand(policy(inFlight: 1_000, waiting: 10), try Stand.providers())
        #expect(fill(stand, "interactive").count == 10)
        for _ in 0..<4 { stand.load.began(Stand.candidate("own"), for: Stand.request()) }
        #expect(fill(stand, "interactive").count == 4)
    }

    @Test("a request that finds all its providers full is shed, unless a cache may answer it")
    func providersFull() throws {
        let stand = Stand(policy(inFlight: 1_000), try Stand.providers())
        for provider in ["openai", "own"] {
            for _ in 0..<32 { stand.load.began(Stand.candidate(provider), for: Stand.request()) }
        }
        var route = RoutePolicy.standard
        #expect(throws: LoadRefusal.self) { try stand.load.admit(Stand.request(), route) }
        route.isCached = true
        _ = try stand.load.admit(Stand.request(), route)
        #expect(stand.load.room(for: Stand.candidate("own"), of: Stand.request()) == .full)
        #expect(
            stand.load.refusal(of: Stand.request(), among: [Stand.candidate("own")]) != nil)
        let span = stand.load.takeSpan()
        #expect(span.shed == 0 && span.shedByProviders == 2)
    }

    @Test("each class finds a provider full at its own share of the limit")
    func classesAtProviders() throws {
        let stand = Stand(GatewayPolicy(), try Stand.providers())
        let own = Stand.candidate("own")
        func room(_ priority: Name) -> CallRoom {
            stand.load.room(for: own, of: Stand.request(priority: priority))
        }
        // 70, 85 and 100 % of 32.
        for (count, full) in [(22, 1), (5, 2), (5, 3)] {
            for _ in 0..<count { stand.load.began(own, for: Stand.request()) }
            let rooms = [room("background"), room("standard"), room("interactive")]
            #expect(rooms.count { $0 == .full } == full)
        }
    }

    @Test("above a limit a request is refused with the limit and its time")
    func limited() throws {
        var limit = LimitPolicy(name: "teams")
        limit.per = .team
        limit.requestsPerMinute = 2
        limit.tokensPerMinute = 6_000
        limit.burst = 1
        var policy = GatewayPolicy()
        policy.limits = [limit]
        let stand = Stand(policy)
        let first = try stand.load.admit(Stand.request(team: "a", tokens: 1_000), .standard)
        #expect(first.limits.map(\.remaining) == [1, 5_000])
        #expect(first.limits.map(\.perMinute) == [2, 6_000])
        stand.load.end(
            first, tokens: 400, kept: RequestTimes(latency: .zero, isSuccess: true))
        let second = try stand.load.admit(Stand.request(team: "a", tokens: 1_000), .standard)
        #expect(second.limits.map(\.remaining) == [0, 4_600])
        do {
            _ = try stand.load.admit(Stand.request(team: "a"), .standard)
            Issue.record("it was let in")
        } catch {
            #expect(error.kind == .busy(retryAfter: .seconds(30)))
            #expect(error.description.contains("teams"))
        }
        #expect(stand.load.measured().classes[1].total.limited == 1)
    }

    @Test("compliance is the share of requests that kept the goal of their class")
    func compliance() throws {
        var policy = policy(inFlight: 1)
        policy.classes[0].goal = ServiceClass.Goal(latency: .seconds(2), share: 0.9)
        let stand = Stand(policy)
        for seconds in [1, 1, 3] {
            let pass = try stand.load.admit(Stand.request(priority: "interactive"), .standard)
            stand.load.end(
                pass, tokens: 1,
                kept: RequestTimes(latency: .seconds(seconds), isSuccess: true))
        }
        let pass = try stand.load.admit(Stand.request(priority: "interactive"), .standard)
        #expect(throws: LoadRefusal.self) {
            try stand.load.admit(Stand.request(priority: "interactive"), .standard)
        }
        stand.load.end(
            pass, tokens: 1, kept: RequestTimes(latency: .seconds(1), isSuccess: true))
        let found = try #require(stand.load.measured().classes.first)
        #expect(found.total.kept == 3 && found.total.missed == 1 && found.total.shed == 1)
        #expect(found.total.compliance == 0.6 && found.isKept == false)
        stand.wait(.seconds(660))
        #expect(stand.load.measured().classes[0].isKept == nil)
    }

    @Test("tenants are told apart, each with its share of requests, time and cost")
    func tenants() throws {
        let stand = Stand()
        for (team, seconds, cost) in [("a", 1, 30), ("a", 2, 30), ("b", 9, 40)]
            as [(Name, Int, Int64)]
        {
            let pass = try stand.load.admit(Stand.request(team: team), .standard)
            stand.load.end(
                pass, tokens: 10,
                kept: RequestTimes(latency: .seconds(seconds), isSuccess: true),
                cost: Picodollars(cost))
        }
        let tenants = stand.load.report(of: LedgerID(1), by: .team).tenants
        #expect(tenants.map(\.name) == ["b", "a"])
        #expect(tenants.map(\.requests) == [1, 2] && tenants.map(\.tokens) == [10, 20])
        #expect(tenants.map(\.busyShare) == [0.75, 0.25])
        #expect(tenants.map(\.costShare) == [0.4, 0.6])
        #expect(stand.load.report(of: LedgerID(2), by: .team).tenants.isEmpty)
        stand.wait(.seconds(4_000))
        #expect(stand.load.report(of: LedgerID(1), by: .team).tenants.isEmpty)
    }

    @Test("what an instance says of itself is the mean since it spoke before")
    func span() throws {
        let stand = Stand()
        let pass = try stand.load.admit(Stand.request(), .standard)
        stand.wait(.seconds(3))
        stand.load.end(pass, tokens: 1, kept: RequestTimes(latency: .zero, isSuccess: true))
        stand.wait(.seconds(1))
        #expect(stand.load.takeSpan().inFlight == 0.75)
        stand.wait(.seconds(1))
        #expect(stand.load.takeSpan().inFlight == 0)
    }
}
