import Batching
import LedgerTesting
import Resilience
import Testing

/// Requests that share a call, and streamed answers that several read.
@Suite("Shared calls")
struct SharingTests {
    private func same(
        _ number: Int = 1, key: Int? = nil, isDeterministic: Bool = true, isRetry: Bool = false
    ) -> Sharing {
        Sharing(
            request: digest(number), isDeterministic: isDeterministic,
            idempotencyKey: key.map { digest($0) }, isClientRetry: isRetry)
    }

    @Test("equal deterministic requests share one call and its answer")
    func sharing() throws {
        var stand = try Stand.single(callsMax: 4)
        let leader = try stand.submit(request(sharing: same()), at: at(0))
        let call = try #require(stand.started.first)
        let follower = try stand.submit(request(sharing: same()), at: at(1))
        #expect(stand.started.isEmpty)
        stand.succeed(call, at: at(2))
        #expect(
            stand.outcomes == [
                leader: .answered(call.id, part: 0), follower: .answered(call.id, part: 0),
            ])
        #expect(stand.batcher.counts.shared == 1 && stand.batcher.counts.calls == 1)
        // What has ended is not shared any more: that is a cache's business.
        _ = try stand.submit(request(sharing: same()), at: at(3))
        #expect(stand.started.count == 1)
    }

    @Test("random requests, other tenants and other requests do not share")
    func strangers() throws {
        var stand = try Stand.single(callsMax: 9)
        _ = try stand.submit(request(sharing: same()), at: at(0))
        _ = try stand.submit(request(tenant: 2, sharing: same()), at: at(0))
        _ = try stand.submit(request(sharing: same(2)), at: at(0))
        _ = try stand.submit(request(sharing: same(3, isDeterministic: false)), at: at(0))
        _ = try stand.submit(request(sharing: same(3, isDeterministic: false)), at: at(0))
        #expect(stand.running.count == 5)
    }

    @Test("a client's retry joins what the client sent before, also if answers are random")
    func retries() throws {
        var stand = try Stand.single(callsMax: 9)
        _ = try stand.submit(request(sharing: same(isDeterministic: false)), at: at(0))
        _ = try stand.submit(
            request(sharing: same(isDeterministic: false, isRetry: true)), at: at(1))
        #expect(stand.running.count == 1)
    }

    @Test("an Idempotency-Key shares the same request, and refuses another one")
    func idempotency() throws {
        var stand = try Stand.single(callsMax: 9)
        let first = same(1, key: 50, isDeterministic: false)
        _ = try stand.submit(request(sharing: first), at: at(0))
        _ = try stand.submit(request(sharing: first), at: at(1))
        #expect(stand.running.count == 1)
        #expect(throws: SubmissionRefused.otherRequest) {
            try stand.submit(
                request(sharing: same(2, key: 50, isDeterministic: false)), at: at(2))
        }
        stand.succeed(try #require(stand.running.first), at: at(3))
        // The key is free once its request has ended.
        _ = try stand.submit(
            request(sharing: same(2, key: 50, isDeterministic: false)), at: at(4))
        #expect(stand.running.count == 1)
    }

    @Test("a leader's cancellation leaves the call to those who share it")
    func leaving() throws {
        var stand = try Stand.single()
        let leader = try stand.submit(request(tokens: 70, sharing: same()), at: at(0))
        let call = try #require(stand.started.first)
        let follower = try stand.submit(request(tokens: 70, sharing: same()), at: at(1))
        stand.cancel(leader, at: at(2))
        #expect(stand.running.count == 1)
        // The tokens are held until the last one has its outcome.
        #expect(stand.batcher.open == Amount(requests: 1, tokens: 70, bytes: 280))
        stand.succeed(call, at: at(3))
        #expect(stand.outcomes[follower] == .answered(call.id, part: 0))
        #expect(stand.batcher.open == Amount())
    }

    @Test("a call that waits is made for whoever is left of those who share it")
    func waitingLeader() throws {
        var stand = try Stand.single()
        _ = try stand.submit(request(), at: at(0))
        let leader = try stand.submit(request(sharing: same()), at: at(0))
        let follower = try stand.submit(request(sharing: same()), at: at(0))
        stand.cancel(leader, at: at(1))
        stand.succeed(try #require(stand.running.first), at: at(2))
        #expect(try #require(stand.started.first).members == [follower])
    }

    @Test("a follower with a nearer deadline or a better class takes the leader with it")
    func hurry() throws {
        var stand = try Stand.single()
        _ = try stand.submit(request(), at: at(0))
        let slow = try stand.submit(request(priority: 2, sharing: same()), at: at(0))
        let other = try stand.submit(request(), at: at(0))
        _ = try stand.submit(request(deadline: at(900), sharing: same()), at: at(1))
        stand.succeed(try #require(stand.running.first), at: at(2))
        #expect(stand.running.first?.members == [slow])
        stand.succeed(try #require(stand.running.first), at: at(3))
        #expect(stand.running.first?.members == [other])
    }

    @Test("each of those who share expires at its own deadline")
    func deadlines() throws {
        var stand = try Stand.single()
        _ = try stand.submit(request(), at: at(0))
        let hurried = try stand.submit(request(deadline: at(20), sharing: same()), at: at(0))
        let patient = try stand.submit(request(sharing: same()), at: at(0))
        stand.tick(at: at(20))
        #expect(stand.outcomes == [hurried: .expired])
        stand.succeed(try #require(stand.running.first), at: at(30))
        #expect(stand.running.first?.members == [patient])
    }

    @Test("an error is tried again once for all, and then told to each of them once")
    func errors() throws {
        var stand = try Stand.single { $0.attemptsMax = 2 }
        let tickets = try (0..<3).map { _ in
            try stand.submit(request(sharing: same()), at: at(0))
        }
        stand.fail(try #require(stand.running.first), .broken, at: at(1))
        #expect(stand.outcomes.isEmpty)
        stand.tick(at: stand.wake)
        stand.fail(try #require(stand.running.first), .broken, at: at(5_000))
        #expect(tickets.allSatisfy { stand.outcomes[$0] == .failed(CallFailure(.broken)) })
        #expect(stand.batcher.counts.calls == 2)
    }

    @Test("a call is shared by a bounded number; the next one gets its own")
    func crowd() throws {
        var stand = try Stand.single(callsMax: 9) { $0.sharersMax = 3 }
        for _ in 0..<4 { _ = try stand.submit(request(sharing: same()), at: at(0)) }
        #expect(stand.running.count == 2)
    }

    // MARK: - Streams

    @Test("who joins late reads the answer from its start, and each has the outcome after the end")
    func replay() throws {
        var stand = try Stand.single()
        let leader = try stand.submit(request(sharing: same()), at: at(0))
        let call = try #require(stand.started.first)
        stand.receive("Once ", of: call, at: at(1))
        #expect(stand.actions == [.readable(leader)])
        stand.receive("upon ", of: call, at: at(2))
        // It was told already, and has not read since.
        #expect(stand.actions.isEmpty)
        #expect(stand.read(leader, at: at(3)) == "Once upon ")
        let follower = try stand.submit(request(sharing: same()), at: at(4))
        #expect(stand.actions == [.readable(follower)])
        stand.receive("a time", of: call, at: at(5))
        #expect(stand.read(follower, at: at(6)) == "Once upon a time")
        stand.succeed(call, at: at(7))
        #expect(stand.outcomes == [follower: .answered(call.id, part: 0)])
        #expect(stand.read(leader, at: at(8)) == "a time")
        #expect(stand.outcomes[leader] == .answered(call.id, part: 0))
        #expect(stand.batcher.open == Amount() && stand.batcher.detachedBytes == 0)
    }

    @Test("a slow reader is detached, nobody waits for it, and it misses nothing")
    func detaching() throws {
        var stand = try Stand.single { policy in
            policy.replayBytesMax = 10
            policy.detachedBytesMax = 1_000
        }
        let slow = try stand.submit(request(sharing: same()), at: at(0))
        let call = try #require(stand.started.first)
        let quick = try stand.submit(request(sharing: same()), at: at(0))
        var (heard, sent) = ("", "")
        for number in 0..<20 {
            stand.receive("\(number);", of: call, at: at(number))
            sent += "\(number);"
            #expect(!stand.actions.contains(.pause(call.id)))
            heard += stand.read(quick, at: at(number))
        }
        #expect(heard == sent)
        #expect(stand.batcher.detachedBytes > 10)
        // The start of the answer is gone, so the next one gets its own call.
        _ = try stand.submit(request(sharing: same()), at: at(30))
        #expect(stand.batcher.waitingCount == 1)
        stand.succeed(call, at: at(40))
        #expect(stand.outcomes == [quick: .answered(call.id, part: 0)])
        #expect(stand.read(slow, at: at(90_000)) == sent)
        #expect(stand.outcomes[slow] == .answered(call.id, part: 0))
        #expect(stand.batcher.detachedBytes == 0)
    }

    @Test("a call is paused when everybody who reads it is behind, and resumed when one has read")
    func pausing() throws {
        var stand = try Stand.single { $0.replayBytesMax = 10 }
        let reader = try stand.submit(request(), at: at(0))
        let call = try #require(stand.started.first)
        stand.receive("0123456789", of: call, at: at(1))
        #expect(!stand.actions.contains(.pause(call.id)))
        stand.receive("x", of: call, at: at(2))
        #expect(stand.actions.contains(.pause(call.id)))
        #expect(stand.read(reader, at: at(3)) == "0123456789x")
        #expect(stand.actions.contains(.resume(call.id)))
    }

    @Test("an answer that breaks off begins anew only if nobody has read of it")
    func brokenOff() throws {
        var stand = try Stand.single(callsMax: 2)
        let reader = try stand.submit(request(), at: at(0))
        let call = try #require(stand.running.first)
        stand.receive("half", of: call, at: at(1))
        stand.fail(call, .lost, at: at(2))
        #expect(stand.outcomes.isEmpty)
        #expect(stand.read(reader, at: at(3)) == "")
        stand.tick(at: stand.wake)
        let second = try #require(stand.running.first)
        stand.receive("whole", of: second, at: at(5_000))
        #expect(stand.read(reader, at: at(5_001)) == "whole")
        stand.fail(second, .lost, at: at(5_002))
        #expect(stand.outcomes == [reader: .failed(CallFailure(.lost))])
    }
}
