import Postgres
import PostgresTesting
import Testing

@Suite("Statements")
struct StatementTests {
    @Test("a statement makes its own row from the columns")
    func ownRow() async throws {
        struct Point: Equatable { var x: Int32, y: Int32 }
        struct Points: Statement {
            static let sql = "SELECT * FROM (VALUES (1, 2), (3, 4)) AS points"
            static let columns = Columns(Int32.self, Int32.self)
            static func row(_ cells: (Int32, Int32)) -> Point { Point(x: cells.0, y: cells.1) }
        }
        try await withConnection { connection in
            let rows = try await connection.session { try $0.run(Points()) }
            #expect(rows == [Point(x: 1, y: 2), Point(x: 3, y: 4)])
        }
    }

    @Test("a statement is prepared once per connection, and again after its table changes")
    func prepares() async throws {
        struct All: Statement {
            static let sql = "SELECT * FROM things"
            static let columns = Columns(Int64.self)
        }
        struct Count: Statement {
            static let sql = "SELECT count(*) FROM pg_prepared_statements WHERE statement = $1"
            static let columns = Columns(Int64.self)
            var parameters: Parameters { Parameters(All.sql) }
        }
        try await withConnection { connection in
            try await connection.session { session throws in
                try session.execute("CREATE TABLE things (a int8); INSERT INTO things VALUES (1)")
                for _ in 0..<3 { #expect(try session.run(All()) == [1]) }
                #expect(try session.one(Count()) == 1)
                try session.execute("ALTER TABLE things ALTER a TYPE int4")
                #expect(try session.run(All()) == [1])
            }
        }
    }

    @Test("a column of another type is an error that names statement and column")
    func wrongType() async throws {
        struct Wrong: Statement {
            static let sql = "SELECT 1::int8 AS fine, 'x'::text AS surprising"
            static let columns = Columns(Int64.self, Int64.self)
        }
        struct Few: Statement {
            static let sql = "SELECT 1::int8, 2::int8"
            static let columns = Columns(Int64.self)
        }
        struct Null: Statement {
            static let sql = "SELECT NULL::int8 AS missing"
            static let columns = Columns(Int64.self)
        }
        try await withConnection { connection in
            func check<S: Statement>(_ statement: S, _ words: [String]) async throws {
                let error = try await postgresError {
                    try await connection.session { session in _ = try session.run(statement) }
                }
                #expect(error.code == .decoding)
                #expect(error.statement == "\(S.self)")
                for word in words { #expect(error.message.contains(word)) }
            }
            try await check(Wrong(), ["surprising", "text", "int8"])
            try await check(Few(), ["2 columns"])
            try await check(Null(), ["missing", "NULL"])
            #expect(try await connection.session { try $0.one(Echo(value: true)) })
        }
    }

    @Test("one() refuses zero and two rows; first() accepts any number")
    func cardinality() async throws {
        try await withConnection { connection in
            try await connection.session { session throws in
                #expect(throws: PostgresError.self) { try session.one(Numbers(upTo: 0)) }
                #expect(throws: PostgresError.self) { try session.one(Numbers(upTo: 2)) }
                #expect(try session.one(Numbers(upTo: 1)) == 1)
                #expect(try session.first(Numbers(upTo: 0)) == nil)
                #expect(try session.first(Numbers(upTo: 2)) == 1)
            }
        }
    }

    @Test("a refusal of the server has its code, its evidence and its statement")
    func mapsErrors() async throws {
        let cases: [(String, PostgresError.Code, String?)] = [
            ("INSERT INTO child VALUES (1, 1), (1, 1)", .uniqueViolation, "child_pkey"),
            ("INSERT INTO child VALUES (2, 9)", .foreignKeyViolation, "child_parent_fkey"),
            ("INSERT INTO child VALUES (-1, 1)", .checkViolation, "child_id_check"),
            ("INSERT INTO child VALUES (NULL, 1)", .notNullViolation, nil),
            ("SELECT * FROM nowhere", .undefinedTable, nil),
            ("SELECT nothing_such(1)", .undefinedFunction, nil),
            ("SELEC 1", .syntaxError, nil),
            ("SELECT 1/0", .dataError, nil),
            ("SET work_mem = 'many'", .invalidParameter, nil),
            ("SET ROLE nobody_special; SELECT 1 FROM parent", .insufficientPrivilege, nil),
            ("BEGIN READ ONLY; DELETE FROM parent", .readOnly, nil),
        ]
        try await withConnection { connection in
            try await connection.session { session throws in
                try session.execute(
                    """
                    DROP ROLE IF EXISTS nobody_special;
                    CREATE ROLE nobody_special;
                    CREATE TABLE parent (id int PRIMARY KEY);
                    INSERT INTO parent VALUES (1);
                    CREATE TABLE child (
                        id int PRIMARY KEY CHECK (id > 0), parent int REFERENCES parent)
                    """)
            }
            for (sql, code, constraint) in cases {
                let error = try await postgresError {
                    try await connection.session { try $0.execute(sql) }
                }
                #expect(error.code == code, "\(sql)")
                #expect(error.constraint == constraint, "\(sql)")
                #expect(error.sqlState?.count == 5, "\(sql)")
                #expect(error.statement == sql)
                #expect(!error.isConnectionGone)
                try await connection.session { try $0.execute("RESET ROLE") }
            }
            try await connection.session { try $0.execute("DROP ROLE nobody_special") }
        }
    }

    @Test("execute counts the rows of the last statement")
    func affected() async throws {
        try await withConnection { connection in
            try await connection.session { session throws in
                #expect(
                    try session.execute(
                        "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2), (3)") == 3)
                for copy in ["COPY t TO STDOUT; SELECT 1", "COPY t FROM STDIN"] {
                    #expect(session.refuses(copy) == .invalidParameter)
                }
                #expect(try session.execute("UPDATE t SET a = 0 WHERE a > 1") == 2)
            }
        }
    }

    @Test("describe returns the types that the server sees")
    func describe() async throws {
        try await withConnection { connection in
            let description = try await connection.session { session throws in
                try session.describe(
                    "SELECT $1::int8 AS number, $2::text AS word, now() AS time",
                    parameterTypes: [.int8])
            }
            #expect(description.parameters == [.int8, .text])
            #expect(description.columns == [.int8, .text, .timestamptz])
            #expect(description.columnNames == ["number", "word", "time"])
        }
    }

    @Test("arbitrary SQL returns text, up to a limit")
    func textQuery() async throws {
        try await withConnection { connection in
            try await connection.session { session throws in
                let small = try session.query("SELECT 1 AS a, NULL AS b, 'x' AS c")
                #expect(small.rows == [["1", nil, "x"]])
                #expect(small.columns.map(\.name) == ["a", "b", "c"])
                #expect(small.columns.map(\.type) == [.int4, .text, .text])
                #expect(!small.isTruncated)

                let endless = "SELECT generate_series(1, 1000000000)"
                let cut = try session.query(endless, rowsMax: 10)
                #expect(cut.rows.count == 10)
                #expect(cut.isTruncated)
                let wide = try session.query("SELECT repeat('x', 1000)", bytesMax: 100)
                #expect(wide.isTruncated && wide.rows.isEmpty)
                #expect(try session.query("SELECT 1 WHERE false").columns.count == 1)
                #expect(try session.query("SET work_mem = '4MB'").commandTag == "SET")
                #expect(throws: PostgresError.self) { try session.query("SELECT 1; SELECT 2") }
                #expect(try session.query("SELECT 2").rows == [["2"]])
            }
            try await connection.transaction { session throws in
                try session.execute(
                    "DECLARE c NO SCROLL CURSOR FOR SELECT n FROM generate_series(1, 25) AS n")
                var sizes: [Int] = []
                repeat {
                    sizes.append(try session.query("FETCH 10 FROM c").rows.count)
                } while sizes.last == 10
                #expect(sizes == [10, 10, 5])
            }
        }
    }
}

extension Session {
    /// The error code with which a text is refused.
    fileprivate func refuses(_ sql: String) -> PostgresError.Code? {
        do {
            try execute(sql)
            return nil
        } catch {
            return error.code
        }
    }
}
