/// Brings a database's schema forward, file by file.
///
/// Each file runs in one transaction together with its row in `schema_migrations`, under an
/// advisory lock that the transaction holds (so it works behind PgBouncer and needs no unlocking):
/// of several migrators, one applies a file and the others see it done. An applied file must never
/// change, and a database that is ahead of the files is refused. There is no way back: write
/// another file.
///
/// After the files come the objects, whose current text is all that counts; see `SchemaObjects`.
package struct Migrator: Sendable {
    package let files: [Migration]
    package let objects: SchemaObjects?

    package init(files: [Migration], objects: SchemaObjects? = nil) {
        self.files = files
        self.objects = objects
    }

    /// Applies the files that are missing, and replaces the objects that changed; returns the
    /// applied files.
    ///
    /// A failing file changes nothing, and the error names the file and the line.
    @discardableResult
    package func migrate(on connection: Connection) async throws -> [Migration] {
        try Self.checkNumbering(files)
        var applied: [Migration] = []
        while let migration = try await connection.transaction({ try step(in: $0) }) {
            applied.append(migration)
        }
        if let objects {
            try await connection.transaction { session in
                try session.execute(LockMigrations())
                try objects.replace(in: session)
            }
        }
        return applied
    }

    /// The state of a database relative to the files.
    package enum State: Sendable {
        /// No file has been applied.
        case missing
        case older, current, newer
    }

    /// Compares a database with the files and changes nothing.
    ///
    /// A file changed after it was applied is an error.
    package func state(on connection: Connection) async throws -> State {
        try await connection.transaction(readOnly: true) { session throws(PostgresError) in
            guard try session.one(HasMigrations()) else { return .missing }
            let known = try session.run(ListMigrations())
            if known.isEmpty { return .missing }
            if known.count > files.count { return .newer }
            try check(known, in: session)
            return known.count < files.count ? .older : .current
        }
    }

    /// Applies the next file, if there is one.
    private func step(in session: Session) throws(PostgresError) -> Migration? {
        try session.execute(LockMigrations())
        try session.execute(Self.createTable)
        let known = try session.run(ListMigrations())
        try check(known, in: session)
        guard known.count < files.count else { return nil }
        let file = files[known.count]
        do {
            try session.execute(file.sql)
        } catch {
            throw Self.failed(file.fileName, file.sql, error)
        }
        guard session.isInTransaction else {
            throw Self.failure(
                "\(file.fileName) ends the transaction it runs in; remove COMMIT and ROLLBACK")
        }
        try session.execute(RecordMigration(file: file))
        return file
    }

    private func check(
        _ known: [ListMigrations.Row], in session: Session
    ) throws(PostgresError) {
        for (index, row) in known.enumerated() {
            guard row.version == index + 1 else {
                throw Self.failure(
                    "schema_migrations has no row for version \(index + 1); "
                        + "it was changed by hand; restore it")
            }
            guard index < files.count else {
                throw Self.failure(
                    "the database is at version \(known.count), but these files end at "
                        + "\(files.count); use a newer version of the program")
            }
            let file = files[index]
            let checksum = try session.one(Checksum(text: file.sql))
            guard row.checksum == checksum, row.name == file.name else {
                throw Self.failure(
                    "\(file.fileName) was changed after it was applied"
                        + (row.name == file.name ? "" : " under the name \(row.name)")
                        + "; restore it and put the change in a new file")
            }
        }
    }

    static func failed(
        _ fileName: String, _ sql: String, _ error: PostgresError
    ) -> PostgresError {
        if error.isConnectionGone { return error }
        let line = SQLText.line(of: error, in: sql)
        return failure("\(fileName), line \(line): \(error.message)", cause: error)
    }

    private static let createTable = """
        SET LOCAL client_min_messages = warning;
        CREATE TABLE IF NOT EXISTS public.schema_migrations (
            version int PRIMARY KEY CHECK (version > 0),
            name text NOT NULL,
            checksum bytea NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        )
        """
}

/// Makes all migrators of one database wait for each other.
private struct LockMigrations: Statement {
    static let sql = "SELECT pg_advisory_xact_lock(7234309766872164719)"
    static let columns = Columns()
}

private struct HasMigrations: Statement {
    static let sql = "SELECT to_regclass('public.schema_migrations') IS NOT NULL"
    static let columns = Columns(Bool.self)
    typealias Row = Bool
    static func row(_ cell: Bool) -> Bool { cell }
}

private struct ListMigrations: Statement {
    static let sql = "SELECT version, name, checksum FROM public.schema_migrations ORDER BY version"
    static let columns = Columns(Int32.self, String.self, [UInt8].self)

    struct Row {
        let version: Int
        let name: String
        let checksum: [UInt8]
    }

    static func row(_ cells: (Int32, String, [UInt8])) -> Row {
        Row(version: Int(cells.0), name: cells.1, checksum: cells.2)
    }
}

private struct Checksum: Statement {
    static let sql = "SELECT sha256(convert_to($1, 'UTF8'))"
    static let columns = Columns([UInt8].self)
    let text: String
    var parameters: Parameters { Parameters(text) }
}

private struct RecordMigration: Statement {
    static let sql = """
        INSERT INTO public.schema_migrations (version, name, checksum)
        VALUES ($1, $2, sha256(convert_to($3, 'UTF8')))
        """
    static let columns = Columns()
    let file: Migration
    var parameters: Parameters { Parameters(Int32(file.version), file.name, file.sql) }
}
