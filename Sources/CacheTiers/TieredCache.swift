package import Caching
package import LedgerModel
package import Postgres
import Synchronization

/// Answers in memory, on disk and shared by all instances, behind one face.
///
/// Memory answers at once. The tiers below are asked for `lookupMax` at most, are left alone for a
/// while when they fail, and are written to behind the caller's back. With a database or a disk,
/// `run` or `catchUp` has to be called before anything is given out: see `Invalidations`.
package final class TieredCache: Sendable {
    package let configuration: CacheTiersConfiguration
    let clock: TierClock
    package let memory: ResponseCache
    let disk: GuardedTier<DiskTier>?
    let shared: GuardedTier<any SharingTier>?
    let diskWriter: TierWriter?
    let sharedWriter: TierWriter?
    let invalidations: Invalidations
    let desk: FillDesk
    let report: @Sendable (CacheNotice) -> Void
    let readFile: @Sendable (String) -> String?
    let state = Mutex(State())
    private let listening: PostgresConfiguration?

    struct State {
        /// The last invalidation that the disk obeys; nil before it was asked.
        var diskSequence: Int64?
        var isDiskBusy = false
        var departures = DepartureBook()
        var sweepAt: Timestamp?
        var memoryCounts = CacheTierCounts.Tier()
        var diskSize = (entries: 0, bytes: 0)
        var sharedSize = (entries: 0, bytes: 0)
    }

    /// A record that is larger stays in memory, and on disk.
    static let sharedRecordBytesMax = 8 << 20
    static let capacityMax = 1 << 44
    static let termMax: Duration = .seconds(600)

    /// - Parameters:
    ///   - pool: of the database of the ledgers. Without one there are no invalidations over
    ///     instances, and no shared tier in PostgreSQL.
    ///   - listening: for a connection of its own that listens; nil to look at times only, as
    ///     behind a pooler.
    ///   - now: the clock; its times are compared with those that callers give.
    ///   - pause: waits, and returns false if its task was cancelled meanwhile.
    ///   - readFile: the text of a file of the kernel that says how much memory there is.
    ///   - report: is told what belongs into the log.
    package init(
        _ configuration: CacheTiersConfiguration = CacheTiersConfiguration(), pool: Pool? = nil,
        listening: PostgresConfiguration? = nil, now: @escaping @Sendable () -> Timestamp,
        pause: @escaping @Sendable (Duration) async -> Bool = {
            (try? await Task.sleep(for: $0)) != nil
        },
        readFile: @escaping @Sendable (String) -> String? = { MemoryReading.file($0) },
        report: @escaping @Sendable (CacheNotice) -> Void = { _ in }
    ) throws {
        let configuration = try configuration.checked()
        let clock = TierClock(now: now, pause: pause)
        let invalidations = Invalidations(
            pool: pool, clock: clock, unheardMax: configuration.unheardMax, report: report)
        self.configuration = configuration
        self.clock = clock
        self.invalidations = invalidations
        self.listening = listening
        self.report = report
        self.readFile = readFile
        memory = try ResponseCache(
            capacity: configuration.memory.capacityBytes, policy: configuration.memory.policy)
        desk = FillDesk(clock: clock, waitersMax: configuration.waitersMax)
        let admits: @Sendable (TierEntry) -> Bool = { entry in
            invalidations.admits(
                entry.answer, bytes: entry.bodyBytes, at: entry.address, isArriving: true)
        }
        disk = Self.diskTier(configuration, admits: admits, clock: clock, report: report)
        shared = try Self.sharedTier(configuration, pool: pool, clock: clock, report: report)
        diskWriter = disk.map { Self.writer(to: $0, admits: admits) }
        sharedWriter = shared.map { Self.writer(to: $0, admits: admits) }
        if pool == nil, disk == nil { invalidations.begin(at: 0) }
    }

    /// Hears of invalidations, sweeps, and watches memory, until it is cancelled.
    package func run() async {
        await withTaskGroup(of: Void.self) { tasks in
            if invalidations.hasDatabase {
                let hearing = Hearing(
                    invalidations: invalidations, listening: listening,
                    pause: configuration.hearingPause, clock: clock,
                    obey: { await self.obey($0, told: $1, readAt: $2) })
                tasks.addTask { await hearing.run() }
            } else {
                tasks.addTask { await self.beginAlone() }
            }
            tasks.addTask {
                repeat {
                    await self.tend(at: self.clock.now())
                } while await self.clock.pause(self.configuration.sweepPause)
            }
        }
        await flush()
    }

    /// Waits until the tiers below have what was stored.
    package func flush() async {
        await diskWriter?.flush()
        await sharedWriter?.flush()
    }

    /// Closes files and connections of its own; nothing may be asked any more.
    package func close() async {
        await flush()
        await disk?.tier.close()
        await shared?.tier.close()
    }

    package func counts() -> CacheTierCounts {
        let (memoryCounts, diskSize, sharedSize) = state.withLock {
            ($0.memoryCounts, $0.diskSize, $0.sharedSize)
        }
        let cache = memory.counts
        var counts = CacheTierCounts()
        counts.memory = memoryCounts
        counts.memory.entries = cache.entries
        counts.memory.bytes = cache.bytes + cache.overheadBytes
        counts.memory.hits = cache.hits
        counts.memory.misses = cache.misses
        counts.memory.expired = cache.expired
        counts.memory.mismatched = cache.mismatched
        counts.memory.stored = cache.stored
        counts.memory.evicted = cache.evicted
        counts.disk = disk?.counts
        counts.disk?.entries = diskSize.entries
        counts.disk?.bytes = diskSize.bytes
        counts.shared = shared?.counts
        counts.shared?.entries = sharedSize.entries
        counts.shared?.bytes = sharedSize.bytes
        counts.fills = desk.counts
        counts.hearing = invalidations.counts
        return counts
    }
}

// MARK: - Making it

extension TieredCache {
    /// A disk that can't be used is reported, and done without.
    private static func diskTier(
        _ configuration: CacheTiersConfiguration, admits: @escaping @Sendable (TierEntry) -> Bool,
        clock: TierClock, report: @escaping @Sendable (CacheNotice) -> Void
    ) -> GuardedTier<DiskTier>? {
        guard let settings = configuration.disk else { return nil }
        do {
            let tier = try DiskTier(settings, admits: admits, report: report)
            return GuardedTier(tier, name: .disk, clock: clock, report: report)
        } catch {
            report(.diskUnusable(reason: "\(error)"))
            return nil
        }
    }

    private static func sharedTier(
        _ configuration: CacheTiersConfiguration, pool: Pool?, clock: TierClock,
        report: @escaping @Sendable (CacheNotice) -> Void
    ) throws(CacheTierFault) -> GuardedTier<any SharingTier>? {
        let tier: any SharingTier
        switch configuration.shared {
        case .none: return nil
        case .postgres(let bytes):
            guard let pool else { return nil }
            tier = PostgresTier(
                pool: pool, bytesPerLedger: bytes, lookupMax: configuration.lookupMax)
        case .redis(let address): tier = try RedisTier(address: address, now: clock.now)
        }
        return GuardedTier(tier, name: .shared, clock: clock, report: report)
    }

    private static func writer<Tier: Sendable>(
        to guarded: GuardedTier<Tier>, admits: @escaping @Sendable (TierEntry) -> Bool
    ) -> TierWriter {
        TierWriter { changes in
            let fit = changes.filter { change in
                if case .store(let entry) = change { admits(entry) } else { true }
            }
            let stored = fit.count { if case .store = $0 { true } else { false } }
            let isDone = await guarded.tryCall { tier in
                guard let tier = tier as? any AnswerTier else { return }
                try await tier.apply(fit)
            }
            guarded.count { counts in
                if isDone { counts.stored += stored } else { counts.dropped += stored }
            }
        } dropped: { count in
            guarded.count { $0.dropped += count }
        }
    }
}

extension CacheTiersConfiguration {
    /// Refuses sizes and times that make no sense.
    func checked() throws(CacheTierFault) -> CacheTiersConfiguration {
        if let disk {
            try Self.check(disk.capacityBytes, "disk", min: DiskTier.capacityMin)
        }
        if case .postgres(let bytes) = shared { try Self.check(bytes, "shared", min: 1 << 20) }
        let times: [(String, Duration, ClosedRange<Duration>)] = [
            ("lookupMax", lookupMax, .zero ... .seconds(30)),
            ("unheardMax", unheardMax ?? .seconds(1), .milliseconds(100) ... .seconds(3_600)),
            ("hearingPause", hearingPause, .milliseconds(10) ... .seconds(60)),
            ("sweepPause", sweepPause, .milliseconds(10) ... .seconds(60)),
        ]
        for (setting, time, bounds) in times where !bounds.contains(time) {
            throw .duration(setting: setting)
        }
        return self
    }

    private static func check(
        _ bytes: Int, _ setting: String, min: Int
    ) throws(CacheTierFault) {
        guard (min...TieredCache.capacityMax).contains(bytes) else {
            throw .capacity(setting: setting, bytes: bytes, min: min, max: TieredCache.capacityMax)
        }
    }
}
