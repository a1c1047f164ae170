import LedgerModel
package import Tokenizing

extension Benchmarks {
    /// The result of another tokenizer for the same prompts, in the same run.
    package struct TokenPeer: Sendable {
        package let name: String
        package let runs: [BenchmarkReport.Run]
        /// The tokens of all prompts; they must agree with ours.
        package let tokens: Int

        package init(name: String, runs: [BenchmarkReport.Run], tokens: Int) {
            self.name = name
            self.runs = runs
            self.tokens = tokens
        }
    }

    /// Counts the tokens of real prompts on one thread; no database.
    ///
    /// The limit is the fastest of the other tokenizers that could be installed.
    ///
    /// - Parameters:
    ///   - load: loads the tokenizer again, from its file.
    ///   - peers: measures other tokenizers on the same prompts.
    package static func tokens(
        _ options: Options, prompts: [String], load: () throws -> Tokenizer,
        peers: () throws -> [TokenPeer], log: @Sendable (String) -> Void
    ) throws -> BenchmarkReport {
        let bytes = prompts.reduce(0) { $0 + $1.utf8.count }
        guard bytes > 0 else { throw BenchmarkFailure("there are no prompts to count") }
        var loads: [Double] = []
        var tokenizer = try load()
        for _ in 0..<5 {
            let start = ContinuousClock.now
            tokenizer = try load()
            loads.append(seconds(since: start) * 1e3)
        }
        let tokens = prompts.reduce(0) { $0 + tokenizer.count($1) }
        let others = try peers()
        for peer in others where peer.tokens != tokens {
            throw BenchmarkFailure("\(peer.name) counts \(peer.tokens) tokens, we \(tokens)")
        }
        let limit = others.compactMap { peer in
            Sample(all: peer.runs.map(\.perSecond))?.median
        }.max()
        let rounds = max(1, roundBytes / bytes)
        var runs: [BenchmarkReport.Run] = []
        var latencies: [Double] = []
        for number in 1...options.runs {
            log("tokens: run \(number) of \(options.runs)")
            let start = ContinuousClock.now
            var total = 0
            for _ in 0..<rounds { for prompt in prompts { total += tokenizer.count(prompt) } }
            let taken = seconds(since: start)
            guard total == rounds * tokens else {
                throw BenchmarkFailure("counting twice gave two answers")
            }
            runs.append(
                BenchmarkReport.Run(events: Int64(rounds * bytes), seconds: taken, limit: limit))
            for prompt in prompts {
                let start = ContinuousClock.now
                total &+= tokenizer.count(prompt)
                latencies.append(seconds(since: start) * 1e6)
            }
        }
        latencies.sort()
        var report = BenchmarkReport(name: "tokens", runs: runs, unit: .megabytes)
        report.facts = [
            BenchmarkReport.Fact("p50_prompt_us", latencies[latencies.count / 2]),
            BenchmarkReport.Fact("p99_prompt_us", latencies[latencies.count * 99 / 100]),
            BenchmarkReport.Fact("load_ms", Sample(loads).median),
            BenchmarkReport.Fact("megabyte_of_a_ms", millisecondsOfLetters(tokenizer)),
        ]
        report.also = others.map {
            BenchmarkReport(name: $0.name, runs: $0.runs, unit: .megabytes)
        }
        report.machine = Machine(postgresql: "not used", date: options.now.dayDescription)
        return report
    }

    /// The bytes of a run, enough to be timed.
    private static let roundBytes = 50_000_000

    private static func millisecondsOfLetters(_ tokenizer: Tokenizer) -> Double {
        let text = String(repeating: "a", count: 1_000_000)
        return Sample(
            (0..<5).map { _ in
                let start = ContinuousClock.now
                _ = tokenizer.count(text)
                return seconds(since: start) * 1e3
            }
        ).median
    }
}
