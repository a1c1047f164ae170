package import LedgerModel
package import Resilience

/// A job of a provider's batch API, from its requests to their outcomes.
///
/// It is told what happened and says the next step. Its `record` is stored before a step is taken:
/// so after a crash the job goes on from there, and a submission that was begun counts as
/// ambiguous until a listing of the provider's jobs shows whether it arrived. It is never simply
/// repeated, since a second job would be billed as well.
package struct BatchJob: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        /// Its file is to be uploaded (OpenAI), or it is to be submitted.
        case prepared
        /// Its file is there.
        case uploaded(file: String)
        /// The provider was asked to make it, and has not answered.
        case submitting(file: String?)
        /// Whether the provider made it isn't known.
        case ambiguous(file: String?)
        case submitted(id: String)
        /// The provider has ended it; these results are still to be read.
        case reading(id: String, [JobStatus.Results])
        /// Every request has its outcome.
        case ended
    }

    /// What to do next.
    package enum Step: Sendable, Equatable {
        case upload
        /// Make the job; begin with `beginSubmit` and store the record.
        case submit(file: String?)
        /// List the provider's jobs since a time.
        case list(since: Timestamp)
        case poll(id: String)
        /// Ask the provider to stop it, then say `cancelSent`.
        case cancel(id: String)
        case read(JobStatus.Results)
        /// Nothing until then, then ask for the step again.
        case wait(until: Timestamp)
        case done
    }

    /// How a request of the job ended: each does, once.
    package enum Outcome: Sendable {
        case answered([UInt8])
        case failed(CallFailure, [UInt8])
        case expired
        case cancelled
        /// The provider ended the job without a word about it.
        case missing
    }

    package let api: BatchAPI
    package let tag: String
    package internal(set) var state = State.prepared
    /// By number: whether a request has its outcome.
    package internal(set) var isFinished: [Bool]
    /// The last time that it was tried to submit it.
    package internal(set) var submittedAt: Timestamp?
    /// Jobs of the provider that were taken for this one, and are not.
    package internal(set) var mistaken: [String] = []
    /// Attempts in a row that failed, and when the next one may be made.
    package internal(set) var failures = 0
    package internal(set) var notBefore: Timestamp
    package internal(set) var isCancelled = false
    package internal(set) var isCancelSent = false

    package typealias Outcomes = [(number: Int, outcome: Outcome)]

    package var pace = Pace()

    /// How often a provider is asked; no part of the record.
    package struct Pace: Sendable, Equatable {
        /// How long a submission may take to appear in a listing.
        package var settling: Duration = .seconds(60)
        package var pollFirst: Duration = .seconds(30)
        package var pollMax: Duration = .seconds(300)

        package init() {}
    }

    /// Clocks differ by less than this.
    package static let skew: Duration = .seconds(300)
    /// Failed attempts of one kind, after which it is given up.
    package static let failuresMax = 20

    package init(api: BatchAPI, tag: String, requests: Int, at now: Timestamp) {
        self.api = api
        self.tag = tag
        isFinished = Array(repeating: false, count: requests)
        notBefore = now
    }

    package var remaining: Int { isFinished.count { !$0 } }

    /// The next step.
    package func step(at now: Timestamp) -> Step {
        if state == .ended { return .done }
        if now < notBefore { return .wait(until: notBefore) }
        switch state {
        case .prepared: return api == .openAI ? .upload : .submit(file: nil)
        case .uploaded(let file): return .submit(file: file)
        case .submitting, .ambiguous:
            return .list(since: (submittedAt ?? now).advanced(by: .zero - Self.skew))
        case .submitted(let id):
            return isCancelled && !isCancelSent ? .cancel(id: id) : .poll(id: id)
        case .reading(_, let results): return results.first.map { .read($0) } ?? .done
        case .ended: return .done
        }
    }

    // MARK: - Submitting

    /// A file that nobody uses costs nothing, so an upload may be repeated.
    package mutating func uploaded(file: String, at now: Timestamp) {
        guard state == .prepared else { return }
        state = .uploaded(file: file)
        succeeded(at: now)
    }

    /// From here on, whether the provider has the job is known only by its answer or a listing.
    package mutating func beginSubmit(at now: Timestamp) {
        switch state {
        case .prepared where api == .anthropic: state = .submitting(file: nil)
        case .uploaded(let file): state = .submitting(file: file)
        default: return
        }
        submittedAt = now
    }

    package mutating func submitted(id: String, at now: Timestamp) {
        guard case .submitting = state else { return }
        state = .submitted(id: id)
        succeeded(at: now)
        notBefore = now.advanced(by: pace.pollFirst)
    }

    /// A submission, upload, listing, poll or reading failed.
    ///
    /// - Parameter chance: from 0 to 1, for the jitter of the next attempt.
    /// - Returns: outcomes of requests, if it is given up.
    package mutating func failed(
        _ failure: CallFailure, chance: Double, at now: Timestamp
    ) -> Outcomes {
        failures += 1
        let isGone =
            failure.errorClass == .refused || failure.errorClass == .denied
            || failure.errorClass == .miscounted
        switch state {
        case .submitting(let file):
            // A status says that it was not made. Without one nobody knows.
            let isCertain =
                failure.errorClass == .unreachable || failure.status.map { $0 < 500 } == true
            if isCertain {
                state = file.map { .uploaded(file: $0) } ?? .prepared
            } else {
                state = .ambiguous(file: file)
                delay(failure, chance, at: now)
                notBefore = max(notBefore, now.advanced(by: pace.settling))
                return []
            }
            if isCancelled { return end(.cancelled) }
            if isGone || failures >= Self.failuresMax { return giveUp(failure) }
        case .prepared, .uploaded:
            if isGone || failures >= Self.failuresMax { return giveUp(failure) }
        case .submitted, .reading:
            // What is there is asked for as long as it takes: it may have cost money.
            break
        case .ambiguous, .ended: break
        }
        delay(failure, chance, at: now)
        return []
    }

    /// The provider's jobs since before the submission, of which this may be one.
    ///
    /// OpenAI keeps our tag. Anthropic doesn't: a job with the same number of requests, that no
    /// other job of ours has, is taken for this one until its results say otherwise.
    ///
    /// - Parameters:
    ///   - others: the ids of our other jobs.
    ///   - isComplete: whether the listing reached back to the asked time.
    /// - Returns: the outcomes of requests, if it was cancelled and never made.
    package mutating func listed(
        _ jobs: [JobStatus], others: Set<String>, isComplete: Bool, at now: Timestamp
    ) -> Outcomes {
        let file: String?
        switch state {
        case .submitting(let known), .ambiguous(let known): file = known
        default: return []
        }
        let earliest = (submittedAt ?? now).advanced(by: .zero - Self.skew)
        let found = jobs.first { job in
            guard !others.contains(job.id), !mistaken.contains(job.id),
                job.createdAt.map({ $0 >= earliest }) ?? true
            else { return false }
            return api == .openAI ? job.tag == tag : job.requests == isFinished.count
        }
        if let found {
            state = .submitted(id: found.id)
            succeeded(at: now)
            return []
        }
        let settled = (submittedAt ?? now).advanced(by: pace.settling)
        guard isComplete, now >= settled else {
            state = .ambiguous(file: file)
            notBefore = max(settled, now.advanced(by: .seconds(5)))
            return []
        }
        if isCancelled { return end(.cancelled) }
        state = file.map { .uploaded(file: $0) } ?? .prepared
        notBefore = now
        return []
    }

    // MARK: - Results

    /// What the provider says of the job.
    ///
    /// - Returns: the outcomes of requests, if there will be no results.
    package mutating func polled(
        _ status: JobStatus, chance: Double, at now: Timestamp
    ) -> Outcomes {
        guard case .submitted(let id) = state, status.id == id else { return [] }
        failures = 0
        switch status.phase {
        case .running:
            let age = now.microseconds - (submittedAt ?? now).microseconds
            let bound = min(
                max(Duration.microseconds(age / 20), pace.pollFirst), pace.pollMax)
            let jitter = 0.75 + 0.25 * min(max(chance, 0), 1)
            notBefore = now.advanced(
                byMicroseconds: Int64(Double(bound.wholeMicroseconds) * jitter))
            return []
        case .refused: return giveUp(CallFailure(.refused))
        case .ended:
            notBefore = now
            guard !status.results.isEmpty else { return end(.missing) }
            state = .reading(id: id, status.results)
            return []
        }
    }

    /// A line of the results.
    ///
    /// - Returns: the request and its outcome; nil if it has one already, or is of another job.
    package mutating func read(_ line: JobLine) -> (number: Int, outcome: Outcome)? {
        guard let number = JobFile.number(line.id, of: tag), isFinished.indices.contains(number),
            !isFinished[number]
        else { return nil }
        isFinished[number] = true
        return switch line.result {
        case .succeeded(let body): (number, .answered(body))
        case .failed(let failure, let body): (number, .failed(failure, body))
        case .expired: (number, .expired)
        case .cancelled: (number, .cancelled)
        }
    }

    /// One of the results was read to its end.
    ///
    /// - Parameter foreign: whether its lines were of another job: then this one is looked for again.
    /// - Returns: the outcomes of requests without a line, after the last of the results.
    package mutating func finished(
        reading results: JobStatus.Results, foreign: Bool = false, at now: Timestamp
    ) -> Outcomes {
        guard case .reading(let id, var rest) = state, rest.first == results else { return [] }
        succeeded(at: now)
        if foreign {
            mistaken.append(id)
            state = .ambiguous(file: nil)
            return []
        }
        rest.removeFirst()
        state = .reading(id: id, rest)
        return rest.isEmpty ? end(.missing) : []
    }

    /// Somebody wants no more of it; what is done by then is still read, and paid for.
    ///
    /// - Returns: the outcomes of requests, if it was not submitted and is not any more.
    package mutating func cancel(at now: Timestamp) -> Outcomes {
        isCancelled = true
        switch state {
        case .prepared, .uploaded: return end(.cancelled)
        case .submitted: notBefore = now
        case .submitting, .ambiguous, .reading, .ended: break
        }
        return []
    }

    /// The provider was asked to stop it, or has ended it already.
    package mutating func cancelSent(at now: Timestamp) {
        isCancelSent = true
        succeeded(at: now)
    }

    // MARK: - Helpers

    private mutating func succeeded(at now: Timestamp) {
        failures = 0
        notBefore = now
    }

    /// Full jitter, as for calls.
    private mutating func delay(_ failure: CallFailure, _ chance: Double, at now: Timestamp) {
        let bound = min(pace.pollMax.wholeMicroseconds, 1_000_000 << Int64(min(failures, 20)))
        let jitter = Int64(Double(bound) * min(max(chance, 0), 1))
        let asked = min(failure.retryAfter ?? .zero, CallFailure.retryAfterMax).wholeMicroseconds
        notBefore = now.advanced(byMicroseconds: asked + jitter)
    }

    private mutating func giveUp(_ failure: CallFailure) -> Outcomes {
        end(.failed(failure, []))
    }

    /// Ends the job, and what of it has no outcome.
    private mutating func end(_ outcome: Outcome) -> Outcomes {
        state = .ended
        let numbers = isFinished.indices.filter { !isFinished[$0] }
        for number in numbers { isFinished[number] = true }
        return numbers.map { ($0, outcome) }
    }
}

extension Timestamp {
    func advanced(by time: Duration) -> Timestamp {
        advanced(byMicroseconds: time.wholeMicroseconds)
    }
}
