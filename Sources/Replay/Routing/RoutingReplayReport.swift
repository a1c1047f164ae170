package import LedgerModel

/// What another routing would have cost, and done to latency: each call as it was, and as it would
/// have been.
package struct RoutingReplayReport: PolicyReport {
    package let history: ReplayedHistory
    package let position: Int64
    package let total: Sums
    /// By what they save, the most first.
    package private(set) var rows: [Row]
    package private(set) var rowsOmitted = 0
    /// By what would have been asked of them, the most first.
    package private(set) var providers: [Line]
    /// Requests that were appended too late to be put in the order of their times.
    package let late: Int64

    package struct Row: Sendable {
        package let values: [Name?]
        package let sums: Sums

        package init(values: [Name?], sums: Sums) {
            self.values = values
            self.sums = sums
        }

        var text: String { values.map { $0?.string ?? "" }.joined(separator: "\u{0}") }
    }

    package struct Sums: Sendable {
        package var requests: Int64 = 0
        package var failedThen: Int64 = 0
        package var failedNow: Int64 = 0
        /// Of those that failed then, the ones that would have been answered.
        package var rescued: Int64 = 0
        /// Answered by another provider or model than then.
        package var moved: Int64 = 0
        /// Answered by another model because nobody else could.
        package var fallbacks: Int64 = 0
        /// Requests without a price on one of the sides; they are in neither sum.
        package var unpriced: Int64 = 0
        package var costThen = PicodollarSum.zero
        package var costNow = PicodollarSum.zero
        /// Of those that were answered then.
        package var input: Int64 = 0
        package var cachedThen: Int64 = 0
        package var cachedNow: Int64 = 0
        var latency = Sides()
        var first = Sides()

        struct Sides: Sendable {
            var then = TimeBuckets()
            var now = TimeBuckets()
        }

        package init() {}

        package var saved: PicodollarSum { costThen - costNow }
        package var cachedThenPercent: Double? { percent(cachedThen) }
        package var cachedNowPercent: Double? { percent(cachedNow) }

        private func percent(_ tokens: Int64) -> Double? {
            input > 0 ? 100 * Double(tokens) / Double(input) : nil
        }

        /// In microseconds, to about 5 %; nil without times.
        package func latencyThen(_ share: Double) -> Int64? { latency.then.quantile(share) }
        package func latencyNow(_ share: Double) -> Int64? { latency.now.quantile(share) }
        package func firstThen(_ share: Double) -> Int64? { first.then.quantile(share) }
        package func firstNow(_ share: Double) -> Int64? { first.now.quantile(share) }

        /// A call as it was.
        mutating func count(_ call: RoutedCall) {
            requests = 1
            guard call.failure == nil else {
                failedThen = 1
                return
            }
            input = call.usage[.inputTokens] ?? 0
            cachedThen = call.usage[.cacheReadInputTokens] ?? 0
        }

        static func += (a: inout Sums, b: Sums) {
            a.requests += b.requests
            a.failedThen += b.failedThen
            a.failedNow += b.failedNow
            a.rescued += b.rescued
            a.moved += b.moved
            a.fallbacks += b.fallbacks
            a.unpriced += b.unpriced
            a.costThen += b.costThen
            a.costNow += b.costNow
            a.input += b.input
            a.cachedThen += b.cachedThen
            a.cachedNow += b.cachedNow
        }
    }

    /// What was asked of a provider, and what would have been.
    package struct Line: Sendable {
        package var provider: Name = ""
        package var requestsThen: Int64 = 0
        package var requestsNow: Int64 = 0
        /// Calls that would have failed there, and gone on to the next.
        package var failedNow: Int64 = 0
        package var costThen = PicodollarSum.zero
        package var costNow = PicodollarSum.zero
    }

    init(
        history: ReplayedHistory, position: Int64, total: Sums, rows: [Row], lines: [Line],
        late: Int64
    ) {
        self.history = history
        self.position = position
        self.total = total
        self.late = late
        self.rows = rows.sorted { ($1.sums.saved, $0.text) < ($0.sums.saved, $1.text) }
        providers = lines.sorted {
            ($1.requestsNow, $0.provider) < ($0.requestsNow, $1.provider)
        }
    }

    package func limited(toRows count: Int) -> RoutingReplayReport {
        var report = self
        report.rowsOmitted = max(0, rows.count - count)
        report.rows = Array(rows.prefix(count))
        return report
    }

    /// What is supposed about what history can't show.
    package static let assumptions = [
        "A provider has a model by the name that history has; every provider of a route is taken to "
            + "speak the caller's API, and to have one key.",
        "A call elsewhere takes as long as the calls there that are as slow among theirs as it was "
            + "among its own (by quantiles of provider and model, or of the provider).",
        "Within a session, a call that stays where the one before was answered finds that one's "
            + "input in the provider's cache for 5 minutes from 1,024 tokens on, or what it found in "
            + "history; one that moves finds nothing. Calls without a session find what they found.",
        "A provider fails from the third failed call in a row until one is answered, or for 10 "
            + "minutes; a failed call that would have been answered uses what the model's answers use "
            + "in the mean. Retries that callers made stay requests of their own.",
        "Limits, hedging, caches of answers and calls for health are left out; calls at batch "
            + "prices stay where they were. Prices are those in force at the time.",
    ]
}
