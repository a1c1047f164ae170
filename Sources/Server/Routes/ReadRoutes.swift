import Calendars
import HTTPTypes
import LedgerModel
import ReadModels
import Rendering

/// Read models; each answer has the position up to which it holds.
enum ReadRoutes {
    static let routes =
        answers + questionsByDay.map { route($0) } + questionsByGroup.map { grouped($0) } + looks

    private static let answers: [Route] = [
        Route(.get, "/api/v1/spend", "Report spend by dimension, with share and trend", spend),
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
        let page: AnswerPage

        init(_ given: Given) throws {
            period = try Period(given, in: given.zone)
            by = try given.query("by", .list(of: .dimension), "The dimensions to group by.") ?? []
            interval =
                try given.query("interval", .word, "One row per interval; default one row.")
                ?? SpendQuery.Interval.none
            filters = try given.filters()
            page = try given.page()
        }
    }

    private static func spend(
        _ call: Call, _ input: SpendInput
    ) async throws -> Answered<SpendGroup> {
        let (from, to) = try input.period.bounds(at: call.now)
        let query = try SpendQuery(
            ledger: call.caller.ledger, by: input.by, from: from, to: to, interval: input.interval,
            in: input.period.zone, filters: input.filters, page: input.page)
        return Answered(
            try await query.run(on: call.parts.pool), from: from, to: to, in: query.zone
        ) { SpendGroup($0, of: query) }
    }

    private static func route<Question: AskedByDay>(_: Question.Type) -> Route {
        Route(.get, "/api/v1/\(Question.name)", "Report \(Question.summary)") {
            (call, input: DaysInput<Question>) in
            let (from, to) = try input.period.bounds(at: call.now)
            let question = Question(
                ledger: call.caller.ledger, from: from, to: to, page: input.page)
            return question.answered(try await question.run(on: call.parts.pool))
        }
    }

    private struct DaysInput<Question: AskedByDay>: Input {
        let period: Period
        let page: AnswerPage

        init(_ given: Given) throws {
            period = try Period(given)
            page = try given.page(limit: Question.limitStandard)
        }
    }

    // MARK: Caches and batches

    private static func grouped<Question: AskedByGroup>(_: Question.Type) -> Route {
        Route(.get, "/api/v1/\(Question.name)", "Report \(Question.summary)") {
            (call, input: GroupsInput<Question.Part>) in
            let (from, to) = try input.period.bounds(at: call.now)
            let question = Question(
                ledger: call.caller.ledger, by: input.by, from: from, to: to, page: input.page)
            return question.answered(try await question.run(on: call.parts.pool))
        }
    }

    private static let looks: [Route] = [
        Route(
            .get, "/api/v1/cache/misses",
            "List the requests that missed most, with what they cost when they are asked again"
        ) { (call, input: LookInput) in
            let (from, to) = try input.period.bounds(at: call.now)
            let query = MissedQuery(
                ledger: call.caller.ledger, from: from, to: to, page: input.page)
            return Answered(try await query.run(on: call.parts.pool), to: to)
        },
        Route(
            .get, "/api/v1/cache/wasted",
            "List the largest answers that were stored and never hit"
        ) { (call, input: WasteInput) in
            let (from, to) = try input.look.period.bounds(at: call.now)
            let query = WastedQuery(
                ledger: call.caller.ledger, from: from, to: to, storedForHours: input.hours,
                at: call.now, page: input.look.page)
            return CacheWaste(try await query.run(on: call.parts.pool), to: query.to)
        },
    ]

    private struct LookInput: Input {
        let period: Period
        let page: AnswerPage

        init(_ given: Given) throws {
            period = try Period(given)
            page = try given.page(limit: MissedQuery.limitStandard)
        }
    }

    private struct WasteInput: Input {
        let look: LookInput
        let hours: Int

        init(_ given: Given) throws {
            look = try LookInput(given)
            hours =
                try given.query(
                    "hours", .count(in: 0...WastedQuery.hoursMax),
                    "How long ago an answer was stored at least; default "
                        + "\(WastedQuery.hoursStandard).") ?? WastedQuery.hoursStandard
        }
    }

    // MARK: Savings

    /// What a question groups by, and of which days.
    private struct GroupsInput<Part: RawRepresentable & CaseIterable & Sendable>: Input
    where Part.RawValue == String {
        let period: Period
        let by: [Part]
        let page: AnswerPage

        init(_ given: Given) throws {
            period = try Period(given)
            by = try given.query("by", .list(of: .word), "The dimensions to group by.") ?? []
            page = try given.page()
        }
    }

    private static func savings(
        _ call: Call, _ input: GroupsInput<SavingsQuery.Part>
    ) async throws -> Answered<SavingsGroup> {
        let (from, to) = try input.period.bounds(at: call.now)
        let query = SavingsQuery(
            ledger: call.caller.ledger, by: input.by, from: from, to: to, page: input.page)
        return Answered(
            try await query.run(on: call.parts.pool), from: query.days.from, to: query.days.to
        ) { SavingsGroup($0, by: input.by) }
    }
}

/// A period, which ends now by default.
struct Period: Input {
    private let from: Timestamp?
    private let to: Timestamp?
    /// Whose days and months it is in.
    let zone: CalendarZone

    /// In days of UTC.
    init(_ given: Given) throws {
        try self.init(given, in: nil)
    }

    /// - Parameter zone: the ledger's; nil for days of UTC.
    init(_ given: Given, in zone: CalendarZone?) throws {
        self.zone = zone ?? .utc
        from = try given.query(
            "from", .time(at: given.now, in: zone), "The start; default some days before the end.")
        to = try given.query(
            "to", .time(.end, at: given.now, in: zone), "The end, exclusive; default now.")
    }

    /// - Parameter days: the length if no start is given; the start is then a midnight.
    func bounds(
        at now: Timestamp, days: Int64 = 30
    ) throws -> (from: Timestamp, to: Timestamp) {
        let end = to ?? now
        let start = from ?? zone.startOfDay(zone.advanced(end, byDays: -days))
        guard start < end else {
            throw Refusal.invalid("from \(start) is not before to \(end)", param: "from")
        }
        return (start, end)
    }
}

extension Given {
    /// The requested page of a long answer.
    func page(limit standard: Int = AnswerPage.limitMax) throws -> AnswerPage {
        AnswerPage(
            limit: try query(
                "limit", .count(in: 1...AnswerPage.limitMax),
                "The maximum number of rows; default \(standard).") ?? standard,
            offset: try query(
                "offset", .count(in: 0...AnswerPage.offsetMax),
                "Rows to skip: the next_offset of the answer before."))
    }

    /// Reads filters: a parameter named like a dimension filters by it.
    func filters() throws -> [Dimension: Name] {
        var filters: [Dimension: Name] = [:]
        for dimension in Dimension.allCases {
            filters[dimension] = try query(
                dimension.name, .name, "Only this \(dimension.name).")
        }
        return filters
    }

    /// Reads the same filters from a member of the body.
    func only() throws -> [Dimension: Name] {
        let pairs = try member(
            "only", .map(of: .dimension, .name), "Values of dimensions that requests must have.")
        return Dictionary((pairs ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }
}
