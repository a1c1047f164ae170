import Resilience

/// Making calls, and what follows from their ends.
extension RequestBatcher {
    /// Makes the calls of a lane that can be made now, or names the moment to look again.
    mutating func pump(_ lane: Int, _ actions: inout [BatcherAction]) {
        if laneTimerPlaces[lane] != SlotHeap<Moment>.absent {
            laneTimers.remove(Int32(lane), &laneTimerPlaces)
        }
        let upstream = lanes[lane].policy.upstream
        while lanes[lane].running < lanes[lane].policy.callsMax {
            let hasApart = !lanes[lane].apart.isEmpty
            guard hasApart || lanes[lane].queue.count > 0 else { return }
            // Readers who fell behind must read before there is more to read.
            if detachedBytes >= policy.detachedBytesMax, !lanes[lane].policy.merges { return }
            if lanes[lane].restsUntil > clock { return look(lane, at: lanes[lane].restsUntil) }
            if !hasApart, let moment = gathersUntil(lane) { return look(lane, at: moment) }
            var isProbe = false
            switch upstreams[upstream].breaker.permission(at: clock) {
            case .yes: break
            case .probe:
                upstreams[upstream].breaker.beginProbe()
                isProbe = true
            case .notBefore(let moment): return look(lane, at: moment)
            case .afterProbe: return
            }
            let works = hasApart ? lanes[lane].apart.removeFirst() : form(lane)
            start(works, in: lane, isProbe: isProbe, isSearch: hasApart, &actions)
        }
    }

    private mutating func look(_ lane: Int, at moment: Moment) {
        laneTimers.insert(Int32(lane), key: moment, &laneTimerPlaces)
    }

    /// How long a lane should wait for more to merge; nil if it should call now.
    ///
    /// While no call runs, nobody is waited for: what comes meanwhile gathers by itself. Nor is
    /// anybody waited for who isn't expected within `waitMax`.
    private func gathersUntil(_ lane: Int) -> Moment? {
        let (queue, policy, waiting) = (lanes[lane].queue, lanes[lane].policy, lanes[lane].waiting)
        let missing = lanes[lane].target - queue.count
        guard policy.merges, missing > 0, lanes[lane].running > 0, closesAt == nil,
            waiting.tokens < policy.call.tokens, waiting.bytes < policy.call.bytes
        else { return nil }
        let longest = policy.waitMax.wholeMicroseconds
        let gap = lanes[lane].arrivals.gap
        guard gap <= longest else { return nil }
        let moment = lanes[lane].gatheringSince
            .advanced(byMicroseconds: min(longest, gap * Int64(missing)))
        return moment > clock ? moment : nil
    }

    /// Takes the works of the next call out of the queue.
    private mutating func form(_ lane: Int) -> [Int32] {
        var bound = lanes[lane].policy.call
        bound.requests = lanes[lane].target
        var taken: [Int32] = []
        var total = Amount()
        while let work = lanes[lane].queue.next(works, at: clock) {
            let more = amount(of: work)
            guard taken.isEmpty || (total + more).fits(in: bound) else { break }
            lanes[lane].queue.take(work, &works, &queuePlaces)
            taken.append(work)
            total += more
            if taken.count == bound.requests { break }
        }
        lanes[lane].waiting -= total
        lanes[lane].gatheringSince = clock
        return taken
    }

    private mutating func start(
        _ taken: [Int32], in lane: Int, isProbe: Bool, isSearch: Bool,
        _ actions: inout [BatcherAction]
    ) {
        let slot = calls.insert(RunningCall())
        calls[slot].lane = lane
        calls[slot].works = taken
        calls[slot].began = clock
        calls[slot].isProbe = isProbe
        calls[slot].isSearch = isSearch
        calls[slot].wanted = taken.count
        lanes[lane].running += 1
        var members: [Ticket] = []
        members.reserveCapacity(taken.count)
        var (duplicates, tokens, waited, attempt) = (0, 0, Int64(0), Int.max)
        for work in taken {
            works[work].state = .running(call: slot)
            setTimer(work, at: .never)
            count(work, in: lane, isSearch: isSearch)
            members.append(Ticket(handle: readers.handle(of: works[work].firstReader)))
            duplicates += works[work].readerCount - 1
            tokens += works[work].tokens
            waited = max(waited, clock.microseconds(since: works[work].arrived))
            attempt = min(attempt, works[work].attempts)
        }
        counts.calls += 1
        actions.append(
            .start(
                UpstreamCall(
                    id: CallID(handle: calls.handle(of: slot)), lane: lane, members: members,
                    duplicates: duplicates, tokens: tokens, waited: waited, attempt: attempt)))
    }

    private mutating func count(_ work: Int32, in lane: Int, isSearch: Bool) {
        if isSearch {
            counts.searched += 1
            return
        }
        works[work].attempts += 1
        if works[work].attempts == 1 {
            counts.sent += 1
            upstreams[lanes[lane].policy.upstream].retries.deposit()
        } else {
            counts.retried += 1
        }
    }

    /// Stops a call whose answer nobody wants.
    mutating func stop(_ slot: Int32, _ actions: inout [BatcherAction]) {
        actions.append(.stop(CallID(handle: calls.handle(of: slot))))
        remove(slot, isSuccess: nil)
    }

    private mutating func remove(_ slot: Int32, isSuccess: Bool?) {
        let call = calls[slot]
        calls.remove(slot)
        paused.remove(slot)
        lanes[call.lane].running -= 1
        touched.append(call.lane)
        let upstream = lanes[call.lane].policy.upstream
        let isChanged = upstreams[upstream].breaker.ended(
            isProbe: call.isProbe, isSuccess: isSuccess, at: clock, using: &chance)
        if isChanged { touched += upstreams[upstream].lanes }
    }

    // MARK: - Ends of calls

    mutating func finish(
        _ slot: Int32, _ id: CallID, _ answer: CallAnswer, _ actions: inout [BatcherAction]
    ) {
        let call = calls[slot]
        switch answer {
        case .failed(let failure):
            remove(slot, isSuccess: !failure.errorClass.isOfUpstream)
            fail(call, id, failure, &actions)
        case .results(let results) where results.count != call.works.count:
            remove(slot, isSuccess: true)
            fail(call, id, CallFailure(.miscounted), &actions)
        case .results(let results):
            let isSuccess = results.contains { result in
                if case .failure(let failure) = result {
                    !failure.errorClass.isOfUpstream
                } else {
                    true
                }
            }
            remove(slot, isSuccess: isSuccess)
            if lanes[call.lane].policy.merges, isSuccess, !call.isSearch {
                lanes[call.lane].sizer.took(
                    clock.microseconds(since: call.began), size: call.works.count,
                    began: call.began)
            }
            for (part, (work, result)) in zip(call.works, results).enumerated() where work >= 0 {
                switch result {
                case .success(let tokens):
                    if let tokens { lanes[call.lane].queue.correct(works[work], tokens: tokens) }
                    endAll(work, .answered(id, part: part), &actions)
                case .failure(let failure): retry(work, failure, &actions)
                }
            }
        }
    }

    /// A whole call has failed.
    ///
    /// If one request may be the reason, each half is called on its own, until the guilty one is
    /// alone: at most twice as many further calls as requests, and for a single guilty one among n
    /// twice the logarithm of n.
    private mutating func fail(
        _ call: RunningCall, _ id: CallID, _ failure: CallFailure,
        _ actions: inout [BatcherAction]
    ) {
        let wanted = call.works.filter { $0 >= 0 }
        if let delay = failure.retryAfter, failure.errorClass.mayPass {
            let moment = clock.advanced(by: min(delay, CallFailure.retryAfterMax))
            lanes[call.lane].restsUntil = max(lanes[call.lane].restsUntil, moment)
        }
        if lanes[call.lane].policy.merges, failure.errorClass.mayPass {
            lanes[call.lane].sizer.failed(began: call.began, at: clock)
        }
        guard failure.errorClass.mayBeOfOne, wanted.count > 1 else {
            for work in wanted { retry(work, failure, &actions) }
            return
        }
        let half = wanted.count / 2
        for part in [wanted[..<half], wanted[half...]] {
            lanes[call.lane].apart.append(Array(part))
            for work in part {
                works[work].state = .apart
                works[work].arrived = clock
                setTimer(work)
            }
        }
        expire(wanted, &actions)
    }

    /// Tries a work again later, if that may help and the budget allows it, or else ends it.
    private mutating func retry(
        _ work: Int32, _ failure: CallFailure, _ actions: inout [BatcherAction]
    ) {
        let upstream = lanes[works[work].lane].policy.upstream
        let delay = policy.backoff.microseconds(
            before: max(works[work].attempts, 1), retryAfter: failure.retryAfter, using: &chance)
        let moment = clock.advanced(byMicroseconds: delay)
        let closes = closesAt ?? .never
        guard failure.errorClass.mayPass, works[work].attempts < policy.attemptsMax,
            moment < min(lastDeadline(of: work), closes), forgetStream(of: work),
            upstreams[upstream].retries.withdraw()
        else {
            return endAll(
                work, .failed(failure), &actions)
        }
        works[work].state = .delayed
        works[work].readyAt = moment
        setTimer(work)
        expire([work], &actions)
    }

    private func lastDeadline(of work: Int32) -> Moment {
        var moment = Moment(microseconds: .min)
        var reader = works[work].firstReader
        while reader >= 0 {
            moment = max(moment, readers[reader].deadline)
            reader = readers[reader].next
        }
        return moment
    }

    /// Ends those whose deadline passed during a call that brought no answer.
    private mutating func expire(_ candidates: [Int32], _ actions: inout [BatcherAction]) {
        for work in candidates {
            var reader = works[work].firstReader
            var hasExpired = false
            while reader >= 0 {
                let next = readers[reader].next
                if readers[reader].deadline <= clock {
                    end(reader, .expired, &actions)
                    hasExpired = true
                }
                reader = next
            }
            guard hasExpired else { continue }
            if works[work].readerCount == 0 { dispose(work, &actions) } else { setTimer(work) }
        }
    }
}
