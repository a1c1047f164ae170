import JSON
package import LedgerModel

/// An alert as it stands, by its latest event.
package struct Alert: Hashable, Sendable {
    package let id: Name
    package let rule: Name
    package let subject: Name
    package let window: Name
    package let phase: AlertState.Phase
    package let revision: Int64
    package let raisedAt: Timestamp
    package let changedAt: Timestamp
    package let silencedUntil: Timestamp?
    /// Channels that took the notice of when it was raised last.
    package let delivered: [String]
    /// Channels that have not, with the reason.
    package let undelivered: [String]
    let facts: AlertFacts

    package var isOpen: Bool { phase == .firing || phase == .acknowledged }
    package var summary: String { facts.summary }
    package var contributors: [String] { facts.contributors }
    package var look: String { facts["look"] }
    package var by: String? { facts.optional("by") }
    package var note: String? { facts.optional("note") }
    package var severity: Name { Name(facts["severity"]) }
    package var channels: [Name] { facts.channels }
    package var since: Timestamp? { facts.since }
}

/// What an event of an alert says, read back.
struct AlertFacts: Hashable, Sendable {
    let labels: Labels?

    init(_ labels: Labels?) { self.labels = labels }

    /// Reads what the database made of it, in which keys have an order of their own.
    init(json: String) {
        let members = (try? JSONTree(parsing: json.utf8))?.members ?? []
        labels = try? Labels(
            members.compactMap { member in
                member.value.string.map { (key: Name(member.key), value: Name($0)) }
            })
    }

    subscript(key: Name) -> String { labels?[key]?.string ?? "" }
    func optional(_ key: Name) -> String? { labels?[key]?.string }

    var alert: Name { Name(self["alert"]) }
    var revision: Int64 { Int64(self["revision"]) ?? 0 }
    var summary: String { self["summary"] }
    var since: Timestamp? { Timestamp(rfc3339: self["since"]) }
    var raisedAt: Timestamp? { Timestamp(rfc3339: self["raised_at"]) }
    var silencedUntil: Timestamp? { Timestamp(rfc3339: self["silenced_until"]) }
    var channels: [Name] { self["to"].split(separator: ",").map { Name(String($0)) } }
    var contributors: [String] {
        (1...Observation.contributorsMax).compactMap { optional(Name("top_\($0)")) }
    }
    var escalation: AlertRoute.Escalation? {
        guard let channel = optional("escalate_to"), let seconds = Int64(self["escalate_after_s"])
        else { return nil }
        return AlertRoute.Escalation(to: Name(channel), afterSeconds: seconds)
    }
}
