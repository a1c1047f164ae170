import Batching
import LedgerModel
import LedgerTesting
import Resilience
import Testing

/// Calls that fail, in whole and in part.
@Suite("Failing calls")
struct FailureTests {
    @Test("a merged call delivers what succeeded and tries the rest again")
    func partial() throws {
        var stand = try Stand.merging(3)
        let first = try stand.submit(request(), at: at(0))
        let rest = try (0..<3).map { _ in try stand.submit(request(), at: at(0)) }
        stand.succeed(try #require(stand.running.first), at: at(1))
        let call = try #require(stand.running.first)
        #expect(call.members == rest)
        stand.answer(
            call,
            .results([
                .success(tokens: nil), .failure(CallFailure(.broken, status: 500)),
                .failure(CallFailure(.refused, status: 400)),
            ]), at: at(2))
        #expect(stand.outcomes.count == 3 && stand.outcomes[first] != nil)
        #expect(stand.outcomes[rest[0]] == .answered(call.id, part: 0))
        #expect(stand.outcomes[rest[2]] == .failed(CallFailure(.refused, status: 400)))
        stand.tick(at: stand.wake)
        let again = try #require(stand.running.first)
        #expect(again.members == [rest[1]] && again.attempt == 2)
        stand.succeed(again, at: at(3_000))
        #expect(stand.outcomes[rest[1]] == .answered(again.id, part: 0))
    }

    @Test("a poisonous request among a hundred is found, alone, in few calls")
    func bisection() throws {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        for count in [2, 3, 10, 64, 100] {
            let guilty = random.number(0..<count)
            var stand = try Stand.merging(count)
            _ = try stand.submit(request(), at: at(0))
            let tickets = try (0..<count).map { _ in try stand.submit(request(), at: at(0)) }
            stand.succeed(try #require(stand.running.first), at: at(1))
            let errorClass: ErrorClass = random.chance(0.5) ? .refused : .miscounted
            var calls = 0
            while let call = stand.running.first {
                calls += 1
                if call.members.contains(tickets[guilty]) {
                    stand.fail(call, errorClass, at: at(2))
                } else {
                    stand.succeed(call, at: at(2))
                }
            }
            for (number, ticket) in tickets.enumerated() {
                let outcome = try #require(stand.outcomes[ticket])
                if number == guilty {
                    #expect(outcome == .failed(CallFailure(errorClass)))
                } else if case .answered = outcome {
                } else {
                    Issue.record("request \(number) of \(count) was not answered")
                }
            }
            let depth = Int.bitWidth - (count - 1).leadingZeroBitCount
            #expect(calls <= 2 * depth + 1)
            #expect(stand.batcher.counts.retried == 0)
        }
    }

    @Test("an answer with too few or too many results loses nothing")
    func miscounts() throws {
        for extra in [-1, 1, -3] {
            var stand = try Stand.merging(3)
            _ = try stand.submit(request(), at: at(0))
            let tickets = try (0..<3).map { _ in try stand.submit(request(), at: at(0)) }
            stand.succeed(try #require(stand.running.first), at: at(1))
            let call = try #require(stand.running.first)
            let results = (0..<3 + extra).map { _ in PartResult.success(tokens: nil) }
            stand.answer(call, .results(results), at: at(2))
            // Each half is called on its own, and then has the right number.
            while let call = stand.running.first { stand.succeed(call, at: at(3)) }
            for ticket in tickets {
                guard case .answered(let id, _) = stand.outcomes[ticket] else {
                    Issue.record("a request was lost")
                    continue
                }
                #expect(id != call.id)
            }
        }
    }

    @Test("what is denied fails at once for everybody in the call")
    func denied() throws {
        var stand = try Stand.merging(5)
        _ = try stand.submit(request(), at: at(0))
        for _ in 0..<5 { _ = try stand.submit(request(), at: at(0)) }
        stand.succeed(try #require(stand.running.first), at: at(1))
        stand.fail(try #require(stand.running.first), .denied, at: at(2))
        #expect(stand.outcomes.values.count { $0 == .failed(CallFailure(.denied)) } == 5)
        #expect(stand.running.isEmpty)
    }

    @Test("retries wait a random time below a bound that doubles, and stop after some attempts")
    func backoff() throws {
        var waits: [[Int64]] = [[], [], []]
        for seed in 0..<200 {
            var policy = BatchingPolicy(lanes: [.single(callsMax: 1)])
            policy.upstreams[0].breaker.failuresMin = 1_000
            var stand = try Stand(policy, seed: UInt64(seed))
            _ = try stand.submit(request(), at: at(0))
            var now = at(0)
            for attempt in 0..<4 {
                stand.fail(try #require(stand.running.first), .broken, at: now)
                guard attempt < 3 else { break }
                waits[attempt].append(stand.wake.microseconds(since: now))
                now = stand.wake
                stand.tick(at: now)
            }
            #expect(stand.outcomes.count == 1)
        }
        for (attempt, bound) in [250_000, 500_000, 1_000_000].enumerated() {
            #expect(waits[attempt].allSatisfy { $0 >= 0 && $0 <= Int64(bound) })
            let mean = waits[attempt].reduce(0, +) / 200
            #expect(mean > Int64(bound) * 4 / 10 && mean < Int64(bound) * 6 / 10)
        }
    }

    @Test("Retry-After is waited for, by the whole lane")
    func retryAfter() throws {
        var stand = try Stand.single()
        _ = try stand.submit(request(), at: at(0))
        _ = try stand.submit(request(), at: at(0))
        stand.fail(
            try #require(stand.running.first), .limited, retryAfter: .seconds(3), at: at(10))
        #expect(stand.running.isEmpty)
        #expect(stand.wake == at(3_010))
        stand.tick(at: at(3_010))
        #expect(stand.running.count == 1)
    }

    @Test("no retry is waited for that would come after the deadline")
    func deadline() throws {
        var stand = try Stand.single()
        let ticket = try stand.submit(request(deadline: at(1_000)), at: at(0))
        stand.fail(
            try #require(stand.running.first), .limited, retryAfter: .seconds(3), at: at(10))
        #expect(
            stand.outcomes[ticket]
                == .failed(CallFailure(.limited, retryAfter: .seconds(3))))
    }

    @Test("retries are at most a fifth of the requests, or ten")
    func budget() throws {
        let seed = testSeed()
        for run in 0..<UInt64(5) {
            var policy = BatchingPolicy(lanes: [.single(callsMax: 50)])
            // Without the breaker, which would stop calls much earlier.
            policy.upstreams[0].breaker.failuresMin = .max
            policy.open.requests = 100_000
            var stand = try Stand(policy, seed: seed &+ run)
            for number in 0..<5_000 {
                let now = at(number * 10)
                _ = try stand.submit(request(), at: now)
                while let call = stand.running.first { stand.fail(call, .overloaded, at: now) }
            }
            let counts = stand.batcher.counts
            #expect(counts.sent == 5_000)
            #expect(counts.retried > 500 && counts.retried <= 1_000)
        }
    }

    @Test("a breaker opens after failures, probes with one call, and closes when it works")
    func breaker() throws {
        var stand = try Stand.single(callsMax: 10) { $0.attemptsMax = 1 }
        for _ in 0..<5 {
            _ = try stand.submit(request(), at: at(0))
            stand.fail(try #require(stand.running.first), .broken, at: at(0))
        }
        #expect(!stand.batcher.isClosed(upstream: 0))
        for _ in 0..<4 { _ = try stand.submit(request(), at: at(10)) }
        #expect(stand.running.isEmpty)
        let opens = stand.wake
        #expect(opens > at(700) && opens <= at(1_000))
        // A deadline before the next try is refused at once.
        do {
            _ = try stand.submit(request(deadline: at(500)), at: at(10))
            Issue.record("it was let in")
        } catch SubmissionRefused.upstreamDown(let delay) {
            #expect(delay.wholeMicroseconds == opens.microseconds(since: at(10)))
        }
        stand.tick(at: opens)
        #expect(stand.running.count == 1)
        // The probe fails: about twice as long.
        stand.fail(try #require(stand.running.first), .broken, at: opens)
        let later = stand.wake.microseconds(since: opens)
        #expect(later > 1_400_000 && later <= 2_000_000)
        stand.tick(at: stand.wake)
        stand.succeed(try #require(stand.running.first), at: at(5_000))
        #expect(stand.batcher.isClosed(upstream: 0))
        #expect(stand.running.count == 2)
    }

    @Test("the upstream's other lanes wait for the probe too")
    func commonBreaker() throws {
        var policy = BatchingPolicy(lanes: [.single(callsMax: 1), .single(callsMax: 1)])
        policy.attemptsMax = 1
        var stand = try Stand(policy)
        for _ in 0..<5 {
            _ = try stand.submit(request(), at: at(0))
            stand.fail(try #require(stand.running.first), .unreachable, at: at(0))
        }
        _ = try stand.submit(request(lane: 0), at: at(1))
        _ = try stand.submit(request(lane: 1), at: at(1))
        stand.tick(at: stand.wake)
        #expect(stand.running.count == 1)
        stand.succeed(try #require(stand.running.first), at: at(2_000))
        #expect(stand.running.count == 1)
    }

    @Test("HTTP answers are classed as SDKs of providers class them")
    func classes() {
        func read(_ status: Int, _ headers: [String: String] = [:]) -> CallFailure {
            CallFailure(status: status) { headers[$0] }
        }
        for status in [400, 413, 422] { #expect(read(status).errorClass == .refused) }
        for status in [401, 403, 404] { #expect(read(status).errorClass == .denied) }
        #expect(read(429).errorClass == .limited)
        for status in [503, 529] { #expect(read(status).errorClass == .overloaded) }
        for status in [408, 409, 500, 502, 504] { #expect(read(status).errorClass == .broken) }
        #expect(!read(500, ["x-should-retry": "false"]).errorClass.mayPass)
        #expect(read(400, ["x-should-retry": "true"]).errorClass.mayPass)
        #expect(read(429, ["retry-after": "7"]).retryAfter == .seconds(7))
        #expect(
            read(429, ["retry-after": "7", "retry-after-ms": "250"]).retryAfter
                == .milliseconds(250))
        #expect(read(429, ["retry-after": "Wed, 21 Oct"]).retryAfter == nil)
        #expect(read(429, ["retry-after": "-3"]).retryAfter == nil)
        #expect(read(429, ["retry-after": "1e300"]).retryAfter == .seconds(600))
    }
}
