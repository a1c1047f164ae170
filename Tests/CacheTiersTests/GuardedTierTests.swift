import CacheTiers
import PostgresTesting
import Testing

@Suite("How tiers are kept from making anybody wait")
struct GuardedTierTests {
    private struct Failure: Error {}

    private let clock = TestClock()
    private let notices = Notices()

    private func guarded() -> GuardedTier<Int> {
        GuardedTier(
            7, name: .disk, clock: TierClock(now: clock.now, pause: clock.pause),
            report: notices.add)
    }

    @Test("a tier that answers, but always too late, is left alone like one that fails")
    func late() async throws {
        let (guarded, clock) = (guarded(), clock)
        for number in 1...GuardedTier<Int>.failuresMax {
            let call = Task {
                await guarded.within(.milliseconds(20)) { tier in
                    _ = await clock.pause(.milliseconds(30))
                    return tier
                }
            }
            try await eventually("the call and its time are under way") { clock.sleeping == 2 }
            clock.advance(by: 0.02)
            #expect(await call.value == nil)
            try await eventually("it is counted") { guarded.counts.timeouts == number }
            clock.advance(by: 0.01)
        }
        #expect(guarded.counts.isPaused)
        #expect(notices.all == [.tierPaused(.disk, reason: "no answer within 0.02 seconds")])
        #expect(await guarded.within(.seconds(1)) { $0 } == nil)
        clock.advance(by: 1)
        #expect(await guarded.within(.seconds(1)) { $0 } == 7)
        try await eventually("it is used again") { !guarded.counts.isPaused }
        #expect(guarded.counts.skipped == 1 && guarded.counts.failures == 0)
    }

    @Test("of a tier that hangs, only so many calls hang with it")
    func hanging() async throws {
        let (guarded, clock) = (guarded(), clock)
        let calls = (0..<GuardedTier<Int>.runningMax).map { _ in
            Task { try await guarded.call { _ in await clock.pause(.seconds(9)) } }
        }
        try await eventually("the next one is refused") {
            let extra = Task { await guarded.within(.seconds(1)) { $0 } }
            return await extra.value == nil
        }
        calls.forEach { $0.cancel() }
        for call in calls { _ = await call.result }
        #expect(await guarded.within(.seconds(1)) { $0 } == 7)
    }

    @Test("what fails is counted, and its error goes to those who asked for it")
    func failing() async {
        let guarded = guarded()
        await #expect(throws: Failure.self) { try await guarded.call { _ in throw Failure() } }
        #expect(await guarded.tryCall { _ in throw Failure() } == false)
        let value = await guarded.within(.seconds(1)) { tier in
            if tier > 0 { throw Failure() }
            return tier
        }
        #expect(value == nil && guarded.counts.failures == 3 && !guarded.counts.isPaused)
    }
}
