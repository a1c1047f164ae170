package import LedgerModel

/// How a deployment is doing: the service, the database, each ledger, and what follows them.
package struct ShownStatus: RenderableObject, Reportable {
    package var version = ""
    /// The running service; nil if none runs here, or it is not known.
    package var service: Int32?
    /// Where the database is, in words.
    package var database = ""
    package var databaseBytes: Int64 = 0
    /// Free bytes where the data directory is; nil for a database elsewhere.
    package var freeBytes: Int64?
    package var ledgers: [LedgerStatus] = []
    package var subscriptions: [ShownSubscription] = []

    package init() {}

    package struct LedgerStatus: RenderableObject {
        package let name: String
        /// The name of its reporting zone.
        package let zone: String
        package let events: Int64
        /// When the last event was recorded.
        package let recordedAt: Timestamp?
        /// Events that some read model or reactor has not dealt with.
        package let lag: Int64
        package let unpriced: Int64
        /// When the newest checkpoint outside of the database was written.
        package let checkpointAt: Timestamp?
        /// How old that one is.
        private let checkpointSeconds: Int64?

        /// - Parameter now: the time from which the age of the checkpoint counts.
        package init(
            name: String, zone: String, events: Int64, recordedAt: Timestamp?, lag: Int64,
            unpriced: Int64,
            checkpointAt: Timestamp?, now: Timestamp
        ) {
            self.name = name
            self.zone = zone
            self.events = events
            self.recordedAt = recordedAt
            self.lag = lag
            self.unpriced = unpriced
            self.checkpointAt = checkpointAt
            checkpointSeconds = checkpointAt.map {
                max(0, now.microseconds - $0.microseconds) / 1_000_000
            }
        }

        package static let shape = Shape<LedgerStatus> {
            Member("ledger", \.name, .column)
            Member("zone", \.zone, .column)
            Member("events", \.events, .column)
            Member("recorded_at", \.recordedAt, .heading("last event"))
            Member("lag_events", \.lag, .heading("lag"))
            Member("unpriced_requests", \.unpriced, .heading("unpriced"))
            Member("checkpoint_at", \.checkpointAt)
            Member("checkpoint_age_seconds", \.checkpointSeconds)
            Member(heading: "checkpoint") { $0.checkpointSeconds.map { age($0) + " ago" } }
        }
    }

    package static let shape = Shape<ShownStatus> {
        Member("version", \.version)
        Member("service_pid", \.service)
        Member("database", \.database)
        Member("database_bytes", \.databaseBytes)
        Member("disk_free_bytes", \.freeBytes)
        Member("ledgers", \.ledgers)
        Member("subscriptions", \.subscriptions)
    }

    package var report: Report {
        var facts = [
            ("tally", version),
            ("service", service.map { "running, pid \($0)" } ?? "not running here"),
            ("database", "\(database), \(size(databaseBytes))"),
        ]
        if let freeBytes { facts.append(("disk free", size(freeBytes))) }
        let behind = subscriptions.filter { !$0.isWell }
        return Report(
            .facts(facts.map { ($0.0, Cell($0.1)) }), .table(Table(ledgers)),
            behind.isEmpty
                ? .text(
                    "All \(counted(subscriptions.count, "subscription")) are within a minute of "
                        + "their ledgers.")
                : .table(Table(behind)))
    }
}

/// `40 s`, `17 min`, `5 h`, `3 d`.
package func age(_ seconds: Int64) -> String {
    switch seconds {
    case ..<60: "\(seconds) s"
    case ..<3_600: "\(seconds / 60) min"
    case ..<86_400: "\(seconds / 3_600) h"
    default: "\(grouped(seconds / 86_400)) d"
    }
}

/// `1.4 GiB`, `12 MiB`, `830 bytes`.
package func size(_ bytes: Int64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB", "PiB"]
    guard bytes >= 1_024 else { return "\(bytes) bytes" }
    var tenths = bytes * 10 / 1_024
    var unit = 0
    while tenths >= 10_240, unit < units.count - 1 {
        tenths /= 1_024
        unit += 1
    }
    let whole = tenths / 10
    return (whole < 10 ? "\(whole).\(tenths % 10)" : "\(whole)") + " \(units[unit])"
}
