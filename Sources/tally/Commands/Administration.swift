import Access
import ArgumentParser
import Booking
import EventStore
import JSON
import LedgerModel
import Server

struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "API keys: create, list, revoke.",
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a key for a ledger and prints it, once.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Option(help: "What the key is for.") var name = "unnamed"
        @Option(help: "ingest, read, gateway or admin; may be repeated (default ingest, read).")
        var scope: [String] = []
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let scopes = try (scope.isEmpty ? ["ingest", "read"] : scope)
                .flatMap { $0.split(separator: ",") }
                .map { word in
                    guard let scope = KeyScope(rawValue: String(word)) else {
                        throw ValidationError(
                            "\(word) is no scope: ingest, read, gateway or admin")
                    }
                    return scope
                }
            let id = makeEventID()
            let key = try await Deployment.with(try await database.settings()) { deployment in
                try await deployment.keys.create(
                    id: id, secret: makeSecret(), name: name,
                    ledger: try await deployment.ledger(target.ledger).store.id,
                    scopes: Set(scopes))
            }
            guard json else { return print(key) }
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("id", id.description)
                writer.field("key", key)
            }
            print(writer.text)
        }
    }

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(abstract: "Lists keys; never their texts.")

        @OptionGroup var database: DatabaseOptions
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let (keys, ledgers) = try await Deployment.with(try await database.settings()) {
                (try await $0.keys.list(), try await $0.directory.list())
            }
            let names = Dictionary(uniqueKeysWithValues: ledgers.map { ($0.id, $0.name) })
            var table = TextTable(["id", "name", "ledger", "scopes", "created", "revoked"])
            for key in keys {
                table.add([
                    key.id.description, key.name, names[key.ledger] ?? key.ledger.description,
                    key.scopes.map(\.rawValue).sorted().joined(separator: ","),
                    key.createdAt.description, key.revokedAt?.description ?? "",
                ])
            }
            print(json ? table.json : table.text, terminator: "")
        }
    }

    struct Revoke: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revokes a key; running services notice within five seconds.")

        @OptionGroup var database: DatabaseOptions
        @Flag(help: "Print the result as JSON.") var json = false
        @Argument(help: "Id of the key, from tally keys list.") var id: String

        func execute() async throws {
            guard let keyID = EventID(id) else {
                throw InputRefused("\(id) is not the id of a key: see tally keys list")
            }
            let isRevoked = try await Deployment.with(try await database.settings()) {
                try await $0.keys.revoke(keyID)
            }
            guard isRevoked else { throw InputRefused("there is no key \(id) to revoke") }
            print(json ? "{\"revoked\":\"\(keyID)\"}" : "revoked \(id)")
        }
    }
}

struct Ledgers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ledgers: create, list.", subcommands: [Create.self, List.self])

    struct Create: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a ledger that uses the built-in price book.")

        @OptionGroup var database: DatabaseOptions
        @Flag(help: "Print the result as JSON.") var json = false
        @Argument(help: "Name of the ledger.") var name: String

        func execute() async throws {
            let isNew = try await Deployment.with(try await database.settings()) { deployment in
                if try await deployment.directory.find(name) != nil { return false }
                _ = try await deployment.createLedger(name)
                return true
            }
            guard json else {
                return print(isNew ? "created ledger \(name)" : "ledger \(name) is there already")
            }
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("name", name)
                writer.field("created", isNew)
            }
            print(writer.text)
        }
    }

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the ledgers.")

        @OptionGroup var database: DatabaseOptions
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let ledgers = try await Deployment.with(try await database.settings()) {
                try await $0.directory.list()
            }
            var table = TextTable(["name", "events", "blocks", "head", "created"])
            for ledger in ledgers {
                table.add([
                    ledger.name, String(ledger.head.position), String(ledger.head.block),
                    ledger.head.hash.description, ledger.createdAt.description,
                ])
            }
            print(json ? table.json : table.text, terminator: "")
        }
    }
}
