package import Estimating
package import LedgerModel

/// How some requests did.
///
/// Two of these merge by adding.
package struct PerformanceSums: Hashable, Sendable {
    package var requests: Int64 = 0
    package var failed: Int64 = 0
    package var failures: [FailureClass: Int64] = [:]
    /// Of the failed ones, attempts that were not their callers' doing and whose requests went on.
    package var attempts: Int64 = 0
    package var unpriced: Int64 = 0
    package var cost = PicodollarSum.zero
    package var inputTokens: Int128 = 0
    package var outputTokens: Int128 = 0
    /// Of completed requests, in microseconds.
    package var latency = LengthHistogram()
    package var firstToken = LengthHistogram()
    /// Output tokens a second, in thousandths, after the first token where that is known.
    package var rate = LengthHistogram()
    /// What requests waited in the gateway's queue, in microseconds.
    package var queue = LengthHistogram()
    /// Requests that told the times of their stages, and the sums of these, in microseconds.
    package var staged: Int64 = 0
    package var stages: [CallStage: Int64] = [:]
    /// By five minutes, in rows by the hour: how requests did, and what they took.
    package var latencySlots: [SlotBucket: Int64] = [:]
    package var firstTokenSlots: [SlotBucket: Int64] = [:]

    package init() {}

    package static func += (a: inout Self, b: Self) {
        a.requests += b.requests
        a.failed += b.failed
        a.failures.merge(b.failures, uniquingKeysWith: +)
        a.attempts += b.attempts
        a.unpriced += b.unpriced
        a.cost += b.cost
        a.inputTokens += b.inputTokens
        a.outputTokens += b.outputTokens
        a.latency.merge(b.latency)
        a.firstToken.merge(b.firstToken)
        a.rate.merge(b.rate)
        a.queue.merge(b.queue)
        a.staged += b.staged
        a.stages.merge(b.stages, uniquingKeysWith: +)
        a.latencySlots.merge(b.latencySlots, uniquingKeysWith: +)
        a.firstTokenSlots.merge(b.firstTokenSlots, uniquingKeysWith: +)
    }

    package var succeeded: Int64 { requests - failed }

    /// The part of requests that failed; nil without any.
    package var failureShare: Double? {
        requests == 0 ? nil : Double(failed) / Double(requests)
    }

    /// Failures that are not their callers' doing, of the requests that they are not.
    package var faults: (failed: Int64, of: Int64) {
        let refused = failures.reduce(0) { $0 + ($1.key.isOfCaller ? $1.value : 0) }
        return (max(0, failed - refused), max(0, requests - refused))
    }

    package var outputTokensEach: Double? {
        succeeded <= 0 ? nil : Double(outputTokens) / Double(succeeded)
    }

    // MARK: Money

    /// What 1,000 tokens of output cost, input included; nil where that is unknown.
    package var costPerThousandOutputTokens: PicodollarSum? {
        known.flatMap { cost in
            outputTokens <= 0
                ? nil : PicodollarSum(dividedHalfEven(cost.amount * 1_000, by: outputTokens))
        }
    }

    /// What a successful request costs, failed ones included; nil where that is unknown.
    package var costPerSuccess: PicodollarSum? {
        known.flatMap { cost in
            succeeded <= 0
                ? nil : PicodollarSum(dividedHalfEven(cost.amount, by: Int128(succeeded)))
        }
    }

    private var known: PicodollarSum? { unpriced > 0 ? nil : cost }

    // MARK: Stages

    /// The mean time of each stage that took some, in microseconds.
    package var stageMeans: [(stage: CallStage, microseconds: Double)] {
        guard staged > 0 else { return [] }
        return CallStage.allCases.compactMap { stage in
            stages[stage].map { (stage, Double($0) / Double(staged)) }
        }
    }
}

extension LengthHistogram {
    /// The mean, each value taken as the middle of its bucket; nil without any.
    package var mean: Double? { total == 0 ? nil : Double(tokens) / Double(total) }
}
