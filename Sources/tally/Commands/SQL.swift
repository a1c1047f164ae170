import ArgumentParser
import Audit
import Booking
import EventStore
import Foundation
import Rendering

struct SQL: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Queries the audit views; without a query, prompts for one.",
        discussion: """
            The query runs as a role that can read the audit views of one ledger and \
            nothing else. docs/audit.md describes the views. At the prompt, a query ends with a \
            semicolon; \\d lists the views, \\q quits.
            """)

    @OptionGroup var place: LedgerOptions
    @Flag(help: "Query all ledgers.") var allLedgers = false
    @OptionGroup var output: CSVOptions
    @Option(help: "The maximum number of rows.") var limit = 10_000
    @Option(help: "The maximum time in seconds.") var seconds = 30
    @Argument(help: "One SELECT, VALUES, TABLE or WITH statement.") var query: String?

    private static let listOfViews = """
        SELECT table_schema || '.' || table_name AS view, obj_description(
            (table_schema || '.' || quote_ident(table_name))::regclass, 'pg_class') AS holds
        FROM information_schema.views WHERE table_schema IN ('audit', 'scenario') ORDER BY 1
        """

    func validate() throws {
        guard limit >= 0, seconds > 0 else {
            throw ValidationError("--limit and --seconds must be positive")
        }
    }

    func execute() async throws {
        try await place.open(to: .read) { deployment, ledger in
            let scope: AuditScope = allLedgers ? .allLedgers : .ledger(ledger.store.id)
            try await deployment.catchUp()
            let queries = deployment.auditQueries()
            if let query { return try await ask(query, queries, scope) }
            await prompt(queries, scope)
        }
    }

    private func ask(_ query: String, _ queries: AuditQueries, _ scope: AuditScope) async throws {
        var limits = AuditLimits()
        limits.rows = limit
        limits.time = .seconds(seconds)
        output.show(try await queries.run(query, as: scope, limits: limits))
    }

    private func prompt(_ queries: AuditQueries, _ scope: AuditScope) async {
        let isTerminal = isatty(0) == 1
        var text = ""
        while true {
            if isTerminal {
                print(text.isEmpty ? "tally> " : "  ...> ", terminator: "")
                fflush(nil)
            }
            guard let line = readLine() else { break }
            let word = line.trimmingCharacters(in: .whitespaces)
            if text.isEmpty && (word == "\\q" || word == "exit" || word == "quit") { return }
            if text.isEmpty && word == "\\d" {
                await answer(Self.listOfViews, queries, scope)
                continue
            }
            text += line + "\n"
            guard word.hasSuffix(";") else { continue }
            let query = text.trimmingCharacters(in: .whitespacesAndNewlines).dropLast()
            text = ""
            await answer(String(query), queries, scope)
        }
        let rest = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if !rest.isEmpty { await answer(rest, queries, scope) }
    }

    private func answer(_ query: String, _ queries: AuditQueries, _ scope: AuditScope) async {
        do { try await ask(query, queries, scope) } catch { printError("\(error)") }
    }
}
