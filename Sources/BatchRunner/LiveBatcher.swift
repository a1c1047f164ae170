package import Batching
package import LedgerModel
package import Resilience

/// Runs a `RequestBatcher`: makes its calls, keeps its clock, hands out its answers.
///
/// Everything that decides is in the batcher; here are the bodies, the tasks and those who wait.
package actor LiveBatcher {
    /// Why a request has no answer.
    package enum Failed: Error, Equatable {
        case upstream(CallFailure)
        case expired, cancelled, closing
    }

    private struct Entry {
        let member: LiveCall.Member
        let isStreamed: Bool
        var outcome: Result<[UInt8], Failed>?
        var isReadable = false
        /// Whoever waits for a piece or the outcome.
        var waiter: CheckedContinuation<Void, Never>?
    }

    private var batcher: RequestBatcher
    private let targets: [LiveTarget]
    private let clock: @Sendable () -> Moment
    private var entries: [Ticket: Entry] = [:]
    private var tasks: [CallID: Task<Void, Never>] = [:]
    private var answers: [CallID: [[UInt8]]] = [:]
    private var paused: [CallID: CheckedContinuation<Void, Never>?] = [:]
    private var wake: Task<Void, Never>?
    private var drained: [CheckedContinuation<Void, Never>] = []
    private var isDrained = false

    /// - Parameters:
    ///   - targets: one for each lane of the policy; or none, if each request brings its own.
    ///   - clock: microseconds since any moment.
    package init(
        _ policy: BatchingPolicy, targets: [LiveTarget] = [], seed: UInt64,
        clock: @escaping @Sendable () -> Moment
    ) throws(PolicyRefused) {
        precondition(
            targets.isEmpty || targets.count == policy.lanes.count, "each lane has its target")
        batcher = try RequestBatcher(policy, seed: seed)
        self.targets = targets
        self.clock = clock
    }

    package var counts: BatcherCounts { batcher.counts }

    // MARK: Asking

    /// Submits a request; its answer is then waited for, or read piece by piece.
    ///
    /// - Parameter target: how this request is called; nil for what its lane has.
    /// - Throws: `SubmissionRefused`; or `EmbeddingFault` in a lane that merges.
    package func submit(
        _ body: [UInt8], as submission: Submission, isStreamed: Bool = false,
        target: LiveTarget? = nil
    ) throws -> Ticket {
        let lane = submission.lane
        guard batcher.policy.lanes.indices.contains(lane) else {
            throw SubmissionRefused.unknownLane(lane, count: batcher.policy.lanes.count)
        }
        let merges = batcher.policy.lanes[lane].merges
        let entry = Entry(
            member: LiveCall.Member(
                body: body, embedding: merges ? try EmbeddingRequest(body) : nil,
                tokens: submission.tokens, target: target ?? targets[lane]),
            isStreamed: isStreamed && !merges)
        var actions: [BatcherAction] = []
        let ticket: Ticket
        do { ticket = try batcher.submit(submission, at: clock(), &actions) } catch {
            perform(actions)
            throw error
        }
        entries[ticket] = entry
        perform(actions)
        return ticket
    }

    /// The whole answer; whoever is cancelled leaves its call to those who share it.
    package func answer(to ticket: Ticket) async throws -> [UInt8] {
        defer { entries[ticket] = nil }
        var streamed: [UInt8] = []
        while true {
            streamed += readAll(ticket)
            if let outcome = entries[ticket]?.outcome {
                let body = try outcome.get()
                return streamed.isEmpty ? body : streamed
            }
            guard entries[ticket] != nil else { throw Failed.cancelled }
            try await waitForMore(ticket)
        }
    }

    /// The next pieces of a streamed answer; nil at its end.
    package func next(of ticket: Ticket) async throws -> [UInt8]? {
        while true {
            let pieces = readAll(ticket)
            if !pieces.isEmpty { return pieces }
            if let outcome = entries[ticket]?.outcome {
                entries[ticket] = nil
                _ = try outcome.get()
                return nil
            }
            guard entries[ticket] != nil else { return nil }
            try await waitForMore(ticket)
        }
    }

    /// Cancels a request whose answer nobody reads on; nothing if it was read to its end.
    package func leave(_ ticket: Ticket) {
        cancel(ticket)
        entries[ticket] = nil
    }

    package func cancel(_ ticket: Ticket) {
        act { batcher, now, actions in batcher.cancel(ticket, at: now, &actions) }
    }

    /// Takes no more, and returns once everything has its outcome; what has none after a time is
    /// told so.
    package func drain(within time: Duration) async {
        let until = clock().advanced(byMicroseconds: time.micros)
        act { batcher, now, actions in batcher.drain(until: until, at: now, &actions) }
        if isDrained { return }
        await withCheckedContinuation { drained.append($0) }
    }

    private func readAll(_ ticket: Ticket) -> [UInt8] {
        guard entries[ticket]?.isReadable == true else { return [] }
        entries[ticket]?.isReadable = false
        var actions: [BatcherAction] = []
        let pieces = batcher.read(ticket, at: clock(), &actions)
        perform(actions)
        return Array(pieces.joined())
    }

    private func waitForMore(_ ticket: Ticket) async throws {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                guard let entry = entries[ticket], entry.outcome == nil, !entry.isReadable,
                    !Task.isCancelled
                else { return waiter.resume() }
                entries[ticket]?.waiter = waiter
            }
        } onCancel: {
            Task { await self.cancel(ticket) }
        }
        if Task.isCancelled {
            cancel(ticket)
            throw CancellationError()
        }
    }

    // MARK: Doing

    private func act(_ event: (inout RequestBatcher, Moment, inout [BatcherAction]) -> Void) {
        var actions: [BatcherAction] = []
        event(&batcher, clock(), &actions)
        perform(actions)
    }

    private func perform(_ actions: [BatcherAction]) {
        for action in actions {
            switch action {
            case .start(let call): start(call)
            case .stop(let call):
                tasks.removeValue(forKey: call)?.cancel()
                (paused.removeValue(forKey: call) ?? nil)?.resume()
            case .pause(let call): if paused[call] == nil { paused[call] = .some(nil) }
            case .resume(let call): (paused.removeValue(forKey: call) ?? nil)?.resume()
            case .readable(let ticket):
                entries[ticket]?.isReadable = true
                tell(ticket)
            case .complete(let ticket, let outcome):
                entries[ticket]?.outcome = result(outcome)
                tell(ticket)
            case .wake(let moment): sleep(until: moment)
            case .drained:
                isDrained = true
                for waiter in drained { waiter.resume() }
                drained = []
            }
        }
    }

    private func tell(_ ticket: Ticket) {
        entries[ticket]?.waiter?.resume()
        entries[ticket]?.waiter = nil
    }

    private func result(_ outcome: Outcome) -> Result<[UInt8], Failed> {
        switch outcome {
        case .answered(let call, let part): .success(answers[call]?[part] ?? [])
        case .failed(let failure): .failure(.upstream(failure))
        case .expired: .failure(.expired)
        case .cancelled: .failure(.cancelled)
        case .closing: .failure(.closing)
        }
    }

    private func sleep(until moment: Moment) {
        wake?.cancel()
        let time = Duration.microseconds(max(0, moment.microseconds(since: clock())))
        wake = Task {
            do { try await Task.sleep(for: time) } catch { return }
            self.act { batcher, now, actions in batcher.tick(at: now, &actions) }
        }
    }

    // MARK: Calling

    private func start(_ call: UpstreamCall) {
        let members = call.members.compactMap { entries[$0] }
        let formed = LiveTarget.Formed(
            requests: members.count, duplicates: call.duplicates,
            waited: .microseconds(call.waited),
            isFull: members.count >= batcher.callSize(ofLane: call.lane))
        tasks[call.id] = Task {
            let ended: LiveCall.End
            if members.first?.isStreamed == true, members.count == 1 {
                ended = await LiveCall.stream(members[0].member) {
                    await self.received($0, of: call.id)
                }
            } else {
                ended = await LiveCall.together(members.map(\.member), formed)
            }
            if !Task.isCancelled { self.ended(call.id, ended) }
        }
    }

    private func received(_ piece: [UInt8], of call: CallID) async {
        act { batcher, now, actions in batcher.received(piece, of: call, at: now, &actions) }
        guard paused[call] != nil else { return }
        await withCheckedContinuation { waiter in
            guard paused[call] != nil else { return waiter.resume() }
            paused[call] = .some(waiter)
        }
    }

    private func ended(_ call: CallID, _ end: LiveCall.End) {
        tasks[call] = nil
        answers[call] = end.bodies
        act { batcher, now, actions in batcher.answered(call, end.answer, at: now, &actions) }
        // Whoever shares it was told just now; those who still read have their own pieces.
        answers[call] = nil
    }
}

extension LiveBatcher.Failed: Fault {
    package var kind: FaultKind {
        switch self {
        case .upstream(let failure): failure.kind
        case .expired: .tookTooLong
        case .cancelled: .conflict
        case .closing: .closing
        }
    }

    package var description: String {
        switch self {
        case .upstream(let failure): failure.description
        case .expired:
            "the request waited until its deadline: give a later one, or a more urgent class"
        case .cancelled: "the request was cancelled: send it again"
        case .closing: "the service stops: send the request again"
        }
    }
}
