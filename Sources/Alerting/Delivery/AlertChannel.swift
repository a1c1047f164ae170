package import LedgerModel

/// Somewhere that notices go.
package protocol AlertChannel: Sendable {
    /// Sends a notice, and returns once it was taken.
    func send(_ notice: AlertNotice) async throws(DeliveryFailure)
}

/// Why a notice was not taken.
package enum DeliveryFailure: Error, Hashable, CustomStringConvertible {
    /// It is tried again.
    case failed(String)
    /// The receiver wants no more of them, ever: the channel is disabled.
    case gone(String)

    package var description: String {
        switch self {
        case .failed(let reason), .gone(let reason): reason
        }
    }
}

/// What a channel is told of one change of an alert.
package struct AlertNotice: Hashable, Sendable {
    /// The id of the event, by which receivers recognize a notice that they got before.
    package let id: EventID
    package let kind: EventKind
    package let ledger: String
    package let occurredAt: Timestamp
    /// When this attempt is made.
    package let sentAt: Timestamp
    package let isEscalation: Bool
    let facts: AlertFacts

    package init(
        _ event: Event, of ledger: String, sentAt: Timestamp, isEscalation: Bool = false
    ) {
        id = event.id
        kind = event.kind
        self.ledger = ledger
        occurredAt = event.occurredAt
        self.sentAt = sentAt
        self.isEscalation = isEscalation
        facts = AlertFacts(event.detail)
    }

    package var isResolved: Bool { kind == .alertResolved }

    /// What it is, in a few words.
    package var title: String {
        let state = isResolved ? "resolved" : isEscalation ? "not acknowledged" : "firing"
        let subject = facts["subject"].isEmpty ? "" : " · " + facts["subject"]
        return "[\(state)] \(facts["rule"])\(subject) · ledger \(ledger)"
    }

    /// Labels and texts that follow the summary, for people.
    package var lines: [(label: String, text: String)] {
        var lines: [(label: String, text: String)] = []
        if let since = facts.since { lines.append(("Since", "\(since)")) }
        if !facts["window"].isEmpty { lines.append(("Window", facts["window"])) }
        if let raised = facts.raisedAt { lines.append(("Raised", "\(raised)")) }
        if !facts.contributors.isEmpty {
            lines.append(("Biggest", facts.contributors.joined(separator: "; ")))
        }
        if !facts["look"].isEmpty { lines.append(("Look", facts["look"])) }
        if !isResolved {
            lines.append(("Acknowledge", "tally alerts ack \(facts.alert) --ledger \(ledger)"))
        }
        return lines
    }

    package var text: String {
        ([facts.summary, ""] + lines.map { "\($0.label): \($0.text)" }).joined(separator: "\n")
    }

    /// A notice that says that it is a test.
    package static func test(
        of channel: Name, ledger: String, id: EventID, at now: Timestamp
    ) -> AlertNotice {
        var event = Event(id: id, kind: .alertRaised, occurredAt: now)
        event.detail = Labels(alert: [
            ("alert", "0000000000000000"), ("rule", "test"), ("subject", channel.string),
            ("summary", "this is a test of the channel \(channel): nothing is wrong"),
            ("severity", "info"), ("raised_at", "\(now)"), ("look", "tally alerts list"),
        ])
        return AlertNotice(event, of: ledger, sentAt: now)
    }
}
