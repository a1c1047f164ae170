package import Spooling

extension TallyClient {
    /// Something that an operator should know.
    public enum Report: Sendable, Hashable {
        /// The service will never accept a record; it is in the file of dead letters, with the
        /// reason.
        case deadLetter(RecordID, reason: String)
        /// `record` did not accept a record.
        case notRecorded(RecordOutcome)
        /// The service cannot be reached, or cannot take records now; they are kept and sent later.
        case unavailable(String)
        /// The service answers that this client is misconfigured; records are kept meanwhile.
        case misconfigured(String)
        /// The service takes records again.
        case recovered
        /// The spool cannot be read, synced or cleaned up; records are kept as far as the disk
        /// permits.
        case spoolFailed(String)
        /// A file of the spool has bytes that are not a record; all complete records are sent.
        ///
        /// At the end of a file, it is a record that a crash cut off; `record` had not returned for
        /// it. Elsewhere, the disk has changed it, and the file is kept as `….damaged`.
        case damaged(file: String, bytes: Int, isTail: Bool)
    }

    /// Counts of what a client has done since it was created, and of what is waiting.
    public struct Statistics: Sendable, Hashable {
        /// Records that `record` accepted.
        public internal(set) var recorded = 0
        /// Records that `record` did not accept.
        public internal(set) var notRecorded = 0
        /// Records that the service has, duplicates included.
        public internal(set) var acknowledged = 0
        /// Records that the service already had: sent again after a lost answer or a restart.
        public internal(set) var duplicates = 0
        /// Records that the service will never accept.
        public internal(set) var deadLetters = 0
        /// Calls to the service.
        public internal(set) var calls = 0
        /// Calls that had to be repeated.
        public internal(set) var failedCalls = 0
        /// Records in the spool that the service has not acknowledged.
        public internal(set) var waitingRecords = 0
        /// Bytes on disk.
        public internal(set) var spoolBytes = 0
    }

    /// The records left after a shutdown.
    public struct Leftovers: Sendable, Hashable {
        /// Records that stay in the spool; the next client on the directory sends them.
        public let records: Int
    }
}

extension TallyClient.Report {
    package init(_ report: SpoolReport) {
        switch report {
        case .damaged(let file, let bytes, let isTail):
            self = .damaged(file: file, bytes: bytes, isTail: isTail)
        case .failed(let reason): self = .spoolFailed(reason)
        }
    }
}

extension TallyClient.Report: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        switch self {
        case .deadLetter(let id, let reason):
            "record \(id) is a dead letter: \(reason)"
        case .notRecorded(let outcome): "a record was not taken: \(outcome)"
        case .unavailable(let reason): "the service can't accept records now: \(reason)"
        case .misconfigured(let reason): "the service refuses this client: \(reason)"
        case .recovered: "the service accepts records again"
        case .spoolFailed(let reason): reason
        case .damaged(let file, let bytes, let isTail):
            isTail
                ? "\(file) ends with \(bytes) bytes of a record that a crash cut off"
                : "\(bytes) bytes of \(file) are not a record: the disk has changed them"
        }
    }
}

extension RecordOutcome: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        switch self {
        case .recorded(let id): "recorded as \(id)"
        case .full(.spool):
            "the spool has reached its limit: raise limits.spoolBytesMax, or check why the service "
                + "accepts no records"
        case .full(.disk): "the spool's disk is full: free some space"
        case .refused(let reason), .failed(let reason): reason
        case .closed: "the client was shut down"
        }
    }
}
