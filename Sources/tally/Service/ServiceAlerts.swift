import Access
import Alerting
import Booking
import Budgeting
import Foundation
import LedgerModel
import Logging
import Metrics
import Performance
import PriceBooks
import Pricing
import Subscriptions

/// Alerts as a service runs them: the rules as subscriptions, and what delivers notices.
struct ServiceAlerts {
    let plan: AlertPlan
    let channels: AlertChannels
    var objectives = ServiceObjective.standard
    let health = LedgerHealth(sources: Source.all)

    /// Those who say what is wrong with ledgers.
    enum Source {
        static let subscriptions = "subscriptions"
        static let projections = "projections"
        static let chain = "chain"
        static let all: Set<String> = [subscriptions, projections, chain]
    }

    /// The standard rules, for who only wants to know the names of subscriptions.
    static func standard(_ logger: Logger) -> ServiceAlerts {
        // The log needs no secret, so this cannot fail.
        ServiceAlerts(plan: .standard, channels: AlertChannels(logger))
    }

    init(plan: AlertPlan, channels: AlertChannels) {
        self.plan = plan
        self.channels = channels
    }

    init(_ settings: Settings, logger: Logger) throws {
        plan = try settings.alertPlan()
        channels = try settings.alertChannels(logger: logger)
        objectives = try settings.objectives()
    }

    func subscriptions(of deployment: Deployment) -> [SubscriptionGroup] {
        [reactor(of: deployment).subscription, AlertFold.subscription]
    }

    /// Has refusals raised before they are answered.
    func listen(to deployment: Deployment) {
        let reactor = reactor(of: deployment)
        // A refusal is right even if it can't be told just now; the next look tells it.
        deployment.ledgers.onRefusal { try? await reactor.lookAtRefusals(in: $0) }
    }

    private func reactor(of deployment: Deployment) -> AlertReactor {
        let (ledgers, pool, directory) = (
            deployment.ledgers, deployment.pool, deployment.directory
        )
        let sources = AlertSources(
            budgetReadings: { ledger in
                guard try await LedgerBudgets.exist(in: ledger, pool) else { return [] }
                return try await ledgers.openLedger(ledger).budgets.readings(at: .now)
            }, health: health, zone: { try await directory.zone(of: $0) },
            prices: { try await ledgers.openLedger($0).prices.schedule }, objectives: objectives)
        return AlertReactor(
            pool: pool, plan: plan, sources: sources, now: { .now },
            open: { try await ledgers.openLedger($0).store })
    }

    func deliverer(
        of deployment: Deployment, names: @escaping @Sendable (LedgerID) async -> String,
        logger: Logger
    ) -> AlertDeliverer {
        let ledgers = deployment.ledgers
        return AlertDeliverer(
            pool: deployment.pool, channels: channels, now: { .now },
            chance: { Double.random(in: 0...1) },
            open: { try await ledgers.openLedger($0).store }, name: names
        ) { report in
            Counter(
                label: "tally_alert_deliveries_total",
                dimensions: [("channel", report.kind), ("outcome", report.outcome.rawValue)]
            ).increment()
            if report.outcome == .delivered { return }
            logger.warning(
                "a notice of an alert was not delivered",
                metadata: [
                    "channel": "\(report.channel)", "outcome": "\(report.outcome.rawValue)",
                    "error": "\(report.error ?? "")",
                ])
        }
    }
}

extension Settings {
    /// Reads how long notices are kept, such as `90d`.
    static func alertsKept(_ text: String?) throws -> Duration {
        guard let text else { return NoticeCleaner.keptDefault }
        guard let kept = try? PriceRefreshOptions.duration(text), kept >= NoticeCleaner.keptMin
        else { throw InputRefused("alerts.keep is \(text): write at least 7d, such as 90d") }
        return kept
    }

    func alertPlan() throws -> AlertPlan {
        guard let alertFile else { return .standard }
        let text = try readText(alertFile, "the file of alerts")
        do {
            return try AlertFile.read(text)
        } catch {
            throw InputRefused("the file of alerts \(alertFile): \(error)")
        }
    }

    func alertChannels(logger: Logger) throws -> AlertChannels {
        try AlertChannels(
            try alertPlan().channels, environment: ProcessInfo.processInfo.environment,
            logger: logger)
    }
}
