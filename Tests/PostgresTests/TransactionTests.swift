import Postgres
import PostgresTesting
import Testing

@Suite("Transactions")
struct TransactionTests {
    private struct Rows: Statement {
        static let sql = "SELECT a FROM t ORDER BY a"
        static let columns = Columns(Int32.self)
    }

    private func withTable(_ body: (Connection) async throws -> Void) async throws {
        try await withConnection { connection in
            try await connection.session { try $0.execute("CREATE TABLE t (a int PRIMARY KEY)") }
            try await body(connection)
        }
    }

    @Test("a transaction that returns is committed, one that throws leaves nothing")
    func commitAndRollback() async throws {
        try await withTable { connection in
            try await connection.transaction { try $0.execute("INSERT INTO t VALUES (1)") }
            await #expect(throws: OwnError(number: 7)) {
                try await connection.transaction { session in
                    try session.execute("INSERT INTO t VALUES (2)")
                    throw OwnError(number: 7)
                }
            }
            #expect(try await connection.session { try $0.run(Rows()) } == [1])
        }
    }

    @Test("a transaction begins with its first statement, whatever kind that is")
    func beginsWithFirst() async throws {
        struct Started: Statement {
            static let sql = "SELECT pg_current_xact_id_if_assigned() IS NULL"
            static let columns = Columns(Bool.self)
        }
        try await withTable { connection in
            try await connection.transaction { session in
                #expect(session.isInTransaction)
                #expect(try session.pipeline(Started(), Rows()).0 == [true])
                try session.execute("INSERT INTO t VALUES (1)")
            }
            await #expect(throws: OwnError(number: 1)) {
                try await connection.transaction { session in
                    _ = try session.copyIn("COPY t FROM STDIN", [Array("2\n".utf8)])
                    throw OwnError(number: 1)
                }
            }
            try await connection.transaction { _ in }
            await #expect(throws: OwnError(number: 2)) {
                try await connection.transaction(readOnly: true) { session in
                    let error = #expect(throws: PostgresError.self) {
                        try session.execute("INSERT INTO t VALUES (3)")
                    }
                    #expect(error?.sqlState == "25006")
                    throw OwnError(number: 2)
                }
            }
            #expect(try await connection.session { try $0.run(Rows()) } == [1])
        }
    }

    @Test("a COPY that commits leaves its rows, and after any error nothing")
    func copyCommits() async throws {
        try await withTable { connection in
            try await connection.transaction { session in
                try session.execute("INSERT INTO t VALUES (1)")
                try session.copyInAndCommit("COPY t FROM STDIN") { try $0.write("2\n3\n") }
            }
            #expect(try await connection.session { try $0.run(Rows()) } == [1, 2, 3])
            let error = try await postgresError {
                try await connection.transaction { session in
                    try session.execute("INSERT INTO t VALUES (4)")
                    try session.copyInAndCommit("COPY t FROM STDIN") { try $0.write("5\n1\n") }
                }
            }
            #expect(error.code == .uniqueViolation)
            await #expect(throws: OwnError(number: 9)) {
                try await connection.transaction { session in
                    try session.copyInAndCommit("COPY t FROM STDIN") { writer in
                        try writer.write("6\n")
                        throw OwnError(number: 9)
                    }
                }
            }
            try await connection.transaction { try $0.execute("INSERT INTO t VALUES (7)") }
            #expect(try await connection.session { try $0.run(Rows()) } == [1, 2, 3, 7])
        }
    }

    @Test("a rollback keeps the first error, even on a lost connection")
    func firstErrorStays() async throws {
        try await withTable { connection in
            let error = try await postgresError {
                try await connection.transaction { session in
                    try session.execute("INSERT INTO t VALUES (1), (1)")
                }
            }
            #expect(error.code == .uniqueViolation)
            await #expect(throws: OwnError(number: 3)) {
                try await connection.transaction { session in
                    // The backend terminates itself, so the rollback has no server.
                    _ = try? session.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                    throw OwnError(number: 3)
                }
            }
        }
    }

    @Test("an error that the body drops still stops the commit")
    func droppedError() async throws {
        try await withTable { connection in
            let error = try await postgresError {
                try await connection.transaction { session in
                    try session.execute("INSERT INTO t VALUES (1)")
                    _ = try? session.execute("INSERT INTO t VALUES (1)")
                }
            }
            #expect((error.cause as? PostgresError)?.code == .uniqueViolation)
            #expect(try await connection.session { try $0.run(Rows()) } == [])
        }
    }

    @Test("a savepoint undoes only its own part")
    func savepoints() async throws {
        try await withTable { connection in
            try await connection.transaction { session in
                try session.execute("INSERT INTO t VALUES (1)")
                #expect(throws: PostgresError.self) {
                    try session.savepoint {
                        try session.execute("INSERT INTO t VALUES (2)")
                        try session.savepoint { try session.execute("INSERT INTO t VALUES (3)") }
                        try session.execute("INSERT INTO t VALUES (1)")
                    }
                }
                try session.savepoint { try session.execute("INSERT INTO t VALUES (4)") }
            }
            #expect(try await connection.session { try $0.run(Rows()) } == [1, 4])
        }
    }

    @Test("isolation, read-only and the statement timeout hold for the transaction only")
    func settings() async throws {
        try await TestServer.shared().withScratchDatabase { configuration in
            var configuration = configuration
            configuration.statementTimeout = .milliseconds(1_500)
            let connection = try await Connection.open(configuration)
            let inside = try await connection.transaction(
                isolation: .serializable, readOnly: true
            ) { session in
                try ["transaction_isolation", "transaction_read_only", "statement_timeout"].map {
                    try session.query("SHOW \($0)").rows[0][0]
                }
            }
            #expect(inside == ["serializable", "on", "1500ms"])
            let outside = try await connection.session { try $0.query("SHOW statement_timeout") }
            #expect(outside.rows == [["0"]])
        }
    }

    @Test("the server's statement timeout is timedOut, and the connection stays usable")
    func statementTimeout() async throws {
        try await TestServer.shared().withScratchDatabase { configuration in
            var configuration = configuration
            configuration.statementTimeout = .milliseconds(20)
            let connection = try await Connection.open(configuration)
            let error = try await postgresError {
                try await connection.transaction { try $0.execute("SELECT pg_sleep(60)") }
            }
            #expect(error.code == .timedOut)
            #expect(!error.isConnectionGone)
            #expect(try await connection.session { try $0.one(Echo(value: true)) })
        }
    }

    @Test("leaving a transaction open is an error, and it is rolled back")
    func leftOpen() async throws {
        try await withTable { connection in
            let error = try await postgresError {
                try await connection.session { try $0.execute("BEGIN; INSERT INTO t VALUES (1)") }
            }
            #expect(error.code == .invalidParameter)
            #expect(try await connection.session { try $0.run(Rows()) } == [])
        }
    }
}
