import EventStore
import Logging
import Rerating

/// Lets requests without a price be rated when a book that covers them is published.
enum Reactor {
    static func pass(in deployment: Deployment, logger: Logger) async throws {
        let reactor = UnpricedReactor(pool: deployment.pool) { ledger in
            let desk = try await deployment.ledgers.desk(for: ledger)
            try await desk.prices.refresh()
            let published = desk.prices.published
            return PricedLedger(
                store: desk.store, schedule: published.schedule, publication: published.position)
        } refused: { ledger, request in
            logger.warning(
                "a request would cost more than one event can hold",
                metadata: ["ledger": "\(ledger)", "request": "\(request)"])
        }
        for (ledger, count) in try await reactor.pass() {
            logger.info(
                "requests got a price",
                metadata: ["ledger": "\(ledger)", "requests": "\(count)"])
        }
    }
}
