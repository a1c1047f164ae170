package import LedgerModel
package import Postgres
import Synchronization

/// A ledger that says what an append would do, and appends nothing.
///
/// It knows what the ledger held when it looked, and everything that it was given before, at about
/// 60 bytes an entry. Prices, refusals and identities are those of a true append.
package final class PreviewLedger: EntryStore {
    package let id: LedgerID
    private let pool: Pool?
    private let state = Mutex(State())

    fileprivate struct State {
        /// The start of the leaf of each entry that would be new, by identity or else by id.
        var leafByIdentity: [Digest: UInt64] = [:]
        var leafByID: [EventID: UInt64] = [:]
        var summary = AppendPreview()
    }

    /// - Parameter pool: where the ledger is; nil for one that does not exist yet.
    package init(id: LedgerID, pool: Pool?) {
        self.id = id
        self.pool = pool
    }

    package func append(_ batch: EntryBatch) async throws -> AppendReceipt {
        precondition(batch.ledger == id, "a batch is appended to the ledger it was made for")
        let known = try await search(for: batch)
        let outcomes = state.withLock { state in
            batch.entries.map { state.settle($0, of: batch, known) }
        }
        return AppendReceipt(outcomes: outcomes, head: try await head())
    }

    package func head() async throws -> Head {
        guard let pool else { return .empty }
        let ledger = id
        return try await pool.session { try $0.first(ReadHead(ledger: ledger)) } ?? .empty
    }

    /// Nothing: a preview says what would happen, not what differs.
    package func stored(at _: [Int64]) async throws -> [Int64: StoredEntry] { [:] }

    /// What has been counted since the last call.
    package func takeSummary() -> AppendPreview {
        state.withLock { state in
            defer { state.summary = AppendPreview() }
            return state.summary
        }
    }

    private func search(for batch: EntryBatch) async throws -> KnownEvents {
        let ledger = id
        guard let pool else { return KnownEvents(of: ledger) }
        return try await pool.transaction(readOnly: true) { session in
            var known = KnownEvents(of: ledger)
            try known.search(for: [batch], in: session)
            return known
        }
    }
}

extension PreviewLedger.State {
    fileprivate mutating func settle(
        _ entry: EntryBatch.Entry, of batch: EntryBatch, _ known: KnownEvents
    ) -> AppendReceipt.Outcome {
        let content = batch.content(of: entry)
        if let found = known.find(entry, of: batch) {
            return found.content == content ? .duplicate(found.position) : .conflict(found.position)
        }
        let given = entry.identity.map { leafByIdentity[$0] } ?? leafByID[entry.id]
        if let given {
            return given == content.words[0] ? .duplicate(0) : .conflict(0)
        }
        if let identity = entry.identity {
            leafByIdentity[identity] = content.words[0]
        } else {
            leafByID[entry.id] = content.words[0]
        }
        summary.count(entry, of: batch)
        return .appended(0)
    }
}

/// What new entries add to a ledger, or would add.
package struct AppendPreview: Sendable {
    /// A model without a price, and why.
    package struct Unpriced: Hashable, Sendable {
        package let provider: Name?
        package let model: Name?
        package let reason: Name
    }

    package private(set) var requests: Int64 = 0
    /// What the requests with a price would be charged.
    package private(set) var cost = PicodollarSum.zero
    /// Requests without a price.
    package private(set) var unpriced: [Unpriced: Int64] = [:]

    package init() {}

    package var unpricedRequests: Int64 { unpriced.values.reduce(0, +) }

    mutating func count(_ entry: EntryBatch.Entry, of batch: EntryBatch) {
        requests += entry.totals.requests
        cost += entry.totals.charged
        for row in entry.rows.dropFirst() {
            batch.image(of: row).withUnsafeBytes { image in
                guard let charge = EventRow(image: image), charge.kind == .chargeRated,
                    let reason = charge.text(.unpriced)
                else { return }
                func name(_ field: Field) -> Name? {
                    charge.text(field).map { Name(String(decoding: $0, as: UTF8.self)) }
                }
                let model = Unpriced(
                    provider: name(.provider), model: name(.model),
                    reason: Name(String(decoding: reason, as: UTF8.self)))
                unpriced[model, default: 0] += 1
            }
        }
    }
}
