package import EventStore
package import LedgerModel

/// What a look at a rule found of one alert: whether it holds, and what to tell people.
package struct Observation: Hashable, Sendable {
    package let name: AlertName
    package let verdict: AlertState.Verdict
    /// What, how much, and of how much, in a sentence.
    package var summary: String
    /// Since when, as far as that is known.
    package var since: Timestamp?
    /// The three biggest contributors.
    package var contributors: [String]
    /// Where to look: a command.
    package var look: String
    package var route: AlertRoute

    package init(
        _ name: AlertName, _ verdict: AlertState.Verdict, _ summary: String,
        since: Timestamp? = nil, contributors: [String] = [], look: String,
        route: AlertRoute = .log
    ) {
        self.name = name
        self.verdict = verdict
        self.summary = summary
        self.since = since
        self.contributors = Array(contributors.prefix(Self.contributorsMax))
        self.look = look
        self.route = route
    }

    package static let contributorsMax = 3
}

/// Who is told of an alert, and how urgent it is.
package struct AlertRoute: Hashable, Sendable {
    package let channels: [Name]
    package let severity: Name
    /// Who else is told if nobody acknowledged in time.
    package let escalation: Escalation?

    package struct Escalation: Hashable, Sendable {
        package let channel: Name
        package let seconds: Int64

        package init(to channel: Name, afterSeconds seconds: Int64) {
            self.channel = channel
            self.seconds = seconds
        }
    }

    package init(
        _ channels: [Name], severity: Name = "warning", escalation: Escalation? = nil
    ) {
        self.channels = channels
        self.severity = severity
        self.escalation = escalation
    }

    package static let log = AlertRoute(["log"])
}

/// The events of alerts, and the decisions that append them.
package enum AlertEvents {
    /// The key of an observation, for a decision that raises its alert along with its own events.
    package static func key(of observation: Observation) -> StateKey { observation.name.key }

    /// The event that follows from an observation, with the state row changed to say the same; nil
    /// if nothing follows.
    ///
    /// For other decisions: a refusal that appends what this returns before its own event is never
    /// ahead of its alert. The decision has to lock `key(of:)`.
    package static func observe(
        _ observation: Observation, in rows: inout StateRows, at now: Timestamp
    ) throws -> Event? {
        try change(
            observation.name.id, .observe(observation.verdict), in: &rows, at: now,
            facts: observation.facts)
    }

    /// A decision about one alert; nil if the state as it is now lets nothing follow.
    ///
    /// - Throws: `AlertRefusal`; the decision itself refuses with `.changed` if another was first.
    static func decision(
        on alert: Name, _ command: AlertState.Command, given state: AlertState, at now: Timestamp,
        facts: [(key: Name, value: String)]
    ) throws -> Decision? {
        guard try AlertState.decide(command, given: state, at: now) != nil else { return nil }
        let revision = state.revision
        return Decision(
            id: id(of: alert, revision + 1, at: now), on: [AlertName.key(of: alert)]
        ) { rows, _ in
            let current = AlertState(rows[AlertName.key(of: alert)]) ?? AlertState()
            guard current.revision == revision else { throw AlertRefusal.changed }
            guard let event = try change(alert, command, in: &rows, at: now, facts: facts) else {
                throw AlertRefusal.unchanged
            }
            return [event]
        }
    }

    private static func change(
        _ alert: Name, _ command: AlertState.Command, in rows: inout StateRows,
        at now: Timestamp, facts: [(key: Name, value: String)]
    ) throws -> Event? {
        let key = AlertName.key(of: alert)
        guard var state = AlertState(rows[key]) else { throw DamagedAlert(alert: alert) }
        guard let transition = try AlertState.decide(command, given: state, at: now) else {
            return nil
        }
        AlertState.evolve(&state, by: transition, at: now)
        rows[key] = state.bytes
        var event = Event(
            id: id(of: alert, state.revision, at: now), kind: transition.kind, occurredAt: now)
        var own: [(key: Name, value: String)] = [
            ("alert", alert.string), ("revision", "\(state.revision)"),
            ("raised_at", state.raisedAt?.description ?? ""),
        ]
        if let until = state.silencedUntil { own.append(("silenced_until", "\(until)")) }
        event.detail = Labels(alert: own + facts)
        return event
    }

    /// Follows from the alert and its revision, so the same change has one identity.
    private static func id(of alert: Name, _ revision: Int64, at time: Timestamp) -> EventID {
        ExternalID(source: "tally/alerts", id: Name("\(alert)/\(revision)")).eventID(at: time)
    }
}

extension AlertState.Transition {
    fileprivate var kind: EventKind {
        switch self {
        case .raised: .alertRaised
        case .acknowledged, .silenced: .alertAcknowledged
        case .resolved: .alertResolved
        }
    }
}

extension Observation {
    /// What its event says.
    var facts: [(key: Name, value: String)] {
        var facts: [(key: Name, value: String)] = [
            ("rule", name.rule.string), ("subject", name.subject.string),
            ("window", name.window.string), ("summary", summary), ("look", look),
            ("severity", route.severity.string),
            ("to", route.channels.map(\.string).joined(separator: ",")),
        ]
        if let since { facts.append(("since", "\(since)")) }
        if let escalation = route.escalation {
            facts.append(("escalate_to", escalation.channel.string))
            facts.append(("escalate_after_s", "\(escalation.seconds)"))
        }
        for (index, text) in contributors.enumerated() {
            facts.append((Name("top_\(index + 1)"), text))
        }
        return facts
    }
}

extension Labels {
    /// Facts of an alert, cut where all of them together are too long for an event.
    init?(alert facts: [(key: Name, value: String)]) {
        let facts = facts.filter { !$0.value.isEmpty }
        for bytesMax in [256, 128, 96, 64, 40] {
            let cut = facts.map { key, value in
                (key: key, value: Name(clipped(value, toBytes: key == "to" ? 256 : bytesMax)))
            }
            if let labels = try? Labels(cut) {
                self = labels
                return
            }
        }
        return nil
    }
}

/// A text of at most so many bytes, cut between characters, without NUL.
func clipped(_ text: String, toBytes bytesMax: Int) -> String {
    let text = text.replacing("\u{0}", with: "")
    guard text.utf8.count > bytesMax else { return text }
    var cut = ""
    var bytes = "…".utf8.count
    for character in text {
        bytes += character.utf8.count
        if bytes > bytesMax { break }
        cut.append(character)
    }
    return cut + "…"
}

/// A state row that this program did not write.
struct DamagedAlert: Fault {
    let alert: Name
    var kind: FaultKind { .defect }
    var description: String { "the state of alert \(alert) cannot be read: run tally verify" }
}
