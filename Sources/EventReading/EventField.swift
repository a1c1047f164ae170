import LedgerModel

/// A field of a native event, as its JSON key and the FIELD of `--map` and `--set` name it.
enum EventField: Hashable, Sendable {
    case id
    case source
    case type
    case occurredAt
    case dimension(Dimension)
    case status
    case errorType
    case labels
    case usage
    case unit(UsageUnit)
    case latency
    case timeToFirstToken
    case requestID
    case contentHash
    case requestHash
    case detail
    case tokensBefore
    case tokensAfter
    case usefulOutputTokens
    case quality
    case stages
    case lossyStages
    case traceID
    case spanID
    case parentSpanID
    case scope
    case responseID

    var name: String {
        switch self {
        case .id: "id"
        case .source: "source"
        case .type: "type"
        case .occurredAt: "occurred_at"
        case .dimension(let dimension): dimension.name
        case .status: "status"
        case .errorType: "error_type"
        case .labels: "labels"
        case .usage: "usage"
        case .unit(let unit): unit.name
        case .latency: "latency_ms"
        case .timeToFirstToken: "time_to_first_token_ms"
        case .requestID: "request_id"
        case .contentHash: "content_hash"
        case .requestHash: "request_hash"
        case .detail: "detail"
        case .tokensBefore: "tokens_before"
        case .tokensAfter: "tokens_after"
        case .usefulOutputTokens: "useful_output_tokens"
        case .quality: "quality"
        case .stages: "stages"
        case .lossyStages: "lossy_stages"
        case .traceID: Field.traceID.column
        case .spanID: Field.spanID.column
        case .parentSpanID: Field.parentSpanID.column
        case .scope: Field.scope.column
        case .responseID: Field.responseID.column
        }
    }

    /// The name in messages about JSON: the field's place in the event.
    var path: String {
        if case .unit = self { return "usage.\(name)" }
        return name
    }

    /// A number below 64 that is unique to the field: its bit in a set of seen fields.
    var bit: UInt64 {
        switch self {
        case .dimension(let dimension):
            1 << UInt64(dimension.rawValue < 12 ? dimension.rawValue : dimension.rawValue + 18)
        case .unit(let unit): 1 << UInt64(12 + unit.rawValue)
        case .requestHash: 1 << 39
        case .id: 1 << 40
        case .source: 1 << 41
        case .type: 1 << 42
        case .occurredAt: 1 << 43
        case .status: 1 << 44
        case .errorType: 1 << 45
        case .labels: 1 << 46
        case .usage: 1 << 47
        case .latency: 1 << 48
        case .timeToFirstToken: 1 << 49
        case .requestID: 1 << 50
        case .contentHash: 1 << 51
        case .detail: 1 << 52
        case .tokensBefore: 1 << 53
        case .tokensAfter: 1 << 54
        case .usefulOutputTokens: 1 << 55
        case .quality: 1 << 56
        case .stages: 1 << 57
        case .lossyStages: 1 << 58
        case .traceID: 1 << 59
        case .spanID: 1 << 60
        case .parentSpanID: 1 << 61
        case .scope: 1 << 62
        case .responseID: 1 << 63
        }
    }

    private static let own: [EventField] =
        [.id, .source, .type, .occurredAt]
        + Dimension.allCases.map(EventField.dimension)
        + [.status, .errorType, .latency, .timeToFirstToken, .requestID, .contentHash]
        + [.requestHash, .tokensBefore, .tokensAfter, .usefulOutputTokens, .quality]
        + [.traceID, .spanID, .parentSpanID, .scope, .responseID]

    /// The keys of an event object.
    static let topLevel = KeyTable(allTopLevel.map { ($0.name, $0) })
    static let topLevelNames = allTopLevel.map(\.name)
    private static let allTopLevel = own + [.labels, .usage, .detail, .stages, .lossyStages]

    /// The keys of the object `usage`.
    static let units = KeyTable(UsageUnit.allCases.map { ($0.name, $0) })

    /// The single-valued fields, which a table column can hold.
    static let scalars: [EventField] = own + UsageUnit.allCases.map(EventField.unit)
}
