import Access
import Alerting
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
            let leases = budgets.countLeases()
            Gauge(label: "tally_leases", dimensions: [("ledger", ledger.name)])
                .record(leases.leases)
            Counter(label: "tally_lease_holds_total", dimensions: [("ledger", ledger.name)])
                .increment(by: leases.holds)
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

    /// Records lag and halts, by subscription and ledger; what halted, and why.
    func recordLag(
        of runner: SubscriptionRunner
    ) async throws -> [LedgerID: [LedgerHealth.Finding]] {
        var halted: [LedgerID: [LedgerHealth.Finding]] = [:]
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
            guard let reason = status.halted else { continue }
            halted[status.ledger, default: []].append(
                LedgerHealth.Finding(
                    Name("subscription \(status.subscription)"),
                    "\(status.subscription) halted at position \(status.position), so what "
                        + "it keeps is out of date: \(reason)"))
        }
        return halted
    }

    /// Records how many alerts are open.
    func recordAlerts() async throws {
        let counts = try await AlertService.openCounts(in: deployment.pool)
        for ledger in try await deployment.directory.list() {
            for phase in ["firing", "acknowledged"] {
                let count = counts.first { $0.ledger == ledger.id && $0.phase == phase }?.count
                Gauge(
                    label: "tally_alerts_firing",
                    dimensions: [("ledger", ledger.name), ("state", phase)]
                ).record(count ?? 0)
            }
        }
    }

    /// Records whether the read models conserve what the ledgers hold; those that do not.
    func recordConservation(
        of readModels: ProjectionRunner
    ) async throws -> [LedgerID: [LedgerHealth.Finding]] {
        var wrong: [LedgerID: [LedgerHealth.Finding]] = [:]
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
            wrong[check.ledger, default: []].append(
                LedgerHealth.Finding(
                    Name("projection \(check.projection) by \(check.grain) h"),
                    "\(check.projection) holds \(check.cost) USD of \(check.requests) requests, "
                        + "its ledger \(check.costExpected) of \(check.requestsExpected): run "
                        + "tally rebuild \(check.projection)"))
        }
        return wrong
    }
}
