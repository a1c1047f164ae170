package import LedgerModel
import LedgerSQL
package import Postgres
import Synchronization

/// The only way for a text from a user to reach the database.
///
/// The text runs on its own connection, as a login role that sees one ledger (or all) through the
/// views of the schema audit and may do nothing else. It runs only as `DECLARE … CURSOR FOR text`,
/// so it can only be one query; through the extended protocol, so the server refuses a second
/// statement; in a read-only transaction, fetched in pieces up to a limit of rows, bytes and time.
/// The connection is closed afterwards. No wall trusts another, and nothing here parses the text.
///
/// A query occupies a slot until its server process has ended, which may be after its caller left.
package struct AuditQueries: Sendable {
    private let server: PostgresConfiguration
    private let logins: AuditLogins
    private let slots = AuditSlots()
    private let reaper: AuditReaper

    package static let textBytesMax = 65_536

    /// - Parameters:
    ///   - server: where the database is; user and password are replaced.
    ///   - pool: the service's own connections, used to look up logins.
    ///   - makePassword: a new secret of at least 16 characters, for a role that has none yet.
    ///   - patience: how long a process may be deaf to its end before it is killed.
    ///   - kill: kills a process of the database server; nil if that is not ours.
    package init(
        server: PostgresConfiguration, pool: Pool, patience: Duration = .seconds(60),
        kill: (@Sendable (Int32) -> Void)? = nil,
        makePassword: @escaping @Sendable () -> String
    ) {
        self.server = server
        logins = AuditLogins(pool: pool, makePassword: makePassword)
        reaper = AuditReaper(logins: logins, patience: patience, kill: kill)
    }

    /// Runs a query and delivers its result in pieces: first the columns, then rows.
    ///
    /// - Parameter receive: called on the connection's thread; it must not block for long. An
    ///   error in it stops the query and is rethrown.
    /// - Throws: `AuditRefusal` for whatever is wrong with the query or its limits.
    package func run(
        _ text: String, as scope: AuditScope, limits: AuditLimits = AuditLimits(),
        receive: @escaping @Sendable (AuditPiece) throws -> Void
    ) async throws -> AuditSummary {
        guard text.utf8.count <= Self.textBytesMax else {
            throw AuditRefusal.tooLong(bytes: text.utf8.count, max: Self.textBytesMax)
        }
        guard !text.utf8.contains(0) else { throw AuditRefusal.zeroByte }
        let slot = try slots.enter(scope)
        let connection: Connection
        do {
            connection = try await open(scope)
        } catch {
            slot.leave()
            throw error
        }
        let cursor = AuditCursor(text: text, limits: limits, receive: receive)
        do {
            let summary = try await connection.transaction(
                readOnly: true, deadline: limits.time
            ) { session in
                try cursor.run(in: session)
            }
            await connection.close()
            slot.leave()
            return summary
        } catch {
            let pid = connection.backendPID
            await connection.close()
            let refusal = AuditRefusal.refusal(for: error, limits: limits)
            guard case AuditRefusal.query(let message, let sqlState, let position) = refusal else {
                // The query may go on although nobody listens any more.
                reaper.end(pid, thenLeave: slot)
                throw refusal
            }
            // The server has answered, so nothing runs any more.
            slot.leave()
            guard sqlState == "42P01", let view = try? await logins.view(meantBy: message) else {
                throw refusal
            }
            throw AuditRefusal.query(
                message: "\(message); did you mean \(view)?", sqlState: sqlState,
                position: position)
        }
    }

    /// Runs a query and returns its result as one value.
    ///
    /// - Parameter admit: called with about the bytes that are to be kept next; it may refuse them.
    package func run(
        _ text: String, as scope: AuditScope, limits: AuditLimits = AuditLimits(),
        admit: @escaping @Sendable (Int) throws -> Void = { _ in }
    ) async throws -> AuditResult {
        let gathered = Gathered()
        let summary = try await run(text, as: scope, limits: limits) { piece in
            try admit(piece.bytes)
            gathered.add(piece)
        }
        return gathered.result(summary)
    }

    /// How many queries run now, and how many were refused since all slots were taken.
    package var counts: (running: Int, refused: Int) { slots.counts }

    /// Lists what an audit role could do but should not; empty unless the schema was migrated
    /// without a superuser.
    package func exposures() async throws -> [String] {
        try await logins.exposures()
    }

    private func open(_ scope: AuditScope) async throws -> Connection {
        let login = try await logins.find(scope)
        do {
            return try await connect(login)
        } catch {
            // The roles of a restored database may be missing or have other passwords.
            try await logins.ensure(scope)
            do {
                return try await connect(login)
            } catch {
                throw AuditRefusal.unavailable(error)
            }
        }
    }

    private func connect(_ login: AuditLogin) async throws -> Connection {
        var configuration = server
        configuration.user = login.role
        configuration.password = login.password
        configuration.statementTimeout = nil
        configuration.applicationName = "tally-audit"
        return try await Connection.open(configuration)
    }
}

/// Whose rows a query sees.
package enum AuditScope: Hashable, Sendable {
    case ledger(LedgerID)
    case allLedgers
}

package struct AuditLimits: Hashable, Sendable {
    package var rows = 10_000
    /// Of all rows together, as objects of JSON: with names and NULLs.
    package var bytes = 64 << 20
    package var time: Duration = .seconds(30)

    package init() {}
}

/// A part of a result.
package enum AuditPiece: Sendable, Equatable {
    case columns([AuditColumn])
    /// Values as PostgreSQL writes them as text; nil is NULL.
    case rows([[String?]])
}

package struct AuditColumn: Hashable, Sendable {
    package let name: String
    /// PostgreSQL's name of the type, such as `numeric`.
    package let type: String
}

package struct AuditSummary: Hashable, Sendable {
    package let rows: Int
    /// Whether a limit cut the result off.
    package let isTruncated: Bool
}

package struct AuditResult: Hashable, Sendable {
    package let columns: [AuditColumn]
    package let rows: [[String?]]
    package let isTruncated: Bool
}

private final class Gathered: Sendable {
    private let pieces = Mutex<(columns: [AuditColumn], rows: [[String?]])>(([], []))

    func add(_ piece: AuditPiece) {
        pieces.withLock { pieces in
            switch piece {
            case .columns(let columns): pieces.columns = columns
            case .rows(let rows): pieces.rows += rows
            }
        }
    }

    func result(_ summary: AuditSummary) -> AuditResult {
        pieces.withLock {
            AuditResult(columns: $0.columns, rows: $0.rows, isTruncated: summary.isTruncated)
        }
    }
}
