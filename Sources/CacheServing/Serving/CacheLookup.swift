package import CacheTiers
package import Caching
package import LedgerModel

/// What became of a question.
package struct CacheLookup: Sendable {
    package enum Outcome: String, CaseIterable, Sendable {
        case hit
        /// Past its time: to be used, and to be fetched anew by whoever has the turn.
        case stale
        case miss
        /// The cache is left out; `skip` says why.
        case refused
    }

    package let outcome: Outcome
    package let asked: AskedQuestion
    package let at: Timestamp
    /// Of a miss.
    package var reason: MissReason?
    package var skip: CacheSkip?
    package var answer: ServedAnswer?
    package var turn: Turn?

    /// Who is to fetch the answer.
    package enum Turn: Sendable {
        /// The caller: store it with the token, which is lost at the end of its term.
        case yours(FillToken)
        /// Somebody else, until then at the latest; or fetch it as well, without a turn.
        case elsewhere(until: Timestamp)
    }

    package var key: CacheKey { asked.key }
}

/// An answer in the form that was asked for.
package struct ServedAnswer: Sendable {
    package let body: [UInt8]
    package let contentType: String
    package let stored: StoredAnswer
    package let tier: CacheTier
    /// Nil for the answer to the very question.
    package let near: NearFinding?
    /// The `cache.hit`.
    package let event: EventID
}

extension ServedCache {
    /// How long a turn lasts unless its caller says otherwise, in seconds; and at most.
    package static let turnSeconds: Int64 = 60
    package static let turnSecondsMax: Int64 = 600
    /// How long a look-up waits for somebody else's answer at most, in milliseconds.
    package static let waitMillisecondsMax: Int64 = 30_000

    /// Looks an answer up; the hit is booked before it is given.
    ///
    /// - Parameters:
    ///   - turn: how long the caller may take to fetch a missing answer; nil if it won't.
    ///   - waiting: how long to wait if somebody else fetches it already.
    package func lookup(
        _ question: CacheQuestion, turn: Duration? = .seconds(turnSeconds),
        waiting: Duration = .zero, at now: Timestamp
    ) async throws -> CacheLookup {
        let asked = try ask(question)
        let found = try await look(asked, turn: turn, waiting: waiting, at: now)
        observe(.lookup(found.outcome, found.answer?.tier))
        return found
    }

    private func look(
        _ asked: AskedQuestion, turn: Duration?, waiting: Duration, at now: Timestamp
    ) async throws -> CacheLookup {
        let start = ContinuousClock.now
        guard asked.decision.mayRead else {
            let reason: MissReason =
                asked.reason == nil || asked.reason == .asked
                ? .refused : .notCacheable
            note(reason, of: asked, nil, at: now)
            let outcome: CacheLookup.Outcome = asked.reason == nil ? .miss : .refused
            return CacheLookup(
                outcome: outcome, asked: asked, at: now, reason: reason, skip: asked.reason)
        }
        var reason: MissReason
        switch await tiers.lookup(asked.address, at: now) {
        case .hit(let hit):
            if let refusal = asked.accepts(hit.answer, at: now) {
                reason = refusal
            } else if let found = try await serve(hit, asked, turn: turn, since: start, at: now) {
                return found
            } else {
                reason = .corrupt
            }
        case .miss(let why): reason = MissReason(why)
        }
        // Whoever is not sure of what was forgotten, or does not want what there is, gets nothing.
        let isMissing = reason == .absent || reason == .expired || reason == .corrupt
        let near = isMissing ? await similar(to: asked, at: now) : nil
        if let near, let hit = near.hit,
            let found = try await serve(
                hit, asked, near: near.finding, turn: nil, since: start, at: now)
        {
            return found
        }
        if isMissing, let turn, asked.decision.mayStore, !asked.decision.onlyIfCached {
            switch await fill(asked, turn, waiting, at: now) {
            case .stored(let hit):
                if asked.accepts(hit.answer, at: now) == nil,
                    let found = try await serve(hit, asked, turn: nil, since: start, at: now)
                {
                    return found
                }
                reason = .corrupt
            case .turn(let turn):
                note(reason, of: asked, near?.finding, at: now)
                return CacheLookup(
                    outcome: .miss, asked: asked, at: now, reason: reason, turn: turn)
            }
        }
        note(reason, of: asked, near?.finding, at: now)
        return CacheLookup(outcome: .miss, asked: asked, at: now, reason: reason)
    }

    private func note(
        _ reason: MissReason, of asked: AskedQuestion, _ near: NearFinding?, at now: Timestamp
    ) {
        journal.note(
            events.miss(reason, of: asked, near: near, at: now), in: asked.question.ledger)
    }

    // MARK: Serving

    /// Gives a stored answer in the form of the question; nil if nothing can be made of it.
    private func serve(
        _ hit: TierHit, _ asked: AskedQuestion, near: NearFinding? = nil, turn: Duration?,
        since start: ContinuousClock.Instant, at now: Timestamp
    ) async throws -> CacheLookup? {
        let (stored, form) = (hit.answer, asked.question.form)
        let body: [UInt8]
        do {
            body = try AnswerReplay.body(
                stored.body, contentType: stored.contentType, of: asked.question.dialect,
                as: form, usage: stored.usage)
        } catch {
            return nil
        }
        let latency = (ContinuousClock.now - start) / .microseconds(1)
        let event = events.hit(hit, of: asked, near: near, latency: Int64(latency), at: now)
        try await book(event, in: asked.question.ledger)
        let answer = ServedAnswer(
            body: body,
            contentType: asked.question.dialect.shape == nil
                ? stored.contentType : form.contentType, stored: stored, tier: hit.tier,
            near: near, event: event.id)
        var found = CacheLookup(
            outcome: hit.isStale ? .stale : .hit, asked: asked, at: now, answer: answer)
        if hit.isStale, let turn, asked.decision.mayStore, !asked.decision.onlyIfCached,
            case .yours(let token) = await tiers.fill(asked.address, for: turn, at: now)
        {
            found.turn = .yours(token)
        }
        return found
    }

    private enum Filling {
        case stored(TierHit)
        case turn(CacheLookup.Turn)
    }

    /// Gets the caller a turn, or somebody else's answer if that comes in time.
    private func fill(
        _ asked: AskedQuestion, _ turn: Duration, _ waiting: Duration, at now: Timestamp
    ) async -> Filling {
        let end = now.advanced(byMicroseconds: Int64(waiting / .microseconds(1)))
        // A turn that was given back is asked for once more; then the caller knows enough.
        for attempt in 0..<2 {
            switch await tiers.fill(asked.address, for: turn, at: now) {
            case .yours(let token): return .turn(.yours(token))
            case .stored(let hit): return .stored(hit)
            case .elsewhere(let until):
                guard waiting > .zero, attempt == 0 else {
                    return .turn(.elsewhere(until: until))
                }
                switch await tiers.wait(for: asked.address, until: min(end, until)) {
                case .stored(let hit): return .stored(hit)
                case .free: continue
                case .timedOut, .tooMany: return .turn(.elsewhere(until: until))
                }
            }
        }
        return .turn(.elsewhere(until: end))
    }

    // MARK: Similar questions

    /// What a similar question's answer would be, and the answer if it may be given.
    private func similar(
        to asked: AskedQuestion, at now: Timestamp
    ) async -> (finding: NearFinding, hit: TierHit?)? {
        guard let similar, let question = asked.near,
            let finding = await similar.find(question, asked.rule.near, at: now)
        else { return nil }
        guard finding.serve else { return (finding, nil) }
        let address = CacheAddress(
            ledger: asked.question.ledger, key: finding.neighbour, check: finding.neighbourCheck)
        let found = await tiers.lookup(address, at: now)
        guard case .hit(let hit) = found else {
            if found != .miss(.unsure) { await similar.forget([finding.neighbour]) }
            return (finding, nil)
        }
        // What is past its time is given to the very question only.
        let fits = !hit.isStale && asked.accepts(hit.answer, at: now) == nil
        return (finding, fits ? hit : nil)
    }
}
