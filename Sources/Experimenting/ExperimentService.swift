package import EventStore
package import Experiments
package import LedgerModel
import LedgerSQL
package import Postgres
import ReadModels

/// An experiment with what its arms saw, as of a position.
package struct ExperimentReport: Sendable {
    package let experiment: Experiment
    /// The position up to which requests were counted.
    package let position: Int64
    /// The arms of the definition, in its order.
    package let arms: [ArmStatistics]
    /// Arms that requests named but the experiment lacks; an empty name means none.
    package let strangers: [ArmStatistics]
    /// Units seen in more than one arm; they count in each.
    package let crossedUnits: Int64
    package let comparisons: [Comparison]

    /// The result of the comparisons; nil while the experiment must go on.
    package var decision: ExperimentDecision? { experiment.definition.decide(comparisons) }
}

/// The experiments of one ledger: defined and stopped by events, counted by a read model.
package struct ExperimentService: Sendable {
    private let ledger: any LedgerStore
    private let pool: Pool

    /// Attempts at a change while others change the same experiment.
    private static let triesMax = 4
    /// The source of definitions and stops; together with the id it makes each unique.
    private static let source: Name = "tally/experiments"

    package init(ledger: any LedgerStore, pool: Pool) {
        self.ledger = ledger
        self.pool = pool
    }

    // MARK: Reading

    /// All experiments, the earliest defined first.
    package func list() async throws -> [Experiment] {
        let id = ledger.id
        let events = try await pool.session { try $0.run(ListDecisions(ledger: id)) }
        return Experiment.all(from: events).values.sorted { $0.since < $1.since }
    }

    package func find(_ name: String) async throws -> Experiment {
        guard let found = try await list().first(where: { $0.definition.name == Name(name) })
        else { throw ExperimentRefusal.unknown(name) }
        return found
    }

    package func report(_ name: String) async throws -> ExperimentReport {
        let experiment = try await find(name)
        return try await report(on: experiment)
    }

    package func report(on experiment: Experiment) async throws -> ExperimentReport {
        let (id, name) = (ledger.id, experiment.definition.name)
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            let position = try session.first(
                ReadPosition(ledger: id, projection: ReadModel.experiments.name))
            let seen = try session.run(ReadArms(ledger: id, experiment: name))
            let crossed = try session.one(CountCrossedUnits(ledger: id, experiment: name))
            let names = experiment.definition.arms.map(\.name)
            let arms = names.map { name in
                seen.first { $0.arm == name } ?? ArmStatistics(arm: name)
            }
            return ExperimentReport(
                experiment: experiment, position: position ?? 0, arms: arms,
                strangers: seen.filter { !names.contains($0.arm) }, crossedUnits: crossed,
                comparisons: experiment.definition.compare(arms))
        }
    }

    // MARK: Changing

    /// Defines an experiment or changes its weights; does nothing if it is already so.
    package func define(
        _ definition: ExperimentDefinition, at now: Timestamp
    ) async throws -> Experiment {
        for _ in 0..<Self.triesMax {
            let known = try await list().first { $0.definition.name == definition.name }
            guard let revision = try Experiment.decide(definition, given: known) else {
                if let known { return known }
                break
            }
            let facts = try definition.facts(revision: revision)
            if try await append(
                .experimentDefined, facts, "\(definition.name)/defined/\(revision)", at: now)
            {
                return try await find(definition.name.string)
            }
        }
        throw ContendedExperiment(name: definition.name)
    }

    /// Stops an experiment: everybody gets the winner from then on.
    ///
    /// However many processes decide at once, only one stop is booked.
    package func stop(
        _ experiment: Experiment, keeping winner: Name, reason: String,
        evidence: [(key: Name, value: Name)] = [], at now: Timestamp
    ) async throws -> Experiment {
        let name = experiment.definition.name
        let facts = try experiment.stopping(keeping: winner, reason: reason, evidence: evidence)
        let isOurs = try await append(.experimentStopped, facts, "\(name)/stopped", at: now)
        let stopped = try await find(name.string)
        if stopped.isRunning { throw ContendedExperiment(name: name) }
        if !isOurs { throw ExperimentRefusal.alreadyStopped(name.string) }
        return stopped
    }

    /// Whether this call appended the event; false if its identity was taken.
    private func append(
        _ kind: EventKind, _ facts: Labels, _ id: String, at now: Timestamp
    ) async throws -> Bool {
        let external = ExternalID(source: Self.source, id: Name(id))
        var event = Event(id: external.eventID(at: now), kind: kind, occurredAt: now)
        event.externalID = external
        event.detail = facts
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        try batch.add(event, using: &encoder)
        let receipt = try await ledger.append(batch)
        if case .appended = receipt.outcomes.first { return true }
        return false
    }
}

/// An experiment that others keep changing, or whose identity is taken by another event.
package struct ContendedExperiment: Fault {
    package var kind: FaultKind { .conflict }

    package let name: Name
    package var description: String {
        "another caller changed experiment \(name) at the same time: try again"
    }
}
