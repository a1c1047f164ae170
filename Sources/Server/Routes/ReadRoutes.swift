import HTTPTypes
import LedgerModel
import ReadModels
import Rendering

/// `/api/v1/spend`, `/providers`, `/users`, `/unpriced`, `/errors` and `/tokens/savings`: read
/// models, each with the position that it is true at.
enum ReadRoutes {
    static let routes: [Route] = [
        Route(.get, "/api/v1/spend", "Report spend by dimension, with share and trend", spend),
        Route(.get, "/api/v1/providers", "Report requests, cost and latency by model", providers),
        Route(.get, "/api/v1/users", "Report requests and cost by user", users),
        Route(.get, "/api/v1/unpriced", "Report requests without a price, and why", unpriced),
        Route(.get, "/api/v1/errors", "Report failed requests, their errors and cost", errors),
        Route(
            .get, "/api/v1/tokens/savings", "Report tokens and money saved by optimized prompts",
            savings),
    ]

    // MARK: Spend

    private struct SpendInput: Input {
        let period: Period
        let by: [Dimension]
        let interval: SpendQuery.Interval
        let filters: [Dimension: Name]

        init(_ given: Given) throws {
            period = try Period(given)
            by = try given.query("by", .list(of: .dimension), "The dimensions to group by.") ?? []
            interval =
                try given.query("interval", .word, "One row per interval; default one row.")
                ?? SpendQuery.Interval.none
            filters = try given.filters()
        }
    }

    private static func spend(
        _ call: Call, _ input: SpendInput
    ) async throws -> Answered<SpendGroup> {
        let (from, to) = try input.period.bounds(at: call.now)
        let query = try SpendQuery(
            ledger: call.caller.ledger, by: input.by, from: from, to: to, interval: input.interval,
            filters: input.filters)
        let answer = try await query.run(on: call.parts.pool)
        return Answered(
            answer.rows.map { SpendGroup($0, by: input.by) }, position: answer.position,
            from: from, to: to)
    }

    // MARK: The others

    private static func providers(
        _ call: Call, _ period: Period
    ) async throws -> Answered<ProviderRow> {
        let (from, to) = try period.bounds(at: call.now)
        let answer = try await ProviderQuery(ledger: call.caller.ledger, from: from, to: to)
            .run(on: call.parts.pool)
        return Answered(answer.rows, position: answer.position, from: from, to: to)
    }

    private static func users(_ call: Call, _ period: Period) async throws -> Answered<UserRow> {
        let (from, to) = try period.bounds(at: call.now)
        let answer = try await UserQuery(ledger: call.caller.ledger, from: from, to: to)
            .run(on: call.parts.pool)
        return Answered(answer.rows, position: answer.position, from: from, to: to)
    }

    private static func unpriced(
        _ call: Call, _ period: Period
    ) async throws -> Answered<UnpricedRow> {
        let (from, to) = try period.bounds(at: call.now)
        let answer = try await UnpricedQuery(ledger: call.caller.ledger, from: from, to: to)
            .run(on: call.parts.pool)
        return Answered(answer.rows, position: answer.position, from: from, to: to)
    }

    private static func errors(_ call: Call, _ period: Period) async throws -> Answered<ErrorRow> {
        let (from, to) = try period.bounds(at: call.now)
        let query = ErrorQuery(ledger: call.caller.ledger, from: from, to: to)
        let answer = try await query.run(on: call.parts.pool)
        return Answered(
            answer.rows, position: answer.position, from: query.days.from, to: query.days.to)
    }

    private struct SavingsInput: Input {
        let period: Period
        let by: [SavingsQuery.Part]

        init(_ given: Given) throws {
            period = try Period(given)
            by = try given.query("by", .list(of: .word), "The dimensions to group by.") ?? []
        }
    }

    private static func savings(
        _ call: Call, _ input: SavingsInput
    ) async throws -> Answered<SavingsGroup> {
        let (from, to) = try input.period.bounds(at: call.now)
        let query = SavingsQuery(ledger: call.caller.ledger, by: input.by, from: from, to: to)
        let answer = try await query.run(on: call.parts.pool)
        return Answered(
            answer.rows.map { SavingsGroup($0, by: input.by) }, position: answer.position,
            from: query.days.from, to: query.days.to)
    }
}

/// A time up to now unless it says otherwise.
struct Period: Input {
    private let from: Timestamp?
    private let to: Timestamp?

    init(_ given: Given) throws {
        from = try given.query("from", .time, "The start; default some days before the end.")
        to = try given.query("to", .time, "The end, exclusive; default now.")
    }

    /// - Parameter days: how many there are without a start, which is then a midnight.
    func bounds(
        at now: Timestamp, days: Int64 = 30
    ) throws -> (from: Timestamp, to: Timestamp) {
        let end = to ?? now
        let start =
            from ?? end.advanced(byMicroseconds: -days * Timestamp.dayMicroseconds).startOfDay
        guard start < end else {
            throw Refusal.invalid("from \(start) is not before to \(end)", param: "from")
        }
        return (start, end)
    }
}

extension Given {
    /// A parameter that is named like a dimension filters by it.
    func filters() throws -> [Dimension: Name] {
        var filters: [Dimension: Name] = [:]
        for dimension in Dimension.allCases {
            filters[dimension] = try query(
                dimension.name, .name, "Only this \(dimension.name).")
        }
        return filters
    }

    /// The same as a member of a body.
    func only() throws -> [Dimension: Name] {
        let pairs = try member(
            "only", .map(of: .dimension, .name), "Values of dimensions that requests must have.")
        return Dictionary((pairs ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }
}
