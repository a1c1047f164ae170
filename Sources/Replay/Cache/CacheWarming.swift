package import Caching
import EventStore
package import LedgerModel
package import Postgres
package import Pricing
import Synchronization

/// What a ledger's cache should be filled with before it is asked, from the requests of some days.
///
/// A hit is worth what the request cost; filling costs what the batch API takes, or the same as the
/// request where the book has no batch rate, and then nothing is gained.
package struct CacheWarming: Sendable {
    private let ledger: LedgerID
    private let pool: Pool
    private let prices: PriceSchedule

    package init(ledger: LedgerID, pool: Pool, prices: PriceSchedule) {
        self.ledger = ledger
        self.pool = pool
        self.prices = prices
    }

    package struct Wish: Sendable {
        package var budget: Picodollars
        package var secondsToLive = 86_400
        /// How far back requests are looked at.
        package var days = 14
        /// What a second of waiting is worth; zero counts money only.
        package var secondWorth = Picodollars.zero
        package var countMax = 1_000

        package static let daysMax = 92

        package init(budget: Picodollars) {
            self.budget = budget
        }
    }

    package func plan(
        _ wish: Wish, at now: Timestamp,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> WarmingReport {
        var history = ReplayedHistory(ledger: ledger, pool: pool, prices: prices)
        history.filter.since = now.advanced(
            byMicroseconds: -Int64(wish.days) * Timestamp.dayMicroseconds)
        history.filter.until = now
        let fold = Mutex(try WarmingFold(wish, prices))
        let position = try await WarmingFold.requests.read(history, progress: progress) {
            row, cost in
            try fold.withLock { try $0.take(row, cost: cost) }
        }
        return fold.withLock { $0.report(wish, at: now, position) }
    }
}

/// What to fill, and what was looked at.
package struct WarmingReport: Sendable {
    package let at: Timestamp
    package let position: Int64
    package let budget: Picodollars
    package let requests: Int64
    package let withoutHash: Int64
    package let withoutPrice: Int64
    /// Requests whose answers can only be had at their full price.
    package let withoutBatchRate: Int64
    package let plan: WarmingPlan
    package let entries: [Entry]

    package struct Entry: Sendable {
        package let hash: Digest
        package let app: Name?
        package let model: Name?
        package let planned: WarmingPlan.Entry
    }
}

struct WarmingFold: Sendable {
    private var model: WarmingModel
    private var rater: Rater
    private let secondWorth: Picodollars
    private var order = TimeOrder<PastAccess>()
    private var apps = NameTable()
    private var models = NameTable()
    private var known = RecentKeys<Known>()
    private var requests: Int64 = 0
    private var withoutHash: Int64 = 0
    private var withoutPrice: Int64 = 0
    private var withoutBatchRate: Int64 = 0

    /// What a key's last request was like.
    private struct Known: Sendable {
        var app: Int
        var model: Int
        var latency: Int64
    }

    static let requests = PastRequests(
        fields: [.requestHash, .app, .session, .latency] + EventColumns.pricing,
        kinds: [.requestCompleted, .cacheHit])

    init(_ wish: CacheWarming.Wish, _ prices: PriceSchedule) throws {
        model = try WarmingModel(secondsToLive: wish.secondsToLive)
        rater = Rater(prices)
        secondWorth = wish.secondWorth
    }

    mutating func take(_ row: EventRow, cost: PicodollarSum?) throws {
        requests += 1
        guard let bytes = row.text(.requestHash), let hash = Digest(bytes) else {
            withoutHash += 1
            return
        }
        guard let cost = cost.flatMap({ Int64(exactly: $0.amount) }) else {
            withoutPrice += 1
            return
        }
        let key = CacheKey(hash.words[0], hash.words[1], hash.words[2], hash.words[3])
        // How long a hit took says nothing of how long its answer takes otherwise.
        let latency =
            row.kind == .cacheHit ? known[key]?.latency ?? 0 : row.int64(.latency) ?? 0
        if apps.count >= NameTable.namesMax || models.count >= NameTable.namesMax {
            (apps, models, known) = (NameTable(), NameTable(), RecentKeys())
        }
        let app = apps.number(of: row.text(.app))
        known[key] = Known(
            app: app, model: models.number(of: row.text(.model)), latency: latency)
        let waiting = Double(secondWorth.amount) * Double(latency) / 1e6
        let access = PastAccess(
            time: row.occurredAt, app: Int32(truncatingIfNeeded: app),
            session: row.text(.session).map(Self.digest) ?? 0, key: key,
            worth: Picodollars(cost &+ (Int64(exactly: waiting.rounded()) ?? 0)),
            fill: try fill(row) ?? Picodollars(cost))
        if let next = order.add(access, at: access.time) { model.saw(next) }
    }

    /// What the batch API takes for the request; nil where it isn't cheaper or has no rate.
    private mutating func fill(_ row: EventRow) throws -> Picodollars? {
        func name(_ field: Field) -> Name? { row.text(field).map { Name($0.string) } }
        let rated: Rating
        do throws(RatingOverflow) {
            rated = try rater.rate(
                row.usage, provider: name(.provider), model: name(.model) ?? Name(""),
                serviceTier: "batch", region: name(.region), at: row.occurredAt
            ).rating
        } catch {
            throw ReplayError.overflow(request: row.eventID)
        }
        if rated.amount == nil { withoutBatchRate += 1 }
        return rated.amount
    }

    /// FNV-1a, never zero.
    private static func digest(_ text: UnsafeRawBufferPointer) -> UInt64 {
        max(1, text.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }

    mutating func report(
        _ wish: CacheWarming.Wish, at now: Timestamp, _ position: Int64
    ) -> WarmingReport {
        while let access = order.next() { model.saw(access) }
        let plan = model.plan(at: now, budget: wish.budget, countMax: wish.countMax)
        return WarmingReport(
            at: now, position: position, budget: wish.budget, requests: requests,
            withoutHash: withoutHash, withoutPrice: withoutPrice,
            withoutBatchRate: withoutBatchRate, plan: plan,
            entries: plan.entries.map { entry in
                let key = entry.key
                let facts = known[key]
                return WarmingReport.Entry(
                    hash: Digest(words: [key.first, key.second, key.third, key.fourth]),
                    app: facts.flatMap { apps.name($0.app) },
                    model: facts.flatMap { models.name($0.model) }, planned: entry)
            })
    }
}
