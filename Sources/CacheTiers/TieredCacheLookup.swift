package import Caching
package import LedgerModel
import Synchronization

extension TieredCache {
    /// The answer to a request, from the nearest tier that has it; nearer ones get it as well.
    ///
    /// Takes as long as a look into memory, or `lookupMax` more.
    package func lookup(_ address: CacheAddress, at now: Timestamp) async -> TierFinding {
        guard invalidations.isSure(at: now) else { return .miss(.unsure) }
        let here = inMemory(address, at: now)
        guard case .miss(let reason) = here, disk != nil || shared != nil else { return here }
        let below = await below(address, at: now)
        // What memory knew of the entry says more than that the others don't have it.
        if case .miss(.absent) = below { return .miss(reason) }
        return below
    }

    /// What is stored under a key, for people who look at the cache; counts as no use.
    package func peek(
        _ key: CacheKey, ledger: LedgerID, at now: Timestamp
    ) async throws -> TierHit? {
        if let kept = memory.peek(key),
            let read = try? AnswerRecord.read(kept.body, isTrusted: true),
            read.answer.partition.ledger == ledger, read.answer.usableUntil > now
        {
            return hit(read.answer, .memory, at: now)
        }
        if let disk, isDiskSure,
            let record = try await disk.call({ try await $0.record(at: key, ledger: ledger) }),
            let answer = fit(record, key, ledger, at: now)
        {
            return hit(answer, .disk, at: now)
        }
        if let shared,
            let record = try await shared.call({ try await $0.record(at: key, ledger: ledger) }),
            let answer = fit(record, key, ledger, at: now)
        {
            return hit(answer, .shared, at: now)
        }
        return nil
    }

    private func fit(
        _ record: [UInt8]?, _ key: CacheKey, _ ledger: LedgerID, at now: Timestamp
    ) -> StoredAnswer? {
        guard let record, let read = try? AnswerRecord.read(record) else { return nil }
        let address = CacheAddress(ledger: ledger, key: key, check: read.check)
        guard case .hit(let answer) = judge(record, address, at: now) else { return nil }
        return answer
    }

    // MARK: - Memory

    func inMemory(_ address: CacheAddress, at now: Timestamp) -> TierFinding {
        switch memory.find(address.key, check: address.check, at: now) {
        case .absent: return .miss(.absent)
        case .expired: return .miss(.expired)
        case .mismatched: return .miss(.mismatched)
        case .hit(let kept):
            // It was read when it came, so this fails only if memory itself is damaged.
            guard let read = try? AnswerRecord.read(kept.body, isTrusted: true),
                read.key == address.key, read.answer.partition.ledger == address.ledger
            else {
                memory.remove(address.key)
                state.withLock { $0.memoryCounts.corrupt += 1 }
                return .miss(.corrupt)
            }
            return .hit(hit(read.answer, .memory, at: now))
        }
    }

    func hit(_ answer: StoredAnswer, _ tier: CacheTier, at now: Timestamp) -> TierHit {
        TierHit(answer: answer, tier: tier, isStale: answer.freshUntil <= now)
    }

    /// Puts an answer into memory, if it fits; returns the bytes of its record.
    @discardableResult
    func keep(_ answer: StoredAnswer, at address: CacheAddress) -> (bytes: Int, isKept: Bool) {
        let record = AnswerRecord(
            answer, at: address, compression: configuration.memory.compression)
        let kept = CachedAnswer(
            body: record.bytes, check: address.check, storedAt: answer.storedAt,
            expiresAt: answer.usableUntil)
        let isKept = (try? memory.store(kept, for: address.key, cost: answer.cost)) != nil
        // An invalidation is noted before memory is searched for what it means; so either that
        // search finds the answer, or this does.
        let isAdmitted = invalidations.admits(
            answer, bytes: answer.body.count, at: address, isArriving: false)
        if isKept, !isAdmitted { memory.remove(address.key) }
        return (record.bytes.count, isKept && isAdmitted)
    }

    // MARK: - Disk and shared

    /// Asks the tiers below memory, one after the other, for `lookupMax` together.
    func below(_ address: CacheAddress, at now: Timestamp) async -> TierFinding {
        var reason = CacheMissReason.absent
        if let disk, isDiskSure {
            // A disk answers in a fraction of a millisecond, or it is ill.
            let record = await disk.within(configuration.lookupMax / 4) {
                try await $0.record(at: address)
            }
            switch finding(record, address, in: disk, diskWriter, at: now) {
            case .hit(let answer):
                keep(answer, at: address)
                return .hit(hit(answer, .disk, at: now))
            case .miss(let why): reason = why
            }
        }
        guard let shared else { return .miss(reason) }
        let limit =
            disk == nil ? configuration.lookupMax : configuration.lookupMax * 3 / 4
        let record = await shared.within(limit) { try await $0.record(at: address) }
        switch finding(record, address, in: shared, sharedWriter, at: now) {
        case .hit(let answer):
            keep(answer, at: address)
            if isDiskSure { writeToDisk(answer, at: address) }
            return .hit(hit(answer, .shared, at: now))
        case .miss(let why):
            return .miss(why == .absent ? reason : why)
        }
    }

    enum Judgement {
        case hit(StoredAnswer)
        case miss(CacheMissReason)
    }

    /// What a tier gave, counted; damage is removed from it.
    private func finding<Tier: Sendable>(
        _ record: [UInt8]??, _ address: CacheAddress, in tier: GuardedTier<Tier>,
        _ writer: TierWriter?, at now: Timestamp
    ) -> Judgement {
        guard let record else { return .miss(.absent) }
        let judgement = record.map { judge($0, address, at: now) }
        tier.count { counts in
            switch judgement {
            case .hit: counts.hits += 1
            case nil: counts.misses += 1
            case .miss(let reason):
                counts.misses += 1
                switch reason {
                case .corrupt: counts.corrupt += 1
                case .expired: counts.expired += 1
                case .mismatched: counts.mismatched += 1
                case .absent, .unsure: counts.invalidated += 1
                }
            }
        }
        if case .miss(.corrupt) = judgement { writer?.add([.remove(address)]) }
        return judgement ?? .miss(.absent)
    }

    /// Reads a record from a tier; what an invalidation means is as if it were not there.
    func judge(_ record: [UInt8], _ address: CacheAddress, at now: Timestamp) -> Judgement {
        guard let read = try? AnswerRecord.read(record), read.key == address.key,
            read.answer.partition.ledger == address.ledger
        else { return .miss(.corrupt) }
        let answer = read.answer
        guard read.check == address.check else { return .miss(.mismatched) }
        guard answer.usableUntil > now else { return .miss(.expired) }
        let isAdmitted = invalidations.admits(
            answer, bytes: read.bodyBytes, at: address, isArriving: false)
        return isAdmitted ? .hit(answer) : .miss(.absent)
    }

    func writeToDisk(_ answer: StoredAnswer, at address: CacheAddress) {
        guard let diskWriter else { return }
        let entry = TierEntry(answer, at: address, compression: configuration.disk?.compression)
        let largest = (configuration.disk?.capacityBytes ?? 0) / 8
        guard entry.record.count <= largest else { return }
        diskWriter.add([.store(entry)])
    }
}
