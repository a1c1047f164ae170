import Access
import ArgumentParser
import Booking
import EventStore
import LedgerModel
import Rendering

struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "API keys: create, list, revoke.",
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a key for a ledger and prints it, once.")

        @OptionGroup var place: LedgerOptions
        @Option(help: "What the key is for.") var name = "unnamed"
        @Option(
            help: """
                ingest, read, gateway or admin, which may also choose any ledger; may be repeated \
                (default ingest, read).
                """)
        var scope: [String] = []
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let scopes = try (scope.isEmpty ? ["ingest", "read"] : scope)
                .flatMap { $0.split(separator: ",") }
                .map { word in
                    guard let scope = KeyScope(rawValue: String(word)) else {
                        throw ValidationError(
                            "\(word) is not a scope: use ingest, read, gateway or admin")
                    }
                    return scope
                }
            let id = makeEventID()
            let key = try await place.open(to: .write) { deployment, ledger in
                try await deployment.keys.create(
                    id: id, secret: makeSecret(), name: name, ledger: ledger.store.id,
                    scopes: Set(scopes))
            }
            output.show(CreatedKey(id, key))
        }
    }

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(abstract: "Lists keys, never their text.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            output.show(
                try await database.open(to: .read) { deployment in
                    Listing(
                        try await ShownKey.list(deployment.keys, of: deployment.directory))
                })
        }
    }

    struct Revoke: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revokes a key; running services notice within five seconds.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Id of the key, from tally keys list.") var id: String

        func execute() async throws {
            guard let keyID = EventID(id) else {
                throw InputRefused("\(id) is not the id of a key: see tally keys list")
            }
            let isRevoked = try await database.open(to: .write) {
                try await $0.keys.revoke(keyID)
            }
            guard isRevoked else { throw InputRefused("there is no key \(id) to revoke") }
            output.show(Done("revoked", "\(keyID)"))
        }
    }
}

struct Ledgers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ledgers: create, list.", subcommands: [Create.self, List.self])

    struct Create: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a ledger with the built-in price book.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the ledger.") var name: String

        func execute() async throws {
            output.show(
                try await database.open(to: .create) { deployment in
                    let known = try await deployment.directory.find(name)
                    let made =
                        known == nil ? try await deployment.createLedger(name).store.id : nil
                    return CreatedLedger(name, known ?? made, isNew: known == nil)
                })
        }
    }

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the ledgers.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            output.show(
                try await database.open(to: .read) { Listing(try await $0.directory.list()) })
        }
    }
}
