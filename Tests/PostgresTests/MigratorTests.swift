import Postgres
import PostgresTesting
import Testing

@Suite("Migrations")
struct MigratorTests {
    private static let files = [
        Migration(version: 1, name: "things", sql: "CREATE TABLE things (a int);"),
        Migration(
            version: 2, name: "more",
            sql: """
                ALTER TABLE things ADD b text;
                CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$
                BEGIN
                    RETURN n * 2; -- a semicolon; inside
                END $$;
                """),
    ]

    @Test("files are applied once, in order")
    func applies() async throws {
        try await withConnection { connection in
            let migrator = Migrator(files: Self.files)
            #expect(try await migrator.migrate(on: connection) == Self.files)
            #expect(try await migrator.migrate(on: connection) == [])
            let more = Self.files + [Migration(version: 3, name: "last", sql: "DROP TABLE things")]
            #expect(try await Migrator(files: more).migrate(on: connection) == [more[2]])
            let rows = try await connection.session { session in
                try session.query("SELECT version, name, length(checksum) FROM schema_migrations")
            }
            #expect(
                rows.rows == [["1", "things", "32"], ["2", "more", "32"], ["3", "last", "32"]])
        }
    }

    @Test("of many concurrent migrators, one applies each file")
    func concurrent() async throws {
        try await TestServer.shared().withScratchDatabase { configuration in
            let applied = try await withThrowingTaskGroup(of: [Migration].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let connection = try await Connection.open(configuration)
                        defer { Task { await connection.close() } }
                        return try await Migrator(files: Self.files).migrate(on: connection)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.map(\.version).sorted() == [1, 2])
        }
    }

    @Test("a file that changed after it was applied is refused by name")
    func changed() async throws {
        try await withConnection { connection in
            try await Migrator(files: Self.files).migrate(on: connection)
            var files = Self.files
            files[0] = Migration(version: 1, name: "things", sql: "CREATE TABLE things (a int8);")
            let changed = Migrator(files: files)
            let error = try await postgresError { try await changed.migrate(on: connection) }
            #expect(error.code == .migration)
            #expect(error.message.contains("0001_things.sql was changed"))
        }
    }

    @Test("a database newer than the files is refused")
    func newer() async throws {
        try await withConnection { connection in
            try await Migrator(files: Self.files).migrate(on: connection)
            let older = Migrator(files: [Self.files[0]])
            let error = try await postgresError { try await older.migrate(on: connection) }
            #expect(error.code == .migration)
            #expect(error.message.contains("version 2"))
        }
    }

    @Test("a failing file changes nothing, and the error names file and line")
    func failing() async throws {
        let cases: [(sql: String, line: Int)] = [
            ("CREATE TABLE extra (a int);\n\nSELECT oops;\n", 3),
            ("CREATE TABLE extra ();\n-- a; comment\n/* x;\n */\nCREATE TABLE extra ();", 5),
            ("SELECT 1;\n\nSELECT\n  'a;b', $$;\n$$, E'\\';', \"oops\";", 5),
            ("\nCREATE TABLE extra (a int) SELEC", 2),
        ]
        try await withConnection { connection in
            try await Migrator(files: Self.files).migrate(on: connection)
            for (sql, line) in cases {
                let broken = Self.files + [Migration(version: 3, name: "broken", sql: sql)]
                let error = try await postgresError {
                    try await Migrator(files: broken).migrate(on: connection)
                }
                #expect(error.code == .migration)
                let place = "0003_broken.sql, line \(line):"
                #expect(error.message.contains(place), "\(error.message)")
                #expect(error.cause is PostgresError)
                let found = try await connection.session { session in
                    try session.query(
                        "SELECT (SELECT count(*) FROM schema_migrations), to_regclass('extra')")
                }
                #expect(found.rows == [["2", nil]])
            }
        }
    }

    @Test("a file that ends its transaction is refused")
    func commits() async throws {
        try await withConnection { connection in
            let migrator = Migrator(files: [Migration(version: 1, name: "sly", sql: "COMMIT")])
            let error = try await postgresError { try await migrator.migrate(on: connection) }
            #expect(error.message.contains("0001_sly.sql ends the transaction"))
        }
    }

    @Test("files are numbered from 1 without gaps")
    func numbering() async throws {
        try await withConnection { connection in
            for numbers in [[2], [1, 1], [1, 3]] {
                let files = numbers.map { Migration(version: $0, name: "a", sql: "SELECT 1") }
                await #expect(throws: PostgresError.self) {
                    try await Migrator(files: files).migrate(on: connection)
                }
            }
        }
    }
}
