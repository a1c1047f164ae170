import Alerting
import EventStore
import LedgerModel
import LedgerTesting
import Logging
import Postgres
import Pricing
import ReadModels
import StoreTesting
import Subscriptions
import Synchronization

/// A ledger with alerts, as one instance of the service sees them, at a time that a test sets.
struct Bench: Sendable {
    let test: TestLedger
    let plan: AlertPlan
    let channels: AlertChannels
    let clock: Clock
    let health = LedgerHealth(sources: ["tests"])
    let reports = Reports()
    var prices: PriceSchedule?

    final class Clock: Sendable {
        private let time: Mutex<Timestamp>
        init(_ time: Timestamp) { self.time = Mutex(time) }
        var now: Timestamp { time.withLock { $0 } }
        func advance(seconds: Int64) {
            time.withLock { $0 = $0.advanced(byMicroseconds: seconds * 1_000_000) }
        }
    }

    final class Reports: Sendable {
        private let all = Mutex<[AlertDeliverer.Report]>([])
        func add(_ report: AlertDeliverer.Report) { all.withLock { $0.append(report) } }
        var outcomes: [AlertDeliverer.Report.Outcome] { all.withLock { $0.map(\.outcome) } }
    }

    static let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    init(
        _ test: TestLedger, rules: [AlertRule], channels: [ChannelSettings] = [],
        clock: Clock
    ) throws {
        self.test = test
        self.clock = clock
        let log = ChannelSettings(name: "log", kind: .log)
        plan = AlertPlan(rules: rules, channels: [log] + channels)
        self.channels = try AlertChannels(
            plan.channels, environment: ["SECRET": Self.secret],
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }

    static func webhook(_ url: String, _ name: Name = "ops") -> ChannelSettings {
        ChannelSettings(
            name: name,
            kind: .webhook(
                url: .plain(url), secret: .environment("SECRET"), allowsPrivate: true))
    }

    var service: AlertService { AlertService(ledger: test.ledger, pool: test.pool) }

    private var reactor: AlertReactor {
        let (clock, test, prices) = (self.clock, self.test, self.prices)
        return AlertReactor(
            pool: test.pool, plan: plan,
            sources: AlertSources(health: health, prices: { _ in prices }),
            now: { clock.now }, open: { _ in test.ledger })
    }

    /// Brings read models up to date, looks under the rules, and folds the alerts.
    func look() async throws {
        try await ProjectionRunner(pool: test.pool).catchUp()
        var history = ReadingHistory()
        try await reactor.look(at: test.id, &history)
        try await fold()
    }

    func fold() async throws {
        try await SubscriptionRunner(pool: test.pool, groups: [AlertFold.subscription]).catchUp()
    }

    @discardableResult
    func deliver() async throws -> Int {
        let (clock, test, reports) = (self.clock, self.test, self.reports)
        return try await AlertDeliverer(
            pool: test.pool, channels: channels, now: { clock.now }, chance: { 0 },
            open: { _ in test.ledger }, name: { _ in "main" }, report: { reports.add($0) }
        ).deliverDue()
    }

    /// Books requests of a model; those without a cost are unpriced.
    func book(_ count: Int, _ model: Name, cost: Int64?, isFailed: Bool = false) async throws {
        var entries: [(event: Event, charge: Event?)] = []
        for _ in 0..<count {
            let id = EventID(
                at: clock.now,
                entropy: (.random(in: 0 ... .max), .random(in: 0 ... .max)))
            var request = Event(
                id: id, kind: isFailed ? .requestFailed : .requestCompleted, occurredAt: clock.now)
            request.dimensions = [.provider: "acme", .model: model, .app: "web"]
            request.usage = [.inputTokens: 10]
            var charge = Event(
                id: .charge(for: id, after: nil), kind: .chargeRated, occurredAt: clock.now)
            charge.causeID = id
            charge.dimensions = request.dimensions
            charge.amount = cost.map { Picodollars($0) }
            charge.unpriced = cost == nil ? "unknown model" : nil
            entries.append((request, charge))
        }
        try await test.append(entries)
    }

    /// How many events of a kind the ledger has.
    func count(_ kind: EventKind) async throws -> Int {
        try await test.events().count { $0.event.kind == kind }
    }

    /// Makes what waits for its time due.
    func hurry() async throws {
        try await test.administer("UPDATE tally.alert_deliveries SET due_at = now()")
    }
}
