import HTTPTypes
import LedgerModel
import LoadManagement
import Providers
import Resilience
import Routing

extension RequestLife {
    /// What every answer says of its request.
    var headers: HTTPFields {
        var fields: HTTPFields = [
            .tallyRequestID: request.id.description, .tallyRoute: route.name.string,
        ]
        for field in step.headers { fields[field.name] = field.value }
        for (name, value) in RateLimitHeaders.fields(
            for: pass?.limits ?? [], isAnthropic: request.api.speaking == .anthropic)
        {
            fields[.known(name)] = value
        }
        return fields
    }

    /// The headers of a provider's answer, with those of ours that are known when it begins.
    func headers(of head: AttemptHead, remaining: PicodollarSum?) -> HTTPFields {
        var fields = HeaderPolicy.answer(head.headers)
        for field in headers { fields[field.name] = field.value }
        fields[.tallyProvider] = head.candidate.provider
        fields[.tallyAttempts] = String(head.number)
        fields[.tallyOverhead] = clock.overhead.milliseconds
        if let remaining { fields[.tallyBudgetRemaining] = remaining.description }
        return fields
    }

    /// The same for an answer that another request pays for.
    func headers(sharing answer: GatewayAnswer) -> HTTPFields {
        var fields = answer.headers
        for field in headers { fields[field.name] = field.value }
        fields[.tallyCost] = "0"
        return fields
    }
}

extension HTTPFields {
    /// Adds what is known when the charge is booked.
    mutating func add(_ booked: BookedRequest) {
        if let cost = booked.cost { self[.tallyCost] = cost.description }
        if let left = booked.budgetRemaining { self[.tallyBudgetRemaining] = left.description }
    }
}

extension BookedRequest {
    /// What a stream says at its end, where no header can: a comment, which clients pass over.
    func comment(_ id: EventID) -> String {
        var facts = ["x-tally-request-id=\(id)"]
        if let cost { facts.append("x-tally-cost-usd=\(cost)") }
        if let unpriced { facts.append("x-tally-unpriced=\(unpriced)") }
        if let budgetRemaining { facts.append("x-tally-budget-remaining-usd=\(budgetRemaining)") }
        return ": \(facts.joined(separator: " "))\n\n"
    }
}

extension Duration {
    /// Milliseconds with three decimals.
    fileprivate var milliseconds: String {
        let micros = max(wholeMicroseconds, 0)
        let rest = String(micros % 1_000)
        return "\(micros / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
