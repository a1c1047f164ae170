package import Calendars
import JSON
package import LedgerModel
import Pricing
package import ReadModels

/// Rows of a read model, with the position and the time up to which they hold.
package struct Answered<Row: RenderableObject>: RenderableObject, Reportable {
    let position: Int64
    let from: Timestamp
    let to: Timestamp
    /// Whose days and months they are.
    let zone: CalendarZone
    let rows: [Row]
    let nextOffset: Int?

    /// - Parameter nextOffset: where the next page begins; nil if there is none.
    package init(
        _ rows: [Row], position: Int64, from: Timestamp, to: Timestamp,
        in zone: CalendarZone = .utc, nextOffset: Int? = nil
    ) {
        self.zone = zone
        self.position = position
        self.from = from
        self.to = to
        self.rows = rows
        self.nextOffset = nextOffset
    }

    /// A page of an answer.
    ///
    /// - Parameter row: makes the row that shows an element of the answer.
    package init<Element>(
        _ answer: Answer<Element>, from: Timestamp, to: Timestamp,
        in zone: CalendarZone = .utc, row: (Element) -> Row
    ) {
        self.init(
            answer.rows.map(row), position: answer.position, from: from, to: to, in: zone,
            nextOffset: answer.nextOffset)
    }

    package static var shape: Shape<Self> {
        Shape {
            Member("position", \.position)
            Member("from", { ZonedTime($0.from, in: $0.zone) })
            Member("to", { ZonedTime($0.to, in: $0.zone) })
            Member("zone", \.zone.name)
            Member("rows", \.rows)
            Member("next_offset", \.nextOffset)
        }
    }

    package var report: Report {
        Report(
            parts: Row.parts(of: rows),
            verdict: "\(zone.written(from)) to \(zone.written(to)), days of \(zone), true at "
                + "position \(grouped(position))"
                + (nextOffset.map { "; more rows with --offset \($0)" } ?? ""))
    }
}

/// A question that has a call and a command.
package protocol AskedByDay: DayQuestion where Row: RenderableObject {}

extension ProviderQuery: AskedByDay {}
extension UserQuery: AskedByDay {}
extension UnpricedQuery: AskedByDay {}
extension ErrorQuery: AskedByDay {}

/// The questions; each is a call and a command of its own name.
package let questionsByDay: [any AskedByDay.Type] = [
    ProviderQuery.self, UserQuery.self, UnpricedQuery.self, ErrorQuery.self,
]

extension AskedByDay {
    package func answered(_ answer: Answer<Row>) -> Answered<Row> {
        Answered(answer, from: days.from, to: days.to) { $0 }
    }
}

/// The cost of a group, with every requested dimension: null if the group lacks it.
package struct SpendGroup: RenderableObject {
    let by: [Dimension]
    let interval: SpendQuery.Interval
    let row: SpendRow
    private let startsAt: ZonedTime

    package init(_ row: SpendRow, of query: SpendQuery) {
        self.row = row
        by = query.by
        interval = query.interval
        startsAt = ZonedTime(row.startsAt, in: query.zone)
    }

    package static let layout = Table.Layout(
        names: tokenNames.merging(["starts_at": "starts", "cost_usd": "cost"]) { $1 },
        expendable: [
            "cached", "failed", "output_tokens", "input_tokens", "trend", "unpriced", "starts_at",
        ],
        nothing: """
            nothing was spent in this time: tally import FILE brings history, and README says how \
            to report usage; --since 2026-01 looks further back, --ledger NAME elsewhere
            """)

    package static let shape = Shape<SpendGroup> {
        Member(spreading: { group in group.by.map { ($0.name, group.row.group[$0]) } })
        Member("starts_at", { IntervalStart($0.startsAt, of: $0.interval) }, .column)
        Member("cost_usd", \.row.cost, .column)
        Member("requests", \.row.requests, .column)
        Member("failed_requests", \.row.failedRequests, .heading("failed"))
        Member("unpriced_requests", \.row.unpricedRequests, .heading("unpriced"))
        Member("input_tokens", { RoundCount($0.row.inputTokens) }, .column)
        Member(
            "cache_read_input_tokens", { RoundCount($0.row.cacheReadInputTokens) },
            .heading("cached"))
        Member("output_tokens", { RoundCount($0.row.outputTokens) }, .column)
        Member("share", { $0.row.share.map { Proportion($0, as: .shortBar) } }, .column)
        Member("previous_cost_usd", \.row.previousCost)
        Member("trend", { $0.row.trend.map { Proportion($0, as: .change) } }, .column)
    }
}

/// Shorter headings of tokens, for people.
private let tokenNames = ["input_tokens": "input", "output_tokens": "output"]

/// When an interval starts; people see as much of it as tells intervals apart.
struct IntervalStart: Renderable {
    let time: ZonedTime
    let interval: SpendQuery.Interval

    init(_ time: ZonedTime, of interval: SpendQuery.Interval) {
        self.time = time
        self.interval = interval
    }

    static var schema: JSONSchema { ZonedTime.schema }
    func write(to json: inout JSONWriter) { time.write(to: &json) }

    var cell: Cell {
        let text = time.description
        return switch interval {
        case .hour: Cell(text.prefix(10) + " " + text.dropFirst(11).prefix(5), exact: text)
        case .day: Cell(String(text.prefix(10)), exact: text)
        case .month: Cell(String(text.prefix(7)), exact: text)
        case .none: .empty
        }
    }
}

extension ProviderRow: RenderableObject {
    package static let layout = Table.Layout(
        names: tokenNames.merging(["cost_usd": "cost"]) { $1 },
        expendable: ["cached", "output_tokens", "input_tokens", "failed", "unpriced"],
        nothing: "there were no requests in this time: --since 2026-01 looks further back")

    package static let shape = Shape<ProviderRow> {
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("requests", \.requests, .column)
        Member("failed_requests", \.failedRequests, .heading("failed"))
        Member("unpriced_requests", \.unpricedRequests, .heading("unpriced"))
        Member("cost_usd", { $0.cost.known(unpriced: $0.unpricedRequests) }, .column)
        Member("input_tokens", { RoundCount($0.inputTokens) }, .column)
        Member(
            "cache_read_input_tokens", { RoundCount($0.cacheReadInputTokens) }, .heading("cached"))
        Member("output_tokens", { RoundCount($0.outputTokens) }, .column)
        Member("latency_ms", \.latency)
        Member("time_to_first_token_ms", \.timeToFirstToken)
    }
}

extension DurationPercentiles: RenderableObject {
    package static let shape = Shape<DurationPercentiles> {
        Member("count", \.count)
        Member("p50", { milliseconds($0.p50) })
        Member("p95", { milliseconds($0.p95) })
        Member("p99", { milliseconds($0.p99) })
    }
}

extension UserRow: RenderableObject {
    package static let layout = Table.Layout(
        names: tokenNames.merging(["cost_usd": "cost"]) { $1 },
        expendable: ["output_tokens", "input_tokens", "failed", "unpriced"],
        nothing: """
            no request of this time names a user: --since 2026-01 looks further back, and requests \
            name one in their field "user"
            """)

    package static let shape = Shape<UserRow> {
        Member("user", \.user, .column)
        Member("requests", \.requests, .column)
        Member("failed_requests", \.failedRequests, .heading("failed"))
        Member("unpriced_requests", \.unpricedRequests, .heading("unpriced"))
        Member("cost_usd", { $0.cost.known(unpriced: $0.unpricedRequests) }, .column)
        Member("input_tokens", { RoundCount($0.inputTokens) }, .column)
        Member("output_tokens", { RoundCount($0.outputTokens) }, .column)
    }
}

extension UnpricedRow: RenderableObject {
    package static let layout = Table.Layout(
        names: tokenNames.merging(["service_tier": "tier"]) { $1 },
        expendable: ["service_tier", "output_tokens", "input_tokens"],
        nothing: "every request of this time has a price")

    package static let shape = Shape<UnpricedRow> {
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("service_tier", \.serviceTier, .column)
        Member("reason", \.reason, .column)
        Member("requests", \.requests, .column)
        Member("input_tokens", { RoundCount($0.inputTokens) }, .column)
        Member("output_tokens", { RoundCount($0.outputTokens) }, .column)
        Member("advice", \.advice)
    }

    package static func parts(of rows: [UnpricedRow]) -> [Report.Part] {
        var advice: [String] = []
        for row in rows where !advice.contains(row.advice) { advice.append(row.advice) }
        return [.table(Table(rows)), .notes(title: "To price them", advice)]
    }

    /// What to do about it.
    private var advice: String {
        reason?.string == UnpricedReason.noUsage.description
            ? UnpricedReason.usageAdvice
            : "tally prices import FILE with a price for the model, tier and unit of the reason; "
                + "what had no price is then rated by itself"
    }
}

extension ErrorRow: RenderableObject {
    package static let layout = Table.Layout(
        names: tokenNames.merging(["cost_usd": "cost", "error_type": "error"]) { $1 },
        expendable: ["output_tokens", "input_tokens", "unpriced", "provider"],
        nothing: "no request of this time failed")

    package static let shape = Shape<ErrorRow> {
        Member("app", \.app, .column)
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("status", \.status, .column)
        Member("error_type", \.errorType, .column)
        Member("requests", \.requests, .column)
        Member("unpriced_requests", \.unpricedRequests, .heading("unpriced"))
        Member("cost_usd", { $0.cost.known(unpriced: $0.unpricedRequests) }, .column)
        Member("input_tokens", { RoundCount($0.inputTokens) }, .column)
        Member("output_tokens", { RoundCount($0.outputTokens) }, .column)
    }
}

/// Savings of a group; a row of a stage leaves out members that only whole prompts have, and vice
/// versa.
package struct SavingsGroup: RenderableObject {
    let by: [SavingsQuery.Part]
    let row: SavingsRow

    package init(_ row: SavingsRow, by: [SavingsQuery.Part]) {
        self.row = row
        self.by = by
    }

    package static let shape = Shape<SavingsGroup> {
        Member(spreading: { group in group.by.map { ($0.rawValue, group.row.group[$0]) } })
        Member("prompts", \.row.prompts, .column)
        Member("unpriced_prompts", \.row.unpricedPrompts, .heading("unpriced"))
        Member("tokens_saved", \.row.tokensSaved, .column)
        Member("saved_usd", { $0.row.saved.known(unpriced: $0.row.unpricedPrompts) }, .column)
        Member("lossless", \.row.isLossless, when: { $0.row.whole == nil })
        Member("lossy_prompts", \.row.whole?.lossyPrompts, omitted: true)
        Member("tokens_before", \.row.whole?.tokensBefore, omitted: true)
        Member("tokens_after", \.row.whole?.tokensAfter, omitted: true)
        Member("compression_ratio", \.row.whole?.compressionRatio, when: { $0.row.whole != nil })
        Member("quality", \.row.whole?.quality, when: { $0.row.whole != nil })
        Member("useful_output_tokens", \.row.whole?.usefulOutputTokens, omitted: true)
        Member("efficiency", \.row.whole?.efficiency, when: { $0.row.whole != nil })
    }
}
