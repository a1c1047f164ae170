package import HTTPTypes
package import JSON
package import LedgerModel

/// A caller's request with everything that is known of it before anybody is asked.
package struct GatewayRequest: Sendable {
    /// Of the request and its event; the caller gets it as `x-tally-request-id`.
    package let id: EventID
    package let api: GatewayAPI
    package let method: HTTPRequest.Method
    /// The query, without its question mark; empty without one.
    package let query: String
    package let headers: HTTPFields
    /// As it came; a stage that a route asks for may change it.
    package var body: [UInt8]
    /// The body, read once; nil for what isn't a JSON object.
    package var json: JSONTree?
    package let ledger: LedgerID
    /// Whose key it came with; nil without one.
    package let key: EventID?
    /// App, team, user, agent and so on, the key included.
    package var dimensions: Dimensions
    package var labels: Labels?
    package let arrivedAt: Timestamp
    package let started: ContinuousClock.Instant

    package init(
        id: EventID, api: GatewayAPI, method: HTTPRequest.Method = .post, query: String = "",
        headers: HTTPFields, body: [UInt8], json: JSONTree?, ledger: LedgerID, key: EventID?,
        dimensions: Dimensions, labels: Labels?, arrivedAt: Timestamp,
        started: ContinuousClock.Instant = .now
    ) {
        self.id = id
        self.api = api
        self.method = method
        self.query = query
        self.headers = headers
        self.body = body
        self.json = json
        self.ledger = ledger
        self.key = key
        self.dimensions = dimensions
        self.labels = labels
        self.arrivedAt = arrivedAt
        self.started = started
    }

    /// The model by the caller's name; empty without one.
    package var model: String { json?["model"]?.string ?? "" }

    /// Whether a model is asked for an answer; of any other call nobody knows a price before it.
    var asksModel: Bool { !model.isEmpty && api != .countTokens }

    package var isStreamed: Bool { json?["stream"] == .boolean(true) }
}
