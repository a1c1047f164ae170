import Access
import ArgumentParser
import Booking
import EventStore
import Foundation
import LedgerModel
import ReadModels
import Rendering
import Subscriptions

struct Status: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows the service, the database, the ledgers, and what follows them.",
        discussion: """
            Each ledger has its events, when the last one was recorded, how many of them the \
            slowest read model or reactor has not seen, its requests without a price, and how \
            long ago its newest checkpoint was written outside of the database. The read models and \
            reactors follow, each with the position it has reached. A running service keeps them \
            up to date; other commands bring the read models up to date before they answer. A \
            halted one has the command that helps beside it; once the cause is mended, use tally \
            subscriptions resume. What is not current needs tally rebuild.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        let settings = try await database.settings()
        output.show(
            try await database.open(to: .read) { try await Self.read($0, settings) })
    }

    /// What is known of a deployment without judging it.
    static func read(_ deployment: Deployment, _ settings: Settings) async throws -> ShownStatus {
        let ledgers = try await deployment.directory.list()
        let names = Dictionary(ledgers.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
        let runner = ServiceSubscriptions(deployment: deployment).runner
        try await runner.register()
        let subscriptions = try await runner.status()
        var status = ShownStatus()
        status.version = Tally.configuration.version
        status.databaseBytes = try await deployment.directory.databaseBytes()
        status.database =
            settings.databaseURL == nil
            ? "embedded in \(settings.dataDirectory)" : "a PostgreSQL of yours"
        if settings.databaseURL == nil {
            status.service = LocalService(in: settings.dataDirectory)?.pid
            status.freeBytes = freeBytes(at: settings.dataDirectory)
        }
        for ledger in ledgers {
            let lag = subscriptions.filter { $0.ledger == ledger.id }.map(\.lagPositions)
            status.ledgers.append(
                try await Self.status(of: ledger, lag: lag.max() ?? 0, in: deployment, settings))
        }
        status.subscriptions = subscriptions.map {
            ShownSubscription($0, of: names[$0.ledger] ?? "\($0.ledger)")
        }
        return status
    }

    private static func status(
        of ledger: LedgerDirectory.Entry, lag: Int64, in deployment: Deployment,
        _ settings: Settings
    ) async throws -> ShownStatus.LedgerStatus {
        let store = try await deployment.ledgers.openLedger(ledger.id).store
        let last = try await store.events(after: ledger.head.position - 1, limit: 1).last
        let unpriced = try await UnpricedQuery(
            ledger: ledger.id, from: .earliest, to: Timestamp(year: 2100, month: 1, day: 1)
        ).run(on: deployment.pool)
        return ShownStatus.LedgerStatus(
            name: ledger.name, zone: ledger.zone, events: ledger.head.position,
            recordedAt: last?.recordedAt,
            lag: lag, unpriced: unpriced.rows.reduce(0) { $0 + $1.requests },
            checkpointAt: (try? CheckpointArchive(settings).newest(of: ledger.id))?.recordedAt,
            now: .now)
    }

    static func freeBytes(at path: String) -> Int64? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
        return (attributes?[.systemFreeSize] as? NSNumber)?.int64Value
    }
}
