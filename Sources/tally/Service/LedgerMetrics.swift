import Access
import Booking
import Budgeting
import Budgets
import EventStore
import LedgerModel
import Logging
import Metrics
import PriceBooks
import Pricing
import ReadModels
import Server
import Subscriptions

/// Gauges that show operators the state of ledgers and of what follows them.
struct LedgerMetrics {
    let deployment: Deployment
    let registry: PrometheusRegistry
    let logger: Logger
    let names: LedgerNames

    init(deployment: Deployment, registry: PrometheusRegistry, logger: Logger) {
        self.deployment = deployment
        self.registry = registry
        self.logger = logger
        names = LedgerNames(deployment.directory)
    }

    /// Records the length of each ledger.
    func recordHeads() async throws {
        for ledger in try await deployment.directory.list() {
            registry.announce(ledger: ledger.name)
            Gauge(label: "tally_ledger_events", dimensions: [("ledger", ledger.name)])
                .record(ledger.head.position)
        }
    }

    /// Records what is booked in each ledger, by provider.
    func recordSpend() async throws {
        for ledger in try await deployment.directory.list() {
            let open = deployment.ledgers.open.first { $0.store.id == ledger.id }
            let known = open?.prices.providers ?? Set(PriceBook.default.providers.map(\.id))
            let query = try SpendQuery(
                ledger: ledger.id, by: [.provider], from: .earliest,
                to: Timestamp.now.startOfDay.advanced(byMicroseconds: 2 * Timestamp.dayMicroseconds)
            )
            var spend: [String: PicodollarSum] = ["other": .zero]
            for row in try await query.run(on: deployment.pool).rows {
                let provider = row.group[.provider].map { known.label(of: $0) }
                spend[provider ?? "other", default: .zero] += row.cost ?? .zero
            }
            registry.announce(ledger: ledger.name, providers: spend.keys)
            for (provider, cost) in spend {
                Gauge(
                    label: "tally_ledger_spend_usd",
                    dimensions: [("ledger", ledger.name), ("provider", provider)]
                ).record(Double(cost.amount) / 1e12)
            }
        }
    }

    /// Records how full the budgets of each ledger are.
    func recordBudgets() async throws {
        for ledger in try await deployment.directory.list()
        where try await LedgerBudgets.exist(in: ledger.id, deployment.pool) {
            let budgets = try await deployment.ledgers.openLedger(ledger.id).budgets
            for status in try await budgets.list(at: .now) {
                Gauge(
                    label: "tally_budget_used_ratio",
                    dimensions: [
                        ("ledger", ledger.name), ("budget", status.definition.name.string),
                    ]
                ).record(status.used ?? 0)
            }
        }
    }

    /// Records whether budgets say what the ledgers hold.
    func recordBudgetConservation() async throws {
        for ledger in try await deployment.directory.list()
        where try await LedgerBudgets.exist(in: ledger.id, deployment.pool) {
            let budgets = try await deployment.ledgers.openLedger(ledger.id).budgets
            let differences = try await budgets.check(at: .now)
            Gauge(label: "tally_budget_conserved", dimensions: [("ledger", ledger.name)])
                .record(differences.isEmpty ? 1 : 0)
            for difference in differences {
                logger.error(
                    "a budget does not say what the ledger says",
                    metadata: [
                        "ledger": "\(ledger.name)", "budget": "\(difference.budget)",
                        "row": "\(difference.row)",
                    ])
            }
        }
    }

    /// Records lag and halts, by subscription and ledger.
    func recordLag(of runner: SubscriptionRunner) async throws {
        for status in try await runner.status() {
            let labels = [
                ("subscription", status.subscription),
                ("ledger", await names.name(of: status.ledger)),
            ]
            Gauge(label: "tally_subscription_lag_events", dimensions: labels)
                .record(status.lagPositions)
            Gauge(label: "tally_subscription_lag_seconds", dimensions: labels)
                .record(status.lag / .seconds(1))
            Gauge(label: "tally_subscription_halted", dimensions: labels)
                .record(status.halted == nil ? 0 : 1)
        }
    }

    /// Records whether the read models conserve what the ledgers hold.
    func recordConservation(of readModels: ProjectionRunner) async throws {
        for check in try await readModels.conservation() {
            let ledger = await names.name(of: check.ledger)
            let labels = [
                ("projection", check.projection), ("ledger", ledger),
                ("grain", String(check.grain)),
            ]
            Gauge(label: "tally_projection_conserved", dimensions: labels)
                .record(check.holds ? 1 : 0)
            if check.holds { continue }
            logger.error(
                "a projection disagrees with the ledger",
                metadata: [
                    "projection": "\(check.projection)", "ledger": "\(ledger)",
                    "cost": "\(check.cost)", "expected": "\(check.costExpected)",
                ])
        }
    }
}
