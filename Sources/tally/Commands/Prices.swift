import ArgumentParser
import Booking
import EventStore
import LedgerModel
import PriceBooks
import Pricing
import Rendering
import Replay

struct Prices: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Price books: import, publish, check, compare, refresh, explain.",
        subcommands: [
            ImportBook.self, Publish.self, List.self, Show.self, Check.self, Audit.self,
            Explain.self, Diff.self, PublishTerms.self, Refresh.self, Proposals.self, Approve.self,
            Reject.self,
        ])

    /// The time from which a book is in force.
    struct EffectiveOption: ParsableArguments {
        @Option(
            help: "When it takes effect, such as 2026-01-01 or today (default: the beginning).",
            transform: Timestamp.argument)
        var effective: Timestamp?
    }

    struct ImportBook: TallyCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Imports a price file and publishes it to the ledger.",
            discussion: """
                The file is a layer over the book in force: its prices come first, and what it \
                does not name keeps its price; --replace makes it the only book. Before either, \
                the command says which requests of the last 30 days would have no price under it \
                and what they cost; --dry-run says only that. The format is detected: Tallystick \
                (docs/prices.md), genai-prices or LiteLLM. Prices that a book can't hold are \
                counted on standard error, the commonest first. What is already booked keeps its charges.
                """)

        @OptionGroup var place: LedgerOptions
        @OptionGroup var effective: EffectiveOption
        @Flag(help: "Make it the only book, in place of a layer over the one in force.")
        var replace = false
        @Flag(help: "Say what it would change, and change nothing.") var dryRun = false
        @OptionGroup var output: OutputOptions
        @Argument(help: "The price file.") var file: String

        func execute() async throws {
            let reading = try PriceFileReading.reading(file)
            if let omitted = reading.omissionsText { printError("\(file): \(omitted)") }
            output.show(
                try await place.open(to: dryRun ? .read : .write) { deployment, ledger in
                    try await take(reading.book, in: deployment, ledger)
                })
        }

        private func take(
            _ own: PriceBook, in deployment: Deployment, _ ledger: OpenLedger
        ) async throws -> ImportedBook {
            let layered: BookImport
            do {
                layered = try BookImport(
                    own, over: ledger.prices.schedule, replaces: replace,
                    effectiveFrom: effective.effective, at: .now)
            } catch {
                throw InputRefused("\(file): \(error)")
            }
            let progress = Progress("last \(BookImpact.days) days", isQuiet: output.json)
            let impact = try await BookImpact.of(
                layered.book, on: ledger.store.id, pool: deployment.pool, at: .now,
                progress: { progress.show($0, of: $1, unit: "events") })
            progress.finish()
            if !output.json { print(impact.report.text(output.style), terminator: "") }
            if dryRun {
                return ImportedBook(
                    PublishedBook(
                        layered.book, in: place.ledger, from: effective.effective, at: nil,
                        over: layered.base), impact)
            }
            return ImportedBook(
                try await deployment.publish(
                    layered.book, from: effective.effective, in: ledger, called: place.ledger,
                    over: layered.base), impact)
        }
    }

    struct Publish: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Publishes a book from the database, or the built-in one.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var effective: EffectiveOption
        @OptionGroup var output: OutputOptions
        @Argument(help: "Id of the book or its first digits, or `default`.") var book = "default"

        func execute() async throws {
            output.show(
                try await place.open(to: .write) { deployment, ledger in
                    let book =
                        book == "default" ? .default : try await deployment.storedBook(book)
                    return try await deployment.publish(
                        book, from: effective.effective, in: ledger, called: place.ledger)
                })
        }
    }

    struct List: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the ledger's books in the order of publication.",
            discussion: "The one in force now is marked; it prices requests that occur now.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            output.show(
                try await place.open(to: .read) {
                    Listing(ShownBook.all(of: $1.prices.schedule, at: .now))
                })
        }
    }
}

extension Prices {
    struct Show: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows all prices of a model, or those in force at a time.")

        @OptionGroup var place: LedgerOptions
        @Argument(help: "The model, as requests name it.") var model: String
        @Option(help: "Only this provider.") var provider: String?
        @Option(
            help: "Only prices in force then, such as 2025-06-01.", transform: Timestamp.argument)
        var at: Timestamp?
        @Option(help: "A price file, in place of the ledger's books.") var book: String?
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let book = try await shownBook()
            let rows = book.show(model: Name(model), provider: provider.map { Name($0) }, at: at)
            guard !rows.isEmpty else {
                let near = book.nearest(toModel: Name(model)).map { ": did you mean \($0)?" } ?? ""
                throw InputRefused("the price book has no prices for \(model)" + near)
            }
            output.show(rows)
        }

        private func shownBook() async throws -> PriceBook {
            if let book { return try PriceFileReading.read(book) }
            return try await place.open(to: .read) { try place.book(of: $1, at: at) }
        }
    }
}

extension LedgerOptions {
    /// The book in force at a time, or now.
    func book(of ledger: OpenLedger, at time: Timestamp?) throws -> PriceBook {
        guard let book = ledger.prices.schedule.book(at: time ?? .now) else {
            throw InputRefused("ledger \(self.ledger) had no price book at that time")
        }
        return book
    }
}

enum PriceFileReading {
    static func read(_ path: String) throws -> PriceBook { try reading(path).book }

    /// Reads a book, and the parts of the file that a book cannot hold.
    static func reading(_ path: String) throws -> PriceFile.Reading {
        let text = try readText(path, "the price file")
        do {
            return try PriceFile.reading(text)
        } catch {
            throw InputRefused("\(path): \(error)")
        }
    }
}

extension Deployment {
    /// Puts a book into use.
    func publish(
        _ book: PriceBook, from time: Timestamp?, in ledger: OpenLedger, called name: String,
        over base: PriceBook? = nil
    ) async throws -> PublishedBook {
        let id = makeEventID()
        let receipt = try await bookStore.publish(
            book, effectiveFrom: time, in: ledger.store, at: .now, entropy: (id.high, id.low))
        return PublishedBook(
            book, in: name, from: time, at: receipt.head.position, over: base)
    }

    func storedBook(_ prefix: String) async throws -> PriceBook {
        guard let id = try await bookStore.find(prefix), let book = try await bookStore.book(id)
        else {
            throw InputRefused(
                "no single book has an id that starts with \(prefix): see "
                    + "tally prices list")
        }
        return book
    }
}
