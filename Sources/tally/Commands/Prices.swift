import ArgumentParser
import Booking
import EventStore
import Foundation
import JSON
import LedgerModel
import PriceBooks
import Pricing
import Server

struct Prices: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The price book: import, publish, check, compare, refresh, explain.",
        subcommands: [
            ImportBook.self, Publish.self, List.self, Show.self, Check.self, Explain.self,
            Diff.self, PublishTerms.self, Refresh.self, Proposals.self, Approve.self,
            Reject.self,
        ])

    /// From when a book is in force.
    struct EffectiveOption: ParsableArguments {
        @Option(
            help: "First time of an event that it prices, such as 2026-01-01 (default: always).")
        var effective: String?

        func timestamp() throws -> Timestamp? {
            try effective.map { try Prices.time($0) }
        }
    }

    struct ImportBook: TallyCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Reads a price file and puts it into use in the ledger.",
            discussion: """
                The format is recognised by content: ours (docs/prices.md), genai-prices, LiteLLM. \
                Prices that a book can't hold are told on standard error. What is booked already \
                keeps its charges.
                """)

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @OptionGroup var effective: EffectiveOption
        @Flag(help: "Print the result as JSON.") var json = false
        @Argument(help: "The price file.") var file: String

        func execute() async throws {
            let reading = try PriceFileReading.reading(file)
            for omission in reading.omissions { printError("\(file): \(omission)") }
            try await Prices.publish(
                reading.book, effective.timestamp(), target.ledger,
                try await database.settings(), asJSON: json)
        }
    }

    struct Publish: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Puts a book that the database has, or the built-in one, into use.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @OptionGroup var effective: EffectiveOption
        @Flag(help: "Print the result as JSON.") var json = false
        @Argument(help: "Id of the book or its first digits, or `default`.") var book = "default"

        func execute() async throws {
            let settings = try await database.settings()
            let found = try await Deployment.with(settings) { deployment in
                book == "default"
                    ? PriceBook.default : try await deployment.storedBook(book)
            }
            try await Prices.publish(
                found, effective.timestamp(), target.ledger, settings, asJSON: json)
        }
    }

    private static func publish(
        _ book: PriceBook, _ effective: Timestamp?, _ ledger: String, _ settings: Settings,
        asJSON: Bool
    ) async throws {
        let position = try await Deployment.with(settings) { deployment in
            let openLedger = try await deployment.ledger(ledger)
            let id = makeEventID()
            return try await deployment.bookStore.publish(
                book, effectiveFrom: effective, in: openLedger.store, at: .now,
                entropy: (id.high, id.low)
            ).head.position
        }
        if asJSON {
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("book_id", book.id.description)
                writer.field("name", book.name)
                writer.field("models", book.modelCount)
                writer.field("effective_from", effective?.description)
                writer.field("position", position)
            }
            return print(writer.text)
        }
        print(
            "book \(book.id) (\(book.name), \(grouped(book.modelCount)) models) prices ledger "
                + "\(ledger) from \(effective?.description ?? "the beginning") on")
    }

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the books of the ledger in the order of their publication.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let schedule = try await Deployment.with(try await database.settings()) {
                try await $0.ledger(target.ledger).prices.schedule
            }
            var table = TextTable(["book", "name", "models", "effective_from"])
            for entry in schedule.entries {
                table.add([
                    entry.book.id.description, entry.book.name, String(entry.book.modelCount),
                    entry.effectiveFrom?.description ?? "always",
                ])
            }
            print(json ? table.json : table.text, terminator: "")
        }
    }
}

extension Prices {
    struct Show: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows every price of a model, or those in force at a time.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Argument(help: "The model, as requests name it.") var model: String
        @Option(help: "Only this provider's.") var provider: String?
        @Option(help: "Only prices in force then, such as 2025-06-01.") var at: String?
        @Option(help: "A price file, in place of the books of the ledger.") var book: String?
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let time = try at.map { try Prices.time($0) }
            let rows = try await shownBook(at: time).show(
                model: Name(model), provider: provider.map { Name($0) }, at: time)
            guard !rows.isEmpty else {
                throw InputRefused("the price book has no prices for \(model)")
            }
            var table = TextTable([
                "provider", "model", "unit", "usd", "per", "above", "tier", "region", "from",
                "until", "hours",
            ])
            for row in rows {
                table.add([
                    row.provider, row.model, row.unit.name, row.price, row.per,
                    row.above == 0 ? nil : String(row.above), row.tier, row.region,
                    row.from?.description, row.until?.description, row.hours,
                ])
            }
            print(json ? table.json : table.text, terminator: "")
        }

        private func shownBook(at time: Timestamp?) async throws -> PriceBook {
            if let book { return try PriceFileReading.read(book) }
            let schedule = try await Deployment.with(try await database.settings()) {
                try await $0.ledger(target.ledger).prices.schedule
            }
            guard let book = schedule.book(at: time ?? .now) else {
                throw InputRefused("ledger \(target.ledger) has no price book at that time")
            }
            return book
        }
    }
}

enum PriceFileReading {
    static func read(_ path: String) throws -> PriceBook { try reading(path).book }

    /// The book, with what the file says that a book can't hold.
    static func reading(_ path: String) throws -> PriceFile.Reading {
        let text = try text(of: path)
        do {
            return try PriceFile.reading(text)
        } catch {
            throw InputRefused("\(path): \(error)")
        }
    }

    static func text(of path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputRefused("the price file \(path) cannot be read")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw InputRefused("the price file \(path) is not UTF-8")
        }
        return text
    }
}

extension Deployment {
    func storedBook(_ prefix: String) async throws -> PriceBook {
        guard let id = try await bookStore.find(prefix), let book = try await bookStore.book(id)
        else {
            throw InputRefused(
                "no book, or more than one, has an id that starts with \(prefix): see "
                    + "tally prices list")
        }
        return book
    }
}
