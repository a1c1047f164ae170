import Dispatch
import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import PostgresTesting
import StoreTesting
import Testing

@Suite("A ledger in PostgreSQL", .serialized, .timeLimit(.minutes(3)))
struct PostgresLedgerTests {
    @Test("many writers in several processes make one gapless chain")
    func manyWriters() async throws {
        let seed = testSeed()
        try await LedgerDatabase.withScratch { database in
            var ledgers: [PostgresLedger] = []
            for _ in 0..<4 { ledgers.append(try await database.ledger()) }
            let auditor = Shared(Auditor())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, ledger) in ledgers.enumerated() {
                    for caller in 0..<8 {
                        group.addTask {
                            var random = RandomEvents(seed: seed &+ UInt64(index * 8 + caller))
                            for _ in 0..<6 {
                                let entries = random.entries(
                                    Int.random(in: 1...20, using: &random.random))
                                let receipt = try await ledger.append(entries)
                                #expect(receipt.isAllAppended)
                                auditor.update { $0.note(entries, receipt) }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await auditor.value.audit(ledgers[0])
            let head = try await ledgers[0].head()
            // 8 callers share the commits of each writer.
            #expect(head.block < 4 * 8 * 6)
            #expect(try await database.verify(ledgers[0]).problem == nil)
        }
    }

    @Test("months are made on demand, by two writers at once as well")
    func months() async throws {
        try await LedgerDatabase.withScratch { database in
            let ledgers = [try await database.ledger(), try await database.ledger()]
            for month in 1...6 {
                let time = Timestamp(year: 2019, month: month, day: 15)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (index, ledger) in ledgers.enumerated() {
                        group.addTask {
                            var random = RandomEvents(
                                seed: UInt64(month * 2 + index), now: time, days: 1)
                            let receipt = try await ledger.append(random.entries(3))
                            #expect(receipt.isAllAppended)
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(try await database.verify(ledgers[0]).blocks > 5)
        }
    }

    @Test("what the database refuses is one caller's error, not that of the group")
    func guilty() async throws {
        let seed = testSeed()
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger()
            var random = Self.recent(seed)
            _ = try await ledger.append(random.entries(1, charged: false))
            // The store lets nothing past that the schema refuses, so the schema refuses more.
            try await database.execute(
                "ALTER TABLE tally.events ADD CONSTRAINT poison CHECK (app <> 'poison')")
            let failures = Shared([PostgresError.Code]())
            try await database.holdingHead { release in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for caller in 0..<12 {
                        if caller == 1 {
                            try await eventually("the writer waits") {
                                try await database.hasWaiter()
                            }
                        }
                        group.addTask {
                            var random = Self.recent(seed &+ 1 &+ UInt64(caller))
                            var entries = random.entries(3, charged: false)
                            if caller == 3 { entries[1].request.dimensions[.app] = "poison" }
                            let hold = Budgets.hold(
                                1, in: ["a"], id: random.id(),
                                with: caller == 7 ? [Self.poison(&random)] : [])
                            do {
                                let receipt =
                                    caller % 2 == 1 && caller != 3
                                    ? try await ledger.append(hold)
                                    : try await ledger.append(entries)
                                #expect(receipt.isAllAppended && caller != 3 && caller != 7)
                            } catch AppendError.refused(let error) {
                                failures.update { $0.append(error.code) }
                            }
                        }
                    }
                    // Five decisions and six batches of three.
                    try await eventually("the others wait") { ledger.waitingRows == 5 + 6 * 3 }
                    release()
                    try await group.waitForAll()
                }
            }
            #expect(failures.value == [.checkViolation, .checkViolation])
            #expect(try await ledger.head().position == 1 + 6 * 3 + 4)
            try await Budgets.audit(ledger, ["a"])
            #expect(try await database.verify(ledger).problem == nil)
        }
    }

    /// Events of one day, whose month is there after the first.
    private static func recent(_ seed: UInt64) -> RandomEvents {
        RandomEvents(seed: seed, now: Timestamp(year: 2026, month: 11, day: 23), days: 1)
    }

    private static func poison(_ random: inout RandomEvents) -> Event {
        var event = random.plainRequest()
        event.dimensions[.app] = "poison"
        return event
    }

    @Test("an invalid event gets into no batch")
    func invalid() throws {
        var random = RandomEvents(seed: testSeed())
        for field in [\Event.dimensions[.app], \.dimensions[.model], \.errorType, \.unpriced] {
            var entry = random.entry(charged: true)
            entry.request[keyPath: field] = "a\0b"
            #expect(throws: EventRefusal.self) { _ = try batch([entry], for: LedgerID(1)) }
        }
        var entry = random.entry(charged: true)
        entry.charge?.detail = try Labels([("a", "b\0")])
        #expect(throws: EventRefusal.zeroByte(field: "detail")) {
            _ = try batch([entry], for: LedgerID(1))
        }
    }

    @Test("a month in which no event may lie is not made")
    func impossibleMonths() async throws {
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger()
            var future = RandomEvents(
                seed: 1, now: Timestamp(year: 2199, month: 1, day: 20), days: 1)
            let entries = future.entries(1)
            let error = await #expect(throws: AppendError.self) {
                _ = try await ledger.append(entries)
            }
            guard case .refused(let cause) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(cause.sqlState == "22023")
            for (year, month) in [(2014, 11), (1999, 1)] {
                let start = Timestamp(year: year, month: month, day: 1)
                await #expect(throws: PostgresError.self) {
                    try await database.execute(
                        "SELECT tally.ensure_month('\(start.dayDescription)')")
                }
            }
            var good = RandomEvents(seed: 2)
            #expect(try await ledger.append(good.entries(1)).outcomes == [.appended(1)])
        }
    }

    private static let forbidden = [
        "UPDATE tally.events SET status = 1", "DELETE FROM tally.events",
        "TRUNCATE tally.events", "UPDATE tally.blocks SET requests = 0",
        "DELETE FROM tally.blocks", "TRUNCATE tally.blocks",
        "UPDATE tally.identities SET event_id = event_id", "DELETE FROM tally.identities",
        "TRUNCATE tally.identities", "DELETE FROM tally.heads", "TRUNCATE tally.heads",
        "UPDATE tally.ledgers SET name = 'x'", "DELETE FROM tally.ledgers",
        "SELECT FROM tally.events_2026_11", "DELETE FROM tally.events_2026_11",
        "INSERT INTO tally.events_2026_11 SELECT * FROM tally.events",
        "TRUNCATE tally.events_2026_11", "DROP TABLE tally.events_2026_11",
        "ALTER TABLE tally.events DETACH PARTITION tally.events_2026_11",
        "ALTER TABLE tally.events ADD COLUMN extra int",
        "ALTER TABLE tally.events_2026_11 DROP CONSTRAINT events_2026_11_time",
        "DROP TABLE tally.blocks", "CREATE TABLE tally.mine (a int)",
        "CREATE TABLE public.mine (a int)", "CREATE TEMP TABLE mine (a int)",
        "CREATE SCHEMA mine", "CREATE INDEX ON tally.events (status)",
        "CREATE RULE r AS ON INSERT TO tally.events DO INSTEAD NOTHING",
        "ALTER FUNCTION tally.ensure_month(date) RESET ALL",
        "DROP FUNCTION tally.ensure_month(date)", "SET ROLE tally_owner",
        "GRANT tally_owner TO tally_service", "SET session_replication_role = replica",
    ]

    @Test("the service's role can append and read, and change nothing")
    func privileges() async throws {
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger()
            var random = RandomEvents(
                seed: 3, now: Timestamp(year: 2026, month: 11, day: 23), days: 1)
            _ = try await ledger.append(random.entries(2))
            let connection = try await Connection.open(database.asService)
            for sql in Self.forbidden {
                let error = await #expect(throws: PostgresError.self, "\(sql)") {
                    try await connection.session { try $0.execute(sql) }
                }
                #expect(error?.code == .insufficientPrivilege, "\(sql)")
            }
            await connection.close()
            #expect(try await database.verify(ledger).problem == nil)
        }
    }

    @Test("a writer that stops in the middle of COPY loses its connection, and others go on")
    func stalledWriter() async throws {
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger()
            var random = RandomEvents(seed: testSeed())
            _ = try await ledger.append(random.entries(1, charged: false))
            let stalled = try await Connection.open(database.asService)
            let (resume, begun) = (DispatchSemaphore(value: 0), Shared(false))
            let stopped = Task {
                try await stalled.transaction { session in
                    try session.execute("UPDATE tally.heads SET position = position + 1")
                    try session.copyIn("COPY tally.events (ledger_id) FROM STDIN") { writer in
                        begun.update { $0 = true }
                        // The connection's own thread stands still, as under SIGSTOP.
                        resume.wait()
                        try writer.write("1\n")
                    }
                }
            }
            try await eventually("the COPY has begun") { begun.value }
            let start = ContinuousClock.now
            let receipt = try await ledger.append(random.entries(2, charged: false))
            #expect(receipt.outcomes == [.appended(2), .appended(3)])
            #expect(ContinuousClock.now - start > .seconds(4))
            resume.signal()
            await #expect(throws: PostgresError.self) { try await stopped.value }
            #expect(try await database.verify(ledger).problem == nil)
        }
    }

    @Test("a writer that stops while it holds rows of state loses its connection too")
    func stalledDecision() async throws {
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger()
            var random = RandomEvents(seed: testSeed())
            _ = try await ledger.append(Budgets.hold(100, in: ["a"], id: random.id()))
            let stalled = try await Connection.open(database.asService)
            let (resume, begun) = (DispatchSemaphore(value: 0), Shared(false))
            let stopped = Task {
                try await stalled.transaction { session in
                    try session.execute("SELECT FROM tally.states FOR UPDATE")
                    begun.update { $0 = true }
                    resume.wait()
                    try session.execute("UPDATE tally.states SET state = 'x'")
                }
            }
            try await eventually("the row is locked") { begun.value }
            let receipt = try await ledger.append(Budgets.hold(50, in: ["a"], id: random.id()))
            #expect(receipt.outcomes == [.appended(2)])
            resume.signal()
            await #expect(throws: PostgresError.self) { try await stopped.value }
            try await Budgets.audit(ledger, ["a"])
        }
    }

    @Test("more than the queue holds is refused, and what was accepted is written")
    func overload() async throws {
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger()
            var random = RandomEvents(seed: testSeed())
            let template = random.entries(4_000, charged: false)
            let results = try await database.holdingHead { release in
                let results = Shared((appended: 0, refused: 0))
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<24 {
                        let entries = template.map { Self.moved($0, by: index) }
                        group.addTask {
                            do {
                                let receipt = try await ledger.append(entries)
                                #expect(receipt.isAllAppended)
                                results.update { $0.appended += entries.count }
                            } catch AppendError.overloaded {
                                results.update { $0.refused += entries.count }
                                release()
                            } catch {
                                Issue.record("\(error)")
                            }
                        }
                    }
                }
                return results.value
            }
            #expect(results.refused > 0)
            #expect(try await ledger.head().position == Int64(results.appended))
            #expect(ledger.waitingRows == 0)
        }
    }

    /// The same entry under another identity.
    private static func moved(_ entry: Entry, by index: Int) -> Entry {
        var entry = entry
        entry.request.externalID = nil
        // Else they would be reports of one call.
        entry.request.origin = CallOrigin()
        entry.request.id = EventID(
            high: entry.request.id.high, low: entry.request.id.low &+ UInt64(index))
        return entry
    }

    @Test("close settles everything accepted and refuses the rest")
    func closing() async throws {
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger()
            let seed = testSeed()
            let (settled, refused, isClosed) = (Shared(0), Shared(0), Shared(false))
            let head = try await database.holdingHead { release in
                let appends = Task {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for index in 0..<20 {
                            if index == 1 {
                                // The writer has taken the first and stands before the head.
                                try await eventually("the writer waits") {
                                    try await database.hasWaiter()
                                }
                            }
                            group.addTask {
                                var random = RandomEvents(seed: seed &+ UInt64(index))
                                let entries = random.entries(5, charged: false)
                                do {
                                    _ = try await ledger.append(entries)
                                    settled.update { $0 += 5 }
                                } catch AppendError.closed {
                                    refused.update { $0 += 5 }
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                }
                try await eventually("the rest waits") { ledger.waitingRows == 95 }
                let closing = Task {
                    await ledger.close()
                    isClosed.update { $0 = true }
                    return try await ledger.head()
                }
                // Room for a close that does not wait to return.
                for _ in 0..<100 {
                    _ = ledger.waitingRows
                    await Task.yield()
                }
                #expect(!isClosed.value)
                release()
                let head = try await closing.value
                try await appends.value
                return head
            }
            #expect(settled.value == 100 && refused.value == 0)
            #expect(head.position == Int64(settled.value))
            #expect(try await ledger.head() == head)
            let late = Decision(id: EventID(high: 1, low: 2), on: []) { _, _ in [] }
            await #expect(throws: AppendError.self) { _ = try await ledger.append(late) }
        }
    }
}

extension LedgerDatabase {
    func verify(
        _ ledger: PostgresLedger, against checkpoint: Checkpoint? = nil
    ) async throws -> Verifier.Report {
        let pool = Pool(configuration, size: 1)
        let report = try await Verifier(ledger: ledger.id, pool: pool).verify(against: checkpoint)
        await pool.close()
        return report
    }

    /// Whether a connection waits for another one's lock.
    func hasWaiter() async throws -> Bool {
        let count = try await execute(
            """
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """)
        return count > 0
    }

    /// Keeps every writer from the heads until `release` is called or the body is done.
    func holdingHead<T: Sendable>(
        _ body: (_ release: @escaping @Sendable () -> Void) async throws -> T
    ) async throws -> T {
        let connection = try await Connection.open(configuration)
        let (resume, held) = (DispatchSemaphore(value: 0), Shared(false))
        let holder = Task {
            try await connection.transaction { session in
                try session.execute("SELECT FROM tally.heads FOR UPDATE")
                held.update { $0 = true }
                resume.wait()
            }
        }
        try await eventually("the head is held") { held.value }
        let result = try await body { resume.signal() }
        resume.signal()
        try await holder.value
        await connection.close()
        return result
    }
}
