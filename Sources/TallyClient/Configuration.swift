public import Logging

extension TallyClient {
    /// How a client is set up; only the first two have no default.
    public struct Configuration: Sendable {
        /// Where the service is, such as `http://127.0.0.1:8080`.
        public var url: String
        /// The directory of the spool, on a disk that survives a restart; it is made if need be.
        ///
        /// One process has it for itself: a second client on the same directory is refused.
        public var spoolDirectory: String
        /// The key `tally_…`, with the scope `ingest`; `nil` for a service that needs none.
        public var apiKey: String?
        /// What every record carries that does not say otherwise.
        public var defaults = Attribution()
        /// When a record is safe from what.
        public var durability = Durability.within(.milliseconds(50))
        /// What is bounded, and by how much.
        public var limits = Limits()
        /// How long ``TallyClient/TallyClient/run()`` goes on sending once it was told to stop.
        public var shutdownTimeMax: Duration = .seconds(10)
        /// Where the client says what it does; nothing above `info` while all is well.
        public var logger = Logger(label: "tallystick.client")
        /// Called for whatever an operator should know; from any thread, so it must not block.
        public var onReport: @Sendable (Report) -> Void = { _ in }

        /// A client of the service at `url` that spools below `spoolDirectory`.
        public init(url: String, spoolDirectory: String, apiKey: String? = nil) {
            self.url = url
            self.spoolDirectory = spoolDirectory
            self.apiKey = apiKey
        }
    }

    /// When a record is safe from what.
    ///
    /// Whatever is chosen, a record that was `recorded` survives the end of the process, however it
    /// ends: it is in a file, in the kernel's hands. This is about power cuts and kernel crashes.
    public enum Durability: Sendable, Hashable {
        /// `record` returns when the record is on the disk; callers that wait share one
        /// `fdatasync`.
        case everyRecord
        /// A record is on the disk after this time at the latest; a power cut may cost what is
        /// newer.
        case within(Duration)
        /// The operating system decides, on Linux usually within 30 seconds.
        case operatingSystem
    }

    /// What is bounded, and by how much.
    public struct Limits: Sendable, Hashable {
        /// Bytes on disk, dead letters included; at the bound `record` says `full`.
        public var spoolBytesMax = 1 << 30
        /// Bytes in one file of the spool; a file is removed once all its records are acknowledged.
        public var segmentBytesMax = 4 << 20
        /// Records in one call to the service.
        public var batchRecordsMax = 1_000
        /// Bytes in one call before compression; it is what the client holds in memory.
        public var batchBytesMax = 1 << 20
        /// How long a record waits for others to share its call.
        public var batchAgeMax: Duration = .milliseconds(500)
        /// How long a call may take.
        public var callTimeMax: Duration = .seconds(30)
        /// The longest pause between two attempts.
        public var pauseMax: Duration = .seconds(60)

        /// The defaults.
        public init() {}
    }

    /// Why a client could not be made.
    public enum SetupError: Error, Sendable, Hashable, CustomStringConvertible {
        /// A setting that can't work; the sentence says which and why.
        case configuration(String)
        /// Another client, in this process or another, has the directory.
        case spoolInUse(directory: String, holder: String)
        /// The directory can't be read or written; the sentence says what to mend.
        case spoolUnusable(String)

        /// One sentence that says what to do.
        public var description: String {
            switch self {
            case .configuration(let sentence), .spoolUnusable(let sentence): sentence
            case .spoolInUse(let directory, let holder):
                "the spool \(directory) is in use by \(holder): give each process a directory of "
                    + "its own, or share one client within a process"
            }
        }
    }
}

extension TallyClient.Configuration: CustomStringConvertible {
    /// Leaves out the key.
    public var description: String {
        "TallyClient.Configuration(url: \(url), spoolDirectory: \(spoolDirectory), apiKey: "
            + (apiKey == nil ? "none)" : "given)")
    }
}

extension TallyClient.Configuration {
    func validate() throws(TallyClient.SetupError) {
        guard url.hasPrefix("http://") || url.hasPrefix("https://"),
            !url.drop(while: { $0 != ":" }).dropFirst(3).isEmpty, !url.contains("?"),
            !url.contains("#")
        else {
            throw .configuration(
                "url is \"\(url)\": expected the address of a Tallystick service, such as "
                    + "http://127.0.0.1:8080")
        }
        guard !spoolDirectory.isEmpty else {
            throw .configuration("spoolDirectory is empty: name a persistent directory")
        }
        let smallest = RecordEncoder.recordBytesMax + 2 * Segment.headerBytes
        for (name, value, least) in [
            ("spoolBytesMax", limits.spoolBytesMax, smallest),
            ("segmentBytesMax", limits.segmentBytesMax, smallest),
            ("batchRecordsMax", limits.batchRecordsMax, 1),
            ("batchBytesMax", limits.batchBytesMax, smallest),
        ] where value < least {
            throw .configuration("limits.\(name) is \(value): expected at least \(least)")
        }
        for (name, value) in [
            ("batchAgeMax", limits.batchAgeMax), ("callTimeMax", limits.callTimeMax),
            ("pauseMax", limits.pauseMax), ("shutdownTimeMax", shutdownTimeMax),
        ] where value < .zero {
            throw .configuration("\(name) is \(value): expected a time of zero or more")
        }
        if case .within(let time) = durability, time <= .zero {
            throw .configuration(
                "durability is within \(time): expected a time above zero, or everyRecord")
        }
    }
}
