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
            abstract: "Creates a key for one ledger or several and prints it, once.",
            discussion: """
                ingest, read, gateway and admin are for the key's ledgers, metrics and operator \
                for the whole installation: a key with operator may choose any ledger, make \
                ledgers, and administer every key. docs/security.md has what each may call.
                """)

        @OptionGroup var database: DatabaseOptions
        @Option(
            name: .customLong("ledger"),
            help: """
                Name of a ledger; may be repeated, and callers then choose with ?ledger=NAME \
                (default: the first).
                """)
        var ledgers = ["default"]
        @Option(help: "What the key is for.") var name = "unnamed"
        @Option(
            help: """
                ingest, read, gateway, admin, metrics or operator; may be repeated (default \
                ingest, read).
                """)
        var scope: [String] = []
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let scopes = try (scope.isEmpty ? ["ingest", "read"] : scope)
                .flatMap { $0.split(separator: ",") }
                .map { word in
                    guard let scope = KeyScope(rawValue: String(word)) else {
                        throw ValidationError(
                            "\(word) is not a scope: use ingest, read, gateway, admin, metrics "
                                + "or operator")
                    }
                    return scope
                }
            let id = makeEventID()
            guard ledgers.count <= KeyDirectory.ledgersMax else {
                throw ValidationError("a key has at most \(KeyDirectory.ledgersMax) ledgers")
            }
            let key = try await database.open(to: .write) { deployment in
                var own: [LedgerID] = []
                for name in ledgers {
                    let ledger = try await deployment.ledger(name).store.id
                    if !own.contains(ledger) { own.append(ledger) }
                }
                return try await deployment.keys.create(
                    id: id, secret: makeSecret(), name: name, ledgers: own, scopes: Set(scopes))
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
                    Listing(try await deployment.keys.list().map { ShownKey($0) })
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
        abstract: "Ledgers: create, list, show, set-zone.",
        subcommands: [Create.self, List.self, Show.self, SetZone.self])

    struct Create: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a ledger with the built-in price book.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Whose days and months it is reported in, such as Europe/Berlin.")
        var zone: String?
        @Argument(help: "Name of the ledger.") var name: String

        func execute() async throws {
            if let zone { _ = try LedgerDirectory.reportingZone(zone) }
            output.show(
                try await database.open(to: .create) { deployment in
                    let known = try await deployment.directory.find(name)
                    let made =
                        known == nil ? try await deployment.createLedger(name).store.id : nil
                    if let made, let zone {
                        try await deployment.directory.setZone(
                            of: made, to: zone, by: author, at: .now)
                    }
                    return CreatedLedger(name, known ?? made, isNew: known == nil)
                })
        }
    }

    struct Show: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows a ledger and the zones it is and was reported in.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the ledger.") var name = "default"

        func execute() async throws {
            output.show(try await database.open(to: .read) { try await $0.shownLedger(name) })
        }
    }

    struct SetZone: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes whose days and months a ledger is reported in.",
            discussion: """
                For example: tally ledgers set-zone default Europe/Berlin. From then on today, \
                2026-11 and 7d are days and months there, and so are the rows of tally spend; \
                budgets that are defined from now on begin there unless they say otherwise. What \
                was defined before keeps its zone, and no event changes.
                """)

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "Name of the ledger.") var name: String
        @Argument(help: "Name of the zone, such as Europe/Berlin or UTC.") var zone: String

        func execute() async throws {
            _ = try LedgerDirectory.reportingZone(zone)
            output.show(
                try await database.open(to: .write) { deployment in
                    let ledger = try await deployment.ledger(name).store.id
                    try await deployment.directory.setZone(
                        of: ledger, to: zone, by: author, at: .now)
                    return try await deployment.shownLedger(name)
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

extension Deployment {
    fileprivate func shownLedger(_ name: String) async throws -> ShownLedger {
        let id = try await ledger(name).store.id
        guard let entry = try await directory.list().first(where: { $0.id == id }) else {
            throw InputRefused("there is no ledger \(name)")
        }
        return ShownLedger(entry, zones: try await directory.zoneHistory(of: id))
    }
}
