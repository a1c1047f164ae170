package import LedgerModel

/// Something that has to be decided under a lock: a hold, a lease, a stop.
///
/// A decision names the state rows that it needs. The store locks them, lets the decision read
/// them, and appends its events and the new state in one commit. Many decisions and batches share a
/// commit; each decision sees the state that the previous one left.
///
/// State rows are projections, equal at all times to the fold of the ledger's events: a decision
/// changes them only together with events that say so.
package struct Decision: Sendable {
    /// Reads and changes the rows, and returns the events that say so; an error is a refusal, which
    /// changes nothing.
    ///
    /// It is pure: time is an argument. It runs again when a commit is retried. The first event has
    /// the decision's id, only the first may have an external id, and all are appended, or none.
    package typealias Rule = @Sendable (inout StateRows, Timestamp) throws -> [Event]

    /// The id of its first event, which identifies it when it is sent again.
    package let id: EventID
    package let keys: [StateKey]
    let rule: Rule

    /// State rows that one decision may lock.
    package static let keysMax = 64

    package init(id: EventID, on keys: [StateKey], rule: @escaping Rule) {
        precondition(keys.count <= Self.keysMax, "a decision locks a bounded number of rows")
        self.id = id
        self.keys = keys
        self.rule = rule
    }
}

/// Names a state row of a ledger: its kind and its subject.
package struct StateKey: Hashable, Comparable, Sendable {
    /// What the row is the state of; each kind has one owner, and numbers are never reused.
    package let kind: Int16
    package let name: Name

    package init(kind: Int16, name: Name) {
        self.kind = kind
        self.name = name
    }

    /// The order in which rows are locked; it equals PostgreSQL's.
    package static func < (a: StateKey, b: StateKey) -> Bool {
        (a.kind, a.name) < (b.kind, b.name)
    }
}

/// Which state rows are read together.
package struct StateSelection: Sendable {
    package let kind: Int16
    /// Names from this one on, before the other.
    package let from: Name
    package let upTo: Name
    /// Only rows with more bytes than this.
    package let bytes: Int

    package static let rowsMax = 1_000_000

    package init(kind: Int16, from: Name = "", upTo: Name = "\u{10FFFF}", bytes: Int = 0) {
        self.kind = kind
        self.from = from
        self.upTo = upTo
        self.bytes = bytes
    }
}

/// More state rows than are read together: a part of them would pass for all.
package struct TooManyStates: Fault {
    package let ledger: LedgerID
    package var kind: FaultKind { .tooLarge }
    package var description: String {
        "ledger \(ledger) has \(StateSelection.rowsMax) rows of this state or more, too many to read at "
            + "once"
    }
}

/// State rows as of a position.
package struct StateSnapshot: Sendable {
    package let position: Int64
    package let rows: [StateKey: [UInt8]]
}

/// The state rows that one decision asked for, as bytes that their owner encodes.
///
/// A row is empty until something happens.
package struct StateRows: Sendable {
    let keys: [StateKey]
    private(set) var values: [[UInt8]]
    /// The revision of the posting rules, as earlier decisions of this commit leave it.
    package let revision: [UInt8]

    init(_ keys: [StateKey], from states: LockedStates) {
        self.keys = keys
        values = keys.map { states.values[$0] ?? [] }
        revision = states.revisionAfter
    }

    package subscript(key: StateKey) -> [UInt8] {
        get { values[index(of: key)] }
        set { values[index(of: key)] = newValue }
    }

    private func index(of key: StateKey) -> Int {
        guard let index = keys.firstIndex(of: key) else {
            preconditionFailure("a decision touches only the rows that it asked for")
        }
        return index
    }
}

/// The outcome of a decision; nothing changes until it is adopted.
struct Decided {
    let events: [Event]
    let rows: StateRows
}

/// The rows that a group of decisions locked, passed from one decision to the next.
struct LockedStates {
    private(set) var values: [StateKey: [UInt8]]
    private(set) var changed: Set<StateKey> = []
    /// When the locks were taken.
    let now: Timestamp
    /// The revision of the posting rules, as the commit was prepared.
    let revision: [UInt8]

    init(_ values: [StateKey: [UInt8]], at now: Timestamp, revision: [UInt8]) {
        self.values = values
        self.now = now
        self.revision = revision
    }

    func decide(_ decision: Decision) throws -> Decided {
        var rows = StateRows(decision.keys, from: self)
        let events = try decision.rule(&rows, now)
        precondition(events.first?.id == decision.id, "a decision's first event has its id")
        return Decided(events: events, rows: rows)
    }

    mutating func adopt(_ decided: Decided) {
        for (key, value) in zip(decided.rows.keys, decided.rows.values) where values[key] != value {
            values[key] = value
            changed.insert(key)
        }
    }

    /// Adds what appended entries add; each row must be locked.
    mutating func post(_ postings: some Sequence<EntryPosting>) throws(Unprepared) {
        for posting in postings.lazy.map(\.posting) {
            guard values[posting.key] != nil else { throw .states([posting.key]) }
            posting.change(&values[posting.key, default: []])
            changed.insert(posting.key)
        }
    }

    /// The revision that the rules have once these rows are written.
    var revisionAfter: [UInt8] {
        changed.contains(PostingRules.key) ? values[PostingRules.key] ?? [] : revision
    }
}

/// What a ledger's writer receives: finished entries, or a decision.
enum Submission: Sendable {
    case batch(EntryBatch)
    case decision(Decision)

    /// Its share of a group's limits; what a decision will append is not known yet.
    var size: (rows: Int, bytes: Int) {
        switch self {
        case .batch(let batch): (batch.rowCount, batch.rows.count)
        case .decision: (1, 1_024)
        }
    }
}
