package import Resilience

/// Finds how many requests a merged call should have: the size with the most requests a second in
/// calls that keep a latency goal.
///
/// It begins by doubling, until calls take too long or do worse. Then it remembers, for each size
/// of a grid, what calls of that size brought lately, and moves to a neighbour that does better: a
/// bandit over arms whose worth rises and then falls (Combes and Proutiere, 2014), except that a
/// neighbour is tried the more rarely, the worse it is known to be, and that what was seen long
/// ago counts less. Several misses in a row decrease the size at once, as AIMD does (Clipper;
/// Crankshaw et al., 2017). AIMD alone grows up to the goal whatever that costs: see
/// docs/decisions/0069.
package struct BatchSizer: Sendable {
    /// From one size of the grid to the next, if that is more than one request.
    private static let step = 1.07
    /// What the weight of a call is multiplied by with each later one.
    private static let fading = 0.995
    /// Calls of each size while it doubles.
    private static let trials = 2
    /// A size that brings less than this share of the one before ends the doubling.
    private static let worse = 0.9
    private static let missesMax = 5

    /// What calls of a size brought, faded.
    private struct Record: Sendable {
        /// Requests in calls within the goal.
        var good = 0.0
        var microseconds = 0.0
        var calls = 0.0

        var rate: Double { microseconds > 0 ? good / microseconds : 0 }
    }

    private let sizes: [Int]
    private let goal: Int64
    private var records: [Record]
    /// The weight of the next call: growing instead of fading all others.
    private var weight = 1.0
    private var leader = 0
    private var trial = 0
    private var doubling: (calls: Int, rateBefore: Double)? = (0, 0)
    private var missesInARow = 0
    private var changed = Moment(microseconds: .min)

    package init(sizeMax: Int, goal: Duration) {
        var sizes = [1]
        while let last = sizes.last, last < sizeMax {
            sizes.append(min(sizeMax, max(last + 1, Int(Double(last) * Self.step))))
        }
        self.sizes = sizes
        self.goal = goal.wholeMicroseconds
        records = Array(repeating: Record(), count: sizes.count)
    }

    /// The size of the next call.
    package var target: Int { sizes[trial] }

    /// A call of a size took a time.
    package mutating func took(_ microseconds: Int64, size count: Int, began: Moment) {
        // A call that wasn't full tells about the size that it had.
        let index = place(of: count)
        let isGood = microseconds <= goal
        records[index].good += isGood ? Double(count) * weight : 0
        records[index].microseconds += Double(max(microseconds, 1)) * weight
        records[index].calls += weight
        fade()
        missesInARow = isGood ? 0 : missesInARow + 1
        if doubling != nil {
            double(index, isGood: isGood)
        } else if missesInARow >= Self.missesMax, index <= leader, began >= changed {
            let ended = began.advanced(byMicroseconds: microseconds)
            decrease(at: ended)
        } else {
            lead()
        }
        choose()
    }

    /// A call failed because the upstream had too much to do.
    package mutating func failed(began: Moment, at now: Moment) {
        guard began >= changed else { return }
        doubling = nil
        decrease(at: now)
        choose()
    }

    private func place(of count: Int) -> Int {
        var (low, high) = (0, sizes.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if sizes[middle] <= count { low = middle } else { high = middle - 1 }
        }
        return low
    }

    private mutating func fade() {
        weight /= Self.fading
        guard weight > 1e100 else { return }
        for index in records.indices {
            records[index].good /= weight
            records[index].microseconds /= weight
            records[index].calls /= weight
        }
        weight = 1
    }

    private mutating func double(_ index: Int, isGood: Bool) {
        guard index == leader, let state = doubling else { return }
        let rate = records[index].rate
        if !isGood || state.calls + 1 == Self.trials {
            if !isGood || rate < state.rateBefore * Self.worse {
                doubling = nil
                leader = place(of: max(1, sizes[leader] / 2))
            } else if leader == sizes.count - 1 {
                doubling = nil
            } else {
                doubling = (0, rate)
                leader = place(of: sizes[leader] * 2)
            }
        } else {
            doubling = (state.calls + 1, state.rateBefore)
        }
    }

    /// Forgets what large sizes brought, since that has changed, and goes down.
    private mutating func decrease(at now: Moment) {
        changed = now
        missesInARow = 0
        leader = place(of: max(1, sizes[leader] * 7 / 10))
        for index in records.indices { records[index] = Record() }
    }

    /// Moves to a neighbour that brings more.
    private mutating func lead() {
        guard seen(leader) >= 1 else { return }
        for neighbour in neighbours where seen(neighbour) >= 1.5 {
            if records[neighbour].rate > records[leader].rate * 1.002 {
                leader = neighbour
                return
            }
        }
    }

    /// Near ones, and those of twice and half the size: some upstreams work in steps.
    private var neighbours: [Int] {
        let (twice, half) = (place(of: sizes[leader] * 2), place(of: max(1, sizes[leader] / 2)))
        return [leader + 1, leader - 1, leader + 3, leader - 3, twice, half]
            .filter { records.indices.contains($0) && $0 != leader }
    }

    private func seen(_ index: Int) -> Double { records[index].calls / weight }

    /// The size to call with next: the leader's, or a neighbour's that is known too little.
    private mutating func choose() {
        trial = leader
        guard doubling == nil, seen(leader) >= 2 else { return }
        let rate = records[leader].rate
        for (order, neighbour) in neighbours.enumerated() {
            let gap = rate > 0 ? 1 - records[neighbour].rate / rate : 0
            let known = seen(neighbour)
            // Distant ones come last, and fewer calls tell them apart.
            let most = order < 4 ? 8.0 : 2.0
            let needed = known < 0.2 ? 0.2 : min(most, 0.1 / (gap * gap + 0.001))
            if known < needed {
                trial = neighbour
                return
            }
        }
    }
}
