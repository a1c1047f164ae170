import Postgres
import PostgresTesting
import Testing

@Suite("The pool")
struct PoolTests {
    private func withPool(
        size: Int, waitersMax: Int = 100, waitMax: Duration = .seconds(60),
        _ body: (Pool) async throws -> Void
    ) async throws {
        try await TestServer.shared().withScratchDatabase { configuration in
            let pool = Pool(
                configuration, size: size, waitersMax: waitersMax, waitMax: waitMax)
            try await body(pool)
            await pool.close()
        }
    }

    /// Holds the pool's connection until the body is done.
    private func holding(_ pool: Pool, _ body: () async throws -> Void) async throws {
        let (until, end) = AsyncStream<Void>.makeStream()
        let holder = Task {
            try await pool.withConnection { _ in
                for await _ in until {}
            }
        }
        try await eventually("the connection is held") { pool.counts.leased == 1 }
        do {
            try await body()
        } catch {
            end.finish()
            try await holder.value
            throw error
        }
        end.finish()
        try await holder.value
    }

    @Test("many tasks share few connections")
    func shares() async throws {
        try await withPool(size: 3, waitersMax: 500) { pool in
            let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
                for number in 1...500 {
                    group.addTask {
                        try await pool.transaction { try $0.one(Echo(value: Int64(number))) }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 125_250)
            #expect(pool.counts.idle <= 3)
            #expect(pool.counts.leased == 0)
        }
    }

    @Test("waiters are served in the order they came")
    func fifo() async throws {
        try await withPool(size: 1) { pool in
            let order = Shared<[Int]>([])
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await holding(pool) {
                    for number in 0..<20 {
                        group.addTask {
                            try await pool.session { _ in order.update { $0.append(number) } }
                        }
                        try await eventually("\(number) waits") {
                            pool.counts.waiters == number + 1
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(order.value == Array(0..<20))
        }
    }

    @Test("past the bound, or after waiting too long, the pool is exhausted")
    func bounded() async throws {
        try await withPool(size: 1, waitersMax: 1) { pool in
            try await holding(pool) {
                let waiting = Task { try await pool.session { try $0.one(Echo(value: true)) } }
                try await eventually("one waits") { pool.counts.waiters == 1 }
                let error = try await postgresError { try await pool.session { _ in } }
                #expect(error.code == .poolExhausted)
                #expect(error.isRetryable)
                waiting.cancel()
                #expect(try await postgresError { try await waiting.value }.code == .cancelled)
                #expect(pool.counts.waiters == 0)
            }
        }
        try await withPool(size: 1, waitMax: .milliseconds(10)) { pool in
            // Connecting may itself take longer.
            try await eventually("it is connected") { (try? await pool.session { _ in }) != nil }
            try await holding(pool) {
                let error = try await postgresError { try await pool.session { _ in } }
                #expect(error.code == .poolExhausted)
            }
            #expect(try await pool.session { try $0.one(Echo(value: true)) })
        }
    }

    @Test("a killed or timed-out connection is replaced")
    func replaces() async throws {
        try await withPool(size: 1) { pool in
            let killed = try await postgresError {
                try await pool.session { session in
                    try session.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                }
            }
            #expect(killed.isConnectionGone)
            #expect(try await pool.session { try $0.one(Echo(value: true)) })
            let late = try await postgresError {
                try await pool.session(deadline: .milliseconds(20)) { session in
                    try session.execute("SELECT pg_sleep(600)")
                }
            }
            #expect(late.code == .timedOut)
            #expect(try await pool.session { try $0.one(Echo(value: true)) })
        }
    }

    @Test("a connection killed while idle is detected before anybody gets it")
    func checksIdle() async throws {
        try await withPool(size: 1) { pool in
            let pid = try await pool.session { $0.backendPID }
            let server = try await TestServer.shared()
            let other = try await Connection.open(server.configuration())
            try await other.session { try $0.one(Terminate(pid: pid)) }
            try await eventually("the backend is gone") {
                try await other.session { try $0.first(BackendState(pid: pid)) } == nil
            }
            #expect(try await pool.session { $0.backendPID } != pid)
            await other.close()
        }
    }

    @Test("a closed pool refuses callers, after waiting for running work")
    func closes() async throws {
        try await withPool(size: 2) { pool in
            let isClosed = Shared(false)
            var closing: Task<Void, Never>?
            try await holding(pool) {
                closing = Task {
                    await pool.close()
                    isClosed.update { $0 = true }
                }
                try await eventually("it refuses") {
                    do {
                        try await pool.session { _ in }
                        return false
                    } catch let error as PostgresError {
                        return error.code == .closed
                    }
                }
                #expect(!isClosed.value)
            }
            await closing?.value
            #expect(pool.counts.idle == 0 && pool.counts.leased == 0)
        }
    }

    @Test("while the server is away callers fail at once; when it is back, the pool works again")
    func reconnects() async throws {
        let server = try await TestServer.start()
        let pool = Pool(server.configuration(), size: 4)
        let before = try await pool.session { $0.backendPID }
        try await server.stop()
        for _ in 0..<20 {
            let error = try await postgresError { try await pool.session { _ in } }
            #expect(error.code == .connectionFailed)
            #expect(error.message.contains("check that the server is running"))
        }
        try await server.restart()
        try await eventually("the pool reconnects") {
            do {
                return try await pool.session { $0.backendPID } != before
            } catch let error as PostgresError {
                #expect(error.code == .connectionFailed)
                return false
            }
        }
        await pool.close()
    }
}
