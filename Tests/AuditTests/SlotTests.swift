import Audit
import EventStore
import Glibc
import LedgerModel
import Postgres
import PostgresTesting
import StoreTesting
import Synchronization
import Testing

/// Queries at once, and what becomes of those that nobody waits for.
@Suite("Slots of audit queries", .timeLimit(.minutes(3)))
struct SlotTests {
    /// Runs until it is cancelled.
    private static let endless = """
        SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b
        """

    /// Heeds no cancel for a few seconds, once the built-in functions are open.
    private static let deaf = """
        SELECT pg_catalog.strpos(pg_catalog.repeat('a', 2000000),
            'b' || pg_catalog.repeat('a', 2000))
        """

    @Test("a ledger takes its own slots only; the next caller is told to retry")
    func ownSlots() async throws {
        try await TwoLedgers.with { bench in
            var limits = AuditLimits()
            limits.time = .seconds(3)
            let brief = limits
            let outcomes = await withTaskGroup(of: String.self) { group in
                for _ in 0..<AuditSlots.queriesOfLedgerMax + 3 {
                    group.addTask {
                        switch try? await bench.refusal(Self.endless, limits: brief) {
                        case .busy: "busy"
                        case .tookTooLong: "ran"
                        default: "?"
                        }
                    }
                }
                // While these run, the other ledger is answered.
                group.addTask {
                    let theirs = try? await bench.queries.run("SELECT 1", as: .ledger(bench.theirs))
                    return theirs?.rows == [["1"]] ? "theirs" : "theirs failed"
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == "busy" }.count == 3, "\(outcomes)")
            #expect(outcomes.filter { $0 == "ran" }.count == AuditSlots.queriesOfLedgerMax)
            #expect(outcomes.contains("theirs"))
            try await eventually("a slot is free again") {
                try await bench.refusal("SELECT 1") == nil
            }
        }
    }

    @Test("a query whose caller is cancelled stops, and its session ends")
    func cancelled() async throws {
        try await TwoLedgers.with { bench in
            let asking = Task { try await bench.ask(Self.endless) }
            try await eventually("the query runs") { try await bench.sessions() == 1 }
            asking.cancel()
            await #expect(throws: CancellationError.self) { try await asking.value }
            try await eventually("its session has ended") { try await bench.sessions() == 0 }
        }
    }

    @Test("a slot is kept until the server process has ended")
    func keptUntilGone() async throws {
        try await TwoLedgers.with { bench in
            try await bench.openBuiltIns()
            var limits = AuditLimits()
            limits.time = .seconds(1)
            let brief = limits
            await withDiscardingTaskGroup { group in
                for _ in 0..<AuditSlots.queriesOfLedgerMax {
                    group.addTask { _ = try? await bench.refusal(Self.deaf, limits: brief) }
                }
            }
            // All are answered, while their processes are deaf to cancel and terminate.
            guard case .busy = try await bench.refusal("SELECT 1") else {
                Issue.record("there is a slot although \(try await bench.sessions()) sessions run")
                return
            }
            try await eventually("the slots are free again", within: .seconds(90)) {
                try await bench.refusal("SELECT 1") == nil
            }
        }
    }

    @Test("a process that stays deaf is killed where the server is ours, and the ledger goes on")
    func killed() async throws {
        let server = try await TestServer.start()
        try await LedgerDatabase.withScratch(on: server) { database in
            let pool = Pool(database.asService, size: 2)
            let ledger = try await database.ledger()
            let killed = Mutex<[Int32]>([])
            let queries = AuditQueries(
                server: database.configuration, pool: pool, patience: .milliseconds(50),
                kill: { pid in
                    killed.withLock { $0.append(pid) }
                    kill(pid, SIGKILL)
                },
                makePassword: { "secret-of-a-test-\(uniqueID())" })
            try await database.execute(TwoLedgers.openBuiltIns)
            let before = try await checkpointer(of: server)
            var limits = AuditLimits()
            limits.time = .seconds(1)
            let refusal = await #expect(throws: AuditRefusal.self) {
                try await queries.run(
                    """
                    SELECT pg_catalog.strpos(pg_catalog.repeat('a', 10000000),
                        'b' || pg_catalog.repeat('a', 1000000))
                    """, as: .ledger(ledger.id), limits: limits)
            }
            guard case .tookTooLong = refusal else {
                Issue.record("\(refusal.words)")
                return
            }
            try await eventually("it is killed") { killed.withLock { $0.count } == 1 }
            try await eventually("the server has restarted", within: .seconds(60)) {
                let now = try? await checkpointer(of: server)
                return now != nil && now != before
            }
            try await eventually("the server answers again", within: .seconds(60)) {
                (try? await queries.run("SELECT 1", as: .ledger(ledger.id)).rows) == [["1"]]
            }
            #expect(killed.withLock { $0.count } == 1)
            await ledger.close()
            await pool.close()
        }
    }

    /// The process of a server that it starts anew after a crash.
    private func checkpointer(of server: TestServer) async throws -> String? {
        let connection = try await Connection.open(server.configuration())
        let rows = try await connection.transaction(readOnly: true) { session in
            try session.query(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
            ).rows
        }
        await connection.close()
        return rows.first?.first ?? nil
    }
}
