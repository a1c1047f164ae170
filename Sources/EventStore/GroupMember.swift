import LedgerModel
import Postgres

/// A submission in progress: which entries are appended, and the outcome of each.
struct GroupMember {
    typealias Outcome = AppendReceipt.Outcome

    let batch: EntryBatch
    /// The entries to append, in order.
    let selected: [Int]
    /// One outcome per entry; empty until positions are known.
    var outcomes: [Outcome] = []
    var refusal: (decision: EventID, error: any Error)?

    /// A batch that is appended whole.
    init(all batch: EntryBatch) {
        self.batch = batch
        selected = Array(batch.entries.indices)
    }

    /// A batch that is appended in part.
    init(_ selected: [Int], of batch: EntryBatch, _ outcomes: [Outcome]) {
        self.batch = batch
        self.selected = selected
        self.outcomes = outcomes
    }

    /// A decision that appends nothing.
    init(refused decision: EventID, _ error: any Error, for ledger: LedgerID) {
        batch = EntryBatch(for: ledger)
        selected = []
        refusal = (decision, error)
    }

    /// The rows that it appends.
    var rowCount: Int { selected.reduce(0) { $0 + batch.entries[$1].rows.count } }

    /// The months of these rows.
    var months: [Month] {
        if selected.count == batch.entries.count { return batch.months }
        var months: [Month] = []
        for row in selected.lazy.flatMap({ batch.entries[$0].rows }) {
            months.include(batch.id(of: row).time.month)
        }
        return months
    }

    func answer(at head: Head?) -> AppendTransaction.Answer {
        if let refusal { return .failure(refusal.error) }
        return .success(AppendReceipt(outcomes: outcomes, head: head ?? .empty))
    }
}

/// Finds what is new in a group, one submission after another, while the head is locked.
struct GroupSearch {
    private let ledger: LedgerID
    /// The positions of an earlier attempt of this group that succeeded.
    private let committed: ClosedRange<Int64>?
    private(set) var states: LockedStates
    private var known: KnownEvents
    private var position: Int64
    /// Of equal entries in an earlier attempt that succeeded, the first was appended.
    private var claimed: Set<Int64> = []

    init(ledger: LedgerID, head: Head, committed: ClosedRange<Int64>?, states: LockedStates) {
        self.ledger = ledger
        self.committed = committed
        self.states = states
        known = KnownEvents(of: ledger)
        position = head.position
    }

    mutating func know(_ submissions: [Submission], in session: Session) throws {
        var batches: [EntryBatch] = []
        var decisions: [EventID] = []
        for submission in submissions {
            switch submission {
            case .batch(let batch): batches.append(batch)
            case .decision(let decision): decisions.append(decision.id)
            }
        }
        try known.search(for: batches, and: decisions, in: session)
    }

    mutating func settle(_ batch: EntryBatch) -> GroupMember {
        var selected: [Int] = []
        let outcomes = batch.entries.indices.map { index in
            let entry = batch.entries[index]
            if let found = known.find(entry, of: batch) {
                return outcome(
                    of: found, isSame: found.leaf == batch.leaves[entry.rows.lowerBound])
            }
            selected.append(index)
            known.add(entry, of: batch, at: position + 1)
            defer { position += Int64(entry.rows.count) }
            return .appended(position + 1)
        }
        return GroupMember(selected, of: batch, outcomes)
    }

    /// Recognizes a decision that was already made; it is not made again.
    mutating func settle(_ decision: Decision, in session: Session) throws -> GroupMember {
        if let found = known.byID[decision.id] {
            return GroupMember(
                [], of: EntryBatch(for: ledger), [outcome(of: found, isSame: true)])
        }
        let (decided, batch): (Decided, EntryBatch)
        do {
            decided = try states.decide(decision)
            var encoder = EntryEncoder()
            batch = try EntryBatch(of: decided.events, for: ledger, using: &encoder)
        } catch {
            return GroupMember(refused: decision.id, error, for: ledger)
        }
        if batch.rowCount > 1 || batch.entries[0].identity != nil {
            try known.search(for: [batch], in: session)
        }
        let member = settle(batch)
        if !member.selected.isEmpty { states.adopt(decided) }
        return member
    }

    private mutating func outcome(of found: KnownEvent, isSame: Bool) -> GroupMember.Outcome {
        if !isSame { return .conflict(found.position) }
        if committed?.contains(found.position) == true, claimed.insert(found.position).inserted {
            return .appended(found.position)
        }
        return .duplicate(found.position)
    }
}
