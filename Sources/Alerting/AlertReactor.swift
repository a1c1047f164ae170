package import Calendars
package import EventStore
package import LedgerModel
package import Performance
package import Postgres
package import Pricing
import ReadModels
package import Subscriptions

/// What rules look at beside the ledger's read models.
package struct AlertSources: Sendable {
    /// The budgets of a ledger as they are now.
    package let budgetReadings: @Sendable (LedgerID) async throws -> [BudgetReading]
    package let forecaster: (any Forecaster)?
    package let health: LedgerHealth
    /// Whose days and months a ledger is reported in.
    package let zone: @Sendable (LedgerID) async throws -> CalendarZone
    /// The prices of a ledger; nil if it has none.
    package let prices: @Sendable (LedgerID) async throws -> PriceSchedule?
    /// The service level objectives.
    package let objectives: [ServiceObjective]

    package init(
        budgetReadings: @escaping @Sendable (LedgerID) async throws -> [BudgetReading] = { _ in []
        },
        forecaster: (any Forecaster)? = nil, health: LedgerHealth = LedgerHealth(sources: []),
        zone: @escaping @Sendable (LedgerID) async throws -> CalendarZone = { _ in .utc },
        prices: @escaping @Sendable (LedgerID) async throws -> PriceSchedule? = { _ in nil },
        objectives: [ServiceObjective] = ServiceObjective.standard
    ) {
        self.objectives = objectives
        self.zone = zone
        self.prices = prices
        self.budgetReadings = budgetReadings
        self.forecaster = forecaster
        self.health = health
    }
}

/// Looks at each ledger under the rules, raises what is wrong and resolves what is over.
///
/// It follows the read model of spend and wakes also where nothing happens. However many instances
/// look, each change of an alert is decided on its state row, so it is booked once.
package struct AlertReactor: Sendable {
    private let pool: Pool
    private let plan: AlertPlan
    private let sources: AlertSources
    private let now: @Sendable () -> Timestamp
    private let open: @Sendable (LedgerID) async throws -> any LedgerStore

    package init(
        pool: Pool, plan: AlertPlan, sources: AlertSources,
        now: @escaping @Sendable () -> Timestamp,
        open: @escaping @Sendable (LedgerID) async throws -> any LedgerStore
    ) {
        self.pool = pool
        self.plan = plan
        self.sources = sources
        self.now = now
        self.open = open
    }

    package var subscription: SubscriptionGroup {
        SubscriptionGroup(
            reacting: Subscription(
                name: "alert_rules", definition: 1, patience: .seconds(2),
                follows: ReadModel.spend.name, wakes: .seconds(30),
                pagePositionsMax: Subscription.wholeLag)
        ) { delivery in
            var history = ReadingHistory(delivery.state)
            try await look(at: delivery.range.ledger, &history)
            return .done(state: history.text)
        }
    }

    /// One look: observes, and books what follows.
    package func look(at ledger: LedgerID, _ history: inout ReadingHistory) async throws {
        let time = now()
        let look = LedgerLook(
            ledger: ledger, pool: pool, now: time, sources: sources,
            zone: try await sources.zone(ledger))
        let found = try await look.look(plan.rules, &history)
        let alerts = try await pool.session {
            try $0.run(ListAlerts(ledger: ledger, includesResolved: false))
        }
        let open = Dictionary(alerts.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        var observed: Set<Name> = []
        for observation in plan.rules.flatMap({ found[$0.name]?.observations ?? [] }) {
            observed.insert(observation.name.id)
            let alert = open[observation.name.id]
            switch observation.verdict {
            case .unsettled: continue
            case .clear where alert == nil: continue
            case .breached where alert?.staysRaised(at: time) == true: continue
            case .breached, .clear: try await service(ledger).observe(observation, at: time)
            }
        }
        for alert in alerts where !observed.contains(alert.id) {
            // A rule that is not there any more has nothing to say either.
            guard found[alert.ruleName]?.isWhole ?? true else { continue }
            try await service(ledger).observe(alert.over, at: time)
        }
    }

    /// Raises what budgets have refused, so that nobody is refused before it is told.
    package func lookAtRefusals(in ledger: LedgerID) async throws {
        let readings = try await sources.budgetReadings(ledger).filter { $0.refusals > 0 }
        for rule in plan.rules {
            guard case .budgets(let levels) = rule.condition, levels.refusals else { continue }
            for reading in readings {
                let refusals = BudgetRules(rule, levels).refusals(reading)
                try await service(ledger).observe(refusals, at: now())
            }
        }
    }

    private func service(_ ledger: LedgerID) async throws -> AlertService {
        AlertService(ledger: try await open(ledger), pool: pool)
    }
}

extension Alert {
    /// Whether another breach would change nothing.
    fileprivate func staysRaised(at now: Timestamp) -> Bool {
        silencedUntil.map { $0 > now } ?? true
    }

    /// The rule as it is configured, without its level.
    fileprivate var ruleName: Name { Name(String(rule.string.prefix { $0 != "/" })) }

    fileprivate var over: Observation {
        Observation(
            AlertName(rule: rule, subject: subject, window: window), .clear, summary,
            since: since, look: look, route: AlertRoute(channels, severity: severity))
    }
}
