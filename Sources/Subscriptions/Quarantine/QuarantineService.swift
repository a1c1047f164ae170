package import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres

/// Puts events that halt a subscription into its quarantine, releases them from it, and says which
/// are there.
///
/// A quarantine is an event, `event.quarantined`, so the ledger says for ever who leaves out what,
/// and why. It is only booked while the subscription is halted before the event and no version of it
/// has dealt with it: otherwise what a read model holds would depend on when that happened. A release
/// is an event as well, `event.released`. It counts for versions that begin after it, so that each
/// version is the fold of the same events from its first to its last page.
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
        let said = try await find(events, in: subscription)
        let known = said.filter { $0.release == nil }
        let new = Set(events).subtracting(known.map(\.event.id))
        if new.isEmpty {
            try await resume(subscription, before: known.map(\.event.position).max() ?? 0)
            return known
        }
        try Self.check(reason)
        let poison = try await check(new.sorted(), in: subscription, after: said)
        try await append(poison, to: subscription, reason)
        let added = try await find(events, in: subscription).filter { $0.release == nil }
        guard added.count == Set(events).count else {
            throw QuarantineRefusal.contended(subscription: subscription)
        }
        try await resumeUnlessPassed(subscription, poison)
        return added
    }

    /// Takes quarantines back, of one subscription or of all; what is released already stays so.
    ///
    /// The versions that are there go on without the events. Those that begin from now on take them:
    /// a read model's with its next rebuild, a reaction's at once.
    ///
    /// - Parameter readModels: the subscriptions that are rebuilt; the others begin again here.
    package func release(
        _ events: [EventID], from subscription: String? = nil, because reason: String,
        readModels: Set<String>
    ) async throws -> [QuarantinedEvent] {
        guard (1...Self.eventsMax).contains(events.count) else {
            throw QuarantineRefusal.count(events.count)
        }
        try Self.check(reason)
        let known = try await find(events, in: subscription)
        for event in events where !known.contains(where: { $0.event.id == event }) {
            throw QuarantineRefusal.notQuarantined(event)
        }
        try await append(releaseOf: known.filter { $0.release == nil }, reason)
        let released = try await find(events, in: subscription)
        // Also after a crash between the event and this: nobody has taken it yet.
        let waiting = Set(released.filter(\.isLeftOut).map(\.subscription))
        for name in waiting.subtracting(readModels).sorted() {
            let restart = RestartReaction(name: name)
            _ = try await pool.session { try $0.run(restart) }
        }
        return try await find(events, in: subscription)
    }

    private static func check(_ reason: String) throws {
        guard (1...reasonBytesMax).contains(reason.utf8.count) else {
            throw QuarantineRefusal.reason(bytes: reason.utf8.count)
        }
    }

    /// An event to quarantine.
    private struct Poison {
        let recorded: RecordedEvent
        /// How often it was released before, and the position of the last time, or 0.
        let releases: Int
        let released: Int64
    }

    /// The events, if no version of the subscription has taken them, and it is halted before their
    /// block; or leaves them out still, since their release had no effect yet.
    private func check(
        _ events: [EventID], in subscription: String, after said: [QuarantinedEvent]
    ) async throws -> [Poison] {
        var halted: HaltedBlock?
        var found: [Poison] = []
        for event in events {
            let releases = said.filter { $0.event.id == event }.compactMap(\.release?.position)
            let released = releases.max() ?? 0
            if releases.isEmpty, halted == nil {
                halted = try await HaltedBlock.find(subscription, of: ledger.id, in: pool)
            }
            guard let recorded = try await ledger.event(event) else {
                throw QuarantineRefusal.unknownEvent(event)
            }
            if releases.isEmpty, let range = halted?.range,
                recorded.position <= range.after || recorded.position > range.upTo
            {
                throw QuarantineRefusal.elsewhere(
                    event, position: recorded.position, subscription: subscription,
                    block: range.after + 1...range.upTo)
            }
            let taker = FindTaker(
                ledger: ledger.id, subscription: subscription, position: recorded.position,
                released: released)
            if try await pool.session({ try $0.one(taker) }) > 0 {
                throw QuarantineRefusal.passed(event, subscription: subscription)
            }
            found.append(
                Poison(recorded: recorded, releases: releases.count, released: released))
        }
        return found.sorted { $0.recorded.position < $1.recorded.position }
    }

    // MARK: - Booking

    private func find(
        _ events: [EventID], in subscription: String?
    ) async throws -> [QuarantinedEvent] {
        let list = ListQuarantinedEvents(
            ledger: ledger.id, subscription: subscription, events: events)
        return try await pool.session { try $0.run(list) }
    }

    private func append(
        _ events: [Poison], to subscription: String, _ reason: String
    ) async throws {
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        for poison in events {
            let cause = poison.recorded.event
            var event = Event(
                id: Self.id(of: cause.id, in: subscription, after: poison.releases),
                kind: .eventQuarantined, occurredAt: cause.occurredAt)
            event.causeID = cause.id
            event.detail = try Labels([
                ("position", Name("\(poison.recorded.position)")), ("reason", Name(reason)),
                ("subscription", Name(subscription)),
            ])
            try batch.add(event, using: &encoder)
        }
        _ = try await ledger.append(batch)
    }

    /// One for each event and subscription, and again for each release, at the event's own time.
    private static func id(
        of event: EventID, in subscription: String, after releases: Int
    ) -> EventID {
        let again = releases == 0 ? "" : "/\(releases)"
        return ExternalID(
            source: "tally/quarantine", id: Name("\(subscription)/\(event)\(again)")
        ).eventID(at: event.time)
    }

    /// One release for each quarantine, whose cause is the quarantine.
    private func append(releaseOf quarantined: [QuarantinedEvent], _ reason: String) async throws {
        if quarantined.isEmpty { return }
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        for quarantine in quarantined {
            let id = ExternalID(source: "tally/release", id: Name("\(quarantine.id)"))
            guard let said = try await ledger.event(quarantine.id)?.event else {
                throw QuarantineRefusal.unknownEvent(quarantine.id)
            }
            var event = Event(
                id: id.eventID(at: quarantine.id.time), kind: .eventReleased,
                occurredAt: said.occurredAt)
            event.causeID = quarantine.id
            event.detail = try Labels([
                ("position", Name("\(quarantine.event.position)")), ("reason", Name(reason)),
                ("subscription", Name(quarantine.subscription)),
            ])
            try batch.add(event, using: &encoder)
        }
        _ = try await ledger.append(batch)
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
    private func resumeUnlessPassed(_ subscription: String, _ events: [Poison]) async throws {
        let first = events.map(\.recorded.position).min() ?? 0
        let lockNew = LockSubscription(name: subscription)
        let lock = LockPlaces(ledger: ledger.id, subscription: subscription)
        let resume = ResumePlace(ledger: ledger.id, subscription: subscription, end: first)
        try await pool.transaction { session in
            _ = try session.run(lockNew)
            let places = try session.run(lock)
            let isTaken = events.contains { poison in
                places.contains {
                    $0.position >= poison.recorded.position && $0.born >= poison.released
                }
            }
            if isTaken { throw QuarantineRefusal.overtaken(subscription: subscription) }
            _ = try session.execute(resume)
        }
    }
}

/// The block that a subscription is halted before.
struct HaltedBlock: Sendable {
    let halted: ListHalted.Halted
    let range: EventRange
    let events: [BlockEvent]

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
            return HaltedBlock(halted: halted, range: next.range, events: events)
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
