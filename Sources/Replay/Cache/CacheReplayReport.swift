package import Caching
package import LedgerModel

/// What a cache would have saved.
package struct CacheReplayReport: PolicyReport {
    package let file: CachePolicyFile
    package let history: ReplayedHistory
    package let position: Int64
    /// Events that were looked at.
    package let events: Int64
    package let total: Row
    /// By what they save, the most first.
    package private(set) var rows: [Row]
    package private(set) var rowsOmitted = 0
    /// The same cache with other memory, the smallest first.
    package let sizes: [Size]
    /// Requests whose answers' bytes were estimated from their tokens.
    package let estimatedBytes: Int64
    /// Requests that were appended too late to be put in the order of their times.
    package let late: Int64

    package struct Row: Sendable {
        package let values: [Name?]
        /// Those that the policy is about.
        package let requests: Int64
        package let withoutHash: Int64
        package let sums: CacheReplay.Sums

        package var withHash: Int64 { requests - withoutHash }
        package var hitPercent: Double? { sums.hitPercent }
        /// What would not have been spent; nil if nothing is known of it.
        package var avoided: PicodollarSum? {
            sums.avoided.known(unpriced: sums.hitsUnpriced)
        }

        var text: String { values.map { $0?.string ?? "" }.joined(separator: "\u{0}") }
    }

    package struct Size: Sendable {
        package let memory: Int
        /// Whether it is the policy's own.
        package let isAsked: Bool
        package let sums: CacheReplay.Sums
        /// How many requests one that was looked at stands for; 1 if all is exact.
        package let weight: Int64

        package var hitPercent: Double? { sums.hitPercent }
        package var avoided: PicodollarSum? {
            sums.avoided.known(unpriced: sums.hitsUnpriced)
        }
    }

    init(
        file: CachePolicyFile, history: ReplayedHistory, position: Int64, events: Int64,
        total: Row, rows: [Row], sizes: [Size], estimatedBytes: Int64, late: Int64
    ) {
        self.file = file
        self.history = history
        self.position = position
        self.events = events
        self.total = total
        self.rows = rows
        self.sizes = sizes
        self.estimatedBytes = estimatedBytes
        self.late = late
    }

    package func limited(toRows count: Int) -> CacheReplayReport {
        var report = self
        report.rowsOmitted = max(0, rows.count - count)
        report.rows = Array(rows.prefix(count))
        return report
    }

    /// Whether the policy's own figures are estimates; see `CacheReplay`.
    package var isEstimate: Bool { sizes.contains { $0.isAsked && $0.weight > 1 } }
}

extension CacheReplay.Sums {
    /// Of the requests with a hash; nil if there are none.
    fileprivate var hitPercent: Double? {
        requests == 0 ? nil : 100 * Double(hits) / Double(requests)
    }
}
