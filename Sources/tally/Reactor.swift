import EventStore
import Ingest
import Logging
import Pricing
import Rerating
import Server

/// What the service books by itself: prices for what had none, and free allowances.
enum Reactor {
    static func pass(in deployment: Deployment, logger: Logger) async throws {
        let open: @Sendable (LedgerID) async throws -> PricedLedger = { ledger in
            let desk = try await deployment.ledgers.desk(for: ledger)
            try await desk.prices.refresh()
            let published = desk.prices.published
            return PricedLedger(
                store: desk.store, schedule: published.schedule, publication: published.position)
        }
        let unpriced = UnpricedReactor(pool: deployment.pool, open: open) { ledger, request in
            logger.warning(
                "a request would cost more than one event can hold",
                metadata: ["ledger": "\(ledger)", "request": "\(request)"])
        }
        for (ledger, count) in try await unpriced.pass() {
            logger.info(
                "requests got a price",
                metadata: ["ledger": "\(ledger)", "requests": "\(count)"])
        }
        try await AllowanceReactor(pool: deployment.pool, open: open).pass()
    }
}
