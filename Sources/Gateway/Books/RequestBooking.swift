import Budgeting
import Budgets
import EventStore
import LedgerModel
import PriceBooks
import Pricing
import Providers
import Routing

/// What a request that has ended is for the ledger: its event, its charge, and the attempts before it.
///
/// Ids follow from the request's, so that what is booked again is a duplicate.
struct RequestBooking {
    let open: OpenRequest
    let end: RequestEnd
    let providers: ProviderSet

    /// The key of the fact that says that the usage was estimated, and its value.
    static let usageKey: Name = "usage"
    static let estimated: Name = "estimated"

    /// - Throws: `EventRefusal` for what no ledger could hold.
    func booked(under prices: LedgerPrices) throws -> SettledRequest {
        let request = try valid(request(under: prices))
        let events = try attempts.map(valid)
        return try prices.withRater { rater in
            var others: [Event] = []
            for event in events {
                others.append(event)
                if let charge = try ChargeRule.charge(for: event, rater: &rater) {
                    others.append(charge)
                }
            }
            return SettledRequest(
                request, try ChargeRule.charge(for: request, rater: &rater), others: others)
        }
    }

    private func valid(_ event: Event) throws -> Event {
        try event.validate()
        return event
    }

    // MARK: The request

    /// The attempt that the request itself stands for where nobody answered: the last one.
    private var lastFailure: FailedAttempt? { end.candidate == nil ? end.attempts.last : nil }

    private func request(under prices: LedgerPrices) -> Event {
        let request = open.request
        let errorType = end.errorType ?? end.metered.errorType ?? lastFailure?.errorType
        let isFailed = end.status >= 400 || errorType != nil
        var event = Event(
            id: request.id, kind: isFailed ? .requestFailed : .requestCompleted,
            occurredAt: request.arrivedAt)
        event.causeID = open.hold?.hold.event.id
        event.dimensions = dimensions(of: end.candidate ?? lastFailure?.candidate, metered)
        if !end.attempts.isEmpty {
            let number = end.attempts.count + (lastFailure == nil ? 1 : 0)
            event.dimensions[.attempt] = Name(String(number))
        }
        event.labels = labels
        event.usage = metered.usage
        event.status = Int32(clamping: end.status)
        event.errorType = isFailed ? errorType ?? "error" : nil
        event.latency = end.latency.wholeMicroseconds
        event.timeToFirstToken = end.timeToFirstToken?.wholeMicroseconds
        event.origin = origin
        event.detail = Self.labels(facts(event, prices))
        return event
    }

    /// The caller's labels, and what predictions learn from: how the answer ended, and where it would have been
    /// cut off.
    private var labels: Labels? {
        var pairs = open.request.labels?.pairs ?? []
        let known = open.request.labels
        if let reason = end.metered.finishReason, known?["finish_reason"] == nil, !reason.isEmpty {
            pairs.append((key: "finish_reason", value: Name(reason)))
        }
        if let most = open.maxTokens ?? open.expected.maxTokens, known?["max_tokens"] == nil {
            pairs.append((key: "max_tokens", value: Name(String(most))))
        }
        return pairs.isEmpty ? nil : (try? Labels(pairs)) ?? known
    }

    /// What the request used: that of its last attempt where nobody answered.
    private var metered: MeteredAnswer {
        guard let last = lastFailure?.metered, end.metered.usage.isEmpty else { return end.metered }
        return last
    }

    private func dimensions(of candidate: RouteCandidate?, _ answer: MeteredAnswer?) -> Dimensions {
        var dimensions = open.request.dimensions
        if let candidate {
            dimensions[.provider] = prices(of: candidate)
            let asked = Name(candidate.model.isEmpty ? "none" : candidate.model)
            dimensions[.model] = answer?.model ?? asked
        } else if let held = open.candidate ?? open.candidates.first {
            dimensions[.provider] = dimensions[.provider] ?? held.provider
            dimensions[.model] = dimensions[.model] ?? held.model
        }
        // Without anybody to ask it failed all the same, under the name that was asked for.
        dimensions[.provider] = dimensions[.provider] ?? "none"
        let model = open.request.model
        dimensions[.model] = dimensions[.model] ?? Name(model.isEmpty ? "none" : model)
        dimensions[.operation] = dimensions[.operation] ?? open.request.api.ledgerOperation
        if let tier = answer?.serviceTier { dimensions[.serviceTier] = tier }
        if let region = answer?.region { dimensions[.region] = region }
        return dimensions
    }

    private func prices(of candidate: RouteCandidate) -> Name {
        providers[candidate.provider]?.prices ?? Name(candidate.provider)
    }

    // MARK: Attempts

    /// Each attempt that failed before somebody answered.
    private var attempts: [Event] {
        let failed = lastFailure == nil ? end.attempts[...] : end.attempts.dropLast()
        return failed.enumerated().map { index, attempt in
            let number = Name(String(index + 1))
            var event = Event(
                id: Self.attemptID(of: open.request.id, number), kind: .requestFailed,
                occurredAt: open.request.arrivedAt)
            event.causeID = open.request.id
            event.dimensions = dimensions(of: attempt.candidate, attempt.metered)
            event.dimensions[.attempt] = number
            event.labels = open.request.labels
            event.usage = attempt.metered?.usage ?? Usage()
            event.status = attempt.status.map { Int32(clamping: $0) }
            event.errorType = attempt.errorType
            event.latency = attempt.latency.wholeMicroseconds
            Self.name(&event.origin, by: attempt.metered)
            var facts = [(key: Name("route"), value: open.route.name)]
            if attempt.metered?.isReported == false {
                facts.append((Self.usageKey, Self.estimated))
            }
            event.detail = Self.labels(facts)
            return event
        }
    }

    static func attemptID(of request: EventID, _ number: Name) -> EventID {
        EventID(
            at: request.time, digest: Digest(hashing: Array("\(request) attempt \(number)".utf8)))
    }

    // MARK: Facts

    /// What is said of a request beside its fields, the most important first.
    private func facts(
        _ event: Event, _ prices: LedgerPrices
    ) -> [(key: Name, value: Name)] {
        var facts: [(key: Name, value: Name)] = [("route", open.route.name)]
        if !metered.isReported, !event.usage.isEmpty {
            facts.append((Self.usageKey, Self.estimated))
        }
        if end.isCallerGone { facts.append(("caller", "gone")) }
        if let candidate = end.candidate, candidate.isFallback, let asked = open.candidates.first {
            facts.append(("asked_provider", asked.provider))
            facts.append(("asked_model", asked.model))
            if let more = difference(event, asked, prices) {
                facts.append(("fallback_usd", Name(more.description)))
            }
        }
        if !end.stages.isEmpty {
            let stages = end.stages.map { "\($0.name):\($0.time.wholeMicroseconds)" }
            facts.append(("stages", Name(stages.joined(separator: ","))))
        }
        return facts
    }

    /// What a fallback cost more than who was asked for.
    private func difference(
        _ event: Event, _ asked: HoldCandidate, _ prices: LedgerPrices
    ) -> PicodollarSum? {
        func price(_ provider: Name?, _ model: Name?) -> Picodollars? {
            let rated = try? prices.withRater { rater in
                try ChargeRule.rate(
                    event.usage, provider: provider, model: model ?? "",
                    serviceTier: event.dimensions[.serviceTier],
                    region: event.dimensions[.region], at: event.occurredAt, rater: &rater)
            }
            guard case .priced(let amount) = rated?.rating else { return nil }
            return amount
        }
        guard let paid = price(event.dimensions[.provider], event.dimensions[.model]),
            let other = price(asked.provider, asked.model)
        else { return nil }
        return PicodollarSum(paid) - PicodollarSum(other)
    }

    /// Facts as far as an event can hold them: those at the end are left out first.
    private static func labels(_ facts: [(key: Name, value: Name)]) -> Labels? {
        for count in stride(from: facts.count, to: 0, by: -1) {
            if let labels = try? Labels(Array(facts.prefix(count))) { return labels }
        }
        return nil
    }

    // MARK: Where it comes from

    private var origin: CallOrigin {
        var origin = SpanContext(of: open.request).origin
        Self.name(&origin, by: end.metered)
        return origin
    }

    /// By the provider's id, the report of an application that made the call too is known as one of it.
    private static func name(_ origin: inout CallOrigin, by answer: MeteredAnswer?) {
        guard let id = answer?.responseID.flatMap(originName) else { return }
        origin.responseID = id
        origin.scope = Name(GatewaySpans.scope)
    }

    private static func originName(_ text: String) -> Name? {
        (1...CallOrigin.valueBytesMax).contains(text.utf8.count) && !text.utf8.contains(0)
            ? Name(text) : nil
    }
}

extension Duration {
    /// Microseconds, never below zero.
    var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        return max(0, seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }
}

extension GatewayAPI {
    /// What the ledger calls such a call.
    var ledgerOperation: Name {
        switch self {
        case .completions: "text_completion"
        case .embeddings: "embeddings"
        case .countTokens: "count_tokens"
        case .chatCompletions, .responses, .messages: "chat"
        case .other(let path, _):
            Name(path.split(separator: "/").dropFirst().first.map(String.init) ?? "other")
        }
    }
}
