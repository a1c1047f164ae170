import Alerting
import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import StoreTesting
import Subscriptions
import Testing

@Suite("Alerts of a ledger", .timeLimit(.minutes(3)))
struct AlertingTests {
    private static let unpriced = AlertRule(
        "unpriced", .unpriced(countMin: 1, percentMin: 0, days: 2), route: AlertRoute(["ops"]))

    /// The clock of the database decides which notices are too old, so tests start with it.
    private func with<T>(
        _ rules: [AlertRule] = [unpriced], _ channels: [ChannelSettings] = [],
        _ body: (Bench) async throws -> T
    ) async throws -> T {
        try await TestLedger.with { test in
            let now = try #require(
                try await test.text("SELECT extract(epoch FROM now())::bigint").first?[0]
                    .flatMap { Int64($0) })
            let clock = Bench.Clock(Timestamp(unixMicroseconds: now * 1_000_000))
            return try await body(
                try Bench(test, rules: rules, channels: channels, clock: clock))
        }
    }

    @Test("requests without a price raise an alert for each model, once, and prices resolve it")
    func thinPath() async throws {
        try await Receiver.with { receiver in
            try await with([Self.unpriced], [Bench.webhook(receiver.url + "/hook")]) { bench in
                try await bench.look()
                #expect(try await bench.service.list().alerts.isEmpty)
                try await bench.book(3, "new", cost: nil)
                try await bench.book(5, "old", cost: 7)
                for _ in 0..<3 { try await bench.look() }
                let (_, alerts) = try await bench.service.list()
                #expect(alerts.map(\.subject) == ["acme/new"])
                #expect(alerts[0].summary.contains("3 of 3 requests have no price"))
                #expect(alerts[0].contributors == ["web: 3"])
                #expect(try await bench.deliver() == 1)
                #expect(try await bench.deliver() == 0)
                let message = try #require(receiver.messages.first)
                #expect(receiver.messages.count == 1 && message.path == "/hook")
                let body = try JSONValue(message.body)
                #expect(body["data"]["alert"].string == alerts[0].id.string)
                let key = try #require(WebhookSecret(Bench.secret))
                let id = try #require(message.headers["webhook-id"])
                let time = try #require(message.headers["webhook-timestamp"].flatMap { Int64($0) })
                #expect(
                    message.headers["webhook-signature"]
                        == key.signature(of: message.body, id: id, at: time))
                #expect(try await bench.count(.alertRaised) == 1)
                #expect(try await bench.count(.alertDelivered) == 1)
                #expect(try await bench.service.list().alerts[0].delivered == ["ops"])
                // A price came: the requests are adjusted.
                try await reprice(bench)
                try await bench.look()
                #expect(try await bench.service.list().alerts[0].phase == .resolved)
                try await bench.deliver()
                #expect(receiver.messages.count == 2)
                #expect(try JSONValue(receiver.messages[1].body)["type"].string == "alert.resolved")
            }
        }
    }

    /// Adjusts the unpriced charges as a re-rating does.
    private func reprice(_ bench: Bench) async throws {
        for charge in try await bench.test.events().map(\.event) where charge.unpriced != nil {
            guard let request = charge.causeID else { continue }
            var adjustment = Event(
                id: .charge(for: request, after: charge.id), kind: .chargeAdjusted,
                occurredAt: charge.occurredAt)
            adjustment.causeID = request
            adjustment.previousID = charge.id
            adjustment.dimensions = charge.dimensions
            adjustment.amount = Picodollars(9)
            try await bench.test.append(alone: adjustment)
        }
    }

    @Test("of many instances that look at once, one raises the alert")
    func together() async throws {
        try await with { bench in
            try await bench.book(1, "new", cost: nil)
            try await bench.look()
            try await bench.test.administer("DELETE FROM tally.alerts")
            try await bench.test.withAnother { other in
                let second = try Bench(other, rules: [Self.unpriced], clock: bench.clock)
                for minute in 0..<5 {
                    try await bench.book(1, Name("new-\(minute)"), cost: nil)
                    try await withThrowingTaskGroup(of: Void.self) { tasks in
                        for bench in [bench, second, bench, second] {
                            tasks.addTask { try await bench.look() }
                        }
                        try await tasks.waitForAll()
                    }
                }
            }
            #expect(try await bench.count(.alertRaised) == 6)
            let rows = try await bench.test.text(
                "SELECT count(*), count(DISTINCT event_id) FROM tally.alert_deliveries")
            #expect(rows == [["6", "6"]])
        }
    }

    @Test("folding again, as after a restart or in a rebuild, makes no second notice")
    func restart() async throws {
        try await Receiver.with { receiver in
            try await with([Self.unpriced], [Bench.webhook(receiver.url)]) { bench in
                try await bench.book(1, "new", cost: nil)
                try await bench.look()
                try await bench.deliver()
                try await bench.test.administer(
                    "UPDATE tally.places SET position = 0 WHERE subscription = 'alerts'")
                try await bench.fold()
                #expect(try await bench.deliver() == 0)
                _ = try await SubscriptionRunner(
                    pool: bench.test.pool, groups: [AlertFold.subscription]
                ).rebuild(["alerts"])
                #expect(try await bench.deliver() == 0)
                #expect(receiver.messages.count == 1)
            }
        }
    }

    @Test("the state row is the fold of the events of its alert")
    func fold() async throws {
        try await with { bench in
            try await bench.book(1, "new", cost: nil)
            try await bench.look()
            let alert = try #require(try await bench.service.list().alerts.first)
            _ = try await bench.service.acknowledge(
                alert.id.string, by: "ann", note: nil, at: bench.clock.now)
            let until = bench.clock.now.advanced(byMicroseconds: 60_000_000)
            let silenced = try await bench.service.silence(
                alert.id.string, until: until, by: nil, note: "later", at: bench.clock.now)
            #expect(silenced.phase == .acknowledged && silenced.silencedUntil == until)
            #expect(silenced.note == "later" && silenced.summary == alert.summary)
            bench.clock.advance(seconds: 61)
            try await bench.look()
            let raised = try #require(try await bench.service.list().alerts.first)
            #expect(raised.phase == .firing && raised.revision == 4 && raised.note == nil)
            let row = try await bench.test.ledger.state(of: AlertName.key(of: alert.id))
            let state = try #require(AlertState(row))
            #expect(state.phase == raised.phase && state.revision == raised.revision)
            #expect(state.raisedAt == raised.raisedAt)
            #expect(state.silencedUntil == raised.silencedUntil)
        }
    }

    @Test("an unknown alert is refused, and one that is over cannot be acknowledged")
    func refusals() async throws {
        try await with { bench in
            await #expect(throws: AlertRefusal.unknown("0123")) {
                try await bench.service.acknowledge(
                    "0123", by: nil, note: nil, at: bench.clock.now)
            }
            let name = AlertName(rule: "test", subject: "x")
            for verdict in [AlertState.Verdict.breached, .clear] {
                try await bench.service.observe(
                    Observation(name, verdict, "a test", look: ""), at: bench.clock.now)
            }
            try await bench.fold()
            await #expect(throws: AlertRefusal.notFiring) {
                try await bench.service.acknowledge(
                    name.id.string, by: nil, note: nil, at: bench.clock.now)
            }
        }
    }

    @Test("a refusal that carries its alert is never ahead of it")
    func besideOthers() async throws {
        try await with { bench in
            let observation = Observation(
                AlertName(rule: "budgets/refusals", subject: "search"), .breached,
                "search refused 1 request", look: "tally budgets show search")
            let now = bench.clock.now
            for number in 0..<3 as Range<UInt64> {
                let id = EventID(at: now, entropy: (number, 1))
                let decision = Decision(id: id, on: [AlertEvents.key(of: observation)]) { rows, _ in
                    let denied = Event(id: id, kind: .budgetDenied, occurredAt: now)
                    let raised = try AlertEvents.observe(observation, in: &rows, at: now)
                    return [denied] + [raised].compactMap(\.self)
                }
                _ = try await bench.test.ledger.append(decision)
            }
            let kinds = try await bench.test.events().map(\.event.kind)
            #expect(kinds == [.budgetDenied, .alertRaised, .budgetDenied, .budgetDenied])
            let blocks = try await bench.test.text(
                "SELECT count FROM tally.blocks ORDER BY first_position LIMIT 1")
            #expect(blocks == [["2"]], "in one commit")
        }
    }

    @Test("silence is told of a ledger that had requests, and ends with the next one")
    func silence() async throws {
        let rule = AlertRule("quiet", .silence(seconds: 900))
        try await with([rule]) { bench in
            bench.clock.advance(seconds: 10_000)
            try await bench.look()
            #expect(try await bench.service.list().alerts.isEmpty, "there was nothing to miss")
            bench.clock.advance(seconds: -10_000)
            try await bench.book(1, "old", cost: 1)
            bench.clock.advance(seconds: 1_000)
            try await bench.look()
            #expect(try await bench.service.list().alerts.map(\.phase) == [.firing])
            bench.clock.advance(seconds: -1_000)
            try await bench.book(1, "old", cost: 1)
            try await bench.look()
            #expect(try await bench.service.list().alerts.map(\.phase) == [.resolved])
        }
    }

    @Test("spend, failures and findings are looked at; what has no rule any more is over")
    func otherRules() async throws {
        let day = SpendLimit(PicodollarSum(1_000), per: .day, filters: [.app: "web"])
        let rules = [
            AlertRule("spend", .spend(day, BudgetLevels())),
            AlertRule("failures", .failures(percentMin: 20, requestsMin: 5)),
            AlertRule("health", .health),
        ]
        try await with(rules) { bench in
            try await bench.book(9, "old", cost: 100)
            try await bench.book(3, "old", cost: 10, isFailed: true)
            bench.health.report(
                [bench.test.id: [.init("chain", "it is broken")]], from: "tests")
            try await bench.look()
            let alerts = try await bench.service.list().alerts
            #expect(
                Set(alerts.map { "\($0.rule) \($0.subject)" }) == [
                    "spend/80 % spend", "failures acme/old", "health chain",
                ])
            let spend = try #require(alerts.first { $0.rule == "spend/80 %" })
            #expect(spend.contributors == ["web old: 0.00000000093 USD"])
            let none = try Bench(bench.test, rules: [], clock: bench.clock)
            try await none.look()
            #expect(try await none.service.list(includingResolved: false).alerts.isEmpty)
        }
    }
}
