package import LedgerModel

/// What a cache would have saved: requests of the past, in their order, against an empty cache.
///
/// It has the shards, the orders and the times to live of `ResponseCache`, so it gives, hit for
/// hit, what that would have given to the same requests.
///
/// Memory is bounded by the number of keys: when the cache would hold more than `keysMax`, half of
/// all keys are left out, with all their requests, and half of the bytes (spatial sampling, as in
/// SHARDS; Waldspurger et al., FAST 2015). From then on what is counted is an estimate, in which a
/// request stands for as many as `weight` says.
package struct CacheReplay: Sendable {
    private var shards: [Shard]
    private let secondsToLive: Int
    private let keysMax: Int
    private let capacity: Int
    /// One key in 2^shift is looked at.
    private var shift = 0
    package private(set) var sums = Sums()
    /// The same for each group of requests.
    package private(set) var groups: [Sums] = []

    /// A part of the cache: which keys it holds, until when, and for whom.
    private struct Shard {
        var engine: EvictionEngine
        var expiry: [Timestamp] = []
        var group: [Int32] = []
    }

    /// A request that may be repeated.
    package struct Request: Sendable {
        package let time: Timestamp
        /// Equal for requests that ask the same.
        package let key: CacheKey
        /// Of the answer.
        package let bytes: Int
        /// What it was charged; nil without a price.
        package let cost: Picodollars?
        /// Nil for the time that the replay has for all.
        package var secondsToLive: Int?
        /// The number of the group that it is counted in.
        package var group = 0
        /// Of the request and its answer.
        package var tokens: Int64 = 0
        /// A request so much like this one that its answer would have been served.
        package var near: CacheKey?

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
        /// Hits on the answer to another, similar request, which are among the hits.
        package var nearHits: Int64 = 0
        /// What the requests that hit were charged: it would not have been spent.
        package var avoided = PicodollarSum.zero
        package var spent = PicodollarSum.zero
        /// Hits without a price, whose saving is unknown.
        package var hitsUnpriced: Int64 = 0
        package var bytesServed: Int64 = 0
        package var tokensServed: Int64 = 0
        package var evicted: Int64 = 0
        package var expired: Int64 = 0
        /// Answers larger than the cache.
        package var tooLarge: Int64 = 0
        /// The bytes in use, and the most there were.
        package var bytes: Int64 = 0
        package var bytesMost: Int64 = 0

        package init() {}

        fileprivate mutating func hit(_ request: Request, weight: Int64) {
            hits += weight
            bytesServed += Int64(request.bytes) * weight
            tokensServed += request.tokens * weight
            guard let cost = request.cost else {
                hitsUnpriced += weight
                return
            }
            avoided += PicodollarSum(Int128(cost.amount) * Int128(weight))
        }
    }

    package static let keysMaxStandard = 1 << 20

    /// - Parameters:
    ///   - shards: a power of two; nil for as many as `ResponseCache` has.
    ///   - keysMax: of the whole cache.
    package init(
        capacity: Int, policy: PolicyName = .adaptive, secondsToLive: Int, shards: Int? = nil,
        keysMax: Int = Self.keysMaxStandard
    ) throws(CacheFault) {
        guard (ResponseCache.capacityMin...ResponseCache.capacityMax).contains(capacity) else {
            throw .capacity(bytes: capacity)
        }
        self.secondsToLive = try TimeToLive.checked(secondsToLive)
        self.capacity = capacity
        self.keysMax = max(1, keysMax)
        let count = ResponseCache.shards(of: capacity, wanted: shards)
        self.shards = (0..<count).map { _ in
            Shard(engine: EvictionEngine(policy, capacity: capacity / count, share: count))
        }
    }

    /// How many requests one that is looked at stands for; 1 as long as everything is exact.
    package var weight: Int64 { 1 << Int64(shift) }

    /// The bytes in use.
    package var bytes: Int { shards.reduce(0) { $0 + $1.engine.core.bytes } << shift }

    /// Takes the next request; returns whether it would have hit.
    ///
    /// A request whose key is not in the sample is only counted.
    @discardableResult
    package mutating func take(_ request: Request) -> Bool {
        while groups.count <= request.group { groups.append(Sums()) }
        count(request.group) { sums in
            sums.requests += 1
            if let cost = request.cost { sums.spent += cost }
        }
        guard isSampled(request.key) else { return false }
        let weight = weight
        let number = Int(truncatingIfNeeded: request.key.fourth) & (shards.count - 1)
        if let slot = shards[number].engine.access(request.key) {
            if shards[number].expiry[Int(slot)] > request.time {
                count(request.group) { $0.hit(request, weight: weight) }
                return true
            }
            remove(slot, from: number)
            count(request.group) { $0.expired += weight }
        }
        if let near = request.near, holds(near, at: request.time) {
            count(request.group) { sums in
                sums.hit(request, weight: weight)
                sums.nearHits += weight
            }
            return true
        }
        store(request, in: number)
        return false
    }

    private func holds(_ key: CacheKey, at time: Timestamp) -> Bool {
        let shard = shards[Int(truncatingIfNeeded: key.fourth) & (shards.count - 1)]
        return shard.engine.core.find(key).map { shard.expiry[Int($0)] > time } ?? false
    }

    private mutating func store(_ request: Request, in number: Int) {
        let weight = weight
        let bytes = request.bytes + ResponseCache.entryOverhead
        guard bytes <= min(shards[number].engine.core.capacity, Int(UInt32.max)) else {
            count(request.group) { $0.tooLarge += weight }
            return
        }
        var left: [(slot: Int, bytes: UInt32)] = []
        let slot = Int(
            shards[number].engine.insert(
                request.key, bytes: bytes, cost: Float(max(1, request.cost?.amount ?? 1))
            ) { entry, slot in left.append((Int(slot), entry.bytes)) })
        for entry in left {
            let group = Int(shards[number].group[entry.slot])
            free(entry.bytes, of: group)
            count(group) { $0.evicted += weight }
        }
        let seconds = TimeToLive.jittered(
            request.secondsToLive ?? secondsToLive, for: request.key)
        let until = request.time.advanced(byMicroseconds: Int64(seconds) * 1_000_000)
        if slot == shards[number].expiry.count {
            shards[number].expiry.append(until)
            shards[number].group.append(Int32(truncatingIfNeeded: request.group))
        } else {
            shards[number].expiry[slot] = until
            shards[number].group[slot] = Int32(truncatingIfNeeded: request.group)
        }
        count(request.group) { sums in
            sums.bytes += Int64(bytes) * weight
            sums.bytesMost = max(sums.bytesMost, sums.bytes)
        }
        if shards.reduce(0, { $0 + $1.engine.core.count }) > keysMax { halve() }
    }

    private mutating func count(_ group: Int, _ body: (inout Sums) -> Void) {
        body(&sums)
        body(&groups[group])
    }

    private mutating func remove(_ slot: UInt32, from number: Int) {
        free(shards[number].engine.core[slot].bytes, of: Int(shards[number].group[Int(slot)]))
        shards[number].engine.remove(slot)
    }

    private mutating func free(_ bytes: UInt32, of group: Int) {
        let freed = Int64(bytes) * weight
        count(group) { $0.bytes -= freed }
    }

    // MARK: The sample

    /// The highest bits of the third word decide; its lowest are those of the policies' contest.
    private func isSampled(_ key: CacheKey) -> Bool {
        shift == 0 || key.third >> UInt64(64 - shift) == 0
    }

    private mutating func halve() {
        shift += 1
        for number in shards.indices {
            var leaving: [UInt32] = []
            shards[number].engine.core.table.forEachSlot { slot in
                if !isSampled(shards[number].engine.core[slot].key) { leaving.append(slot) }
            }
            for slot in leaving { shards[number].engine.remove(slot) }
            shards[number].engine.resize(to: max(1, (capacity / shards.count) >> shift)) { _, _ in }
        }
        recount()
    }

    /// What is in use, by what the sample has.
    private mutating func recount() {
        sums.bytes = 0
        for group in groups.indices { groups[group].bytes = 0 }
        for shard in shards {
            shard.engine.core.table.forEachSlot { slot in
                let bytes = Int64(shard.engine.core[slot].bytes) * weight
                sums.bytes += bytes
                groups[Int(shard.group[Int(slot)])].bytes += bytes
            }
        }
    }
}
