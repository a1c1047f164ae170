import Foundation
import Glibc
import LedgerTesting
import PostgresTesting
import Testing

/// Instances of the gateway that die under load, and a PostgreSQL that goes away.
@Suite("The gateway when its own house burns", .serialized)
struct GatewayCrowdTests {
    private static let calls = isSoaking ? 4_000 : 400

    private static func route(_ durability: String) -> String {
        """
        tally_gateway: 1
        routes:
          all: {durability: \(durability)}

        """
    }

    @Test(
        "SIGKILL of three instances under load: every answer in full has exactly one charge",
        arguments: ["durable", "lease"])
    func kill(_ durability: String) async throws {
        try await GatewayHouse.with(
            #"{"latency_ms":5,"token_us":2000}"#, gateway: Self.route(durability)
        ) { house in
            var services: [TallyProcess] = []
            do {
                for number in 0..<3 {
                    services.append(try await Self.start(house, number))
                }
                let set = try await house.place.tally(
                    "budgets", "set", "all", "--usd", GatewayHouse.limit, "--window", "total",
                    "--hold-seconds", "30")
                #expect(set.exitCode == 0, "\(set.errors)")
                let received = try await crowd(&services, house)
                try await chargedOnce(received, house)
                // Holds of killed instances have ended, too.
                try await house.budgetsAreExact(within: .seconds(120))
                #expect(try await house.place.tally("verify").exitCode == 0)
            } catch {
                for service in services { print(service.log.suffix(1_000)) }
                for service in services { await service.discard() }
                throw error
            }
            for service in services { await service.discard() }
        }
    }

    /// An instance that keeps its spool where the one before it did.
    private static func start(
        _ house: GatewayHouse, _ number: Int, listen: String = "127.0.0.1:0"
    ) async throws -> TallyProcess {
        try await TallyProcess.start(
            on: house.place, listen: listen,
            environment: house.environment.merging([
                "TALLY_GATEWAY_SPOOL": house.place.dataDirectory + "/spool\(number)"
            ]) { $1 })
    }

    /// Kills each instance once while callers call; returns the requests that were answered in full.
    private func crowd(
        _ services: inout [TallyProcess], _ house: GatewayHouse
    ) async throws -> [String] {
        let seed = testSeed()
        let key = try await house.place.gatewayKey()
        let client = try Child(
            "/usr/bin/env",
            [
                "python3", Workplace.client("gateway_crowd.py"), String(seed % 1_000_000),
                String(Self.calls), "16", key,
            ] + services.map(\.url))
        defer { client.discard() }
        for number in services.indices {
            // A quarter of the calls later.
            let lines = (number + 1) * Self.calls / 80
            try await poll("calls are made", within: .seconds(120), evidence: { client.errors }) {
                client.errors.split(separator: "\n").count >= lines || !client.isRunning
            }
            let victim = services[number]
            try await victim.signal(SIGKILL)
            #expect(try await victim.exit() == 128 + SIGKILL)
            await victim.discard()
            services[number] = try await Self.start(
                house, number, listen: "127.0.0.1:\(victim.port)")
        }
        #expect(try await client.exit(within: .seconds(150)) == 0, "\(client.errors)")
        let result = try JSONValue(client.output)
        #expect(result.failures.items.isEmpty, "\(result.failures)")
        #expect(result.outcomes.broken.integer ?? 0 > 0, "the kills met no caller")
        let received = result.received.items.compactMap(\.string)
        #expect(received.count == Self.calls && Set(received).count == Self.calls)
        return received
    }

    private func chargedOnce(_ received: [String], _ house: GatewayHouse) async throws {
        let asked = Set(received)
        var charges: [String: String] = [:]
        try await poll("every answer is in the ledger", within: .seconds(60)) {
            let rows = try await house.rows(
                "SELECT id, charges FROM audit.requests WHERE app = 'crowd'")
            charges = Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
            return asked.isSubset(of: charges.keys)
        }
        let wrong = asked.filter { charges[$0] != "1" }
        #expect(wrong.isEmpty, "\(wrong.count) of \(asked.count) are not charged once")
        let more = charges.filter { !asked.contains($0.key) && (Int($0.value) ?? 2) > 1 }
        #expect(more.isEmpty, "what broke off is charged twice: \(more)")
    }

    private static let open = """
        tally_gateway: 1
        routes:
          open: {for: {app: open}, when_ledger_is_away: open, durability: lease}

        """

    @Test(
        "without PostgreSQL callers are refused; by policy they are served, and all is charged later",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1")
    )
    func databaseAway() async throws {
        let server = try await TestServer.start()
        try await GatewayHouse.with("{}", gateway: Self.open, on: server) { house in
            try await house.withService { service, caller in
                #expect(try await caller.chat(app: "open").status == 200)
                #expect(try await caller.chat().status == 200)
                let before = try await house.upstreams[0].calls().count
                try await FaultTests.stopAtOnce(server)
                let refused = try await caller.chat()
                #expect(refused.status == 503, "\(refused.text)")
                #expect(refused.header("retry-after") != nil)
                #expect(try refused.failure.message.string?.isEmpty == false)
                let message = try await caller.message()
                #expect([503, 529].contains(message.status), "\(message.text)")
                #expect(try message.json.type.string == "error")
                #expect(try await house.upstreams[0].calls().count == before, "nobody was asked")
                let count = isSoaking ? 300 : 40
                for number in 0..<count {
                    let answer = try await caller.chat(
                        "away \(number)", stream: number % 2 == 0, app: "open")
                    #expect(answer.status == 200 && answer.words > 0, "\(answer.text)")
                }
                try await server.restart()
                var rows: [[String]] = []
                try await poll(
                    "what was answered is charged", within: .seconds(60),
                    evidence: { "\(rows) \(service.log.suffix(1_000))" }
                ) {
                    rows =
                        (try? await house.rows(
                            """
                            SELECT count(*), sum(charges), count(*) FILTER (WHERE charges = 1)
                            FROM audit.requests WHERE app = 'open'
                            """)) ?? []
                    return rows.first?[0] == "\(count + 1)"
                }
                #expect(rows.first == Array(repeating: "\(count + 1)", count: 3))
                try await poll("callers are served again") {
                    try await caller.chat().status == 200
                }
                #expect(try await house.place.tally("verify").exitCode == 0)
            }
        }
        try await server.stop()
    }
}
