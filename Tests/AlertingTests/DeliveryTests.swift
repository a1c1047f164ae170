import Alerting
import LedgerModel
import LedgerTesting
import StoreTesting
import Testing

@Suite("Delivery of alerts", .timeLimit(.minutes(3)))
struct DeliveryTests {
    /// A ledger with one alert that was raised under a route.
    private func with(
        _ route: AlertRoute, _ channels: [ChannelSettings],
        _ body: (Bench, String) async throws -> Void
    ) async throws {
        try await TestLedger.with { test in
            let now = try #require(
                try await test.text("SELECT extract(epoch FROM now())::bigint").first?[0]
                    .flatMap { Int64($0) })
            let bench = try Bench(
                test, rules: [], channels: channels,
                clock: Bench.Clock(Timestamp(unixMicroseconds: now * 1_000_000)))
            let name = AlertName(rule: "test", subject: "x")
            try await bench.service.observe(
                Observation(name, .breached, "a test", look: "", route: route),
                at: bench.clock.now)
            try await bench.fold()
            try await body(bench, name.id.string)
        }
    }

    private func resolve(_ bench: Bench) async throws {
        bench.clock.advance(seconds: 1)
        try await bench.service.observe(
            Observation(AlertName(rule: "test", subject: "x"), .clear, "a test", look: ""),
            at: bench.clock.now)
        try await bench.fold()
    }

    @Test("what is not taken is sent again under the same id, and noted once it is taken")
    func retries() async throws {
        try await Receiver.with { receiver in
            receiver.answer(500)
            try await with(AlertRoute(["ops"]), [Bench.webhook(receiver.url)]) { bench, _ in
                for _ in 0..<3 {
                    #expect(try await bench.deliver() == 1)
                    #expect(try await bench.deliver() == 0, "not before its time")
                    try await bench.hurry()
                }
                let alert = try #require(try await bench.service.list().alerts.first)
                #expect(alert.delivered == [])
                #expect(alert.undelivered.first?.contains("answered 500") == true)
                receiver.answer(302)
                try await bench.deliver()
                #expect(receiver.messages.allSatisfy { $0.path == "/" }, "redirects go nowhere")
                receiver.answer(200)
                try await bench.hurry()
                try await bench.deliver()
                #expect(Set(receiver.messages.compactMap { $0.headers["webhook-id"] }).count == 1)
                #expect(bench.reports.outcomes == [.failed, .failed, .failed, .failed, .delivered])
                let noted = try await bench.test.events().last { $0.event.kind == .alertDelivered }
                #expect(noted?.event.detail?["attempts"] == "5")
            }
        }
    }

    @Test("after three days a notice is given up")
    func givesUp() async throws {
        try await Receiver.with { receiver in
            receiver.answer(500)
            try await with(AlertRoute(["ops"]), [Bench.webhook(receiver.url)]) { bench, _ in
                try await bench.test.administer(
                    "UPDATE tally.alert_deliveries SET created_at = now() - interval '4 days'")
                try await bench.deliver()
                try await bench.hurry()
                #expect(try await bench.deliver() == 0)
                #expect(bench.reports.outcomes == [.gaveUp] && receiver.messages.isEmpty)
            }
        }
    }

    @Test("a channel is told of the end only after the beginning")
    func order() async throws {
        try await Receiver.with { receiver in
            receiver.answer(500)
            try await with(AlertRoute(["ops"]), [Bench.webhook(receiver.url)]) { bench, _ in
                try await bench.deliver()
                try await resolve(bench)
                #expect(try await bench.deliver() == 0)
                receiver.answer(200)
                try await bench.hurry()
                #expect(try await bench.deliver() == 1)
                #expect(try await bench.deliver() == 1)
                let types = try receiver.messages.map { try JSONValue($0.body)["type"].string }
                #expect(types == ["alert.raised", "alert.raised", "alert.resolved"])
            }
        }
    }

    @Test("what is for a channel that an instance does not know waits for one that does")
    func unknownChannel() async throws {
        try await Receiver.with { receiver in
            try await with(AlertRoute(["ops"]), []) { bench, _ in
                #expect(try await bench.deliver() == 0)
                let other = try Bench(
                    bench.test, rules: [], channels: [Bench.webhook(receiver.url)],
                    clock: bench.clock)
                #expect(try await other.deliver() == 1)
                #expect(receiver.messages.count == 1)
            }
        }
    }

    @Test("410 disables a channel, until a test is taken")
    func gone() async throws {
        try await Receiver.with { receiver in
            receiver.answer(410)
            try await with(AlertRoute(["ops"]), [Bench.webhook(receiver.url)]) { bench, _ in
                try await bench.deliver()
                try await resolve(bench)
                try await bench.deliver()
                #expect(receiver.messages.count == 1)
                #expect(bench.reports.outcomes == [.disabled, .disabled])
                await #expect(throws: ChannelFault.self) {
                    try await bench.service.test(
                        "ops", of: bench.channels, ledger: "main", id: uniqueID(),
                        at: bench.clock.now)
                }
                receiver.answer(200)
                _ = try await bench.service.test(
                    "ops", of: bench.channels, ledger: "main", id: uniqueID(),
                    at: bench.clock.now)
                try await bench.service.observe(
                    Observation(
                        AlertName(rule: "test", subject: "y"), .breached, "another", look: "",
                        route: AlertRoute(["ops"])), at: bench.clock.now)
                try await bench.fold()
                try await bench.deliver()
                #expect(receiver.messages.count == 4)
            }
        }
    }

    private static let escalating = AlertRoute(
        ["ops"], escalation: AlertRoute.Escalation(to: "boss", afterSeconds: 1_800))

    @Test("who is told later is told only if nobody acknowledged, and then also of the end")
    func escalation() async throws {
        try await Receiver.with { receiver in
            let channels = [
                Bench.webhook(receiver.url + "/ops"), Bench.webhook(receiver.url + "/boss", "boss"),
            ]
            try await with(Self.escalating, channels) { bench, _ in
                #expect(try await bench.deliver() == 1)
                try await bench.hurry()
                #expect(try await bench.deliver() == 1)
                #expect(receiver.messages.map(\.path) == ["/ops", "/boss"])
                try await resolve(bench)
                #expect(try await bench.deliver() == 2)
            }
            try await with(Self.escalating, channels) { bench, id in
                try await bench.deliver()
                _ = try await bench.service.acknowledge(
                    id, by: "ann", note: nil, at: bench.clock.now)
                try await bench.hurry()
                #expect(try await bench.deliver() == 0)
                try await resolve(bench)
                #expect(try await bench.deliver() == 1, "who was not called is not told of the end")
            }
        }
    }

    @Test("Alertmanager is told again while an alert is open, and of its end once")
    func alertmanager() async throws {
        try await Receiver.with { receiver in
            let channel = ChannelSettings(
                name: "am",
                kind: .alertmanager(url: .plain(receiver.url + "/"), allowsPrivate: true))
            try await with(AlertRoute(["am"]), [channel]) { bench, _ in
                for _ in 0..<3 {
                    #expect(try await bench.deliver() == 1)
                    try await bench.hurry()
                }
                #expect(try await bench.count(.alertDelivered) == 1)
                try await resolve(bench)
                try await bench.hurry()
                try await bench.deliver()
                try await bench.deliver()
                #expect(receiver.messages.count == 4)
                #expect(receiver.messages.allSatisfy { $0.path == "/api/v2/alerts" })
            }
        }
    }

    @Test("a webhook in a private network is not called unless the configuration says so")
    func privateNetwork() async throws {
        try await Receiver.with { receiver in
            let url = receiver.url.replacing("127.0.0.1", with: "localhost")
            let channel = ChannelSettings(
                name: "ops",
                kind: .webhook(
                    url: .plain(url), secret: .environment("SECRET"), allowsPrivate: false))
            try await with(AlertRoute(["ops"]), [channel]) { bench, _ in
                try await bench.deliver()
                #expect(receiver.messages.isEmpty)
                let alert = try #require(try await bench.service.list().alerts.first)
                #expect(alert.undelivered.first?.contains("allow_private") == true)
            }
        }
    }

    @Test("several instances send each notice once")
    func instances() async throws {
        try await Receiver.with { receiver in
            try await with(AlertRoute(["ops"]), [Bench.webhook(receiver.url)]) { bench, _ in
                for number in 0..<20 {
                    try await bench.service.observe(
                        Observation(
                            AlertName(rule: "test", subject: Name("s\(number)")), .breached,
                            "a test",
                            look: "", route: AlertRoute(["ops"])), at: bench.clock.now)
                }
                try await bench.fold()
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    for _ in 0..<4 {
                        tasks.addTask { while try await bench.deliver() > 0 {} }
                    }
                    try await tasks.waitForAll()
                }
                let ids = receiver.messages.compactMap { $0.headers["webhook-id"] }
                #expect(ids.count == 21 && Set(ids).count == 21)
            }
        }
    }
}
