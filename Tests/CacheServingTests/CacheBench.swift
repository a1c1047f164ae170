import Access
import Booking
import CacheServing
import CacheTiers
import Caching
import EventStore
import Foundation
import JSON
import LedgerModel
import LedgerTesting
import Postgres
import PriceBooks
import Pricing
import StoreTesting
import Synchronization
import Testing

/// A ledger, and some instances of the cache over its database.
struct CacheBench: Sendable {
    let caches: [ServedCache]
    let ledger: PostgresLedger
    let registries: [LedgerRegistry]
    /// Another ledger of the same database.
    let other: LedgerID
    let now: Timestamp
    let observed: Told

    var cache: ServedCache { caches[0] }

    static func with(
        _ count: Int = 1, rules: [CacheRule] = [],
        _ body: @Sendable (CacheBench) async throws -> Void
    ) async throws {
        let random = Mutex(SeededGenerator(seed: testSeed()))
        let now = Timestamp(unixMicroseconds: Int64(Date.now.timeIntervalSince1970 * 1_000_000))
        let makeID = { @Sendable in
            random.withLock { EventID(at: now, entropy: ($0.next(), $0.next())) }
        }
        let observed = Told()
        try await LedgerDatabase.withScratch { database in
            let pool = Pool(database.asService, size: 8)
            let directory = LedgerDirectory(pool: pool)
            let (id, other) = (try await directory.create("main"), try await directory.create("b"))
            var (caches, registries) = ([ServedCache](), [LedgerRegistry]())
            for number in 0..<count {
                let registry = LedgerRegistry(pool: pool, makeID: makeID)
                if number == 0 {
                    try await registry.openLedger(id).publishDefaultPrices(
                        on: PriceBookStore(pool: pool), at: now, makeID())
                }
                var tiers = CacheTiersConfiguration()
                tiers.memory.capacityBytes = 4 << 20
                tiers.unheardMax = nil
                // A busy machine is no reason to do without the shared tier.
                tiers.lookupMax = .seconds(1)
                let tiered = try TieredCache(tiers, pool: pool, now: { now })
                try await tiered.catchUp(at: now)
                caches.append(
                    ServedCache(
                        tiers: tiered,
                        rules: CacheRules(rules), ledgers: registry, pool: pool, makeID: makeID,
                        observe: { observed.note("\($0)") }))
                registries.append(registry)
            }
            try await body(
                CacheBench(
                    caches: caches, ledger: try await registries[0].openLedger(id).store,
                    registries: registries, other: other, now: now, observed: observed))
            for cache in caches { await cache.tiers.close() }
            for registry in registries { await registry.close() }
            await pool.close()
        }
    }

    /// A question that is the same for the same words.
    func question(
        _ request: String = #"{"model":"gpt-4o-mini","temperature":0,"messages":[]}"#,
        _ dialect: RequestDialect = .chatCompletions, team: Name? = "growth", app: Name = "search",
        user: Name = "u-1", says words: String? = nil, cacheControl: String? = nil,
        in ledger: LedgerID? = nil
    ) throws -> CacheQuestion {
        var dimensions: Dimensions = [.app: app, .user: user, .provider: "openai"]
        dimensions[.team] = team
        return CacheQuestion(
            try JSONTree(parsing: request.utf8), of: dialect, in: ledger ?? self.ledger.id,
            dimensions: dimensions,
            directives: try CacheDirectives(cacheControl: cacheControl, tallyCache: words))
    }

    /// The events of some kinds, in order.
    func events(_ kinds: EventKind...) async throws -> [Event] {
        try await ledger.events(after: 0, limit: 1_000).map(\.event)
            .filter { kinds.contains($0.kind) }
    }

    func later(_ seconds: Int64) -> Timestamp {
        now.advanced(byMicroseconds: seconds * 1_000_000)
    }
}

/// What was told, from any task.
final class Told: Sendable {
    private let texts = Mutex<[String]>([])

    func note(_ text: String) { texts.withLock { $0.append(text) } }
    var all: [String] { texts.withLock { $0 } }
}

extension ReceivedAnswer {
    /// A recorded answer, as a whole or as its stream.
    init(_ answer: RecordedAnswer, asStream: Bool = false) {
        self.init(body: Array((asStream ? answer.stream : answer.whole).utf8))
        if asStream { contentType = "text/event-stream" }
    }
}
