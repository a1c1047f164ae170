import Experiments
import LedgerModel
import LedgerTesting
import RealModule

/// A simulated experiment that is checked after every observation.
struct Trial {
    struct Observation {
        var cost = 0.01
        var latency = 500_000.0
        var isFailed = false
        var quality: Double?
    }

    let definition: ExperimentDefinition
    /// Draws an observation of a unit in an arm; the control is arm 0.
    let draw: (_ arm: Int, inout SeededGenerator) -> Observation

    private(set) var statistics: [ArmStatistics] = []
    private(set) var units = 0

    init(
        _ definition: ExperimentDefinition,
        draw: @escaping (Int, inout SeededGenerator) -> Observation
    ) {
        self.definition = definition
        self.draw = draw
        statistics = definition.arms.map { ArmStatistics(arm: $0.name) }
    }

    /// Adds one unit to a random arm.
    mutating func step(_ random: inout SeededGenerator) {
        let whole = definition.arms.reduce(0) { $0 + $1.weight }
        var place = Int64.random(in: 0..<whole, using: &random)
        var arm = 0
        while place >= definition.arms[arm].weight {
            place -= definition.arms[arm].weight
            arm += 1
        }
        add(draw(arm, &random), to: arm)
    }

    mutating func add(_ seen: Observation, to arm: Int) {
        units += 1
        let pico = (seen.cost * 1e12).rounded()
        statistics[arm].units += 1
        statistics[arm].requests += 1
        statistics[arm].pricedRequests += 1
        statistics[arm].pricedCost.amount += Int128(pico)
        statistics[arm].timedRequests += 1
        statistics[arm].latency += Int128(seen.latency)
        statistics[arm].logCost.add(Double.log(pico + Double(ArmStatistics.costOffset)))
        statistics[arm].logLatency.add(Double.log(max(seen.latency, 1)))
        statistics[arm].failure.add(seen.isFailed ? 1 : 0)
        if let quality = seen.quality { statistics[arm].quality.add(quality) }
    }

    /// Runs until the experiment stops, checking after every unit.
    mutating func run(
        unitsMax: Int, _ random: inout SeededGenerator
    ) -> ExperimentDecision? {
        while units < unitsMax {
            step(&random)
            let comparisons = definition.compare(statistics, withIntervals: false)
            if let decision = definition.decide(comparisons) { return decision }
        }
        return nil
    }
}

/// A normally distributed number, by Box and Muller.
func normal(_ random: inout SeededGenerator) -> Double {
    let radius = (-2 * Double.log(1 - Double.random(in: 0..<1, using: &random))).squareRoot()
    return radius * Double.cos(2 * .pi * Double.random(in: 0..<1, using: &random))
}

func chance(_ probability: Double, _ random: inout SeededGenerator) -> Bool {
    Double.random(in: 0..<1, using: &random) < probability
}
