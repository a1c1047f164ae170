import Postgres
import PostgresTesting
import Testing

@Suite("Objects whose current text counts")
struct SchemaObjectTests {
    private static let files = [
        Migration(
            version: 1, name: "things",
            sql: """
                DO $$ BEGIN
                    CREATE ROLE things_owner;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
                END $$;
                CREATE SCHEMA s AUTHORIZATION things_owner;
                SET LOCAL ROLE things_owner;
                CREATE TABLE s.things (a int, b text);
                RESET ROLE;
                """)
    ]
    /// Listed against their order: s.both uses s.part and s.twice.
    private static let objects = [
        "s.both": "CREATE OR REPLACE VIEW s.both AS SELECT s.twice(a) AS a FROM s.part;",
        "s.part": "CREATE OR REPLACE VIEW s.part AS SELECT a, b FROM s.things;",
        "s.twice": "CREATE OR REPLACE FUNCTION s.twice(n int) RETURNS int LANGUAGE sql AS "
            + "'SELECT 2 * n';",
    ]

    @Test("an object comes after those that it names, and belongs to the owner")
    func orders() async throws {
        try await withDatabase { database in
            try await database.migrate(Self.objects)
            #expect(
                try await database.query(
                    "SELECT relowner::regrole FROM pg_class "
                        + "WHERE oid = ANY ('{s.both, s.part}'::regclass[])")
                    == [["things_owner"], ["things_owner"]])
        }
    }

    @Test("an unchanged object is left alone")
    func leavesAlone() async throws {
        try await withDatabase { database in
            try await database.migrate(Self.objects)
            let before = try await database.written()
            try await database.migrate(Self.objects)
            #expect(try await database.written() == before)
            var changed = Self.objects
            changed["s.both"] = "CREATE OR REPLACE VIEW s.both AS SELECT 3 * a AS a FROM s.part;"
            try await database.migrate(changed)
            let after = try await database.written()
            #expect(after.filter { before.contains($0) }.map(\.first) == ["s.part", "s.twice"])
        }
    }

    @Test("an object that names a replaced one is replaced with it")
    func followsItsParts() async throws {
        try await withDatabase { database in
            try await database.migrate(Self.objects)
            let before = try await database.written()
            var changed = Self.objects
            changed["s.twice"] = Self.objects["s.twice"]?.replacing("2 * n", with: "n + n")
            try await database.migrate(changed)
            let after = try await database.written()
            #expect(after.filter { before.contains($0) }.map(\.first) == ["s.part"])
        }
    }

    @Test("a view that loses a column is created again, and so are the views that use it")
    func dropsColumns() async throws {
        try await withDatabase { database in
            try await database.migrate(Self.objects)
            var changed = Self.objects
            changed["s.part"] = "CREATE OR REPLACE VIEW s.part AS SELECT a FROM s.things;"
            try await database.migrate(changed)
            _ = try await database.query("INSERT INTO s.things VALUES (21, 'x')")
            #expect(try await database.query("SELECT * FROM s.part") == [["21"]])
            #expect(try await database.query("SELECT * FROM s.both") == [["42"]])
        }
    }

    @Test("somebody else's view stops a change that would break it, and nothing is changed")
    func sparesOthers() async throws {
        try await withDatabase { database in
            try await database.migrate(Self.objects)
            _ = try await database.query("CREATE VIEW public.mine AS SELECT b FROM s.part")
            let before = try await database.written()
            var changed = Self.objects
            changed["s.part"] = "CREATE OR REPLACE VIEW s.part AS SELECT a FROM s.things;"
            changed["s.both"] = nil
            let error = try await postgresError { try await database.migrate(changed) }
            #expect(error.message.contains("s.part.sql, line 1:"), "\(error)")
            #expect(error.message.contains("other objects depend on it"), "\(error)")
            #expect(try await database.written() == before)
            #expect(try await database.query("SELECT b FROM public.mine") == [])
        }
    }

    @Test("a dropped object is created again, and an object without a file is dropped")
    func comesAndGoes() async throws {
        try await withDatabase { database in
            try await database.migrate(Self.objects)
            _ = try await database.query("DROP VIEW s.part CASCADE")
            try await database.migrate(Self.objects)
            #expect(try await database.query("SELECT * FROM s.both") == [])
            try await database.migrate(["s.part": Self.objects["s.part"] ?? ""])
            #expect(
                try await database.query(
                    "SELECT to_regclass('s.part'), to_regclass('s.both'), to_regproc('s.twice')")
                    == [["s.part", nil, nil]])
        }
    }

    @Test("a text that fails changes nothing, and the error names file and line")
    func fails() async throws {
        try await withDatabase { database in
            try await database.migrate(Self.objects)
            let before = try await database.written()
            var changed = Self.objects
            changed["s.part"] =
                "CREATE OR REPLACE VIEW s.part AS SELECT a, b, 1 AS c FROM s.things;"
            changed["s.both"] = "-- Broken.\nSELECT oops;"
            let error = try await postgresError { try await database.migrate(changed) }
            #expect(error.message.contains("s.both.sql, line 2:"), "\(error)")
            #expect(try await database.written() == before)
        }
    }

    @Test("of many programs that start at once, all find the objects created")
    func concurrent() async throws {
        try await withDatabase { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try await database.migrate(Self.objects) } }
                try await group.waitForAll()
            }
            #expect(try await database.written().count == 3)
        }
    }

    private struct Database {
        let configuration: PostgresConfiguration

        func migrate(_ objects: [String: String]) async throws {
            let migrator = Migrator(
                files: SchemaObjectTests.files,
                objects: SchemaObjects(
                    objects.map { SchemaObject(name: $0.key, sql: $0.value) },
                    owner: "things_owner"))
            let connection = try await Connection.open(configuration)
            defer { Task { await connection.close() } }
            _ = try await migrator.migrate(on: connection)
        }

        func query(_ sql: String) async throws -> [[String?]] {
            let connection = try await Connection.open(configuration)
            defer { Task { await connection.close() } }
            return try await connection.session { try $0.query(sql).rows }
        }

        /// The applied texts of objects, with their times.
        func written() async throws -> [[String?]] {
            try await query("SELECT name, digest, applied_at FROM schema_objects ORDER BY name")
        }
    }

    private func withDatabase(_ body: (Database) async throws -> Void) async throws {
        try await TestServer.shared().withScratchDatabase { configuration in
            try await body(Database(configuration: configuration))
        }
    }
}
