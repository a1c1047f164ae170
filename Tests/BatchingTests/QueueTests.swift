import Batching
import LedgerModel
import LedgerTesting
import Resilience
import Testing

/// Whose turn it is, and who is let in.
@Suite("Queues of a batcher")
struct QueueTests {
    @Test("a lone request is called at once, and its answer is its outcome")
    func alone() throws {
        var stand = try Stand.single()
        let ticket = try stand.submit(request(), at: at(0))
        let call = try #require(stand.started.first)
        #expect(call.members == [ticket])
        #expect(call.attempt == 1 && call.waited == 0)
        stand.succeed(call, at: at(10))
        #expect(stand.outcomes == [ticket: .answered(call.id, part: 0)])
    }

    /// The tags of requests in the order in which they are called, one at a time.
    private func order(
        of submissions: [Submission], _ change: (inout BatchingPolicy) -> Void = { _ in }
    ) throws -> [Int] {
        var stand = try Stand.single(callsMax: 1, change)
        _ = try stand.submit(request(tenant: 99), at: at(0))
        var index: [Ticket: Int] = [:]
        for (number, submission) in submissions.enumerated() {
            index[try stand.submit(submission, at: at(0))] = number
        }
        var order: [Int] = []
        while let call = stand.running.first {
            order += call.members.compactMap { index[$0] }
            stand.succeed(call, at: at(1))
        }
        return order
    }

    @Test("within a class the earliest deadline goes first, and what came first among equals")
    func deadlines() throws {
        let order = try order(of: [
            request(deadline: at(9_000)), request(deadline: at(3_000)), request(),
            request(deadline: at(3_000)), request(deadline: at(7_000)),
        ])
        // A request without a deadline is due when its class loses patience: after 5 s.
        #expect(order == [1, 3, 2, 4, 0])
    }

    @Test("a class is served by its weight while all of them wait, and none starves")
    func weights() throws {
        var submissions: [Submission] = []
        for _ in 0..<210 {
            for priority in 0..<3 { submissions.append(request(priority: priority)) }
        }
        let order = try order(of: submissions) { $0.classAllowanceTokens = 0 }
        let served = order.prefix(210).reduce(into: [0, 0, 0]) { $0[$1 % 3] += 1 }
        #expect(served == [160, 40, 10])
        // In every 21 calls, each class has one at least.
        for start in stride(from: 0, to: 189, by: 21) {
            #expect(Set(order[start..<start + 21].map { $0 % 3 }).count == 3)
        }
    }

    @Test("tenants that wait all the time are served the same within the allowance and a request")
    func fairness() throws {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        for _ in 0..<30 {
            let allowance = random.number(0..<3_000)
            let tenants = random.number(2..<6)
            var submissions: [Submission] = []
            for number in 0..<600 {
                // One of them sends small requests that are due early.
                let tenant = number % tenants
                let tokens = tenant == 0 ? 50 : random.number(1..<500)
                submissions.append(
                    request(
                        tokens: tokens, tenant: tenant,
                        deadline: tenant == 0 ? at(1_000) : at(9_000 + number)))
            }
            let order = try order(of: submissions) { policy in
                policy.allowanceTokens = allowance
                policy.tenantShare = 1_000
            }
            var served = Array(repeating: 0, count: tenants)
            var left = Array(repeating: 600 / tenants, count: tenants)
            for number in order {
                served[number % tenants] += submissions[number].tokens
                left[number % tenants] -= 1
                guard left.allSatisfy({ $0 > 0 }) else { break }
                let (least, most) = (served.min() ?? 0, served.max() ?? 0)
                #expect(most - least <= allowance + 1_000)
            }
        }
    }

    @Test("who was idle is not owed anything")
    func idleness() throws {
        var stand = try Stand.single { $0.allowanceTokens = 0 }
        for _ in 0..<50 { _ = try stand.submit(request(tenant: 1), at: at(0)) }
        for _ in 0..<40 {
            stand.succeed(try #require(stand.running.first), at: at(1))
        }
        var late: [Ticket] = []
        for _ in 0..<10 { late.append(try stand.submit(request(tenant: 2), at: at(2))) }
        var order: [Bool] = []
        while let call = stand.running.first {
            order.append(late.contains(call.members[0]))
            stand.succeed(call, at: at(3))
        }
        // They take turns; the newcomer doesn't go first until it has caught up.
        #expect(order.dropFirst().prefix(8).count { $0 } == 4)
    }

    @Test("requests whose prompts begin alike go one after another, while no deadline is near")
    func prefixes() throws {
        func asked(_ start: UInt64, deadline: Moment) -> Submission {
            var submission = request(deadline: deadline)
            submission.prefix = [start, start + 100]
            return submission
        }
        let far = (0..<8).map { asked(UInt64($0 % 2), deadline: at(60_000 + $0)) }
        #expect(try order(of: far) == [0, 2, 4, 6, 1, 3, 5, 7])
        let near = (0..<8).map { asked(UInt64($0 % 2), deadline: at(1_000 + $0)) }
        #expect(try order(of: near) == Array(0..<8))
    }

    @Test("a request is passed a bounded number of times")
    func passing() throws {
        var submissions: [Submission] = []
        for number in 0..<40 {
            var submission = request(deadline: at(60_000 + number))
            submission.prefix = [number == 1 ? 7 : 3]
            submissions.append(submission)
        }
        let order = try order(of: submissions)
        let place = try #require(order.firstIndex(of: 1))
        #expect(place > 1 && place <= 9)
    }

    // MARK: - Deadlines

    @Test("a request that is not called by its deadline expires then, also if nobody ticks")
    func expiry() throws {
        var stand = try Stand.single()
        _ = try stand.submit(request(), at: at(0))
        let waiting = try stand.submit(request(deadline: at(50)), at: at(1))
        #expect(stand.wake == at(50))
        let other = try stand.submit(request(), at: at(60))
        #expect(stand.outcomes == [waiting: .expired])
        #expect(stand.batcher.counts.late == 1)
        stand.cancel(other, at: at(61))
        #expect(stand.batcher.waitingCount == 0)
    }

    @Test("a call goes on past the deadline, and its answer counts as late")
    func lateAnswer() throws {
        var stand = try Stand.single()
        let ticket = try stand.submit(request(deadline: at(50)), at: at(0))
        let call = try #require(stand.started.first)
        stand.succeed(call, at: at(70))
        #expect(stand.outcomes[ticket] == .answered(call.id, part: 0))
        #expect(stand.batcher.counts.late == 1)
    }

    // MARK: - Bounds

    @Test("what cannot be right is refused with the reason, and changes nothing")
    func refusals() throws {
        var stand = try Stand.merging(4)
        let before = stand.batcher.open
        func refused(_ submission: Submission) throws -> SubmissionRefused? {
            do {
                _ = try stand.submit(submission, at: at(1_000))
                return nil
            } catch let refusal as SubmissionRefused {
                return refusal
            }
        }
        #expect(try refused(request(deadline: at(999))) == .deadlinePast(byMicroseconds: 1_000))
        #expect(try refused(request(deadline: at(1_000))) == .deadlinePast(byMicroseconds: 0))
        #expect(try refused(request(priority: 3)) == .priority(3, classes: 3))
        #expect(try refused(request(priority: -1)) == .priority(-1, classes: 3))
        #expect(try refused(request(lane: 1)) == .unknownLane(1, count: 1))
        #expect(try refused(request(tokens: -5)) == .negative(tokens: -5, bytes: -20))
        let large = try #require(try refused(request(tokens: 100_001)))
        #expect(large.kind == .tooLarge)
        #expect(large.description.contains("100000 tokens"))
        var long = request()
        long.prefix = Array(repeating: 1, count: 65)
        #expect(try refused(long) == .prefixTooLong(65, max: 64))
        #expect(stand.batcher.open == before && stand.running.isEmpty)
        #expect(stand.batcher.counts.refused == 8)
    }

    @Test("policies that cannot be followed are refused by the name of the member")
    func policies() {
        func refused(_ change: (inout BatchingPolicy) -> Void) -> String? {
            var policy = BatchingPolicy(lanes: [.single(callsMax: 1)])
            change(&policy)
            do {
                _ = try RequestBatcher(policy, seed: 1)
                return nil
            } catch {
                return error.member
            }
        }
        #expect(refused { _ in } == nil)
        #expect(refused { $0.lanes = [] } == "lanes")
        #expect(refused { $0.lanes[0].upstream = 1 } == "upstream")
        #expect(refused { $0.lanes[0].callsMax = 0 } == "calls_max")
        #expect(refused { $0.lanes[0].call.requests = 0 } == "call.requests")
        #expect(refused { $0.lanes[0].waitMax = .seconds(-1) } == "wait_max")
        #expect(refused { $0.classes = [] } == "classes")
        #expect(
            refused {
                $0.classes = [PriorityClass(name: "x", weight: 0, patience: .seconds(1))]
            } == "weight")
        #expect(refused { $0.upstreams[0].retries.share = 1.5 } == "retries.share")
        #expect(refused { $0.open.tokens = 0 } == "open")
        #expect(refused { $0.attemptsMax = 0 } == "attempts_max")
        #expect(refused { $0.backoff.first = .seconds(7_200) } == "backoff")
        #expect(refused { $0.upstreams[0].breaker.openFirst = .zero } == "breaker")
    }

    @Test("absurd times and counts do no harm")
    func absurdities() throws {
        var stand = try Stand.single()
        let start = Moment(microseconds: .min + 1)
        var far = request(deadline: .never)
        far.prefix = [1]
        for _ in 0..<3 { _ = try stand.submit(far, at: start) }
        var now = start
        while let call = stand.running.first {
            now = now.advanced(byMicroseconds: .max)
            stand.answer(call, .results([.success(tokens: .max)]), at: now)
        }
        _ = try stand.submit(request(), at: start)
        stand.answer(
            try #require(stand.running.first), .results([.success(tokens: .min)]), at: at(0))
        #expect(stand.outcomes.count == 4)
        let longest = CallFailure(.limited, retryAfter: .seconds(Int64.max))
        _ = try stand.submit(request(), at: at(0))
        stand.answer(try #require(stand.running.first), .failed(longest), at: at(0))
        stand.drain(until: at(0), at: at(0))
        #expect(stand.isDrained && stand.outcomes.count == 5)
    }

    @Test("a full batcher says when there is room, by how fast requests end")
    func backpressure() throws {
        var stand = try Stand.single { $0.open.requests = 100 }
        // Ten requests a second end.
        for second in 0..<5 {
            for number in 0..<10 {
                let now = at(second * 1_000 + number * 100)
                _ = try stand.submit(request(tenant: number), at: now)
                stand.succeed(try #require(stand.running.first), at: now)
            }
        }
        for tenant in 0..<100 { _ = try stand.submit(request(tenant: tenant), at: at(5_000)) }
        func wait() -> Duration? {
            do {
                _ = try stand.submit(request(tenant: 500), at: at(5_000))
                return nil
            } catch SubmissionRefused.full(let delay) {
                return delay
            } catch { return nil }
        }
        // The first of those who come back needs one to end, the twentieth twenty.
        #expect(try #require(wait()) == .seconds(1))
        for _ in 0..<18 { _ = wait() }
        let twentieth = try #require(wait())
        #expect(twentieth >= .milliseconds(1_900) && twentieth <= .milliseconds(2_100))
    }

    @Test("nothing is promised sooner than in a second, nor later than in a minute")
    func promises() throws {
        var stand = try Stand.single { $0.open.requests = 1 }
        _ = try stand.submit(request(), at: at(0))
        do {
            _ = try stand.submit(request(tenant: 2), at: at(0))
            Issue.record("it was let in")
        } catch SubmissionRefused.full(let delay) {
            #expect(delay == .seconds(60))
        }
    }

    @Test("one tenant cannot keep the others out")
    func shares() throws {
        var stand = try Stand.single { policy in
            policy.open.requests = 100
            policy.tenantShare = 4
        }
        var accepted = 0
        do {
            while true {
                _ = try stand.submit(request(tenant: 1), at: at(0))
                accepted += 1
            }
        } catch {
            #expect(error as? SubmissionRefused == .tenantFull(retryAfter: .seconds(60)))
        }
        #expect(accepted == 80)
        for tenant in 2..<12 { _ = try stand.submit(request(tenant: tenant), at: at(0)) }
        #expect(stand.batcher.open.requests == 90)
    }

    @Test("tenants are forgotten once nothing of them is left")
    func memory() throws {
        var stand = try Stand.single(callsMax: 4)
        for tenant in 0..<5_000 {
            _ = try stand.submit(request(tenant: tenant), at: at(tenant))
            if stand.running.count == 4 { stand.succeed(stand.running[0], at: at(tenant)) }
        }
        #expect(stand.batcher.rememberedTenants < 100)
    }

    // MARK: - Leaving

    @Test("whoever leaves while waiting is not called, and who leaves alone stops the call")
    func cancellation() throws {
        var stand = try Stand.single()
        let first = try stand.submit(request(), at: at(0))
        let second = try stand.submit(request(), at: at(0))
        let call = try #require(stand.running.first)
        stand.cancel(second, at: at(1))
        #expect(stand.outcomes == [second: .cancelled])
        stand.cancel(first, at: at(2))
        #expect(stand.actions.contains(.stop(call.id)))
        #expect(stand.batcher.runningCount == 0 && stand.batcher.open == Amount())
        // Both are over: nothing more is said, whatever else is told of them.
        stand.cancel(first, at: at(3))
        stand.succeed(call, at: at(3))
        #expect(stand.actions.isEmpty)
    }

    @Test("a drained batcher finishes what it has, takes nothing new, and says when it is done")
    func draining() throws {
        var stand = try Stand.merging(8)
        _ = try stand.submit(request(), at: at(0))
        let waiting = try stand.submit(request(), at: at(0))
        stand.drain(until: at(10_000), at: at(1))
        #expect(throws: SubmissionRefused.closing) { try stand.submit(request(), at: at(2)) }
        stand.succeed(try #require(stand.running.first), at: at(5))
        #expect(!stand.isDrained)
        stand.succeed(try #require(stand.running.first), at: at(9))
        #expect(stand.isDrained)
        guard case .answered = stand.outcomes[waiting] else {
            Issue.record("what waited was not answered")
            return
        }
    }

    @Test("what is not done when a drain ends has the outcome closing, once")
    func closing() throws {
        var stand = try Stand.single()
        let running = try stand.submit(request(), at: at(0))
        let waiting = try stand.submit(request(), at: at(0))
        let call = try #require(stand.running.first)
        stand.drain(until: at(100), at: at(1))
        #expect(stand.wake == at(100))
        stand.tick(at: at(100))
        #expect(stand.outcomes == [running: .closing, waiting: .closing])
        #expect(stand.actions.contains(.stop(call.id)) && stand.isDrained)
    }
}
