import LedgerModel
import LedgerTesting
import Spooling
import TallyClient
import Testing

/// When the client sends, and how it reacts to answers, in simulated time.
@Suite("The courier")
struct CourierTests {
    private static let limits = Courier.Limits(
        batchRecordsMax: 100, batchBytesMax: 10_000, batchAgeMax: .milliseconds(500),
        pauseMax: .seconds(60))
    private var courier = Courier(limits)
    private var generator = SeededGenerator(seed: 1)

    private func waiting(_ records: Int) -> Spool.Waiting {
        Spool.Waiting(records: records, bytes: records * 10)
    }

    private mutating func settle(
        _ outcome: IngestOutcome, sent: Int = 10, at now: Duration
    ) -> Courier.Verdict {
        courier.settle(outcome, sent: sent, at: now, using: &generator)
    }

    private func pauseEnd(_ action: Courier.Action) -> Duration? {
        if case .wait(let time, _) = action { time } else { nil }
    }

    @Test("records wait for others as long as the batch age, and no longer")
    mutating func age() {
        #expect(
            courier.next(waiting(0), at: .zero)
                == .wait(until: nil, orFor: Spool.Waiting(records: 1, bytes: 1)))
        let full = Spool.Waiting(records: 100, bytes: 10_000)
        let wait = Courier.Action.wait(until: .milliseconds(600), orFor: full)
        #expect(courier.next(waiting(1), at: .milliseconds(100)) == wait)
        #expect(courier.next(waiting(9), at: .milliseconds(599)) == wait)
        #expect(
            courier.next(waiting(9), at: .milliseconds(600))
                == .send(recordsMax: 100, bytesMax: 10_000))
    }

    @Test("a full batch, by count or by bytes, is sent at once")
    mutating func full() {
        let send = Courier.Action.send(recordsMax: 100, bytesMax: 10_000)
        #expect(courier.next(waiting(100), at: .zero) == send)
        #expect(courier.next(Spool.Waiting(records: 2, bytes: 10_000), at: .zero) == send)
    }

    @Test("a closing courier sends at once, and stops when nothing is left")
    mutating func closing() {
        courier.close()
        #expect(
            courier.next(waiting(1), at: .zero) == .send(recordsMax: 100, bytesMax: 10_000))
        #expect(settle(.stored(duplicates: 0, refused: []), at: .zero) == .forget(refused: []))
        #expect(courier.next(waiting(0), at: .zero) == .stop)
    }

    @Test("Retry-After is respected, with some jitter above it, up to ten minutes")
    mutating func retryAfter() {
        for (asked, least) in [(7, 7), (1_000_000, 600)] {
            courier = Courier(Self.limits)
            let outcome = IngestOutcome.unavailable(retryAfter: .seconds(asked), "busy")
            #expect(settle(outcome, at: .zero) == .keep)
            let end = pauseEnd(courier.next(waiting(10), at: .zero)) ?? .zero
            #expect(end >= .seconds(least) && end <= .seconds(least + 1))
        }
    }

    @Test("pauses are random, below a bound that doubles up to its limit")
    mutating func jitter() {
        var longest: [Duration] = Array(repeating: .zero, count: 14)
        var shortest: [Duration] = Array(repeating: .seconds(1_000), count: 14)
        for _ in 0..<300 {
            courier = Courier(Self.limits)
            for failure in 0..<14 {
                _ = settle(.unavailable(retryAfter: nil, "gone"), at: .zero)
                let pause = pauseEnd(courier.next(waiting(10), at: .zero)) ?? .zero
                longest[failure] = max(longest[failure], pause)
                shortest[failure] = min(shortest[failure], pause)
            }
        }
        for failure in 0..<14 {
            let bound = min(.seconds(60), Courier.pauseMin * (1 << failure))
            #expect(longest[failure] <= bound && longest[failure] >= bound * 0.9)
            #expect(shortest[failure] <= bound * 0.1)
        }
    }

    /// The number of calls to a service that always gives the same answer.
    private mutating func calls(
        within time: Duration, to outcome: IngestOutcome,
        using generator: inout some RandomNumberGenerator
    ) -> Int {
        var now = Duration.zero
        var calls = 0
        while now < time {
            switch courier.next(waiting(10), at: now) {
            case .send:
                calls += 1
                let verdict = courier.settle(outcome, sent: 10, at: now, using: &generator)
                #expect(verdict == .keep)
            case .wait(let end, _): now = max(now, end ?? now)
            case .stop: Issue.record("it stopped")
            }
        }
        return calls
    }

    @Test("a service that asks for immediate retries is called about once a second, by the budget")
    mutating func budget() {
        var luck = WorstLuck()
        let calls = calls(
            within: .seconds(600), to: .unavailable(retryAfter: .zero, "come again"),
            using: &luck)
        #expect(calls <= 600 + 10 + 2)
        #expect(calls > 500)
    }

    @Test("a batch called too large is halved down to a single record, which is a dead letter")
    mutating func tooLarge() {
        var sent = 100
        for half in [50, 25, 12, 6, 3, 1] {
            #expect(settle(.tooLarge("status 413"), sent: sent, at: .zero) == .keep)
            #expect(
                courier.next(waiting(100), at: .zero)
                    == .send(recordsMax: half, bytesMax: 10_000))
            sent = half
        }
        #expect(
            settle(.tooLarge("status 413"), sent: 1, at: .zero)
                == .forget(refused: [.init(index: 0, reason: "status 413")]))
        // The batch size grows again by doubling.
        for half in [2, 4, 8, 16, 32, 64, 100, 100] {
            #expect(
                courier.next(waiting(100), at: .zero)
                    == .send(recordsMax: half, bytesMax: 10_000))
            _ = settle(.stored(duplicates: 0, refused: []), at: .zero)
        }
    }

    @Test("a refused key is retried at long intervals, and nothing is given up")
    mutating func misconfigured() {
        var luck = generator
        let calls = calls(
            within: .seconds(3_600), to: .misconfigured("status 401"), using: &luck)
        #expect((60...240).contains(calls))
    }
}

/// The shortest pause every time: small, but not so small that `random(in:)` draws again for ever.
private struct WorstLuck: RandomNumberGenerator {
    func next() -> UInt64 { 1 << 36 }
}
