/// What ``TallyClient/TallyClient/record(_:)`` did with a record.
///
/// Everything but ``recorded(_:)`` is also logged, counted in
/// ``TallyClient/TallyClient/Statistics`` and handed to
/// ``TallyClient/TallyClient/Configuration/onReport``, so a caller that ignores the outcome loses
/// nothing silently.
public enum RecordOutcome: Sendable, Hashable {
    /// It is in the spool: it will reach the ledger exactly once, even if the process dies now.
    case recorded(RecordID)
    /// There is no room; the record was not taken. It may be offered again later.
    case full(Limit)
    /// No ledger would take it: the sentence says which field is wrong, and why.
    case refused(String)
    /// The spool could not be written or brought to disk; the sentence says what to mend.
    ///
    /// Under ``TallyClient/TallyClient/Durability/everyRecord`` the record may have reached the
    /// file all the same.
    case failed(String)
    /// The client was shut down.
    case closed

    /// What there was no room in.
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

/// The identity of a record: a UUIDv7 minted when it was recorded, or the identity that it brought.
public struct RecordID: Sendable, Hashable, CustomStringConvertible {
    /// The UUID, or the `id` of the record's own identity.
    public let description: String
}
