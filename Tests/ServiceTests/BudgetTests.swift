import Foundation
import Glibc
import LedgerTesting
import PostgresTesting
import Synchronization
import Testing

/// Budgets over several instances that are killed.
@Suite("Budgets over instances", .serialized)
struct BudgetTests {
    private static let calls = isSoaking ? 1_000 : 300
    /// What the budget has room for, of holds of 10 cents.
    private static let fitting = isSoaking ? 400 : 100

    @Test("holds over three instances with kills: overspend 0, no false refusal, no leaked hold")
    func kills() async throws {
        try await withPlace { place in
            let fleet = try await Fleet.start(3, on: place)
            do { try await overspendNothing(fleet, place) } catch {
                await fleet.end()
                throw error
            }
            await fleet.end()
        }
    }

    private func overspendNothing(_ fleet: Fleet, _ place: Place) async throws {
        let limit = "\(Self.fitting / 10)"
        let set = try await place.tally(
            "budgets", "set", "all", "--usd", limit, "--window", "total")
        #expect(set.exitCode == 0, "\(set.errors)")
        let calls = Calls()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<32 {
                group.addTask {
                    for index in stride(from: worker, to: Self.calls, by: 32) {
                        let answer = try await fleet.post(
                            "/api/v1/holds",
                            #"{"request_id":"c\#(index)","provider":"openai","amount_usd":"0.1"}"#)
                        switch answer.status {
                        case 200: calls.held.withLock { $0.append("c\(index)") }
                        case 402: calls.refused.withLock { $0 += 1 }
                        default: throw ServiceTestError("\(answer.status) \(answer.text)")
                        }
                        calls.done.withLock { $0 += 1 }
                    }
                }
            }
            group.addTask {
                // An instance dies after a third, and PostgreSQL's sessions after two.
                try await poll("a third is done", within: .seconds(60)) {
                    calls.done.withLock { $0 } >= Self.calls / 3
                }
                try await fleet.killOne()
                try await poll("two thirds are done", within: .seconds(60)) {
                    calls.done.withLock { $0 } >= Self.calls * 2 / 3
                }
                _ = try await place.psql(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                        + "WHERE usename = 'tally_service' AND datname = current_database()")
            }
            try await group.waitForAll()
        }
        let accepted = calls.held.withLock { $0 }
        #expect(accepted.count == Self.fitting, "\(calls.refused.withLock { $0 }) were refused")
        var budget = try await fleet.get("/api/v1/budgets").json.budgets[0]
        #expect(budget.held_usd.string == limit)
        #expect(budget.open_holds.integer == Self.fitting)

        // Each ends once, although it is told to end twice, at different instances.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, id) in accepted.enumerated() {
                group.addTask {
                    let (path, body) =
                        index.isMultiple(of: 2)
                        ? (
                            "settle",
                            #"{"usage":{"input_tokens":1},"provider":"openai","model":"gpt-4o"}"#
                        )
                        : ("release", "{}")
                    for _ in 0..<2 {
                        let answer = try await fleet.post("/api/v1/holds/\(id)/\(path)", body)
                        #expect(answer.status == 200, "\(answer.text)")
                    }
                }
            }
            try await group.waitForAll()
        }
        budget = try await fleet.get("/api/v1/budgets").json.budgets[0]
        #expect(budget.open_holds.integer == 0)
        #expect(budget.held_usd.string == "0")
        #expect(budget.spent_requests.integer == (Self.fitting + 1) / 2)
        let check = try await place.tally("budgets", "check")
        #expect(check.exitCode == 0, "\(check.output)")
        #expect(try await place.tally("verify").exitCode == 0)
    }
}

/// What became of the calls so far.
private final class Calls: Sendable {
    let held = Mutex<[String]>([])
    let refused = Mutex(0)
    let done = Mutex(0)
}

/// Several services on one database; a caller whose service is gone tries the next one.
private final class Fleet: Sendable {
    private let services: Mutex<[TallyProcess]>
    private let turn = Mutex(0)

    private init(_ services: [TallyProcess]) {
        self.services = Mutex(services)
    }

    static func start(_ count: Int, on place: Place) async throws -> Fleet {
        var services: [TallyProcess] = []
        for _ in 0..<count { services.append(try await TallyProcess.start(on: place)) }
        return Fleet(services)
    }

    private func next() -> TallyProcess {
        let services = services.withLock { $0 }
        return services[
            turn.withLock { turn in
                turn += 1
                return turn % services.count
            }]
    }

    func get(_ path: String) async throws -> Answer { try await next().client().get(path) }

    /// Sends until a service answers; the same body again does nothing twice.
    func post(_ path: String, _ body: String) async throws -> Answer {
        var failure: (any Error)?
        for _ in 0..<50 {
            do {
                let answer = try await next().client().post(path, body)
                if answer.status != 503, answer.status != 429 { return answer }
            } catch { failure = error }
        }
        throw failure ?? ServiceTestError("\(path): the services are busy or away")
    }

    func killOne() async throws {
        guard let victim = services.withLock({ $0.popLast() }) else { return }
        try await victim.signal(SIGKILL)
        #expect(try await victim.exit() == 128 + SIGKILL)
        await victim.discard()
    }

    func end() async {
        for service in services.withLock({ $0 }) { await service.discard() }
    }
}
