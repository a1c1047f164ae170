import Foundation
import Migrations
import Postgres
import PostgresTesting
import Testing

/// What an upgrade makes of rows that are there already.
@Suite("Upgrades")
struct UpgradeTests {
    @Test("keys that administered every ledger become operators, and are told from others")
    func promotedKeys() async throws {
        try await TestServer.shared().withScratchDatabase { configuration in
            let connection = try await Connection.open(configuration)
            defer { Task { await connection.close() } }
            let old = ledgerSchema.files.filter { $0.version < 24 }
            _ = try await Migrator(files: old).migrate(on: connection)
            try await connection.session { session in
                for (number, scopes, revoked) in [
                    (1, "{admin,read}", "NULL"), (2, "{ingest}", "NULL"), (3, "{admin}", "now()"),
                ] {
                    _ = try session.execute(
                        """
                        INSERT INTO tally.api_keys (key_id, ledger_id, name, scopes, digest, revoked_at)
                        VALUES ('00000000-0000-7000-8000-00000000000\(number)', \(number + 6), 'k',
                            '\(scopes)', sha256('\(number)'), \(revoked))
                        """)
                }
            }
            _ = try await ledgerSchema.migrate(on: connection)
            let rows = try await connection.session { session in
                try session.query(
                    """
                    SELECT ledger_ids, scopes, promoted_at IS NOT NULL FROM tally.api_keys
                    ORDER BY key_id
                    """
                ).rows
            }
            #expect(
                rows == [
                    ["{7}", "{admin,read,operator}", "t"], ["{8}", "{ingest}", "f"],
                    ["{9}", "{admin}", "f"],
                ])
        }
    }
}
