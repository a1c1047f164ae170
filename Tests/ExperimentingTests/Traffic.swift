import EventStore
import Experimenting
import Experiments
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting

/// A ledger with experiments.
extension TestLedger {
    var service: ExperimentService { ExperimentService(ledger: ledger, pool: pool) }
    var runner: ProjectionRunner { ProjectionRunner(pool: pool) }

    func define(
        _ name: String = "tone", arms: String = "control=50,short=50", unit: String = "user",
        metrics: String = "cost,failure"
    ) async throws -> Experiment {
        try await service.define(
            try ExperimentDefinition(name: name, arms: arms, unit: unit, metrics: metrics),
            at: Traffic.now)
    }

    /// The units in the read model.
    func units() async throws -> [String: [Int128]] {
        let rows = try await text(
            """
            SELECT concat_ws(' ', experiment, arm, encode(key, 'hex')), requests, failed_requests,
                unpriced_requests, cost_pico, timed_requests, latency_us, judgements, quality_ppm
            FROM tally.experiment_units
            """)
        return Dictionary(
            uniqueKeysWithValues: rows.map { row in
                (row[0] ?? "", row.dropFirst().map { Int128($0 ?? "") ?? -1 })
            })
    }
}

/// Requests of users in arms, with charges and later observations.
struct Traffic {
    static let now = Timestamp(year: 2026, month: 11, day: 23)
    var events: RandomEvents

    init(seed: UInt64) {
        events = RandomEvents(seed: seed, now: Self.now, days: 2)
    }

    mutating func request(
        _ labels: [(key: Name, value: Name)], user: Name?, cost: Int64?, isFailed: Bool = false,
        latency: Int64? = nil, quality: Int32? = nil
    ) throws -> (event: Event, charge: Event?) {
        var request = events.request()
        request.externalID = nil
        request.id = EventID(
            at: request.occurredAt, entropy: (events.random.next(), events.random.next()))
        request.kind = isFailed ? .requestFailed : .requestCompleted
        request.dimensions[.user] = user
        request.dimensions[.session] = user.map { Name("s-\($0)") }
        request.latency = latency
        request.quality = quality
        request.labels = try Labels(labels)
        var charge = events.charge(for: request)
        charge.amount = cost.map { Picodollars($0) }
        charge.unpriced = cost == nil ? "unknown model" : nil
        return (request, charge)
    }

    mutating func adjustment(of charge: Event, to amount: Int64?) -> Event {
        var adjusted = charge
        adjusted.id = .charge(for: charge.causeID ?? charge.id, after: charge.id)
        adjusted.kind = .chargeAdjusted
        adjusted.previousID = charge.id
        adjusted.amount = amount.map { Picodollars($0) }
        adjusted.unpriced = amount == nil ? "taken back" : nil
        return adjusted
    }
}
