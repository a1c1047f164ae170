/// One file of the schema's history: `0001_name.sql`.
package struct Migration: Sendable, Equatable {
    package let version: Int
    package let name: String
    package let sql: String

    package init(version: Int, name: String, sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
    }

    package var fileName: String {
        let digits = String(version)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
            + "_\(name).sql"
    }
}

extension Migrator {
    static func checkNumbering(_ migrations: [Migration]) throws(PostgresError) {
        for (index, migration) in migrations.enumerated() where migration.version != index + 1 {
            throw failure(
                "\(migration.fileName) should have the number \(index + 1); "
                    + "migrations are numbered from 1 without gaps or duplicates")
        }
    }

    static func failure(_ message: String, cause: (any Error)? = nil) -> PostgresError {
        PostgresError(.migration, message, cause: cause)
    }
}
