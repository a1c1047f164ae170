import Batching
import Booking
import LedgerModel
import Postgres
import Providers
import Resilience

/// A job that this process has claimed: the next steps of it.
struct JobWork {
    private let runner: JobRunner
    private var claimed: ClaimedJob
    private var job: BatchJob
    private let provider: ModelProvider
    private let calls: ProviderJobs
    private let intake: Intake
    /// The last error of the provider, which callers see.
    private var trouble: String?

    /// Steps of one job before another has its turn.
    private static let stepsMax = 8
    /// Lines that are booked and stored at once.
    private static let pageLines = 500
    private static let pageBytesMax = 4 << 20

    init(_ claimed: ClaimedJob, _ runner: JobRunner) async throws {
        self.runner = runner
        self.claimed = claimed
        guard let client = runner.clients[claimed.provider] else {
            throw BatchFault.unknownProvider(claimed.provider)
        }
        provider = client.provider
        job = try BatchJob(record: claimed.record)
        job.pace = runner.settings.pace
        calls = ProviderJobs(client: client, api: job.api)
        intake = try await runner.service.ledgers.openLedger(claimed.ledger).intake
    }

    private var now: Timestamp { runner.now() }

    /// Goes on until there is nothing to do for now.
    mutating func steps() async throws {
        if claimed.cancelRequested, !job.isCancelled {
            try await keep(job.cancel(at: now))
        }
        for _ in 0..<Self.stepsMax {
            switch job.step(at: now) {
            case .done: return try await end()
            case .wait(let until): return try await release(until)
            case .upload: try await upload()
            case .submit(let file): try await submit(file)
            case .list(let since): try await list(since)
            case .poll(let id): try await poll(id)
            case .cancel(let id): try await cancel(id)
            case .read(let results): try await read(results)
            }
        }
        try await release(now)
    }

    // MARK: Steps

    private mutating func upload() async throws {
        let (runner, calls) = (runner, calls)
        let claimed = claimed
        let tag = job.tag
        let api = job.api
        await attempt { () async throws -> String in
            try await runner.sending.run {
                let file = try await Self.file(of: claimed, api, tag, runner.pool)
                return try await calls.upload(file)
            }
        } then: { job, file, now in
            job.uploaded(file: file, at: now)
            return []
        }
        try await settle()
    }

    private mutating func submit(_ uploaded: String?) async throws {
        try await booking(at: claimed.createdAt).formed()
        job.beginSubmit(at: now)
        // From here on a process that dies leaves an ambiguous submission behind.
        try await keep([])
        let (runner, calls, claimed) = (runner, calls, claimed)
        let (tag, api) = (job.tag, job.api)
        await attempt { () async throws -> JobStatus in
            if let uploaded {
                return try await calls.submit(
                    tag: tag, uploaded: uploaded, endpoint: claimed.endpoint)
            }
            return try await runner.sending.run {
                let file = try await Self.file(of: claimed, api, tag, runner.pool)
                return try await calls.submit(file)
            }
        } then: { job, status, now in
            job.submitted(id: status.id, at: now)
            return []
        }
        try await settle()
    }

    private mutating func list(_ since: Timestamp) async throws {
        let find = FindRemoteIDs(provider: claimed.provider, job: claimed.job, since: since)
        let others = Set(try await runner.pool.session { try $0.run(find) })
        let calls = calls
        await attempt {
            try await calls.list(since: since)
        } then: { job, found, now in
            job.listed(found.jobs, others: others, isComplete: found.isComplete, at: now)
        }
        try await settle()
    }

    private mutating func poll(_ id: String) async throws {
        let (calls, chance) = (calls, runner.chance())
        var reason: String?
        await attempt {
            try await calls.status(of: id)
        } then: { job, status, now in
            if case .refused(let words) = status.phase { reason = words }
            return job.polled(status, chance: chance, at: now)
        }
        if let reason { trouble = "the provider refuses the job: \(reason)" }
        try await settle()
    }

    private mutating func cancel(_ id: String) async throws {
        let calls = calls
        await attempt { () async throws -> Bool in
            do { try await calls.cancel(id) } catch let refused as ProviderJobs.Refused
                where refused.failure.status == 409 || !refused.failure.errorClass.mayPass
            {
                // It has ended already.
            }
            return true
        } then: { job, _, now in
            job.cancelSent(at: now)
            return []
        }
        try await settle()
    }

    /// Reads results, books and stores them page by page; after a crash it begins anew, and what is
    /// there already is no new outcome.
    private mutating func read(_ results: JobStatus.Results) async throws {
        let booking = booking(at: claimed.finishedAt ?? now)
        let find = FindMembers(ledger: claimed.ledger, job: claimed.job)
        let members = try await runner.pool.session { try $0.run(find) }.map {
            JobBooking.Member(
                batch: $0.0, line: $0.1, model: $0.2, facts: BatchFacts(json: $0.3), key: $0.4)
        }
        var page: BatchJob.Outcomes = []
        var bytes = 0
        var isForeign = false
        var hasOwn = false
        do {
            let calls = calls
            try await calls.read(results) { lines in
                for line in lines {
                    // What can't be read of one line costs no other: its request is missing then.
                    guard let read = try? JobLine(line, from: job.api) else { continue }
                    if JobFile.number(read.id, of: job.tag) == nil, !hasOwn { isForeign = true }
                    hasOwn = hasOwn || !isForeign
                    guard let outcome = job.read(read) else { continue }
                    page.append(outcome)
                    bytes += line.count
                }
                guard page.count >= Self.pageLines || bytes >= Self.pageBytesMax else { return }
                try await book(page, members, booking)
                page = []
                bytes = 0
            }
        } catch {
            guard let failure = CallFailure(of: error) else { throw error }
            // What was read before it broke counts; the rest is read next time.
            try await book(page, members, booking)
            claimed.totals.retries += 1
            trouble = "\(failure)"
            try await keep(job.failed(failure, chance: runner.chance(), at: now))
            return
        }
        try await book(page, members, booking)
        try await keep(
            job.finished(
                reading: results, foreign: isForeign && job.api == .anthropic, at: now))
    }

    private mutating func book(
        _ page: BatchJob.Outcomes, _ members: [JobBooking.Member], _ booking: JobBooking
    ) async throws {
        if page.isEmpty { return }
        var events: [Event] = []
        for (number, outcome) in page where members.indices.contains(number) {
            if let event = booking.event(outcome, of: members[number]) { events.append(event) }
        }
        try await booking.append(events)
        for event in events { claimed.totals.usage.add(event.usage) }
        try await keep(page)
    }

    private mutating func end() async throws {
        // Its time stands before its event is made.
        if claimed.finishedAt == nil { try await keep([]) }
        try await booking(at: claimed.finishedAt ?? now).completed()
        let end = EndJob(job: claimed, now: now, error: trouble)
        let batches = EndBatches(ledger: claimed.ledger, job: claimed.job, now: now)
        try await runner.pool.transaction { session in
            guard try session.first(end) != nil else { throw JobLost() }
            try session.execute(batches)
        }
    }

    // MARK: Storing

    /// Outcomes that a step brought, to be stored with the record.
    private var pending: BatchJob.Outcomes = []

    /// Takes a step: what the provider says, or how it failed.
    private mutating func attempt<T: Sendable>(
        _ call: @Sendable () async throws -> T,
        then: (inout BatchJob, T, Timestamp) -> BatchJob.Outcomes
    ) async {
        do {
            let answer = try await call()
            pending = then(&job, answer, now)
            trouble = nil
        } catch {
            guard let failure = CallFailure(of: error) else {
                own = error
                return
            }
            claimed.totals.retries += 1
            trouble = Self.words(error, failure)
            pending = job.failed(failure, chance: runner.chance(), at: now)
        }
    }

    /// An error of our own in a step.
    private var own: (any Error)?

    private mutating func settle() async throws {
        if let own { throw own }
        let outcomes = pending
        pending = []
        try await keep(outcomes)
    }

    /// Stores the record with outcomes, if this process still has the job.
    private mutating func keep(_ outcomes: BatchJob.Outcomes) async throws {
        var lines = EndLines(ledger: claimed.ledger, job: claimed.job)
        for (number, outcome) in outcomes {
            let (word, status, answer) = outcome.stored
            lines.lines.append(Int32(number))
            lines.outcomes.append(word.rawValue)
            lines.statuses.append(status)
            lines.answers.append(answer)
            claimed.totals.count(word)
        }
        claimed.record = job.record
        let isOver: Bool
        let remoteID: String?
        switch job.state {
        case .reading(let id, _): (isOver, remoteID) = (true, id)
        case .ended: (isOver, remoteID) = (true, nil)
        case .submitted(let id): (isOver, remoteID) = (false, id)
        default: (isOver, remoteID) = (false, nil)
        }
        let keep = KeepJob(job: claimed, remoteID: remoteID, finishedAt: isOver ? now : nil)
        let ended = lines
        let kept = try await runner.pool.transaction { session in
            if !ended.lines.isEmpty { try session.execute(ended) }
            guard let finishedAt = try session.first(keep) else { throw JobLost() }
            return finishedAt
        }
        claimed.finishedAt = kept
    }

    private func release(_ due: Timestamp) async throws {
        var released = claimed
        released.failures = job.failures
        let release = ReleaseJob(job: released, due: due, error: trouble)
        try await runner.pool.session { _ = try $0.execute(release) }
    }

    // MARK: Helpers

    private func booking(at time: Timestamp) -> JobBooking {
        JobBooking(intake: intake, job: claimed, provider: provider, finishedAt: time)
    }

    /// The requests of a job, encoded.
    private static func file(
        of claimed: ClaimedJob, _ api: BatchAPI, _ tag: String, _ pool: Pool
    ) async throws -> JobFile {
        let find = FindBodies(ledger: claimed.ledger, job: claimed.job)
        let bodies = try await pool.session { try $0.run(find) }.map { $0 ?? [] }
        // The name of its only file is the tag.
        let files = try JobFile.files(
            bodies, for: api, path: claimed.endpoint, tag: String(tag.dropLast(2)))
        guard let file = files.first, files.count == 1, file.tag == tag else {
            throw JobFault.badRecord("its requests are more than one job")
        }
        return file
    }

    private static func words(_ error: any Error, _ failure: CallFailure) -> String {
        guard let refused = error as? ProviderJobs.Refused, !refused.body.isEmpty else {
            return "\(failure)"
        }
        return "\(failure): " + String(decoding: refused.body.prefix(500), as: UTF8.self)
    }
}

extension BatchJob.Outcome {
    /// As a row keeps it.
    var stored: (outcome: BatchResult.Outcome, status: Int32?, answer: [UInt8]) {
        switch self {
        case .answered(let body): (.succeeded, 200, body)
        case .failed(let failure, let body): (.failed, failure.status.map { Int32($0) }, body)
        case .expired: (.expired, nil, [])
        case .cancelled: (.cancelled, nil, [])
        case .missing: (.missing, nil, [])
        }
    }
}

extension JobTotals {
    mutating func count(_ outcome: BatchResult.Outcome) {
        switch outcome {
        case .succeeded: succeeded += 1
        case .failed: failed += 1
        case .expired, .cancelled, .missing: expired += 1
        }
    }
}
