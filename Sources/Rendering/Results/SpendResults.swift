package import LedgerModel
import Pricing
package import ReadModels

/// Rows of a read model, with the position and the time up to which they hold.
package struct Answered<Row: RenderableObject>: RenderableObject, Reportable {
    let position: Int64
    let from: Timestamp
    let to: Timestamp
    let rows: [Row]
    let nextOffset: Int?

    /// - Parameter nextOffset: where the next page begins; nil if there is none.
    package init(
        _ rows: [Row], position: Int64, from: Timestamp, to: Timestamp, nextOffset: Int? = nil
    ) {
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
        _ answer: Answer<Element>, from: Timestamp, to: Timestamp, row: (Element) -> Row
    ) {
        self.init(
            answer.rows.map(row), position: answer.position, from: from, to: to,
            nextOffset: answer.nextOffset)
    }

    package static var shape: Shape<Self> {
        Shape {
            Member("position", \.position)
            Member("from", \.from)
            Member("to", \.to)
            Member("rows", \.rows)
            Member("next_offset", \.nextOffset)
        }
    }

    package var report: Report {
        Report(
            parts: Row.parts(of: rows),
            verdict: "\(from) to \(to), true at position \(grouped(position))"
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
    let row: SpendRow

    package init(_ row: SpendRow, by: [Dimension]) {
        self.row = row
        self.by = by
    }

    package static let shape = Shape<SpendGroup> {
        Member(spreading: { group in group.by.map { ($0.name, group.row.group[$0]) } })
        Member("starts_at", \.row.startsAt, .column)
        Member("cost_usd", \.row.cost, .column)
        Member("requests", \.row.requests, .column)
        Member("failed_requests", \.row.failedRequests, .heading("failed"))
        Member("unpriced_requests", \.row.unpricedRequests, .heading("unpriced"))
        Member("input_tokens", \.row.inputTokens, .column)
        Member("cache_read_input_tokens", \.row.cacheReadInputTokens, .heading("cached"))
        Member("output_tokens", \.row.outputTokens, .column)
        Member("share", { $0.row.share.map { Proportion($0, as: .bar) } }, .column)
        Member("previous_cost_usd", \.row.previousCost)
        Member("trend", { $0.row.trend.map { Proportion($0, as: .change) } }, .column)
    }
}

extension ProviderRow: RenderableObject {
    package static let shape = Shape<ProviderRow> {
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("requests", \.requests, .column)
        Member("failed_requests", \.failedRequests, .heading("failed"))
        Member("unpriced_requests", \.unpricedRequests, .heading("unpriced"))
        Member("cost_usd", { $0.cost.known(unpriced: $0.unpricedRequests) }, .column)
        Member("input_tokens", \.inputTokens, .column)
        Member("cache_read_input_tokens", \.cacheReadInputTokens, .heading("cached"))
        Member("output_tokens", \.outputTokens, .column)
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
    package static let shape = Shape<UserRow> {
        Member("user", \.user, .column)
        Member("requests", \.requests, .column)
        Member("failed_requests", \.failedRequests, .heading("failed"))
        Member("unpriced_requests", \.unpricedRequests, .heading("unpriced"))
        Member("cost_usd", { $0.cost.known(unpriced: $0.unpricedRequests) }, .column)
        Member("input_tokens", \.inputTokens, .column)
        Member("output_tokens", \.outputTokens, .column)
    }
}

extension UnpricedRow: RenderableObject {
    package static let shape = Shape<UnpricedRow> {
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("service_tier", \.serviceTier, .column)
        Member("reason", \.reason, .column)
        Member("requests", \.requests, .column)
        Member("input_tokens", \.inputTokens, .column)
        Member("output_tokens", \.outputTokens, .column)
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
    package static let shape = Shape<ErrorRow> {
        Member("app", \.app, .column)
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("status", \.status, .column)
        Member("error_type", \.errorType, .column)
        Member("requests", \.requests, .column)
        Member("unpriced_requests", \.unpricedRequests, .heading("unpriced"))
        Member("cost_usd", { $0.cost.known(unpriced: $0.unpricedRequests) }, .column)
        Member("input_tokens", \.inputTokens, .column)
        Member("output_tokens", \.outputTokens, .column)
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
