import ArgumentParser
import Configuration
import EventReading
import SystemPackage

/// Where the database is; flags win over the environment, the environment over the file.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("database-url"),
        help: "libpq URL of the database; without it, an embedded PostgreSQL is used.")
    var databaseURL: String?

    @Option(help: "Directory of the embedded PostgreSQL (default .tally).")
    var dataDir: String?

    @Option(help: "JSON file with settings, such as {\"tally\":{\"data\":{\"dir\":\"…\"}}}.")
    var config: String?

    func settings() async throws -> Settings {
        try await Settings(
            databaseURL: databaseURL, dataDirectory: dataDir, file: config)
    }
}

/// The ledger that a command works on.
struct LedgerOptions: ParsableArguments {
    @Option(help: "Name of the ledger.")
    var ledger = "default"
}

/// Everything that can be configured, read once at the edge.
struct Settings: Sendable {
    /// The database where migrations run; nil for the embedded server.
    let databaseURL: String?
    /// Where the service's own statements go, if a pooler stands in between.
    let poolerURL: String?
    let dataDirectory: String
    /// What the passwords of the database roles are derived from.
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
            logs: reader.string(forKey: "tally.otlp.logs"))
        prices = PriceSettings(reader)
    }
}
