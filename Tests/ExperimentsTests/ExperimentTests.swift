import Experiments
import LedgerModel
import Testing

@Suite("Defining and stopping experiments")
struct ExperimentTests {
    private func define(
        _ name: String = "tone", arms: String = "control=50,short=50", unit: String = "user",
        metrics: String = "cost:5%,failure:0.01,quality", error: String? = nil,
        unitsMin: Int64? = nil
    ) throws(ExperimentRefusal) -> ExperimentDefinition {
        try ExperimentDefinition(
            name: name, arms: arms, unit: unit, metrics: metrics, errorRate: error,
            unitsMin: unitsMin)
    }

    private func recorded(_ position: Int64, _ kind: EventKind, _ facts: Labels) -> RecordedEvent {
        let time = Timestamp(year: 2026, month: 11, day: 1)
        var event = Event(id: EventID(at: time, entropy: (1, 2)), kind: kind, occurredAt: time)
        event.detail = facts
        return RecordedEvent(position: position, recordedAt: time, event: event)
    }

    @Test("a definition is read from texts, and back from the facts of its event")
    func texts() throws {
        let definition = try define(error: "0.1", unitsMin: 50)
        #expect(definition.armsText == "control=50,short=50")
        #expect(definition.metricsText == "cost:0.05,failure:0.01,quality:0.02")
        let all = Experiment.all(from: [
            recorded(7, .experimentDefined, try definition.facts(revision: 1))
        ])
        #expect(all["tone"]?.definition == definition)
        #expect(all["tone"]?.since == 7 && all["tone"]?.isRunning == true)
    }

    @Test("an error in a definition is reported in one sentence")
    func refusals() {
        func reason(_ make: @autoclosure () throws -> ExperimentDefinition) -> String {
            do {
                _ = try make()
                return "it was accepted"
            } catch {
                return "\(error)"
            }
        }
        #expect(reason(try define("a b")).hasPrefix("\"a b\" is not a name"))
        #expect(
            reason(try define(arms: "control"))
                .hasPrefix("an experiment has 2 to 8 arms, not 1"))
        #expect(
            reason(try define(arms: "a=1,b=x"))
                .hasPrefix("b=x has no weight"))
        #expect(
            reason(try define(arms: "a=0,b=0"))
                .hasPrefix("every arm has weight 0"))
        #expect(
            reason(try define(arms: "a,a"))
                == "a is given twice")
        #expect(
            reason(try define(unit: "team"))
                .hasPrefix("team is not a unit"))
        #expect(
            reason(try define(metrics: "speed"))
                .hasPrefix("speed is not a metric"))
        #expect(
            reason(try define(metrics: "cost:200%"))
                .hasPrefix("cost:200% has no smallest effect"))
        #expect(
            reason(try define(metrics: "cost,cost"))
                == "cost is given twice")
        #expect(
            reason(try define(error: "0.5"))
                .hasPrefix("the error rate 0.5"))
        #expect(
            reason(try define(unitsMin: 5))
                .hasPrefix("5 is not a minimum of units"))
    }

    @Test("only weights may change, the same definition changes nothing, a stop is final")
    func life() throws {
        let first = try define()
        #expect(try Experiment.decide(first, given: nil) == 1)
        var known: [Name: Experiment] = [:]
        Experiment.evolve(
            &known, by: recorded(3, .experimentDefined, try first.facts(revision: 1)))
        #expect(try Experiment.decide(first, given: known["tone"]) == nil)
        let grown = try define(arms: "control=50,short=100")
        #expect(try Experiment.decide(grown, given: known["tone"]) == 2)
        #expect(throws: ExperimentRefusal.otherRules("tone")) {
            try Experiment.decide(define(metrics: "cost"), given: known["tone"])
        }
        Experiment.evolve(
            &known, by: recorded(9, .experimentDefined, try grown.facts(revision: 2)))
        let running = try #require(known["tone"])
        #expect(running.since == 3 && running.revision == 2 && running.definition == grown)
        #expect(try running.arm(of: "u-1") == grown.arm(of: "u-1"))
        #expect(throws: ExperimentRefusal.noSuchArm("long", arms: "control, short")) {
            try running.stopping(keeping: "long", reason: "by hand")
        }
        let facts = try running.stopping(keeping: "short", reason: "better")
        Experiment.evolve(&known, by: recorded(12, .experimentStopped, facts))
        // A second stop, or a definition after it, has no effect.
        Experiment.evolve(
            &known,
            by: recorded(
                13, .experimentStopped, try Labels([("experiment", "tone"), ("winner", "control")]))
        )
        let stopped = try #require(known["tone"])
        #expect(stopped.stop?.position == 12 && stopped.stop?.winner == "short")
        #expect(try stopped.arm(of: "anybody") == "short")
        #expect(throws: ExperimentRefusal.alreadyStopped("tone")) {
            try Experiment.decide(grown, given: stopped)
        }
        #expect(throws: ExperimentRefusal.emptyUnit) { try stopped.arm(of: "") }
    }
}
