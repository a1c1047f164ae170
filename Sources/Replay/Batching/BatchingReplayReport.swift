package import Batching
package import LedgerModel

/// What a batcher would have saved.
package struct BatchingReplayReport: PolicyReport {
    package let file: BatchingPolicyFile
    package let history: ReplayedHistory
    package let position: Int64
    package let total: Sums
    /// By what they save, the most first.
    package private(set) var rows: [Row]
    package private(set) var rowsOmitted = 0
    /// Jobs by rule, provider and model, those that save most first.
    package private(set) var jobs: [Job]
    /// Requests that were appended too late to be put in the order of their times.
    package let late: Int64

    package struct Row: Sendable {
        package let values: [Name?]
        package let sums: Sums

        /// The sums of all, which belong to no group.
        package init(of sums: Sums) { self.init(values: [], sums: sums) }

        init(values: [Name?], sums: Sums) {
            self.values = values
            self.sums = sums
        }

        var text: String { values.map { $0?.string ?? "" }.joined(separator: "\u{0}") }
    }

    package struct Sums: Sendable, Equatable {
        package var requests: Int64 = 0
        package var spent = PicodollarSum.zero
        package var unpriced: Int64 = 0
        /// Requests that a rule lets wait.
        package var mayWait: Int64 = 0
        /// Of those, the ones for which the book in force had no batch rate.
        package var withoutRate: Int64 = 0
        /// Requests that were made through a batch API as it is.
        package var alreadyBatch: Int64 = 0
        package var inJobs: Int64 = 0
        /// What those in jobs cost at their own tier, and at the batch rate.
        package var standard = PicodollarSum.zero
        package var batch = PicodollarSum.zero
        /// Requests that were made while an equal one was running, and what they cost.
        package var duplicates: Int64 = 0
        package var duplicateCost = PicodollarSum.zero
        /// Requests for embeddings, and the calls that they would have taken.
        package var embeddings: Int64 = 0
        package var embeddingCalls: Int64 = 0

        package init() {}

        /// What jobs and shared calls would have saved.
        package var saved: PicodollarSum { standard - batch + duplicateCost }
        package var savedByJobs: PicodollarSum { standard - batch }

        static func += (a: inout Sums, b: Sums) {
            a.requests += b.requests
            a.spent += b.spent
            a.unpriced += b.unpriced
            a.mayWait += b.mayWait
            a.withoutRate += b.withoutRate
            a.alreadyBatch += b.alreadyBatch
            a.inJobs += b.inJobs
            a.standard += b.standard
            a.batch += b.batch
            a.duplicates += b.duplicates
            a.duplicateCost += b.duplicateCost
            a.embeddings += b.embeddings
            a.embeddingCalls += b.embeddingCalls
        }
    }

    /// The jobs of one rule with one provider and, where a job has one, model.
    package struct Job: Sendable {
        /// The number of the rule in the file, from 1.
        package let rule: Int
        package let provider: Name?
        package let model: Name?
        package private(set) var jobs: Int64 = 0
        package private(set) var requests: Int64 = 0
        package private(set) var largest = 0
        package private(set) var saved = PicodollarSum.zero
        private var waited: Int128 = 0
        private var longest: Int64 = 0

        init(rule: Int, provider: Name?, model: Name?) {
            self.rule = rule
            self.provider = provider
            self.model = model
        }

        mutating func add(_ standard: Picodollars, _ batch: Picodollars) {
            requests += 1
            saved += PicodollarSum(standard) - PicodollarSum(batch)
        }

        mutating func close(requests: Int, waited: Int128, longest: Int64) {
            jobs += 1
            largest = max(largest, requests)
            self.waited += waited
            self.longest = max(self.longest, longest)
        }

        package var meanSize: Double { Double(requests) / Double(max(1, jobs)) }
        /// Until the job is sent; then it takes up to a day.
        package var meanWaitSeconds: Double { Double(waited) / Double(max(1, requests)) / 1e6 }
        package var longestWaitSeconds: Double { Double(longest) / 1e6 }
    }

    init(
        file: BatchingPolicyFile, history: ReplayedHistory, position: Int64, rows: [Row],
        jobs: [Job], late: Int64
    ) {
        self.file = file
        self.history = history
        self.position = position
        self.late = late
        var total = Sums()
        for row in rows { total += row.sums }
        self.total = total
        self.rows = rows.sorted { ($1.sums.saved, $0.text) < ($0.sums.saved, $1.text) }
        self.jobs = jobs.sorted {
            ($1.saved, $0.rule, $0.model ?? "") < ($0.saved, $1.rule, $1.model ?? "")
        }
    }

    package func limited(toRows count: Int) -> BatchingReplayReport {
        var report = self
        report.rowsOmitted = max(0, rows.count - count)
        report.rows = Array(rows.prefix(count))
        return report
    }
}
