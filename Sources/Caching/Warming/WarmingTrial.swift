package import LedgerModel

/// History with warming and without, in a cache that has room for everything.
package struct WarmingTrial: Sendable {
    package private(set) var requests = 0
    package private(set) var hits = 0
    package private(set) var hitsWarmed = 0
    package private(set) var filled = 0
    /// What filling cost, and what the hits beside those without warming are worth.
    package private(set) var cost = PicodollarSum.zero
    package private(set) var gained = PicodollarSum.zero

    package var saved: PicodollarSum { gained - cost }

    /// - Parameters:
    ///   - accesses: in the order of their times.
    ///   - every: how often a plan is made and carried out.
    ///   - prefetches: whether what often follows is filled after each request.
    package static func run(
        _ accesses: [PastAccess], secondsToLive: Int, every: Duration, budget: Picodollars,
        prefetches: Bool = false
    ) throws(CacheFault) -> WarmingTrial {
        var trial = WarmingTrial()
        var model = try WarmingModel(secondsToLive: secondsToLive)
        var plain: [CacheKey: Timestamp] = [:]
        var warmed: [CacheKey: Timestamp] = [:]
        var next = accesses.first?.time ?? .earliest
        func life(_ key: CacheKey, _ time: Timestamp) -> Timestamp {
            time.advanced(
                byMicroseconds: Int64(TimeToLive.jittered(secondsToLive, for: key)) * 1_000_000)
        }
        for access in accesses {
            if access.time >= next {
                for entry in model.plan(at: access.time, budget: budget).entries {
                    trial.fill(entry)
                    model.filled(entry.key, at: access.time)
                    warmed[entry.key] = life(entry.key, access.time)
                }
                next = access.time.advanced(byMicroseconds: every.components.seconds * 1_000_000)
            }
            trial.requests += 1
            let wouldHit = plain[access.key].map { $0 > access.time } ?? false
            let hits = warmed[access.key].map { $0 > access.time } ?? false
            if wouldHit {
                trial.hits += 1
            } else {
                plain[access.key] = life(access.key, access.time)
            }
            if hits {
                trial.hitsWarmed += 1
            } else {
                warmed[access.key] = life(access.key, access.time)
            }
            if hits != wouldHit {
                let worth = PicodollarSum(access.worth)
                trial.gained = hits ? trial.gained + worth : trial.gained - worth
            }
            model.saw(access)
            guard prefetches else { continue }
            for entry in model.prefetch(after: access.key, app: access.app, at: access.time)
            where warmed[entry.key].map({ $0 <= access.time }) ?? true {
                trial.fill(entry)
                model.filled(entry.key, at: access.time)
                warmed[entry.key] = life(entry.key, access.time)
            }
        }
        return trial
    }

    private mutating func fill(_ entry: WarmingPlan.Entry) {
        filled += 1
        cost += entry.fill
    }
}
