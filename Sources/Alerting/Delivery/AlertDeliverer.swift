package import EventStore
package import LedgerModel
package import Postgres

/// Sends the notices that are due.
///
/// Any number of instances may deliver: each claims what it sends. A notice that was sent and whose
/// instance was killed before it said so is sent again under the same id, by which a receiver knows
/// it.
package struct AlertDeliverer: Sendable {
    private let pool: Pool
    private let channels: AlertChannels
    private let now: @Sendable () -> Timestamp
    private let chance: @Sendable () -> Double
    private let open: @Sendable (LedgerID) async throws -> any LedgerStore
    private let name: @Sendable (LedgerID) async -> String
    private let report: @Sendable (Report) -> Void

    /// What became of an attempt, for metrics and the log.
    package struct Report: Sendable, Hashable {
        /// The kind of channel.
        package let kind: String
        package let channel: Name
        package let outcome: Outcome
        package let error: String?

        package enum Outcome: String, CaseIterable, Sendable {
            case delivered, failed, gaveUp = "gave_up", disabled
        }
    }

    /// - Parameters:
    ///   - chance: a number from 0 to 1, for the time until another attempt.
    ///   - open: a ledger's writer.
    ///   - name: a ledger's name.
    package init(
        pool: Pool, channels: AlertChannels, now: @escaping @Sendable () -> Timestamp,
        chance: @escaping @Sendable () -> Double,
        open: @escaping @Sendable (LedgerID) async throws -> any LedgerStore,
        name: @escaping @Sendable (LedgerID) async -> String,
        report: @escaping @Sendable (Report) -> Void = { _ in }
    ) {
        self.pool = pool
        self.channels = channels
        self.now = now
        self.chance = chance
        self.open = open
        self.name = name
        self.report = report
    }

    /// Sends what is due now; how many attempts that were.
    @discardableResult
    package func deliverDue() async throws -> Int {
        var attempts = 0
        let names = channels.byName.keys.map(\.string)
        for ledger in try await pool.session({ try $0.run(ListLedgersDue(channels: names)) }) {
            let claim = ClaimDeliveries(ledger: ledger, channels: names)
            let claimed = try await pool.session { try $0.run(claim) }
            attempts += claimed.count
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for delivery in claimed { tasks.addTask { try await deliver(delivery, ledger) } }
                try await tasks.waitForAll()
            }
        }
        return attempts
    }

    private func deliver(_ delivery: ClaimedDelivery, _ ledger: LedgerID) async throws {
        guard let channel = channels.byName[delivery.channel] else { return }
        let kind = channel.settings.kind
        func tell(_ outcome: Report.Outcome, _ error: String? = nil) {
            report(
                Report(
                    kind: kind.word, channel: delivery.channel, outcome: outcome, error: error))
        }
        if delivery.wasDelivered, !delivery.isOpen {
            try await settle(delivery, ledger, "delivered", isTaken: true)
            return
        }
        if delivery.isDisabled {
            tell(.disabled, "its receiver wants no more notices: see tally alerts test")
            try await settle(delivery, ledger, "disabled")
            return
        }
        if delivery.isLate, !delivery.wasDelivered {
            tell(.gaveUp, "it was not taken in time")
            try await settle(delivery, ledger, "failed", error: "it was not taken in time")
            return
        }
        let store = try await open(ledger)
        guard let event = try await store.event(delivery.event)?.event else {
            try await settle(delivery, ledger, "failed", error: "its event is not there")
            return
        }
        let notice = AlertNotice(
            event, of: await name(ledger), sentAt: now(), isEscalation: delivery.isEscalation)
        do throws(DeliveryFailure) {
            try await channel.channel.send(notice)
        } catch {
            let reason = clipped(error.description, toBytes: 500)
            if case .gone = error {
                tell(.disabled, reason)
                try await settle(delivery, ledger, "gone", error: reason)
            } else {
                tell(.failed, reason)
                let delay = RetrySchedule.seconds(after: delivery.attempts, chance: chance())
                try await settle(delivery, ledger, nil, error: reason, delay: delay)
            }
            return
        }
        tell(.delivered)
        if !delivery.wasDelivered { try await note(delivery, of: event, in: store) }
        if delivery.isOpen, let seconds = kind.resendSeconds {
            try await settle(delivery, ledger, nil, isTaken: true, delay: Double(seconds))
        } else {
            try await settle(delivery, ledger, "delivered", isTaken: true)
        }
    }

    private func settle(
        _ delivery: ClaimedDelivery, _ ledger: LedgerID, _ outcome: String?, isTaken: Bool = false,
        error: String? = nil, delay seconds: Double = 0
    ) async throws {
        let settle = SettleDelivery(
            ledger: ledger, delivery: delivery, outcome: outcome, isTaken: isTaken, error: error,
            delayMilliseconds: Int64(seconds * 1_000))
        _ = try await pool.session { try $0.execute(settle) }
    }

    /// Books that the channel took it; once, since its identity follows from event and channel.
    private func note(
        _ delivery: ClaimedDelivery, of raised: Event, in store: any LedgerStore
    ) async throws {
        let time = now()
        let external = ExternalID(
            source: "tally/alerts", id: Name("\(delivery.event)/\(delivery.channel)"))
        var event = Event(
            id: external.eventID(at: time), kind: .alertDelivered, occurredAt: time)
        event.externalID = external
        event.causeID = delivery.event
        event.detail = Labels(alert: [
            ("alert", delivery.alert.string), ("channel", delivery.channel.string),
            ("what", raised.kind.name), ("attempts", "\(delivery.attempts)"),
        ])
        var batch = EntryBatch(for: store.id)
        var encoder = EntryEncoder()
        try batch.add(event, using: &encoder)
        _ = try await store.append(batch)
    }
}
