internal import Glibc

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

    /// Reads `0001_name.sql`; nil for any other name.
    init?(fileName: String, sql: String) {
        guard fileName.hasSuffix(".sql") else { return nil }
        let parts = fileName.dropLast(4).split(separator: "_", maxSplits: 1)
        guard parts.count == 2, parts[0].utf8.count == 4, let version = Int(parts[0]),
            version > 0
        else { return nil }
        self.init(version: version, name: String(parts[1]), sql: sql)
    }
}

extension Migrator {
    /// A migration is text that people wrote; more than this is a mistake.
    static let fileBytesMax = 4 << 20

    /// Reads a folder of migrations, in order.
    ///
    /// Other files than `*.sql` are ignored; a gap, a duplicate number or an unreadable name is an
    /// error.
    package static func load(directory: String) throws(PostgresError) -> [Migration] {
        guard let folder = opendir(directory) else {
            throw failure("the migrations in \(directory) can't be read: \(reason())")
        }
        defer { closedir(folder) }
        var migrations: [Migration] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasSuffix(".sql") else { continue }
            let sql = try read("\(directory)/\(name)")
            guard let migration = Migration(fileName: name, sql: sql) else {
                throw failure("\(name) isn't named like 0001_what_it_does.sql; rename it")
            }
            migrations.append(migration)
        }
        migrations.sort { $0.version < $1.version }
        try checkNumbering(migrations)
        return migrations
    }

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

    private static func read(_ path: String) throws(PostgresError) -> String {
        guard let file = fopen(path, "re") else {
            throw failure("\(path) can't be read: \(reason())")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&piece, 1, piece.count, file)
            bytes.append(contentsOf: piece.prefix(count))
            guard bytes.count <= fileBytesMax else {
                throw failure("\(path) is larger than \(fileBytesMax) bytes; split it")
            }
            if count < piece.count { break }
        }
        guard ferror(file) == 0 else { throw failure("\(path) can't be read: \(reason())") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw failure("\(path) isn't UTF-8; convert it")
        }
        return text
    }

    private static func reason() -> String {
        String(cString: strerror(errno))
    }
}
