import Batching
import LedgerTesting
import Resilience
import Testing

/// How merged calls are formed, and how large they become.
@Suite("Merged calls")
struct FormingTests {
    @Test("while a call runs others gather, and the next call takes them together")
    func gathering() throws {
        var stand = try Stand.merging(8)
        let first = try stand.submit(request(), at: at(0))
        #expect(stand.running.first?.members == [first])
        let rest = try (0..<5).map { try stand.submit(request(), at: at($0)) }
        #expect(stand.running.count == 1)
        stand.succeed(try #require(stand.running.first), at: at(10))
        #expect(stand.running.first?.members == rest)
        #expect(stand.running.first?.waited == 10_000)
    }

    @Test("a call that runs is not waited for longer than others can be expected to come")
    func waiting() throws {
        var stand = try Stand.merging(8, callsMax: 3) { $0.lanes[0].waitMax = .milliseconds(5) }
        // They come every millisecond: it is worth to wait.
        for number in 0..<40 {
            _ = try stand.submit(request(), at: at(number))
            if stand.running.count > 1 { stand.succeed(stand.running[0], at: at(number)) }
        }
        #expect(stand.batcher.waitingCount > 0 && stand.running.count == 1)
        let wakes = stand.wake
        #expect(wakes > at(39) && wakes <= at(44))
        stand.tick(at: wakes)
        #expect(stand.batcher.waitingCount == 0)
        // They come every second: it is not.
        for number in 1..<20 {
            let now = at(number * 1_000)
            _ = try stand.submit(request(), at: now)
            #expect(stand.batcher.waitingCount == 0)
            while stand.running.count > 2 { stand.succeed(stand.running[0], at: now) }
        }
    }

    @Test("a call carries no more requests, tokens and bytes than its lane allows")
    func bounds() throws {
        var stand = try Stand.merging(4) { $0.lanes[0].call.tokens = 1_000 }
        _ = try stand.submit(request(), at: at(0))
        for tokens in [400, 400, 400, 10, 10, 10, 10, 1_000] {
            _ = try stand.submit(request(tokens: tokens), at: at(0))
        }
        var sizes: [Int] = []
        while let call = stand.running.first {
            sizes.append(call.members.count)
            #expect(call.tokens <= 1_000)
            stand.succeed(call, at: at(1))
        }
        #expect(sizes == [1, 2, 4, 1, 1])
    }

    @Test("actual tokens are charged to a tenant, once they are known")
    func correction() throws {
        var stand = try Stand.single { $0.allowanceTokens = 0 }
        var heavy: Set<Ticket> = []
        for _ in 0..<40 {
            heavy.insert(try stand.submit(request(tokens: 10, tenant: 1), at: at(0)))
            _ = try stand.submit(request(tokens: 10, tenant: 2), at: at(0))
        }
        var served = [0, 0]
        for _ in 0..<40 {
            let call = try #require(stand.running.first)
            // The first tenant's requests take three times what was expected.
            let isHeavy = heavy.contains(call.members[0])
            served[isHeavy ? 0 : 1] += 1
            stand.answer(call, .results([.success(tokens: isHeavy ? 30 : 10)]), at: at(1))
        }
        #expect(served[0] >= 9 && served[0] <= 12)
    }

    // MARK: - Sizes

    /// How long a call takes, by its size and how much of the time has passed.
    private static let curves: [(name: String, time: @Sendable (Double, Double) -> Double)] = [
        ("a fixed part and a linear one", { size, _ in 5_000 + 500 * size }),
        ("nearly the same for each size", { size, _ in 50_000 + 100 * size }),
        ("nearly linear", { size, _ in 1_000 + 2_000 * size }),
        ("a knee", { size, _ in 20_000 + 100 * size + 3_000 * max(0, size - 64) }),
        ("quadratic", { size, _ in 10_000 + 200 * size + 10 * size * size }),
        (
            "slower in the second half",
            { size, part in
                (part < 0.5 ? 1 : 3) * (5_000 + 500 * size)
            }
        ),
        (
            "faster in the second half",
            { size, part in
                (part < 0.5 ? 3 : 1) * (5_000 + 500 * size)
            }
        ),
    ]

    @Test("the adapted size is within 10 % of the best fixed one, whatever the curve")
    func sizes() throws {
        let seed = testSeed()
        for goal in [100, 500] {
            for noise in [0.0, 0.1] {
                for curve in Self.curves {
                    let fixed = (1...40).map { step in
                        goodput(curve.time, goal: goal, noise: noise, size: step * step / 3 + 1)
                    }
                    let best = fixed.max() ?? 0
                    let adapted = goodput(curve.time, goal: goal, noise: noise, size: nil, seed)
                    #expect(adapted > 0.9 * best, "\(curve.name), \(goal) ms, noise \(noise)")
                }
            }
        }
    }

    /// Requests a second in calls within the goal, while more always wait; for five minutes.
    private func goodput(
        _ time: (Double, Double) -> Double, goal: Int, noise: Double, size: Int?,
        _ seed: UInt64 = 1
    ) -> Double {
        var chance = SeededChance(seed: seed)
        var sizer = BatchSizer(sizeMax: 512, goal: .milliseconds(goal))
        var (now, good) = (0.0, 0.0)
        let end = 300e6
        while now < end {
            let count = size ?? sizer.target
            // The sum of uniform numbers is close to a normal one.
            let deviation = (0..<12).reduce(-6.0) { sum, _ in sum + chance.fraction() }
            let taken = time(Double(count), now / end) * max(0.2, 1 + noise * deviation)
            sizer.took(Int64(taken), size: count, began: Moment(microseconds: Int64(now)))
            if taken <= Double(goal) * 1_000 { good += Double(count) }
            now += taken
        }
        return good / now * 1e6
    }

    @Test("after overload calls become smaller at once")
    func overload() {
        var sizer = BatchSizer(sizeMax: 512, goal: .milliseconds(100))
        var now: Int64 = 0
        for _ in 0..<200 {
            sizer.took(20_000, size: sizer.target, began: Moment(microseconds: now))
            now += 20_000
        }
        let before = sizer.target
        #expect(before > 300)
        sizer.failed(began: Moment(microseconds: now), at: Moment(microseconds: now + 1))
        #expect(sizer.target < before * 3 / 4 + 1)
        // Calls that began before say nothing about the new size.
        let smaller = sizer.target
        sizer.failed(began: Moment(microseconds: now), at: Moment(microseconds: now + 2))
        #expect(sizer.target == smaller)
    }
}
