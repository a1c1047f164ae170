import Dispatch
import Glibc
import LedgerModel
import Spooling
import Synchronization

/// The implementation of the client; its tasks hold only this, so they do not keep the client
/// itself alive.
final class ClientCore: Sendable {
    let configuration: TallyClient.Configuration
    private let spool: Spool
    private let transport: Transport
    private let journal: Journal
    private let encoder: RecordEncoder
    private let wallClock: @Sendable () -> Timestamp
    private let start = ContinuousClock.now
    private let sendingSignal = Signal()
    private let syncSignal = Signal()
    /// `fdatasync` blocks, and must not block a thread that tasks share.
    private let syncQueue = DispatchQueue(label: "tallystick.client.sync")
    private let isClosing = Mutex(false)
    private let tasks = Mutex(Tasks())

    private struct Tasks {
        var sending: Task<Void, Never>?
        var syncing: Task<Void, Never>?
    }

    init(
        _ configuration: TallyClient.Configuration, disk: any SpoolDisk,
        transport: @autoclosure () -> Transport, wallClock: @escaping @Sendable () -> Timestamp
    ) throws(TallyClient.SetupError) {
        self.configuration = configuration
        self.wallClock = wallClock
        encoder = RecordEncoder(defaults: configuration.defaults)
        journal = Journal(logger: configuration.logger, onReport: configuration.onReport)
        let limits = Spool.Limits(
            spoolBytesMax: configuration.limits.spoolBytesMax,
            segmentBytesMax: configuration.limits.segmentBytesMax)
        do throws(SpoolFault) {
            spool = try Spool(on: disk, limits: limits, report: journal.reportSpool)
        } catch {
            throw .spoolUnusable(error.message)
        }
        // Last, because an HTTP client that is opened has to be shut down.
        self.transport = transport()
    }

    // MARK: Recording

    func record(_ record: UsageRecord) -> RecordOutcome {
        let outcome = append(record)
        if outcome.isRecorded {
            journal.count { $0.recorded += 1 }
        } else {
            journal.report(.notRecorded(outcome))
        }
        return outcome
    }

    private func append(_ record: UsageRecord) -> RecordOutcome {
        var generator = SystemRandomNumberGenerator()
        let line: RecordEncoder.Line
        do throws(RecordEncoder.Refusal) {
            line = try encoder.encode(
                record, at: wallClock(), entropy: (generator.next(), generator.next()))
        } catch {
            return .refused(error.sentence)
        }
        do throws(Spool.Refusal) {
            let appended = try spool.append(line.bytes)
            // Also if the sync fails: the record is in the file, so it will be sent.
            defer { sendingSignal.note(appended.waiting) }
            switch configuration.durability {
            case .everyRecord:
                do throws(SpoolFault) { try spool.sync(through: appended.number) } catch {
                    // Not `full`, whatever the disk reports: offering it again would book it twice.
                    return .failed(error.message)
                }
            case .within: syncSignal.raise()
            case .operatingSystem: break
            }
        } catch {
            switch error {
            case .full: return .full(.spool)
            case .closed: return .closed
            case .fault(let fault):
                return fault.code == .diskFull ? .full(.disk) : .failed(fault.message)
            }
        }
        return .recorded(line.id)
    }

    var statistics: TallyClient.Statistics {
        var statistics = journal.statistics
        statistics.waitingRecords = spool.waiting.records
        statistics.spoolBytes = spool.bytes
        return statistics
    }

    // MARK: Tasks

    func begin() {
        let sending = Task { await self.send() }
        let syncing: Task<Void, Never>? =
            if case .within(let time) = configuration.durability {
                Task { await self.sync(every: time) }
            } else { nil }
        tasks.withLock { $0 = Tasks(sending: sending, syncing: syncing) }
    }

    private var elapsed: Duration { ContinuousClock.now - start }

    private func send() async {
        let limits = configuration.limits
        var delivery = Delivery(
            of: spool,
            limits: Courier.Limits(
                batchRecordsMax: limits.batchRecordsMax, batchBytesMax: limits.batchBytesMax,
                batchAgeMax: limits.batchAgeMax, pauseMax: limits.pauseMax),
            journal: journal, generator: SystemRandomNumberGenerator())
        var isDone = false
        while !Task.isCancelled && !isDone {
            if isClosing.withLock({ $0 }) { delivery.close() }
            switch delivery.step(at: elapsed) {
            case .call(let body):
                let reply = await transport.post(body)
                if Task.isCancelled, case .noAnswer = reply { break }
                delivery.settle(reply, at: elapsed, wallClock: wallClock())
            case .wait(let time, let waiting):
                await sendingSignal.wait(
                    for: waiting, now: { self.spool.waiting }, until: time.map { start + $0 })
            case .finished: isDone = true
            }
        }
        await transport.shutDown()
    }

    private func sync(every time: Duration) async {
        while !Task.isCancelled {
            await syncSignal.wait()
            try? await Task.sleep(for: time)
            await withCheckedContinuation { continuation in
                syncQueue.async {
                    self.syncNow()
                    continuation.resume()
                }
            }
        }
    }

    private func syncNow() {
        do throws(SpoolFault) { try spool.sync() } catch {
            journal.report(.spoolFailed(error.message))
        }
    }

    // MARK: The end

    func shutdown(within limit: Duration) async -> TallyClient.Leftovers {
        spool.refuseRecords()
        isClosing.withLock { $0 = true }
        sendingSignal.raise()
        let (sending, syncing) = tasks.withLock { ($0.sending, $0.syncing) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await sending?.value }
            group.addTask {
                try? await Task.sleep(for: limit)
                sending?.cancel()
            }
            await group.next()
            group.cancelAll()
        }
        syncing?.cancel()
        await syncing?.value
        if configuration.durability != .operatingSystem { syncNow() }
        spool.close()
        return TallyClient.Leftovers(records: spool.waiting.records)
    }

    /// Stops when nobody holds the client any more: unsent records stay in the spool.
    func abandon() {
        let (sending, syncing) = tasks.withLock { ($0.sending, $0.syncing) }
        sending?.cancel()
        syncing?.cancel()
    }
}

extension Timestamp {
    /// The time of day, from the system.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            unixMicroseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
