import Foundation
import Glibc
import LedgerTesting
import PostgresTesting
import Testing

/// Callers in many processes, before instances and a PostgreSQL that die.
@Suite("A crowd before one budget", .serialized)
struct BudgetCrowdTests {
    private static let processes = 8
    /// Of each process; all of them ask at once.
    private static let calls = isSoaking ? 125 : 40
    private static var all: Int { processes * calls }
    /// USD; fewer than half of the calls fit at once, and all of them one after the other.
    private static let limit = Double(all) / 25

    @Test("8 processes, 3 services, kills of these and of PostgreSQL: nothing overspent or refused")
    func crowd() async throws { try await crowd(isLeased: false) }

    @Test(
        "the same with leases: what is lost with an instance is held anew, nothing is overspent",
        .enabled(if: isSoaking))
    func leasedCrowd() async throws { try await crowd(isLeased: true) }

    private func crowd(isLeased: Bool) async throws {
        let seed = testSeed()
        let server = try await TestServer.start()
        try await withPlace(on: server) { place in
            var services: [TallyProcess] = []
            do {
                for _ in 0..<3 { services.append(try await TallyProcess.start(on: place)) }
                try await spend(&services, server, place, seed, isLeased)
                try await nothingIsHeld(place, isLeased)
            } catch {
                for service in services { await service.discard() }
                throw error
            }
            for service in services { await service.discard() }
        }
        try await server.stop()
    }

    private func spend(
        _ services: inout [TallyProcess], _ server: TestServer, _ place: Place, _ seed: UInt64,
        _ isLeased: Bool
    ) async throws {
        let hold = ["--hold-seconds", isSoaking ? "30" : "60"] + (isLeased ? ["--lease"] : [])
        let set = try await CommandRun.tally(
            ["budgets", "set", "all", "--usd", "\(Self.limit)", "--window", "total"] + hold
                + place.arguments)
        #expect(set.exitCode == 0, "\(set.errors)")
        let urls = services.map(\.url)
        try await withThrowingTaskGroup(of: CommandRun.self) { group in
            for process in 0..<Self.processes {
                group.addTask {
                    try await CommandRun.run(
                        "/usr/bin/env",
                        [
                            "python3", Workplace.client("holds_crowd.py"),
                            String(seed % 1_000_000), String(process * Self.calls),
                            String(Self.calls), isSoaking ? "20" : "0", isLeased ? "1" : "0",
                        ] + urls)
                }
            }
            try await kill(&services, server, place, isLeased)
            var (held, lost) = (0, 0)
            for try await run in group {
                let result = try run.json
                #expect(result.failures.items.isEmpty, "\(run.output)")
                #expect(result.false_refusals.items.isEmpty, "refused although it fits")
                held += result.held.integer ?? 0
                lost += result["lost connections"].integer ?? 0
            }
            #expect(held == Self.all)
            #expect(lost > 0, "the kills met no caller")
        }
    }

    /// Kills an instance, then PostgreSQL, then another instance, as the crowd gets on.
    private func kill(
        _ services: inout [TallyProcess], _ server: TestServer, _ place: Place, _ isLeased: Bool
    ) async throws {
        // Calls that are released from memory leave no trace.
        let traced = isLeased ? Self.all * 2 / 3 : Self.all
        for round in 0..<3 {
            try await poll("a part of the calls has ended", within: .seconds(90)) {
                // Settled, released, expired; the crowd is done before the program has started
                // a few times.
                let ended = try await place.psql(
                    "SELECT count(*) FROM tally.events WHERE kind IN (52, 53, 54)")
                return Int(ended) ?? 0 >= traced * (round + 1) / 5
            }
            if round == 1 {
                try await FaultTests.stopAtOnce(server)
                try await server.restart()
                continue
            }
            let victim = services[round]
            try await victim.signal(SIGKILL)
            #expect(try await victim.exit() == 128 + SIGKILL)
            await victim.discard()
            services[round] = try await TallyProcess.start(
                on: place, listen: "127.0.0.1:\(victim.port)")
        }
    }

    /// The one number that a query answers.
    private func sql(_ query: String, _ place: Place) async throws -> Double {
        let run = try await place.tally("sql", "--csv", query)
        return try #require(run.output.split(separator: "\n").last.flatMap { Double($0) })
    }

    private func nothingIsHeld(_ place: Place, _ isLeased: Bool) async throws {
        try await poll("what nobody ended has expired", within: .seconds(90)) {
            let budgets = try await place.tally("budgets", "list", "--json").json
            return budgets.budgets[0].held_usd.string == "0"
                && budgets.budgets[0].leased_usd.string == "0"
        }
        if isLeased {
            let leases = "SELECT count(*) FROM audit.budget_events WHERE kind = 'budget.leased'"
            #expect(try await sql(leases, place) > 0, "nothing was held from memory")
            let spent = "SELECT sum(cost_usd) FROM audit.events WHERE kind = 'charge.rated'"
            #expect(try await sql(spent, place) <= Self.limit)
        } else {
            try await neverExceeded(place)
        }
        #expect(
            try await sql(
                "SELECT count(*) FROM audit.budget_events WHERE kind = 'budget.overrun'", place)
                == 0)
        let check = try await place.tally("budgets", "check")
        #expect(check.exitCode == 0, "\(check.output)")
        #expect(try await place.tally("verify").exitCode == 0)
    }

    /// After each hold, what is spent and held is within the limit.
    private func neverExceeded(_ place: Place) async throws {
        let most = try await sql(
            """
            SELECT max(sum) FILTER (WHERE kind = 'budget.held') FROM (
                SELECT kind, sum(CASE WHEN kind = 'budget.held' THEN 0.1
                    WHEN kind IN ('budget.settled', 'budget.released', 'budget.expired') THEN -0.1
                    WHEN kind = 'charge.rated' THEN cost_usd ELSE 0 END) OVER (ORDER BY position)
                FROM audit.events) AS sums
            """, place)
        #expect(most > 0 && most <= Self.limit)
    }
}
