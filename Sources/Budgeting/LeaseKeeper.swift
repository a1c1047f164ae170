import Budgets
import EventStore
package import LedgerModel
import Synchronization

/// The leases of one process in one ledger.
///
/// It takes none unless somebody looks after it: `BudgetService.tendLeases`.
package final class LeaseKeeper: Sendable {
    /// What the events of its leases call this process.
    let instance: Name
    let table = LeaseStripes()
    private let began = ContinuousClock.now
    /// One for each row: all its callers wait for the same.
    private let recalls = Mutex<[Name: Task<Void, any Error>]>([:])
    private let counted = Mutex(0)
    /// Recalls that it has heeded.
    private let heeded = Mutex<[Name: Timestamp]>([:])

    package struct Counts: Sendable {
        /// Holds that were made from memory since they were counted last.
        package let holds: Int
        /// Leases that it has now.
        package let leases: Int
    }

    package init(instance: Name) {
        self.instance = instance
    }

    func count() -> Counts {
        let (holds, leases) = table.counts
        return counted.withLock { counted in
            defer { counted = holds }
            return Counts(holds: holds - counted, leases: leases)
        }
    }

    /// The rows that were recalled since the last time.
    func heed(_ list: RecallList) -> Set<Name> {
        heeded.withLock { heeded in
            let new = list.recalls.filter { heeded[$0.key] != $0.value }
            heeded = list.recalls
            return Set(new.keys)
        }
    }

    /// The time of the table.
    var now: LeaseTable.Instant { began.duration(to: .now) }

    /// Tells the table what came of writing a hold.
    func wrote(_ hold: Hold, _ outcome: LeaseTable.Outcome) {
        table.wrote(hold.requestID, outcome, at: now)
    }

    /// Waits for a recall of a row, which the first of its callers makes.
    func recall(_ row: Name, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let task = recalls.withLock { recalls in
            if let known = recalls[row] { return known }
            let task = Task {
                defer { self.recalls.withLock { $0[row] = nil } }
                try await body()
            }
            recalls[row] = task
            return task
        }
        try await task.value
    }
}

/// Rows whose idle money somebody needs: the content of the ledger's state row of recalls.
struct RecallList: Sendable {
    private(set) var recalls: [Name: Timestamp] = [:]

    /// Recalls that are in force; when there are more, the oldest are forgotten.
    static let recallsMax = 1_000
    static let key = StateKey(kind: 11, name: "")

    init() {}

    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.unicodeScalars.split(separator: "\0") {
            let parts = line.split(separator: "\u{1}", maxSplits: 1)
            guard parts.count == 2, let time = Int64(String(parts[0])) else { continue }
            recalls[Name(String(parts[1]))] = Timestamp(microseconds: time)
        }
    }

    var bytes: [UInt8] {
        let lines = recalls.sorted { $0.key < $1.key }
            .map { "\($0.value.microseconds)\u{1}\($0.key)" }
        return Array(lines.joined(separator: "\0").utf8)
    }

    /// Whether a recall of a row is in force, so that nobody takes a lease of it.
    func has(_ row: Name, at now: Timestamp) -> Bool {
        recalls[row].map { now < $0.advanced(byMicroseconds: Lease.recallMicroseconds) } == true
    }

    mutating func add(_ row: Name, at now: Timestamp) {
        recalls = recalls.filter { has($0.key, at: now) }
        if recalls.count >= Self.recallsMax,
            let oldest = recalls.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })
        {
            recalls[oldest.key] = nil
        }
        recalls[row] = now
    }
}
