import ArgumentParser
import Audit
import Booking
import EventStore
import Foundation
import LedgerModel
import Rendering

struct SQL: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Queries the audit views; without a query, prompts for one.",
        discussion: """
            The query runs as a role that can read the audit views of one ledger and \
            nothing else. docs/audit.md describes the views. At the prompt, a query ends with a \
            semicolon; \\h lists the rest, Tab completes names, and earlier lines are kept. \
            Statements on standard input run one after another; if one fails, the exit code is 65.
            """)

    @OptionGroup var place: LedgerOptions
    @Flag(help: "Query all ledgers.") var allLedgers = false
    @OptionGroup var output: CSVOptions
    @Option(help: "The maximum number of rows.") var limit = 10_000
    @Option(help: "The maximum time in seconds.") var seconds = 30
    @Argument(help: "One SELECT, VALUES, TABLE or WITH statement.") var query: String?

    func validate() throws {
        guard limit >= 0, seconds > 0 else {
            throw ValidationError("--limit and --seconds must be positive")
        }
    }

    func execute() async throws {
        try await place.open(to: .read) { deployment, ledger in
            try await deployment.catchUp()
            var limits = AuditLimits()
            limits.rows = limit
            limits.time = .seconds(seconds)
            let asker = SQLAsker(
                queries: deployment.auditQueries(),
                scope: allLedgers ? .allLedgers : .ledger(ledger.store.id), limits: limits,
                output: output)
            let session = SQLSession(asker: asker, ledger: place.ledger)
            if let query { return try await session.run(query) }
            let failures = await session.run()
            if failures > 0 { throw ExitCode.inputRejected }
        }
    }
}

/// Runs queries and prints their results.
struct SQLAsker {
    let queries: AuditQueries
    let scope: AuditScope
    let limits: AuditLimits
    let output: CSVOptions

    func ask(_ query: String, folds: Bool) async throws {
        output.show(try await queries.run(query, as: scope, limits: limits), folds: folds)
    }

    /// The first column of a query; empty if it fails.
    func words(_ query: String) async -> [String] {
        let result = try? await queries.run(query, as: scope)
        return result?.rows.compactMap { $0.first ?? nil } ?? []
    }
}

/// The statements of a terminal or of standard input, one after another.
private struct SQLSession {
    let asker: SQLAsker
    let ledger: String

    private static let views = """
        SELECT table_schema || '.' || table_name AS view, obj_description(
            (table_schema || '.' || quote_ident(table_name))::regclass, 'pg_class') AS holds
        FROM information_schema.views WHERE table_schema IN ('audit', 'scenario') ORDER BY 1
        """

    private static let words = """
        SELECT table_schema || '.' || table_name FROM information_schema.views
        WHERE table_schema IN ('audit', 'scenario')
        UNION SELECT column_name FROM information_schema.columns
        WHERE table_schema IN ('audit', 'scenario')
        UNION SELECT unnest(ARRAY['SELECT', 'FROM', 'WHERE', 'GROUP BY', 'ORDER BY', 'LIMIT',
            'DESC', 'sum(', 'count(', 'exit'])
        """

    /// Runs one query, or one command of the prompt such as `\d`.
    func run(_ text: String) async throws {
        var prompt = SQLPrompt()
        guard text.hasPrefix("\\"), let action = prompt.take(text) else {
            return try await asker.ask(text, folds: false)
        }
        switch action {
        case .list: try await asker.ask(Self.views, folds: false)
        case .describe(let view):
            if let refusal = await refusal(of: view) { throw InputRefused(refusal) }
            try await asker.ask(columns(of: view), folds: false)
        case .help: print(SQLPrompt.help)
        case .unknown(let word): throw InputRefused("there is no command \(word): \\h lists them")
        case .query, .fold, .quit: break
        }
    }

    /// Runs until the end; returns how many statements of standard input failed.
    func run() async -> Int {
        let terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        let editor = terminal ? LineEditor(completing: await asker.words(Self.words)) : nil
        if terminal { print("Ledger \(ledger). \\h for help, exit to leave.") }
        var prompt = SQLPrompt()
        var folds = false
        var failures = 0
        while let line = editor?.line(prompt.isWithin ? "  ...> " : "tally> ")
            ?? (terminal ? nil : readLine())
        {
            guard let action = prompt.take(line) else { continue }
            switch action {
            case .quit: return terminal ? 0 : failures
            case .help: print(SQLPrompt.help)
            case .fold:
                folds.toggle()
                print(folds ? "rows are folded" : "rows are folded if they are too wide")
            case .list: failures += await answer(Self.views, folds)
            case .describe(let view):
                if let refusal = await refusal(of: view) {
                    printError(refusal)
                    failures += 1
                } else {
                    failures += await answer(columns(of: view), folds)
                }
            case .query(let query): failures += await answer(query, folds)
            case .unknown(let word):
                printError("there is no command \(word): \\h lists them")
                failures += 1
            }
        }
        if case .query(let rest)? = prompt.finish() { failures += await answer(rest, folds) }
        if terminal { print() }
        return terminal ? 0 : failures
    }

    /// Returns 1 if the query failed.
    private func answer(_ query: String, _ folds: Bool) async -> Int {
        do {
            try await asker.ask(query, folds: folds)
            return 0
        } catch {
            printError("\(error)")
            return 1
        }
    }

    /// Why a view cannot be described; nil if it can.
    private func refusal(of view: String) async -> String? {
        let views = await asker.words(Self.views)
        if views.contains(where: { $0 == view || $0.hasSuffix("." + view) }) { return nil }
        let name = view.contains(".") ? view : "audit." + view
        return "there is no view \(view)\(Likeness.question(name, among: views)): \\d lists them"
    }

    private func columns(of view: String) -> String {
        let name = view.replacing("'", with: "''")
        return """
            SELECT column_name AS column, data_type AS type, col_description(
                (table_schema || '.' || quote_ident(table_name))::regclass, ordinal_position)
                AS holds
            FROM information_schema.columns WHERE table_schema IN ('audit', 'scenario')
                AND '\(name)' IN (table_name, table_schema || '.' || table_name)
            ORDER BY ordinal_position
            """
    }
}
