/// A view, or a function that views use: its current text, in a separate file.
///
/// The text can be rerun at any time (`CREATE OR REPLACE`) and includes comments and grants.
package struct SchemaObject: Sendable, Equatable {
    /// Schema and name, such as `audit.requests`; the file is called `audit.requests.sql`.
    package let name: String
    package let sql: String

    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    package var fileName: String { "\(name).sql" }
}

/// Schema objects that always match the current text of their files.
///
/// An object is replaced if its text differs from the one applied last, if somebody dropped it, or
/// if it names a replaced object. Unchanged objects are not locked, so a start with nothing to do
/// disturbs nobody. A view whose columns can't be replaced is dropped and made again, together with
/// our views that use it; if another view uses it, that is an error and nothing changes. The last
/// to start decides: a view that loses or renames a column comes with a migration, so older
/// programs are refused.
package struct SchemaObjects: Sendable {
    package let objects: [SchemaObject]
    /// The role that owns the objects.
    private let owner: String

    package init(_ objects: [SchemaObject], owner: String) {
        self.objects = objects
        self.owner = owner
    }

    /// Makes the database's objects match, in the session's transaction.
    func replace(in session: Session) throws {
        try session.execute(Self.createTable)
        let changes = try session.run(ListChanges(objects: objects))
        guard !changes.isEmpty else { return }
        let gone = changes.filter(\.isGone).map(\.name)
        try session.execute("SET LOCAL ROLE \(owner)")
        let replaced = try replace(
            Set(changes.lazy.filter { !$0.isGone }.map(\.name)), in: session)
        try drop(gone, in: session)
        try session.execute("RESET ROLE")
        try session.execute(RecordObjects(objects: replaced))
        try session.execute(ForgetObjects(names: gone))
    }

    /// Replaces these objects and those that name them; returns all of them.
    private func replace(
        _ changed: Set<String>, in session: Session
    ) throws -> [SchemaObject] {
        var due = changed
        var replaced: [SchemaObject] = []
        let inOrder = inOrder()
        for (index, next) in inOrder.enumerated()
        where due.contains(next.object.name) || !next.uses.isDisjoint(with: due) {
            due.insert(next.object.name)
            replaced.append(next.object)
            do {
                try create(next.object, before: inOrder[(index + 1)...], in: session)
            } catch let error as PostgresError {
                throw Migrator.failed(next.object.fileName, next.object.sql, error)
            }
        }
        return replaced
    }

    private func create(
        _ object: SchemaObject, before later: ArraySlice<Placed>, in session: Session
    ) throws {
        do {
            try session.savepoint { try session.execute(object.sql) }
        } catch let error as PostgresError where error.sqlState == SQLState.columnsDiffer {
            // Its users come later, and are due because this is.
            var dropped = [object.name]
            for next in later where !next.uses.isDisjoint(with: dropped) {
                dropped.append(next.object.name)
            }
            try session.execute("DROP VIEW IF EXISTS \(dropped.joined(separator: ", "))")
            try session.execute(object.sql)
        }
    }

    private func drop(_ names: [String], in session: Session) throws {
        let views = try names.filter { try session.one(IsView(name: $0)) }
        if !views.isEmpty { try session.execute("DROP VIEW \(views.joined(separator: ", "))") }
        for name in names where !views.contains(name) {
            try session.execute("DROP ROUTINE IF EXISTS \(name)")
        }
    }

    private static let createTable = """
        SET LOCAL client_min_messages = warning;
        CREATE TABLE IF NOT EXISTS public.schema_objects (
            name text PRIMARY KEY,
            digest bytea NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        )
        """
}

// MARK: The order

extension SchemaObjects {
    /// An object with the others that its text names; names in comments count too, harmlessly.
    private struct Placed {
        let object: SchemaObject
        let uses: Set<String>
    }

    /// Sorts the objects, each after those that it uses.
    private func inOrder() -> [Placed] {
        let names = Set(objects.map(\.name))
        var waiting = objects.sorted { $0.name < $1.name }.map { object in
            let uses = Self.words(of: object.sql).intersection(names).subtracting([object.name])
            return Placed(object: object, uses: uses)
        }
        var placed: [Placed] = []
        while !waiting.isEmpty {
            let open = Set(waiting.map(\.object.name))
            guard let next = waiting.firstIndex(where: { $0.uses.isDisjoint(with: open) }) else {
                preconditionFailure("\(open.sorted()) name each other")
            }
            placed.append(waiting.remove(at: next))
        }
        return placed
    }

    private static func words(of sql: String) -> Set<String> {
        let dot = UInt8(ascii: ".")
        let words = sql.utf8.split { byte in
            let letter = byte | 0x20
            return
                !(letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
                || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
                || byte == UInt8(ascii: "_") || byte == dot)
        }
        return Set(
            words.map { String(decoding: $0.last == dot ? $0.dropLast() : $0, as: UTF8.self) })
    }
}

/// Lists the objects that differ from their files, or no longer have one.
private struct ListChanges: Statement {
    static let sql = """
        SELECT coalesce(files.name, known.name), files.name IS NULL
        FROM unnest($1::text[], $2::text[]) AS files (name, sql)
        FULL JOIN public.schema_objects AS known ON known.name = files.name
        WHERE known.digest IS DISTINCT FROM sha256(convert_to(files.sql, 'UTF8'))
            OR (to_regclass(files.name) IS NULL AND to_regproc(files.name) IS NULL)
        """
    static let columns = Columns(String.self, Bool.self)
    let objects: [SchemaObject]
    var parameters: Parameters { Parameters(objects.map(\.name), objects.map(\.sql)) }

    static func row(_ cells: (String, Bool)) -> (name: String, isGone: Bool) { cells }
}

private struct IsView: Statement {
    static let sql = "SELECT to_regclass($1) IS NOT NULL"
    static let columns = Columns(Bool.self)
    let name: String
    var parameters: Parameters { Parameters(name) }
}

private struct RecordObjects: Statement {
    static let sql = """
        INSERT INTO public.schema_objects (name, digest)
        SELECT name, sha256(convert_to(sql, 'UTF8'))
        FROM unnest($1::text[], $2::text[]) AS files (name, sql)
        ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, applied_at = now()
        """
    static let columns = Columns()
    let objects: [SchemaObject]
    var parameters: Parameters { Parameters(objects.map(\.name), objects.map(\.sql)) }
}

private struct ForgetObjects: Statement {
    static let sql = "DELETE FROM public.schema_objects WHERE name = ANY ($1)"
    static let columns = Columns()
    let names: [String]
    var parameters: Parameters { Parameters(names) }
}
