import Histogram

/// Latencies of calls in microseconds, up to ten minutes, with three significant digits.
package struct Latencies: Sendable {
    private var histogram = Histogram<UInt64>(
        lowestDiscernibleValue: 1, highestTrackableValue: 600_000_000,
        numberOfSignificantValueDigits: .three)

    package init() {}

    mutating func record(_ duration: Duration) {
        record(microseconds: UInt64(max(0, seconds(duration) * 1e6)))
    }

    package mutating func record(microseconds: UInt64) {
        _ = histogram.record(min(max(microseconds, 1), 600_000_000))
    }

    package mutating func add(_ other: Latencies) { histogram.add(other.histogram) }

    package var summary: BenchmarkReport.Latency {
        BenchmarkReport.Latency(
            p50Milliseconds: Double(histogram.valueAtPercentile(50)) / 1_000,
            p99Milliseconds: Double(histogram.valueAtPercentile(99)) / 1_000)
    }
}
