import Booking
import EventStore
import Gateway
import LedgerModel
import LoadManagement
import Logging
import PriceBooks
import Pricing
import Providers
import Routing
import Server
import ServiceLifecycle

/// The gateway as a service runs it: its parts, made once and joined.
struct ServiceGateway: Service {
    let service: GatewayService
    private let clients: ProviderClients
    private let load: LoadManager
    private let books: RequestBooks
    private let spool: BookingSpool
    private let savings: SavingStages
    private let spans: GatewaySpans
    private let collector: CollectorSender?
    private let metrics: GatewayMetrics
    private let logger: Logger

    /// How long a provider may take to say that it is well.
    private static let healthMax: Duration = .seconds(5)
    /// How long a service that stops waits for the charges of requests that were cut off.
    private static let settleMax: Duration = .seconds(5)
    /// How long calls that nobody waits for may still take when the service stops.
    private static let drainMax: Duration = .seconds(5)

    init(
        _ settings: Settings, of deployment: Deployment, providers: ProviderSet,
        cache: ServiceCache, registry: PrometheusRegistry, logger: Logger
    ) throws {
        let policy = try settings.gateway.policy(providers: providers)
        let ledgers = deployment.ledgers
        metrics = GatewayMetrics(
            registry, policy: policy, providers: providers.all.map(\.name))
        clients = ProviderClients(providers)
        load = LoadManager(policy: policy, providers: providers) { request, candidate, prices in
            Self.quote(request, candidate, prices, in: ledgers)
        }
        spool = try settings.gateway.openSpool(logger)
        books = RequestBooks(
            ledgers: ledgers, providers: providers, spool: spool, now: { .now })
        savings = try SavingStages(
            cache: cache.cache, ledgers: ledgers, now: { .now }, makeID: makeEventID)
        collector = try settings.gateway.collector.map {
            try CollectorSender(endpoint: $0, seed: .random(in: 0...UInt64.max))
        }
        spans = GatewaySpans(sending: collector)
        service = GatewayService(
            policy: policy, clients: clients, load: load, books: books,
            keys: IdempotencyKeys(pool: deployment.pool, now: { .now }), savings: savings,
            spans: spans, seed: .random(in: 0...UInt64.max), now: { .now }, makeID: makeEventID,
            observe: { [metrics] request in metrics.ended(request) })
        self.logger = logger
    }

    /// Empties the spool, renews holds, asks providers how they are, and sends spans, until the service
    /// stops.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await books.run() }
                group.addTask { await spans.run() }
                group.addTask { await watchHealth() }
                await group.waitForAll()
            }
        }
    }

    /// Writes what came after the last look, once no request is under way any more.
    ///
    /// What the ledger does not take is in the spool, and booked after the next start.
    func finish() async {
        await settle()
        await savings.drain(within: Self.drainMax)
        do {
            try await savings.writeJournal()
            try await books.drain()
        } catch {
            logger.warning(
                "charges wait in the spool until the next start",
                metadata: ["records": "\(spool.waitingRecords)", "error": "\(error)"])
        }
        spool.close()
        await clients.close()
        await spans.finish()
        await collector?.close()
    }

    /// Waits for requests whose callers are gone: they are being booked.
    private func settle() async {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let waiting = Task {
            await service.drained()
            end.finish()
        }
        let limit = Task {
            try? await Task.sleep(for: Self.settleMax)
            end.finish()
        }
        for await _ in ends {}
        limit.cancel()
        waiting.cancel()
        if service.underWay > 0 {
            logger.warning(
                "requests were not booked in time: they are at the next start",
                metadata: ["requests": "\(service.underWay)"])
        }
    }

    /// Writes what nobody waits for.
    func writeJournal() async throws { try await savings.writeJournal() }

    /// What the spool holds, what is under way, and who is passed over.
    func measure() {
        metrics.measure(spoolBytes: spool.waitingRecords == 0 ? 0 : Int64(spool.bytes))
        metrics.measure(spans: spans.counts)
        for standing in load.standings() {
            metrics.measure(
                provider: standing.provider, key: standing.key ?? "none",
                inFlight: standing.inFlight,
                isPaused: !standing.isClosed || !standing.isKeyClosed || standing.isPaused)
        }
    }

    // MARK: Health

    private func watchHealth() async {
        while !Task.isCancelled {
            await load.checkHealth { [clients] provider in
                await clients[provider.name]?.isWell(within: Self.healthMax) ?? false
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    // MARK: Prices

    /// What a request would cost at a candidate, for routes that choose by cost.
    private static func quote(
        _ request: RoutedRequest, _ candidate: RouteCandidate, _ provider: Name,
        in ledgers: LedgerRegistry
    ) -> Picodollars? {
        guard let open = ledgers.open.first(where: { $0.store.id == request.ledger }) else {
            return nil
        }
        let rated = try? open.prices.withRater { rater in
            try rater.rate(
                [.inputTokens: max(request.tokens, 1)], provider: provider,
                model: Name(candidate.model), at: .now)
        }
        guard case .priced(let amount)? = rated?.rating else { return nil }
        return amount
    }
}
