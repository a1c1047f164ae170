import HTTPTypes
import JSON
import LedgerModel
import NIOCore
import Providers
import Routing

/// What a request becomes on its way to a provider: the same, but for what has to change.
struct CallForm: Sendable {
    /// Whether the stream tells its usage because we ask it to.
    let addsUsage: Bool
    /// Whether the caller wants the cost in the usage.
    let tellsCost: Bool
    /// The most output tokens, where a control or a budget lowers them.
    let maxTokens: Int64?

    /// Whether the chunk with the usage is taken out again.
    var dropsUsage: Bool { addsUsage && !tellsCost }

    init(_ request: GatewayRequest, _ route: RoutePolicy, maxTokens: Int64?) {
        let isOlder = request.api == .chatCompletions || request.api == .completions
        let isTold = request.json?["stream_options"]?["include_usage"] == .boolean(true)
        addsUsage = route.asksForUsage && isOlder && request.isStreamed && !isTold
        tellsCost =
            request.headers[.tallyUsageCost] == "1"
            || request.json?["usage"]?["include"] == .boolean(true)
        self.maxTokens = maxTokens
    }

    /// The call of a candidate.
    func call(_ request: GatewayRequest, to candidate: RouteCandidate, _ number: Int)
        -> ProviderCall
    {
        let query = request.query.isEmpty ? "" : "?" + request.query
        var call = ProviderCall(request.api.path + query)
        call.method = request.method.rawValue
        call.headers =
            HeaderPolicy.request(request.headers)
            + SpanContext(of: request).headers(ofAttempt: number)
        let body = body(of: request, for: candidate)
        call.body = body.isEmpty ? [] : [ByteBuffer(bytes: body)]
        return call
    }

    /// The body, changed only where it must be.
    func body(of request: GatewayRequest, for candidate: RouteCandidate) -> [UInt8] {
        let renames = !candidate.model.isEmpty && candidate.model != request.model
        let hasWish = request.json?["usage"]?["include"] != nil
        guard renames || addsUsage || hasWish || maxTokens != nil, request.json?.members != nil,
            var splice = try? JSONSplice(request.body)
        else { return request.body }
        if renames { splice.set(["model"], to: JSONTree.text(candidate.model).json) }
        if addsUsage { splice.set(["stream_options", "include_usage"], to: "true") }
        // OpenRouter's word; others refuse it.
        if hasWish { splice.remove("usage") }
        if let maxTokens { splice.set([maxTokensMember(of: request)], to: "\(maxTokens)") }
        return splice.bytes
    }

    /// The member by which the caller, or else the API, limits the output.
    private func maxTokensMember(of request: GatewayRequest) -> String {
        let names = ["max_completion_tokens", "max_output_tokens", "max_tokens"]
        if let given = names.first(where: { request.json?[$0] != nil }) { return given }
        return switch request.api {
        case .responses: "max_output_tokens"
        case .chatCompletions: "max_completion_tokens"
        default: "max_tokens"
        }
    }
}

extension HTTPField.Name {
    /// A name that is known to be one.
    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("a name of a header") }
        return name
    }

    static let tallyUsageCost = known("x-tally-usage-cost")
    static let tallyRequestID = known("x-tally-request-id")
    static let tallyProvider = known("x-tally-provider")
    static let tallyRoute = known("x-tally-route")
    static let tallyAttempts = known("x-tally-attempts")
    static let tallyOverhead = known("x-tally-overhead-ms")
    static let tallyCost = known("x-tally-cost-usd")
    static let tallyBudgetRemaining = known("x-tally-budget-remaining-usd")
    static let tallyPriority = known("x-tally-priority")
    static let idempotencyKey = known("idempotency-key")
}
