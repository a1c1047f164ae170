import LedgerModel
import Prompts
package import Tokenizing

extension Benchmarks {
    /// Runs all lossless stages over prompts of many kinds, counting included; no database.
    ///
    /// The limit is counting the same prompts once, which is needed to know the savings: it is the
    /// time if the stages themselves cost nothing.
    ///
    /// - Parameter texts: real texts to mix with the synthetic ones; may be empty.
    package static func optimization(
        _ options: Options, texts: [String], counter: TokenCounter,
        log: @Sendable (String) -> Void
    ) throws -> BenchmarkReport {
        let start = ContinuousClock.now
        var settings = OptimizationOptions()
        settings.elapsed = { ContinuousClock.now - start }
        let optimizer = try PromptOptimizer(counter: counter, options: settings)
        let uniform = PromptSamples.uniform(rows: 200)
        let nested = PromptSamples.nested(rows: 120)
        let prompts = ([uniform, nested, PromptSamples.conversation()] + texts).map(Prompt.init)
        let tokens = prompts.reduce(0) { $0 + $1.tokens(counter) }
        var runs: [BenchmarkReport.Run] = []
        var times: [OptimizationStage: Duration] = [:]
        for number in 1...options.runs {
            log("optimize: run \(number) of \(options.runs)")
            let rounds = max(1, options.events / max(1, tokens))
            var latencies = Latencies()
            var taken = 0.0
            for _ in 0..<rounds {
                for prompt in prompts {
                    let start = ContinuousClock.now
                    let result = try optimizer.optimize(prompt)
                    let time = seconds(since: start)
                    taken += time
                    latencies.record(microseconds: UInt64(time * 1e6))
                    for stage in result.stages { times[stage.stage, default: .zero] += stage.time }
                }
            }
            let limitStart = ContinuousClock.now
            var counted = 0
            for _ in 0..<rounds { for prompt in prompts { counted += prompt.tokens(counter) } }
            let limitTaken = seconds(since: limitStart)
            guard counted == rounds * tokens else {
                throw BenchmarkFailure("counting twice gave two answers")
            }
            runs.append(
                BenchmarkReport.Run(
                    events: Int64(counted), seconds: taken, limit: Double(counted) / limitTaken,
                    latency: latencies.summary))
        }
        var report = BenchmarkReport(name: "optimize", runs: runs)
        let tokensRun = Double(runs.reduce(0) { $0 + $1.events })
        report.facts = [
            BenchmarkReport.Fact("ms_per_10k_tokens", 1e7 / report.perSecond.median),
            BenchmarkReport.Fact("uniform_reduction", try share(optimizer, uniform)),
            BenchmarkReport.Fact("nested_reduction", try share(optimizer, nested)),
        ]
        for stage in optimizer.stages {
            let time = (times[stage] ?? .zero) / .milliseconds(1)
            report.facts.append(
                BenchmarkReport.Fact(
                    stage.rawValue.replacing("-", with: "_") + "_ms_per_10k_tokens",
                    time * 1e4 / tokensRun))
        }
        report.machine = Machine(postgresql: "not used", date: options.now.dayDescription)
        return report
    }

    private static func share(_ optimizer: PromptOptimizer, _ text: String) throws -> Double {
        try optimizer.optimize(Prompt(text: text)).reduction
    }
}

/// Prompts of the kinds that applications send, always the same.
private enum PromptSamples {
    /// Indented JSON of objects with the same keys.
    static func uniform(rows: Int) -> String {
        let objects = (0..<rows).map { row in
            """
              {
                "id": \(10_000 + row),
                "name": "Customer \(row)",
                "email": "customer\(row)@example.com",
                "active": \(row % 3 != 0),
                "balance": \(row * 37 % 1_000).\(10 + row % 90),
                "created_at": "2026-0\(1 + row % 9)-1\(row % 10)T08:\(10 + row % 50):00Z"
              }
            """
        }
        return "Which customers are inactive?\n\n[\n" + objects.joined(separator: ",\n") + "\n]\n"
    }

    /// Indented JSON of nested objects, of which some lack some keys.
    static func nested(rows: Int) -> String {
        let objects = (0..<rows).map { row in
            """
                {
                  "order": "A-\(7_000 + row * 3)",
                  "customer": {
                    "name": "Name \(row)",
                    "address": {
                      "city": "\(["Oslo", "Turin", "Gdansk"][row % 3])",
                      "zip": "0\(1_000 + row)"
                    }
                  },
                  "lines": [
                    {
                      "sku": "S\(row % 17)",
                      "count": \(1 + row % 4)
                    },
                    {
                      "sku": "T\(row % 13)",
                      "count": 1
                    }
                  ]\(row % 4 == 0 ? ",\n      \"note\": \"call before delivery\"" : "")
                }
            """
        }
        return "{\n  \"orders\": [\n" + objects.joined(separator: ",\n")
            + "\n  ],\n  \"next\": null\n}"
    }

    /// Prose with repetitions, code and loose layout.
    static func conversation() -> String {
        let passage =
            "The service writes its report every night. It keeps thirty of them and removes the "
            + "oldest first, so that the disk never fills, and says so in its log.  "
        let parts = (0..<40).map { part in
            """
            Section \(part) of the handbook.  \n\n\n\(passage)Rule \(part) applies to team \(part % 7).

            \(part % 4 == 0 ? passage + passage : "Nothing more is known about section \(part).")

            ```python
            def rule_\(part)(team):
                return team  ==  \(part % 7)
            ```
            """
        }
        return parts.joined(separator: "\n\n") + "\n\nWhich rules apply to team 3?"
    }
}
