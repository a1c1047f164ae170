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
    /// The same for a decision whose events are nearly always the same: nil stands for them.
    package typealias RuleOfKnown = @Sendable (inout StateRows, Timestamp) throws -> [Event]?

    /// The id of its first event, which identifies it when it is sent again.
    package let id: EventID
    package let keys: [StateKey]
    let rule: RuleOfKnown
    /// What it appends where its rule says nothing else.
    private let known: [Event]
    /// The same, encoded before the locks are taken.
    private var encoded: EntryBatch?

    /// State rows that one decision may lock.
    package static let keysMax = 64

    package init(id: EventID, on keys: [StateKey], rule: @escaping Rule) {
        self.init(id: id, on: keys, appending: [], unless: { try rule(&$0, $1) })
    }

    /// A decision whose events are known before it is made, so that they are encoded while nobody waits.
    ///
    /// - Parameters:
    ///   - known: what it appends where the rule returns nil.
    ///   - rule: may return other events instead, or refuse.
    package init(
        id: EventID, on keys: [StateKey], appending known: [Event],
        unless rule: @escaping RuleOfKnown
    ) {
        precondition(keys.count <= Self.keysMax, "a decision locks a bounded number of rows")
        precondition(known.first.map { $0.id == id } != false, "its first event has its id")
        self.id = id
        self.keys = keys
        self.rule = rule
        self.known = known
    }

    /// The same with what is known of its events encoded, unless an event is refused: that is told when it is
    /// decided.
    func encoded(for ledger: LedgerID) -> Decision {
        if known.isEmpty { return self }
        var encoder = EntryEncoder()
        var decision = self
        decision.encoded = try? EntryBatch(of: known, for: ledger, using: &encoder)
        return decision
    }

    /// The rows of its events.
    ///
    /// - Parameter events: nil for those that are known.
    func batch(
        of events: [Event]?, for ledger: LedgerID, using encoder: inout EntryEncoder
    ) throws(EventRefusal) -> EntryBatch {
        if events == nil, let encoded { return encoded }
        let events = events ?? known
        precondition(events.first?.id == id, "a decision's first event has its id")
        return try EntryBatch(of: events, for: ledger, using: &encoder)
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
    private(set) var contents: [StateContent]
    /// Whether each was changed.
    private(set) var isChanged: [Bool]
    /// The revision of the posting rules, as earlier decisions of this commit leave it.
    package let revision: [UInt8]

    init(_ keys: [StateKey], from states: LockedStates) {
        self.keys = keys
        contents = keys.map(states.content)
        isChanged = Array(repeating: false, count: keys.count)
        revision = states.revisionAfter
    }

    package subscript(key: StateKey) -> [UInt8] {
        get { contents[index(of: key)].bytes }
        set {
            let index = index(of: key)
            if contents[index].has(newValue) { return }
            contents[index] = StateContent(newValue)
            isChanged[index] = true
        }
    }

    /// A row as its owner reads it.
    package mutating func value<V: StateValue>(of key: StateKey, as type: V.Type = V.self) -> V {
        contents[index(of: key)].value(as: type)
    }

    package mutating func set(_ key: StateKey, to value: some StateValue) {
        let index = index(of: key)
        contents[index] = StateContent(value)
        isChanged[index] = true
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
    /// Nil for those that the decision knew before.
    let events: [Event]?
    let rows: StateRows
}

/// The rows that a group of decisions locked, passed from one decision to the next.
struct LockedStates {
    private var contents: [StateKey: StateContent]
    private(set) var changed: Set<StateKey> = []
    /// When the locks were taken.
    let now: Timestamp
    /// The revision of the posting rules, as the commit was prepared.
    let revision: [UInt8]

    init(_ values: [StateKey: [UInt8]], at now: Timestamp, revision: [UInt8]) {
        contents = values.mapValues { StateContent($0) }
        self.now = now
        self.revision = revision
    }

    func content(of key: StateKey) -> StateContent { contents[key] ?? StateContent([]) }

    /// The rows that were changed, in ascending order.
    var changedRows: [(key: StateKey, state: [UInt8])] {
        changed.sorted().map { (key: $0, state: content(of: $0).bytes) }
    }

    func decide(_ decision: Decision) throws -> Decided {
        var rows = StateRows(decision.keys, from: self)
        let events = try decision.rule(&rows, now)
        return Decided(events: events, rows: rows)
    }

    mutating func adopt(_ decided: Decided) {
        let rows = decided.rows
        for (index, key) in rows.keys.enumerated() {
            // Also what was only read: it need not be read again.
            contents[key] = rows.contents[index]
            if rows.isChanged[index] { changed.insert(key) }
        }
    }

    /// Adds what appended entries add; each row must be locked.
    mutating func post(_ postings: some Sequence<EntryPosting>) throws(Unprepared) {
        for posting in postings.lazy.map(\.posting) {
            guard contents[posting.key] != nil else { throw .states([posting.key]) }
            posting.change(&contents[posting.key, default: StateContent([])])
            changed.insert(posting.key)
        }
    }

    /// The revision that the rules have once these rows are written.
    var revisionAfter: [UInt8] {
        changed.contains(PostingRules.key) ? content(of: PostingRules.key).bytes : revision
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
