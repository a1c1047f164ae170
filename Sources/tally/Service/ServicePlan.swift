import Access
import Alerting
import BatchRunner
import Booking
import CacheServing
import Gateway
import LedgerModel
import LoadManagement
import Logging
import Providers
import ReadModels
import Runs
import Server
import ServiceLifecycle
import Subscriptions
import UnixSignals

/// The long-running parts of a service: its subscriptions, its periodic work, its runs, and the
/// HTTP server.
struct ServicePlan {
    let deployment: Deployment
    let settings: Settings
    let registry: PrometheusRegistry
    let logger: Logger
    let priceRefresh: (any Service)?
    let runs: LongRuns
    let alerts: ServiceAlerts
    private let batches: BatchService
    private let providers: ProviderSet
    let cache: ServiceCache
    private let gateway: ServiceGateway
    private let fleet: ServiceFleet
    /// Where what concerns no ledger is booked.
    let defaultLedger: LedgerID
    private let journal = IntakeJournal()

    /// How long a service that stops waits for requests in progress, whatever their clients do.
    static let drainMax: Duration = .seconds(20)

    init(
        deployment: Deployment, settings: Settings, registry: PrometheusRegistry, logger: Logger,
        priceRefresh: (any Service)?, defaultLedger: LedgerID
    ) throws {
        self.deployment = deployment
        self.settings = settings
        self.registry = registry
        self.logger = logger
        self.priceRefresh = priceRefresh
        self.defaultLedger = defaultLedger
        alerts = try ServiceAlerts(settings, logger: logger)
        cache = try ServiceCache(settings, of: deployment, logger: logger)
        runs = deployment.longRuns(report: { $0.log(to: logger) })
        providers = try settings.batching.providers(logger)
        gateway = try ServiceGateway(
            settings, of: deployment, providers: providers, cache: cache, registry: registry,
            logger: logger)
        fleet = ServiceFleet(
            gateway.service.load, of: deployment, bookingIn: defaultLedger, registry: registry)
        batches = BatchService(
            pool: deployment.pool, providers: providers, ledgers: deployment.ledgers,
            settings: settings.batching.batches, makeID: makeEventID)
    }

    /// Runs until SIGTERM or SIGINT; the HTTP server stops first, and what it accepted is settled.
    func run(with server: any Service) async throws {
        alerts.listen(to: deployment)
        let subscriptions = ServiceSubscriptions(
            deployment: deployment, logger: logger, alerts: alerts
        ).runner
        let jobs = BatchJobService(batches, logger: logger)
        let services: [(any Service)?] =
            [
                SubscriptionService(runner: subscriptions), RunService(runs: runs), jobs,
                every(.seconds(15), "count batch jobs") { [providers] in
                    try await jobs.record(providers: providers)
                },
                every(.seconds(600), "remove old files and batches") { [batches] in
                    try await batches.dropOld(at: .now)
                },
                priceRefresh, cache, gateway, server,
            ]
        var configuration = ServiceGroupConfiguration(
            services: (periodicWork(subscriptions) + services.compactMap(\.self)).map {
                ServiceGroupConfiguration.ServiceConfiguration(service: $0)
            },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.drainMax
        do { try await ServiceGroup(configuration: configuration).run() } catch is CancellationError
        {
            logger.warning("requests were cut off: their clients did not finish in time")
        }
        // Before leases go back: charges settle what was held from them.
        await gateway.finish()
        try? await fleet.leave()
        await deployment.ledgers.returnLeases(at: .now)
        await cache.finish(evictionsIn: defaultLedger)
        do { try await journal.write(to: deployment.pool) } catch {
            logger.warning("reasons of rejections are lost", metadata: ["error": "\(error)"])
        }
    }

    private func periodicWork(_ subscriptions: SubscriptionRunner) -> [any Service] {
        let (deployment, settings) = (self.deployment, self.settings)
        let metrics = LedgerMetrics(deployment: deployment, registry: registry, logger: logger)
        let readModels = ProjectionRunner(pool: deployment.pool)
        let deliverer = alerts.deliverer(
            of: deployment, names: { await metrics.names.name(of: $0) }, logger: logger)
        return [
            every(.seconds(1), "keep the embedded database running") {
                try deployment.revive()
            },
            every(.seconds(1), "read new prices") {
                try await deployment.ledgers.refreshPrices()
            },
            every(.seconds(1), "read new budgets") {
                try await deployment.ledgers.refreshBudgets()
            },
            every(.seconds(2), "count what budgets refused") {
                try await deployment.ledgers.bookRefusals(at: .now)
            },
            every(.milliseconds(100), "look after leases of budgets") {
                await deployment.ledgers.tendLeases(at: .now)
            },
            every(.seconds(15), "measure budgets") { try await metrics.recordBudgets() },
            every(.seconds(600), "check budgets against the ledger") {
                try await metrics.recordBudgetConservation()
            },
            every(.seconds(1), "write events of the cache") { [cache, evictions = defaultLedger] in
                try await cache.cache.writeJournal(evictionsIn: evictions, at: .now)
            },
            every(.seconds(15), "measure the cache") { [cache] in cache.measure() },
            every(.seconds(1), "write events of the gateway") { [gateway] in
                try await gateway.writeJournal()
            },
            every(.seconds(5), "measure the gateway") { [gateway] in gateway.measure() },
            every(Fleet.interval, "tell the load of this instance") { [fleet] in
                try await fleet.tell()
            },
            every(.seconds(10), "write what was rejected or ignored") { [journal, logger] in
                for reason in journal.log(at: .now) { reason.log(to: logger) }
                try await journal.write(to: deployment.pool)
            },
            every(.seconds(3_600), "write checkpoints") { [logger, health = alerts.health] in
                let broken = try await CheckpointArchive(settings)
                    .signAll(in: deployment, logger: logger)
                health.report(broken, from: ServiceAlerts.Source.chain)
            },
            every(.seconds(5), "measure the lag of subscriptions") { [health = alerts.health] in
                let halted = try await metrics.recordLag(of: subscriptions)
                health.report(halted, from: ServiceAlerts.Source.subscriptions)
            },
            every(.seconds(1), "deliver alerts") { try await deliverer.deliverDue() },
            every(.seconds(3_600), "remove old notices of alerts") {
                try await NoticeCleaner.removeOld(settings.alertsKept, in: deployment.pool)
            },
            every(.seconds(15), "count the alerts") { try await metrics.recordAlerts() },
            every(.seconds(5), "measure the ledgers") { try await metrics.recordHeads() },
            every(.seconds(15), "measure the spend of ledgers") {
                try await metrics.recordSpend()
            },
            every(.seconds(60), "check projections against the ledger") {
                [health = alerts.health] in
                let wrong = try await metrics.recordConservation(of: readModels)
                health.report(wrong, from: ServiceAlerts.Source.projections)
            },
        ]
    }

    private func every(
        _ interval: Duration, _ name: String, _ work: @escaping @Sendable () async throws -> Void
    ) -> any Service {
        PeriodicService(name: name, interval: interval, logger: logger, work: work)
    }

    func serverParts(at address: ListenAddress) -> ServerParts {
        ServerParts(
            ledgers: deployment.ledgers,
            access: AccessControl(
                keys: deployment.keys, directory: deployment.directory,
                isLoopbackOnly: address.isLoopback, defaultLedger: defaultLedger),
            directory: deployment.directory, keys: deployment.keys, bookStore: deployment.bookStore,
            pool: deployment.pool, audit: deployment.auditQueries(), runs: runs,
            cache: cache.cache, metrics: registry,
            telemetry: settings.telemetry, journal: journal, limits: settings.bounds.limits,
            hosts: AcceptedHosts(
                listeningOn: address.host, isLoopback: address.isLoopback,
                further: settings.bounds.hosts),
            batches: batches, gateway: gateway.service, objectives: alerts.objectives,
            now: { .now }, makeID: makeEventID, makeSecret: makeSecret)
    }
}

extension IntakeReason {
    /// What is rejected is a warning; that a trace holds other spans than calls is none.
    fileprivate func log(to logger: Logger) {
        logger.log(
            level: outcome == .ignored ? .info : .warning, "not every record became an event",
            metadata: [
                "source": "\(source)", "outcome": "\(outcome.rawValue)",
                "count": "\(count)", "reason": "\(reason)", "example": "\(example)",
            ])
    }
}

/// Follows the ledgers until the service stops.
private struct SubscriptionService: Service {
    let runner: SubscriptionRunner

    func run() async throws {
        await cancelWhenGracefulShutdown { await runner.run() }
    }
}
