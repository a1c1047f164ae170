import Booking
import CacheServing
import CacheTiers
import Foundation
import LedgerModel
import Logging
import Metrics
import ServiceLifecycle

/// The response cache as a service runs it.
struct ServiceCache: Service {
    let cache: ServedCache
    private let logger: Logger

    init(_ settings: Settings, of deployment: Deployment, logger: Logger) throws {
        let file = try settings.cacheSettings()
        let tiers = try TieredCache(
            file.tiers, pool: deployment.pool,
            // A pooler passes no notifications on.
            listening: settings.poolerURL == nil ? deployment.service : nil, now: { .now },
            report: { notice in
                logger.log(
                    level: notice.isWarning ? .warning : .info, "the response cache",
                    metadata: ["notice": "\(notice)"])
            })
        // Without embeddings by words alone, which needs nothing that is not here.
        let similar =
            file.rules.usesLikeness
            ? NearAnswers(
                embeddings: try settings.cacheEmbeddings.map {
                    try OptimizePrompt.embeddings(in: $0)
                },
                pool: deployment.pool) : nil
        cache = ServedCache(
            tiers: tiers, rules: file.rules, similar: similar, ledgers: deployment.ledgers,
            pool: deployment.pool,
            makeID: makeEventID, observe: Self.count)
        self.logger = logger
        Self.announce()
    }

    /// Hears of invalidations and sweeps, until the service stops.
    func run() async throws {
        try await cancelWhenGracefulShutdown { [cache, logger] in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await cache.tiers.run() }
                if let similar = cache.similar {
                    group.addTask {
                        do { try await similar.run() } catch  where !Task.isCancelled {
                            logger.warning(
                                "what was learnt about similar questions is not written",
                                metadata: ["error": "\(error)"])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Writes what is left, once no caller can add to it.
    func finish(evictionsIn ledger: LedgerID?) async {
        await cache.tiers.close()
        do { try await cache.writeJournal(evictionsIn: ledger, at: .now) } catch {
            logger.warning(
                "events of the cache are lost",
                metadata: ["events": "\(cache.journal.waiting)", "error": "\(error)"])
        }
    }

    // MARK: Metrics

    @Sendable private static func count(_ observation: CacheObservation) {
        switch observation {
        case .lookup(let outcome, let tier):
            add(
                1, to: "tally_cache_lookups_total",
                [("outcome", outcome.rawValue), ("tier", tier?.rawValue ?? "none")])
        case .answer(let skip):
            add(1, to: "tally_cache_answers_total", [("outcome", skip?.word ?? "stored")])
        case .evicted(let summary):
            add(
                summary.count, to: "tally_cache_evicted_total",
                [("tier", summary.tier.rawValue), ("reason", summary.reason.rawValue)])
        case .dropped(let count): add(count, to: "tally_cache_events_dropped_total", [])
        }
    }

    /// Makes the series that can be known before anything happens.
    private static func announce() {
        for tier in CacheTier.allCases {
            for outcome in [CacheLookup.Outcome.hit, .stale] {
                add(
                    0, to: "tally_cache_lookups_total",
                    [("outcome", outcome.rawValue), ("tier", tier.rawValue)])
            }
            for reason in EvictionSummary.Reason.allCases {
                add(
                    0, to: "tally_cache_evicted_total",
                    [("tier", tier.rawValue), ("reason", reason.rawValue)])
            }
        }
        for outcome in [CacheLookup.Outcome.miss, .refused] {
            add(
                0, to: "tally_cache_lookups_total",
                [("outcome", outcome.rawValue), ("tier", "none")])
        }
        add(0, to: "tally_cache_answers_total", [("outcome", "stored")])
        add(0, to: "tally_cache_events_dropped_total", [])
    }

    private static func add(_ count: Int, to label: String, _ dimensions: [(String, String)]) {
        Counter(label: label, dimensions: dimensions).increment(by: count)
    }

    /// Entries and bytes of each tier, and what waits for it.
    func measure() {
        let counts = cache.tiers.counts()
        let tiers: [(CacheTier, CacheTierCounts.Tier?)] = [
            (.memory, counts.memory), (.disk, counts.disk), (.shared, counts.shared),
        ]
        for (tier, counts) in tiers {
            guard let counts else { continue }
            let labels = [("tier", tier.rawValue)]
            Gauge(label: "tally_cache_entries", dimensions: labels).record(counts.entries)
            Gauge(label: "tally_cache_bytes", dimensions: labels).record(counts.bytes)
            Gauge(label: "tally_cache_paused", dimensions: labels)
                .record(counts.isPaused ? 1 : 0)
        }
        Gauge(label: "tally_cache_fills_waiting").record(counts.fills.waiting)
    }
}

extension Settings {
    /// The file of the cache, with the address of its Redis server.
    func cacheSettings() throws -> CacheSettings {
        guard let cacheFile else { return .standard }
        let text = try readText(cacheFile, "the file of the cache")
        do {
            return try CacheFile.read(text).resolved(ProcessInfo.processInfo.environment)
        } catch {
            throw InputRefused("the file of the cache \(cacheFile): \(error)")
        }
    }
}

extension CacheSettings {
    /// The settings with what only the environment knows.
    func resolved(_ environment: [String: String]) throws -> CacheSettings {
        guard let variable = redisVariable else { return self }
        guard let address = environment[variable], !address.isEmpty else {
            throw InputRefused("redis_env names \(variable), which is not set")
        }
        var settings = self
        settings.tiers.shared = .redis(address: address)
        return settings
    }
}
