import Access
import ArgumentParser
import Booking
import Calendars
import Configuration
import EventReading
import EventStore
import LedgerModel
import ReadModels

/// Options for the database; flags take precedence over the environment, the environment over the
/// file.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("database-url"),
        help: "libpq URL of the database (default: an embedded PostgreSQL).")
    var databaseURL: String?

    @Option(help: "Directory of the embedded PostgreSQL (default .tally).")
    var dataDir: String?

    @Option(help: "YAML or JSON file with settings; tally init writes one.")
    var config: String?

    func settings(postgresPort: Int? = nil) async throws -> Settings {
        try await Settings(
            databaseURL: databaseURL, dataDirectory: dataDir, postgresPort: postgresPort,
            file: config)
    }

    /// Lends the database.
    func open<T>(
        to purpose: Deployment.Purpose, _ body: (Deployment) async throws -> T
    ) async throws -> T {
        try await Deployment.with(try await settings(), to: purpose, body)
    }
}

/// The ledger that a command works on, and the database that it is in.
struct LedgerOptions: ParsableArguments {
    @OptionGroup var database: DatabaseOptions
    @Option(help: "Name of the ledger.") var ledger = "default"

    /// Lends the database and its ledger.
    func open<T>(
        to purpose: Deployment.Purpose, _ body: (Deployment, OpenLedger) async throws -> T
    ) async throws -> T {
        try await database.open(to: purpose) { deployment in
            try await body(deployment, try await deployment.ledger(ledger))
        }
    }
}

extension Deployment {
    /// The zone whose days and months a ledger is reported in.
    func zone(of ledger: OpenLedger) async throws -> CalendarZone {
        try await directory.zone(of: ledger.store.id)
    }
}

/// A range of time; every command that takes one names and reads it in the same way.
struct TimeRangeOptions: ParsableArguments {
    @Option(
        help: """
            The start: a time or date, a month such as 2026-11, today, yesterday, now, or how \
            long ago, such as 24h, 7d or 2w.
            """, transform: GivenTime.start)
    var since: GivenTime?
    @Option(
        help: "The end, exclusive, in the same forms; a month ends with its last day.",
        transform: GivenTime.end)
    var until: GivenTime?

    func validate() throws {
        // Before anything is opened, where the zone of the ledger could change nothing.
        if let since, let until, since.isLocal == until.isLocal { _ = try bounds(in: .utc) }
    }

    /// - Parameter zone: of which days, months and times without an offset are.
    func bounds(in zone: CalendarZone) throws -> (since: Timestamp?, until: Timestamp?) {
        let (since, until) = (since?.time(in: zone), until?.time(in: zone))
        if let since, let until, since >= until {
            throw ValidationError("--since \(since) is not before --until \(until)")
        }
        return (since, until)
    }

    /// The range until now if no end is given.
    ///
    /// - Parameters:
    ///   - days: its length if no start is given.
    ///   - zone: of which days, months and times without an offset are.
    func period(
        days: Int64, in zone: CalendarZone = .utc
    ) throws -> (from: Timestamp, to: Timestamp) {
        let (since, until) = try bounds(in: zone)
        if let since, until == nil, since >= .now {
            throw ValidationError("--since \(since) is in the future: give --until too")
        }
        let to = until ?? .now
        return (since ?? zone.startOfDay(zone.advanced(to, byDays: -days)), to)
    }
}

/// A time as somebody wrote it; a day of it begins where the ledger's zone says, which is not known
/// yet.
struct GivenTime: Sendable {
    private let text: String
    private let bound: Timestamp.Bound
    private let now: Timestamp

    private init(_ text: String, as bound: Timestamp.Bound) throws {
        guard Timestamp(written: text, as: bound, at: .now) != nil else {
            throw ValidationError("expected a time: \(Timestamp.writtenForms)")
        }
        self.text = text
        self.bound = bound
        now = .now
    }

    static func start(_ text: String) throws -> GivenTime { try GivenTime(text, as: .start) }
    /// Reads the end of a range.
    static func end(_ text: String) throws -> GivenTime { try GivenTime(text, as: .end) }

    func time(in zone: CalendarZone) -> Timestamp {
        Timestamp(written: text, as: bound, at: now, in: zone) ?? now
    }

    /// Whether it means another moment in another zone.
    var isLocal: Bool {
        let clock = Timestamp(year: 2026, month: 1, day: 1)
        return ["Etc/GMT+12", "UTC"].compactMap { CalendarZone(named: $0) }
            .map { Timestamp(written: text, as: bound, at: clock, in: $0) }
            .reduce(into: Set()) { $0.insert($1) }.count > 1
    }
}

/// A page of a long answer.
struct PageOptions: ParsableArguments {
    @Option(help: "The maximum number of rows.") var limit: Int?
    @Option(help: "The number of rows to skip.") var offset: Int?

    func validate() throws {
        if let limit, !(1...AnswerPage.limitMax).contains(limit) {
            throw ValidationError("--limit must lie between 1 and \(AnswerPage.limitMax)")
        }
        if let offset, !(0...AnswerPage.offsetMax).contains(offset) {
            throw ValidationError("--offset must lie between 0 and \(AnswerPage.offsetMax)")
        }
    }

    func page(limit standard: Int = AnswerPage.limitMax) -> AnswerPage {
        AnswerPage(limit: limit ?? standard, offset: offset)
    }
}

extension Timestamp {
    /// Reads a time as people write it.
    ///
    /// Days are of UTC: it is for what concerns no ledger, or a price book.
    static func argument(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(written: text, at: .now) else {
            throw ValidationError("expected a time: \(writtenForms)")
        }
        return time
    }
}

/// The whole configuration, read once, when the program starts.
struct Settings: Sendable {
    /// The URL of the database in which migrations run; nil for the embedded server.
    let databaseURL: String?
    /// The URL for the service's own statements, if there is a pooler.
    let poolerURL: String?
    let dataDirectory: String
    /// Where the embedded server listens on 127.0.0.1 for audit logins; nil for nowhere.
    let postgresPort: Int?
    /// The secret from which the passwords of the database roles are derived.
    let secret: String?
    let listen: String?
    let bounds: BoundSettings
    let logLevel: String
    /// How OpenTelemetry's spans become events.
    let telemetry: TelemetrySettings
    let prices: PriceSettings
    /// The public key that checkpoints are verified with; nil for the one stored at first use.
    let checkpointKey: CheckpointKey?
    let checkpointWitnesses: [CheckpointWitness]
    /// The file with alert rules and channels; nil for the standard ones.
    let alertFile: String?
    /// The file with service level objectives; nil for the standard one.
    let objectivesFile: String?
    /// How long notices are kept after their alert is over.
    let alertsKept: Duration
    let batching: BatchingSettings
    let gateway: GatewaySettings
    /// The file with the tiers and rules of the response cache; nil for the standard.
    let cacheFile: String?
    /// A folder of static embeddings for the cache; nil to compare words alone.
    let cacheEmbeddings: String?

    init(
        databaseURL: String?, dataDirectory: String?, postgresPort: Int? = nil, file: String?
    ) async throws {
        var providers: [any ConfigProvider] = [EnvironmentVariablesProvider()]
        if let file {
            providers.append(try ConfigFile.provider(file))
        }
        let reader = ConfigReader(providers: providers)
        self.databaseURL =
            databaseURL ?? reader.string(forKey: "tally.database.url", isSecret: true)
        poolerURL = reader.string(forKey: "tally.pooler.url", isSecret: true)
        self.dataDirectory =
            dataDirectory ?? reader.string(forKey: "tally.data.dir", default: ".tally")
        self.postgresPort =
            postgresPort ?? reader.string(forKey: "tally.postgres.port").flatMap { Int($0) }
        secret = reader.string(forKey: "tally.secret", isSecret: true)
        listen = reader.string(forKey: "tally.listen")
        bounds = try BoundSettings(reader)
        logLevel = reader.string(forKey: "tally.log.level", default: "info")
        telemetry = try TelemetrySettings(
            map: reader.string(forKey: "tally.otlp.map"),
            ignore: reader.string(forKey: "tally.otlp.ignore"),
            exclusive: reader.string(forKey: "tally.otlp.exclusive"),
            inclusive: reader.string(forKey: "tally.otlp.inclusive"),
            logs: reader.string(forKey: "tally.otlp.logs"))
        prices = PriceSettings(reader)
        objectivesFile = reader.string(forKey: "tally.slo.file")
        alertFile = reader.string(forKey: "tally.alerts.file")
        alertsKept = try Self.alertsKept(reader.string(forKey: "tally.alerts.keep"))
        batching = try BatchingSettings(reader)
        gateway = try GatewaySettings(reader, dataDirectory: self.dataDirectory)
        cacheFile = reader.string(forKey: "tally.cache.file")
        cacheEmbeddings = reader.string(forKey: "tally.cache.embeddings")
        checkpointKey = try reader.string(forKey: "tally.checkpoint.key").map { text in
            guard let key = CheckpointKey(text) else {
                throw InputRefused(
                    "TALLY_CHECKPOINT_KEY is not a public key: expected base64 of 32 bytes")
            }
            return key
        }
        checkpointWitnesses = try CheckpointWitness.list(
            reader.string(forKey: "tally.checkpoint.witness", isSecret: true))
    }
}
