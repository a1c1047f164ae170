package import LedgerModel

/// What appended events add to state rows, whoever appends them: so a budget counts every charge.
///
/// Rules are made from what the ledger says at a revision; the state row `key` holds the revision
/// in force. Each commit reads that row behind the lock of the head, and starts again with newer
/// rules if its own are out of date: no charge passes uncounted by a budget that exists.
package struct PostingRules: Sendable {
    /// The row that a change of the rules changes.
    package static let key = StateKey(kind: 2, name: "")

    /// The content of that row; empty before the first change.
    package let revision: [UInt8]
    /// What the event in a row adds, and to which state.
    package let postings: @Sendable (EventRow) -> [Posting]

    package init(revision: [UInt8], postings: @escaping @Sendable (EventRow) -> [Posting]) {
        self.revision = revision
        self.postings = postings
    }

    /// The rules of a ledger that counts nothing.
    package static let none = PostingRules(revision: []) { _ in [] }

    /// What a batch's entries add.
    func postings(of batch: EntryBatch) -> [EntryPosting] {
        if revision.isEmpty { return [] }
        return batch.entries.enumerated().flatMap { index, entry in
            entry.rows.flatMap { row in
                batch.image(of: row).withUnsafeBytes { EventRow(image: $0).map(postings) ?? [] }
                    .map { EntryPosting(entry: index, posting: $0) }
            }
        }
    }
}

/// Where a ledger's writer gets its rules from.
package struct PostingSource: Sendable {
    /// The newest rules that this process knows.
    let current: @Sendable () -> PostingRules
    /// Reads the rules in force; `current` are these then.
    let load: @Sendable () async throws -> PostingRules

    package init(
        current: @escaping @Sendable () -> PostingRules,
        load: @escaping @Sendable () async throws -> PostingRules
    ) {
        self.current = current
        self.load = load
    }

    /// Of a ledger that counts nothing; if it does nevertheless, appends fail.
    package static let none = PostingSource(current: { .none }, load: { .none })
}

/// What an event adds to one state row.
package struct Posting: Sendable {
    package let key: StateKey
    /// Changes the row; pure, since a commit may be tried again.
    let change: @Sendable (inout StateContent) -> Void

    /// - Parameter change: changes the row's bytes.
    package init(to key: StateKey, change: @escaping @Sendable (inout [UInt8]) -> Void) {
        self.key = key
        self.change = { content in
            var bytes = content.bytes
            content = StateContent([])
            change(&bytes)
            content = StateContent(bytes)
        }
    }

    /// - Parameter change: changes the row as its owner reads it.
    package init<V: StateValue>(
        to key: StateKey, as type: V.Type, change: @escaping @Sendable (inout V) -> Void
    ) {
        self.key = key
        self.change = { $0.change(as: type, change) }
    }
}

/// A posting and the entry of a batch that it belongs to.
struct EntryPosting: Sendable {
    let entry: Int
    let posting: Posting
}

/// A ledger counts by rules that this program was not told how to read.
package struct UnknownPostingRules: Fault {
    package var kind: FaultKind { .defect }

    package var description: String {
        "this ledger has budgets, which count every charge, and this part of the program was not "
            + "told of them"
    }
}
