package import LedgerModel
import LedgerSQL
package import Postgres

/// Whatever takes finished entries: a ledger, or its preview.
package protocol EntryStore: Sendable {
    var id: LedgerID { get }

    /// Appends what is new in a batch in one commit, and returns the outcome of each entry.
    ///
    /// When a ledger returns, the appended entries are durable. Identity is decided here: an entry
    /// that the ledger already has is a duplicate if its content is the same, else a conflict.
    func append(_ batch: EntryBatch) async throws -> AppendReceipt

    func head() async throws -> Head

    /// The events at some positions, with what was booked for them; positions that the store lacks
    /// are left out.
    func stored(at positions: [Int64]) async throws -> [Int64: StoredEntry]
}

/// One ledger's events: appended in a total order, never changed, read back in that order.
///
/// `MemoryLedger` and `PostgresLedger` pass the same contract suite.
package protocol LedgerStore: EntryStore {
    /// Decides, and appends the resulting events with the new state; or throws the refusal.
    ///
    /// A decision is made once: if the ledger already has its first event, it is a duplicate, even
    /// if it would be refused now. If a later event's id is taken, it is a conflict.
    func append(_ decision: Decision) async throws -> AppendReceipt

    /// The bytes of a state row; empty until something happens.
    func state(of key: StateKey) async throws -> [UInt8]

    /// The rows of some state, with the last position that they know of.
    func states(_ wanted: StateSelection) async throws -> StateSnapshot

    /// Events after a position, in order; at most `limit`.
    func events(after position: Int64, limit: Int) async throws -> [RecordedEvent]

    /// One event by its id; nil if the ledger has none.
    func event(_ id: EventID) async throws -> RecordedEvent?

    /// The block that holds a position, with the leaves of all its events in order.
    func block(holding position: Int64) async throws -> (block: Block, leaves: [Digest])?
}

/// The outcome of each entry of a batch.
package struct AppendReceipt: Sendable {
    package enum Outcome: Hashable, Sendable {
        /// Appended at this position.
        case appended(Int64)
        /// The ledger already has the same event, at this position.
        case duplicate(Int64)
        /// The ledger has another event with the same identity, at this position.
        case conflict(Int64)
        /// The ledger has the request at this position from another report of the same call; this
        /// report was noted with what it adds, now or before.
        case sameCall(Int64)
    }

    /// One outcome per entry, in batch order.
    package let outcomes: [Outcome]
    /// The head of the ledger once all were settled.
    package let head: Head

    package init(outcomes: [Outcome], head: Head) {
        self.outcomes = outcomes
        self.head = head
    }
}

/// Why nothing of a batch was appended.
package enum AppendError: Error, Sendable {
    /// The writer's queue is full; nothing was stored, try again after a while.
    case overloaded
    /// The service is shutting down.
    case closed
    /// The database cannot be reached; anything stored before that is a duplicate on retry.
    case unavailable(any Error)
    /// The database refuses what these events say, such as their month.
    case refused(PostgresError)
}

extension AppendError: Fault {
    package var kind: FaultKind {
        switch self {
        case .overloaded: .busy(retryAfter: .seconds(1))
        case .closed: .closing
        case .unavailable(let cause as PostgresError): cause.kind
        case .unavailable: .unavailable(retryAfter: .seconds(2))
        case .refused: .invalid
        }
    }

    package var sentence: String {
        switch self {
        case .unavailable(let cause as PostgresError): cause.sentence
        case .unavailable: PostgresError(.connectionLost, "").sentence
        case .refused: "the ledger cannot hold an event of these: check their times and texts"
        case .overloaded, .closed: description
        }
    }

    package var description: String {
        switch self {
        case .overloaded: "too many events are waiting to be written: try again shortly"
        case .closed: "the service is shutting down"
        case .unavailable(let cause): "the database is unavailable (\(cause)): try again"
        case .refused(let cause): "the ledger cannot hold an event of these: \(cause)"
        }
    }
}
