import Foundation
import Testing

/// Logins of PostgreSQL for other programs.
@Suite("Audit logins")
struct AuditLoginTests {
    private struct Created: Decodable {
        let user: String
        let password: String
        let url: String
    }

    /// What psql says to a statement, as a login.
    private func psql(_ url: String, _ sql: String) async throws -> CommandRun {
        try await CommandRun.run(
            "/usr/bin/env", ["psql", "-X", "-q", "-A", "-t", "-d", url, "-c", sql])
    }

    @Test(
        "the page's program reads one ledger through the embedded server, and does nothing else",
        .enabled("needs psycopg and sqlalchemy from PyPI") { await RecipePython.psycopg.isReady })
    func embedded() async throws {
        try await withEmbeddedPlace { place in
            let port = String(Int.random(in: 20_000...60_000))
            let options = ["--postgres-port", port, "--sample"]
            try await withService(on: place, options: options) { service in
                let run = try await place.tally(
                    "audit-login", "create", "reports", "--ledger", "sample", "--json")
                let login = try JSONDecoder().decode(Created.self, from: Data(run.output.utf8))
                #expect(login.user == "tally_audit_reports")
                #expect(login.url.hasSuffix("@127.0.0.1:\(port)/tally"))
                _ = try await place.tally("status")

                let page = try String(
                    contentsOfFile: Workplace.package + "/docs/bi.md", encoding: .utf8)
                let block = page.components(separatedBy: "```python\n")[1]
                    .components(separatedBy: "```")[0]
                let path = place.dataDirectory + "/bi.py"
                try block.write(toFile: path, atomically: true, encoding: .utf8)
                let program = try await RecipePython.psycopg.run(
                    path: path, environment: ["URL": login.url])
                #expect(program.exitCode == 0, "\(program.errors)")
                #expect(program.output.contains("growth ") && program.output.contains(" views"))

                let reflected = try await RecipePython.psycopg.run(
                    path: Workplace.client("reflect_views.py"), environment: ["URL": login.url])
                #expect(
                    reflected.exitCode == 0 && reflected.output.contains(" reflected"),
                    "\(reflected.errors)")

                let other = try await psql(
                    login.url, "SELECT count(*) FROM events WHERE ledger = 'default'")
                #expect(other.output == "0\n", "\(other)")
                for sql in [
                    "CREATE TABLE audit.x ()", "SELECT FROM tally.events",
                    "SELECT FROM tally.audit_roles", "SET ROLE tally_service",
                    "SET default_transaction_read_only = off; CREATE TEMP TABLE x ()",
                ] {
                    let refused = try await psql(login.url, sql)
                    #expect(refused.exitCode != 0, "\(sql): \(refused)")
                }
                for role in ["tally", "tally_service", "tally_owner"] {
                    let url = login.url.replacingOccurrences(of: login.user, with: role)
                    #expect(try await psql(url, "SELECT 1").errors.contains("rejects"), "\(role)")
                }

                let again = try await place.tally("audit-login", "create", "reports")
                #expect(again.exitCode == 65 && again.errors.contains("rotate reports"))
                let turned = try await place.tally("audit-login", "rotate", "reports", "--json")
                let new = try JSONDecoder().decode(Created.self, from: Data(turned.output.utf8))
                #expect(try await psql(login.url, "SELECT 1").exitCode != 0)
                #expect(try await psql(new.url, "SELECT 1").exitCode == 0)
                let list = try await place.tally("audit-login", "list").output
                #expect(list.contains("reports") && list.contains("sample"))
                #expect(!list.contains(new.password))
                #expect(try await place.tally("audit-login", "revoke", "reports").exitCode == 0)
                #expect(try await psql(new.url, "SELECT 1").exitCode != 0)
                #expect(try await place.tally("audit-login", "revoke", "reports").exitCode == 65)
            }
        }
    }
}
