import Experiments
import LedgerModel
import LedgerTesting
import RealModule
import Testing

@Suite("An experiment that is checked at every step")
struct SequentialTests {
    /// Ways in which units differ, but arms do not.
    enum World: String, CaseIterable {
        case heavyTailed, halfFree, skewed, rareFailures, oftenFailing, judged

        var metrics: String {
            switch self {
            case .heavyTailed, .halfFree: "cost:0.1%"
            case .skewed: "latency:0.1%"
            case .rareFailures, .oftenFailing: "failure:0.0001"
            case .judged: "quality:0.0001"
            }
        }

        func observe(_ random: inout SeededGenerator) -> Trial.Observation {
            var seen = Trial.Observation()
            switch self {
            case .heavyTailed: seen.cost = 0.001 * Double.exp(2 * normal(&random))
            case .halfFree:
                seen.cost = chance(0.5, &random) ? 0 : 0.001 * Double.exp(normal(&random))
            case .skewed:
                seen.latency =
                    200_000 - 900_000
                    * Double.log(
                        1 - Double.random(in: 0..<1, using: &random))
            case .rareFailures: seen.isFailed = chance(0.02, &random)
            case .oftenFailing: seen.isFailed = chance(0.4, &random)
            case .judged: seen.quality = Double.random(in: 0...1, using: &random).squareRoot()
            }
            return seen
        }
    }

    @Test(
        "without an effect it errs no more often than stated, over all looks together",
        arguments: World.allCases, ["control=50,other=50", "control=90,other=10"])
    func falsePositives(world: World, arms: String) throws {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        let runs = isSoaking ? 500 : 40
        let definition = try ExperimentDefinition(
            name: "aa", arms: arms, unit: "request", metrics: world.metrics)
        var errors = 0
        for _ in 0..<runs {
            var trial = Trial(definition) { _, random in world.observe(&random) }
            let decision = trial.run(unitsMax: isSoaking ? 5_000 : 2_500, &random)
            if decision.map({ $0.reason != .same }) == true { errors += 1 }
        }
        // Four standard deviations above the permitted rate.
        let allowed = 0.05 * Double(runs)
        #expect(
            Double(errors) <= allowed + 4 * (0.95 * allowed).squareRoot(), "\(errors) of \(runs)")
        print("\(world) \(arms): \(errors) of \(runs) stopped with an effect that is none")
    }

    @Test("the interval of a rate is the one that another program computes")
    func bounds() throws {
        let definition = try ExperimentDefinition(
            name: "bounds", arms: "control,other", unit: "request", metrics: "failure:0.01")
        #expect(definition.errorOfComparison == 0.05)
        var trial = Trial(definition) { _, _ in Trial.Observation() }
        for unit in 0..<1_000 {
            trial.add(Trial.Observation(isFailed: unit < 100), to: 0)
            trial.add(Trial.Observation(isFailed: unit < 150), to: 1)
        }
        let found = try #require(definition.compare(trial.statistics).first)
        // A search by thirds in Python over the same two beta mixtures, at 1/20 (Ville).
        #expect(abs((found.low ?? 0) + 0.017_294_005_8) < 1e-8)
        #expect(abs((found.high ?? 0) - 0.118_270_653_4) < 1e-8)
    }

    @Test("several arms and metrics share the permitted error")
    func family() throws {
        var random = SeededGenerator(seed: testSeed())
        let definition = try ExperimentDefinition(
            name: "aa", arms: "control,b,c,d", unit: "request",
            metrics: "cost:0.1%,latency:0.1%,failure:0.0001,quality:0.0001", errorRate: "0.1")
        #expect(definition.errorOfComparison == 0.1 / 12)
        let runs = isSoaking ? 500 : 25
        var errors = 0
        for _ in 0..<runs {
            var trial = Trial(definition) { _, random in
                var seen = Trial.Observation()
                seen.cost = 0.001 * Double.exp(normal(&random))
                seen.latency = 100_000 * Double.exp(normal(&random))
                seen.isFailed = chance(0.1, &random)
                seen.quality = chance(0.5, &random) ? 1 : 0
                return seen
            }
            var hasErred = false
            while trial.units < 3_000, !hasErred {
                trial.step(&random)
                hasErred = definition.compare(trial.statistics, withIntervals: false)
                    .contains { $0.verdict == .better || $0.verdict == .worse }
            }
            errors += hasErred ? 1 : 0
        }
        let allowed = 0.1 * Double(runs)
        #expect(Double(errors) <= allowed + 4 * (0.9 * allowed).squareRoot(), "\(errors)")
    }

    struct Effect: CustomTestStringConvertible {
        let metrics: String
        let unitsMax: Int
        let winner: Name
        let observe: @Sendable (Int, inout SeededGenerator) -> Trial.Observation
        var testDescription: String { "\(metrics), \(winner) wins" }
    }

    static let effects = [
        Effect(metrics: "cost:5%,failure", unitsMax: 20_000, winner: "short") { arm, random in
            Trial.Observation(cost: (arm == 1 ? 0.008 : 0.01) * Double.exp(normal(&random)))
        },
        Effect(metrics: "latency:5%", unitsMax: 20_000, winner: "control") { arm, random in
            Trial.Observation(latency: (arm == 1 ? 6e5 : 5e5) * Double.exp(normal(&random)))
        },
        Effect(metrics: "failure:0.005", unitsMax: 20_000, winner: "short") { arm, random in
            Trial.Observation(isFailed: chance(arm == 1 ? 0.05 : 0.1, &random))
        },
        Effect(metrics: "quality:0.01", unitsMax: 20_000, winner: "short") { arm, random in
            Trial.Observation(quality: chance(arm == 1 ? 0.8 : 0.7, &random) ? 1 : 0.2)
        },
        // It is cheaper, but it fails: the metric that must not get worse decides.
        Effect(metrics: "cost:5%,failure:0.01", unitsMax: 20_000, winner: "control") {
            arm, random in
            Trial.Observation(
                cost: (arm == 1 ? 0.0095 : 0.01) * Double.exp(normal(&random)),
                isFailed: chance(arm == 1 ? 0.3 : 0.1, &random))
        },
    ]

    @Test("with a real effect it stops and keeps the right arm", arguments: effects)
    func power(effect: Effect) throws {
        var random = SeededGenerator(seed: testSeed())
        let definition = try ExperimentDefinition(
            name: "ab", arms: "control,short", unit: "request", metrics: effect.metrics)
        let runs = isSoaking ? 200 : 8
        let reason: ExperimentDecision.Reason = effect.winner == "short" ? .better : .worse
        var units: [Int] = []
        var errors = 0
        for _ in 0..<runs {
            var trial = Trial(definition, draw: effect.observe)
            let decision = trial.run(unitsMax: effect.unitsMax, &random)
            if decision?.winner != effect.winner || decision?.reason != reason { errors += 1 }
            units.append(trial.units)
        }
        // The test may be wrong in 5 % of all experiments, the requested rate.
        let allowed = 0.05 * Double(runs)
        #expect(Double(errors) <= allowed + 4 * (0.95 * allowed).squareRoot(), "\(errors)")
        print("\(effect.metrics): stopped after \(units.sorted()[units.count / 2]) units")
    }

    @Test("arms without a relevant difference are found the same, and the control stays")
    func equivalence() throws {
        var random = SeededGenerator(seed: testSeed())
        for metrics in ["cost:10%", "failure:0.05"] {
            let definition = try ExperimentDefinition(
                name: "ab", arms: "control,short", unit: "request", metrics: metrics)
            let runs = 8
            var errors = 0
            for _ in 0..<runs {
                var trial = Trial(definition) { _, random in
                    Trial.Observation(
                        cost: 0.01 * Double.exp(0.5 * normal(&random)),
                        isFailed: chance(0.1, &random))
                }
                let decision = trial.run(unitsMax: 40_000, &random)
                if decision?.reason != .same || decision?.winner != "control" { errors += 1 }
            }
            let allowed = 0.05 * Double(runs)
            #expect(
                Double(errors) <= allowed + 5 * (0.95 * allowed).squareRoot(),
                "\(metrics): \(errors)")
        }
    }

    @Test("the interval holds the true effect at every look, except for the permitted error")
    func coverage() throws {
        var random = SeededGenerator(seed: testSeed())
        let definition = try ExperimentDefinition(
            name: "ab", arms: "control,short", unit: "request", metrics: "cost,failure",
            errorRate: "0.1")
        let runs = isSoaking ? 400 : 30
        var misses = 0
        for _ in 0..<runs {
            var trial = Trial(definition) { arm, random in
                Trial.Observation(
                    cost: (arm == 1 ? 2 : 1) * Double.exp(normal(&random)),
                    isFailed: chance(arm == 1 ? 0.3 : 0.2, &random))
            }
            var isMissed = false
            for _ in 0..<40 {
                for _ in 0..<40 { trial.step(&random) }
                for seen in definition.compare(trial.statistics) {
                    guard let low = seen.low, let high = seen.high else { continue }
                    // A doubled cost is an effect of 1, and the failures are 0.1 apart.
                    let truth = seen.metric == .cost ? 1 : 0.1
                    if truth < low || truth > high { isMissed = true }
                    #expect(low <= (seen.effect ?? 0) && (seen.effect ?? 0) <= high)
                }
            }
            misses += isMissed ? 1 : 0
        }
        let allowed = 0.1 * Double(runs)
        #expect(Double(misses) <= allowed + 4 * (0.9 * allowed).squareRoot(), "\(misses)")
    }

    @Test("if the typical unit is cheaper but the mean is higher, nothing is decided")
    func contradiction() throws {
        var random = SeededGenerator(seed: testSeed())
        let definition = try ExperimentDefinition(
            name: "ab", arms: "control,short", unit: "request", metrics: "cost")
        var trial = Trial(definition) { arm, random in
            // One in twelve costs two hundred times as much.
            let isDear = arm == 1 && chance(0.08, &random)
            let typical = arm == 1 ? 0.005 : 0.01
            return Trial.Observation(
                cost: (isDear ? 1 : typical) * Double.exp(0.3 * normal(&random)))
        }
        #expect(trial.run(unitsMax: 6_000, &random) == nil)
        let seen = try #require(definition.compare(trial.statistics).first)
        #expect(seen.verdict == .contradicted)
        #expect((seen.effect ?? 0) < 0 && (seen.effectOnMean ?? 0) > 0)
    }

    @Test("means have no verdict before there are enough units, nor have empty arms")
    func burnIn() throws {
        var random = SeededGenerator(seed: 1)
        let definition = try ExperimentDefinition(
            name: "ab", arms: "control,short", unit: "request", metrics: "cost,failure,quality")
        #expect(definition.compare([]).map(\.verdict) == [.open, .open, .open])
        var trial = Trial(definition) { arm, _ in Trial.Observation(cost: arm == 1 ? 1 : 2) }
        for _ in 0..<150 { trial.step(&random) }
        let seen = definition.compare(trial.statistics)
        #expect(seen[0].effect == nil && seen[0].effectOnMean == -0.5)
        #expect(seen[1].effect == 0 && seen[2].effect == nil)
        #expect(definition.decide(seen) == nil)
    }
}
