import LedgerModel
import Postgres

/// A submission in progress: which entries are appended, and the outcome of each.
struct GroupMember {
    typealias Outcome = AppendReceipt.Outcome

    let batch: EntryBatch
    /// The entries to append, in order.
    let selected: [Int]
    /// What is noted of the entries that report a call again; appended after the others.
    private(set) var repeats: EntryBatch?
    /// One outcome per entry; empty until positions are known.
    var outcomes: [Outcome] = []
    var refusal: (decision: EventID, error: any Error)?

    /// A batch that is appended whole.
    init(all batch: EntryBatch) {
        self.batch = batch
        selected = Array(batch.entries.indices)
    }

    /// A batch that is appended in part.
    init(
        _ selected: [Int], of batch: EntryBatch, _ outcomes: [Outcome],
        noting repeats: EntryBatch? = nil
    ) {
        self.batch = batch
        self.selected = selected
        self.outcomes = outcomes
        if repeats?.isEmpty == false { self.repeats = repeats }
    }

    /// A decision that appends nothing.
    init(refused decision: EventID, _ error: any Error, for ledger: LedgerID) {
        batch = EntryBatch(for: ledger)
        selected = []
        refusal = (decision, error)
    }

    /// Visits the entries that it appends, in order; a group may have thousands of members, so nothing is
    /// copied.
    func forEachEntry(
        _ body: (borrowing EntryBatch, EntryBatch.Entry) throws -> Void
    ) rethrows {
        for index in selected { try body(batch, batch.entries[index]) }
        guard let repeats else { return }
        for entry in repeats.entries { try body(repeats, entry) }
    }

    /// The rows that it appends.
    var rowCount: Int {
        selected.reduce(0) { $0 + batch.entries[$1].rows.count } + (repeats?.rowCount ?? 0)
    }

    /// The months of these rows.
    var months: [Month] {
        var months = repeats?.months ?? []
        if selected.count == batch.entries.count {
            for month in batch.months { months.include(month) }
            return months
        }
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
    private var calls = KnownCalls()
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

    /// What is searched for before a group is settled.
    enum Extent: Sendable {
        /// Everything that the group holds.
        case everything
        /// Other reports of its calls: its events are assumed to be new, and a unique violation
        /// says otherwise.
        case calls
    }

    mutating func know(
        _ extent: Extent, of submissions: [Submission], in session: Session
    ) throws {
        var batches: [EntryBatch] = []
        var decisions: [EventID] = []
        for submission in submissions {
            switch submission {
            case .batch(let batch): batches.append(batch)
            case .decision(let decision): decisions.append(decision.id)
            }
        }
        if extent == .everything || !decisions.isEmpty {
            try known.search(for: batches, and: decisions, in: session)
        }
        try calls.search(for: batches, of: ledger, in: session)
    }

    /// - Parameter postings: what the batch's entries add to state; those of new ones are added.
    mutating func settle(
        _ batch: EntryBatch, posting postings: [EntryPosting]
    ) throws -> GroupMember {
        let searched = known
        let notes = calls.notes(of: batch) { searched.find($0, of: batch) != nil }
        var selected: [Int] = []
        var outcomes: [GroupMember.Outcome] = []
        var repeats = EntryBatch(for: ledger)
        var encoder = EntryEncoder()
        for (index, entry) in batch.entries.enumerated() {
            if let found = known.find(entry, of: batch) {
                let isSame = found.content == batch.content(of: entry)
                outcomes.append(outcome(of: found, isSame: isSame))
                continue
            }
            // A report that can't be noted as another one is booked by itself.
            if let note = notes[index], repeats.adds(note, using: &encoder) {
                outcomes.append(.sameCall(0))
                continue
            }
            selected.append(index)
            known.add(entry, of: batch, at: position + 1)
            outcomes.append(.appended(position + 1))
            position += Int64(entry.rows.count)
        }
        // The request may stand behind the report in the batch.
        for (index, note) in notes where outcomes[index] == .sameCall(0) {
            let request = known.byID[note.request]?.position ?? calls.positions[note.request] ?? 0
            known.add(repeated: batch.entries[index], of: request)
            outcomes[index] = .sameCall(request)
        }
        position += Int64(repeats.rowCount)
        if !postings.isEmpty {
            let selected = Set(selected)
            try states.post(postings.lazy.filter { selected.contains($0.entry) })
        }
        return GroupMember(selected, of: batch, outcomes, noting: repeats)
    }

    /// Recognizes a decision that was already made; it is not made again.
    mutating func settle(
        _ decision: Decision, posting postings: (EntryBatch) -> [EntryPosting],
        in session: Session
    ) throws -> GroupMember {
        if let found = known.byID[decision.id] {
            return GroupMember(
                [], of: EntryBatch(for: ledger), [outcome(of: found, isSame: true)])
        }
        let (decided, batch): (Decided, EntryBatch)
        do {
            decided = try states.decide(decision)
            var encoder = EntryEncoder()
            batch = try decision.batch(of: decided.events, for: ledger, using: &encoder)
        } catch {
            return GroupMember(refused: decision.id, error, for: ledger)
        }
        if batch.rowCount > 1 || batch.entries[0].identity != nil {
            try known.search(for: [batch], in: session)
        }
        let member = try settle(batch, posting: [])
        if !member.selected.isEmpty {
            states.adopt(decided)
            try states.post(postings(batch))
        }
        return member
    }

    private mutating func outcome(of found: KnownEvent, isSame: Bool) -> GroupMember.Outcome {
        if found.isRepeated { return .sameCall(found.position) }
        if !isSame { return .conflict(found.position) }
        if committed?.contains(found.position) == true, claimed.insert(found.position).inserted {
            return .appended(found.position)
        }
        return .duplicate(found.position)
    }
}
