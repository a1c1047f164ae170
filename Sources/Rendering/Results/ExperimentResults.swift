package import Experimenting
package import Experiments
package import LedgerModel

/// An experiment in its current state.
extension Experiment: ListedObject {
    package static let listName = "experiments"
    package static let layout = Table.Layout(
        expendable: ["winner", "defined"],
        nothing:
            "there are no experiments: tally experiments define NAME --arms a=50,b=50 --metrics cost:5% starts one"
    )

    package static let shape = Shape<Experiment> {
        Member("name", \.definition.name, .column)
        Member("state", \.state, .column)
        Member(heading: "winner", \.stop?.winner)
        Member("unit", \.definition.unit.rawValue, .column)
        Member("arms", \.definition.arms)
        Member(heading: "arms", \.definition.armsText)
        Member("metrics", \.definition.goals)
        Member(heading: "metrics", \.definition.metricsText)
        Member("error_rate", { JSONText($0.definition.errorRateText) })
        Member("units_min", \.definition.unitsMin)
        Member("revision", \.revision)
        Member("defined_at", \.definedAt, .heading("defined"))
        Member("since_position", \.since)
        Member("winner", \.stop?.winner)
        Member("reason", \.stop?.reason)
        Member("stopped_at", \.stop?.at)
        Member("stop_position", \.stop?.position)
        Member("evidence", { $0.stop.map { JSONText($0.facts.canonicalJSON) } })
    }

    fileprivate var state: String { isRunning ? "running" : "stopped" }
}

extension ExperimentDefinition.Arm: RenderableObject {
    package static let shape = Shape<ExperimentDefinition.Arm> {
        Member("name", \.name)
        Member("weight", \.weight)
    }
}

extension ExperimentDefinition.Goal: RenderableObject {
    package static let shape = Shape<ExperimentDefinition.Goal> {
        Member("metric", \.metric.rawValue)
        Member("smallest_effect", { FixedPoint($0.smallestEffect, scale: 6) })
    }
}

/// An experiment with the results of its arms and their comparison.
extension ExperimentReport: RenderableObject, Reportable {
    package static let shape = Shape<ExperimentReport> {
        Member("position", \.position)
        Member(including: \.experiment)
        Member("seen", \.arms)
        Member("other_arms", \.strangers)
        Member("crossed_units", \.crossedUnits)
        Member("comparisons", \.comparisons)
    }

    package var report: Report {
        let definition = experiment.definition
        var lines = [
            "\(definition.name): \(experiment.state), by \(definition.unit.rawValue), "
                + "\(definition.armsText), \(definition.metricsText)"
        ]
        if let stop = experiment.stop {
            lines.append("stopped at \(stop.at): \(stop.winner) was kept (\(stop.reason))")
        }
        if crossedUnits > 0 {
            lines.append("\(counted(crossedUnits, "unit")) seen in more than one arm")
        }
        let without = arms.reduce(0) { $0 + $1.requestsWithoutUnit }
        if without > 0 {
            lines.append(
                "\(counted(without, "request")) without a \(definition.unit.rawValue): not "
                    + "compared")
        }
        var seen = Table(arms + strangers)
        for row in arms.count..<seen.rows.count {
            seen.replace(row, 0, by: Cell("(\(seen.rows[row][0].shown): not an arm)"))
        }
        return Report(
            .text(lines.joined(separator: "\n")), .table(seen), .table(Table(comparisons)))
    }
}

extension ArmStatistics: RenderableObject {
    package static let shape = Shape<ArmStatistics> {
        Member("arm", \.arm, .column)
        Member("units", \.units, .column)
        Member("requests", \.requests, .column)
        Member("failed_requests", \.failedRequests, .heading("failed"))
        Member("unpriced_requests", \.unpricedRequests, .heading("unpriced"))
        Member("requests_without_unit", \.requestsWithoutUnit)
        Member("cost_usd", { $0.cost.known(unpriced: $0.unpricedRequests) }, .column)
        Member("cost_usd_per_request", \.costOfRequest, .heading("usd_a_request"))
        Member("latency_ms", \.latencyMilliseconds, .column)
        Member("failure", { $0.failure.count == 0 ? nil : $0.failure.mean })
        Member("quality", { $0.quality.count == 0 ? nil : $0.quality.mean }, .column)
    }
}

extension Comparison: RenderableObject {
    package static let shape = Shape<Comparison> {
        Member("arm", \.arm, .column)
        Member("metric", \.metric.rawValue, .column)
        Member("verdict", \.verdict.rawValue, .column)
        Member("effect", \.effect)
        Member(heading: "effect") { $0.words($0.effect) }
        Member("low", \.low)
        Member(heading: "low") { $0.words($0.low) }
        Member("high", \.high)
        Member(heading: "high") { $0.words($0.high) }
        Member("effect_on_mean", \.effectOnMean)
        Member(heading: "on mean") { $0.words($0.effectOnMean) }
        Member("units_control", \.units.control)
        Member("units_arm", \.units.challenger)
    }

    private func words(_ effect: Double?) -> Cell {
        guard let effect else { return .unknown }
        return metric.isRelative
            ? Proportion(effect, as: .change).cell
            : Cell(number: "\(effect)", shown: fourDecimals(effect))
    }
}

/// The arm of a unit, with the label that its requests should carry.
package struct AssignedArm: RenderableObject, Reportable {
    let experiment: Experiment
    let unit: String
    let arm: Name

    package init(_ arm: Name, of unit: String, in experiment: Experiment) {
        self.arm = arm
        self.unit = unit
        self.experiment = experiment
    }

    package static let shape = Shape<AssignedArm> {
        Member("experiment", \.experiment.definition.name)
        Member("unit", \.unit)
        Member("arm", \.arm)
        Member("state", \.experiment.state)
        Member(
            "labels",
            {
                NamedValues([("experiment.\($0.experiment.definition.name)", $0.arm)])
            })
    }

    package var report: Report { Report(.text("\(arm)")) }
}
