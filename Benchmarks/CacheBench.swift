import Caching
import LedgerModel

extension Benchmarks {
    /// The result of another cache for the same keys, in the same run.
    package struct CachePeer: Sendable {
        package let name: String
        /// Its `events` are gets and puts.
        package let runs: [BenchmarkReport.Run]
        package let hits: Int

        package init(name: String, runs: [BenchmarkReport.Run], hits: Int) {
            self.name = name
            self.runs = runs
            self.hits = hits
        }
    }

    /// Gets and puts a second of each policy, on one thread and on two, and what share of several
    /// traces each one hits; no database.
    ///
    /// The limit is a plain dictionary that holds everything and evicts nothing.
    ///
    /// - Parameters:
    ///   - real: traces beside the synthetic ones.
    ///   - peers: measures other caches on the keys, with room for so many.
    package static func cache(
        _ options: Options, real: [CacheTrace], peers: ([UInt64], Int) throws -> [CachePeer],
        log: @Sendable (String) -> Void
    ) async throws -> BenchmarkReport {
        var maker = TraceMaker(random: SplitMix(state: 7))
        let numbers = maker.zipf(keysAsked, 1, min(max(options.events, 10_000), 4_000_000))
        let keys = numbers.map { CacheKey(number: $0) }
        var reports: [BenchmarkReport] = []
        for policy in PolicyName.allCases {
            log("cache: \(policy.rawValue)")
            var runs: [[BenchmarkReport.Run]] = [[], []]
            for _ in 0..<options.runs {
                let limit = CacheDrive.dictionary(keys)
                for threads in 1...2 {
                    runs[threads - 1].append(
                        try await CacheDrive.run(policy, keys, threads: threads, limit: limit))
                }
            }
            for threads in 1...2 {
                reports.append(
                    BenchmarkReport(
                        name: "\(policy.rawValue), \(threads) thread\(threads == 1 ? "" : "s")",
                        runs: runs[threads - 1], unit: .requests))
            }
        }
        let others = try peers(numbers, CacheDrive.entries)
        var report = BenchmarkReport(
            name: "cache", runs: reports[reports.count - 2].runs, unit: .requests)
        report.also =
            reports
            + others.map { BenchmarkReport(name: $0.name, runs: $0.runs, unit: .requests) }
        report.facts = others.map {
            BenchmarkReport.Fact(
                "hit_percent_\($0.name)", 100 * Double($0.hits) / Double(keys.count))
        }
        report.facts += hitShares(CacheTrace.synthetic() + real, log)
        report.machine = Machine(postgresql: "not used", date: options.now.dayDescription)
        return report
    }

    private static let keysAsked = 131_072

    /// In percent, with room for a hundredth and a tenth of the trace's keys, and their means.
    private static func hitShares(
        _ traces: [CacheTrace], _ log: (String) -> Void
    ) -> [BenchmarkReport.Fact] {
        var facts: [BenchmarkReport.Fact] = []
        var sums: [PolicyName: Double] = [:]
        for trace in traces {
            log("cache: hits of \(trace.name)")
            let unique = Set(trace.keys).count
            for percent in [1, 10] {
                let entries = max(10, unique * percent / 100)
                for policy in PolicyName.allCases {
                    let share = CacheDrive.hitPercent(policy, trace.keys, entries: entries)
                    sums[policy, default: 0] += share
                    facts.append(
                        BenchmarkReport.Fact(
                            "hit_percent_\(trace.name)_\(percent)_\(policy.rawValue)", share))
                }
            }
        }
        for policy in PolicyName.allCases where !traces.isEmpty {
            let mean = (sums[policy] ?? 0) / Double(traces.count * 2)
            facts.append(BenchmarkReport.Fact("hit_percent_mean_\(policy.rawValue)", mean))
        }
        return facts
    }
}

/// Callers of a cache: they ask, and put what is not there.
enum CacheDrive {
    /// Entries that the measured cache has room for: a quarter of the keys.
    static let entries = 32_768
    private static let bodyBytes = 1_024
    private static let start = Timestamp(year: 2026, month: 1, day: 1)
    private static let end = Timestamp(year: 2027, month: 1, day: 1)

    static func run(
        _ policy: PolicyName, _ keys: [CacheKey], threads: Int, limit: Double
    ) async throws -> BenchmarkReport.Run {
        let cache = try ResponseCache(
            capacity: entries * (bodyBytes + ResponseCache.entryOverhead), policy: policy)
        // A cache that is not full evicts nothing, so it is filled first.
        _ = try drive(cache, keys[...])
        let begin = ContinuousClock.now
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for thread in 0..<threads {
                // Each begins elsewhere, so that they do not ask for the same at the same time.
                let middle = keys.count / threads * thread
                let part = Array(keys[middle...] + keys[..<middle])
                group.addTask { try drive(cache, part[...]) }
            }
            return try await group.reduce(0, +)
        }
        return BenchmarkReport.Run(
            events: Int64(counts), seconds: seconds(since: begin), limit: limit)
    }

    /// Returns gets and puts.
    private static func drive(
        _ cache: ResponseCache, _ keys: ArraySlice<CacheKey>
    ) throws -> Int {
        // Of each thread its own, as answers are: one that all share would be counted by all.
        let body = [UInt8](repeating: 0, count: bodyBytes)
        var count = keys.count
        for key in keys {
            let check = Digest(words: [key.first, key.second, key.third, key.fourth])
            if cache.answer(for: key, check: check, at: start) == nil {
                try cache.store(
                    CachedAnswer(body: body, check: check, storedAt: start, expiresAt: end),
                    for: key)
                count += 1
            }
        }
        return count
    }

    /// Gets and puts a second of a dictionary with the same keys and values.
    static func dictionary(_ keys: [CacheKey]) -> Double {
        let body = [UInt8](repeating: 0, count: bodyBytes)
        var answers: [CacheKey: [UInt8]] = [:]
        let begin = ContinuousClock.now
        var count = keys.count
        for key in keys where answers[key] == nil {
            answers[key] = body
            count += 1
        }
        return Double(count) / seconds(since: begin)
    }

    static func hitPercent(_ policy: PolicyName, _ keys: [UInt64], entries: Int) -> Double {
        var cache = KeyCache(policy, capacity: entries)
        var hits = 0
        for number in keys {
            let key = CacheKey(number: number)
            if cache.get(key) { hits += 1 } else { cache.put(key) }
        }
        return keys.isEmpty ? 0 : 100 * Double(hits) / Double(keys.count)
    }
}
