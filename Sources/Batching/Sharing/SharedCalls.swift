/// Requests that are equal share a call.
extension RequestBatcher {
    /// The work that a request may share; nil if it needs its own.
    func sharedWork(for submission: Submission) throws(SubmissionRefused) -> Int32? {
        guard let sharing = submission.sharing else { return nil }
        if let key = sharing.idempotencyKey {
            let named = SharingKey(tenant: submission.tenant, digest: key)
            if let work = byIdempotencyKey[named] {
                guard works[work].sharing?.request == sharing.request else { throw .otherRequest }
                if hasRoom(work) { return work }
            }
        }
        let key = SharingKey(tenant: submission.tenant, digest: sharing.request)
        guard let work = byRequest[key], hasRoom(work) else { return nil }
        let isSame = sharing.isDeterministic && works[work].sharing?.isDeterministic == true
        return isSame || sharing.isClientRetry ? work : nil
    }

    /// Whether a further reader may join: also a late one has to get the answer from its start.
    private func hasRoom(_ work: Int32) -> Bool {
        works[work].readerCount < policy.sharersMax && works[work].stream?.isWhole ?? true
    }

    mutating func join(
        _ work: Int32, _ submission: Submission, _ actions: inout [BatcherAction]
    ) throws(SubmissionRefused) -> Ticket {
        // Its tokens and bytes are those of the one it joins.
        let amount = Amount(requests: 1)
        try admit(amount, of: submission.tenant)
        let reader = addReader(to: work, submission, amount)
        counts.shared += 1
        switch works[work].state {
        case .waiting: hurry(work, submission)
        case .delayed, .apart: setTimer(work)
        case .running:
            let bytes = works[work].stream?.bytes ?? 0
            readers[reader].unreadBytes = bytes
            if works[work].stream.map({ $0.count > 0 }) == true { tell(reader, &actions) }
        case .ended: preconditionFailure("what has ended is not shared")
        }
        return Ticket(handle: readers.handle(of: reader))
    }

    /// Lets a waiting work have the better class and the earlier deadline of who joins it.
    private mutating func hurry(_ work: Int32, _ submission: Submission) {
        let isHeavier =
            policy.classes[submission.priority].weight
            > policy.classes[works[work].priority].weight
        let due = due(of: submission)
        if isHeavier || due < works[work].order.due {
            let lane = works[work].lane
            lanes[lane].queue.remove(work, &works, &queuePlaces)
            if isHeavier { works[work].priority = submission.priority }
            works[work].order = Order(
                due: min(due, works[work].order.due), sequence: works[work].order.sequence)
            lanes[lane].queue.insert(work, &works, &queuePlaces)
        }
        setTimer(work)
    }

    /// Lets others find a work; of equal ones they find the first.
    mutating func register(_ work: Int32) {
        guard let sharing = works[work].sharing else { return }
        let tenant = works[work].tenant
        let request = SharingKey(tenant: tenant, digest: sharing.request)
        if byRequest[request] == nil { byRequest[request] = work }
        if let digest = sharing.idempotencyKey {
            let key = SharingKey(tenant: tenant, digest: digest)
            if byIdempotencyKey[key] == nil { byIdempotencyKey[key] = work }
        }
    }

    /// Lets nobody join any more.
    mutating func unregister(_ work: Int32) {
        guard let sharing = works[work].sharing else { return }
        let tenant = works[work].tenant
        let request = SharingKey(tenant: tenant, digest: sharing.request)
        if byRequest[request] == work { byRequest[request] = nil }
        if let digest = sharing.idempotencyKey {
            let key = SharingKey(tenant: tenant, digest: digest)
            if byIdempotencyKey[key] == work { byIdempotencyKey[key] = nil }
        }
    }
}
