import FoundationEssentials
import LedgerModel

/// A record that the service will never take, with the reason: a line of `dead-letters.ndjson`.
struct DeadLetter: Sendable {
    let id: String
    let reason: String
    /// A JSON object, with a line feed.
    let line: [UInt8]

    init(_ record: ArraySlice<UInt8>, _ reason: String, at time: Timestamp) {
        struct Identified: Decodable {
            let id: String
        }
        let identified = try? JSONDecoder().decode(Identified.self, from: Data(record))
        id = identified?.id ?? "unknown"
        self.reason = reason
        var json = JSONLine()
        json.field("refused_at", time.description)
        json.field("reason", reason)
        json.field("event", raw: record)
        json.end()
        line = json.bytes + [UInt8(ascii: "\n")]
    }
}
