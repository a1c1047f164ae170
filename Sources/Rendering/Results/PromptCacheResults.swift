package import ReadModels
package import Recommendations

/// What a group read from and wrote to providers' caches.
///
/// It has every requested name, null if the group lacks it; money is null if nothing has a price.
package struct PromptCacheGroup: RenderableObject {
    let by: [PromptCacheQuery.Part]
    let group: PromptCacheReport.Group

    package init(_ group: PromptCacheReport.Group, by: [PromptCacheQuery.Part]) {
        self.group = group
        self.by = by
    }

    package static let layout = Table.Layout(
        names: ["input_tokens": "input", "missed_usd": "missed", "net_saving_usd": "net saving"],
        expendable: [
            "read", "written", "first", "follow-up", "premium", "unpriced", "input_tokens",
        ],
        nothing: "there were no requests in this time: --since 2026-01 looks further back")

    package static let shape = Shape<PromptCacheGroup> {
        Member(spreading: { row in row.by.map { ($0.rawValue, row.name($0)) } })
        Member("requests", \.group.use.requests, .column)
        Member("unpriced_requests", \.group.unpricedRequests, .heading("unpriced"))
        Member("input_tokens", { RoundCount($0.group.use.input) }, .column)
        Member("cache_read_input_tokens", { RoundCount($0.group.use.read) }, .heading("read"))
        Member("cache_write_input_tokens", \.group.use.write)
        Member("cache_write_1h_input_tokens", \.group.use.writeHour)
        Member(heading: "written") { RoundCount($0.group.use.written) }
        Member("uncached_input_tokens", \.group.use.uncached)
        Member("cached_share", { proportion($0.group.use.share) }, .column)
        Member("first_share", { $0.share(of: [.first]) }, .heading("first"))
        Member("follow_up_share", { $0.share(of: followUps) }, .heading("follow-up"))
        Member("readable_tokens", \.group.use.readable)
        Member("missed_tokens", \.group.use.missed)
        Member("turns", { NamedValues($0.turns) }, when: { !$0.group.turns.isEmpty })
        Member("input_usd", \.group.money?.cost)
        Member("input_usd_without_cache", \.group.money?.costWithoutCache)
        Member("read_saving_usd", \.group.money?.readSaving)
        Member("write_premium_usd", \.group.money?.writePremium, .heading("premium"))
        Member("net_saving_usd", \.group.money?.netSaving, .column)
        Member("missed_usd", \.group.money?.missed, .column)
        Member("unpriced", \.group.unpriced)
    }

    private func name(_ part: PromptCacheQuery.Part) -> String? {
        zip(PromptCacheQuery.Part.allCases, group.names).first { $0.0 == part }?.1
    }

    private func share(of turns: [Turn.Class]) -> Proportion? {
        var use = PromptCacheUse()
        for turn in turns { use += group.turns[turn] ?? PromptCacheUse() }
        return proportion(use.share)
    }

    /// Requests by what they are in their sessions.
    private var turns: [(String, Int64)] {
        Turn.Class.allCases.map { ($0.rawValue, group.turns[$0]?.requests ?? 0) }
    }
}

private func proportion(_ share: Double?) -> Proportion? {
    share.map { Proportion($0, as: .shortBar) }
}

private let followUps = Turn.Class.allCases.filter { $0 != .first }

extension PromptCacheReport {
    /// A page of its groups.
    package func answered(_ query: PromptCacheQuery, page: AnswerPage) -> Answered<PromptCacheGroup>
    {
        let rows = groups.dropFirst(page.offset).prefix(page.limit)
        let next = page.offset + rows.count
        return Answered(
            rows.map { PromptCacheGroup($0, by: query.by) }, position: position,
            from: query.days.from, to: query.days.to,
            nextOffset: next < groups.count && !rows.isEmpty ? next : nil)
    }
}
