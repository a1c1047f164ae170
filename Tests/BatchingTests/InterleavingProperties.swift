import Batching
import LedgerTesting
import Resilience
import Testing

/// Random events in random order: requests, cancellations, answers of all kinds, pieces, reading,
/// time, and a drain at the end.
@Suite("Batchers under any interleaving")
struct InterleavingProperties {
    @Test("each accepted request has exactly one outcome, bounds hold, and draining ends")
    func outcomes() throws {
        let seed = testSeed()
        for run in 0..<UInt64(isSoaking ? 3_000 : 150) {
            var world = try World(seed: seed &+ run)
            for _ in 0..<400 { try world.step() }
            world.finish()
        }
    }

    @Test("the same events with the same seed have the same actions")
    func determinism() throws {
        let seed = testSeed()
        for run in 0..<UInt64(10) {
            var first = try World(seed: seed &+ run)
            var second = try World(seed: seed &+ run)
            for _ in 0..<300 {
                try first.step()
                try second.step()
                let isSame = first.stand.actions == second.stand.actions
                #expect(isSame)
            }
        }
    }

    private struct World {
        var stand: Stand
        private var random: SeededGenerator
        private var now = at(0)
        private var tickets: [Ticket] = []
        private var accepted: Set<Ticket> = []

        private static let open = Amount(requests: 60, tokens: 12_000, bytes: 60_000)

        init(seed: UInt64) throws {
            random = SeededGenerator(seed: seed)
            var merging = LanePolicy.merging(
                callsMax: 2, call: Amount(requests: 8, tokens: 2_000, bytes: 8_000),
                latencyGoal: .milliseconds(200), upstream: 1)
            if random.chance(0.5) { merging.sizeFixed = 6 }
            var policy = BatchingPolicy(
                lanes: [.single(callsMax: 3), merging, .single(callsMax: 1, upstream: 1)])
            policy.upstreams = [UpstreamPolicy(), UpstreamPolicy()]
            policy.open = Self.open
            policy.replayBytesMax = 40
            policy.detachedBytesMax = 200
            policy.sharersMax = 5
            stand = try Stand(policy, seed: seed)
        }

        mutating func step() throws {
            now = now.advanced(byMicroseconds: Int64(random.number(0..<60_000)))
            // Whoever drives a batcher wakes it when it said so.
            while stand.wake <= now { tick(at: stand.wake) }
            let call = stand.running.randomElement(using: &random)
            let ticket = tickets.randomElement(using: &random)
            switch (random.number(0..<20), call, ticket) {
            case (0..<8, _, _): submit()
            case (8, _, let ticket?): stand.cancel(ticket, at: now)
            case (9..<13, let call?, _): answer(call)
            case (13..<16, let call?, _) where call.members.count == 1 && call.lane != 1:
                stand.receive(
                    String(repeating: "x", count: random.number(1..<30)), of: call, at: now)
            case (16..<19, _, let ticket?): _ = stand.read(ticket, at: now)
            default: stand.tick(at: now)
            }
            check()
        }

        private mutating func tick(at moment: Moment) {
            stand.tick(at: moment)
            check()
        }

        private mutating func submit() {
            var submission = request(
                tokens: random.number(0..<900), tenant: random.number(0..<4),
                priority: random.number(0..<3), lane: random.number(0..<3))
            if random.chance(0.4) {
                submission.deadline = now.advanced(
                    byMicroseconds: Int64(random.number(1..<1_500_000)))
            }
            if random.chance(0.5) {
                let key = random.number(0..<6)
                submission.sharing = Sharing(
                    request: digest(key), isDeterministic: random.chance(0.7),
                    idempotencyKey: random.chance(0.2) ? digest(key + 100) : nil,
                    isClientRetry: random.chance(0.2))
                submission.lane = key % 3
                submission.tokens = 10 * key
            }
            if random.chance(0.3) { submission.prefix = [UInt64(random.number(0..<3)), 7] }
            do {
                let ticket = try stand.submit(submission, at: now)
                tickets.append(ticket)
                #expect(accepted.insert(ticket).inserted)
            } catch {
                #expect(error is SubmissionRefused)
            }
        }

        private mutating func answer(_ call: UpstreamCall) {
            let classes = ErrorClass.allCases
            switch random.number(0..<6) {
            case 0:
                let errorClass = classes.randomElement(using: &random) ?? .broken
                stand.fail(
                    call, errorClass,
                    retryAfter: random.chance(0.2) ? .milliseconds(300) : nil, at: now)
            case 1:
                let count = max(0, call.members.count + (random.chance(0.5) ? 1 : -1))
                let results = (0..<count).map { _ in PartResult.success(tokens: nil) }
                stand.answer(call, .results(results), at: now)
            default:
                let results = call.members.map { _ -> PartResult in
                    guard random.chance(0.15) else {
                        return .success(tokens: random.chance(0.5) ? random.number(0..<2_000) : nil)
                    }
                    return .failure(CallFailure(classes.randomElement(using: &random) ?? .broken))
                }
                stand.answer(call, .results(results), at: now)
            }
        }

        private mutating func check() {
            let (counts, open) = (stand.batcher.counts, stand.batcher.open)
            let isLive = stand.batcher.isLive
            let isCounted = stand.batcher.runningCount == stand.running.count
            let (repeated, ended) = (stand.repeated, stand.outcomes.count)
            #expect(open.fits(in: Self.open) && open.tokens >= 0 && open.bytes >= 0)
            #expect(isLive && isCounted)
            #expect(repeated == 0 && ended == counts.ended)
            #expect(counts.submitted == accepted.count)
            let running = stand.running
            for lane in 0..<3 {
                let bound = [3, 2, 1][lane]
                #expect(running.count { $0.lane == lane } <= bound)
            }
            for call in running where call.lane == 1 {
                #expect(call.members.count <= 8 && call.tokens <= 2_000)
            }
        }

        /// Half of the runs give what waits the time that it needs, half close after a second.
        mutating func finish() {
            let isPatient = random.chance(0.5)
            let end = isPatient ? Moment.never : now.advanced(by: .seconds(1))
            stand.drain(until: end, at: now)
            check()
            var steps = 0
            while !stand.isDrained, steps < 20_000 {
                steps += 1
                for ticket in tickets { _ = stand.read(ticket, at: now) }
                if let call = stand.running.first {
                    now = now.advanced(byMicroseconds: 1_000)
                    if random.chance(0.1) {
                        stand.fail(call, .broken, at: now)
                    } else {
                        stand.succeed(call, at: now)
                    }
                } else if stand.wake < .never {
                    now = max(now, stand.wake)
                    tick(at: now)
                }
                check()
            }
            let isDrained = stand.isDrained
            let isWhole = Set(stand.outcomes.keys) == accepted
            let (open, detached) = (stand.batcher.open, stand.batcher.detachedBytes)
            #expect(isDrained && isWhole && open == Amount() && detached == 0)
            #expect(throws: SubmissionRefused.closing) {
                try stand.submit(request(), at: now)
            }
        }
    }
}
