import Resilience

/// Accepting requests, and what is open until each has its outcome.
extension RequestBatcher {
    /// Refuses what can't be right.
    func check(_ submission: Submission) throws(SubmissionRefused) {
        if closesAt != nil { throw .closing }
        guard lanes.indices.contains(submission.lane) else {
            throw .unknownLane(submission.lane, count: lanes.count)
        }
        guard policy.classes.indices.contains(submission.priority) else {
            throw .priority(submission.priority, classes: policy.classes.count)
        }
        guard submission.tokens >= 0, submission.bytes >= 0 else {
            throw .negative(tokens: submission.tokens, bytes: submission.bytes)
        }
        guard submission.prefix.count <= BatchingPolicy.prefixHashesMax else {
            throw .prefixTooLong(
                submission.prefix.count, max: BatchingPolicy.prefixHashesMax)
        }
        let lane = lanes[submission.lane].policy
        guard submission.amount.fits(in: lane.call), submission.amount.fits(in: policy.open) else {
            throw .tooLarge(
                submission.amount,
                max: Amount(
                    requests: 1, tokens: min(lane.call.tokens, policy.open.tokens),
                    bytes: min(lane.call.bytes, policy.open.bytes)))
        }
        guard let deadline = submission.deadline else { return }
        guard deadline > clock else {
            throw .deadlinePast(byMicroseconds: clock.microseconds(since: deadline))
        }
        if let opens = upstreams[lane.upstream].breaker.opensAgain, opens >= deadline,
            opens > clock
        {
            throw .upstreamDown(retryAfter: .microseconds(opens.microseconds(since: clock)))
        }
    }

    /// Refuses what has no room, with the time until it has.
    ///
    /// A tenant may take as much as `tenantShare` times what is free (dynamic thresholds;
    /// Choudhury and Hahne, 1998): so one alone can't keep the others out, and needs no limit of
    /// its own while the others are away.
    mutating func admit(_ amount: Amount, of tenant: Tenant) throws(SubmissionRefused) {
        let total = open + amount
        guard total.fits(in: policy.open) else {
            throw .full(retryAfter: wait(for: amount, over: policy.open, by: total))
        }
        let free = policy.open - open
        // Whoever has nothing open is let in while there is room at all.
        guard let held = load[tenant], held.requests > 0 else { return }
        let bound = Amount(
            requests: free.requests * policy.tenantShare, tokens: free.tokens * policy.tenantShare,
            bytes: free.bytes * policy.tenantShare)
        guard (held + amount).fits(in: bound) else {
            throw .tenantFull(retryAfter: wait(for: amount, over: bound, by: held + amount))
        }
    }

    private mutating func wait(for amount: Amount, over bound: Amount, by total: Amount) -> Duration
    {
        let excess = Amount(
            requests: max(0, total.requests - bound.requests),
            tokens: max(0, total.tokens - bound.tokens),
            bytes: max(0, total.bytes - bound.bytes))
        return drainRate.wait(for: amount, excess: excess, at: clock)
    }

    // MARK: - Works and readers

    mutating func makeWork(_ submission: Submission) -> Int32 {
        sequence += 1
        let slot = works.insert(Work())
        while queuePlaces.count < works.capacity {
            queuePlaces.append(SlotHeap<Order>.absent)
            timerPlaces.append(SlotHeap<Moment>.absent)
        }
        works[slot].lane = submission.lane
        works[slot].priority = submission.priority
        works[slot].tenant = submission.tenant
        works[slot].order = Order(due: due(of: submission), sequence: sequence)
        works[slot].tokens = submission.tokens
        works[slot].bytes = submission.bytes
        works[slot].prefix = submission.prefix
        works[slot].sharing = submission.sharing
        register(slot)
        lanes[submission.lane].arrivals.came(at: clock)
        return slot
    }

    /// When a request should be answered: at its deadline, or when its class loses patience.
    func due(of submission: Submission) -> Moment {
        let patience = policy.classes[submission.priority].patience
        return submission.deadline ?? clock.advanced(by: patience)
    }

    mutating func addReader(
        to work: Int32, _ submission: Submission, _ amount: Amount
    ) -> Int32 {
        counts.submitted += 1
        let reader = readers.insert(Reader())
        let last = works[work].lastReader
        readers[reader].work = work
        readers[reader].previous = last
        readers[reader].deadline = submission.deadline ?? .never
        readers[reader].open = amount
        if last >= 0 { readers[last].next = reader } else { works[work].firstReader = reader }
        works[work].lastReader = reader
        works[work].readerCount += 1
        open += amount
        load[submission.tenant, default: Amount()] += amount
        return reader
    }

    /// Gives a request its outcome.
    ///
    /// What happens to the work that it was a reader of is up to the caller.
    mutating func end(_ reader: Int32, _ outcome: Outcome, _ actions: inout [BatcherAction]) {
        actions.append(.complete(Ticket(handle: readers.handle(of: reader)), outcome))
        switch outcome {
        case .answered: counts.answered += 1
        case .failed: counts.failed += 1
        case .expired: counts.expired += 1
        case .cancelled: counts.cancelled += 1
        case .closing: counts.closed += 1
        }
        let ended = readers[reader]
        if outcome == .expired || (outcome != .cancelled && ended.deadline < clock) {
            counts.late += 1
        }
        release(bytes: ended.backlog == nil ? 0 : ended.unreadBytes, &actions)
        let work = ended.work
        if ended.previous >= 0 {
            readers[ended.previous].next = ended.next
        } else {
            works[work].firstReader = ended.next
        }
        if ended.next >= 0 {
            readers[ended.next].previous = ended.previous
        } else {
            works[work].lastReader = ended.previous
        }
        works[work].readerCount -= 1
        readers.remove(reader)
        var freed = ended.open
        let heir = works[work].firstReader
        if heir >= 0, readers[heir].open.tokens + readers[heir].open.bytes == 0 {
            // The first of those who share a work holds what it takes; the next one takes over.
            readers[heir].open.tokens = freed.tokens
            readers[heir].open.bytes = freed.bytes
            freed = Amount(requests: freed.requests)
        }
        forget(freed, of: works[work].tenant)
    }

    private mutating func forget(_ amount: Amount, of tenant: Tenant) {
        open -= amount
        drainRate.ended(amount, at: clock)
        guard var held = load[tenant] else { return }
        held -= amount
        load[tenant] = held.requests == 0 ? nil : held
    }

    /// Takes a work that nobody waits for out of wherever it is.
    mutating func dispose(_ work: Int32, _ actions: inout [BatcherAction]) {
        precondition(works[work].readerCount == 0, "somebody waits for it")
        setTimer(work, at: .never)
        unregister(work)
        let lane = works[work].lane
        switch works[work].state {
        case .waiting:
            lanes[lane].waiting -= amount(of: work)
            lanes[lane].queue.remove(work, &works, &queuePlaces)
        case .apart:
            for index in lanes[lane].apart.indices {
                lanes[lane].apart[index].removeAll { $0 == work }
            }
            lanes[lane].apart.removeAll(where: \.isEmpty)
        case .running(let call):
            for index in calls[call].works.indices where calls[call].works[index] == work {
                calls[call].works[index] = -1
            }
            calls[call].wanted -= 1
            if calls[call].wanted == 0 { stop(call, &actions) }
        case .delayed, .ended: break
        }
        works.remove(work)
    }

    func amount(of work: Int32) -> Amount {
        Amount(requests: 1, tokens: works[work].tokens, bytes: works[work].bytes)
    }

    /// Puts a work into the queue of its lane.
    mutating func enqueue(_ work: Int32) {
        let lane = works[work].lane
        works[work].state = .waiting
        works[work].arrived = clock
        if lanes[lane].queue.count == 0 { lanes[lane].gatheringSince = clock }
        lanes[lane].waiting += amount(of: work)
        lanes[lane].queue.insert(work, &works, &queuePlaces)
        setTimer(work)
        touched.append(lane)
    }
}
