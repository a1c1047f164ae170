package import LedgerModel

/// Which answers are worth having before they are asked for.
///
/// It follows history in order. From time to time it looks at the keys whose answers have expired or
/// are about to, as a plan would, and notes for each kind of key (how often it was asked for, how
/// usual gaps compare with the time to live and with the time since) how many of them were then
/// asked for in time. That is a replay on held-out history: what is noted came after what it was
/// concluded from. A plan takes keys of kinds for which even the share that is assured at 95 % times
/// what a hit is worth is more than filling costs.
///
/// Filling at the full price saves no money, as the first to ask would have paid as much: it takes a
/// cheaper way, such as a batch API, or worth beside money.
package struct WarmingModel: Sendable {
    private var keys: [CacheKey: KeyState] = [:]
    private var kinds: [Kind: Trials] = [:]
    package private(set) var sequences: LearntSequences
    private let secondsToLive: Int
    private let lookEvery: Int64
    private var nextLook: Timestamp?
    private var now = Timestamp.earliest

    private struct KeyState {
        var uses = 0
        let first: Timestamp
        var last: Timestamp
        var worth: Picodollars
        var fill: Picodollars
        /// When the answer that the cache has ends.
        var expires: Timestamp
        var trial: Trial?

        /// Microseconds between uses.
        var gap: Double {
            Double(last.microseconds - first.microseconds) / Double(max(1, uses - 1))
        }
    }

    /// A look at a key, to see whether a warmed answer would have been used.
    private struct Trial {
        let kind: Kind
        /// From when on the cache has no answer of its own.
        let from: Timestamp
        let until: Timestamp
    }

    private struct Kind: Hashable {
        let uses: Int
        let expected: Int
        let age: Int
    }

    private struct Trials {
        var count = 0
        var used = 0
    }

    package static let keysMax = 262_144
    /// Kinds that were looked at less often say nothing.
    package static let trialsMin = 20
    /// An answer that ends within that part of its time is about to expire.
    private static let soon = 0.1
    private static let looksPerLife = 4

    /// - Parameter within: how long after a request another counts as following it.
    package init(secondsToLive: Int, within: Duration = .seconds(300)) throws(CacheFault) {
        self.secondsToLive = try TimeToLive.checked(secondsToLive)
        lookEvery = max(1_000_000, Int64(secondsToLive) * 1_000_000 / Int64(Self.looksPerLife))
        sequences = LearntSequences(within: within)
    }

    private func life(of key: CacheKey) -> Int64 {
        Int64(TimeToLive.jittered(secondsToLive, for: key)) * 1_000_000
    }

    // MARK: Learning

    /// Follows the next request of history.
    package mutating func saw(_ access: PastAccess) {
        advance(to: access.time)
        sequences.saw(access)
        guard var state = keys[access.key] else {
            if keys.count >= Self.keysMax { forget() }
            var state = KeyState(
                first: access.time, last: access.time, worth: access.worth, fill: access.fill,
                expires: access.time.advanced(byMicroseconds: life(of: access.key)))
            state.uses = 1
            keys[access.key] = state
            return
        }
        if let trial = state.trial, access.time >= trial.from {
            end(trial, used: access.time < trial.until)
            state.trial = nil
        }
        state.uses += 1
        state.last = max(state.last, access.time)
        state.worth = access.worth
        state.fill = access.fill
        if state.expires <= access.time {
            state.expires = access.time.advanced(byMicroseconds: life(of: access.key))
        }
        keys[access.key] = state
    }

    /// The cache was filled with an answer that nobody had asked for.
    package mutating func filled(_ key: CacheKey, at time: Timestamp) {
        let until = time.advanced(byMicroseconds: life(of: key))
        keys[key]?.expires = until
    }

    private mutating func advance(to time: Timestamp) {
        now = max(now, time)
        guard let due = nextLook else {
            nextLook = time.advanced(byMicroseconds: lookEvery)
            return
        }
        guard time >= due else { return }
        look(at: time)
        nextLook = time.advanced(byMicroseconds: lookEvery)
    }

    private mutating func look(at time: Timestamp) {
        endTrials(before: time)
        let begun = keys.compactMap { key, state -> (CacheKey, Trial)? in
            guard state.trial == nil, let kind = kind(of: state, at: time) else { return nil }
            return (
                key,
                Trial(
                    kind: kind, from: max(time, state.expires),
                    until: time.advanced(byMicroseconds: life(of: key)))
            )
        }
        for (key, trial) in begun { keys[key]?.trial = trial }
    }

    private mutating func endTrials(before time: Timestamp) {
        let ended = keys.compactMap { key, state in
            state.trial.flatMap { $0.until <= time ? (key, $0) : nil }
        }
        for (key, trial) in ended {
            end(trial, used: false)
            keys[key]?.trial = nil
        }
    }

    private mutating func end(_ trial: Trial, used: Bool) {
        kinds[trial.kind, default: Trials()].count += 1
        if used { kinds[trial.kind, default: Trials()].used += 1 }
    }

    /// What came once is the first to be forgotten, then what was not used for longest.
    private mutating func forget() {
        keys = keys.filter { $0.value.uses > 1 }
        guard keys.count > Self.keysMax / 2 else { return }
        let middle = keys.count / 2
        let last = keys.values.map(\.last).sorted()[middle]
        keys = keys.filter { $0.value.last > last }
    }

    /// The kind of a key that has expired or is about to; nil for others, and for those that were
    /// asked for once.
    private func kind(of state: KeyState, at time: Timestamp) -> Kind? {
        let soon = Int64(Double(secondsToLive) * Self.soon * 1e6)
        guard state.uses > 1, state.expires <= time.advanced(byMicroseconds: soon) else {
            return nil
        }
        func steps(_ ratio: Double, _ range: ClosedRange<Int>) -> Int {
            guard ratio > 0, ratio.isFinite else { return range.lowerBound }
            return min(max(Int(ratio.exponent), range.lowerBound), range.upperBound)
        }
        let gap = max(1, state.gap)
        let age = Double(time.microseconds - state.last.microseconds)
        return Kind(
            uses: steps(Double(state.uses), 1...5),
            expected: steps(Double(secondsToLive) * 1e6 / gap, -4...4),
            age: steps(age / gap, -3...5))
    }

    // MARK: Planning

    /// What to fill now, at most for a budget.
    package mutating func plan(
        at time: Timestamp, budget: Picodollars, countMax: Int = 1_000
    ) -> WarmingPlan {
        endTrials(before: time)
        var plan = WarmingPlan()
        var entries: [CacheKey: WarmingPlan.Entry] = [:]
        for (key, state) in keys {
            guard let kind = kind(of: state, at: time) else { continue }
            plan.looked += 1
            guard let trials = kinds[kind], trials.count >= Self.trialsMin else { continue }
            let share = assuredShare(trials.used, of: trials.count)
            entries[key] = entry(
                key, state, share: share,
                .popular(uses: state.uses, used: trials.used, of: trials.count))
        }
        for (key, app) in sequences.open(at: time) {
            for entry in prefetch(after: key, app: app, at: time)
            where entries[entry.key].map({ $0.saving < entry.saving }) ?? true {
                entries[entry.key] = entry
            }
        }
        var left = budget.amount
        // The most saving for each picodollar first; keys make it always the same.
        for entry in entries.values.sorted(by: Self.isBetter) {
            guard entry.fill.amount <= left, plan.entries.count < countMax else {
                plan.overBudget += 1
                continue
            }
            left -= entry.fill.amount
            plan.entries.append(entry)
        }
        return plan
    }

    /// What to fill once a request has been made, since it often follows: a few keys at most.
    ///
    /// A look-up that serves may call it.
    package func prefetch(
        after key: CacheKey, app: Int32, at time: Timestamp, countMax: Int = 3
    ) -> [WarmingPlan.Entry] {
        var found: [WarmingPlan.Entry] = []
        for follower in sequences.followers(of: key, app: app) where found.count < countMax {
            guard let state = keys[follower.key], state.expires <= time else { continue }
            let share = assuredShare(follower.used, of: follower.tried)
            let reason = WarmingPlan.Reason.follows(
                key, used: follower.used, of: follower.tried)
            if let entry = entry(follower.key, state, share: share, reason) { found.append(entry) }
        }
        return found
    }

    private func entry(
        _ key: CacheKey, _ state: KeyState, share: Double, _ reason: WarmingPlan.Reason
    ) -> WarmingPlan.Entry? {
        let saving = Double(state.worth.amount) * share - Double(state.fill.amount)
        guard let saving = Int64(exactly: saving.rounded(.down)), saving > 0 else { return nil }
        return WarmingPlan.Entry(
            key: key, fill: state.fill, saving: Picodollars(saving), reason: reason)
    }

    private static func isBetter(_ a: WarmingPlan.Entry, _ b: WarmingPlan.Entry) -> Bool {
        let (left, right) = (
            Double(a.saving.amount) * Double(max(1, b.fill.amount)),
            Double(b.saving.amount) * Double(max(1, a.fill.amount))
        )
        if left != right { return left > right }
        return (a.key.first, a.key.second) < (b.key.first, b.key.second)
    }
}
