package import Alerting
import LedgerModel

/// The alerts of a ledger, with the position up to which they are true.
package struct ShownAlerts: RenderableObject, Reportable {
    let position: Int64
    let alerts: [Alert]

    package init(_ alerts: [Alert], position: Int64) {
        self.alerts = alerts
        self.position = position
    }

    package static let shape = Shape<ShownAlerts> {
        Member("position", \.position)
        Member("alerts", \.alerts)
    }

    package var report: Report {
        Report(
            parts: alerts.isEmpty ? [] : Alert.parts(of: alerts),
            verdict: alerts.contains(where: \.isOpen)
                ? "\(alerts.count { $0.isOpen }) open; acknowledge one with tally alerts ack ID"
                : "no alert is open")
    }
}

extension Alert: RenderableObject {
    package static let layout = Table.Layout(expendable: ["window", "told", "subject", "raised"])

    package static let shape = Shape<Alert> {
        Member("id", \.id, .column)
        Member(
            "state", \.phase.rawValue, .column,
            tone: { $0.phase == .firing ? .bad : $0.phase == .resolved ? .good : nil })
        Member("severity", \.severity)
        Member("rule", \.rule, .column)
        Member("subject", \.subject, .column)
        Member("window", \.window, .column)
        Member("summary", \.summary, .column)
        Member("since", \.since)
        Member("raised_at", \.raisedAt, .heading("raised"))
        Member("changed_at", \.changedAt)
        Member("silenced_until", \.silencedUntil)
        Member("contributors", \.contributors)
        Member("look", \.look)
        Member("by", \.by)
        Member("note", \.note)
        Member("delivered_to", \.delivered, .heading("told"))
        Member("undelivered", \.undelivered)
        Member("revision", \.revision)
    }
}

/// A channel that took a test.
package struct TestedChannel: RenderableObject, Reportable {
    let channel: String
    let type: String

    package init(_ channel: String, type: String) {
        self.channel = channel
        self.type = type
    }

    package static let shape = Shape<TestedChannel> {
        Member("channel", \.channel)
        Member("type", \.type)
    }

    package var report: Report {
        Report(.text("\(channel) (\(type)) took a notice that says it is a test"))
    }
}
