import LedgerModel
import ReadModels

/// The pure rules that turn what batches did into recommendations.
enum BatchAdvice {
    /// The fewest batches, or requests in them, for advice.
    static let countMin: Int128 = 100
    /// The part of batches with one request, in percent, from which on they bring nothing.
    static let lonePercentMin: Int128 = 50
    /// The part of requests that are answered too late, in percent, from which on advice is given.
    static let latePercentMin: Int128 = 2

    /// What rows are grouped by.
    static let parts: [BatchQuery.Part] = [.app, .provider, .model]

    static func advice(on row: BatchRow) -> [Recommendation] {
        var dimensions = Dimensions()
        dimensions[.app] = row.group[.app].map { Name($0) }
        dimensions[.provider] = row.group[.provider].map { Name($0) }
        dimensions[.model] = row.group[.model].map { Name($0) }
        let group = PromptGroup(dimensions)
        return [lone(row, group), late(row, group)].compactMap { $0 }
    }

    private static func lone(_ row: BatchRow, _ group: PromptGroup) -> Recommendation? {
        let (batches, lone) = (Int128(row.batches), Int128(row.loneBatches))
        guard batches >= countMin, lone * 100 >= batches * lonePercentMin else { return nil }
        return Recommendation(
            kind: .loneBatches, dimensions: group.dimensions,
            finding: "of \(batches) batches of \(group.text), \(lone) have one request",
            remedy:
                "let requests wait longer for others, or don't batch them: waiting alone brings "
                + "nothing",
            costPerDay: .unknown("waiting has no price"),
            evidence: [
                ("batches", "\(batches)"), ("lone_batches", "\(lone)"),
                ("requests", "\(row.requests)"),
                ("wait_mean_ms", row.wait.map { "\($0.mean)" } ?? "unknown"),
            ])
    }

    private static func late(_ row: BatchRow, _ group: PromptGroup) -> Recommendation? {
        guard row.succeeded >= countMin,
            row.deadlineMisses * 100 >= row.succeeded * latePercentMin
        else { return nil }
        return Recommendation(
            kind: .deadlineMisses, dimensions: group.dimensions,
            finding: "of \(row.succeeded) batched requests of \(group.text), "
                + "\(row.deadlineMisses) were answered after their deadline",
            remedy: "make batches smaller, let them wait less, or give later deadlines",
            costPerDay: .unknown("a missed deadline has no price"),
            evidence: [
                ("succeeded", "\(row.succeeded)"), ("deadline_misses", "\(row.deadlineMisses)"),
                ("retries", "\(row.retries)"),
                ("wait_mean_ms", row.wait.map { "\($0.mean)" } ?? "unknown"),
            ])
    }
}
