import Caching
package import LedgerModel
import Synchronization

// Invalidations, sweeping, and what left.

extension TieredCache {
    /// Makes answers unfit on all instances: here before it returns, elsewhere within a second.
    ///
    /// Answers whose fetching began before are not stored any more.
    ///
    /// - Throws: if the database does not take it; then nothing is invalidated for others.
    @discardableResult
    package func invalidate(
        _ selection: CacheSelection, ledger: LedgerID, at now: Timestamp
    ) async throws -> CacheInvalidation {
        let predicate = selection.predicate
        guard let pool = invalidations.database else {
            await beginAlone()
            let sequence = invalidations.recordHere(predicate, ledger, at: now)
            let count = removeHere([(predicate, ledger)])
            await syncDisk()
            return CacheInvalidation(sequence: sequence, count: count)
        }
        let here = removeHere([(predicate, ledger)])
        let sequence = try await invalidations.record(predicate, ledger, in: pool)
        try await catchUp(at: now)
        guard let shared else {
            try await invalidations.markSwept(sequence)
            return CacheInvalidation(sequence: sequence, count: here)
        }
        // If this fails, whoever cleans up next does it; nobody gives those answers out meanwhile.
        let removed = try? await shared.call {
            try await $0.remove(predicate, ledger: ledger, begunBefore: sequence)
        }
        if let removed {
            try await invalidations.markSwept(sequence)
            return CacheInvalidation(sequence: sequence, count: max(removed, here))
        }
        return CacheInvalidation(sequence: sequence, count: here)
    }

    /// Reads what was invalidated since the last look; `run` does this all the time.
    package func catchUp(at now: Timestamp) async throws {
        guard let news = try await invalidations.news() else { return await beginAlone() }
        await obey(news, told: nil, readAt: now)
    }

    func obey(_ news: Invalidations.News, told: Set<Int64>?, readAt: Timestamp) async {
        switch invalidations.absorb(news, told: told) {
        case .nothing: break
        case .obey(let records): _ = removeHere(records.map { ($0.predicate, $0.ledger) })
        case .drop: memory.removeAll { _, _ in true }
        }
        invalidations.heard(at: readAt)
        await syncDisk()
    }

    private func removeHere(_ meant: [(predicate: CachePredicate, ledger: LedgerID)]) -> Int {
        if meant.count == 1, let key = meant[0].predicate.key,
            meant[0].predicate == CachePredicate(key: key)
        {
            return memory.remove(key) ? 1 : 0
        }
        return memory.removeAll { key, kept in
            guard let opened = try? AnswerRecord.open(kept.body, isTrusted: true) else {
                return true
            }
            return meant.contains { predicate, ledger in
                opened.answer.partition.ledger == ledger
                    && predicate.matches(opened.answer, bytes: opened.bodyBytes, at: key)
            }
        }
    }

    // MARK: - The disk and invalidations

    /// Whether the disk obeys everything that this instance knows.
    var isDiskSure: Bool {
        guard disk != nil, let applied = invalidations.applied else { return false }
        return state.withLock { $0.diskSequence == applied }
    }

    /// Without a database, numbers go on from those that the disk knows.
    func beginAlone() async {
        guard !invalidations.hasDatabase, invalidations.applied == nil else { return }
        let known = try? await disk?.call { try await $0.sequence() }
        guard invalidations.applied == nil else { return }
        invalidations.begin(at: (known ?? nil) ?? 0)
        await syncDisk()
    }

    /// Lets the disk obey what became known since it last did; until then it is not asked.
    func syncDisk() async {
        guard let disk else { return }
        let isFirst = state.withLock { state in
            defer { state.isDiskBusy = true }
            return !state.isDiskBusy
        }
        guard isFirst else { return }
        defer { state.withLock { $0.isDiskBusy = false } }
        do {
            while let applied = invalidations.applied, !isDiskSure {
                var known = state.withLock { $0.diskSequence }
                if known == nil { known = try await disk.call { try await $0.sequence() } }
                guard let known else { return }
                if known == applied {
                    state.withLock { $0.diskSequence = applied }
                    continue
                }
                var records = invalidations.records(after: known)
                if records == nil {
                    records = try await invalidations.readBack(after: known, upTo: applied)
                }
                let isDone = try await disk.call { tier in
                    if let records {
                        try await tier.obey(records, upTo: applied)
                    } else {
                        try await tier.drop(upTo: applied)
                    }
                    return true
                }
                guard isDone == true else { return }
                state.withLock { $0.diskSequence = applied }
            }
        } catch {
            // The guard has counted it; the next look tries again.
            state.withLock { $0.diskSequence = nil }
        }
    }

    // MARK: - Sweeping

    static let thoroughPause: Duration = .seconds(60)
    static let tendingTerm: Duration = .seconds(50)

    /// Looks at memory, and once a minute removes what has expired or is too much.
    package func tend(at now: Timestamp) async {
        desk.expire(at: now)
        relievePressure()
        await syncDisk()
        let isThorough = state.withLock { state in
            if let due = state.sweepAt, now < due { return false }
            state.sweepAt = now.advanced(by: Self.thoroughPause)
            return true
        }
        if isThorough {
            memory.sweep(at: now)
            if !invalidations.hasDatabase { invalidations.closeHere(at: now) }
            if let sweep = await sweep(disk, at: now, isThorough: true) {
                state.withLock { state in
                    state.diskSize = (sweep.entries, sweep.bytes)
                    state.departures.add(sweep, in: .disk)
                }
            }
        }
        var isTender = false
        if isThorough {
            isTender = (try? await invalidations.claimTending(for: Self.tendingTerm)) ?? false
        }
        if isTender {
            // What fails is tried again in a minute, by whoever comes first.
            _ = try? await invalidations.tend { record in
                guard let shared else { return }
                let removed = try await shared.call {
                    try await $0.remove(
                        record.predicate, ledger: record.ledger, begunBefore: record.sequence)
                }
                if removed == nil { throw TierIsPaused() }
            }
        }
        if let sweep = await sweep(shared, at: now, isThorough: isTender) {
            state.withLock { state in
                state.sharedSize = (sweep.entries, sweep.bytes)
                state.departures.add(sweep, in: .shared)
            }
        }
    }

    private struct TierIsPaused: Error {}

    private func sweep<Tier: Sendable>(
        _ guarded: GuardedTier<Tier>?, at now: Timestamp, isThorough: Bool
    ) async -> TierSweep? {
        guard let guarded, !guarded.counts.isPaused || isThorough else { return nil }
        let sweep = try? await guarded.call { tier -> TierSweep? in
            guard let tier = tier as? any AnswerTier else { return nil }
            return try await tier.sweep(at: now, isThorough: isThorough)
        }
        guard let sweep = (sweep ?? nil) ?? nil else { return nil }
        guarded.count { $0.evicted += sweep.evicted.count }
        return sweep
    }

    private func relievePressure() {
        guard let reading = MemoryReading(readFile), reading.isShort else { return }
        memory.shrink(to: Int(Double(memory.counts.bytes) * MemoryReading.kept))
    }

    /// What left since the last call, by tier and reason.
    package func takeEvictions() -> [EvictionSummary] {
        let counts = memory.counts
        return state.withLock { $0.departures.take(memory: counts) }
    }
}

/// What left the tiers and was not told yet.
struct DepartureBook {
    private var sums: [CacheTier: [EvictionSummary.Reason: TierSweep.Departures]] = [:]
    private var told = CacheCounts()

    mutating func add(_ sweep: TierSweep, in tier: CacheTier) {
        sums[tier, default: [:]][.capacity, default: .init()].add(sweep.evicted)
        sums[tier, default: [:]][.expired, default: .init()].add(sweep.expired)
    }

    mutating func take(memory counts: CacheCounts) -> [EvictionSummary] {
        let ofMemory: [(EvictionSummary.Reason, CacheDepartures)] = [
            (.capacity, counts.leftForRoom - told.leftForRoom),
            (.expired, counts.leftExpired - told.leftExpired),
            (.pressure, counts.leftUnderPressure - told.leftUnderPressure),
        ]
        var summaries = ofMemory.map { reason, left in
            EvictionSummary(
                tier: .memory, reason: reason, count: left.count, bytes: left.bytes,
                unused: left.unused)
        }
        for tier in [CacheTier.disk, .shared] {
            for reason in EvictionSummary.Reason.allCases {
                guard let left = sums[tier]?[reason] else { continue }
                summaries.append(
                    EvictionSummary(
                        tier: tier, reason: reason, count: left.count, bytes: left.bytes,
                        unused: left.unused))
            }
        }
        sums = [:]
        told = counts
        return summaries.filter { $0.count > 0 }
    }
}
