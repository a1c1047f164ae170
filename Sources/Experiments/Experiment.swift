package import LedgerModel

/// An experiment as its events define it.
package struct Experiment: Hashable, Sendable {
    package private(set) var definition: ExperimentDefinition
    /// The position of the first definition; earlier events do not count.
    package let since: Int64
    package let definedAt: Timestamp
    /// The number of definitions; each after the first changed weights.
    package private(set) var revision = 1
    package private(set) var stop: Stop?

    package struct Stop: Hashable, Sendable {
        package let position: Int64
        package let at: Timestamp
        /// The arm that everybody gets from the stop on.
        package let winner: Name
        package let facts: Labels

        package var reason: String { facts["reason"]?.string ?? "" }
    }

    package var isRunning: Bool { stop == nil }
}

extension Experiment {
    /// The next revision for a definition; nil if nothing changes.
    package static func decide(
        _ definition: ExperimentDefinition, given known: Experiment?
    ) throws(ExperimentRefusal) -> Int? {
        guard let known else { return 1 }
        guard known.isRunning else { throw .alreadyStopped(definition.name.string) }
        guard known.definition.hasSameRules(as: definition) else {
            throw .otherRules(definition.name.string)
        }
        return known.definition == definition ? nil : known.revision + 1
    }

    /// The facts of an `experiment.stopped` event.
    ///
    /// - Parameter evidence: the basis of the stop, beside the winner and the reason.
    package func stopping(
        keeping winner: Name, reason: String, evidence: [(key: Name, value: Name)] = []
    ) throws(ExperimentRefusal) -> Labels {
        guard isRunning else { throw .alreadyStopped(definition.name.string) }
        guard definition.arms.contains(where: { $0.name == winner }) else {
            throw .noSuchArm(
                winner.string,
                arms: definition.arms.map(\.name.string).joined(separator: ", "))
        }
        do {
            return try Labels(
                [
                    ("experiment", definition.name), ("winner", winner), ("reason", Name(reason)),
                ] + evidence)
        } catch {
            throw .tooLong(error)
        }
    }

    /// The arm of a unit: its own while the experiment runs, then the winner.
    package func arm(of unit: Name) throws(ExperimentRefusal) -> Name {
        if unit.string.isEmpty { throw .emptyUnit }
        return stop?.winner ?? definition.arm(of: unit)
    }

    /// The experiments of a ledger by name, from its definitions and stops in order.
    package static func all(from events: [RecordedEvent]) -> [Name: Experiment] {
        events.reduce(into: [:]) { evolve(&$0, by: $1) }
    }

    /// Applies one event; ignores all but definitions and stops.
    package static func evolve(
        _ experiments: inout [Name: Experiment], by recorded: RecordedEvent
    ) {
        guard let facts = recorded.event.detail, let name = facts["experiment"] else { return }
        switch recorded.event.kind {
        case .experimentDefined:
            guard let definition = ExperimentDefinition(facts: facts) else { return }
            guard var known = experiments[name] else {
                experiments[name] = Experiment(
                    definition: definition, since: recorded.position,
                    definedAt: recorded.event.occurredAt)
                return
            }
            known.definition = definition
            known.revision += 1
            experiments[name] = known
        case .experimentStopped:
            guard experiments[name]?.isRunning == true, let winner = facts["winner"] else { return }
            experiments[name]?.stop = Stop(
                position: recorded.position, at: recorded.event.occurredAt, winner: winner,
                facts: facts)
        default: break
        }
    }
}
