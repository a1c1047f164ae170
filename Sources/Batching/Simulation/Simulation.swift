package import Resilience

/// Requests, and an upstream that answers them after a known time: a batcher in virtual time.
///
/// Nothing sleeps; the same requests, upstream and seed give the same report.
package struct Simulation: Sendable {
    package struct Request: Sendable {
        package var arrives: Moment
        package var submission: Submission
        /// How long a call for it alone takes.
        package var service: Int64

        package init(arrives: Moment, submission: Submission, service: Int64) {
            self.arrives = arrives
            self.submission = submission
            self.service = service
        }
    }

    package struct Upstream: Sendable {
        /// The share of requests in calls that fail, each time they are sent.
        package var failedShare = 0.0
        /// When every call fails, after `failureTime`.
        package var outage: Range<Int64>?
        package var failureTime: Int64 = 50_000
        package var seed: UInt64
        /// How long a call takes that carries requests; the sum of theirs if nil.
        package var time: (@Sendable ([Request]) -> Int64)?

        package init(seed: UInt64) {
            self.seed = seed
        }

        /// Whether a request fails when it is sent for the nth time: the same for every scheduler.
        func fails(_ request: Int, attempt: Int) -> Bool {
            guard failedShare > 0 else { return false }
            var chance = SeededChance(
                seed: seed ^ UInt64(request) &* 0x9E37_79B9 ^ UInt64(attempt) << 48)
            _ = chance.next()
            return chance.fraction() < failedShare
        }

        func isOut(at moment: Moment) -> Bool {
            outage?.contains(moment.microseconds) ?? false
        }
    }

    package struct Report: Sendable {
        /// How many outcomes each request has; accepted ones must have exactly one.
        package var outcomes: [Int]
        /// Answers that each request was given.
        package var answers: [Int]
        package var refused = 0
        package var late = 0
        package var counts = BatcherCounts()
        package var ended = Moment(microseconds: 0)
        /// From arrival to the first call, in microseconds, of those that were called.
        package var waits: [Int64] = []
        /// Requests of all calls together, and the blocks of their prompts that were in the
        /// provider's cache.
        package var blocks = 0
        package var cachedBlocks = 0
        package var isDrained = false

        package var lateShare: Double { Double(late) / Double(max(1, outcomes.count)) }
        package var cachedShare: Double { Double(cachedBlocks) / Double(max(1, blocks)) }
        package var lost: Int { outcomes.count { $0 == 0 } }
        package var doubled: Int { outcomes.count { $0 > 1 } }
    }

    private enum Event {
        case answer(CallID, members: [Int], attempts: [Int])
        case wake
    }

    private let requests: [Request]
    private let upstream: Upstream
    private var batcher: RequestBatcher
    private var events = SlotHeap<Order>()
    private var pending = Slab(blank: Event.wake)
    private var places: [Int32] = []
    private var sequence: UInt64 = 0
    private var indexOf: [Ticket: Int] = [:]
    private var attempts: [Int]
    private var report: Report
    private var cache: BlockCache

    /// - Parameters:
    ///   - requests: in the order of their arrival.
    ///   - cacheBlocks: the prompt blocks that the provider keeps.
    package init(
        _ requests: [Request], policy: BatchingPolicy, upstream: Upstream, seed: UInt64,
        cacheBlocks: Int = 0
    ) throws(PolicyRefused) {
        self.requests = requests
        self.upstream = upstream
        batcher = try RequestBatcher(policy, seed: seed)
        attempts = Array(repeating: 0, count: requests.count)
        report = Report(outcomes: attempts, answers: attempts)
        cache = BlockCache(capacity: cacheBlocks)
    }

    /// Lets every request arrive, then drains.
    package mutating func run() -> Report {
        var actions: [BatcherAction] = []
        for (index, request) in requests.enumerated() {
            happen(before: request.arrives, &actions)
            do {
                let ticket = try batcher.submit(
                    request.submission, at: request.arrives, &actions)
                indexOf[ticket] = index
            } catch {
                report.refused += 1
                report.outcomes[index] += 1
                report.late += 1
            }
            perform(&actions, at: request.arrives)
        }
        let last = requests.last?.arrives ?? Moment(microseconds: 0)
        batcher.drain(until: .never, at: last, &actions)
        perform(&actions, at: last)
        happen(before: .never, &actions)
        report.counts = batcher.counts
        report.late += batcher.counts.late
        return report
    }

    private mutating func happen(before moment: Moment, _ actions: inout [BatcherAction]) {
        while let first = events.first, first.key.due < moment {
            events.remove(first.slot, &places)
            let event = pending[first.slot]
            pending.remove(first.slot)
            switch event {
            case .wake: batcher.tick(at: first.key.due, &actions)
            case .answer(let call, let members, let attempts):
                batcher.answered(
                    call, answer(members, attempts, at: first.key.due), at: first.key.due,
                    &actions)
            }
            report.ended = first.key.due
            perform(&actions, at: first.key.due)
        }
    }

    private func answer(_ members: [Int], _ attempts: [Int], at now: Moment) -> CallAnswer {
        if upstream.isOut(at: now) { return .failed(CallFailure(.overloaded, status: 503)) }
        return .results(
            zip(members, attempts).map { member, attempt in
                upstream.fails(member, attempt: attempt)
                    ? .failure(CallFailure(.broken, status: 500)) : .success(tokens: nil)
            })
    }

    private mutating func perform(_ actions: inout [BatcherAction], at now: Moment) {
        for action in actions {
            switch action {
            case .start(let call): begin(call, at: now)
            case .complete(let ticket, let outcome):
                guard let index = indexOf[ticket] else { continue }
                report.outcomes[index] += 1
                if case .answered = outcome { report.answers[index] += 1 }
            case .wake(let moment): schedule(.wake, at: moment)
            case .drained: report.isDrained = true
            case .stop, .pause, .resume, .readable: break
            }
        }
        actions.removeAll(keepingCapacity: true)
    }

    private mutating func begin(_ call: UpstreamCall, at now: Moment) {
        let members = call.members.compactMap { indexOf[$0] }
        var numbers: [Int] = []
        for member in members {
            if attempts[member] == 0 {
                report.waits.append(now.microseconds(since: requests[member].arrives))
            }
            attempts[member] += 1
            numbers.append(attempts[member])
            let prefix = requests[member].submission.prefix
            report.blocks += prefix.count
            report.cachedBlocks += cache.read(prefix)
        }
        let called = members.map { requests[$0] }
        let time =
            upstream.isOut(at: now)
            ? upstream.failureTime
            : upstream.time?(called) ?? called.reduce(0) { $0 + $1.service }
        schedule(
            .answer(call.id, members: members, attempts: numbers),
            at: now.advanced(byMicroseconds: max(time, 1)))
    }

    private mutating func schedule(_ event: Event, at moment: Moment) {
        guard moment != .never else { return }
        let slot = pending.insert(event)
        while places.count < pending.capacity { places.append(SlotHeap<Order>.absent) }
        sequence += 1
        events.insert(slot, key: Order(due: moment, sequence: sequence), &places)
    }
}

/// Blocks of prompts that a provider keeps: the least recently read one goes first.
struct BlockCache: Sendable {
    private let capacity: Int
    private var readAt: [UInt64: UInt64] = [:]
    private var order: [(block: UInt64, read: UInt64)] = []
    private var gone = 0
    private var clock: UInt64 = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// How many leading blocks are there; all of them are afterwards.
    mutating func read(_ prefix: [UInt64]) -> Int {
        guard capacity > 0 else { return 0 }
        let found = prefix.firstIndex { readAt[$0] == nil } ?? prefix.count
        for block in prefix {
            clock += 1
            readAt[block] = clock
            order.append((block, clock))
        }
        while readAt.count > capacity {
            let oldest = order[gone]
            gone += 1
            if readAt[oldest.block] == oldest.read { readAt[oldest.block] = nil }
        }
        if gone > 65_536 {
            order.removeFirst(gone)
            gone = 0
        }
        return found
    }
}
