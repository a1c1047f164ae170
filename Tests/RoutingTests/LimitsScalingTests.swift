import Routing
import Testing

/// When more or fewer instances are wanted.
@Suite("Scaling decisions")
struct LimitsScalingTests {
    private func rule(min: Int = 1, max: Int = 8) -> ScalingRule {
        var policy = ScalingPolicy()
        policy.inFlightTarget = 50
        policy.instancesMin = min
        policy.instancesMax = max
        policy.cooldown = .seconds(300)
        return ScalingRule(policy)
    }

    private func load(_ instances: Int, _ inFlight: Double, shed: Int64 = 0) -> FleetLoad {
        FleetLoad(instances: instances, inFlight: inFlight, shed: shed)
    }

    @Test("more are wanted at once, whatever was decided before")
    func more() {
        let made = rule().decide(load(2, 151), wanted: 2, sinceLast: .zero)
        #expect(made?.wanted == 4 && made?.trigger == .load && made?.constraint == nil)
        #expect(rule().decide(load(2, 100), wanted: 2, sinceLast: .zero) == nil)
    }

    @Test("a full instance asks for one more, providers that are full do not")
    func shed() {
        let made = rule().decide(load(2, 80, shed: 3), wanted: 2, sinceLast: .zero)
        #expect(made?.wanted == 3 && made?.trigger == .shed)
        var busy = load(2, 80)
        busy.shedByProviders = 50
        #expect(rule().decide(busy, wanted: 2, sinceLast: .zero) == nil)
    }

    @Test("fewer are wanted after the cooldown, with a fifth to spare")
    func fewer() {
        #expect(rule().decide(load(4, 90), wanted: 4, sinceLast: .seconds(299)) == nil)
        let made = rule().decide(load(4, 90), wanted: 4, sinceLast: .seconds(300))
        #expect(made?.wanted == 3 && made?.trigger == .idle)
        // Two would do, but not with a fifth to spare.
        #expect(rule().decide(load(3, 90), wanted: 3, sinceLast: .seconds(900)) == nil)
        #expect(rule().decide(load(3, 80), wanted: 3, sinceLast: .seconds(900))?.wanted == 2)
    }

    @Test("the bounds of the policy hold, and a decision says that they did")
    func bounds() {
        let high = rule().decide(load(8, 9_000), wanted: 7, sinceLast: .zero)
        #expect(high?.wanted == 8 && high?.constraint == .instancesMax)
        #expect(rule().decide(load(8, 9_000), wanted: 8, sinceLast: .zero) == nil)
        let low = rule(min: 2).decide(load(3, 0), wanted: 3, sinceLast: .seconds(300))
        #expect(low?.wanted == 2 && low?.constraint == .instancesMin)
        let changed = rule(max: 4).decide(load(6, 250), wanted: 6, sinceLast: .zero)
        #expect(changed?.wanted == 4 && changed?.trigger == .bounds)
    }

    @Test("the first decision says what is there")
    func first() {
        let made = rule().decide(load(2, 60), wanted: nil, sinceLast: .seconds(9_999))
        #expect(made?.from == 2 && made?.wanted == 2)
    }
}
