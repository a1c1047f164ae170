import Configuration
import Foundation
import LedgerModel
import Pricing

/// The file of `--config`: YAML, of which JSON is a part, so that it may hold comments.
///
/// `tally init` writes it from the same list that it is checked against.
enum ConfigFile {
    struct Setting {
        /// Below `tally`, such as `database.url`; its environment variable follows from it.
        let key: String
        let example: String
        let meaning: String

        var variable: String { "TALLY_" + key.uppercased().replacing(".", with: "_") }
    }

    static let settings: [Setting] = [
        Setting(
            key: "database.url", example: "postgresql://user:password@host/tally",
            meaning: "libpq URL of the database; without it, an embedded PostgreSQL in data.dir"),
        Setting(
            key: "pooler.url", example: "postgresql://user:password@pgbouncer/tally",
            meaning: "URL for the service's own statements, if there is a pooler"),
        Setting(
            key: "data.dir", example: ".tally",
            meaning: "directory of the embedded PostgreSQL, of the signing key and checkpoints"),
        Setting(
            key: "postgres.port", example: "5433",
            meaning: "port of 127.0.0.1 where the embedded PostgreSQL lets audit logins in"),
        Setting(
            key: "secret", example: "a long random text",
            meaning: "secret from which the passwords of the database roles are derived"),
        Setting(
            key: "checkpoint.key", example: "5lM4rJYdp+669VSZsuGWDR1xaBMxK7BrxKnr6LWzPBo=",
            meaning: "public key that checkpoints must be signed with; else the first one seen"),
        Setting(
            key: "checkpoint.witness", example: "/mnt/elsewhere/checkpoints,s3://bucket/tally/",
            meaning: "comma-separated places that are told of each checkpoint: paths, URLs, buckets"
        ),
        Setting(
            key: "listen", example: "127.0.0.1:8080",
            meaning: "address of the service; on any but loopback, every caller needs a key"),
        Setting(
            key: "allowed.hosts", example: "tally.example.com",
            meaning: "comma-separated further names of the service, such as that of a proxy"),
        Setting(
            key: "memory.budget", example: "1GB",
            meaning: "bytes that all requests may hold at a time; beyond it they are answered 429"),
        Setting(
            key: "connections.max", example: "1000",
            meaning: "connections at a time, fewer if the limit of open files is lower"),
        Setting(
            key: "log.level", example: "info",
            meaning: "trace, debug, info, notice, warning, error or critical"),
        Setting(
            key: "otlp.map", example: "team=team.name",
            meaning: "attributes of OpenTelemetry that become dimensions"),
        Setting(
            key: "otlp.ignore", example: "noisy-scope",
            meaning: "scopes of OpenTelemetry whose spans are no events"),
        Setting(
            key: "otlp.exclusive", example: "my-scope",
            meaning: "scopes that count cached tokens beside the input"),
        Setting(
            key: "otlp.inclusive", example: "other-scope",
            meaning: "scopes that count cached tokens within the input"),
        Setting(
            key: "otlp.logs", example: "alone",
            meaning: "alone (log records outside of spans are events) or all"),
        Setting(
            key: "prices.url", example: "https://example.com/prices.json",
            meaning: "where the service fetches price books from"),
        Setting(key: "prices.interval", example: "1h", meaning: "how often it does"),
        Setting(
            key: "prices.tolerance", example: "5%",
            meaning: "changes that are published without approval"),
        Setting(
            key: "prices.ledger", example: "default",
            meaning: "comma-separated ledgers whose prices are refreshed; * for all"),
        Setting(
            key: "alerts.file", example: "alerts.yaml",
            meaning: "file with alert rules and channels; without it the log is told"),
        Setting(
            key: "alerts.keep", example: "90d",
            meaning: "how long notices are kept after their alert is over; at least 7d"),
        Setting(
            key: "slo.file", example: "slo.yaml",
            meaning: "file with service level objectives; without it, 99 % availability"),
        Setting(
            key: "providers.file", example: "providers.yaml",
            meaning: "file with the providers that the service calls; without it, it calls none"),
        Setting(
            key: "gateway.file", example: "gateway.yaml",
            meaning: "file with routes, limits and classes of the gateway; see tally gateway check"
        ),
        Setting(
            key: "gateway.spool", example: ".tally/spool",
            meaning: "folder for charges on their way into the ledger; else spool in data.dir"),
        Setting(
            key: "tracing.endpoint", example: "http://localhost:4318",
            meaning: "OTLP/HTTP collector that gets the gateway's own spans; else nobody does"),
        Setting(
            key: "batches.keep", example: "30d",
            meaning: "how long files, batches and their results are kept; at least 1d"),
        Setting(
            key: "batches.bytes", example: "10GB",
            meaning: "what the files and batches of a ledger may take"),
        Setting(
            key: "batches.poll", example: "30s",
            meaning: "how soon, and then how often at first, a provider is asked about a job"),
        Setting(
            key: "batches.wait", example: "60s",
            meaning: "how long a single request that can wait gathers others"),
        Setting(
            key: "cache.file", example: "cache.yaml",
            meaning: "file with tiers and rules of the response cache; tally cache check reads it"),
        Setting(
            key: "cache.embeddings", example: "/usr/share/tally/embeddings",
            meaning: "folder of static embeddings: the cache compares meanings too"),
    ]

    /// Reads a file; a key that is not a setting is refused by name.
    static func provider(_ path: String) throws -> InMemoryProvider {
        let text = try readText(path, "the configuration file")
        let written: [(key: String, value: String)]
        do throws(PriceFileError) {
            written = try Self.written(in: FileNode(parsing: text), below: "")
        } catch {
            throw InputRefused("the configuration file \(path): \(error)")
        }
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, value) in written {
            guard let name = key.hasPrefix("tally.") ? String(key.dropFirst(6)) : nil,
                settings.contains(where: { $0.key == name })
            else {
                let known = settings.map { "tally." + $0.key }
                throw InputRefused(
                    "\(path): there is no setting \(key)\(Likeness.question(key, among: known)): "
                        + "see tally init")
            }
            let parts = key.split(separator: ".").map(String.init)
            values[AbsoluteConfigKey(parts)] = ConfigValue(.string(value), isSecret: true)
        }
        return InMemoryProvider(name: path, values: values)
    }

    /// The settings of a node, with the keys above them; those without a value say nothing.
    private static func written(
        in node: FileNode, below key: String
    ) throws(PriceFileError) -> [(key: String, value: String)] {
        if node.isNull { return [] }
        guard node.isMapping || key.isEmpty else {
            let text = try node.text(key)
            return text.isEmpty ? [] : [(key, text)]
        }
        var settings: [(key: String, value: String)] = []
        for entry in try node.entries() {
            settings += try written(
                in: entry.value, below: key.isEmpty ? entry.key : key + "." + entry.key)
        }
        return settings
    }

    /// A file with every setting, all of them commented out.
    static var template: String {
        let blocks = settings.map { setting in
            """
              # \(setting.meaning) (\(setting.variable))
              #\(setting.key): "\(setting.example)"

            """
        }
        return """
            # Settings of tally, for --config. Each line shows an example or the default; remove
            # its first # to set it. A flag takes precedence over the environment variable that is
            # named beside each, and the variable over this file.

            tally:
            \(blocks.joined(separator: "\n"))
            """
    }
}
