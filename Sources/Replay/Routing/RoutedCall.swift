import EventStore
import LedgerModel
import Pricing
import Resilience
import Routing

/// A call of history as far as routing needs to know it.
struct RoutedCall: Sendable {
    let id: EventID
    let request: RoutedRequest
    let time: Timestamp
    let group: Int
    let provider: Name
    let model: Name
    let usage: Usage
    let serviceTier: Name?
    let region: Name?
    /// Nil without a price.
    let cost: PicodollarSum?
    /// In microseconds; nil if nobody said.
    let latency: Int64?
    let first: Int64?
    /// Nil if it was answered.
    let failure: CallFailure?
}

extension RoutedCall {
    /// What is read of history.
    static func requests(of policy: GatewayPolicy) -> PastRequests {
        PastRequests(fields: fields(of: policy), kinds: [.requestCompleted, .requestFailed])
    }

    private static func fields(of policy: GatewayPolicy) -> [Field] {
        var fields: [Field] = [
            .session, .apiKey, .operation, .status, .latency, .timeToFirstToken,
        ]
        for route in policy.routes {
            for field in route.filter.asked.map(\.field) where !fields.contains(field) {
                fields.append(field)
            }
        }
        if policy.routes.contains(where: { !$0.filter.labels.isEmpty }) { fields.append(.labels) }
        return fields + EventColumns.pricing.filter { !fields.contains($0) }
    }

    /// Nil for a row without a provider or a model.
    init?(
        _ row: EventRow, cost: PicodollarSum?, group: Int, ledger: LedgerID,
        _ dimensions: [Dimension], _ labels: Labels?
    ) {
        func name(_ field: Field) -> Name? { row.text(field).map { Name($0.string) } }
        guard let provider = name(.provider), let model = name(.model) else { return nil }
        var known = Dimensions()
        for dimension in dimensions { known[dimension] = name(dimension.field) }
        var request = RoutedRequest(
            ledger: ledger, path: Self.path(of: name(.operation), provider), isAnthropic: false,
            model: model.string, dimensions: known)
        request.labels = labels
        request.affinity.session = known[.session]
        let usage = row.usage
        request.tokens = (usage[.inputTokens] ?? 0) + (usage[.outputTokens] ?? 0)
        self.request = request
        id = row.eventID
        time = row.occurredAt
        self.group = group
        self.provider = provider
        self.model = model
        self.usage = usage
        serviceTier = name(.serviceTier)
        region = name(.region)
        self.cost = cost
        latency = row.int64(.latency).flatMap { $0 >= 0 ? $0 : nil }
        first = row.int64(.timeToFirstToken).flatMap { $0 >= 0 ? $0 : nil }
        failure = row.kind == .requestFailed ? Self.failure(row.int32(.status)) : nil
    }

    private static func failure(_ status: Int32?) -> CallFailure {
        guard let status, status > 0 else { return CallFailure(.unreachable) }
        return CallFailure(status: Int(status), header: { _ in nil })
    }

    /// The path that an operation has at a provider; history does not keep it.
    private static func path(of operation: Name?, _ provider: Name) -> String {
        switch operation {
        case "embeddings": "/v1/embeddings"
        case "text_completion": "/v1/completions"
        default: provider == "anthropic" ? "/v1/messages" : "/v1/chat/completions"
        }
    }
}
