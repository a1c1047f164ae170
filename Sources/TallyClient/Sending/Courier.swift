package import Spooling

/// Decides when and how much to send, and what an answer means: a state machine without I/O.
///
/// Only one call is in progress at a time, so acknowledged records are always at the front of the
/// spool. The states are: nothing waits, records gather, a call is due, a pause after a failure.
package struct Courier: Sendable {
    package struct Limits: Sendable {
        package var batchRecordsMax: Int
        package var batchBytesMax: Int
        package var batchAgeMax: Duration
        package var pauseMax: Duration

        package init(
            batchRecordsMax: Int, batchBytesMax: Int, batchAgeMax: Duration, pauseMax: Duration
        ) {
            self.batchRecordsMax = batchRecordsMax
            self.batchBytesMax = batchBytesMax
            self.batchAgeMax = batchAgeMax
            self.pauseMax = pauseMax
        }
    }

    package enum Action: Hashable, Sendable {
        /// Ask again at this time, or as soon as this much waits; nil means that it does not
        /// matter.
        case wait(until: Duration?, orFor: Spool.Waiting?)
        case send(recordsMax: Int, bytesMax: Int)
        /// Everything was sent, and nothing will follow.
        case stop
    }

    package enum Verdict: Hashable, Sendable {
        /// The service has all records but these, which it will never accept.
        case forget(refused: [IngestOutcome.Refusal])
        /// Nothing is settled: the records are sent again.
        case keep
    }

    /// The initial upper bound of a pause; each failure in a row doubles it.
    package static let pauseMin: Duration = .milliseconds(100)
    /// The longest time that the service may ask for.
    package static let retryAfterMax: Duration = .seconds(600)

    private let limits: Limits
    /// Fewer than `batchRecordsMax` after the service called a batch too large.
    private var recordsMax: Int
    private var gathersUntil: Duration?
    private var failures = 0
    private var pausesUntil: Duration?
    private var isPaid = false
    private var isRepetition = false
    private var budget = RetryBudget()
    private var isClosing = false

    package init(_ limits: Limits) {
        self.limits = limits
        recordsMax = limits.batchRecordsMax
    }

    /// From now on, records do not wait for others, and sending ends when all are sent.
    package mutating func close() { isClosing = true }

    package mutating func next(_ waiting: Spool.Waiting, at now: Duration) -> Action {
        guard waiting.records > 0 else {
            gathersUntil = nil
            return isClosing
                ? .stop : .wait(until: nil, orFor: Spool.Waiting(records: 1, bytes: 1))
        }
        if let pausesUntil {
            if now < pausesUntil { return .wait(until: pausesUntil, orFor: nil) }
            self.pausesUntil = nil
        }
        let isFull =
            waiting.records >= limits.batchRecordsMax || waiting.bytes >= limits.batchBytesMax
        if !isFull && !isClosing && !isRepetition {
            let end = gathersUntil ?? now + limits.batchAgeMax
            gathersUntil = end
            if now < end {
                let full = Spool.Waiting(
                    records: limits.batchRecordsMax, bytes: limits.batchBytesMax)
                return .wait(until: end, orFor: full)
            }
        }
        if isRepetition && !isPaid {
            if case .short(let time) = budget.pay(at: now) {
                return .wait(until: time, orFor: nil)
            }
            isPaid = true
        }
        return .send(recordsMax: recordsMax, bytesMax: limits.batchBytesMax)
    }

    /// Handles the outcome of a call with `sent` records.
    package mutating func settle(
        _ outcome: IngestOutcome, sent: Int, at now: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> Verdict {
        if !isRepetition { budget.earnByCall() }
        isPaid = false
        switch outcome {
        case .stored(_, let refused):
            succeed()
            return .forget(refused: refused)
        case .tooLarge(let reason):
            // Halving ends at one record, so these repetitions need no budget.
            guard sent > 1 else {
                succeed()
                return .forget(refused: [IngestOutcome.Refusal(index: 0, reason: reason)])
            }
            recordsMax = max(1, sent / 2)
            isRepetition = false
            gathersUntil = now
            return .keep
        case .unavailable(let retryAfter, _):
            let pause = pause(from: Self.pauseMin, using: &generator)
            let asked = min(retryAfter ?? .zero, Self.retryAfterMax)
            fail(until: now + (asked > .zero ? asked + min(pause, .seconds(1)) : pause))
            return .keep
        case .misconfigured:
            // Somebody has to correct a setting, so there is no hurry.
            fail(until: now + pause(from: .seconds(5), using: &generator))
            return .keep
        }
    }

    private mutating func succeed() {
        failures = 0
        isRepetition = false
        gathersUntil = nil
        recordsMax = min(limits.batchRecordsMax, recordsMax * 2)
    }

    private mutating func fail(until time: Duration) {
        failures += 1
        isRepetition = true
        pausesUntil = time
    }

    /// Full jitter: any time up to a bound that doubles with every failure in a row.
    private func pause(
        from least: Duration, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let doublings = min(failures, 20)
        let bound = min(limits.pauseMax, least * (1 << doublings))
        return .microseconds(Int64.random(in: 0...max(0, bound.microseconds), using: &generator))
    }
}
