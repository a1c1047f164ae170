import Dispatch
package import LedgerModel
package import Spooling
import Synchronization

/// What this instance has to book and the ledger does not have yet, in files.
///
/// It holds the requests that have ended, as records with their charges, and those that are open, so that
/// an instance that was killed knows at its next start whom it left without an outcome.
package final class BookingSpool: Sendable {
    private let spool: Spool
    private let open: OpenSlots
    private let report: @Sendable (SpoolReport) -> Void
    /// `fdatasync` blocks, and must not block a thread that tasks share.
    private let syncQueue = DispatchQueue(label: "tallystick.gateway.sync")
    private let waiting = Mutex(Waiters())
    private let written = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    private struct Waiters {
        var continuations: [CheckedContinuation<Void, any Error>] = []
        var isSyncing = false
        /// Whether a sync comes that nobody waits for.
        var isPlanned = false
    }

    /// Bytes in the files of an instance, then requests that would be written there are refused.
    package static let spoolBytesMax = 1 << 30
    private static let segmentBytesMax = 4 << 20
    /// What a loss of power may cost of what was handed over.
    private static let syncAfter = DispatchTimeInterval.milliseconds(20)

    /// Opens the files of an earlier process.
    package init(
        directory: String, spoolBytesMax: Int = BookingSpool.spoolBytesMax,
        report: @escaping @Sendable (SpoolReport) -> Void
    ) throws {
        self.report = report
        let disk = try FileDisk(directory: directory + "/bookings")
        bytesMax = spoolBytesMax
        spool = try Spool(
            on: disk,
            limits: .init(
                spoolBytesMax: spoolBytesMax,
                segmentBytesMax: min(Self.segmentBytesMax, spoolBytesMax / 8)),
            report: report)
        open = try OpenSlots(path: directory + "/open-requests")
    }

    private let bytesMax: Int

    /// What waits for the ledger.
    package var waitingRecords: Int { spool.waiting.records }
    package var bytes: Int { spool.bytes }

    /// Whether there is so little room that no further request should be begun.
    package var isNearlyFull: Bool { spool.bytes > bytesMax - bytesMax / 8 }

    /// Lets another process use the files; nothing is written afterwards.
    package func close() {
        written.continuation.finish()
        spool.close()
    }

    // MARK: Writing

    /// Returns when an entry is on disk; callers at one time share a sync.
    func write(_ entry: BookingEntry) async throws {
        try append(entry)
        try await withCheckedThrowingContinuation { continuation in
            let isFirst = waiting.withLock { waiting in
                waiting.continuations.append(continuation)
                defer { waiting.isSyncing = true }
                return !waiting.isSyncing
            }
            if isFirst { syncQueue.async { self.sync() } }
        }
        written.continuation.yield()
    }

    /// Returns when the kernel has an entry: the end of this process loses nothing, and the disk has it a
    /// moment later.
    func hand(_ entry: BookingEntry) throws {
        try append(entry)
        written.continuation.yield()
        let isFirst = waiting.withLock { waiting in
            defer { waiting.isPlanned = true }
            return !waiting.isPlanned
        }
        guard isFirst else { return }
        syncQueue.asyncAfter(deadline: .now() + Self.syncAfter) {
            self.waiting.withLock { $0.isPlanned = false }
            do throws(SpoolFault) { try self.spool.sync() } catch {
                self.report(.failed(error.message))
            }
        }
    }

    private func append(_ entry: BookingEntry) throws {
        for record in entry.records {
            do throws(Spool.Refusal) { _ = try spool.append(record) } catch {
                throw SpoolRefusal(error)
            }
        }
    }

    /// Syncs until nobody waits.
    private func sync() {
        while true {
            let taken = waiting.withLock { waiting in
                defer { waiting.continuations = [] }
                if waiting.continuations.isEmpty { waiting.isSyncing = false }
                return waiting.continuations
            }
            if taken.isEmpty { return }
            do throws(SpoolFault) {
                try spool.sync()
                for continuation in taken { continuation.resume() }
            } catch {
                report(.failed(error.message))
                for continuation in taken { continuation.resume(throwing: SpoolRefusal(error)) }
            }
        }
    }

    // MARK: Reading

    /// Entries that wait, the oldest first, and what acknowledges them.
    struct Parcel {
        fileprivate let parcel: Spool.Parcel
        /// Nil for a record that says nothing to this program.
        let entries: [BookingEntry?]
    }

    static let parcelRecordsMax = 256
    private static let parcelBytesMax = 1 << 20

    /// The next entries, for one reader at a time; nil if none wait.
    func next() throws(SpoolFault) -> Parcel? {
        if spool.waiting.records == 0 { return nil }
        let parcel = try spool.read(
            recordsMax: Self.parcelRecordsMax, bytesMax: Self.parcelBytesMax)
        let entries = parcel.lines.indices.map { BookingEntry(parcel.line($0)) }
        return Parcel(parcel: parcel, entries: entries)
    }

    /// Lets go of entries that the ledger has, or will never take: those are kept in a file of their own.
    func acknowledge(_ parcel: Parcel, refused: [Int]) throws(SpoolFault) {
        if !refused.isEmpty {
            report(
                .failed(
                    "the ledger refused \(refused.count) charges: dead-letters.ndjson has them"))
        }
        let letters = refused.flatMap { Array(parcel.parcel.line($0)) + [UInt8(ascii: "\n")] }
        try spool.acknowledge(parcel.parcel, deadLetters: letters, report: report)
    }

    /// Returns when something was written since it returned last; nil when the spool was closed.
    func wait() async -> Void? {
        var iterator = written.stream.makeAsyncIterator()
        return await iterator.next()
    }

    // MARK: Open requests

    /// Notes a request that is open; a request that does not fit is not noted, and its hold expires if need
    /// be.
    func note(_ request: OpenRequest) {
        request.slot = open.take(OpenNote(request).bytes)
    }

    func forget(_ request: OpenRequest) {
        if let slot = request.slot { open.clear(slot) }
    }

    /// The requests that an earlier process left open.
    var abandoned: [(slot: Int, note: OpenNote)] {
        open.found.compactMap { slot, bytes in
            guard let note = OpenNote(bytes) else {
                open.clear(slot)
                return nil
            }
            return (slot, note)
        }
    }

    func forget(slot: Int) { open.clear(slot) }
}

/// Why an instance's files take no more.
package struct SpoolRefusal: Fault {
    package let kind: FaultKind
    package let description: String

    init(_ refusal: Spool.Refusal) {
        switch refusal {
        case .full: self = .full
        case .closed: self.init(kind: .closing, description: "the service is shutting down")
        case .fault(let fault): self.init(fault)
        }
    }

    init(_ fault: SpoolFault) {
        self.init(kind: .unavailable(retryAfter: .seconds(2)), description: fault.message)
    }

    private init(kind: FaultKind, description: String) {
        self.kind = kind
        self.description = description
    }

    static let full = SpoolRefusal(
        kind: .busy(retryAfter: .seconds(2)),
        description: "too many charges wait to be booked: see that the database can be reached")
}
