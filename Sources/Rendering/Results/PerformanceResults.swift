import Estimating
import LedgerModel
package import Performance
package import ReadModels

/// How the requests of a group did.
package struct PerformanceGroup: RenderableObject {
    private let by: [PerformanceQuery.Part]
    private let interval: PerformanceQuery.Interval
    private let row: PerformanceRow
    private var sums: PerformanceSums { row.sums }

    package init(_ row: PerformanceRow, of query: PerformanceQuery) {
        self.row = row
        by = query.by
        interval = query.interval
    }

    package static let layout = Table.Layout(
        names: [
            "time_to_first_token_p50_ms": "first p50", "latency_p50_ms": "p50",
            "latency_p95_ms": "p95", "latency_p99_ms": "p99", "failed_requests": "failed",
            "output_rate_p50": "tokens/s", "usd_per_1000_output_tokens": "per 1000 tokens",
            "usd_per_success": "per success", "starts_at": "starts",
        ],
        expendable: [
            "usd_per_success", "slowest stage", "latency_p99_ms", "usd_per_1000_output_tokens",
            "starts_at", "output_rate_p50",
        ],
        nothing: """
            there were no requests in this time: --since 2026-01 looks further back, and \
            docs/events.md says how to report latency_ms and time_to_first_token_ms
            """)

    package static let shape = Shape<PerformanceGroup> {
        Member(spreading: { group in group.by.map { ($0.rawValue, group.row.group[$0]) } })
        Member(
            "starts_at", \.row.start, .column, when: { $0.interval != .none })
        Member("requests", \.sums.requests, .column)
        Member("failed_requests", \.sums.failed, .column)
        Member("failed_attempts", \.sums.attempts)
        Member("failures", { NamedValues($0.failures) })
        Member("latency_p50_ms", { milliseconds($0.sums.latency.quantile(0.5)) }, .column)
        Member("latency_p95_ms", { milliseconds($0.sums.latency.quantile(0.95)) }, .column)
        Member("latency_p99_ms", { milliseconds($0.sums.latency.quantile(0.99)) }, .column)
        Member(
            "time_to_first_token_p50_ms", { milliseconds($0.sums.firstToken.quantile(0.5)) },
            .column)
        Member(
            "time_to_first_token_p95_ms", { milliseconds($0.sums.firstToken.quantile(0.95)) })
        Member(
            "time_to_first_token_p99_ms", { milliseconds($0.sums.firstToken.quantile(0.99)) })
        Member("output_rate_p50", { milliseconds($0.sums.rate.quantile(0.5)) }, .column)
        Member("output_rate_p05", { milliseconds($0.sums.rate.quantile(0.05)) })
        Member("queue_p50_ms", { milliseconds($0.sums.queue.quantile(0.5)) })
        Member("queue_p95_ms", { milliseconds($0.sums.queue.quantile(0.95)) })
        Member("input_tokens", \.sums.inputTokens)
        Member("output_tokens", \.sums.outputTokens)
        Member("cost_usd", { $0.sums.cost.known(unpriced: $0.sums.unpriced) })
        Member("unpriced_requests", \.sums.unpriced)
        Member("usd_per_1000_output_tokens", \.sums.costPerThousandOutputTokens, .column)
        Member("usd_per_success", \.sums.costPerSuccess, .column)
        Member("stage_mean_ms", { NamedValues($0.stages) })
        Member(heading: "slowest stage") { $0.slowest }
    }

    private var failures: [(name: String, value: Int64)] {
        FailureClass.allCases.compactMap { failure in
            sums.failures[failure].map { (failure.name, $0) }
        }
    }

    private var stages: [(name: String, value: FixedPoint)] {
        sums.stageMeans.map { ($0.stage.rawValue, milliseconds($0.microseconds)) }
    }

    private var slowest: String? {
        Bottlenecks.shares(sums).first.map { "\($0.name) \(Int64($0.share * 100)) %" }
    }
}

private func milliseconds(_ microseconds: Double) -> FixedPoint {
    FixedPoint(Int128(max(0, min(microseconds, 1e15))), scale: 3)
}

extension PerformanceQuery {
    package func answered(_ answer: Answer<PerformanceRow>) -> Answered<PerformanceGroup> {
        Answered(
            answer, from: spans.first?.from ?? .earliest, to: spans.first?.to ?? .earliest
        ) { PerformanceGroup($0, of: self) }
    }
}

extension Regression: RenderableObject {
    package static let layout = Table.Layout(
        names: ["percentile": "at"], expendable: ["percentile", "requests", "route"],
        nothing: "nothing is worse than it usually is at this hour, as far as there is a baseline")

    package static let shape = Shape<Regression> {
        Member("route", \.series.route, .column)
        Member("provider", \.series.provider, .column)
        Member("model", \.series.model, .column)
        Member("measure", \.measure.rawValue, .column)
        Member("percentile", \.percentile, .column)
        Member("now", { $0.shown($0.now) }, .column)
        Member("before", { $0.shown($0.before) }, .column)
        Member("unit", \.unit, .column)
        Member("change", { Proportion($0.change, as: .change) }, .column)
        Member("effect", \.effect)
        Member("z", \.z)
        Member("p", \.p)
        Member("requests", \.requests, .column)
        Member("requests_before", \.requestsBefore)
        Member("basis", \.basis.rawValue)
        Member("samples", \.samples)
        Member("breached", \.isBreached, .column)
        Member("output_growth", \.outputGrowth)
        Member("stages", \.stages)
        Member("apps", \.apps)
        Member("sentence", \.sentence)
        Member(heading: "because") { $0.reason }
    }

    fileprivate func shown(_ value: Double) -> FixedPoint {
        measure == .failures
            ? FixedPoint(Int128(value * 1_000_000), scale: 6) : milliseconds(value)
    }

    private var unit: String {
        switch measure {
        case .failures: "share"
        case .outputRate: "tokens/s"
        case .latency, .timeToFirstToken, .queue: "ms"
        }
    }
}

extension StageGrowth: RenderableObject {
    package static let shape = Shape<StageGrowth> {
        Member("stage", \.stage)
        Member("now_ms", { milliseconds($0.now) })
        Member("before_ms", { milliseconds($0.before) })
        Member("share", { Proportion($0.share, as: .shortBar) })
    }
}

extension Regression.AppChange: RenderableObject {
    package static let shape = Shape<Regression.AppChange> {
        Member("app", \.app)
        Member("requests", \.requests)
        Member("now", \.now)
        Member("before", \.before)
    }
}

extension PerformanceLook.Standing: RenderableObject {
    package static let layout = Table.Layout(
        names: ["budget_left": "budget left", "breached": "burning"],
        expendable: ["missed", "days", "of"],
        nothing: "there are no objectives: docs/performance.md says how slo.yaml is written")

    package static let shape = Shape<PerformanceLook.Standing> {
        Member("name", \.objective.name, .column)
        Member("goal", \.objective.text, .column)
        Member("days", \.objective.days, .column)
        Member("objective", { 1 - $0.objective.budget })
        Member("share", { $0.share.map { Proportion($0, as: .shortBar) } }, .column)
        Member("missed", \.counts.missed, .column)
        Member("of", \.counts.of, .column)
        Member(
            "budget_left", { $0.budgetLeft.map { Proportion($0, as: .change) } }, .column)
        Member("burns", \.burns)
        Member("breached", { $0.burns.contains { $0.isBreached } }, .column)
        Member(heading: "burn 1 h") { $0.burns.first?.longRate }
    }
}

extension ObjectiveSlices.Burn: RenderableObject {
    package static let shape = Shape<ObjectiveSlices.Burn> {
        Member("factor", \.window.factor)
        Member("long_seconds", \.window.longSeconds)
        Member("short_seconds", \.window.shortSeconds)
        Member("long_rate", \.longRate)
        Member("short_rate", \.shortRate)
        Member("missed", \.long.missed)
        Member("of", \.long.of)
        Member("breached", \.isBreached)
    }
}
