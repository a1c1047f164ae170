package import Experimenting
package import Experiments
package import JSON
package import LedgerModel

extension JSONWriter {
    /// An experiment as its events leave it.
    package mutating func experiment(_ experiment: Experiment) {
        object { $0.fields(of: experiment) }
    }

    private mutating func fields(of experiment: Experiment) {
        let definition = experiment.definition
        field("name", definition.name.string)
        field("state", experiment.isRunning ? "running" : "stopped")
        field("unit", definition.unit.rawValue)
        key("arms")
        array(of: definition.arms) { json, arm in
            json.object { json in
                json.field("name", arm.name.string)
                json.field("weight", arm.weight)
            }
        }
        key("metrics")
        array(of: definition.goals) { json, goal in
            json.object { json in
                json.field("metric", goal.metric.rawValue)
                json.key("smallest_effect")
                json.value(raw: decimal(Int128(goal.smallestEffect), scale: 6))
            }
        }
        key("error_rate")
        value(raw: definition.errorRateText)
        field("units_min", definition.unitsMin)
        field("revision", experiment.revision)
        field("defined_at", experiment.definedAt.description)
        field("since_position", experiment.since)
        field("winner", experiment.stop?.winner.string)
        field("reason", experiment.stop?.reason)
        field("stopped_at", experiment.stop?.at.description)
        field("stop_position", experiment.stop?.position)
        key("evidence")
        value(raw: experiment.stop?.facts.canonicalJSON ?? "null")
    }

    /// An experiment with what its arms saw and how they compare.
    package mutating func experiment(_ report: ExperimentReport) {
        object { json in
            json.field("position", report.position)
            json.fields(of: report.experiment)
            json.key("seen")
            json.array(of: report.arms) { $0.arm($1) }
            json.key("other_arms")
            json.array(of: report.strangers) { $0.arm($1) }
            json.field("crossed_units", report.crossedUnits)
            json.key("comparisons")
            json.array(of: report.comparisons) { $0.comparison($1) }
        }
    }

    private mutating func arm(_ arm: ArmStatistics) {
        object { json in
            json.field("arm", arm.arm.string)
            json.field("units", arm.units)
            json.field("requests", arm.requests)
            json.field("failed_requests", arm.failedRequests)
            json.field("unpriced_requests", arm.unpricedRequests)
            json.field("requests_without_unit", arm.requestsWithoutUnit)
            json.field("cost_usd", arm.cost.description)
            json.field("cost_usd_per_request", arm.costOfRequest?.description)
            json.field("latency_ms", arm.latencyMilliseconds)
            json.field("failure", arm.failure.count == 0 ? nil : arm.failure.mean)
            json.field("quality", arm.quality.count == 0 ? nil : arm.quality.mean)
        }
    }

    private mutating func comparison(_ comparison: Comparison) {
        object { json in
            json.field("arm", comparison.arm.string)
            json.field("metric", comparison.metric.rawValue)
            json.field("verdict", comparison.verdict.rawValue)
            json.field("effect", comparison.effect)
            json.field("low", comparison.low)
            json.field("high", comparison.high)
            json.field("effect_on_mean", comparison.effectOnMean)
            json.field("units_control", comparison.units.control)
            json.field("units_arm", comparison.units.challenger)
        }
    }

    /// Which arm a unit gets, with the label that its requests should carry.
    package mutating func assignment(of unit: String, to arm: Name, in experiment: Experiment) {
        let name = experiment.definition.name.string
        object { json in
            json.field("experiment", name)
            json.field("unit", unit)
            json.field("arm", arm.string)
            json.field("state", experiment.isRunning ? "running" : "stopped")
            json.key("labels")
            json.object { $0.field("experiment.\(name)", arm.string) }
        }
    }
}
