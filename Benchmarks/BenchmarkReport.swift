/// The results of a benchmark: every run, and their median.
package struct BenchmarkReport: Sendable {
    package let name: String
    package let runs: [Run]
    /// Facts that do not belong to a single run, such as bytes per stored event.
    package var facts: [Fact] = []
    package var machine: Machine?
    /// Further measurements, such as single calls in addition to batches.
    package var also: [BenchmarkReport] = []
    /// The unit that is counted; a run's `events` are that many, or bytes.
    package let unit: Unit

    package enum Unit: String, Sendable {
        case events, megabytes, requests

        /// The number of a run's `events` in one unit.
        var size: Double { self == .megabytes ? 1e6 : 1 }
    }

    package init(name: String, runs: [Run], unit: Unit = .events) {
        precondition(!runs.isEmpty, "a benchmark has at least one run")
        self.name = name
        self.runs = runs
        self.unit = unit
    }

    /// One run, with its limit measured directly before or after it.
    package struct Run: Sendable, Equatable {
        package let events: Int64
        package let seconds: Double
        /// Events per second of the simplest way to move the same rows; nil if there is none.
        package let limit: Double?
        package let latency: Latency?

        package init(events: Int64, seconds: Double, limit: Double?, latency: Latency? = nil) {
            self.events = events
            self.seconds = seconds
            self.limit = limit
            self.latency = latency
        }

        package var perSecond: Double { Double(events) / seconds }
        package var ratio: Double? { limit.map { perSecond / $0 } }
    }

    package struct Latency: Sendable, Equatable {
        package let p50Milliseconds: Double
        package let p99Milliseconds: Double

        package init(p50Milliseconds: Double, p99Milliseconds: Double) {
            self.p50Milliseconds = p50Milliseconds
            self.p99Milliseconds = p99Milliseconds
        }
    }

    package struct Fact: Sendable {
        /// A JSON key that ends in its unit.
        package let name: String
        package let value: Double

        package init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    package var perSecond: Sample { Sample(runs.map(\.perSecond)) }
    package var limit: Sample? { Sample(all: runs.map(\.limit)) }
    /// The ratios of the runs: a run and its limit were measured under the same conditions.
    package var ratio: Sample? { Sample(all: runs.map(\.ratio)) }
    package var p50: Sample? { Sample(all: runs.map { $0.latency?.p50Milliseconds }) }
    package var p99: Sample? { Sample(all: runs.map { $0.latency?.p99Milliseconds }) }
}

/// A few measurements of the same thing.
package struct Sample: Sendable, Equatable {
    /// Ascending, at least one.
    package let values: [Double]

    package init(_ values: [Double]) {
        precondition(!values.isEmpty, "a sample has at least one value")
        self.values = values.sorted()
    }

    /// Nil unless every value is present.
    package init?(all values: [Double?]) {
        let present = values.compactMap(\.self)
        guard present.count == values.count, !present.isEmpty else { return nil }
        self.init(present)
    }

    package var smallest: Double { values[0] }
    package var largest: Double { values[values.count - 1] }

    /// The middle value, or the mean of the two middle values.
    package var median: Double {
        let middle = values.count / 2
        return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
    }

    /// The range of the values, as a share of the median.
    package var spread: Double { median == 0 ? 0 : (largest - smallest) / median }
}
