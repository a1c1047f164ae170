import ArgumentParser
import Audit
import Booking
import EventStore
import LedgerModel
import Rendering

struct AuditLoginCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit-login",
        abstract: "Logins of PostgreSQL for Metabase, Grafana, psql and the like.",
        discussion: """
            A login sees the views of docs/audit.md, of one ledger or all, and can do nothing else. \
            docs/bi.md has a recipe for each tool. The embedded PostgreSQL lets them in if tally \
            serve is started with --postgres-port.
            """,
        subcommands: [Create.self, List.self, Rotate.self, Revoke.self])

    struct Create: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a login for one ledger and prints its URL, once.")

        @OptionGroup var place: LedgerOptions
        @Flag(help: "The login sees all ledgers.") var allLedgers = false
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the login, such as metabase.") var name: String

        func execute() async throws {
            let password = "\(makeSecret())"
            let created = try await place.open(to: .write) { deployment, ledger in
                CreatedAuditLogin(
                    try await deployment.auditLogins.create(
                        name, of: allLedgers ? .allLedgers : .ledger(ledger.store.id),
                        password: password),
                    password, at: deployment.address)
            }
            output.show(created)
        }
    }

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists logins, never their passwords.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            output.show(
                try await database.open(to: .read) { deployment in
                    Listing(
                        try await ShownAuditLogin.list(
                            deployment.auditLogins, of: deployment.directory))
                })
        }
    }

    struct Rotate: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a login another password and ends its sessions.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the login.") var name: String

        func execute() async throws {
            let password = "\(makeSecret())"
            let rotated = try await database.open(to: .write) { deployment in
                CreatedAuditLogin(
                    try await deployment.auditLogins.rotate(name, password: password), password,
                    at: deployment.address)
            }
            output.show(rotated)
        }
    }

    struct Revoke: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes a login and ends its sessions.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the login.") var name: String

        func execute() async throws {
            try await database.open(to: .write) { try await $0.auditLogins.revoke(name) }
            output.show(Done("revoked", name))
        }
    }
}
