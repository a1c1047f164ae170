import Caching
package import LedgerModel

extension TieredCache {
    /// Keeps an answer, in memory at once and in the tiers below soon, and wakes those who wait.
    ///
    /// Keeps nothing, and says so, before it has heard of invalidations for the first time.
    ///
    /// - Parameter fill: the turn that it ends; without one the answer counts as begun now.
    @discardableResult
    package func store(
        _ answer: StoredAnswer, for address: CacheAddress, fill: FillToken? = nil,
        at now: Timestamp
    ) async throws(CacheTierFault) -> CacheReceipt {
        do {
            return try kept(answer, for: address, fill: fill, at: now)
        } catch {
            if let fill { endFill(address, fill) }
            throw error
        }
    }

    private func kept(
        _ answer: StoredAnswer, for address: CacheAddress, fill: FillToken?, at now: Timestamp
    ) throws(CacheTierFault) -> CacheReceipt {
        try answer.validate()
        guard answer.partition.ledger == address.ledger else { throw .foreignLedger }
        guard answer.usableUntil > now else { throw .timeToLive }
        guard let applied = invalidations.applied else {
            if let fill { endFill(address, fill) }
            return CacheReceipt(bytes: 0, tiers: [])
        }
        var answer = answer
        answer.sequence = min(fill?.sequence ?? applied, applied)
        let bytes = answer.body.count
        guard invalidations.admits(answer, bytes: bytes, at: address, isArriving: true) else {
            throw .overtaken
        }
        let (recordBytes, isKept) = keep(answer, at: address)
        var tiers: [CacheTier] = isKept ? [.memory] : []
        if disk != nil, recordBytes <= (configuration.disk?.capacityBytes ?? 0) / 8 {
            writeToDisk(answer, at: address)
            tiers.append(.disk)
        }
        tiers += share(answer, at: address, fill: fill)
        desk.end(address, .stored(hit(answer, .memory, at: now)))
        guard !tiers.isEmpty else { throw .answerTooLarge(bytes: bytes, max: largest) }
        return CacheReceipt(bytes: recordBytes, tiers: tiers)
    }

    /// A turn ends in the shared tier after its answer is there, so whoever gets the next one sees
    /// it.
    private func share(
        _ answer: StoredAnswer, at address: CacheAddress, fill: FillToken?
    ) -> [CacheTier] {
        guard let sharedWriter else { return [] }
        let entry = TierEntry(answer, at: address, compression: .standard)
        let fits = entry.record.count <= Self.sharedRecordBytesMax
        let stored: [TierChange] = fits ? [.store(entry)] : []
        let ended: [TierChange] = fill.map { [.endFill(address, id: $0.id)] } ?? []
        if fits || fill != nil { sharedWriter.add(stored + ended) }
        return fits ? [.shared] : []
    }

    private var largest: Int {
        max(
            configuration.memory.capacityBytes / 16,
            shared == nil ? 0 : Self.sharedRecordBytesMax)
    }

    // MARK: - Turns

    /// Asks for the turn to fetch an answer: one caller of all instances gets it.
    ///
    /// If the shared tier can't be asked, one caller of this instance does.
    ///
    /// - Parameter term: after which the turn is lost; a millisecond to 10 minutes.
    package func fill(
        _ address: CacheAddress, for term: Duration, at now: Timestamp
    ) async -> FillTurn {
        let term = min(max(term, .milliseconds(1)), Self.termMax)
        let sequence = invalidations.applied ?? 0
        let token = FillToken(
            id: Int64.random(in: 1...Int64.max), sequence: sequence, until: now.advanced(by: term))
        switch desk.begin(address, id: token.id, until: token.until, at: now) {
        case .taken(let until): return .elsewhere(until: until)
        case .given: break
        }
        // It may have come between the caller's look and his turn.
        if let fresh = fresh(at: address, now) {
            desk.end(address, id: token.id, .stored(fresh))
            return .stored(fresh)
        }
        guard let shared else { return .yours(token) }
        let claim = await shared.within(configuration.lookupMax) {
            try await $0.claim(address, id: token.id, term: term)
        }
        switch claim {
        case nil, .given(found: nil): return .yours(token)
        case .taken(let left):
            let until = now.advanced(by: left)
            desk.isElsewhere(address, id: token.id, until: until)
            return .elsewhere(until: until)
        case .given(let record?):
            guard invalidations.isSure(at: now),
                case .hit(let answer) = judge(record, address, at: now), answer.freshUntil > now
            else { return .yours(token) }
            keep(answer, at: address)
            let found = hit(answer, .shared, at: now)
            sharedWriter?.add([.endFill(address, id: token.id)])
            desk.end(address, id: token.id, .stored(found))
            return .stored(found)
        }
    }

    /// A fresh answer in memory, without counting a look.
    private func fresh(at address: CacheAddress, _ now: Timestamp) -> TierHit? {
        guard invalidations.isSure(at: now), let kept = memory.peek(address.key),
            kept.check == address.check, kept.expiresAt > now,
            let read = try? AnswerRecord.read(kept.body, isTrusted: true),
            read.answer.freshUntil > now
        else { return nil }
        return hit(read.answer, .memory, at: now)
    }

    /// Waits for an answer that somebody else fetches.
    ///
    /// A cancelled task stops waiting, which counts as `timedOut`.
    package func wait(for address: CacheAddress, until: Timestamp) async -> FillWait {
        let outcome = await desk.wait(for: address, until: until) { await self.watch() }
        if let outcome { return outcome }
        // The turn ended before anybody could wait for it.
        return fresh(at: address, clock.now()).map { .stored($0) } ?? .free
    }

    /// Gives a turn back without an answer; those who wait may ask for it.
    package func endFill(_ address: CacheAddress, _ token: FillToken) {
        sharedWriter?.add([.endFill(address, id: token.id)])
        desk.end(address, id: token.id, .free)
    }

    /// Looks after turns of other instances as long as somebody here waits for one.
    private func watch() async {
        var pause = Self.watchFirst
        while await clock.pause(pause) {
            let addresses = desk.awaitedElsewhere()
            if addresses.isEmpty { return }
            await look(after: addresses)
            pause = min(pause * 2, Self.watchMax)
        }
        // Cancelled: waiters have their own ends.
    }

    static let watchFirst: Duration = .milliseconds(10)
    static let watchMax: Duration = .milliseconds(160)
    private static let watchedAtOnce = 512

    func look(after addresses: [CacheAddress]) async {
        guard let shared else { return }
        for start in stride(from: 0, to: addresses.count, by: Self.watchedAtOnce) {
            let some = Array(addresses[start..<min(start + Self.watchedAtOnce, addresses.count)])
            let turns = await shared.within(.seconds(1)) { try await $0.turns(at: some) }
            let now = clock.now()
            guard let turns, turns.count == some.count else {
                desk.expire(at: now)
                continue
            }
            for (address, left) in zip(some, turns) {
                if let left {
                    desk.extend(address, until: now.advanced(by: left))
                } else {
                    await take(address)
                }
            }
        }
    }

    /// A turn elsewhere is over: with an answer, or for somebody here to take.
    private func take(_ address: CacheAddress) async {
        let now = clock.now()
        guard invalidations.isSure(at: now),
            case .hit(let found) = await below(address, at: now), !found.isStale
        else { return desk.end(address, .free) }
        desk.end(address, .stored(found))
    }
}
