import Access
import Alerting
import Audit
import BatchRunner
import Booking
import Budgeting
import CacheServing
import CacheTiers
import EventStore
import Experimenting
import Export
import Foundation
import Gateway
import LoadManagement
import Migrations
import Postgres
import PostgresTesting
import PriceBooks
import ReadModels
import Recommendations
import Reconciliation
import Replay
import Rerating
import Runs
import Subscriptions
import Testing

/// Each statement is prepared against the migrated schema, and its types are compared.
///
/// A module that gets its first statement adds its list here; a test reports missing lists.
@Suite("Statements and the schema")
struct StatementTests {
    static let lists: [(module: String, statements: [any Statement])] = [
        ("Access", accessStatements), ("Alerting", alertingStatements),
        ("Audit", auditStatements), ("Booking", bookingStatements),
        ("Budgeting", budgetingStatements), ("CacheServing", cacheServingStatements),
        ("Gateway", gatewayStatements),
        ("CacheTiers", cacheTierStatements),
        ("EventStore", eventStoreStatements),
        ("Experimenting", experimentingStatements), ("Export", exportStatements),
        ("PriceBooks", priceBookStatements), ("ReadModels", readModelStatements),
        ("Recommendations", recommendationStatements), ("Reconciliation", reconciliationStatements),
        ("Replay", replayStatements), ("Rerating", reratingStatements), ("Runs", runStatements),
        ("BatchRunner", batchStatements), ("LoadManagement", fleetStatements),
        ("Subscriptions", subscriptionStatements),
    ]

    /// The queries of history by COPY, whose texts are assembled.
    static let queries =
        eventStoreQueries + exportQueries + replayQueries + reratingQueries

    /// The folders whose statements are not prepared here.
    static let exceptions: [(folder: String, reason: String)] = [
        ("Sources/Postgres", "the migrator runs its statements before there is a schema"),
        ("Benchmarks", "a benchmark runs its few statements itself, on a database of its own"),
    ]

    @Test("every listed statement fits the schema, parameters and columns alike")
    func fit() async throws {
        let server = try await TestServer.shared()
        try await server.withScratchDatabase { configuration in
            let connection = try await Connection.open(configuration)
            _ = try await ledgerSchema.migrate(on: connection)
            for (_, statements) in Self.lists {
                for statement in statements {
                    try await Self.check(statement, on: connection)
                }
            }
            await connection.close()
        }
    }

    @Test("every query of history fits the schema, with any selection and any filter")
    func history() async throws {
        let server = try await TestServer.shared()
        try await server.withScratchDatabase { configuration in
            let connection = try await Connection.open(configuration)
            _ = try await ledgerSchema.migrate(on: connection)
            try await connection.session { session in
                for query in Self.queries {
                    for text in query.texts {
                        let columns = try session.describe(text).columns
                        #expect(columns == query.types, "\(text)")
                        try session.copyOut("COPY (\(text)) TO STDOUT (FORMAT binary)") { _ in }
                    }
                }
                let nothing = [BinaryCopyBuffer.headerBytes, BinaryCopyBuffer.trailerBytes]
                for text in eventStoreCopies { try session.copyIn(text, nothing) }
            }
            await connection.close()
        }
    }

    /// The files whose COPY texts are not prepared here: every test of the read models runs them.
    static let copiesElsewhere: Set = ["PageFold.swift", "RollupStatements.swift"]

    @Test("only the reader and the writer of events have COPY texts, which are prepared here")
    func copies() throws {
        let files = FileManager.default.enumerator(
            at: Self.root.appending(path: "Sources"), includingPropertiesForKeys: nil)
        var found: Set<String> = []
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            if text.contains(#/(?:"|^ *)COPY (?:tally\.|\()/#.anchorsMatchLineEndings()) {
                found.insert(file.lastPathComponent)
            }
        }
        #expect(
            found.subtracting(Self.copiesElsewhere).sorted() == [
                "EntryBatch.swift", "HistoryQuery.swift", "IdentityRow.swift",
            ])
    }

    private static func check<S: Statement>(
        _ statement: S, on connection: Connection
    ) async throws {
        let sent = statement.parameters.types
        let description = try await connection.session { try $0.describe(S.sql) }
        // The types that the server infers on its own are those of the columns.
        #expect(description.parameters == sent, "\(Self.name(of: statement)): parameters")
        let columns = description.columns.filter { $0 != .void }
        #expect(columns == S.columns.types, "\(Self.name(of: statement)): columns")
    }

    @Test("no statement is missing from its module's list")
    func complete() throws {
        for (module, statements) in Self.lists {
            let listed = Set(statements.map { Self.name(of: $0) })
            let declared = try Self.declaredStatements(in: "Sources/\(module)")
            #expect(!declared.isEmpty)
            #expect(declared.subtracting(listed).isEmpty, "\(module) does not list these")
        }
    }

    @Test("no module with statements is without a list")
    func listed() throws {
        let modules = try FileManager.default.contentsOfDirectory(
            at: Self.root.appending(path: "Sources"), includingPropertiesForKeys: nil)
        let folders = modules.map { "Sources/\($0.lastPathComponent)" } + ["Benchmarks"]
        let declaring = try Set(folders.filter { try !Self.declaredStatements(in: $0).isEmpty })
        let known =
            Self.lists.map { "Sources/\($0.module)" } + Self.exceptions.map { $0.folder }
        #expect(declaring == Set(known))
    }

    private static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
    }

    /// The name of a statement's type, with the types around it but without its module.
    private static func name(of statement: any Statement) -> String {
        String(reflecting: type(of: statement)).prefix { $0 != "<" }
            .split(separator: ".").dropFirst().joined(separator: ".")
    }

    /// The names of the types that a folder's sources declare as statements, directly or through
    /// a protocol whose name ends in Statement.
    private static func declaredStatements(in folder: String) throws -> Set<String> {
        // Indentation, name, and conformances.
        let declaration =
            #/
            ^(\ *)(?:\w+\ )*(?:struct|enum|extension|class|actor)\ ([\w.]+)(?:<[^>]*>)?
            (?::\ ([^{]*?))?(?:\s+where\ [^{]*?)?\s*\{
            /#.anchorsMatchLineEndings()
        let files = FileManager.default.enumerator(
            at: root.appending(path: folder), includingPropertiesForKeys: nil)
        var names: Set<String> = []
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            var path: [(indentation: Int, name: String)] = []
            for match in text.matches(of: declaration) {
                let indentation = match.1.count
                path.removeAll { $0.indentation >= indentation }
                path.append((indentation, String(match.2)))
                let protocols = (match.3 ?? "").split { $0 == "," || $0 == "&" || $0.isWhitespace }
                if protocols.contains(where: { $0.hasSuffix("Statement") }) {
                    names.insert(path.map { $0.name }.joined(separator: "."))
                }
            }
        }
        return names
    }
}
