package import LedgerModel
import LedgerSQL
package import Postgres

/// What PostgreSQL says of itself, and of the role that the service has there.
package struct ServerFacts: Sendable {
    package let now: Timestamp
    /// Settings that decide what a crash costs, by their names.
    package let settings: [String: String]
    package let connectionsMax: Int64
    package let role: String
    /// Rights of the role that a service should not have.
    package let powers: [String]

    package static func read(from pool: Pool) async throws -> ServerFacts {
        try await pool.session { try $0.one(ReadServerFacts()) }
    }
}

/// The service only has to append and read: no attribute of its role, and no right to change what
/// was appended.
struct ReadServerFacts: Statement {
    static let sql = """
        SELECT clock_timestamp(), names.list,
            ARRAY(SELECT current_setting(name) FROM unnest(names.list) AS name),
            current_setting('max_connections')::bigint, current_user::text,
            ARRAY(SELECT power FROM pg_roles CROSS JOIN LATERAL (VALUES
                    ('SUPERUSER', rolsuper), ('CREATEROLE', rolcreaterole),
                    ('CREATEDB', rolcreatedb), ('REPLICATION', rolreplication),
                    ('BYPASSRLS', rolbypassrls),
                    ('membership of tally_owner', pg_has_role(oid, 'tally_owner', 'MEMBER'))
                ) AS powers (power, has)
                WHERE rolname = current_user AND has
                UNION ALL
                SELECT privilege || ' on tally.' || relname
                FROM (VALUES ('events'), ('blocks'), ('identities')) AS appended (relname)
                CROSS JOIN (VALUES ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS rights (privilege)
                WHERE has_table_privilege('tally.' || relname, privilege))
        FROM (SELECT ARRAY['fsync', 'full_page_writes', 'synchronous_commit', 'wal_level',
            'data_checksums'] AS list) AS names
        """
    static let columns = Columns(
        Timestamp.self, [String].self, [String].self, Int64.self, String.self, [String].self)
    typealias Row = ServerFacts

    static func row(
        _ cells: (Timestamp, [String], [String], Int64, String, [String])
    ) throws(PostgresError) -> ServerFacts {
        ServerFacts(
            now: cells.0,
            settings: Dictionary(zip(cells.1, cells.2), uniquingKeysWith: { $1 }),
            connectionsMax: cells.3, role: cells.4, powers: cells.5)
    }
}
