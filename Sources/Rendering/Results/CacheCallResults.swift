package import CacheServing
import CacheTiers
import Caching
import LedgerModel

/// The key of a question, and what the rules say about it.
extension AskedQuestion: RenderableObject {
    package static let shape = Shape<AskedQuestion> {
        Member("key", \.key.digest)
        Member("rule", \.rule.name)
        Member("scope", \.rule.scope.rawValue)
        Member("reads", \.decision.mayRead)
        Member("stores", \.decision.mayStore)
        Member("reason", \.reason?.word)
        Member("message", \.reason?.sentence)
    }
}

/// What became of a look-up.
extension CacheLookup: RenderableObject {
    package static let shape = Shape<CacheLookup> {
        Member("outcome", \.outcome.rawValue)
        Member("key", \.key.digest)
        Member("rule", \.asked.rule.name)
        Member("reason", { $0.skip?.word ?? $0.reason?.rawValue })
        Member("message", \.skip?.sentence)
        Member("tier", \.answer?.tier.rawValue)
        Member("match", { $0.answer.map { $0.near?.match.rawValue ?? "exact" } })
        Member("age_s", { found in found.answer.map { $0.stored.age(at: found.at) } })
        Member("fresh_until", \.answer?.stored.freshUntil)
        Member("provider", \.answer?.stored.provider)
        Member("model", \.answer?.stored.model)
        Member("usage", \.answer?.stored.usage.counts)
        Member("request_id", \.answer?.stored.causeID)
        Member("event_id", \.answer?.event)
        Member("content_type", \.answer?.contentType)
        Member("body", { $0.answer.map { String(decoding: $0.body, as: UTF8.self) } })
        Member("fill", \.turn)
    }
}

extension CacheLookup.Turn: RenderableObject {
    package static let shape = Shape<CacheLookup.Turn> {
        Member("turn", { if case .yours = $0 { "yours" } else { "elsewhere" } })
        Member("token", \.token)
        Member("until", \.until)
    }

    private var token: String? {
        if case .yours(let token) = self { token.description } else { nil }
    }

    private var until: Timestamp {
        switch self {
        case .yours(let token): token.until
        case .elsewhere(let until): until
        }
    }
}

/// What became of an answer.
extension CacheStoring: RenderableObject {
    package static let shape = Shape<CacheStoring> {
        Member("outcome", { $0.skip == nil ? "stored" : "refused" })
        Member("key", \.key.digest)
        Member("rule", \.asked.rule.name)
        Member("reason", \.skip?.word)
        Member("message", { $0.skip?.sentence ?? $0.note })
        Member("tiers", { $0.tiers.map(\.rawValue) })
        Member("bytes", \.answer?.body.count)
        Member("fresh_until", \.answer?.freshUntil)
        Member("usable_until", \.answer?.usableUntil)
        Member("model", \.answer?.model)
        Member("usage", \.answer?.usage.counts)
        Member("tags", { ($0.answer?.tags ?? []).map(\.string) })
        Member("event_id", \.event)
    }
}

/// Answers that are given no more.
extension CacheForgotten: RenderableObject, Reportable {
    package static let shape = Shape<CacheForgotten> {
        Member("by", \.by.rawValue)
        Member("value", \.value)
        Member("count", \.count)
        Member("event_id", \.event)
        Member("readers", \.readers?.readers, omitted: true)
        Member("has_more_readers", \.readers?.hasMore, omitted: true)
    }

    package var report: Report {
        let verdict = "\(counted(count, "answer")) forgotten, on all instances within a second"
        guard let readers, !readers.readers.isEmpty else { return Report(.text(verdict)) }
        return Report(parts: [.table(Table(readers.readers))], verdict: verdict)
    }
}

extension CacheReader: RenderableObject {
    package static let shape = Shape<CacheReader> {
        Member("at", \.at, .column)
        Member("what", { $0.isStoring ? "stored" : "got" }, .column)
        Member("app", \.app, .column)
        Member("team", \.team, .column)
        Member("user", \.user, .column)
        Member("session", \.session, .column)
        Member("request_id", \.requestID)
        Member("event_id", \.event)
    }
}

/// What is stored under a key; its text is given to who asks the question.
extension CacheEntry: RenderableObject, Reportable {
    package static let shape = Shape<CacheEntry> {
        Member("key", \.key.digest, .column)
        Member("tier", \.hit.tier.rawValue, .column)
        Member("stale", \.hit.isStale)
        Member("scope", \.scope)
        Member("team", \.team, .column)
        Member("provider", \.hit.answer.provider)
        Member("model", \.hit.answer.model, .column)
        Member("content_type", \.hit.answer.contentType)
        Member("bytes", \.hit.answer.body.count, .column)
        Member("age_s", { $0.hit.answer.age(at: $0.at) }, .column)
        Member("stored_at", \.hit.answer.storedAt)
        Member("fresh_until", \.hit.answer.freshUntil, .column)
        Member("usable_until", \.hit.answer.usableUntil)
        Member("usage", \.hit.answer.usage.counts)
        Member("cost_usd", \.hit.answer.cost)
        Member("request_id", \.hit.answer.causeID)
        Member("tags", { $0.hit.answer.tags.map(\.string) })
        Member("template", \.hit.answer.template)
        Member("dependencies", { $0.hit.answer.dependencies.map(\.string) })
        Member("readers", \.readers.readers)
        Member("has_more_readers", \.readers.hasMore)
    }

    private var scope: String {
        if case .ledger = hit.answer.partition.scope { "ledger" } else { "team" }
    }

    private var team: Name? {
        if case .team(let team) = hit.answer.partition.scope { team } else { nil }
    }

    package var report: Report {
        Report(parts: [.table(Table([self]))] + CacheReader.parts(of: readers.readers))
    }
}

extension Usage {
    /// The counts that are set, by the names of their units; nil for none.
    fileprivate var counts: NamedValues<FixedPoint>? {
        if isEmpty { return nil }
        return NamedValues(
            units.map { ($0.name, FixedPoint(value($0), scale: $0.scale == 1 ? 0 : 6)) })
    }
}
