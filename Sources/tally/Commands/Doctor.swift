import Access
import ArgumentParser
import Audit
import EventStore
import Foundation
import LedgerModel
import Postgres
import Rendering
import Subscriptions

struct Doctor: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks a deployment, and says for each fault what to mend.",
        discussion: """
            One line for each check: ok, warning or fault. It reads the database, the files of the \
            data directory and this machine, asks each provider for its models, and changes \
            nothing. Run it where the service runs, \
            as the same user and with the same settings. Exit code 1 if there is a fault.
            """)

    @OptionGroup var database: DatabaseOptions
    @Option(
        help: """
            The address to judge (default: where the service here listens, else TALLY_LISTEN, \
            else 127.0.0.1:8080).
            """)
    var listen: String?
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        let settings = try await database.settings()
        let configured = try ListenAddress(listen ?? settings.listen ?? "127.0.0.1:8080")
        let service =
            settings.databaseURL == nil ? LocalService(in: settings.dataDirectory) : nil
        var checks = MachineChecks(settings: settings, configFile: database.config).all
        checks += await ProviderChecks(settings: settings).all()
        do {
            checks += try await database.open(to: .read) { deployment in
                try await DatabaseChecks(
                    deployment: deployment, settings: settings, configured: configured,
                    isGiven: listen != nil, used: service?.listener
                ).all()
            }
        } catch {
            checks.append(
                .fault("database", "it cannot be used", "\(error)"))
        }
        let diagnosis = Diagnosis(checks)
        output.show(diagnosis)
        if diagnosis.verdict == .fault { throw ExitCode.checkFailed }
    }
}

/// What files and the kernel tell, without the database.
struct MachineChecks {
    let settings: Settings
    /// The file of `--config`.
    let configFile: String?

    /// Connections and files that a busy service has open at a time.
    private static let openFilesMin: UInt = 4_096
    private static let (freeBytesMin, freeBytesLow): (Int64, Int64) = (256 << 20, 4 << 30)

    var all: [HealthCheck] {
        [directory, secrets, signing, witnesses, openFiles, disk]
    }

    private var directory: HealthCheck {
        let path = settings.dataDirectory
        guard let mode = mode(of: path) else {
            return .warning(
                "data directory", "there is no \(path)",
                "name the one of the service with --data-dir")
        }
        guard mode & 0o022 == 0 else {
            return .fault(
                "data directory", "others may write to \(path)", "run chmod go-w '\(path)'")
        }
        return .ok("data directory", "only its owner may write to \(path)")
    }

    private var secrets: HealthCheck {
        let files = [settings.dataDirectory + "/checkpoint.key", configFile].compactMap(\.self)
        for file in files {
            guard let mode = mode(of: file), mode & 0o077 != 0 else { continue }
            return .fault("secrets", "others may read \(file)", "run chmod 600 '\(file)'")
        }
        return .ok("secrets", "only their owner may read the files with keys and passwords")
    }

    private var signing: HealthCheck {
        let keys = CheckpointArchive(settings).keys
        do {
            guard let key = try keys.present() else {
                return .warning(
                    "signing key", "there is none, so no checkpoint was signed here",
                    "start the service, or run tally checkpoint")
            }
            let pin =
                settings.checkpointKey == nil ? "its first use" : "TALLY_CHECKPOINT_KEY"
            guard let pinned = try keys.trusted()?.pinned, pinned != key else {
                return .ok("signing key", "\(key), pinned by \(pin)")
            }
            return .ok("signing key", "\(key), handed over from \(pinned), pinned by \(pin)")
        } catch {
            return .fault("signing key", "no checkpoint can be signed", "\(error)")
        }
    }

    private var witnesses: HealthCheck {
        let names = settings.checkpointWitnesses.map(\.name)
        guard !names.isEmpty else {
            return .warning(
                "witnesses", "checkpoints are on this machine only",
                "set TALLY_CHECKPOINT_WITNESS, or copy checkpoints/ elsewhere")
        }
        return .ok("witnesses", "told of each checkpoint: \(names.joined(separator: ", "))")
    }

    private var openFiles: HealthCheck {
        var limits = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else {
            return .warning("open files", "the limit is unknown", "look at ulimit -n")
        }
        guard limits.rlim_cur >= Self.openFilesMin else {
            return .warning(
                "open files", "at most \(limits.rlim_cur) files and connections at a time",
                "raise it to \(Self.openFilesMin) with ulimit -n, or LimitNOFILE of systemd")
        }
        return .ok("open files", "up to \(limits.rlim_cur) at a time")
    }

    private var disk: HealthCheck {
        let path = settings.dataDirectory
        guard let free = Status.freeBytes(at: path) else {
            return .warning("disk", "the free space is unknown", "look at df '\(path)'")
        }
        let finding = "\(size(free)) free at \(path)"
        if free < Self.freeBytesMin {
            return .fault("disk", finding, "make room: a full disk stops every append")
        }
        if free < Self.freeBytesLow { return .warning("disk", finding, "make room soon") }
        return .ok("disk", finding)
    }

    private func mode(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : nil
    }
}

/// What the database tells.
struct DatabaseChecks {
    let deployment: Deployment
    let settings: Settings
    /// Where a service would listen by its settings, or by the command line if that names it.
    let configured: ListenAddress
    let isGiven: Bool
    /// Where the one that runs here does listen; nil if there is none, or another machine's.
    let used: ListenAddress?

    /// The address to judge.
    private var address: ListenAddress { isGiven ? configured : used ?? configured }

    /// How far the clocks may be apart, in microseconds.
    private static let clockDifferenceMax: Int64 = 1_000_000
    /// The service signs a ledger that has moved every hour.
    private static let checkpointAgeMax: Int64 = 2 * 3_600_000_000

    func all() async throws -> [HealthCheck] {
        let before = Timestamp.now
        let facts = try await ServerFacts.read(from: deployment.pool)
        let after = Timestamp.now
        let status = try await Status.read(deployment, settings)
        var checks = [
            HealthCheck.ok("database", "\(status.database), \(size(status.databaseBytes))"),
            role(facts), try await auditRoles(), durability(facts), checksums(facts),
            replication(facts), clock(facts, from: before, to: after),
            connections(facts), listener, try await keys(),
        ]
        for ledger in try await deployment.directory.list() where ledger.head.position > 0 {
            checks.append(checkpoint(of: ledger))
        }
        checks.append(subscriptions(status))
        return checks
    }

    private func role(_ facts: ServerFacts) -> HealthCheck {
        guard facts.powers.isEmpty else {
            return .fault(
                "service role",
                "\(facts.role) has \(facts.powers.joined(separator: ", "))",
                "revoke that: the service only appends and reads")
        }
        return .ok("service role", "\(facts.role) can only append and read")
    }

    private func auditRoles() async throws -> HealthCheck {
        let exposed = try await deployment.auditQueries().exposures()
        guard exposed.isEmpty else {
            // A language belongs to whoever made it, so it may be open by itself.
            let languages = exposed.filter { $0.wholeMatch(of: /language \w+/) != nil }
            let open = ["\(exposed.count - languages.count) functions"] + languages
            return .warning(
                "audit roles",
                "queries may use what they should not: " + open.joined(separator: ", "),
                "let a superuser, and the owners of the languages, run "
                    + "SELECT tally.revoke_forbidden(): docs/audit.md")
        }
        return .ok("audit roles", "queries may use nothing but what docs/audit.md allows")
    }

    private func durability(_ facts: ServerFacts) -> HealthCheck {
        let off = ["fsync", "full_page_writes", "synchronous_commit"].filter {
            facts.settings[$0] == "off"
        }
        guard off.isEmpty else {
            return .fault(
                "durability",
                "a crash may lose what was acknowledged: "
                    + off.map { "\($0) is off" }.joined(separator: ", "),
                "switch it on in PostgreSQL's configuration")
        }
        return .ok("durability", "a commit is on the disk before it is acknowledged")
    }

    private func checksums(_ facts: ServerFacts) -> HealthCheck {
        guard facts.settings["data_checksums"] == "on" else {
            return .warning(
                "page checksums", "PostgreSQL would not notice a page that the disk changed",
                "switch them on with pg_checksums --enable while the server is stopped")
        }
        return .ok("page checksums", "PostgreSQL notices pages that the disk changed")
    }

    private func replication(_ facts: ServerFacts) -> HealthCheck {
        let level = facts.settings["wal_level"] ?? "unknown"
        guard level != "minimal" else {
            return .warning(
                "replication", "wal_level is minimal: no standby, no point-in-time recovery",
                "set wal_level to replica")
        }
        return .ok("replication", "wal_level is \(level): standbys and recovery are possible")
    }

    private func clock(
        _ facts: ServerFacts, from before: Timestamp, to after: Timestamp
    ) -> HealthCheck {
        let there = facts.now.microseconds
        let apart = max(before.microseconds - there, there - after.microseconds, 0)
        let words = "\(apart / 1_000) ms apart from the database's clock"
        guard apart <= Self.clockDifferenceMax else {
            return .fault("clock", words, "synchronize both machines with NTP")
        }
        return .ok("clock", words)
    }

    private func connections(_ facts: ServerFacts) -> HealthCheck {
        let needed = Int64(Deployment.poolSize) + 10
        guard facts.connectionsMax >= needed || settings.poolerURL != nil else {
            return .warning(
                "connections", "PostgreSQL takes \(facts.connectionsMax)",
                "set max_connections to \(needed) or more for each instance of the service")
        }
        return .ok("connections", "PostgreSQL takes \(facts.connectionsMax)")
    }

    private var listener: HealthCheck {
        let source =
            if let used, used.text == address.text {
                used.text == configured.text
                    ? "in use" : "in use; by the settings \(configured.text)"
            } else if let used {
                "as given; in use \(used.text)"
            } else {
                isGiven ? "as given" : "by the settings: no service was found here"
            }
        guard !address.isLoopback else {
            return .ok("listener", "\(address.text), this machine only (\(source))")
        }
        return .warning(
            "listener", "\(address.text) takes keys and events in clear text (\(source))",
            "let a proxy with TLS listen there, and the service on 127.0.0.1")
    }

    private func keys() async throws -> HealthCheck {
        let usable = try await deployment.keys.list().filter(\.isUsable)
        if let promoted = usable.first(where: { $0.promotedAt != nil }) {
            return .warning(
                "API keys",
                "\(promoted.name) (\(promoted.id)) administers every ledger since an upgrade",
                "make a key with --scope admin for its ledger, or --scope operator, and revoke it")
        }
        if !usable.isEmpty { return .ok("API keys", "\(usable.count) in use") }
        let remedy = "make the first one with tally keys create"
        return address.isLoopback
            ? .warning("API keys", "whoever is on this machine may do everything", remedy)
            : .fault("API keys", "there is none, so every call is refused", remedy)
    }

    private func checkpoint(of ledger: LedgerDirectory.Entry) -> HealthCheck {
        let name = "checkpoint"
        do {
            guard let known = try CheckpointArchive(settings).newest(of: ledger.id) else {
                return .warning(
                    name, "ledger \(ledger.name) has none: a rewritten history would pass",
                    "run tally checkpoint --ledger '\(ledger.name)'")
            }
            let age = Timestamp.now.microseconds - known.recordedAt.microseconds
            let isKnown = known.ledgerName == ledger.name
            guard isKnown, known.head.position <= ledger.head.position else {
                return .fault(
                    name, "ledger \(ledger.name) is not what its checkpoint saw",
                    "run tally verify --ledger '\(ledger.name)'")
            }
            guard known.head == ledger.head || age <= Self.checkpointAgeMax else {
                return .warning(
                    name, "that of ledger \(ledger.name) is \(age / 3_600_000_000) hours old",
                    "see whether the service runs, and what its log says")
            }
            return .ok(
                name,
                "that of ledger \(ledger.name) is of \(known.recordedAt) at position "
                    + grouped(known.head.position))
        } catch {
            return .fault(name, "that of ledger \(ledger.name) does not count", "\(error)")
        }
    }

    private func subscriptions(_ status: ShownStatus) -> HealthCheck {
        let halted = status.subscriptions.filter { $0.status.halted != nil }
        if let first = halted.first {
            return .fault(
                "subscriptions",
                "\(first.status.subscription) halted in ledger \(first.ledger)",
                "run \(first.remedy ?? "tally status"), or mend the cause, then tally subscriptions "
                    + "resume \(first.status.subscription) --ledger \(first.ledger)")
        }
        return .ok("subscriptions", "none halted")
    }
}
