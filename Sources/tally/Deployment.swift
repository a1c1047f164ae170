import Access
import Audit
import Booking
import Foundation
import LedgerModel
import LedgerSQL
import Migrations
import Postgres
import PriceBooks
import Pricing
import ReadModels
import Synchronization

import struct Crypto.HMAC
import struct Crypto.SHA256
import struct Crypto.SymmetricKey

/// The composition root: one database, and everything that uses it.
final class Deployment: Sendable {
    /// The role that may change the schema and create roles.
    let owner: PostgresConfiguration
    /// The role that may only append and read.
    let service: PostgresConfiguration
    let pool: Pool
    let ledgers: LedgerRegistry
    let directory: LedgerDirectory
    let keys: KeyDirectory
    let bookStore: PriceBookStore
    let auditLogins: AuditLoginDirectory
    private let settings: Settings
    private let purpose: Purpose
    private let embedded: Mutex<EmbeddedServer?>

    static let poolSize = 12
    private static let serviceRole = "tally_service"

    private init(
        settings: Settings, to purpose: Purpose, embedded: consuming EmbeddedServer?
    ) {
        let url = settings.databaseURL ?? embedded?.connectionURL ?? ""
        self.settings = settings
        self.purpose = purpose
        self.embedded = Mutex(embedded)
        owner = PostgresConfiguration(url: url)
        var service = PostgresConfiguration(url: settings.poolerURL ?? url)
            .loggedIn(
                as: Self.serviceRole,
                password: RolePassword.derive(for: Self.serviceRole, settings: settings))
        service.preparesStatements = settings.poolerURL == nil
        self.service = service
        pool = Pool(service, size: Self.poolSize)
        ledgers = LedgerRegistry(pool: pool, makeID: makeEventID)
        directory = LedgerDirectory(pool: pool)
        keys = KeyDirectory(pool: pool)
        bookStore = PriceBookStore(pool: pool)
        auditLogins = AuditLoginDirectory(pool: pool)
    }

    /// What a command is about to do, which decides what may be missing and what is changed.
    enum Purpose {
        /// Reads; the schema has to be this program's version.
        case read
        /// Writes, after bringing the schema up to date.
        case write
        /// Creates whatever is missing.
        case create
    }

    /// Finds or starts the database, checks or updates its schema, and closes it after the body.
    static func with<T>(
        _ settings: Settings, to purpose: Purpose = .create,
        _ body: (Deployment) async throws -> T
    ) async throws -> T {
        let deployment = try open(settings, to: purpose)
        return try await deployment.closing {
            if purpose != .create { try await deployment.checkSchema(to: purpose) }
            if purpose != .read { try await deployment.migrate() }
            return try await body(deployment)
        }
    }

    /// Only brings the schema up to date; returns the files that were applied.
    ///
    /// A database that somebody else made gets its first schema; an embedded one has to exist.
    static func migrateOnly(_ settings: Settings) async throws -> [Migration] {
        let deployment = try open(settings, to: .write)
        return try await deployment.closing { try await deployment.migrate() }
    }

    /// Lends a database that has roles and rights but no schema yet, and updates what it gets.
    static func restore(_ settings: Settings, _ body: (Deployment) async throws -> Void)
        async throws
    {
        let deployment = try open(settings, to: .create)
        try await deployment.closing {
            guard case .missing = try await deployment.schemaState() else {
                throw SchemaRefusal.occupied
            }
            // Roles belong to the server and rights to the database: no backup has them.
            try await deployment.migrate()
            let connection = try await Connection.open(deployment.owner)
            _ = try await connection.transaction { session in
                try session.execute(
                    """
                    SET LOCAL client_min_messages = warning;
                    DROP SCHEMA tally, audit, scenario CASCADE;
                    DROP TABLE public.schema_migrations, public.schema_objects
                    """)
            }
            await connection.close()
            try await body(deployment)
            try await deployment.migrate()
        }
    }

    private func closing<T>(_ body: () async throws -> T) async throws -> T {
        do {
            let result = try await body()
            await close()
            return result
        } catch {
            await close()
            throw error
        }
    }

    private static func open(_ settings: Settings, to purpose: Purpose) throws -> Deployment {
        if settings.databaseURL != nil {
            return Deployment(settings: settings, to: purpose, embedded: nil)
        }
        guard purpose == .create || EmbeddedServer.exists(in: settings.dataDirectory) else {
            throw SchemaRefusal.missing
        }
        let server = try EmbeddedServer.acquire(
            dataDirectory: settings.dataDirectory, loopbackPort: settings.postgresPort
        ) { printError($0) }
        return Deployment(settings: settings, to: purpose, embedded: server)
    }

    /// Starts the embedded server again if it was killed; returns quickly if it is running.
    func revive() throws {
        guard settings.databaseURL == nil else { return }
        try embedded.withLock { embedded in
            let pid = embedded?.postmasterPID ?? 0
            if pid > 0 && kill(pid, 0) == 0 || pid > 0 && errno == EPERM { return }
            embedded = try EmbeddedServer.acquire(
                dataDirectory: settings.dataDirectory, loopbackPort: settings.postgresPort)
        }
    }

    /// Host, port and database for other programs, as in a URL; nil if they cannot connect.
    var address: String? {
        guard let url = settings.databaseURL else {
            return embedded.withLock { $0?.loopbackPort }.map { "127.0.0.1:\($0)/tally" }
        }
        guard let parts = URLComponents(string: url), let host = parts.host else { return nil }
        return host + (parts.port.map { ":\($0)" } ?? "") + parts.path
    }

    private func close() async {
        await ledgers.close()
        await pool.close()
        embedded.withLock { embedded in
            if let server = embedded.take() { server.release() }
        }
    }

    // MARK: The schema

    /// Brings the schema up to date, and sets the password of the service's role if necessary.
    @discardableResult
    func migrate() async throws -> [Migration] {
        let connection = try await Connection.open(owner)
        let applied = try await ledgerSchema.migrate(on: connection)
        if let password = service.password, await !canLogIn() {
            let role = Self.serviceRole
            try await connection.session { session in
                let verifier = try session.verifier(of: password)
                _ = try session.execute("ALTER ROLE \(role) PASSWORD '\(verifier)'")
            }
        }
        await connection.close()
        return applied
    }

    /// Refuses a database without a schema, and, for reading, a schema of another version.
    private func checkSchema(to purpose: Purpose) async throws {
        switch try await schemaState() {
        case .missing: throw SchemaRefusal.missing
        case .newer: throw SchemaRefusal.newer
        case .older where purpose == .read: throw SchemaRefusal.older
        case .older, .current: return
        }
    }

    private func schemaState() async throws -> Migrator.State {
        let connection = try await Connection.open(owner)
        let state = try await ledgerSchema.state(on: connection)
        await connection.close()
        return state
    }

    private func canLogIn() async -> Bool {
        guard let connection = try? await Connection.open(service) else { return false }
        await connection.close()
        return true
    }

    // MARK: Ledgers

    /// The ledger with this name; the default ledger is created if it is missing, unless somebody
    /// only wants to read it: an empty ledger never passes for theirs.
    func ledger(_ name: String) async throws -> OpenLedger {
        if let id = try await directory.find(name) { return try await ledgers.openLedger(id) }
        guard name == "default", purpose != .read else { throw await unknown(name) }
        let ledger = try await createLedger(name)
        printError("created ledger \(name)")
        return ledger
    }

    /// What an intake would do to this ledger; the default one need not exist.
    func preview(of name: String) async throws -> PreviewedLedger {
        guard let id = try await directory.find(name) else {
            guard name == "default" else { throw await unknown(name) }
            return .new
        }
        let prices = try await ledgers.openLedger(id).prices
        return PreviewedLedger(of: id, in: pool, prices: prices)
    }

    func unknown(_ ledger: String) async -> InputRefused {
        let known = (try? await directory.list().map(\.name)) ?? []
        return InputRefused(
            "there is no ledger \(ledger)\(Likeness.question(ledger, among: known)): see tally ledgers list, or create it with "
                + "tally ledgers create \(ledger)")
    }

    /// Folds what was appended, as a running service would have done by now.
    func catchUp() async throws {
        try await ProjectionRunner(pool: pool).catchUp()
    }

    /// The same after some bulk work, most of it while that goes on.
    func catchUp(beside work: () async throws -> Void) async throws {
        try await ProjectionRunner(pool: pool).catchUp(beside: work)
    }

    /// Makes a ledger and puts the built-in price book into use.
    func createLedger(_ name: String) async throws -> OpenLedger {
        let openLedger = try await ledgers.openLedger(try await directory.create(name))
        try await openLedger.publishDefaultPrices(on: bookStore, at: .now, makeEventID())
        return openLedger
    }

    func auditQueries() -> AuditQueries {
        var kill: (@Sendable (Int32) -> Void)?
        if settings.databaseURL == nil {
            kill = { [self] pid in embedded.withLock { $0?.killAuditSession(pid) } }
        }
        return AuditQueries(
            server: owner, pool: pool, kill: kill, makePassword: { makeSecret().description })
    }
}

/// Why a command refuses a database; nothing was changed.
enum SchemaRefusal: Fault {
    case missing, older, newer, occupied

    var kind: FaultKind { self == .missing ? .notFound : .conflict }

    var description: String {
        switch self {
        case .missing:
            "there is no ledger here: create one with tally ledgers create, tally import or tally "
                + "serve, or choose another place with --data-dir or --database-url"
        case .older:
            "the database's schema is older than this program: run tally migrate to bring "
                + "it up to date"
        case .newer:
            "the database's schema is newer than this program, and tally migrate cannot go "
                + "back: use a newer tally"
        case .occupied:
            "there are ledgers here already: restore into another place with --data-dir or "
                + "--database-url"
        }
    }
}

/// Passwords of the database roles, derived so that every instance has the same ones.
enum RolePassword {
    /// HMAC-SHA256 of the role's name under TALLY_SECRET, or else under the password in the
    /// database URL; nil if there is neither, and the server requires no password.
    static func derive(for role: String, settings: Settings) -> String? {
        let secret =
            settings.secret
            ?? settings.databaseURL.flatMap { URLComponents(string: $0)?.password }
        guard let secret, !secret.isEmpty else { return nil }
        let key = SymmetricKey(data: Data(secret.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Data("tally \(role)".utf8), using: key)
        return hexadecimal(code)
    }
}

/// Two digits for each byte.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

extension Timestamp {
    /// The machine's clock; only the outermost layer of the program reads it.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            unixMicroseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}

/// A new UUIDv7.
@Sendable func makeEventID() -> EventID {
    EventID(at: .now, entropy: (.random(in: 0 ... .max), .random(in: 0 ... .max)))
}

/// 32 random bytes.
@Sendable func makeSecret() -> Digest {
    var generator = SystemRandomNumberGenerator()
    return Digest(words: InlineArray<4, UInt64> { _ in generator.next() })
}
