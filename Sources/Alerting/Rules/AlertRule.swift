package import Calendars
import JSON
package import LedgerModel
package import Performance

/// What is looked at, from when on it is an alert, and who is told.
package struct AlertRule: Hashable, Sendable {
    package let name: Name
    package let condition: Condition
    package let route: AlertRoute

    package init(_ name: Name, _ condition: Condition, route: AlertRoute = .log) {
        self.name = name
        self.condition = condition
        self.route = route
    }

    package enum Condition: Hashable, Sendable {
        /// Requests of the last days without a price: a number of them, and a percentage of all.
        case unpriced(countMin: Int64, percentMin: Int64, days: Int64)
        /// A percentage of the requests of a provider that failed, in this hour and the last one.
        case failures(percentMin: Int64, requestsMin: Int64)
        /// No request for so many seconds, in a ledger that had some.
        case silence(seconds: Int64)
        /// Subscriptions that halted, projections that do not add up, a chain that does not verify.
        case health
        /// Budgets that were built elsewhere.
        case budgets(BudgetLevels)
        /// Spend against a limit of the rule's own.
        case spend(SpendLimit, BudgetLevels)
        /// The part of input that providers' caches gave, against what it usually is.
        case cachedShare(CachedShareLimits)
        /// Latency, rates and failures of routes and models, against what they usually are.
        case regression(RegressionLimits)
        /// How fast objectives use up their budgets for misses; nil for all of them.
        case objectives(Name?)
    }

    package static let nameBytesMax = 24
}

/// From when on the state of a budget is an alert.
package struct BudgetLevels: Hashable, Sendable {
    /// Percentages of the limit; only the highest one reached is told.
    package var percents: [Int64] = [50, 80, 100]
    package var burns = BurnRate.standard
    /// Whether to tell of a budget that is expected to be overrun, where there is a forecaster.
    package var forecasts = true
    /// Whether to tell of refused requests.
    package var refusals = true

    package init() {}
}

/// How fast a budget is used up, against using it up evenly: over a long time, so that it matters,
/// and over a short one, so that it still goes on.
///
/// The two pairs of Google's SRE workbook, chapter 5.
package struct BurnRate: Hashable, Sendable {
    /// In tenths.
    package let factorTenths: Int64
    package let longSeconds: Int64
    package let shortSeconds: Int64

    package static let standard = [
        BurnRate(factorTenths: 144, longSeconds: 3_600, shortSeconds: 300),
        BurnRate(factorTenths: 60, longSeconds: 21_600, shortSeconds: 1_800),
    ]

    /// Such as `burn 14.4`.
    package var name: String { "burn \(decimal(Int128(factorTenths), scale: 1))" }
}

/// A limit on spend by calendar day or month in the reporting zone of the ledger.
package struct SpendLimit: Hashable, Sendable {
    package enum Period: String, CaseIterable, Sendable { case day, month }

    package let limit: PicodollarSum
    package let period: Period
    package let filters: [Dimension: Name]

    package init(_ limit: PicodollarSum, per period: Period, filters: [Dimension: Name] = [:]) {
        self.limit = limit
        self.period = period
        self.filters = filters
    }

    /// The period that holds a time.
    package func window(
        at now: Timestamp, in zone: CalendarZone = .utc
    ) -> (from: Timestamp, to: Timestamp) {
        zone.period(period == .day ? .day : .month, of: now)
    }
}

/// Channels and rules: what `alerts.yaml` says.
package struct AlertPlan: Sendable {
    package let rules: [AlertRule]
    package let channels: [ChannelSettings]

    package init(rules: [AlertRule], channels: [ChannelSettings]) {
        self.rules = rules
        self.channels = channels
    }

    package static let rulesMax = 64
    package static let channelsMax = 32

    /// What is looked at without a file, of which the log is told.
    package static let standard = AlertPlan(
        rules: standardRules(.log), channels: [ChannelSettings(name: "log", kind: .log)])

    static func standardRules(_ route: AlertRoute) -> [AlertRule] {
        [
            AlertRule("unpriced", .unpriced(countMin: 1, percentMin: 0, days: 2), route: route),
            AlertRule("failures", .failures(percentMin: 20, requestsMin: 20), route: route),
            AlertRule("health", .health, route: route),
            AlertRule("budgets", .budgets(BudgetLevels()), route: route),
            AlertRule("cached_share_drop", .cachedShare(CachedShareLimits()), route: route),
        ]
    }
}

/// Where notices go, with the names of its secrets instead of the secrets.
package struct ChannelSettings: Hashable, Sendable {
    package let name: Name
    package let kind: Kind

    package init(name: Name, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    package static let nameBytesMax = 24

    package enum Kind: Hashable, Sendable {
        case log
        case webhook(url: SecretText, secret: SecretText, allowsPrivate: Bool)
        case slack(url: SecretText, allowsPrivate: Bool)
        case alertmanager(url: SecretText, allowsPrivate: Bool)
        case mail(MailSettings)

        /// A word for metrics and lists.
        package var word: String {
            switch self {
            case .log: "log"
            case .webhook: "webhook"
            case .slack: "slack"
            case .alertmanager: "alertmanager"
            case .mail: "mail"
            }
        }
    }
}

package struct MailSettings: Hashable, Sendable {
    /// `smtp://host:587` or `smtps://host:465`.
    package let server: String
    package let from: String
    package let to: [String]
    package let user: String?
    package let password: SecretText?
    /// Whether to go on without TLS if the server has none.
    package let allowsPlain: Bool
    /// A file with the certificates that the server's is checked with; nil for the system's.
    package let caFile: String?

    package init(
        server: String, from: String, to: [String], user: String? = nil,
        password: SecretText? = nil, allowsPlain: Bool = false, caFile: String? = nil
    ) {
        self.server = server
        self.from = from
        self.to = to
        self.user = user
        self.password = password
        self.allowsPlain = allowsPlain
        self.caFile = caFile
    }
}

/// A text that is written down, or kept in the environment or a file under a name.
package enum SecretText: Hashable, Sendable {
    case plain(String)
    case environment(String)
    case file(String)
}
