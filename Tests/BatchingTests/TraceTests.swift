import Batching
import Foundation
import LedgerTesting
import Resilience
import Testing

/// Recorded traces, and made ones, through the batcher in virtual time.
@Suite("Batching recorded traces")
struct TraceTests {
    private static let folder =
        ProcessInfo.processInfo.environment["TALLY_TEST_DATA"] ?? "../shared/data"

    private static func file(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: "\(folder)/\(name)").map { Array($0) }
    }

    /// Calls with bursts, as both recorded traces have them.
    private static func made(_ seed: UInt64) -> [RecordedCall] {
        var random = SeededGenerator(seed: seed)
        var now: Int64 = 0
        return (0..<6_000).map { number in
            let isBurst = number / 150 % 4 == 0
            now += Int64(random.number(0..<(isBurst ? 100_000 : 800_000)))
            let start = UInt64(random.number(0..<40))
            return RecordedCall(
                arrives: Moment(microseconds: now), input: random.number(100..<8_000),
                output: random.number(1..<600), prefix: [start, start << 8 | start % 3])
        }
    }

    private static func traces(_ seed: UInt64) -> [(name: String, calls: [RecordedCall])] {
        var traces = [("made", made(seed))]
        if let bytes = file("azure-llm-2023-code.csv") {
            traces.append(("azure", RecordedCall.azure(bytes)))
        } else {
            print("TALLY_TEST_DATA has no azure-llm-2023-code.csv: not replayed")
        }
        if let bytes = file("mooncake-conversation.jsonl") {
            traces.append(("mooncake", RecordedCall.mooncake(bytes)))
        } else {
            print("TALLY_TEST_DATA has no mooncake-conversation.jsonl: not replayed")
        }
        return traces
    }

    @Test("traces are read")
    func reading() {
        let azure = RecordedCall.azure(
            Array(
                """
                TIMESTAMP,ContextTokens,GeneratedTokens
                2023-11-16 18:17:03.9799600,4808,10\r
                nonsense
                2023-11-16 18:17:04.0319600,3180,8

                """.utf8))
        #expect(azure.map(\.input) == [4_808, 3_180] && azure.map(\.output) == [10, 8])
        #expect(azure.map(\.arrives.microseconds) == [0, 52_000])
        let mooncake = RecordedCall.mooncake(
            Array(
                """
                {"timestamp": 0, "input_length": 10, "output_length": 5, "hash_ids": [0, 1]}
                {"timestamp": 7, "input_length": 11, "output_length": 6, "hash_ids": [0, 2]}
                """.utf8))
        #expect(mooncake.map(\.arrives.microseconds) == [0, 7_000])
        #expect(mooncake[0].prefix[0] == mooncake[1].prefix[0])
        #expect(mooncake[0].prefix[1] != mooncake[1].prefix[1])
    }

    @Test("with a tenth failing nothing is lost or doubled, and deadlines are kept as by EDF")
    func deadlines() throws {
        let seed = testSeed()
        for (name, calls) in Self.traces(seed) {
            for servers in [8, 32] {
                for load in [0.5, 0.7, 0.9] {
                    var upstream = Simulation.Upstream(seed: seed)
                    upstream.failedShare = 0.1
                    // A failed call takes time as well.
                    let requests = Simulation.requests(
                        calls, servers: servers, load: load * 0.9, tenants: 20, classes: 3,
                        seed: seed)
                    let policy = BatchingPolicy(lanes: [.single(callsMax: servers)])
                    var simulation = try Simulation(
                        requests, policy: policy, upstream: upstream, seed: seed)
                    let report = simulation.run()
                    let oracle = DeadlineOracle.late(
                        requests, servers: servers, upstream: upstream,
                        attemptsMax: policy.attemptsMax)
                    #expect(report.isDrained && report.lost == 0 && report.doubled == 0)
                    #expect(report.answers.allSatisfy { $0 <= 1 })
                    let excess = report.lateShare - Double(oracle) / Double(requests.count)
                    #expect(excess <= 0.01, "\(name), \(servers) servers, load \(load)")
                }
            }
        }
    }

    @Test("in a full outage retries are at most a fifth of the requests, and all are told")
    func outage() throws {
        let seed = testSeed()
        for (name, calls) in Self.traces(seed) {
            for hasBreaker in [true, false] {
                let requests = Simulation.requests(
                    calls, servers: 16, load: 0.7, tenants: 20, classes: 3, seed: seed)
                var upstream = Simulation.Upstream(seed: seed)
                upstream.outage = .min..<Int64.max
                var policy = BatchingPolicy(lanes: [.single(callsMax: 16)])
                if !hasBreaker { policy.upstreams[0].breaker.failuresMin = .max }
                var simulation = try Simulation(
                    requests, policy: policy, upstream: upstream, seed: seed)
                let report = simulation.run()
                #expect(report.lost == 0 && report.doubled == 0 && report.isDrained)
                #expect(report.answers.allSatisfy { $0 == 0 })
                #expect(report.counts.retried * 5 <= requests.count, "\(name)")
                if hasBreaker { #expect(report.counts.calls * 4 < requests.count, "\(name)") }
            }
        }
    }

    @Test("after an outage of a minute everything goes on")
    func recovery() throws {
        let seed = testSeed()
        for (name, calls) in Self.traces(seed) {
            let requests = Simulation.requests(
                calls, servers: 16, load: 0.5, tenants: 20, classes: 3, seed: seed)
            let middle = requests[requests.count / 2].arrives.microseconds
            func run(_ outage: Range<Int64>?) throws -> Simulation.Report {
                var upstream = Simulation.Upstream(seed: seed)
                upstream.outage = outage
                let policy = BatchingPolicy(lanes: [.single(callsMax: 16)])
                var simulation = try Simulation(
                    requests, policy: policy, upstream: upstream, seed: seed)
                return simulation.run()
            }
            let report = try run(middle..<middle + 60_000_000)
            #expect(report.lost == 0 && report.doubled == 0 && report.isDrained)
            // An open breaker looks again after 15 seconds at the latest.
            let healed = Moment(microseconds: middle + 80_000_000)
            func answered(_ report: Simulation.Report) -> Int {
                zip(requests, report.answers).count { $0.arrives > healed && $1 == 1 }
            }
            let usual = try answered(run(nil))
            #expect(answered(report) * 100 >= usual * 97, "\(name)")
        }
    }

    @Test("requests on the same documents, mixed, are ordered so that prompt caches hit")
    func beginnings() throws {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        func asked(tenant: (Int) -> Int) -> [Simulation.Request] {
            (0..<1_000).map { number in
                let document = UInt64(random.number(0..<20))
                var submission = request(
                    tenant: tenant(number), priority: 2, deadline: at(10_000_000 + number))
                submission.prefix = (0..<30).map { document << 32 | $0 }
                return Simulation.Request(
                    arrives: at(0), submission: submission, service: 100_000)
            }
        }
        func cached(_ requests: [Simulation.Request]) throws -> Double {
            var policy = BatchingPolicy(lanes: [.single(callsMax: 4)])
            policy.tenantShare = 1_000
            var simulation = try Simulation(
                requests, policy: policy, upstream: .init(seed: seed), seed: seed,
                cacheBlocks: 150)
            return simulation.run().cachedShare
        }
        let ordered = try cached(asked { _ in 1 })
        // Requests of different tenants are not ordered by what they have in common.
        let mixed = try cached(asked { $0 })
        print("beginnings: \(ordered) of the blocks were cached, \(mixed) without ordering")
        #expect(ordered > 0.6 && mixed < 0.4)
    }

    @Test("the same seed gives the same report")
    func repetition() throws {
        let seed = testSeed()
        let requests = Simulation.requests(
            Self.made(seed), servers: 8, load: 0.8, tenants: 5, classes: 3, seed: seed)
        var upstream = Simulation.Upstream(seed: seed)
        upstream.failedShare = 0.1
        let policy = BatchingPolicy(lanes: [.single(callsMax: 8)])
        var first = try Simulation(requests, policy: policy, upstream: upstream, seed: seed)
        var second = try Simulation(requests, policy: policy, upstream: upstream, seed: seed)
        let (one, other) = (first.run(), second.run())
        #expect(one.counts == other.counts && one.waits == other.waits)
        #expect(one.outcomes == other.outcomes && one.ended == other.ended)
    }
}
