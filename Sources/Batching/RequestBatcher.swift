package import Resilience

/// Schedules, shares and merges requests to models: the whole decision, without any I/O.
///
/// It is told events (`submit`, `cancel`, `tick`, `received`, `answered`, `read`, `drain`), each
/// with the time, and says what to do by appending to `actions`; also when it refuses, what it
/// appended must be done. The same events at the same times, with the same seed, have the same
/// actions. Every accepted request gets exactly one `complete`. It cannot deadlock: whenever a
/// request waits, a call is running, or a moment to wake at was named, or a reader has been told
/// to read.
///
/// Its cost is logarithmic in what waits; its memory is bounded by `BatchingPolicy.open`,
/// `detachedBytesMax`, and `replayBytesMax` for each running call.
package struct RequestBatcher: Sendable {
    package let policy: BatchingPolicy
    package internal(set) var counts = BatcherCounts()

    var clock = Moment(microseconds: .min)
    var lanes: [Lane]
    var upstreams: [Upstream]
    var works = Slab(blank: Work())
    var readers = Slab(blank: Reader())
    var calls = Slab(blank: RunningCall())
    /// By the slots of works: where each stands in its tenant's queue and among the timers.
    var queuePlaces: [Int32] = []
    var timerPlaces: [Int32] = []
    var timers = SlotHeap<Moment>()
    var laneTimers = SlotHeap<Moment>()
    var laneTimerPlaces: [Int32]
    /// Lanes that may be able to call something since the present event.
    var touched: [Int] = []
    var byRequest: [SharingKey: Int32] = [:]
    var byIdempotencyKey: [SharingKey: Int32] = [:]
    var load: [Tenant: Amount] = [:]
    /// All that has no outcome yet.
    package internal(set) var open = Amount()
    var drainRate = DrainRate()
    var chance: SeededChance
    var sequence: UInt64 = 0
    var toldWake = Moment.never
    /// What is kept for readers who fell behind.
    package internal(set) var detachedBytes = 0
    var paused: Set<Int32> = []
    /// Until when what waits may still be called; nil until the batcher is drained.
    var closesAt: Moment?
    var saidDrained = false

    /// - Parameter seed: decides all jitter.
    package init(_ policy: BatchingPolicy, seed: UInt64) throws(PolicyRefused) {
        try policy.validate()
        self.policy = policy
        chance = SeededChance(seed: seed)
        lanes = policy.lanes.map { Lane($0, policy) }
        upstreams = policy.upstreams.map(Upstream.init)
        laneTimerPlaces = policy.lanes.map { _ in SlotHeap<Moment>.absent }
        for (index, lane) in policy.lanes.enumerated() {
            upstreams[lane.upstream].lanes.append(index)
        }
    }

    // MARK: - Events

    /// A request arrives.
    package mutating func submit(
        _ submission: Submission, at now: Moment, _ actions: inout [BatcherAction]
    ) throws(SubmissionRefused) -> Ticket {
        advance(to: now, &actions)
        defer { settle(&actions) }
        do {
            try check(submission)
            if let work = try sharedWork(for: submission) {
                return try join(work, submission, &actions)
            }
            try admit(submission.amount, of: submission.tenant)
        } catch {
            counts.refused += 1
            throw error
        }
        let work = makeWork(submission)
        let reader = addReader(to: work, submission, submission.amount)
        enqueue(work)
        return Ticket(handle: readers.handle(of: reader))
    }

    /// Whoever waits has gone; nothing if it has its outcome already.
    package mutating func cancel(
        _ ticket: Ticket, at now: Moment, _ actions: inout [BatcherAction]
    ) {
        advance(to: now, &actions)
        if let reader = readers.slot(of: ticket.handle) {
            let work = readers[reader].work
            end(reader, .cancelled, &actions)
            if works[work].readerCount == 0 {
                dispose(work, &actions)
            } else {
                keepUp(work, &actions)
            }
        }
        settle(&actions)
    }

    /// Time has passed.
    package mutating func tick(at now: Moment, _ actions: inout [BatcherAction]) {
        advance(to: now, &actions)
        settle(&actions)
    }

    /// A call has ended; nothing if it was stopped.
    package mutating func answered(
        _ call: CallID, _ answer: CallAnswer, at now: Moment, _ actions: inout [BatcherAction]
    ) {
        advance(to: now, &actions)
        if let slot = calls.slot(of: call.handle) { finish(slot, call, answer, &actions) }
        settle(&actions)
    }

    /// No more requests are accepted; what has no outcome at a moment gets `closing`.
    package mutating func drain(
        until moment: Moment, at now: Moment, _ actions: inout [BatcherAction]
    ) {
        advance(to: now, &actions)
        closesAt = min(moment, closesAt ?? .never)
        // Nobody else comes, so nobody is waited for.
        touched = Array(lanes.indices)
        if moment <= clock { close(&actions) }
        settle(&actions)
    }

    // MARK: - Time

    /// Moves the clock, which never runs backwards, and does what was due by then.
    mutating func advance(to now: Moment, _ actions: inout [BatcherAction]) {
        clock = max(clock, now)
        while let first = timers.first, first.key <= clock { due(first.slot, &actions) }
        while let first = laneTimers.first, first.key <= clock {
            laneTimers.remove(first.slot, &laneTimerPlaces)
            touched.append(Int(first.slot))
        }
        if let closesAt, closesAt <= clock { close(&actions) }
    }

    /// Calls what can be called since an event, and says when to come back.
    mutating func settle(_ actions: inout [BatcherAction]) {
        while let lane = touched.popLast() { pump(lane, &actions) }
        if closesAt != nil, readers.count == 0, !saidDrained {
            saidDrained = true
            actions.append(.drained)
        }
        if toldWake <= clock { toldWake = .never }
        var next = min(timers.first?.key ?? .never, laneTimers.first?.key ?? .never)
        if let closesAt, readers.count > 0 { next = min(next, closesAt) }
        guard next < toldWake else { return }
        toldWake = next
        actions.append(.wake(at: next))
    }

    /// A deadline of one of a work's readers has come, or the time to try it again.
    private mutating func due(_ work: Int32, _ actions: inout [BatcherAction]) {
        var reader = works[work].firstReader
        while reader >= 0 {
            let next = readers[reader].next
            if readers[reader].deadline <= clock { end(reader, .expired, &actions) }
            reader = next
        }
        if works[work].readerCount == 0 { return dispose(work, &actions) }
        if works[work].state == .delayed, works[work].readyAt <= clock {
            setTimer(work)
            enqueue(work)
        } else {
            setTimer(work)
        }
    }

    /// Ends everything.
    private mutating func close(_ actions: inout [BatcherAction]) {
        for work in works.slots {
            while works[work].firstReader >= 0 {
                end(works[work].firstReader, .closing, &actions)
            }
            dispose(work, &actions)
        }
    }

    /// Sets a work's timer to the first deadline of its readers, or the end of its delay.
    mutating func setTimer(_ work: Int32) {
        var moment = works[work].state == .delayed ? works[work].readyAt : Moment.never
        var reader = works[work].firstReader
        while reader >= 0 {
            moment = min(moment, readers[reader].deadline)
            reader = readers[reader].next
        }
        setTimer(work, at: moment)
    }

    mutating func setTimer(_ work: Int32, at moment: Moment) {
        let isSet = timerPlaces[Int(work)] != SlotHeap<Moment>.absent
        switch (isSet, moment == .never) {
        case (true, true): timers.remove(work, &timerPlaces)
        case (true, false): timers.move(work, to: moment, &timerPlaces)
        case (false, false): timers.insert(work, key: moment, &timerPlaces)
        case (false, true): break
        }
    }

    // MARK: - What can be asked

    /// Requests that wait in queues; not those that are called or delayed.
    package var waitingCount: Int { lanes.reduce(0) { $0 + $1.queue.count } }
    package var runningCount: Int { calls.count }
    /// Tenants that queues remember since they have requests, or had more than their share.
    package var rememberedTenants: Int { lanes.reduce(0) { $0 + $1.queue.tenantCount } }
    /// The size that merged calls of a lane have now.
    package func callSize(ofLane lane: Int) -> Int { lanes[lane].target }
    /// Whether an upstream is called as usual.
    package func isClosed(upstream: Int) -> Bool { upstreams[upstream].breaker.isClosed }

    /// Whether something happens without any further event but time: see the type's promise.
    package var isLive: Bool {
        if readers.count == 0 || calls.count > 0 { return true }
        if toldWake != .never { return true }
        return readers.slots.allSatisfy {
            if case .ended = works[readers[$0].work].state { return readers[$0].isTold }
            return detachedBytes >= policy.detachedBytesMax
        }
    }
}

/// Where the requests of one kind go.
struct Lane: Sendable {
    let policy: LanePolicy
    var queue: LaneQueue
    /// What waits in the queue.
    var waiting = Amount()
    var running = 0
    /// Groups that are called apart from others, each whole.
    var apart: [[Int32]] = []
    /// Until when the upstream asked for no calls.
    var restsUntil = Moment(microseconds: .min)
    var sizer: BatchSizer
    var arrivals = ArrivalRate()
    /// Since when what waits has been gathering.
    var gatheringSince = Moment(microseconds: 0)

    init(_ lane: LanePolicy, _ policy: BatchingPolicy) {
        self.policy = lane
        queue = LaneQueue(policy)
        sizer = BatchSizer(sizeMax: lane.call.requests, goal: lane.latencyGoal)
    }

    /// How many requests a call should have.
    var target: Int {
        min(policy.sizeFixed ?? sizer.target, policy.call.requests)
    }
}

/// An endpoint that fails, or works, as a whole.
struct Upstream: Sendable {
    var breaker: CircuitBreaker
    var retries: RetryBudget
    var lanes: [Int] = []

    init(_ policy: UpstreamPolicy) {
        breaker = CircuitBreaker(policy.breaker)
        retries = RetryBudget(policy.retries)
    }
}

/// A request that may be shared, within its tenant.
struct SharingKey: Hashable, Sendable {
    let tenant: Tenant
    let digest: Digest
}
