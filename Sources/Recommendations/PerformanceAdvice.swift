import Estimating
import LedgerModel
import Performance
import ReadModels

/// The pure rules that turn how requests did into recommendations.
enum PerformanceAdvice {
    /// The fewest requests for advice.
    static let requestsMin: Int64 = 200
    /// The part of requests above a limit, or that an overloaded provider failed, in thousandths.
    static let limitedMin: Int64 = 20
    static let faultsMin: Int64 = 10
    /// How many times the median the 99th percentile is.
    static let tailMin: Int64 = 8
    /// The median of a provider over that of another one.
    static let slowerMin = 1.5
    /// The mean time in the queue over the mean time of all stages.
    static let queueMin = 0.2

    /// What rows are grouped by.
    static let parts: [PerformanceQuery.Part] = [.app, .provider, .model, .route]

    static func advice(on rows: [PerformanceRow], days: Int64) -> [Recommendation] {
        let rows = rows.filter { $0.sums.requests >= requestsMin }
        return rows.flatMap { row in
            [limited(row, days), unreliable(row, days), tail(row), queue(row)].compactMap(\.self)
        } + slow(rows)
    }

    // MARK: Failures

    private static func limited(_ row: PerformanceRow, _ days: Int64) -> Recommendation? {
        let count = row.sums.failures[.rateLimited] ?? 0
        guard count * 1_000 >= row.sums.requests * limitedMin else { return nil }
        return Recommendation(
            kind: .rateLimited, dimensions: row.dimensions,
            finding: "of \(row.sums.requests) requests of \(row.text), \(count) were above a limit",
            remedy:
                "give the provider a second key, ask for a higher limit, or list a fallback in the "
                + "route (docs/gateway-policy.md); limits of your own keep bursts away "
                + "(docs/load.md)",
            costPerDay: .unknown("a refused request has no price"),
            impact: "\(count / max(days, 1)) failures a day fewer",
            confidence: confidence(row.sums.requests),
            evidence: [("requests", "\(row.sums.requests)"), ("rate_limited", "\(count)")])
    }

    private static func unreliable(_ row: PerformanceRow, _ days: Int64) -> Recommendation? {
        let classes: [FailureClass] = [.timeout, .overloaded, .server, .network]
        let counts = classes.map { (name: $0.name, count: row.sums.failures[$0] ?? 0) }
        let count = counts.reduce(0) { $0 + $1.count }
        guard count * 1_000 >= row.sums.requests * faultsMin else { return nil }
        return Recommendation(
            kind: .unreliableProvider, dimensions: row.dimensions,
            finding: "of \(row.sums.requests) requests of \(row.text), \(count) failed by the "
                + "provider's fault",
            remedy:
                "list a second provider of the model in the route: the gateway tries it before "
                + "anything has reached the caller (docs/gateway-policy.md)",
            costPerDay: .unknown("a failed request has no price"),
            impact: "up to \(count / max(days, 1)) failures a day fewer",
            confidence: confidence(row.sums.requests),
            evidence: [("requests", "\(row.sums.requests)")]
                + counts.filter { $0.count > 0 }.map { ($0.name, "\($0.count)") })
    }

    // MARK: Times

    private static func tail(_ row: PerformanceRow) -> Recommendation? {
        let first = row.sums.firstToken
        guard first.total >= requestsMin, let median = first.quantile(0.5), median > 0,
            let last = first.quantile(0.99), last >= median * tailMin
        else { return nil }
        return Recommendation(
            kind: .slowTail, dimensions: row.dimensions,
            finding: "one of a hundred requests of \(row.text) waits \(milliseconds(last)) for its "
                + "first token, half of them at most \(milliseconds(median))",
            remedy:
                "let the route hedge: a second call after the 95th percentile, for at most 5 % of "
                + "requests (docs/gateway-policy.md)",
            costPerDay: .unknown("waiting has no price"),
            impact: "waits of the slowest hundredth up to \(milliseconds(last - median)) shorter",
            confidence: .medium,
            evidence: [
                ("requests", "\(first.total)"), ("p50_ms", "\(median / 1_000)"),
                ("p95_ms", "\((first.quantile(0.95) ?? 0) / 1_000)"), ("p99_ms", "\(last / 1_000)"),
            ])
    }

    private static func queue(_ row: PerformanceRow) -> Recommendation? {
        let shares = Bottlenecks.shares(row.sums)
        guard row.sums.staged >= requestsMin,
            let queue = shares.first(where: { $0.name == CallStage.schedule.rawValue }),
            queue.share >= queueMin
        else { return nil }
        let percent = Int64(queue.share * 100)
        return Recommendation(
            kind: .longQueue, dimensions: row.dimensions,
            finding: "\(percent) % of the time of requests of \(row.text) is waiting in the queue, "
                + "\(milliseconds(Int64(queue.microseconds))) each",
            remedy:
                "allow more calls at a time, let the lane wait less for others, or give these "
                + "requests a higher class (docs/batching.md, docs/load.md)",
            costPerDay: .unknown("waiting has no price"),
            impact: "answers up to \(milliseconds(Int64(queue.microseconds))) sooner",
            confidence: confidence(row.sums.staged),
            evidence: shares.prefix(4).map {
                ($0.name + "_ms", "\(Int64($0.microseconds) / 1_000)")
            } + [("requests", "\(row.sums.staged)")])
    }

    /// Providers of a model beside the fastest one, for each application.
    private static func slow(_ rows: [PerformanceRow]) -> [Recommendation] {
        let groups = Dictionary(grouping: rows) { [$0.group[.app], $0.group[.model]] }
        return groups.values.flatMap { rows -> [Recommendation] in
            let medians = rows.compactMap { row in
                row.sums.firstToken.total >= requestsMin
                    ? row.sums.firstToken.quantile(0.5).map { (row: row, median: $0) } : nil
            }
            guard let best = medians.min(by: { $0.median < $1.median }), best.median > 0 else {
                return []
            }
            return medians.compactMap { slow in
                guard slow.row.group[.provider] != best.row.group[.provider],
                    Double(slow.median) >= Double(best.median) * slowerMin,
                    let test = RankTest(
                        now: slow.row.sums.firstToken, before: best.row.sums.firstToken),
                    test.z > 5
                else { return nil }
                return slower(slow, than: best, test)
            }
        }.sorted { $0.finding < $1.finding }
    }

    private static func slower(
        _ slow: (row: PerformanceRow, median: Int64),
        than best: (row: PerformanceRow, median: Int64), _ test: RankTest
    ) -> Recommendation {
        let name = best.row.group[.provider]?.string ?? "another provider"
        return Recommendation(
            kind: .slowProvider, dimensions: slow.row.dimensions,
            finding: "\(slow.row.text) begins to answer after \(milliseconds(slow.median)), "
                + "\(name) with the same model after \(milliseconds(best.median))",
            remedy:
                "put \(name) first in the route, or let it choose by latency "
                + "(docs/gateway-policy.md); tally performance --by provider shows what it costs",
            costPerDay: .unknown("waiting has no price"),
            impact: "the first token \(milliseconds(slow.median - best.median)) sooner",
            confidence: test.larger >= 0.75 ? .high : .medium,
            evidence: [
                ("p50_ms", "\(slow.median / 1_000)"), ("other", name),
                ("other_p50_ms", "\(best.median / 1_000)"),
                ("slower_probability", "\(Int64(test.larger * 100)) %"),
                ("requests", "\(slow.row.sums.requests)"),
                ("other_requests", "\(best.row.sums.requests)"),
            ])
    }

    private static func confidence(_ requests: Int64) -> Recommendation.Confidence {
        requests >= 10 * requestsMin ? .high : .medium
    }

    private static func milliseconds(_ microseconds: Int64) -> String {
        "\(microseconds / 1_000) ms"
    }
}

extension PerformanceRow {
    fileprivate var dimensions: Dimensions {
        var dimensions = Dimensions()
        dimensions[.app] = group[.app]
        dimensions[.provider] = group[.provider]
        dimensions[.model] = group[.model]
        return dimensions
    }

    fileprivate var text: String {
        PromptGroup(dimensions).text + (group[.provider].map { " of \($0)" } ?? "")
            + (group[.route].map { " by route \($0)" } ?? "")
    }
}
