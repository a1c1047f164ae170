/// A request as JSON text, whose members a test can replace by anything.
package struct EventText: Sendable {
    private var members: [(name: String, json: String)]

    /// A good request, identified by `source` and `id`.
    package init(_ id: String, source: String = "tests") {
        members = [
            ("source", "\"\(source)\""), ("id", "\"\(id)\""),
            ("type", "\"request.completed\""), ("occurred_at", "\"\(Self.time)\""),
            ("provider", "\"openai\""), ("model", "\"gpt-4o\""), ("app", "\"search\""),
            ("usage", "{\"input_tokens\":1000,\"output_tokens\":100}"),
        ]
    }

    /// The time of events by default.
    package static let time = "2025-06-01T12:00:00Z"

    /// Replaces a member, or adds it; `json` is raw.
    package func with(_ name: String, _ json: String) -> EventText {
        var copy = self
        copy.members.removeAll { $0.name == name }
        copy.members.append((name, json))
        return copy
    }

    package func without(_ name: String) -> EventText {
        var copy = self
        copy.members.removeAll { $0.name == name }
        return copy
    }

    package var text: String {
        "{" + members.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}"
    }

    /// The event as a CloudEvent, with everything but identity and type in its data.
    package var cloudEvent: String {
        let outside = ["source", "id", "type"]
        let data = members.filter { !outside.contains($0.name) }
            .map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",")
        let attributes = members.filter { outside.contains($0.name) }
            .map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",")
        return "{\"specversion\":\"1.0\",\(attributes),\"data\":{\(data)}}"
    }

    /// Only the data of the CloudEvent.
    package var cloudEventData: String {
        var copy = self
        for name in ["source", "id", "type"] { copy = copy.without(name) }
        return copy.text
    }
}

/// A JSON array of events.
package func array(_ events: [EventText]) -> String {
    "[" + events.map(\.text).joined(separator: ",") + "]"
}

/// `count` good events whose ids start with `prefix`.
package func goodEvents(_ count: Int, prefix: String = "good") -> [EventText] {
    (0..<count).map { EventText("\(prefix)-\($0)") }
}
