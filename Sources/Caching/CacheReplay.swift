package import LedgerModel

/// What a cache would have saved: requests of the past, in their order, against an empty cache.
///
/// The same order decides as in the live cache, shards apart, so it gives what the live cache would
/// have given to exactly repeated requests.
package struct CacheReplay {
    private var engine: EvictionEngine
    private var expiry: [Timestamp] = []
    private let secondsToLive: Int
    package private(set) var sums = Sums()

    /// A request that may be repeated.
    package struct Request: Sendable {
        package let time: Timestamp
        /// Equal for requests that ask the same.
        package let key: CacheKey
        /// Of the answer.
        package let bytes: Int
        /// What it was charged; nil without a price.
        package let cost: Picodollars?

        package init(time: Timestamp, key: CacheKey, bytes: Int, cost: Picodollars?) {
            self.time = time
            self.key = key
            self.bytes = bytes
            self.cost = cost
        }
    }

    package struct Sums: Sendable, Equatable {
        package var requests: Int64 = 0
        package var hits: Int64 = 0
        /// What the requests that hit were charged: it would not have been spent.
        package var avoided = PicodollarSum.zero
        package var spent = PicodollarSum.zero
        /// Hits without a price, whose saving is unknown.
        package var hitsUnpriced: Int64 = 0
        package var bytesServed: Int64 = 0
        package var evicted: Int64 = 0
        package var expired: Int64 = 0
        /// Answers larger than the cache.
        package var tooLarge: Int64 = 0

        package init() {}
    }

    package init(
        capacity: Int, policy: PolicyName = .adaptive, secondsToLive: Int
    ) throws(CacheFault) {
        guard (ResponseCache.capacityMin...ResponseCache.capacityMax).contains(capacity) else {
            throw .capacity(bytes: capacity)
        }
        self.secondsToLive = try TimeToLive.checked(secondsToLive)
        engine = EvictionEngine(policy, capacity: capacity)
    }

    /// Takes the next request; returns whether it would have hit.
    @discardableResult
    package mutating func take(_ request: Request) -> Bool {
        sums.requests += 1
        if let cost = request.cost { sums.spent += cost }
        if let slot = engine.access(request.key) {
            if expiry[Int(slot)] > request.time {
                sums.hits += 1
                sums.bytesServed += Int64(request.bytes)
                if let cost = request.cost { sums.avoided += cost } else { sums.hitsUnpriced += 1 }
                return true
            }
            sums.expired += 1
            engine.remove(slot)
        }
        let bytes = request.bytes + ResponseCache.entryOverhead
        guard bytes <= engine.core.capacity, bytes <= Int(UInt32.max) else {
            sums.tooLarge += 1
            return false
        }
        let slot = Int(
            engine.insert(
                request.key, bytes: bytes, cost: Float(max(1, request.cost?.amount ?? 1))
            ) { _, _ in sums.evicted += 1 })
        let seconds = TimeToLive.jittered(secondsToLive, for: request.key)
        let until = request.time.advanced(byMicroseconds: Int64(seconds) * 1_000_000)
        if slot == expiry.count { expiry.append(until) } else { expiry[slot] = until }
        return false
    }

    /// The bytes in use.
    package var bytes: Int { engine.core.bytes }
}
