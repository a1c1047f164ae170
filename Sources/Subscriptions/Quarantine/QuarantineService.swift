package import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres

/// Puts events that halt a subscription into its quarantine, and says which are there.
///
/// A quarantine is an event, `event.quarantined`, so the ledger says for ever who leaves out what,
/// and why. It is only booked while the subscription is halted before the event and no version of it
/// has dealt with it: otherwise what a read model holds would depend on when that happened.
package struct QuarantineService: Sendable {
    private let ledger: any LedgerStore
    private let pool: Pool

    /// Bytes of a reason.
    package static let reasonBytesMax = 512
    /// Events at once.
    package static let eventsMax = 1_000

    package init(ledger: any LedgerStore, pool: Pool) {
        self.ledger = ledger
        self.pool = pool
    }

    /// What is halted, and what is quarantined, the earliest first.
    package func list() async throws -> QuarantineList {
        let id = ledger.id
        return try await pool.transaction(readOnly: true) { session in
            QuarantineList(
                halted: try session.run(ListHalted(ledger: id)).map {
                    try $0.shown(in: session, id)
                },
                events: try session.run(ListQuarantinedEvents(ledger: id)))
        }
    }

    /// Quarantines events and lets the subscription go on; what is quarantined already stays so.
    package func add(
        _ events: [EventID], to subscription: String, because reason: String
    ) async throws -> [QuarantinedEvent] {
        guard (1...Self.eventsMax).contains(events.count) else {
            throw QuarantineRefusal.count(events.count)
        }
        let known = try await find(events, in: subscription)
        let new = Set(events).subtracting(known.map(\.event.id))
        if new.isEmpty {
            try await resume(subscription, before: known.map(\.event.position).max() ?? 0)
            return known
        }
        let recorded = try await check(new.sorted(), in: subscription, reason)
        try await append(recorded, to: subscription, reason)
        let added = try await find(events, in: subscription)
        guard added.count == Set(events).count else {
            throw QuarantineRefusal.contended(subscription: subscription)
        }
        try await resumeUnlessPassed(
            subscription, added.map(\.event).filter { new.contains($0.id) })
        return added
    }

    /// The events, if the subscription is halted before their block and has not dealt with them.
    private func check(
        _ events: [EventID], in subscription: String, _ reason: String
    ) async throws -> [RecordedEvent] {
        guard (1...Self.reasonBytesMax).contains(reason.utf8.count) else {
            throw QuarantineRefusal.reason(bytes: reason.utf8.count)
        }
        let halted = try await HaltedBlock.find(subscription, of: ledger.id, in: pool)
        let range = halted.range
        var found: [RecordedEvent] = []
        for event in events {
            guard let recorded = try await ledger.event(event) else {
                throw QuarantineRefusal.unknownEvent(event)
            }
            guard recorded.position > range.after, recorded.position <= range.upTo else {
                throw QuarantineRefusal.elsewhere(
                    event, position: recorded.position, subscription: subscription,
                    block: range.after + 1...range.upTo)
            }
            if halted.furthest >= recorded.position {
                throw QuarantineRefusal.passed(event, subscription: subscription)
            }
            found.append(recorded)
        }
        return found.sorted { $0.position < $1.position }
    }

    // MARK: - Booking

    private func find(
        _ events: [EventID], in subscription: String
    ) async throws -> [QuarantinedEvent] {
        let list = ListQuarantinedEvents(
            ledger: ledger.id, subscription: subscription, events: events)
        return try await pool.session { try $0.run(list) }
    }

    private func append(
        _ events: [RecordedEvent], to subscription: String, _ reason: String
    ) async throws {
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        for poison in events {
            var event = Event(
                id: Self.id(of: poison.event.id, in: subscription), kind: .eventQuarantined,
                occurredAt: poison.event.occurredAt)
            event.causeID = poison.event.id
            event.detail = try Labels([
                ("position", Name("\(poison.position)")), ("reason", Name(reason)),
                ("subscription", Name(subscription)),
            ])
            try batch.add(event, using: &encoder)
        }
        _ = try await ledger.append(batch)
    }

    /// One for each event and subscription, at the event's own time.
    private static func id(of event: EventID, in subscription: String) -> EventID {
        ExternalID(source: "tally/quarantine", id: Name("\(subscription)/\(event)"))
            .eventID(at: event.time)
    }

    // MARK: - Going on

    private func resume(_ subscription: String, before position: Int64) async throws {
        let resume = ResumePlace(ledger: ledger.id, subscription: subscription, end: position)
        _ = try await pool.session { try $0.execute(resume) }
    }

    /// Resumes it, unless somebody else did or rebuilt it while the quarantine was booked.
    ///
    /// A page that was claimed before is over once its row is locked here, and one that made its
    /// row once the subscription's is; one that comes later sees the quarantine.
    private func resumeUnlessPassed(
        _ subscription: String, _ events: [BlockEvent]
    ) async throws {
        let first = events.map(\.position).min() ?? 0
        let lockNew = LockSubscription(name: subscription)
        let lock = LockPlaces(ledger: ledger.id, subscription: subscription)
        let resume = ResumePlace(ledger: ledger.id, subscription: subscription, end: first)
        try await pool.transaction { session in
            _ = try session.run(lockNew)
            guard try session.run(lock).allSatisfy({ $0 < first }) else {
                throw QuarantineRefusal.overtaken(subscription: subscription)
            }
            _ = try session.execute(resume)
        }
    }
}

/// The block that a subscription is halted before.
struct HaltedBlock: Sendable {
    let halted: ListHalted.Halted
    let range: EventRange
    let events: [BlockEvent]
    /// How far any version of the subscription came.
    let furthest: Int64

    /// Refuses a subscription that is unknown or goes on, and a block that misses events.
    static func find(
        _ subscription: String, of ledger: LedgerID, in pool: Pool
    ) async throws -> HaltedBlock {
        try await pool.transaction(readOnly: true) { session in
            let list = ListHalted(ledger: ledger)
            guard
                let halted = try session.run(list).first(where: { $0.member.name == subscription })
            else {
                let known = try session.run(ListNames())
                throw known.contains(subscription)
                    ? QuarantineRefusal.notHalted(subscription: subscription)
                    : QuarantineRefusal.unknownSubscription(subscription, known: known)
            }
            let next = try halted.next(in: session, ledger)
            let events = try session.run(ListBlockEvents(range: next.range))
            guard next.counted == next.range.count, Int64(events.count) == next.counted else {
                throw QuarantineRefusal.missing(
                    subscription: subscription, block: next.range.after + 1...next.range.upTo)
            }
            let furthest = try session.one(
                FurthestPlace(ledger: ledger, subscription: subscription))
            return HaltedBlock(
                halted: halted, range: next.range, events: events, furthest: furthest)
        }
    }
}

extension ListHalted.Halted {
    /// The block behind the place; a range of one block.
    fileprivate func next(in session: Session, _ ledger: LedgerID) throws -> NextRange.Found {
        try NextRange.find(ledger, after: position, end: end, positionsMax: 1, in: session)
    }

    fileprivate func shown(
        in session: Session, _ ledger: LedgerID
    ) throws -> HaltedSubscription {
        HaltedSubscription(
            subscription: member.name, position: position, haltedAt: haltedAt, reason: reason,
            blockEnd: try next(in: session, ledger).range.upTo)
    }
}
