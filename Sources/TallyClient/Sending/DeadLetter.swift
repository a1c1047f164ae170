import JSON
import LedgerModel

/// A record that the service will never accept, with the reason: a line of `dead-letters.ndjson`.
struct DeadLetter: Sendable {
    let id: String
    let reason: String
    /// A JSON object, with a line feed.
    let line: [UInt8]

    init(_ record: ArraySlice<UInt8>, _ reason: String, at time: Timestamp) {
        id = (try? JSONTree(parsing: record))?["id"]?.string ?? "unknown"
        self.reason = reason
        var json = JSONWriter()
        json.object { json in
            json.field("refused_at", time.description)
            json.field("reason", reason)
            json.key("event")
            json.value(raw: record)
        }
        json.endLine()
        line = json.bytes
    }
}
