package import CacheTiers
package import Caching
package import LedgerModel

/// The events of the cache; docs/events.md says what each tells.
struct CacheEvents: Sendable {
    let makeID: @Sendable () -> EventID

    private func event(
        _ kind: EventKind, _ facts: [(Name, String)], at now: Timestamp
    ) -> Event {
        var event = Event(id: makeID(), kind: kind, occurredAt: now)
        let bounded = facts.map { (key: $0.0, value: Name(Self.cut($0.1))) }
        // Facts are few and short, so they fit; one that did not would cost only itself.
        event.detail = try? Labels(bounded)
        return event
    }

    private static let factBytesMax = 256

    /// A text within the bounds of what an event may have; without NUL.
    private static func cut(_ text: String) -> String {
        let clean = text.utf8.contains(0) ? text.filter { $0 != "\0" } : text
        guard clean.utf8.count > factBytesMax else { return clean }
        var scalars = String.UnicodeScalarView()
        var bytes = 0
        for scalar in clean.unicodeScalars {
            bytes += UTF8.width(scalar)
            if bytes > factBytesMax - 3 { break }
            scalars.append(scalar)
        }
        return String(scalars) + "…"
    }

    private func event(
        _ kind: EventKind, of asked: AskedQuestion, _ facts: [(Name, String)], at now: Timestamp
    ) -> Event {
        var event = event(kind, facts, at: now)
        event.requestHash = asked.key.digest
        event.dimensions = asked.question.dimensions
        if event.dimensions[.operation] == nil {
            event.dimensions[.operation] = asked.question.dialect.operation
        }
        if event.dimensions[.model] == nil, Self.isName(asked.request.model) {
            event.dimensions[.model] = Name(asked.request.model)
        }
        return event
    }

    private static func isName(_ text: String) -> Bool {
        (1...Dimensions.valueBytesMax).contains(text.utf8.count) && !text.utf8.contains(0)
    }

    /// - Parameters:
    ///   - latency: of the look-up, in microseconds.
    ///   - near: the similar question whose answer it is; nil for the very question.
    func hit(
        _ hit: TierHit, of asked: AskedQuestion, near: NearFinding?, latency: Int64,
        at now: Timestamp
    ) -> Event {
        let answer = hit.answer
        var facts: [(Name, String)] = [
            ("tier", hit.tier.rawValue), ("bytes", String(answer.body.count)),
            ("age_s", String(answer.age(at: now))),
        ]
        if hit.isStale { facts.append(("stale", "yes")) }
        if let near { facts += Self.facts(of: near) + [("match", near.match.rawValue)] }
        var event = event(.cacheHit, of: asked, facts, at: now)
        event.dimensions[.provider] = answer.provider ?? event.dimensions[.provider]
        event.dimensions[.model] = answer.model ?? event.dimensions[.model]
        event.usage = answer.usage
        event.causeID = answer.causeID
        event.latency = latency
        return event
    }

    func miss(
        _ reason: MissReason, of asked: AskedQuestion, near: NearFinding?, at now: Timestamp
    ) -> Event {
        var facts: [(Name, String)] = [("reason", reason.rawValue)]
        if let near { facts += Self.facts(of: near) + [("near_match", near.match.rawValue)] }
        return event(.cacheMiss, of: asked, facts, at: now)
    }

    private static func facts(of near: NearFinding) -> [(Name, String)] {
        [
            ("near_hash", near.neighbour.digest.description),
            ("near_score", String((near.score * 10_000).rounded() / 10_000)),
        ]
    }

    func stored(
        _ answer: StoredAnswer, _ receipt: CacheReceipt, of asked: AskedQuestion, at now: Timestamp
    ) -> Event {
        let seconds = (answer.freshUntil.microseconds - now.microseconds) / 1_000_000
        var event = event(
            .cacheStored, of: asked,
            [
                ("tier", receipt.tiers.first?.rawValue ?? ""),
                ("bytes", String(answer.body.count)), ("ttl_s", String(seconds)),
            ], at: now)
        event.dimensions[.provider] = answer.provider ?? event.dimensions[.provider]
        event.dimensions[.model] = answer.model ?? event.dimensions[.model]
        event.usage = answer.usage
        event.causeID = answer.causeID
        return event
    }

    func evicted(_ summary: EvictionSummary, at now: Timestamp) -> Event {
        event(
            .cacheEvicted,
            [
                ("tier", summary.tier.rawValue), ("count", String(summary.count)),
                ("bytes", String(summary.bytes)), ("unused", String(summary.unused)),
                ("reason", summary.reason.rawValue),
            ], at: now)
    }

    func invalidated(
        _ wish: CacheInvalidationWish, _ done: CacheInvalidation, at now: Timestamp
    ) -> Event {
        var facts: [(Name, String)] = [
            ("by", wish.selection.kind.rawValue), ("count", String(done.count)),
            ("actor", wish.actor),
        ]
        if let value = wish.value { facts.append(("value", value)) }
        if let reason = wish.reason { facts.append(("reason", reason)) }
        var event = event(.cacheInvalidated, facts, at: now)
        event.requestHash = wish.selection.predicate.key?.digest
        return event
    }
}

extension StoredAnswer {
    /// In whole seconds.
    package func age(at now: Timestamp) -> Int64 {
        max(0, (now.microseconds - storedAt.microseconds) / 1_000_000)
    }
}

extension RequestDialect {
    /// In the words of OpenTelemetry.
    package var operation: Name {
        switch self {
        case .chatCompletions, .responses, .messages: "chat"
        case .completions: "text_completion"
        case .embeddings: "embeddings"
        }
    }
}
