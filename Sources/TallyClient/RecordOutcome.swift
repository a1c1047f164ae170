/// The outcome of ``TallyClient/TallyClient/record(_:)``.
///
/// Everything but ``recorded(_:)`` is also logged, counted in
/// ``TallyClient/TallyClient/Statistics`` and passed to
/// ``TallyClient/TallyClient/Configuration/onReport``, so nothing is lost silently if a caller
/// ignores the outcome.
public enum RecordOutcome: Sendable, Hashable {
    /// It is in the spool: it will reach the ledger exactly once, even if the process dies now.
    case recorded(RecordID)
    /// There is no room, so the record was not accepted. You may record it again later.
    case full(Limit)
    /// No ledger would accept it: the sentence says which field is wrong, and why.
    case refused(String)
    /// The spool could not be written or synced; the sentence says what to fix.
    ///
    /// Under ``TallyClient/TallyClient/Durability/everyRecord`` the record may have reached the
    /// file nevertheless.
    case failed(String)
    /// The client was shut down.
    case closed

    /// The limit that was reached.
    public enum Limit: Sendable, Hashable {
        /// ``TallyClient/TallyClient/Limits/spoolBytesMax`` is reached.
        case spool
        /// The file system with the spool is full.
        case disk
    }

    /// Whether the record is in the spool.
    public var isRecorded: Bool {
        if case .recorded = self { true } else { false }
    }
}

/// The identity of a record: a UUIDv7 made when it was recorded, or its own identity.
public struct RecordID: Sendable, Hashable, CustomStringConvertible {
    /// The UUID, or the `id` of the record's own identity.
    public let description: String
}
