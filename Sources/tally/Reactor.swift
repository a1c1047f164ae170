import Booking
import Experimenting
import Experiments
import LedgerModel
import Logging
import PriceBooks
import Pricing
import Rerating

/// What the service books by itself: prices for what had none, and free allowances.
enum Reactor {
    static func pass(in deployment: Deployment, logger: Logger) async throws {
        let open: @Sendable (LedgerID) async throws -> PricedLedger = { ledger in
            let openLedger = try await deployment.ledgers.openLedger(ledger)
            try await openLedger.prices.refresh()
            let published = openLedger.prices.published
            return PricedLedger(
                store: openLedger.store, schedule: published.schedule,
                publication: published.position)
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
    /// Stops experiments that have their answer.
    static func experiments(in deployment: Deployment) -> ExperimentReactor {
        ExperimentReactor(pool: deployment.pool) { ledger in
            try await deployment.ledgers.openLedger(ledger).store
        }
    }

    static func pass(_ experiments: ExperimentReactor, logger: Logger) async throws {
        for stopped in try await experiments.pass(at: { .now }) {
            logger.info(
                "an experiment stopped",
                metadata: [
                    "experiment": "\(stopped.definition.name)",
                    "winner": "\(stopped.stop?.winner.string ?? "")",
                    "reason": "\(stopped.stop?.reason ?? "")",
                ])
        }
    }
}
