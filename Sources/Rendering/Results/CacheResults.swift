package import LedgerModel
package import ReadModels

/// A grouped question that has a call and a command.
package protocol AskedByGroup: GroupedQuestion {
    associatedtype Shown: RenderableObject
    /// The row as people and programs see it, with the names that were asked for.
    func shown(_ row: Row) -> Shown
}

extension AskedByGroup {
    package func answered(_ answer: Answer<Row>) -> Answered<Shown> {
        Answered(answer, from: days.from, to: days.to, row: shown)
    }
}

/// The questions; each has a call and a command.
package let questionsByGroup: [any AskedByGroup.Type] = [CacheQuery.self, BatchQuery.self]

extension CacheQuery: AskedByGroup {
    package func shown(_ row: CacheRow) -> CacheGroup { CacheGroup(by: by, row: row) }
}

extension BatchQuery: AskedByGroup {
    package func shown(_ row: BatchRow) -> BatchGroup { BatchGroup(by: by, row: row) }
}

/// What caches did for a group.
package struct CacheGroup: RenderableObject {
    fileprivate let by: [CacheQuery.Part]
    fileprivate let row: CacheRow

    /// Misses have no tier and no match, and hits no reason: among those no part is of a whole.
    private var hitRatio: Double? {
        by.contains { [.tier, .match, .reason].contains($0) } ? nil : row.hitRatio
    }

    private var saved: PicodollarSum? { row.saved.known(unpriced: row.unpricedHits) }
    private var netSaved: PicodollarSum? { saved.map { $0 - row.storing } }

    package static let layout = Table.Layout(
        names: ["hit_ratio": "ratio", "net_saved_usd": "saved"],
        expendable: ["served_input_tokens", "invalidated", "evicted", "unused", "unpriced"],
        nothing: """
            no cache reported anything in this time: docs/cache.md says how to switch on the \
            service's, docs/events.md how to report your own
            """)

    package static let shape = Shape<CacheGroup> {
        Member(spreading: { group in group.by.map { ($0.rawValue, group.row.group[$0]) } })
        Member("hits", \.row.hits, .column)
        Member("misses", \.row.misses, .column)
        Member("hit_ratio", { $0.hitRatio.map { Proportion($0, as: .shortBar) } }, .column)
        Member("net_saved_usd", \.netSaved, .column)
        Member("unpriced_hits", \.row.unpricedHits, .heading("unpriced"))
        Member("saved_usd", \.saved)
        Member("storing_usd", \.row.storing)
        Member("served_input_tokens", { RoundCount($0.row.inputTokens) }, .column)
        Member("served_output_tokens", { RoundCount($0.row.outputTokens) })
        Member("stored", \.row.stored, .column)
        Member("evicted", \.row.evicted, .column)
        Member("unused_evicted", \.row.unusedEvicted, .heading("unused"))
        Member("invalidated", \.row.invalidated, .column)
        Member("bytes_served", \.row.bytesServed)
        Member("bytes_stored", \.row.bytesStored)
    }
}

extension MissedRow: RenderableObject {
    package static let layout = Table.Layout(
        names: ["cost_usd": "cost", "repeats_usd": "repeats", "request_hash": "request"],
        expendable: ["provider", "team", "last_missed", "model"],
        nothing: """
            no cache missed in this time, or none told which request it was: request_hash of \
            cache.miss
            """)

    package static let shape = Shape<MissedRow> {
        Member("request_hash", \.requestHash, .column)
        Member("app", \.app, .column)
        Member("team", \.team, .column)
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("reason", \.reason, .column)
        Member("misses", \.misses, .column)
        Member("cost_usd", \.cost, .column)
        Member("repeats_usd", \.repeats, .column)
        Member("last_missed", \.lastMissed, .column)
    }
}

extension WastedRow: RenderableObject {
    package static let layout = Table.Layout(
        names: ["request_hash": "request"],
        expendable: ["provider", "team", "first_stored", "model"],
        nothing: "every answer that was stored in this time was hit, or is too young to tell")

    package static let shape = Shape<WastedRow> {
        Member("request_hash", \.requestHash, .column)
        Member("app", \.app, .column)
        Member("team", \.team, .column)
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("stores", \.stores, .column)
        Member("bytes", \.bytes, .column)
        Member("first_stored", \.firstStored, .column)
        Member("last_stored", \.lastStored, .column)
    }
}

/// Entries that were never hit, and how many they are.
package struct CacheWaste: RenderableObject, Reportable {
    private let waste: WastedAnswer
    private let answered: Answered<WastedRow>

    package init(_ waste: WastedAnswer, to: Timestamp) {
        self.waste = waste
        answered = Answered(waste.looked, to: to)
    }

    package static let shape = Shape<CacheWaste> {
        Member("position", \.answered.position)
        Member("from", \.answered.from)
        Member("to", \.answered.to)
        Member("entries", \.waste.entries)
        Member("wasted", \.waste.wasted)
        Member("wasted_bytes", \.waste.bytes)
        Member("rows", \.answered.rows)
        Member("next_offset", \.answered.nextOffset)
    }

    package var report: Report {
        let (report, waste) = (answered.report, waste)
        if waste.wasted == 0 { return report }
        return Report(
            parts: report.parts,
            verdict: "\(grouped(waste.wasted)) of \(counted(waste.entries, "stored answer")) were "
                + "never hit: \(grouped(waste.bytes)) bytes")
    }
}

extension Answered {
    /// What was looked at begins where the newest events of the time do.
    package init(_ looked: LookedAnswer<Row>, to: Timestamp) {
        self.init(looked.answer, from: looked.from, to: to) { $0 }
    }
}

/// The batches of a group.
package struct BatchGroup: RenderableObject {
    fileprivate let by: [BatchQuery.Part]
    fileprivate let row: BatchRow

    package static let layout = Table.Layout(
        names: ["saved_usd": "saved", "deadline_misses": "late", "wait_mean_ms": "wait"],
        expendable: ["expired", "retries", "longest", "lone", "duplicates", "unpriced"],
        nothing: """
            no batch was formed in this time: docs/batching.md says what batches, and \
            docs/events.md how to report your own
            """)

    package static let shape = Shape<BatchGroup> {
        Member(spreading: { group in group.by.map { ($0.rawValue, group.row.group[$0]) } })
        Member("batches", \.row.batches, .column)
        Member("requests", \.row.requests, .column)
        Member("lone_batches", \.row.loneBatches, .heading("lone"))
        Member("duplicates", \.row.duplicates, .column)
        Member("wait_mean_ms", { $0.row.wait?.mean }, .column)
        Member("wait_p50_ms", { $0.row.wait?.p50 })
        Member("wait_p95_ms", { $0.row.wait?.p95 })
        Member("wait_max_ms", { $0.row.wait?.max }, .heading("longest"))
        Member("completed", \.row.completed)
        Member("succeeded", \.row.succeeded)
        Member("failed", \.row.failed, .column)
        Member("expired", \.row.expired, .column)
        Member("retries", \.row.retries, .column)
        Member("deadline_misses", \.row.deadlineMisses, .column)
        Member("saved_usd", { $0.row.saved.known(unpriced: $0.row.unpricedBatches) }, .column)
        Member("unpriced_batches", \.row.unpricedBatches, .heading("unpriced"))
        Member("input_tokens", \.row.inputTokens)
        Member("output_tokens", \.row.outputTokens)
    }
}
