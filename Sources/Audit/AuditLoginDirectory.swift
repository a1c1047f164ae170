package import LedgerModel
import LedgerSQL
package import Postgres

/// Logins for people's own tools: roles of PostgreSQL that see one ledger or all, as queries do.
package struct AuditLoginDirectory: Sendable {
    private let pool: Pool

    package struct Entry: Hashable, Sendable {
        package let name: String
        /// The role's name in PostgreSQL.
        package let role: String
        /// nil for all ledgers.
        package let ledger: LedgerID?
        package let createdAt: Timestamp
    }

    package init(pool: Pool) {
        self.pool = pool
    }

    package func list() async throws -> [Entry] {
        try await pool.session { try $0.run(ListAuditLogins()) }
    }

    /// Makes a login and returns its role.
    ///
    /// - Parameters:
    ///   - name: 1 to 40 lower-case letters, digits, `-` and `_`, the first a letter.
    ///   - password: at least 16 characters; it is not kept.
    package func create(
        _ name: String, of scope: AuditScope, password: String
    ) async throws -> String {
        guard name.wholeMatch(of: /[a-z][a-z0-9_-]{0,39}/) != nil else {
            throw AuditLoginRefusal.invalid(name)
        }
        let role = try await pool.session { session in
            try session.one(
                CreateAuditLogin(
                    name: name, ledger: scope.ledger, verifier: try Self.verifier(password, session)
                ))
        }
        guard let role else {
            throw AuditLoginRefusal.taken(name)
        }
        return role
    }

    /// Gives a login another password, ends its sessions, and returns its role.
    package func rotate(_ name: String, password: String) async throws -> String {
        let role = try await pool.session { session in
            try session.one(
                RotateAuditLogin(name: name, verifier: try Self.verifier(password, session)))
        }
        guard let role else {
            throw AuditLoginRefusal.unknown(name)
        }
        return role
    }

    /// What the server is told of a password.
    private static func verifier(_ password: String, _ session: Session) throws -> String {
        precondition(password.utf8.count >= 16, "the password is too short")
        return try session.verifier(of: password)
    }

    /// Removes a login and ends its sessions.
    package func revoke(_ name: String) async throws {
        let revoke = RevokeAuditLogin(name: name)
        guard try await pool.session({ try $0.one(revoke) }) != nil else {
            throw AuditLoginRefusal.unknown(name)
        }
    }
}

/// Why a login was not made or changed.
package enum AuditLoginRefusal: Fault {
    case invalid(String)
    case taken(String)
    case unknown(String)

    package var kind: FaultKind {
        switch self {
        case .invalid: .invalid
        case .taken: .conflict
        case .unknown: .notFound
        }
    }

    package var description: String {
        switch self {
        case .invalid(let name):
            "\"\(name)\" is not a name of a login: use up to 40 lower-case letters, digits, - and "
                + "_, the first a letter"
        case .taken(let name):
            "there is a login \(name) on this server already: choose another name, or change its "
                + "password with tally audit-login rotate \(name)"
        case .unknown(let name): "there is no login \(name): see tally audit-login list"
        }
    }
}

struct ListAuditLogins: Statement {
    static let sql = """
        SELECT login, role_name::text, ledger_id, created_at FROM tally.audit_roles
        WHERE login IS NOT NULL
            AND database_id = (SELECT oid FROM pg_database WHERE datname = current_database())
        ORDER BY login
        """
    static let columns = Columns(String.self, String.self, LedgerID?.self, Timestamp.self)
    typealias Row = AuditLoginDirectory.Entry

    static func row(
        _ cells: (String, String, LedgerID?, Timestamp)
    ) throws(PostgresError) -> AuditLoginDirectory.Entry {
        AuditLoginDirectory.Entry(
            name: cells.0, role: cells.1, ledger: cells.2, createdAt: cells.3)
    }
}

struct CreateAuditLogin: Statement {
    static let sql = "SELECT tally.create_audit_login($1, $2, $3)"
    static let columns = Columns(String?.self)
    let name: String
    let ledger: LedgerID?
    let verifier: String
    var parameters: Parameters { Parameters(name, ledger, verifier) }
    typealias Row = String?

    static func row(_ cell: String?) throws(PostgresError) -> String? { cell }
}

struct RotateAuditLogin: Statement {
    static let sql = "SELECT tally.rotate_audit_login($1, $2)"
    static let columns = Columns(String?.self)
    let name: String
    let verifier: String
    var parameters: Parameters { Parameters(name, verifier) }
    typealias Row = String?

    static func row(_ cell: String?) throws(PostgresError) -> String? { cell }
}

struct RevokeAuditLogin: Statement {
    static let sql = "SELECT tally.revoke_audit_login($1)"
    static let columns = Columns(String?.self)
    let name: String
    var parameters: Parameters { Parameters(name) }
    typealias Row = String?

    static func row(_ cell: String?) throws(PostgresError) -> String? { cell }
}
