import Postgres
import PostgresTesting
import Testing

@Suite("Behind PgBouncer in transaction mode")
struct PgBouncerTests {
    private func withBouncer(
        prepares: Bool = false, _ body: (PostgresConfiguration) async throws -> Void
    ) async throws {
        let server = try await TestServer.shared()
        let bouncer = try await TestPgBouncer.start(before: server)
        try await server.withScratchDatabase { direct in
            var configuration = bouncer.configuration(like: direct)
            configuration.preparesStatements = prepares
            configuration.statementTimeout = .seconds(30)
            try await body(configuration)
        }
    }

    @Test("statements, transactions, COPY, pipelines and migrations work")
    func works() async throws {
        try await withBouncer { configuration in
            let pool = Pool(configuration, size: 6, waitMax: .seconds(60))
            try await pool.withConnection { connection async throws in
                let files = [Migration(version: 1, name: "t", sql: "CREATE TABLE t (a int8)")]
                #expect(try await Migrator(files: files).migrate(on: connection) == files)
            }
            // More clients than server connections, so statements wander between them.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        try await pool.transaction { session throws in
                            let rows = try session.pipeline(
                                Echo(value: Int64(number)), Numbers(upTo: 2), Echo(value: "x"))
                            #expect(rows.0 == [Int64(number)])
                            #expect(rows.1 == [1, 2])
                            try session.copyIn("COPY t FROM STDIN", [Array("\(number)\n".utf8)])
                            #expect(try session.query("SHOW statement_timeout").rows == [["30s"]])
                        }
                        let rows = try await pool.session { try $0.run(Numbers(upTo: 5)) }
                        #expect(rows == [1, 2, 3, 4, 5])
                    }
                }
                try await group.waitForAll()
            }
            let sum = try await pool.session { try $0.query("SELECT sum(a) FROM t") }
            #expect(sum.rows == [["1770"]])
            await pool.close()
        }
    }

    @Test("cancelling works, and errors leave the connection usable")
    func cancels() async throws {
        try await withBouncer { configuration in
            let connection = try await Connection.open(configuration)
            let other = try await Connection.open(configuration)
            let work = Task {
                try await connection.session { try $0.execute("SELECT pg_sleep(600) -- here") }
            }
            try await eventually("it sleeps") {
                let busy = try await other.session { session in
                    try session.query(
                        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%600) -- here'")
                }
                return busy.rows == [["1"]]
            }
            work.cancel()
            #expect(try await postgresError { try await work.value }.code == .cancelled)
            let error = try await postgresError {
                try await connection.session { try $0.one(Divide(dividend: 1, divisor: 0)) }
            }
            #expect(error.code == .dataError)
            #expect(try await connection.session { try $0.one(Echo(value: true)) })
            await connection.close()
            await other.close()
        }
    }

    @Test("prepared statements that were left on by mistake are not fatal")
    func fallsBack() async throws {
        try await withBouncer(prepares: true) { configuration in
            let pool = Pool(configuration, size: 6, waitMax: .seconds(60))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<60 {
                    group.addTask {
                        let rows = try await pool.session { try $0.run(Numbers(upTo: 5)) }
                        #expect(rows == [1, 2, 3, 4, 5])
                    }
                }
                try await group.waitForAll()
            }
            await pool.close()
        }
    }
}
