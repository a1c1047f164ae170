import Postgres
import PostgresTesting
import Testing

@Suite("Pipelines")
struct PipelineTests {
    private struct Insert: Statement {
        static let sql = "INSERT INTO t VALUES ($1) RETURNING a"
        static let columns = Columns(Int64.self)
        let value: Int64
        var parameters: Parameters { Parameters(value) }
    }

    @Test("several statements answer in order, prepared or not")
    func order() async throws {
        for prepares in [true, false] {
            try await TestServer.shared().withScratchDatabase { configuration in
                var configuration = configuration
                configuration.preparesStatements = prepares
                let connection = try await Connection.open(configuration)
                for _ in 0..<2 {
                    let rows = try await connection.session { session in
                        try session.pipeline(
                            Echo(value: "x"), Numbers(upTo: 3), Echo(value: Int64?.none),
                            Numbers(upTo: 0), Numbers(upTo: 1))
                    }
                    #expect(rows.0 == ["x"])
                    #expect(rows.1 == [1, 2, 3])
                    #expect(rows.2 == [nil])
                    #expect(rows.3 == [])
                    #expect(rows.4 == [1])
                }
            }
        }
    }

    @Test("the first error is thrown, everything is drained, and the session stays usable")
    func drains() async throws {
        try await withConnection { connection in
            try await connection.session { session in
                for _ in 0..<2 {
                    do throws(PostgresError) {
                        _ = try session.pipeline(
                            Numbers(upTo: 2), Divide(dividend: 1, divisor: 0),
                            Numbers(upTo: 3), Echo(value: PostgresUUID(high: 1, low: 1)))
                        Issue.record("a division by zero went through")
                    } catch {
                        #expect(error.code == .dataError)
                        #expect(error.statement == "Divide")
                    }
                    #expect(try session.run(Numbers(upTo: 2)) == [1, 2])
                }
                let rows = try session.pipeline(Numbers(upTo: 1), Numbers(upTo: 2))
                #expect(rows.0 == [1] && rows.1 == [1, 2])
            }
        }
    }

    @Test("outside a transaction a pipeline is one transaction")
    func atomic() async throws {
        try await withConnection { connection in
            try await connection.session { try $0.execute("CREATE TABLE t (a int8 PRIMARY KEY)") }
            let error = try await postgresError {
                try await connection.session { session in
                    try session.pipeline(Insert(value: 1), Insert(value: 2), Insert(value: 1))
                }
            }
            #expect(error.code == .uniqueViolation)
            let count = try await connection.session { try $0.query("SELECT count(*) FROM t") }
            #expect(count.rows == [["0"]])
        }
    }

    @Test("a pipeline with megabytes in both directions doesn't deadlock")
    func large() async throws {
        let big = [UInt8](repeating: 7, count: 8 << 20)
        try await withConnection { connection in
            let sizes = try await connection.session { session in
                let rows = try session.pipeline(
                    Echo(value: big), Echo(value: big), Echo(value: big))
                return [rows.0[0].count, rows.1[0].count, rows.2[0].count]
            }
            #expect(sizes == [big.count, big.count, big.count])
        }
    }
}
