package import EventStore
package import LedgerModel
package import Postgres
import ReadModels
import Subscriptions

/// The alerts of one ledger, for people: what there is, acknowledging and silencing.
package struct AlertService: Sendable {
    private let ledger: any LedgerStore
    private let pool: Pool

    package init(ledger: any LedgerStore, pool: Pool) {
        self.ledger = ledger
        self.pool = pool
    }

    /// The alerts, those that are open first, and the position up to which that is true.
    package func list(
        includingResolved: Bool = true
    ) async throws -> (position: Int64, alerts: [Alert]) {
        let list = ListAlerts(ledger: ledger.id, includesResolved: includingResolved)
        return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { session in
            let position = try session.first(
                ReadPosition(ledger: list.ledger, projection: AlertFold.name))
            return (position ?? 0, try session.run(list))
        }
    }

    /// How many alerts of each ledger are open, by phase.
    package static func openCounts(
        in pool: Pool
    ) async throws -> [(ledger: LedgerID, phase: String, count: Int64)] {
        try await pool.session { try $0.run(CountOpenAlerts()) }
    }

    /// Books what follows from an observation, if anything does.
    package func observe(_ observation: Observation, at time: Timestamp) async throws {
        let alert = observation.name.id
        let known = try await ledger.state(of: AlertName.key(of: alert))
        guard
            let decision = try AlertEvents.decision(
                on: alert, .observe(observation.verdict), given: AlertState(known) ?? AlertState(),
                at: time, facts: observation.facts)
        else { return }
        do {
            _ = try await ledger.append(decision)
        } catch AlertRefusal.changed, AlertRefusal.unchanged {
            // Another instance was faster.
        }
    }

    /// Says that somebody looks after it: nobody is called for it any more.
    package func acknowledge(
        _ id: String, by person: String?, note: String?, at now: Timestamp
    ) async throws -> Alert {
        try await change(id, .acknowledge, by: person, note: note, at: now)
    }

    /// The same until a time: if it is still there then, it is raised again.
    package func silence(
        _ id: String, until time: Timestamp, by person: String?, note: String?, at now: Timestamp
    ) async throws -> Alert {
        try await change(id, .silence(until: time), by: person, note: note, at: now)
    }

    private func change(
        _ id: String, _ command: AlertState.Command, by person: String?, note: String?,
        at now: Timestamp
    ) async throws -> Alert {
        let name = Name(id)
        guard let state = AlertState(try await ledger.state(of: AlertName.key(of: name))),
            state.revision > 0
        else { throw AlertRefusal.unknown(id) }
        let known = try await alert(name)
        let facts: [(key: Name, value: String)] = [
            ("rule", known?.rule.string ?? ""), ("subject", known?.subject.string ?? ""),
            ("window", known?.window.string ?? ""), ("by", person ?? ""), ("note", note ?? ""),
        ]
        if let decision = try AlertEvents.decision(
            on: name, command, given: state, at: now, facts: facts)
        {
            _ = try await ledger.append(decision)
            try await SubscriptionRunner(pool: pool, groups: [AlertFold.subscription]).catchUp()
        }
        guard let alert = try await alert(name) else { throw AlertRefusal.unknown(id) }
        return alert
    }

    /// Sends a test to a channel; one that was disabled gets notices again if it takes it.
    package func test(
        _ channel: String, of channels: AlertChannels, ledger name: String, id: EventID,
        at now: Timestamp
    ) async throws -> ChannelSettings {
        let settings = try await channels.test(channel, ledger: name, id: id, at: now)
        let enable = EnableChannel(ledger: ledger.id, channel: settings.name)
        _ = try await pool.session { try $0.execute(enable) }
        return settings
    }

    private func alert(_ id: Name) async throws -> Alert? {
        let list = ListAlerts(ledger: ledger.id, alert: id)
        return try await pool.session { try $0.first(list) }
    }
}
