import Batching
import Caching
import EventStore
import LedgerModel
package import Replay

/// What every report on a policy begins with: which part of the history, and by what it is grouped.
private struct ReplayedPart: RenderableObject {
    let history: ReplayedHistory
    let position: Int64

    static let shape = Shape<ReplayedPart> {
        Member("since", \.history.filter.since)
        Member("until", \.history.filter.until)
        Member("by", { $0.history.groupedBy.map(\.name) })
        Member("position", \.position)
    }

    /// The rest of what a report says of it.
    static func words(late: Int64) -> [String] {
        late == 0
            ? []
            : [
                "\(counted(late, "request")) came so late that their order is that of the ledger, "
                    + "not of their times."
            ]
    }
}

private func grouping(_ history: ReplayedHistory, _ values: [Name?]) -> [(
    name: String, value: Name?
)] {
    zip(history.groupedBy, values).map { ($0.name, $1) }
}

// MARK: - Caches

extension CacheReplayReport: RenderableObject, Reportable {
    package static let shape = Shape<CacheReplayReport> {
        Member("policy", \.file)
        Member(including: { ReplayedPart(history: $0.history, position: $0.position) })
        Member("events", \.events)
        Member("total", { CacheReplayRow(report: $0, row: $0.total) })
        Member("rows", { report in report.rows.map { CacheReplayRow(report: report, row: $0) } })
        Member("rows_omitted", \.rowsOmitted)
        Member("sizes", \.sizes)
        Member("estimate", \.isEstimate)
        Member("answers_with_estimated_bytes", \.estimatedBytes)
        Member("late", \.late)
    }

    package var report: Report {
        var report = Report()
        report.kicker = "what-if"
        report.heading = "A cache on history"
        if !history.groupedBy.isEmpty {
            report.parts.append(.table(Table(rows.map { CacheReplayRow(report: self, row: $0) })))
        }
        report.parts.append(.notes(title: "With other memory", []))
        report.parts.append(.table(Table(sizes)))
        if !notes.isEmpty { report.parts.append(.notes(title: "Notes", notes)) }
        report.verdict = verdict
        report.footer =
            "Requests in the order of their times against an empty cache; a hit is an exact "
            + "repetition, and saves what the request was charged."
        return report
    }

    private var verdict: String {
        guard total.withHash > 0 else {
            return "nothing can be said of \(counted(total.requests, "request")): none carries a "
                + "request_hash; docs/cache.md says how applications send it"
        }
        let percent = hundredths(total.hitPercent).map { "\($0.cell.shown) %" } ?? "–"
        let saved = total.avoided.map { "saved \(dollars($0))" } ?? "saved what has no price"
        return
            "\(grouped(total.sums.hits)) of \(counted(total.withHash, "request")) would have hit "
            + "(\(percent)) and \(saved)"
    }

    private var notes: [String] {
        var notes: [String] = []
        if total.withoutHash > 0 {
            notes.append(
                "\(counted(total.withoutHash, "request")) without request_hash: nobody knows what "
                    + "they repeat.")
        }
        if total.sums.hitsUnpriced > 0 {
            notes.append(
                "\(counted(total.sums.hitsUnpriced, "hit")) without a price: what they save is not "
                    + "in the sum.")
        }
        if estimatedBytes > 0 {
            notes.append(
                "The bytes of \(counted(estimatedBytes, "answer")) are estimated from output "
                    + "tokens; a cache that runs tells them.")
        }
        if sizes.contains(where: { $0.weight > 1 }) {
            notes.append(
                "Where requests stand for several (see weight), more keys were live than are "
                    + "followed, and the figures are estimates from a sample of keys.")
        }
        return notes + ReplayedPart.words(late: late)
    }
}

extension CachePolicyFile: RenderableObject {
    package static let shape = Shape<CachePolicyFile> {
        Member("policy", \.policy.rawValue)
        Member("memory_bytes", \.memory)
        Member("ttl_s", \.secondsToLive)
        Member("scope", \.scope.rawValue)
        Member("near", \.nearScore)
    }
}

private struct CacheReplayRow: RenderableObject {
    let report: CacheReplayReport
    let row: CacheReplayReport.Row

    static let layout = Table.Layout(
        expendable: ["too large", "expired", "evicted"],
        nothing: "no request of this part of the history is covered by the policy")

    static let shape = Shape<CacheReplayRow> {
        Member(spreading: { grouping($0.report.history, $0.row.values) })
        Member("requests", \.row.requests, .column)
        Member("with_hash", \.row.withHash, .heading("with hash"))
        Member("hits", \.row.sums.hits, .column)
        Member("near_hits", \.row.sums.nearHits)
        Member("hit_percent", { hundredths($0.row.hitPercent) }, .heading("%"))
        Member("tokens_served", \.row.sums.tokensServed, .heading("tokens served"))
        Member("avoided_usd", \.row.avoided, .heading("avoided"))
        Member("spent_usd", \.row.sums.spent)
        Member("hits_unpriced", \.row.sums.hitsUnpriced)
        Member("evicted", \.row.sums.evicted, .column)
        Member("expired", \.row.sums.expired, .column)
        Member("too_large", \.row.sums.tooLarge, .heading("too large"))
        Member("bytes_needed", \.row.sums.bytesMost, .heading("bytes needed"))
    }
}

extension CacheReplayReport.Size: RenderableObject {
    package static let shape = Shape<CacheReplayReport.Size> {
        Member("memory_bytes", \.memory, .heading("memory"))
        Member("asked", \.isAsked, .heading("asked for"))
        Member("hits", \.sums.hits, .column)
        Member("hit_percent", { hundredths($0.hitPercent) }, .heading("%"))
        Member("avoided_usd", \.avoided, .heading("avoided"))
        Member("evicted", \.sums.evicted, .column)
        Member("expired", \.sums.expired, .column)
        Member("bytes_needed", \.sums.bytesMost, .heading("bytes needed"))
        Member("weight", \.weight, .column)
    }
}

// MARK: - Batchers

extension BatchingReplayReport: RenderableObject, Reportable {
    package static let shape = Shape<BatchingReplayReport> {
        Member(including: { ReplayedPart(history: $0.history, position: $0.position) })
        Member("total", { BatchingReplayRow(report: $0, row: Row(of: $0.total)) })
        Member("rows", { report in report.rows.map { BatchingReplayRow(report: report, row: $0) } })
        Member("rows_omitted", \.rowsOmitted)
        Member("jobs", \.jobs)
        Member("goal_s", { _ in BatchAPI.goal.components.seconds })
        Member("late", \.late)
    }

    package var report: Report {
        var report = Report()
        report.kicker = "what-if"
        report.heading = "A batcher on history"
        if !history.groupedBy.isEmpty {
            report.parts.append(
                .table(Table(rows.map { BatchingReplayRow(report: self, row: $0) })))
        }
        if !jobs.isEmpty {
            report.parts.append(.notes(title: "Jobs", []))
            report.parts.append(.table(Table(jobs)))
        }
        if !notes.isEmpty { report.parts.append(.notes(title: "Notes", notes)) }
        report.verdict = verdict
        report.footer =
            "Each request once: what runs already is shared, what may wait goes into a job, and "
            + "the rest is called as it was. Prices are those in force at the time."
        return report
    }

    private var verdict: String {
        guard total.saved != .zero || total.inJobs > 0 || total.duplicates > 0 else {
            return "nothing of \(counted(total.requests, "request")) would have been saved"
        }
        return "\(grouped(total.inJobs)) of \(counted(total.requests, "request")) would have gone "
            + "through the batch API, saving \(dollars(total.savedByJobs)) of "
            + "\(dollars(total.standard)); \(counted(total.duplicates, "duplicate")) in flight "
            + "cost \(dollars(total.duplicateCost))"
    }

    private var notes: [String] {
        var notes: [String] = []
        if total.inJobs > 0 {
            notes.append(
                "A job's answers are there within 24 hours of sending it, which is the providers' "
                    + "goal and no promise.")
        }
        if total.withoutRate > 0 {
            notes.append(
                "\(counted(total.withoutRate, "request")) may wait, but the book in force has no "
                    + "batch rate for their provider and model.")
        }
        if total.alreadyBatch > 0 {
            notes.append("\(counted(total.alreadyBatch, "request")) went through a batch API.")
        }
        if total.embeddings > total.embeddingCalls {
            notes.append(
                "\(counted(total.embeddings, "request")) for embeddings would have been "
                    + "\(counted(total.embeddingCalls, "call")), at the same price.")
        }
        return notes + ReplayedPart.words(late: late)
    }
}

private struct BatchingReplayRow: RenderableObject {
    let report: BatchingReplayReport
    let row: BatchingReplayReport.Row

    static let layout = Table.Layout(
        expendable: ["embeddings", "calls", "no rate", "may wait"],
        nothing: "there are no requests in this part of the history")

    static let shape = Shape<BatchingReplayRow> {
        Member(spreading: { grouping($0.report.history, $0.row.values) })
        Member("requests", \.row.sums.requests, .column)
        Member("may_wait", \.row.sums.mayWait, .heading("may wait"))
        Member("without_batch_rate", \.row.sums.withoutRate, .heading("no rate"))
        Member("already_batch", \.row.sums.alreadyBatch)
        Member("in_jobs", \.row.sums.inJobs, .heading("in jobs"))
        Member("standard_usd", \.row.sums.standard, .heading("standard"))
        Member("batch_usd", \.row.sums.batch, .heading("batch"))
        Member("duplicates", \.row.sums.duplicates, .column)
        Member("duplicates_usd", \.row.sums.duplicateCost, .heading("their cost"))
        Member("embeddings", \.row.sums.embeddings, .column)
        Member("embedding_calls", \.row.sums.embeddingCalls, .heading("calls"))
        Member("saved_usd", \.row.sums.saved, .heading("saved"))
        Member("spent_usd", \.row.sums.spent)
        Member("unpriced", \.row.sums.unpriced)
    }
}

extension BatchingReplayReport.Job: RenderableObject {
    package static let shape = Shape<BatchingReplayReport.Job> {
        Member("rule", \.rule, .column)
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("jobs", \.jobs, .column)
        Member("requests", \.requests, .column)
        Member("size_mean", \.meanSize, .heading("mean size"))
        Member("size_max", \.largest, .heading("largest"))
        Member("wait_mean_s", \.meanWaitSeconds, .heading("mean wait, s"))
        Member("wait_max_s", \.longestWaitSeconds, .heading("longest, s"))
        Member("saved_usd", \.saved, .heading("saved"))
    }
}

// MARK: - Routing

extension RoutingReplayReport: RenderableObject, Reportable {
    package static let shape = Shape<RoutingReplayReport> {
        Member(including: { ReplayedPart(history: $0.history, position: $0.position) })
        Member("total", { RoutingReplayRow(report: $0, row: Row(values: [], sums: $0.total)) })
        Member("rows", { report in report.rows.map { RoutingReplayRow(report: report, row: $0) } })
        Member("rows_omitted", \.rowsOmitted)
        Member("providers", \.providers)
        Member("assumptions", { _ in assumptions })
        Member("late", \.late)
    }

    package var report: Report {
        var report = Report()
        report.kicker = "what-if"
        report.heading = "Another routing on history"
        if !history.groupedBy.isEmpty {
            report.parts.append(
                .table(Table(rows.map { RoutingReplayRow(report: self, row: $0) })))
        }
        if !providers.isEmpty {
            report.parts.append(.notes(title: "Providers", []))
            report.parts.append(.table(Table(providers)))
        }
        report.parts.append(
            .notes(title: "What is assumed", Self.assumptions + ReplayedPart.words(late: late)))
        report.verdict = verdict
        return report
    }

    private var verdict: String {
        guard total.moved > 0 || total.failedThen != total.failedNow else {
            return "nothing of \(counted(total.requests, "request")) would have been answered "
                + "elsewhere"
        }
        return "\(grouped(total.moved)) of \(counted(total.requests, "request")) would have been "
            + "answered elsewhere, for \(dollars(total.costNow)) instead of "
            + "\(dollars(total.costThen)); \(grouped(total.failedNow)) would have failed instead "
            + "of \(grouped(total.failedThen))"
    }
}

private struct RoutingReplayRow: RenderableObject {
    let report: RoutingReplayReport
    let row: RoutingReplayReport.Row

    static let layout = Table.Layout(
        expendable: ["rescued", "cached %", "would be %", "fallbacks"],
        nothing: "there are no requests in this part of the history")

    static let shape = Shape<RoutingReplayRow> {
        Member(spreading: { grouping($0.report.history, $0.row.values) })
        Member("requests", \.row.sums.requests, .column)
        Member("moved", \.row.sums.moved, .column)
        Member("fallbacks", \.row.sums.fallbacks, .column)
        Member("failed", \.row.sums.failedThen, .column)
        Member("would_fail", \.row.sums.failedNow, .heading("would fail"))
        Member("rescued", \.row.sums.rescued, .column)
        Member("cost_usd", \.row.sums.costThen, .heading("cost"))
        Member("would_cost_usd", \.row.sums.costNow, .heading("would cost"))
        Member("saved_usd", \.row.sums.saved, .heading("saved"))
        Member("unpriced", \.row.sums.unpriced)
        Member(
            "cached_percent", { hundredths($0.row.sums.cachedThenPercent) }, .heading("cached %"))
        Member(
            "would_be_cached_percent", { hundredths($0.row.sums.cachedNowPercent) },
            .heading("would be %"))
        Member("latency_p50_ms", { milliseconds($0.row.sums.latencyThen(0.5)) })
        Member("would_be_latency_p50_ms", { milliseconds($0.row.sums.latencyNow(0.5)) })
        Member(
            "latency_p95_ms", { milliseconds($0.row.sums.latencyThen(0.95)) }, .heading("p95, ms"))
        Member(
            "would_be_latency_p95_ms", { milliseconds($0.row.sums.latencyNow(0.95)) },
            .heading("would be"))
        Member("time_to_first_token_p50_ms", { milliseconds($0.row.sums.firstThen(0.5)) })
        Member("would_be_time_to_first_token_p50_ms", { milliseconds($0.row.sums.firstNow(0.5)) })
        Member("time_to_first_token_p95_ms", { milliseconds($0.row.sums.firstThen(0.95)) })
        Member("would_be_time_to_first_token_p95_ms", { milliseconds($0.row.sums.firstNow(0.95)) })
    }
}

extension RoutingReplayReport.Line: RenderableObject {
    package static let shape = Shape<RoutingReplayReport.Line> {
        Member("provider", \.provider, .column)
        Member("requests", \.requestsThen, .column)
        Member("would_be_requests", \.requestsNow, .heading("would be"))
        Member("would_fail", \.failedNow, .heading("failed calls"))
        Member("cost_usd", \.costThen, .heading("cost"))
        Member("would_cost_usd", \.costNow, .heading("would cost"))
    }
}

// MARK: - Warming

extension WarmingReport: RenderableObject, Reportable {
    package static let shape = Shape<WarmingReport> {
        Member("at", \.at)
        Member("position", \.position)
        Member("budget_usd", \.budget)
        Member("requests", \.requests)
        Member("without_hash", \.withoutHash)
        Member("without_price", \.withoutPrice)
        Member("without_batch_rate", \.withoutBatchRate)
        Member("looked_at", \.plan.looked)
        Member("cost_usd", \.plan.cost)
        Member("saving_usd", \.plan.saving)
        Member("over_budget", \.plan.overBudget)
        Member("keys", \.entries)
    }

    package var report: Report {
        Report(parts: Entry.parts(of: entries), verdict: verdict)
    }

    private var verdict: String {
        if entries.isEmpty, withoutHash == requests {
            return "nothing can be planned from \(counted(requests, "request")): none carries a "
                + "request_hash"
        }
        let found =
            "\(counted(plan.entries.count, "answer")) to ask for, costing \(dollars(plan.cost)) "
            + "and saving \(dollars(plan.saving)) more than that; "
            + "\(counted(plan.looked, "ended answer")) looked at"
        return plan.overBudget == 0
            ? found : found + ", \(grouped(plan.overBudget)) beyond the budget"
    }
}

extension WarmingReport.Entry: RenderableObject {
    package static let layout = Table.Layout(
        nothing: "no answer is worth asking for ahead of time: none is used often enough to save "
            + "more than it costs")

    package static let shape = Shape<WarmingReport.Entry> {
        Member("request_hash", \.hash, .heading("request"))
        Member("app", \.app, .column)
        Member("model", \.model, .column)
        Member("cost_usd", \.planned.fill, .heading("cost"))
        Member("saving_usd", \.planned.saving, .heading("saving"))
        Member("reason", \.reason, .column)
    }

    private var reason: String {
        switch planned.reason {
        case .popular(let uses, let used, let trials):
            "asked for \(uses) times, and not in the cache for long: of \(trials) like it "
                + "\(used) were used"
        case .follows(let key, let used, let trials):
            "came \(used) of \(trials) times after "
                + Digest(words: [key.first, key.second, key.third, key.fourth]).description.prefix(
                    12)
        }
    }
}

/// A percentage with two decimals, which is as exact as shares of history need to be.
private func hundredths(_ percent: Double?) -> FixedPoint? {
    percent.map { FixedPoint(Int64(($0 * 100).rounded()), scale: 2) }
}
