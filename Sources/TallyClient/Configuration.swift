public import Logging
import Spooling

extension TallyClient {
    /// The configuration of a client; only the first two values have no default.
    public struct Configuration: Sendable {
        /// The URL of the service, such as `http://127.0.0.1:8080`.
        public var url: String
        /// The directory of the spool, on a disk that survives a restart; it is created if
        /// necessary.
        ///
        /// Only one client can use it: a second client on the same directory is refused.
        public var spoolDirectory: String
        /// The API key `tally_…`, with the scope `ingest`; `nil` for a service that needs none.
        public var apiKey: String?
        /// Attribution for records that do not set their own.
        public var defaults = Attribution()
        /// When a record survives a power cut.
        public var durability = Durability.within(.milliseconds(50))
        /// The limits of the client.
        public var limits = Limits()
        /// How long ``TallyClient/TallyClient/run()`` keeps sending after it was told to stop.
        public var shutdownTimeMax: Duration = .seconds(10)
        /// The logger; nothing above `info` is logged while everything works.
        public var logger = Logger(label: "tallystick.client")
        /// Called with reports for operators, from any thread; it must not block.
        public var onReport: @Sendable (Report) -> Void = { _ in }

        /// Configures a client of the service at `url` that spools in `spoolDirectory`.
        public init(url: String, spoolDirectory: String, apiKey: String? = nil) {
            self.url = url
            self.spoolDirectory = spoolDirectory
            self.apiKey = apiKey
        }
    }

    /// When a record survives a power cut.
    ///
    /// With every choice, a record that was `recorded` survives the end of the process, however it
    /// ends: the kernel has it, in a file. The choices differ in power cuts and kernel crashes.
    public enum Durability: Sendable, Hashable {
        /// `record` returns when the record is on disk; waiting callers share one `fdatasync`.
        case everyRecord
        /// A record is on disk after this time at the latest; a power cut may lose newer ones.
        case within(Duration)
        /// The operating system decides, on Linux usually within 30 seconds.
        case operatingSystem
    }

    /// The limits of a client.
    public struct Limits: Sendable, Hashable {
        /// Bytes on disk, dead letters included; at this limit `record` returns `full`.
        public var spoolBytesMax = 1 << 30
        /// Bytes in one file of the spool; a file is removed once all its records are acknowledged.
        public var segmentBytesMax = 4 << 20
        /// Records in one call to the service.
        public var batchRecordsMax = 1_000
        /// Bytes in one call before compression; the client holds that much in memory.
        public var batchBytesMax = 1 << 20
        /// How long a record waits for others to be sent in the same call.
        public var batchAgeMax: Duration = .milliseconds(500)
        /// How long a call may take.
        public var callTimeMax: Duration = .seconds(30)
        /// The longest pause between two attempts.
        public var pauseMax: Duration = .seconds(60)

        /// The defaults.
        public init() {}
    }

    /// Why a client could not be created.
    public enum SetupError: Error, Sendable, Hashable, CustomStringConvertible {
        /// A setting is invalid; the sentence says which and why.
        case configuration(String)
        /// Another client, in this process or another, uses the directory.
        case spoolInUse(directory: String, holder: String)
        /// The directory cannot be read or written; the sentence says what to fix.
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

extension TallyClient.SetupError {
    init(_ reason: SpoolUnusable) {
        switch reason {
        case .unusable(let sentence): self = .spoolUnusable(sentence)
        case .inUse(let directory, let holder):
            self = .spoolInUse(directory: directory, holder: holder)
        }
    }
}

extension TallyClient.Configuration: CustomStringConvertible {
    /// The configuration without the key.
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
