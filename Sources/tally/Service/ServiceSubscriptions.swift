import Booking
import Budgeting
import EventStore
import Experimenting
import Experiments
import LedgerModel
import Logging
import Postgres
import PriceBooks
import Pricing
import ReadModels
import Rerating
import Subscriptions

/// What the service does as events come in: one entry for each subscription group.
///
/// Declare a new one beside its effect, as a `SubscriptionGroup`, and add a line here.
struct ServiceSubscriptions {
    let deployment: Deployment
    var logger = Logger(label: "tally")
    var alerts: ServiceAlerts?

    var runner: SubscriptionRunner {
        SubscriptionRunner(
            pool: deployment.pool,
            groups: [
                .readModels(),
                unpriced.subscription,
                AllowanceReactor(pool: deployment.pool, open: pricedLedger).subscription,
                experiments.subscription,
                budgets.subscription,
            ] + (alerts ?? .standard(logger)).subscriptions(of: deployment),
            report: log)
    }

    private var unpriced: UnpricedReactor {
        UnpricedReactor(
            pool: deployment.pool, open: pricedLedger,
            refused: { ledger, request in
                logger.warning(
                    "a request would cost more than one event can hold",
                    metadata: ["ledger": "\(ledger)", "request": "\(request)"])
            },
            priced: { ledger, count in
                logger.info(
                    "requests got a price",
                    metadata: ["ledger": "\(ledger)", "requests": "\(count)"])
            })
    }

    private var experiments: ExperimentReactor {
        let ledgers = deployment.ledgers
        return ExperimentReactor(
            pool: deployment.pool, now: { .now },
            open: { try await ledgers.openLedger($0).store },
            stopped: { experiment in
                logger.info(
                    "an experiment stopped",
                    metadata: [
                        "experiment": "\(experiment.definition.name)",
                        "winner": "\(experiment.stop?.winner.string ?? "")",
                        "reason": "\(experiment.stop?.reason ?? "")",
                    ])
            })
    }

    private var budgets: BudgetReactor {
        let ledgers = deployment.ledgers
        return BudgetReactor(
            pool: deployment.pool, now: { .now },
            open: { try await ledgers.openLedger($0).budgets })
    }

    /// A ledger's writer, with its newest prices.
    private func pricedLedger(_ ledger: LedgerID) async throws -> PricedLedger {
        let open = try await deployment.ledgers.openLedger(ledger)
        try await open.prices.refresh()
        let published = open.prices.published
        return PricedLedger(
            store: open.store, schedule: published.schedule, publication: published.position)
    }

    private func log(_ event: SubscriptionEvent) {
        switch event {
        case .halted(let subscription, let ledger, let range):
            logger.error(
                "a subscription halted",
                metadata: [
                    "subscription": "\(subscription)", "ledger": "\(ledger)", "why": "\(range)",
                ])
        case .retrying(let group, let pause, let error):
            logger.warning(
                "a subscription failed and will retry",
                metadata: [
                    "subscription": "\(group)", "seconds": "\(pause / .seconds(1))",
                    "error": "\(error)",
                ])
        }
    }
}
