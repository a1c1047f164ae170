package import LedgerModel
package import ReadModels

/// Rows of a read model, with the position and the time that they are true for.
package struct Answered<Row: RenderableObject>: RenderableObject, Reportable {
    let position: Int64
    let from: Timestamp
    let to: Timestamp
    let rows: [Row]

    package init(_ rows: [Row], position: Int64, from: Timestamp, to: Timestamp) {
        self.position = position
        self.from = from
        self.to = to
        self.rows = rows
    }

    package static var shape: Shape<Self> {
        Shape {
            Member("position", \.position)
            Member("from", \.from)
            Member("to", \.to)
            Member("rows", \.rows)
        }
    }

    package var report: Report {
        Report(
            parts: Row.parts(of: rows),
            verdict: "\(from) to \(to), true at position \(grouped(position))")
    }
}

extension SpendRow: RenderableObject {
    package static let shape = Shape<SpendRow> {
        Member(spreading: { $0.group.named })
        Member("starts_at", \.startsAt, .column)
        Member("cost_usd", \.cost)
        Member(heading: "cost_usd") { known($0.cost, unpriced: $0.unpricedRequests) }
        Member("requests", \.requests, .column)
        Member("failed_requests", \.failedRequests, .heading("failed"))
        Member("unpriced_requests", \.unpricedRequests, .heading("unpriced"))
        Member("input_tokens", \.inputTokens, .column)
        Member("cache_read_input_tokens", \.cacheReadInputTokens, .heading("cached"))
        Member("output_tokens", \.outputTokens, .column)
        Member("share", \.share, .column)
        Member("previous_cost_usd", \.previousCost)
        Member("trend", \.trend, .column)
    }
}

extension ProviderRow: RenderableObject {
    package static let shape = Shape<ProviderRow> {
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("requests", \.requests, .column)
        Member("failed_requests", \.failedRequests, .heading("failed"))
        Member("unpriced_requests", \.unpricedRequests, .heading("unpriced"))
        Member("cost_usd", \.cost)
        Member(heading: "cost_usd") { known($0.cost, unpriced: $0.unpricedRequests) }
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
        Member("cost_usd", \.cost, .column)
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
    }
}

/// Members that only whole prompts have are left out of a row of a stage, and the other way round.
extension SavingsRow: RenderableObject {
    package static let shape = Shape<SavingsRow> {
        Member(spreading: { row in
            SavingsQuery.Part.allCases.compactMap { part in
                row.group[part].map { (part.rawValue, $0) }
            }
        })
        Member("prompts", \.prompts, .column)
        Member("unpriced_prompts", \.unpricedPrompts, .heading("unpriced"))
        Member("tokens_saved", \.tokensSaved, .column)
        Member("saved_usd", \.saved, .column)
        Member("lossless", \.isLossless, when: { $0.whole == nil })
        Member("lossy_prompts", \.whole?.lossyPrompts, omitted: true)
        Member("tokens_before", \.whole?.tokensBefore, omitted: true)
        Member("tokens_after", \.whole?.tokensAfter, omitted: true)
        Member("compression_ratio", \.whole?.compressionRatio, when: { $0.whole != nil })
        Member("quality", \.whole?.quality, when: { $0.whole != nil })
        Member("useful_output_tokens", \.whole?.usefulOutputTokens, omitted: true)
        Member("efficiency", \.whole?.efficiency, when: { $0.whole != nil })
    }
}

/// A sum of nothing but requests without a price is not known; JSON says how many there are.
private func known(_ cost: PicodollarSum, unpriced: Int64) -> PicodollarSum? {
    cost == .zero && unpriced > 0 ? nil : cost
}
