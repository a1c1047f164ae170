import LedgerModel
import Logging
import Metrics
import ReadModels
import Subscriptions

/// Gauges that show operators the state of subscriptions.
struct SubscriptionMetrics {
    let logger: Logger

    /// Records lag and halts, by subscription and ledger.
    func recordLag(of runner: SubscriptionRunner) async throws {
        for status in try await runner.status() {
            let labels = [
                ("subscription", status.subscription), ("ledger", status.ledger.description),
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
            let labels = [
                ("projection", check.projection), ("ledger", check.ledger.description),
                ("grain", String(check.grain)),
            ]
            Gauge(label: "tally_projection_conserved", dimensions: labels)
                .record(check.holds ? 1 : 0)
            if check.holds { continue }
            logger.error(
                "a projection disagrees with the ledger",
                metadata: [
                    "projection": "\(check.projection)", "ledger": "\(check.ledger)",
                    "cost": "\(check.cost)", "expected": "\(check.costExpected)",
                ])
        }
    }
}
