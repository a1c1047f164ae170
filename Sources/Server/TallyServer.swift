package import Access
package import Audit
package import BatchRunner
package import Booking
package import CacheServing
import Estimates
package import EventReading
package import Gateway
import Glibc
package import Hummingbird
import HummingbirdCore
package import LedgerModel
import LedgerSQL
package import LoadManagement
package import Logging
import NIOCore
package import Performance
package import Postgres
package import PriceBooks
import Providers
import Routing
package import Runs

/// The parts of the HTTP service, supplied by the composition root.
package struct ServerParts: Sendable {
    package let ledgers: LedgerRegistry
    package let access: AccessControl
    package let directory: LedgerDirectory
    package let keys: KeyDirectory
    package let bookStore: PriceBookStore
    package let pool: Pool
    package let audit: AuditQueries
    package let runs: LongRuns
    package let batches: BatchService
    package let gateway: GatewayService
    package let cache: ServedCache
    /// Limits, health and load of the gateway.
    package var load: LoadManager { gateway.load }
    package let metrics: PrometheusRegistry
    package let telemetry: TelemetrySettings
    package let journal: IntakeJournal
    package let limits: ServerLimits
    package let memory: MemoryBudget
    let hosts: AcceptedHosts
    /// The service level objectives.
    let objectives: [ServiceObjective]
    package let computing: ComputePool
    let bulk = BulkThreads()
    let names: LedgerNames
    /// The calibration of estimates, cached for a while.
    let learnt = LearntEstimates()
    /// The clock, and the sources of ids and secrets.
    package let now: @Sendable () -> Timestamp
    package let makeID: @Sendable () -> EventID
    package let makeSecret: @Sendable () -> Digest

    package init(
        ledgers: LedgerRegistry, access: AccessControl, directory: LedgerDirectory,
        keys: KeyDirectory, bookStore: PriceBookStore, pool: Pool, audit: AuditQueries,
        runs: LongRuns, cache: ServedCache, metrics: PrometheusRegistry,
        telemetry: TelemetrySettings = .standard, journal: IntakeJournal = IntakeJournal(),
        limits: ServerLimits = ServerLimits(), hosts: AcceptedHosts = .loopback,
        batches: BatchService? = nil, gateway: GatewayService? = nil,
        objectives: [ServiceObjective] = ServiceObjective.standard,
        now: @escaping @Sendable () -> Timestamp,
        makeID: @escaping @Sendable () -> EventID, makeSecret: @escaping @Sendable () -> Digest
    ) {
        self.ledgers = ledgers
        self.access = access
        self.directory = directory
        self.keys = keys
        self.bookStore = bookStore
        self.pool = pool
        self.audit = audit
        self.runs = runs
        self.batches =
            batches ?? BatchService(pool: pool, providers: .none, ledgers: ledgers, makeID: makeID)
        self.gateway =
            gateway
            ?? .withoutProviders(ledgers: ledgers, pool: pool, now: now, makeID: makeID)
        self.cache = cache
        self.metrics = metrics
        self.telemetry = telemetry
        self.journal = journal
        self.limits = limits
        self.hosts = hosts
        self.objectives = objectives
        memory = MemoryBudget(bytesMax: limits.memoryBytesMax)
        computing = ComputePool(waitingMax: limits.computationsWaitingMax)
        names = LedgerNames(directory)
        self.now = now
        self.makeID = makeID
        self.makeSecret = makeSecret
    }
}

extension GatewayService {
    /// One that has nobody to ask, and says so.
    fileprivate static func withoutProviders(
        ledgers: LedgerRegistry, pool: Pool, now: @escaping @Sendable () -> Timestamp,
        makeID: @escaping @Sendable () -> EventID
    ) -> GatewayService {
        do {
            return GatewayService(
                policy: GatewayPolicy(), clients: ProviderClients(.none),
                load: LoadManager(policy: GatewayPolicy(), providers: .none),
                books: RequestBooks(ledgers: ledgers, providers: .none, now: now),
                keys: IdempotencyKeys(pool: pool, now: now),
                savings: try SavingStages(now: now, makeID: makeID), now: now, makeID: makeID)
        } catch {
            preconditionFailure("the standard lanes are valid: \(error)")
        }
    }
}

/// The HTTP service of a ledger database.
package func tallyServer(
    host: String, port: Int, parts: ServerParts, logger: Logger,
    onRunning: @escaping @Sendable (_ port: Int) async -> Void
) -> some ApplicationProtocol {
    parts.metrics.announce(Route.all)
    let times = parts.limits.times
    let channel = HTTP1Channel.Configuration(
        additionalChannelHandlers: [ConnectionWatching(times), ClientWatch()],
        httpDecoderConfiguration: .init(
            maxHeaderFieldSize: ServerLimits.headBytesMax,
            maxHeaderListSize: ServerLimits.headBytesMax))
    return Application(
        router: router(of: Route.all, parts), server: .http1(configuration: channel),
        configuration: ApplicationConfiguration(
            address: .hostname(host, port: port), serverName: "tally",
            availableConnectionsDelegate: .maximum(parts.limits.connectionsMax, logger: logger)),
        onServerRunning: { await onRunning($0.localAddress?.port ?? port) },
        logger: logger)
}

extension Route {
    /// Every call of the service.
    static let all: [Route] = [
        EventRoutes.routes, TelemetryRoutes.routes, ReadRoutes.routes, EstimateRoutes.routes,
        PerformanceRoutes.routes,
        ExperimentRoutes.routes, BudgetRoutes.routes, ControlRoutes.routes, HoldRoutes.routes,
        AlertRoutes.routes, FileRoutes.routes, BatchRoutes.routes, BatchJobRoutes.routes,
        CacheRoutes.routes, GatewayRoutes.routes,
        TokenRoutes.routes, SQLRoutes.routes, ExportRoutes.routes,
        PriceRoutes.routes, ProposalRoutes.routes, RerateRoutes.routes, ReplayRoutes.routes,
        WarmingRoutes.routes,
        KeyRoutes.routes, LedgerRoutes.routes, RejectionRoutes.routes, QuarantineRoutes.routes,
        OperationRoutes.routes,
        LoadRoutes.routes,
    ].flatMap(\.self)
}

/// The service cannot listen on the address; of NIO's message, only the error number is useful.
package struct CannotListen: Error, CustomStringConvertible {
    package let description: String

    /// Nil for an error of another kind.
    package init?(_ error: any Error, host: String, port: Int) {
        guard let error = error as? IOError else { return nil }
        description =
            "cannot listen on \(host):\(port): \(String(cString: strerror(error.errnoCode))); "
            + "choose another address with --listen"
    }
}
