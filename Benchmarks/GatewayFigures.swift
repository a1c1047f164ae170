import Glibc

/// What all rounds of `tally bench gateway` found, and how it becomes a report.
struct GatewayFigures {
    private var figures: [GatewayTask: [GatewayWay: [GatewayFigure]]] = [:]
    private var idle: [GatewayWay: Double] = [:]
    private var peak: [GatewayWay: Double] = [:]

    mutating func add(_ figure: GatewayFigure, _ way: GatewayWay, _ task: GatewayTask) {
        figures[task, default: [:]][way, default: []].append(figure)
    }

    mutating func note(idle megabytes: Double?, _ way: GatewayWay) { idle[way] = megabytes }
    mutating func note(peak megabytes: Double?, _ way: GatewayWay) { peak[way] = megabytes }

    /// What the issue asks for: microseconds, or megabytes.
    private enum Limit {
        static let addedP50: [GatewayWay: Double] = [.plain: 0.25, .lease: 0.25, .durable: 2]
        static let addedP99: [GatewayWay: Double] = [.plain: 0.5, .lease: 0.5, .durable: 2]
        static let work: [GatewayWay: Double] = [.plain: 200, .lease: 300, .durable: 300]
        static let chunk = 20.0
        static let firstP99 = 0.3
        static let idle = 60.0
        static let peak = 100.0
    }

    /// The governed, durable way with eight callers first; each way and number of callers has a
    /// report of its own, with what it adds to the direct call of the same round.
    func report(chunks: Int) -> BenchmarkReport {
        let each = GatewayTask.all.flatMap { task in
            GatewayWay.allCases.compactMap { report(of: $0, task, chunks: chunks) }
        }
        let face = "gateway durable 8"
        var whole =
            each.first { $0.name == face } ?? each.first
            ?? BenchmarkReport(
                name: face, runs: [.init(events: 0, seconds: 1, limit: nil)], unit: .requests)
        whole.also = each.filter { $0.name != whole.name }
        whole.facts += memory
        return whole
    }

    private func report(
        of way: GatewayWay, _ task: GatewayTask, chunks: Int
    ) -> BenchmarkReport? {
        guard let own = figures[task]?[way], let direct = figures[task]?[.direct], !own.isEmpty
        else { return nil }
        let runs = zip(own, direct).map { figure, direct in
            BenchmarkReport.Run(
                events: Int64(figure.requests), seconds: figure.seconds,
                limit: way == .direct ? nil : Double(direct.requests) / direct.seconds,
                latency: figure.latency)
        }
        var report = BenchmarkReport(
            name: "gateway \(way.rawValue) \(task.name)", runs: runs, unit: .requests)
        guard way != .direct else { return report }
        func added(_ value: (GatewayFigure) -> Double) -> Sample {
            Sample(zip(own, direct).map { value($0) - value($1) })
        }
        report.facts += facts(
            "added_p50_ms", added { $0.latency.p50Milliseconds }, Limit.addedP50[way])
        report.facts += facts(
            "added_p99_ms", added { $0.latency.p99Milliseconds }, Limit.addedP99[way])
        if task.isStreamed {
            report.facts += facts(
                "added_first_p99_ms", added { $0.first.p99Milliseconds },
                way.isOurs ? Limit.firstP99 : nil)
        }
        report.facts += work(of: way, task, own, chunks: chunks)
        return report
    }

    /// Microseconds of processors, of a request and of a chunk.
    private func work(
        of way: GatewayWay, _ task: GatewayTask, _ own: [GatewayFigure], chunks: Int
    ) -> [BenchmarkReport.Fact] {
        func microseconds(_ figure: GatewayFigure) -> Double? {
            figure.processorSeconds.map { $0 / Double(figure.requests) * 1e6 }
        }
        guard let each = Sample(all: own.map(microseconds)) else { return [] }
        guard task.isStreamed else {
            return facts("cpu_us_per_request", each, Limit.work[way])
        }
        let whole = figures[GatewayTask(callers: task.callers, isStreamed: false)]?[way] ?? []
        guard let base = Sample(all: whole.map(microseconds)) else { return [] }
        let chunk = Sample(each.values.map { ($0 - base.median) / Double(chunks) })
        return facts("cpu_us_per_request", each, nil)
            + facts("cpu_us_per_chunk", chunk, way.isOurs ? Limit.chunk : nil)
    }

    /// A median with its spread, and its limit if there is one.
    private func facts(
        _ name: String, _ sample: Sample, _ limit: Double?
    ) -> [BenchmarkReport.Fact] {
        [
            BenchmarkReport.Fact(name, sample.median),
            BenchmarkReport.Fact("\(name)_smallest", sample.smallest),
            BenchmarkReport.Fact("\(name)_largest", sample.largest),
        ] + (limit.map { [BenchmarkReport.Fact("limit_\(name)", $0)] } ?? [])
    }

    private var memory: [BenchmarkReport.Fact] {
        [
            ("memory_idle_mb", idle.filter { $0.key.isOurs }, Limit.idle),
            ("memory_under_load_mb", peak, Limit.peak),
        ].flatMap { name, values, limit in
            values.values.max().map {
                [BenchmarkReport.Fact(name, $0), BenchmarkReport.Fact("limit_\(name)", limit)]
            } ?? []
        } + (idle[.litellm].map { [BenchmarkReport.Fact("litellm_memory_idle_mb", $0)] } ?? [])
    }
}

extension Benchmarks {
    private static let callsOfClient = 2_000

    /// Calls of a provider from this process, one after another: the microseconds of processors
    /// that each client takes for one.
    func clients(
        _ parts: GatewayBenchParts, _ upstream: UInt16
    ) async throws -> [BenchmarkReport.Fact] {
        var taken: [String: [Double]] = [:]
        let body = Array(
            #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"a"}]}"#.utf8)
        for round in 0..<options.runs {
            log("gateway: clients, round \(round + 1) of \(options.runs)")
            for client in try await parts.clients(upstream) {
                for _ in 0..<100 { try await client.call(body) }
                let before = ownProcessorSeconds()
                for _ in 0..<Self.callsOfClient { try await client.call(body) }
                taken[client.name, default: []].append(
                    (ownProcessorSeconds() - before) / Double(Self.callsOfClient) * 1e6)
            }
        }
        return taken.sorted { $0.key < $1.key }.map {
            BenchmarkReport.Fact("\($0.key)_cpu_us_per_call", Sample($0.value).median)
        }
    }

    private func ownProcessorSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) {
            $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
        }
    }
}
