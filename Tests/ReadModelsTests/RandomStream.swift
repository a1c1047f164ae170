import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import ReadModels
import StoreTesting
import Subscriptions

/// A ledger with read models.
extension TestLedger {
    func runner(
        _ projections: [ReadModel] = ReadModel.all,
        report: @escaping @Sendable (SubscriptionEvent) -> Void = { _ in }
    ) -> ProjectionRunner {
        ProjectionRunner(pool: pool, projections: projections, report: report)
    }
}

/// A random stream: requests with charges, some of which are adjusted again and again, with and
/// without a price, what reconciliations book, and events that no read model counts.
struct RandomStream {
    var events: RandomEvents
    private var charged: [(request: Event, charge: Event)] = []

    init(seed: UInt64, days: Int64 = 3) {
        events = RandomEvents(seed: seed, days: days)
    }

    mutating func entries(_ count: Int) -> [(event: Event, charge: Event?)] {
        var entries: [(event: Event, charge: Event?)] = []
        for _ in 0..<count {
            if events.chance(0.2), let last = charged.popLast() {
                let adjustment = adjustment(of: last.charge, for: last.request)
                entries.append((adjustment, nil))
                // It may be adjusted again, but not always.
                if events.chance(0.6) { charged.append((last.request, adjustment)) }
            } else if events.chance(0.1) {
                entries.append(events.cacheOrBatch())
            } else if events.chance(0.05) {
                entries.append((reconciliation(), nil))
            } else if events.chance(0.2) {
                entries.append(events.optimization())
            } else {
                let request = events.request()
                let charge = events.charge(for: request)
                charged.append((request, charge))
                entries.append((request, charge))
            }
        }
        return entries
    }

    private mutating func reconciliation() -> Event {
        let request = events.request()
        let start = request.occurredAt.startOfDay
        var booked = Event(
            id: EventID(at: start, entropy: (events.random.next(), events.random.next())),
            kind: .chargeReconciled, occurredAt: start)
        booked.dimensions[.provider] = request.dimensions[.provider]
        booked.dimensions[.model] = request.dimensions[.model]
        booked.amount = Picodollars(Int64(events.random.next() % 1_000) - 500)
        return booked
    }

    /// Priced or unpriced before, priced or unpriced now; one that takes a price back has both an
    /// amount and a reason.
    private mutating func adjustment(of charge: Event, for request: Event) -> Event {
        var adjusted = charge
        adjusted.id = .charge(for: request.id, after: charge.id)
        adjusted.kind = .chargeAdjusted
        adjusted.previousID = charge.id
        adjusted.unpriced = events.chance(0.4) ? events.name("reason", of: 2) : nil
        adjusted.amount = Picodollars(Int64(events.random.next() % 1_000) - 500)
        if adjusted.unpriced != nil, charge.unpriced != nil { adjusted.amount = nil }
        return adjusted
    }
}
