import Access
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import ReadModels

/// `/api/v1/spend`, `/providers`, `/users` and `/unpriced`: read models, each with the position
/// that it is true at.
struct ReadRoutes: Sendable {
    let parts: ServerParts

    /// What is answered without `from`.
    static let defaultDays: Int64 = 30

    func add(to router: Router<TallyContext>) {
        router.get("/api/v1/spend") { request, _ in try await spend(request) }
        router.get("/api/v1/providers") { request, _ in try await providers(request) }
        router.get("/api/v1/users") { request, _ in try await users(request) }
        router.get("/api/v1/unpriced") { request, _ in try await unpriced(request) }
    }

    struct Asked {
        let ledger: LedgerID
        let from: Timestamp
        let to: Timestamp
        let query: Query
    }

    /// Who asks, and for which time: without `from`, so many days up to `to`.
    func asked(_ request: Request, days: Int64 = defaultDays) async throws -> Asked {
        let caller = try await parts.access.caller(key: request.apiKey, needs: .read)
        let query = Query(request)
        let now = parts.now()
        let to = try query.time("to") ?? now
        let from =
            try query.time("from")
            ?? to.advanced(byMicroseconds: -days * Timestamp.dayMicroseconds).startOfDay
        guard from < to else {
            throw Failure.invalid("from \(from) does not lie before to \(to)", param: "from")
        }
        return Asked(ledger: caller.ledger, from: from, to: to, query: query)
    }

    // MARK: Spend

    private func spend(_ request: Request) async throws -> Response {
        let asked = try await asked(request)
        let query: SpendQuery
        do {
            query = try SpendQuery(
                ledger: asked.ledger, by: try dimensions(asked.query["by"] ?? ""),
                from: asked.from, to: asked.to, interval: try interval(asked.query["interval"]),
                filters: filters(asked.query))
        } catch let refusal as SpendQuery.Refusal {
            throw Failure.invalid(refusal.description, param: "by")
        }
        let answer = try await query.run(on: parts.pool)
        return .json(answer: answer.position, asked.from, asked.to, rows: answer.rows) {
            json, row in
            for dimension in query.by {
                json.field(dimension.name, row.group[dimension]?.string)
            }
            json.field("starts_at", row.startsAt.description)
            json.field("cost_usd", row.cost.description)
            json.field("requests", row.requests)
            json.field("failed_requests", row.failedRequests)
            json.field("unpriced_requests", row.unpricedRequests)
            json.field("input_tokens", row.inputTokens)
            json.field("cache_read_input_tokens", row.cacheReadInputTokens)
            json.field("output_tokens", row.outputTokens)
            json.field("share", row.share)
            json.field("previous_cost_usd", row.previousCost.description)
            json.field("trend", row.trend)
        }
    }

    private func dimensions(_ list: Substring) throws -> [Dimension] {
        try list.split(separator: ",").map { name in
            guard let dimension = Dimension(name: name) else {
                throw Failure.invalid("there is no dimension \(name)", param: "by")
            }
            return dimension
        }
    }

    private func interval(_ name: Substring?) throws -> SpendQuery.Interval {
        guard let name else { return .none }
        guard let interval = SpendQuery.Interval(rawValue: String(name)) else {
            throw Failure.invalid(
                "interval is hour, day, month or none, not \(name)", param: "interval")
        }
        return interval
    }

    /// A parameter that is named like a dimension filters by it.
    private func filters(_ query: Query) -> [Dimension: Name] {
        var filters: [Dimension: Name] = [:]
        for dimension in Dimension.allCases {
            if let value = query[dimension.name] { filters[dimension] = Name(String(value)) }
        }
        return filters
    }

    // MARK: The others

    private func providers(_ request: Request) async throws -> Response {
        let asked = try await asked(request)
        let answer = try await ProviderQuery(ledger: asked.ledger, from: asked.from, to: asked.to)
            .run(on: parts.pool)
        return .json(answer: answer.position, asked.from, asked.to, rows: answer.rows) {
            json, row in
            json.field("provider", row.provider?.string)
            json.field("model", row.model?.string)
            json.field("requests", row.requests)
            json.field("failed_requests", row.failedRequests)
            json.field("unpriced_requests", row.unpricedRequests)
            json.field("cost_usd", row.cost.description)
            json.field("input_tokens", row.inputTokens)
            json.field("cache_read_input_tokens", row.cacheReadInputTokens)
            json.field("output_tokens", row.outputTokens)
            json.percentiles("latency_ms", row.latency)
            json.percentiles("time_to_first_token_ms", row.timeToFirstToken)
        }
    }

    private func users(_ request: Request) async throws -> Response {
        let asked = try await asked(request)
        let answer = try await UserQuery(ledger: asked.ledger, from: asked.from, to: asked.to)
            .run(on: parts.pool)
        return .json(answer: answer.position, asked.from, asked.to, rows: answer.rows) {
            json, row in
            json.field("user", row.user?.string)
            json.field("requests", row.requests)
            json.field("failed_requests", row.failedRequests)
            json.field("cost_usd", row.cost.description)
            json.field("input_tokens", row.inputTokens)
            json.field("output_tokens", row.outputTokens)
        }
    }

    private func unpriced(_ request: Request) async throws -> Response {
        let asked = try await asked(request)
        let answer = try await UnpricedQuery(ledger: asked.ledger, from: asked.from, to: asked.to)
            .run(on: parts.pool)
        return .json(answer: answer.position, asked.from, asked.to, rows: answer.rows) {
            json, row in
            json.field("provider", row.provider?.string)
            json.field("model", row.model?.string)
            json.field("service_tier", row.serviceTier?.string)
            json.field("reason", row.reason?.string)
            json.field("requests", row.requests)
            json.field("input_tokens", row.inputTokens)
            json.field("output_tokens", row.outputTokens)
        }
    }
}

extension Response {
    /// Rows of a read model under the position and the time that they are true for.
    static func json<Row>(
        answer position: Int64, _ from: Timestamp, _ to: Timestamp, rows: [Row],
        _ write: (inout JSONWriter, Row) -> Void
    ) -> Response {
        var json = JSONWriter()
        json.object { json in
            json.field("position", position)
            json.field("from", from.description)
            json.field("to", to.description)
            json.key("rows")
            json.array(of: rows) { json, row in json.object { write(&$0, row) } }
        }
        return .json(json)
    }
}

extension JSONWriter {
    fileprivate mutating func percentiles(_ name: String, _ measured: DurationPercentiles?) {
        key(name)
        guard let measured else { return value(raw: "null") }
        object { json in
            json.field("count", measured.count)
            for (name, microseconds) in [
                ("p50", measured.p50), ("p95", measured.p95), ("p99", measured.p99),
            ] {
                json.key(name)
                json.value(raw: decimal(Int128(microseconds), scale: 3))
            }
        }
    }
}
