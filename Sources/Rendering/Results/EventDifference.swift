import JSON
package import LedgerModel

/// A field in which a sent event differs from the stored one with the same identity.
package struct EventDifference: RenderableObject {
    /// The field's name as it is sent, such as `usage.input_tokens`.
    package let field: String
    /// What the ledger has; nil if the stored event lacks the field.
    let stored: JSONText?
    let sent: JSONText?

    /// Further differences of one event are left out.
    package static let differencesMax = 20
    /// Longer values are cut.
    private static let valueBytesMax = 200

    package static let shape = Shape<EventDifference> {
        Member("field", \.field)
        Member("stored", \.stored)
        Member("sent", \.sent)
    }

    /// For people: `app: stored "a", sent "b"`.
    package var words: String {
        "\(field): stored \(stored?.text ?? "nothing"), sent \(sent?.text ?? "nothing")"
    }

    /// The differences in the order of the fields; nil without a contradiction.
    package static func list(
        of contradiction: (sent: Event, stored: RecordedEvent)?
    ) -> [EventDifference]? {
        contradiction.map { list(stored: $0.stored.event, sent: $0.sent) }
    }

    package static func list(stored: Event, sent: Event) -> [EventDifference] {
        let (stored, sent) = (fields(of: stored), fields(of: sent))
        let values = Dictionary(sent.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        var differences = stored.compactMap { field -> EventDifference? in
            let value = values[field.key]
            return field.value == value
                ? nil : EventDifference(field.key, stored: field.value, sent: value)
        }
        let known = Set(stored.map(\.key))
        for field in sent where !known.contains(field.key) {
            differences.append(EventDifference(field.key, stored: nil, sent: field.value))
        }
        return Array(differences.prefix(differencesMax))
    }

    private init(_ field: String, stored: JSONTree?, sent: JSONTree?) {
        self.field = field
        self.stored = stored.map(Self.shortened)
        self.sent = sent.map(Self.shortened)
    }

    /// What a sender writes of an event, with the members of objects one by one.
    private static func fields(of event: Event) -> [JSONTree.Member] {
        let recorded = RecordedEvent(
            position: 0, recordedAt: Timestamp(microseconds: 0), event: event)
        guard let tree = try? JSONTree(parsing: recorded.json.utf8), let members = tree.members
        else { preconditionFailure("an event is written as a JSON object") }
        return members.flatMap { member -> [JSONTree.Member] in
            if ["position", "recorded_at", "event_id"].contains(member.key) { return [] }
            guard let inner = member.value.members else { return [member] }
            return inner.map { JSONTree.Member("\(member.key).\($0.key)", $0.value) }
        }
    }

    private static func shortened(_ value: JSONTree) -> JSONText {
        guard let text = value.string, text.utf8.count > valueBytesMax else {
            return JSONText(value.json)
        }
        let start = String(decoding: text.utf8.prefix(valueBytesMax), as: UTF8.self)
        return JSONText(JSONTree.text(start + "…").json)
    }
}
