import Estimating
import LedgerModel
import LedgerTesting
import Performance

/// Made-up requests, hour by hour: latencies that are log-normal, with habits of hours and days.
struct PerformanceSeries {
    var chance: SeededGenerator
    /// Of the two hours that are looked at.
    let now: Timestamp

    init(seed: UInt64) {
        chance = SeededGenerator(seed: seed)
        // A Tuesday.
        now = Timestamp(year: 2026, month: 11, day: 24).advanced(byMicroseconds: 52_000_000_000)
    }

    /// A standard normal variable (Box and Muller, by sums: twelve uniforms are close enough).
    mutating func normal() -> Double {
        (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &chance) }
    }

    /// How a span of the series is: scales of the times, and the part that fails.
    struct Shape {
        var requests = 120
        var firstToken = 1.0
        var generation = 1.0
        var schedule = 1.0
        var failures = 0.01
        /// The part of requests that takes ten times as long.
        var tail = 0.0
        var isStaged = true
    }

    mutating func sums(_ shape: Shape) -> PerformanceSums {
        var sums = PerformanceSums()
        // Requests of an hour are not independent: all of them share a factor.
        let common = power(1.04, normal())
        for _ in 0..<shape.requests {
            sums.requests += 1
            if Double.random(in: 0..<1, using: &chance) < shape.failures {
                sums.failed += 1
                sums.failures[.server, default: 0] += 1
                continue
            }
            let isSlow = Double.random(in: 0..<1, using: &chance) < shape.tail
            let slow = isSlow ? 10.0 : 1
            let first = 400_000 * common * power(1.5, normal()) * shape.firstToken * slow
            let rest = 2_000_000 * common * power(1.6, normal()) * shape.generation
            let queue = 20_000 * power(1.5, normal()) * shape.schedule
            let output = 200.0
            sums.latency.add(Int64(first + rest + queue))
            sums.firstToken.add(Int64(first + queue))
            sums.rate.add(Int64(output * 1e9 / rest))
            sums.outputTokens += Int128(output)
            if shape.isStaged {
                sums.staged += 1
                sums.queue.add(Int64(queue))
                sums.stages[.schedule, default: 0] += Int64(queue)
                sums.stages[.firstToken, default: 0] += Int64(first)
                sums.stages[.relay, default: 0] += Int64(rest)
            }
        }
        return sums
    }

    /// Base to a power, by a series: the domain's tests need no other mathematics.
    private func power(_ base: Double, _ exponent: Double) -> Double {
        // ln(base) for bases near one, then e to the product.
        let x = (base - 1) / (base + 1)
        let logarithm = 2 * (x + x * x * x / 3 + x * x * x * x * x / 5)
        let product = logarithm * exponent
        var (term, sum) = (1.0, 1.0)
        for step in 1..<24 {
            term *= product / Double(step)
            sum += term
        }
        return sum
    }

    /// All spans of a detector: the usual shape, and another one now.
    mutating func cells(
        _ detector: RegressionDetector, usual: Shape = Shape(), now shape: Shape,
        spans: Range<Int>? = nil
    ) -> [RegressionDetector.Cell] {
        let series = SeriesName(route: "fast", provider: "openai", model: "gpt-4o")
        return (spans ?? detector.times.spans.indices).map { span in
            RegressionDetector.Cell(
                series: series, app: "search", span: span,
                sums: sums(span == 0 ? shape : usual))
        }
    }
}
