import Resilience

/// When something is due, and among equals what came first.
struct Order: Comparable, Hashable, Sendable {
    let due: Moment
    let sequence: UInt64

    static func < (a: Order, b: Order) -> Bool {
        a.due == b.due ? a.sequence < b.sequence : a.due < b.due
    }
}

/// Chooses whose turn it is: the earliest deadline among those not ahead of their share.
///
/// Each sharer has a start tag: the tokens it was served, over its weight. Start-time fair queueing
/// (Goyal, Vin and Cheng, 1996) serves the smallest tag; earliest eligible virtual deadline first
/// (Stoica and Abdel-Wahab, 1995) serves the earliest deadline among those whose tag is not past
/// virtual time. We take virtual time from the former (the smallest tag of those who wait) and
/// eligibility from the latter; deadlines are real ones, and a sharer may be ahead by an allowance
/// before it has to wait for others. Two sharers that wait all the time have been served amounts,
/// over their weights, that differ by the allowance and one request at most.
struct ShareQueue: Sendable {
    /// Virtual time is in tokens of weight 1, times this, so that weights divide well.
    private static let scale: Int64 = 1_024

    private var starts: [Int64] = []
    private var weights: [Int64] = []
    private var heads: [Order] = []
    private var free: [Int32] = []
    private var waiting = SlotHeap<Int64>()
    private var eligible = SlotHeap<Order>()
    private var ahead = SlotHeap<Int64>()
    private var waitingPlaces: [Int32] = []
    private var eligiblePlaces: [Int32] = []
    private var aheadPlaces: [Int32] = []
    private var virtual: Int64 = 0
    /// The largest tag: where virtual time goes when nobody waits any more.
    private var latest: Int64 = 0
    private let allowance: Int64

    init(allowanceTokens: Int) {
        allowance = Int64(allowanceTokens) * Self.scale
    }

    var isEmpty: Bool { waiting.isEmpty }

    /// Adds a sharer for which nothing waits.
    mutating func add(weight: Int) -> Int32 {
        precondition(weight > 0, "a sharer has a weight")
        if let slot = free.popLast() {
            starts[Int(slot)] = virtual
            weights[Int(slot)] = Int64(weight)
            return slot
        }
        starts.append(virtual)
        weights.append(Int64(weight))
        heads.append(Order(due: .never, sequence: 0))
        waitingPlaces.append(SlotHeap<Int64>.absent)
        eligiblePlaces.append(SlotHeap<Int64>.absent)
        aheadPlaces.append(SlotHeap<Int64>.absent)
        return Int32(starts.count - 1)
    }

    /// Forgets a sharer for which nothing waits.
    mutating func remove(_ slot: Int32) {
        precondition(!isWaiting(slot), "nothing waits for a forgotten sharer")
        free.append(slot)
    }

    func isWaiting(_ slot: Int32) -> Bool {
        waitingPlaces[Int(slot)] != SlotHeap<Int64>.absent
    }

    /// The tag of a sharer, which may be forgotten once virtual time has passed it.
    func tag(of slot: Int32) -> Int64 { starts[Int(slot)] }
    var virtualTime: Int64 { virtual }

    /// Says what a sharer's most urgent entry is: it begins to wait, or its head has changed.
    mutating func wait(_ slot: Int32, head: Order) {
        let index = Int(slot)
        heads[index] = head
        guard isWaiting(slot) else {
            // What a sharer did not use while it had nothing to do is not saved up.
            starts[index] = max(starts[index], virtual)
            waiting.insert(slot, key: starts[index], &waitingPlaces)
            advance()
            place(slot)
            return
        }
        if eligiblePlaces[index] != SlotHeap<Order>.absent {
            eligible.move(slot, to: head, &eligiblePlaces)
        }
    }

    /// Says that nothing of the sharer waits any more.
    mutating func rest(_ slot: Int32) {
        waiting.remove(slot, &waitingPlaces)
        displace(slot)
        if waiting.isEmpty { virtual = max(virtual, latest) }
        advance()
    }

    /// Books what a sharer is served; negative to give back what was estimated too high.
    mutating func charge(_ slot: Int32, tokens: Int) {
        let index = Int(slot)
        let cost = Int64(tokens) * Self.scale / weights[index]
        starts[index] = max(starts[index] + cost, tokens < 0 ? min(starts[index], virtual) : 0)
        latest = max(latest, starts[index])
        guard isWaiting(slot) else { return }
        waiting.move(slot, to: starts[index], &waitingPlaces)
        advance()
        displace(slot)
        place(slot)
    }

    /// The sharer whose head is next.
    mutating func next() -> Int32? {
        while let first = ahead.first, first.key <= virtual + allowance {
            ahead.remove(first.slot, &aheadPlaces)
            eligible.insert(first.slot, key: heads[Int(first.slot)], &eligiblePlaces)
        }
        return eligible.first?.slot
    }

    private mutating func advance() {
        if let first = waiting.first { virtual = max(virtual, first.key) }
    }

    private mutating func place(_ slot: Int32) {
        let index = Int(slot)
        if starts[index] <= virtual + allowance {
            eligible.insert(slot, key: heads[index], &eligiblePlaces)
        } else {
            ahead.insert(slot, key: starts[index], &aheadPlaces)
        }
    }

    private mutating func displace(_ slot: Int32) {
        if eligiblePlaces[Int(slot)] != SlotHeap<Order>.absent {
            eligible.remove(slot, &eligiblePlaces)
        } else {
            ahead.remove(slot, &aheadPlaces)
        }
    }
}
