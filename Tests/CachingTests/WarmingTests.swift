import Caching
import Foundation
import JSON
import LedgerModel
import LedgerTesting
import Testing

/// What warming saves, with and without, on made and recorded history.
@Suite("Warming a cache")
struct WarmingTests {
    private let start = Timestamp(year: 2026, month: 10, day: 1)
    private static let hour: Int64 = 3_600_000_000

    /// Some keys are asked for every few hours, others once.
    private func recurring(days: Int, seed: UInt64, fill: Int64) -> [PastAccess] {
        var random = SeededGenerator(seed: seed)
        var accesses: [PastAccess] = []
        func add(_ number: UInt64, at microseconds: Int64) {
            accesses.append(
                PastAccess(
                    time: start.advanced(byMicroseconds: microseconds),
                    key: CacheKey(number: number), worth: Picodollars(1_000_000),
                    fill: Picodollars(fill)))
        }
        for key in 0..<200 {
            var at = Int64.random(in: 0..<4 * Self.hour, using: &random)
            while at < Int64(days) * 24 * Self.hour {
                add(UInt64(key), at: at)
                at += Int64.random(in: 2 * Self.hour..<4 * Self.hour, using: &random)
            }
        }
        for key in 0..<2_000 {
            let at = Int64.random(in: 0..<Int64(days) * 24 * Self.hour, using: &random)
            add(UInt64(10_000 + key), at: at)
        }
        return accesses.sorted { $0.time < $1.time }
    }

    @Test("what comes again and again is worth warming at half the price, and saves in replay")
    func popular() throws {
        let accesses = recurring(days: 10, seed: testSeed(), fill: 500_000)
        let trial = try WarmingTrial.run(
            accesses, secondsToLive: 6 * 3_600, every: .seconds(1_800),
            budget: Picodollars(1_000_000_000))
        #expect(trial.filled > 500, "\(trial)")
        #expect(trial.hitsWarmed > trial.hits && trial.saved > .zero, "\(trial)")
    }

    @Test("at the full price nothing is filled, as nothing can be saved")
    func fullPrice() throws {
        let accesses = recurring(days: 10, seed: testSeed(), fill: 1_000_000)
        let trial = try WarmingTrial.run(
            accesses, secondsToLive: 6 * 3_600, every: .seconds(1_800),
            budget: Picodollars(1_000_000_000), prefetches: true)
        #expect(trial.filled == 0 && trial.saved == .zero)
    }

    @Test("a plan keeps its budget, says why, and takes what saves most for its cost")
    func budget() throws {
        let accesses = recurring(days: 10, seed: testSeed(), fill: 200_000)
        var model = try WarmingModel(secondsToLive: 6 * 3_600)
        for access in accesses { model.saw(access) }
        let end = try #require(accesses.last).time.advanced(byMicroseconds: Self.hour)
        let all = model.plan(at: end, budget: Picodollars(.max))
        #expect(all.entries.count > 5 && all.overBudget == 0 && all.looked >= all.entries.count)
        #expect(all.entries.allSatisfy { $0.saving > .zero })
        let some = model.plan(at: end, budget: Picodollars(800_000))
        #expect(some.entries.count == 4 && some.cost <= PicodollarSum(800_000))
        #expect(some.overBudget == all.entries.count - 4)
        #expect(some.entries.map(\.key) == all.entries.prefix(4).map(\.key))
        #expect(model.plan(at: end, budget: .zero).entries.isEmpty)
        for entry in all.entries {
            guard case .popular(let uses, let used, let trials) = entry.reason else { continue }
            #expect(uses > 1 && used <= trials && trials >= WarmingModel.trialsMin)
        }
    }

    /// Sessions in which B follows A nine times of ten, and C follows by chance.
    private func sessions(_ count: Int, seed: UInt64) -> [PastAccess] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).flatMap { session -> [PastAccess] in
            let at = start.advanced(byMicroseconds: Int64(session) * Self.hour)
            func access(_ number: UInt64, after seconds: Int64) -> PastAccess {
                PastAccess(
                    time: at.advanced(byMicroseconds: seconds * 1_000_000), app: 1,
                    session: UInt64(session + 1), key: CacheKey(number: number),
                    worth: Picodollars(1_000), fill: Picodollars(600))
            }
            let isUsual = Int.random(in: 0..<10, using: &random) > 0
            let other = UInt64.random(in: 100..<200, using: &random)
            return [access(1, after: 0), access(isUsual ? 2 : other, after: 20)]
        }
    }

    @Test("what follows in a session is fetched ahead once it is sure enough to save")
    func sequences() throws {
        let accesses = sessions(300, seed: testSeed())
        var model = try WarmingModel(secondsToLive: 600)
        for access in accesses.prefix(4) { model.saw(access) }
        #expect(model.prefetch(after: CacheKey(number: 1), app: 1, at: start).isEmpty)
        for access in accesses.dropFirst(4) { model.saw(access) }
        let now = try #require(accesses.last).time.advanced(byMicroseconds: Self.hour)
        let found = model.prefetch(after: CacheKey(number: 1), app: 1, at: now)
        #expect(found.map(\.key) == [CacheKey(number: 2)])
        #expect(found.first?.saving ?? .zero > Picodollars(100))
        #expect(model.prefetch(after: CacheKey(number: 1), app: 2, at: now).isEmpty)
        #expect(model.prefetch(after: CacheKey(number: 2), app: 1, at: now).isEmpty)
        let trial = try WarmingTrial.run(
            accesses, secondsToLive: 600, every: .seconds(1 << 30), budget: .zero,
            prefetches: true)
        #expect(trial.filled > 100 && trial.saved > .zero, "\(trial)")
    }

    @Test("what never repeats is never fetched ahead")
    func chance() throws {
        var random = SeededGenerator(seed: testSeed())
        let accesses = (0..<20_000).map { index in
            PastAccess(
                time: start.advanced(byMicroseconds: Int64(index) * 10_000_000),
                app: 1, session: UInt64(index / 5 + 1),
                key: CacheKey(number: UInt64.random(in: 0..<100_000, using: &random)),
                worth: Picodollars(1_000), fill: Picodollars(500))
        }
        let trial = try WarmingTrial.run(
            accesses, secondsToLive: 3_600, every: .seconds(3_600), budget: Picodollars(1 << 40),
            prefetches: true)
        #expect(trial.filled == 0, "\(trial)")
    }

    @Test("on a recorded trace warming costs no more than it gains")
    func recorded() throws {
        let folder = ProcessInfo.processInfo.environment["TALLY_TEST_DATA"] ?? "../shared/data"
        guard
            let bytes = FileManager.default.contents(
                atPath: "\(folder)/mooncake-conversation.jsonl")
        else {
            print("TALLY_TEST_DATA has no mooncake-conversation.jsonl: not replayed")
            return
        }
        // A key is the first blocks of a prompt, as whole prompts hardly repeat; half the price.
        let accesses = bytes.split(separator: 0x0A).compactMap { line -> PastAccess? in
            guard let tree = try? JSONTree(parsing: line), let time = tree["timestamp"]?.integer,
                let blocks = tree["hash_ids"]?.items?.compactMap(\.integer), blocks.count > 1
            else { return nil }
            let number = UInt64(blocks[0]) << 32 | UInt64(blocks[1])
            return PastAccess(
                time: start.advanced(byMicroseconds: Int64(time) * 1_000), app: 1,
                session: UInt64(blocks[1]) + 1, key: CacheKey(number: number),
                worth: Picodollars(1_000_000), fill: Picodollars(500_000))
        }
        for seconds in [60, 300, 900] {
            let trial = try WarmingTrial.run(
                accesses, secondsToLive: seconds, every: .seconds(Int64(seconds) / 4),
                budget: Picodollars(100_000_000), prefetches: true)
            print("warming on mooncake, \(seconds) s to live: \(trial)")
            // Nothing is certain: what it may lose by chance is a thousandth of what is asked for.
            #expect(trial.saved.amount >= -1_000 * Int128(trial.requests), "\(trial)")
        }
    }
}
