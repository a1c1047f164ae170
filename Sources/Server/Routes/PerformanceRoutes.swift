import HTTPTypes
import LedgerModel
import Performance
import ReadModels
import Rendering

/// How requests do, what is worse than it was, and how objectives stand.
enum PerformanceRoutes {
    static let routes: [Route] = [
        Route(
            .get, "/api/v1/performance",
            "Report latency, failures and cost for what was got, by name and time", performance),
        Route(
            .get, "/api/v1/performance/regressions",
            "List what is worse than it usually is, with the evidence"
        ) { (call, _: Nothing) in
            let look = PerformanceLook(
                in: call.caller.ledger, at: call.now, on: call.parts.pool)
            let found = try await look.regressions()
            return Answered(
                found.regressions, position: found.position, from: call.now, to: call.now)
        },
        Route(
            .get, "/api/v1/performance/slos", "Report service level objectives and burn rates"
        ) { (call, _: Nothing) in
            let look = PerformanceLook(
                in: call.caller.ledger, at: call.now, on: call.parts.pool)
            let (position, standings) = try await look.standings(of: call.parts.objectives)
            return Answered(standings, position: position, from: call.now, to: call.now)
        },
    ]

    private struct PerformanceInput: Input {
        let period: Period
        let by: [PerformanceQuery.Part]
        let interval: PerformanceQuery.Interval
        let filters: [PerformanceQuery.Part: Name]
        let page: AnswerPage

        init(_ given: Given) throws {
            period = try Period(given)
            by = try given.query("by", .list(of: .word), "What to group by.") ?? []
            interval =
                try given.query("interval", .word, "One row per interval; default one row.")
                ?? PerformanceQuery.Interval.none
            var filters: [PerformanceQuery.Part: Name] = [:]
            for part in PerformanceQuery.Part.allCases {
                filters[part] = try given.query(part.rawValue, .name, "Only this \(part).")
            }
            self.filters = filters
            page = try given.page()
        }
    }

    private static func performance(
        _ call: Call, _ input: PerformanceInput
    ) async throws -> Answered<PerformanceGroup> {
        let (from, to) = try input.period.bounds(at: call.now, days: PerformanceQuery.daysStandard)
        let query = PerformanceQuery(
            ledger: call.caller.ledger, by: input.by, from: from, to: to,
            interval: input.interval, filters: input.filters, page: input.page)
        return query.answered(try await query.run(on: call.parts.pool))
    }
}
