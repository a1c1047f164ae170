import LedgerModel
import LedgerSQL
import Postgres

/// How to log in as the role of a scope.
struct AuditLogin: Sendable {
    let role: String
    let password: String
}

/// Login roles, which the database creates and remembers.
struct AuditLogins: Sendable {
    let pool: Pool
    let makePassword: @Sendable () -> String

    /// Returns the login of a scope; makes it if there is none.
    func find(_ scope: AuditScope) async throws -> AuditLogin {
        let find = FindLogin(ledger: scope.ledger)
        if let login = try await pool.session({ try $0.first(find) }) { return login }
        try await ensure(scope)
        return try await pool.session { try $0.one(find) }
    }

    /// Makes the role or repairs it; keeps a password that is already known.
    func ensure(_ scope: AuditScope) async throws {
        let (ledger, password) = (scope.ledger, makePassword())
        _ = try await pool.session { session in
            try session.run(
                EnsureAuditRole(
                    ledger: ledger, password: password,
                    verifier: try session.verifier(of: password)))
        }
    }

    /// Tells the server process of a login to end; returns whether it was still there.
    func endSession(_ pid: Int32) async throws -> Bool {
        try await pool.session { try $0.one(EndAuditSession(pid: pid)) }
    }

    /// The view that was probably meant by the relation that a message of the server names.
    func view(meantBy message: String) async throws -> String? {
        let parts = message.split(separator: "\"")
        guard parts.count > 1 else { return nil }
        let word = parts[1].split(separator: ".").last.map(String.init) ?? ""
        let views = try await pool.session { try $0.run(ListViews()) }
        let bare = views.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
        guard let near = Likeness.nearest(to: word, among: bare, part: 3),
            let index = bare.firstIndex(of: near)
        else { return nil }
        return views[index]
    }

    func exposures() async throws -> [String] {
        try await pool.session { try $0.run(ListExposed()) }
    }
}

extension AuditScope {
    var ledger: LedgerID? {
        switch self {
        case .ledger(let ledger): ledger
        case .allLedgers: nil
        }
    }
}

struct FindLogin: Statement {
    static let sql = """
        SELECT role_name::text, password FROM tally.audit_roles
        WHERE login IS NULL AND ledger_id IS NOT DISTINCT FROM $1
            AND database_id = (SELECT oid FROM pg_database WHERE datname = current_database())
        """
    static let columns = Columns(String.self, String.self)
    let ledger: LedgerID?
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = AuditLogin

    static func row(_ cells: (String, String)) throws(PostgresError) -> AuditLogin {
        AuditLogin(role: cells.0, password: cells.1)
    }
}

struct EnsureAuditRole: Statement {
    static let sql = "SELECT tally.ensure_audit_role($1, $2, $3)"
    static let columns = Columns(String.self)
    let ledger: LedgerID?
    let password: String
    let verifier: String
    var parameters: Parameters { Parameters(ledger, password, verifier) }
}

struct EndAuditSession: Statement {
    static let sql = "SELECT tally.end_audit_session($1)"
    static let columns = Columns(Bool.self)
    let pid: Int32
    var parameters: Parameters { Parameters(pid) }
    typealias Row = Bool

    static func row(_ cell: Bool) throws(PostgresError) -> Bool { cell }
}

/// The views that people may read.
struct ListViews: Statement {
    static let sql = """
        SELECT relnamespace::regnamespace || '.' || relname FROM pg_class
        WHERE relkind = 'v' AND relnamespace IN ('audit'::regnamespace, 'scenario'::regnamespace)
        ORDER BY 1
        """
    static let columns = Columns(String.self)
    typealias Row = String

    static func row(_ cell: String) throws(PostgresError) -> String { cell }
}

struct ListExposed: Statement {
    static let sql = "SELECT tally.audit_exposed()"
    static let columns = Columns(String.self)
    typealias Row = String

    static func row(_ cell: String) throws(PostgresError) -> String { cell }
}
