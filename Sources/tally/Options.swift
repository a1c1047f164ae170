import ArgumentParser
import Booking
import Configuration
import EventReading
import LedgerModel
import ReadModels
import SystemPackage

/// Options for the database; flags take precedence over the environment, the environment over the
/// file.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("database-url"),
        help: "libpq URL of the database (default: an embedded PostgreSQL).")
    var databaseURL: String?

    @Option(help: "Directory of the embedded PostgreSQL (default .tally).")
    var dataDir: String?

    @Option(help: "JSON file with settings, such as {\"tally\":{\"data\":{\"dir\":\"…\"}}}.")
    var config: String?

    func settings() async throws -> Settings {
        try await Settings(
            databaseURL: databaseURL, dataDirectory: dataDir, file: config)
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

/// A period of time, for queries to read models.
struct PeriodOptions: ParsableArguments {
    @Option(
        help: "Start time, such as 2026-01-01 (default: see the command's overview).",
        transform: Timestamp.argument)
    var since: Timestamp?
    @Option(help: "End time, exclusive (default: now).", transform: Timestamp.argument)
    var until: Timestamp?

    func validate() throws {
        if let since, since >= until ?? .now {
            throw ValidationError("--since is not before --until")
        }
    }

    /// - Parameter days: its length if no beginning is given.
    func period(days: Int64) -> (from: Timestamp, to: Timestamp) {
        let to = until ?? .now
        let start = to.advanced(byMicroseconds: -days * Timestamp.dayMicroseconds)
        return (since ?? start.startOfDay, to)
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
    /// Reads a time in RFC 3339, or a date, which means its midnight in UTC.
    static func argument(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: text, zoneIsOptional: true) else {
            throw ValidationError("write it as 2026-01-01 or 2026-01-01T12:00:00Z")
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
    /// The secret from which the passwords of the database roles are derived.
    let secret: String?
    let listen: String?
    let logLevel: String
    /// How OpenTelemetry's spans become events.
    let telemetry: TelemetrySettings
    let prices: PriceSettings

    init(databaseURL: String?, dataDirectory: String?, file: String?) async throws {
        var providers: [any ConfigProvider] = [EnvironmentVariablesProvider()]
        if let file {
            providers.append(
                try await FileProvider<JSONSnapshot>(filePath: FilePath(file)))
        }
        let reader = ConfigReader(providers: providers)
        self.databaseURL =
            databaseURL ?? reader.string(forKey: "tally.database.url", isSecret: true)
        poolerURL = reader.string(forKey: "tally.pooler.url", isSecret: true)
        self.dataDirectory =
            dataDirectory ?? reader.string(forKey: "tally.data.dir", default: ".tally")
        secret = reader.string(forKey: "tally.secret", isSecret: true)
        listen = reader.string(forKey: "tally.listen")
        logLevel = reader.string(forKey: "tally.log.level", default: "info")
        telemetry = try TelemetrySettings(
            map: reader.string(forKey: "tally.otlp.map"),
            ignore: reader.string(forKey: "tally.otlp.ignore"),
            exclusive: reader.string(forKey: "tally.otlp.exclusive"),
            inclusive: reader.string(forKey: "tally.otlp.inclusive"),
            logs: reader.string(forKey: "tally.otlp.logs"))
        prices = PriceSettings(reader)
    }
}
