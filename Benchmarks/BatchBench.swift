import Batching
import Glibc
import LedgerModel
import Resilience

extension Benchmarks {
    /// Requests through a batcher, which decides only: no upstream is called, no database used.
    ///
    /// All times are the processor's, on one core, so that other programs don't count. The limit is a queue without any rules: first come, first
    /// called. The latencies are those that requests arriving at random, 50,000 a second, would see
    /// on that core: what each event took when it was measured, and waiting for those before it.
    package static func batch(
        _ options: Options, log: @Sendable (String) -> Void
    ) throws -> BenchmarkReport {
        var runs: [BenchmarkReport.Run] = []
        for number in 1...options.runs {
            log("batch: run \(number) of \(options.runs)")
            var load = BatchLoad(count: options.requests, seed: UInt64(number))
            let start = processorNanoseconds()
            let answered = try load.run()
            let taken = Double(processorNanoseconds() - start) / 1e9
            guard answered == options.requests else {
                throw BenchmarkFailure("\(answered) of \(options.requests) were answered")
            }
            let limitStart = processorNanoseconds()
            let limitAnswered = load.runWithoutRules()
            let limitTaken = Double(max(1, processorNanoseconds() - limitStart)) / 1e9
            guard limitAnswered == options.requests else {
                throw BenchmarkFailure("the plain queue answered \(limitAnswered)")
            }
            runs.append(
                BenchmarkReport.Run(
                    events: Int64(options.requests), seconds: taken,
                    limit: Double(options.requests) / limitTaken,
                    latency: try load.latencies().summary))
        }
        var report = BenchmarkReport(name: "batch", runs: runs, unit: .requests)
        log("batch: deadlines beside an oracle")
        report.facts = try deadlines(options)
        report.machine = Machine(postgresql: "not used", date: options.now.dayDescription)
        return report
    }

    /// Deadlines missed at 90 % load with a tenth of the requests failing, beside an oracle.
    private static func deadlines(_ options: Options) throws -> [BenchmarkReport.Fact] {
        let text = options.trace.flatMap(readFile)
        let calls = text.map { RecordedCall.azure(Array($0.utf8)) } ?? BatchLoad.trace(seed: 1)
        let servers = 32
        let requests = Simulation.requests(
            calls, servers: servers, load: 0.9 * 0.9, tenants: 20, classes: 3, seed: 1)
        var upstream = Simulation.Upstream(seed: 1)
        upstream.failedShare = 0.1
        let policy = BatchingPolicy(lanes: [.single(callsMax: servers)])
        var simulation = try Simulation(requests, policy: policy, upstream: upstream, seed: 1)
        let report = simulation.run()
        let late = DeadlineOracle.late(
            requests, servers: servers, upstream: upstream, attemptsMax: policy.attemptsMax)
        return [
            BenchmarkReport.Fact("late_share", report.lateShare),
            BenchmarkReport.Fact("oracle_late_share", Double(late) / Double(requests.count)),
            BenchmarkReport.Fact("lost_requests", Double(report.lost)),
            BenchmarkReport.Fact("doubled_requests", Double(report.doubled)),
        ]
    }
}

/// What the calling thread has used of a processor.
private func processorNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Requests of 200 tenants in three classes, with deadlines and keys to share by, of which some
/// thousand are always open.
private struct BatchLoad {
    private static let openMax = 2_000
    private static let callsMax = 64

    private let submissions: [Submission]

    init(count: Int, seed: UInt64) {
        var chance = SeededChance(seed: seed)
        submissions = (0..<count).map { number in
            let words = (chance.next(), chance.next())
            return Submission(
                lane: 0, tenant: Tenant(Int(words.0 % 200)), priority: Int(words.1 % 3),
                deadline: Moment(
                    microseconds: Int64(number) * 20 + 60_000_000 + Int64(words.0 % 5_000_000)),
                tokens: 100 + Int(words.1 % 2_000), bytes: 4_000,
                sharing: Sharing(
                    request: Digest(words.0, words.1, 0, 0), isDeterministic: true))
        }
    }

    /// A trace with bursts, for machines without a recorded one.
    static func trace(seed: UInt64) -> [RecordedCall] {
        var chance = SeededChance(seed: seed)
        var now: Int64 = 0
        return (0..<8_000).map { number in
            now += Int64(chance.next() % (number / 150 % 4 == 0 ? 100_000 : 800_000))
            return RecordedCall(
                arrives: Moment(microseconds: now), input: 100 + Int(chance.next() % 8_000),
                output: 1 + Int(chance.next() % 600))
        }
    }

    /// Submits and answers as fast as possible.
    mutating func run() throws -> Int {
        var machine = try Machine()
        for (number, submission) in submissions.enumerated() {
            let now = Moment(microseconds: Int64(number) * 20)
            try machine.submit(submission, at: now)
            while machine.openCount > Self.openMax, machine.answerOne(at: now) {}
        }
        while machine.answerOne(at: machine.last) {}
        return machine.answered
    }

    /// What requests wait for and take at 50,000 a second, arriving at random on one core.
    ///
    /// Each request is two events: it comes, and its call is answered.
    func latencies() throws -> Latencies {
        var machine = try Machine()
        var latencies = Latencies()
        var chance = SeededChance(seed: 3)
        // Nanoseconds of work that is still to be done when the next event comes.
        var backlog = 0.0
        for (number, submission) in submissions.enumerated() {
            let now = Moment(microseconds: Int64(number) * 20)
            var added = 0.0
            var start = processorNanoseconds()
            try machine.submit(submission, at: now)
            var taken = Double(processorNanoseconds() - start)
            added += backlog + taken
            // Up to twice the mean of 10 µs between events, evenly distributed.
            backlog = max(0, backlog + taken - 20_000 * chance.fraction())
            if machine.openCount > Self.openMax {
                start = processorNanoseconds()
                _ = machine.answerOne(at: now)
                taken = Double(processorNanoseconds() - start)
                added += backlog + taken
                backlog = max(0, backlog + taken - 20_000 * chance.fraction())
            }
            latencies.record(microseconds: UInt64(added / 1_000))
        }
        return latencies
    }

    /// The same with a queue that only keeps the order of arrival.
    func runWithoutRules() -> Int {
        var (waiting, head, running, answered) = ([Int](), 0, 0, 0)
        for number in submissions.indices {
            waiting.append(submissions[number].tokens)
            if running < Self.callsMax {
                running += 1
                head += 1
            }
            while waiting.count - head + running > Self.openMax {
                running -= 1
                answered += 1
                if head < waiting.count {
                    head += 1
                    running += 1
                }
            }
        }
        return answered + running + waiting.count - head
    }

    /// A batcher, and its running calls in the order of their start.
    private struct Machine {
        private var batcher: RequestBatcher
        private var actions: [BatcherAction] = []
        private var calls: [UpstreamCall] = []
        private var head = 0
        private(set) var answered = 0
        private(set) var last = Moment(microseconds: 0)

        init() throws {
            var policy = BatchingPolicy(lanes: [.single(callsMax: BatchLoad.callsMax)])
            policy.tenantShare = 1_000
            batcher = try RequestBatcher(policy, seed: 1)
        }

        var openCount: Int { batcher.open.requests }

        mutating func submit(_ submission: Submission, at now: Moment) throws {
            last = now
            _ = try batcher.submit(submission, at: now, &actions)
            perform()
        }

        /// Answers the oldest running call; false if none runs.
        mutating func answerOne(at now: Moment) -> Bool {
            guard head < calls.count else { return false }
            let call = calls[head]
            head += 1
            if head > 4_096 {
                calls.removeFirst(head)
                head = 0
            }
            batcher.answered(
                call.id, .results([.success(tokens: call.tokens - 50)]), at: now, &actions)
            perform()
            return true
        }

        private mutating func perform() {
            for action in actions {
                switch action {
                case .start(let call): calls.append(call)
                case .complete(_, .answered): answered += 1
                default: break
                }
            }
            actions.removeAll(keepingCapacity: true)
        }
    }
}
