import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import StoreTesting
import Synchronization
import Testing

/// The stores that keep the contract.
enum StoreKind: CaseIterable { case memory, postgres }

/// Lends an empty store of a kind; what is in the database at the end is verified.
func withStore(
    _ kind: StoreKind, posting: PostingSource = .none,
    _ body: (any LedgerStore) async throws -> Void
) async throws {
    switch kind {
    case .memory:
        let ticks = Shared(Int64(0))
        try await body(
            MemoryLedger(id: LedgerID(7), posting: posting) {
                ticks.update { ticks in
                    ticks += 1
                    return Timestamp.earliest.advanced(byMicroseconds: ticks)
                }
            })
    case .postgres:
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger(posting: posting)
            try await body(ledger)
            let report = try await Verifier(
                ledger: ledger.id, pool: Pool(database.asService, size: 1)
            ).verify()
            #expect(report.problem == nil)
        }
    }
}

/// What a caller reports: a request, perhaps with its charge.
struct Entry: Sendable, Hashable {
    var request: Event
    var charge: Event?

    var rows: Int { charge == nil ? 1 : 2 }
}

extension RandomEvents {
    mutating func entry(charged: Bool? = nil) -> Entry {
        let request = request()
        let isCharged = charged ?? chance(0.6)
        return Entry(request: request, charge: isCharged ? charge(for: request) : nil)
    }

    mutating func entries(_ count: Int, charged: Bool? = nil) -> [Entry] {
        (0..<count).map { _ in entry(charged: charged) }
    }
}

func batch(_ entries: [Entry], for ledger: LedgerID) throws -> EntryBatch {
    var batch = EntryBatch(for: ledger)
    var encoder = EntryEncoder()
    for entry in entries {
        try batch.add(entry.request, charge: entry.charge, using: &encoder)
    }
    return batch
}

extension LedgerStore {
    func append(_ entries: [Entry]) async throws -> AppendReceipt {
        try await append(batch(entries, for: id))
    }

    /// Every event, read a page at a time.
    func everything(pageSize: Int = 1_000) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        while true {
            let page = try await self.events(
                after: events.last?.position ?? 0, limit: pageSize)
            if page.isEmpty { return events }
            events += page
        }
    }
}

extension AppendReceipt.Outcome {
    var position: Int64 {
        switch self {
        case .appended(let position), .duplicate(let position), .conflict(let position),
            .sameCall(let position):
            position
        }
    }

    var isAppended: Bool { if case .appended = self { true } else { false } }
    var isDuplicate: Bool { if case .duplicate = self { true } else { false } }
    var isConflict: Bool { if case .conflict = self { true } else { false } }
}

extension AppendReceipt {
    var isAllAppended: Bool { outcomes.allSatisfy(\.isAppended) }
    var isAllDuplicate: Bool { outcomes.allSatisfy(\.isDuplicate) }
}

/// A value that several tasks write.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    @discardableResult
    func update<Result: Sendable>(
        _ change: sending (inout sending Value) -> sending Result
    ) -> Result {
        mutex.withLock { change(&$0) }
    }
}
