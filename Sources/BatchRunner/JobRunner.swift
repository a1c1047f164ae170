import Batching
import Booking
import Budgeting
package import LedgerModel
import Postgres
import Providers

/// Works on the jobs of batches: claims the one that has waited longest, takes its next steps, and
/// lets another have its turn.
///
/// A job is a row; its owner renews the claim, and after a silence another instance goes on from
/// the record, which is stored before each step. A job that fails waits longer each time and holds
/// nobody up.
package final class JobRunner: Sendable {
    let service: BatchService
    let pool: Pool
    let clients: [String: ProviderClient]
    let now: @Sendable () -> Timestamp
    let chance: @Sendable () -> Double
    private let instance: EventID
    private let report: @Sendable (BatchTrouble) -> Void
    private let former: JobFormer
    /// One job at a time is in memory as a whole.
    let sending = OneAtATime()

    var settings: BatchSettings { service.settings }

    /// - Parameters:
    ///   - chance: from 0 to 1, for the jitter of retries.
    ///   - report: called with errors, for the log.
    package init(
        _ service: BatchService, instance: EventID, now: @escaping @Sendable () -> Timestamp,
        chance: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        report: @escaping @Sendable (BatchTrouble) -> Void = { _ in }
    ) {
        self.service = service
        pool = service.pool
        let set = service.providers
        clients = Dictionary(
            uniqueKeysWithValues: set.all.map { ($0.name, ProviderClient($0, of: set)) })
        self.instance = instance
        self.now = now
        self.chance = chance
        self.report = report
        former = JobFormer(pool: service.pool, service: service)
    }

    /// Works until the task is cancelled; then lets others have its jobs.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.renew() }
            for worker in 0..<settings.workersMax {
                group.addTask {
                    while !Task.isCancelled {
                        let isBusy = await self.turn(forms: worker == 0)
                        if !isBusy { try? await Task.sleep(for: self.settings.look) }
                    }
                }
            }
        }
        let release = ReleaseClaims(owner: instance)
        let pool = pool
        // Written even though this task is cancelled.
        await Task { _ = try? await pool.session { try $0.execute(release) } }.value
        for client in clients.values { await client.close() }
    }

    /// Does what is due; false if nothing was.
    package func turn(forms: Bool = true) async -> Bool {
        do {
            if forms {
                try await form()
                try await releaseHolds()
            }
            let claim = ClaimJob(
                owner: instance, term: settings.term.wholeMilliseconds, now: now())
            guard let claimed = try await pool.session({ try $0.first(claim) }) else {
                return false
            }
            await work(on: claimed)
            return true
        } catch {
            if !Task.isCancelled { report(.cannotLook(error)) }
            return false
        }
    }

    private func form() async throws {
        while try await former.formNext(at: now()) {}
    }

    private func work(on claimed: ClaimedJob) async {
        do {
            var work = try await JobWork(claimed, self)
            try await work.steps()
        } catch is JobLost {
            // Another instance has it.
        } catch {
            if Task.isCancelled { return }
            report(.failed(job: claimed.job, provider: claimed.provider, error: error))
            var failed = claimed
            failed.failures = min(failed.failures + 1, 20)
            let half = min(150_000_000, Int64(500_000) << Int64(failed.failures))
            let jitter = Int64(Double(half) * chance())
            let due = now().advanced(byMicroseconds: half + jitter)
            let release = ReleaseJob(job: failed, due: due, error: String("\(error)".prefix(1_000)))
            _ = try? await pool.session { try $0.execute(release) }
        }
    }

    /// Renews the claims of this instance.
    private func renew() async {
        let renew = RenewClaims(owner: instance, term: settings.term.wholeMilliseconds)
        while !Task.isCancelled {
            try? await Task.sleep(for: settings.term / 4)
            _ = try? await pool.session { try $0.execute(renew) }
        }
    }

    /// Gives back what was set aside for batches that have ended.
    private func releaseHolds() async throws {
        for (ledger, batch) in try await pool.session({ try $0.run(FindHeld()) }) {
            try await service.releaseHold(of: batch, in: ledger, at: now())
        }
    }

    /// Jobs that are not done, by provider: how many, of them failing, and when the oldest was made.
    package func openJobs() async throws -> [(
        provider: String, jobs: Int64, failing: Int64, oldest: Timestamp
    )] {
        try await pool.session { try $0.run(OpenJobs()) }.map { ($0.0, $0.1, $0.2, $0.3) }
    }
}

/// Another process has the job.
struct JobLost: Error {}

/// An error while working on jobs, for the log.
package enum BatchTrouble: Sendable {
    case failed(job: EventID, provider: String, error: any Error)
    case cannotLook(any Error)
}

/// Lets one after another in.
actor OneAtATime {
    private var isTaken = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func run<T: Sendable>(_ work: @Sendable () async throws -> T) async rethrows -> T {
        await enter()
        defer { leave() }
        return try await work()
    }

    private func enter() async {
        guard isTaken else {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiters.append($0) }
    }

    private func leave() {
        if waiters.isEmpty { isTaken = false } else { waiters.removeFirst().resume() }
    }
}
