package import LedgerModel
import Synchronization

/// A ledger that also sums up what is appended through it.
package final class CountedLedger: EntryStore {
    private let store: any EntryStore
    private let summary = Mutex(AppendPreview())

    package init(_ store: any EntryStore) {
        self.store = store
    }

    package var id: LedgerID { store.id }
    package func head() async throws -> Head { try await store.head() }

    package func stored(at positions: [Int64]) async throws -> [Int64: StoredEntry] {
        try await store.stored(at: positions)
    }

    package func append(_ batch: EntryBatch) async throws -> AppendReceipt {
        let receipt = try await store.append(batch)
        summary.withLock { summary in
            for (entry, outcome) in zip(batch.entries, receipt.outcomes) {
                if case .appended = outcome { summary.count(entry, of: batch) }
            }
        }
        return receipt
    }

    /// What has been appended since the last call.
    package func takeSummary() -> AppendPreview {
        summary.withLock { summary in
            defer { summary = AppendPreview() }
            return summary
        }
    }
}
