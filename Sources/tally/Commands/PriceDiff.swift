import ArgumentParser
import Booking
import Foundation
import JSON
import LedgerModel
import PriceBooks
import Pricing
import Server

extension Prices {
    struct Diff: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists where two price books would charge differently.",
            discussion: """
                Each book is a price file, the first digits of a book's id, `default` (the one \
                that tally ships) or `current` (the one that the ledger uses). Models are paired \
                by the names that requests use; ratio is the second price over the first.
                """)

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Argument(help: "The first book.") var first: String
        @Argument(help: "The second book.") var second: String
        @Option(help: "Only prices in force then, such as 2026-06-01 (default: of all times).")
        var at: String?
        @Flag(help: "Exit with 1 if there is a difference.") var check = false
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let time = try at.map { try Prices.time($0) }
            let (a, b) = try await books(at: time)
            let difference = a.difference(to: b, at: time)
            if json {
                var writer = JSONWriter()
                writer.object { writer in
                    for (name, book) in [("first", a), ("second", b)] {
                        writer.key(name)
                        writer.object { writer in
                            writer.field("book_id", book.id.description)
                            writer.field("name", book.name)
                        }
                    }
                    writer.key("difference")
                    writer.difference(difference)
                }
                print(writer.text)
            } else {
                let text = DifferenceText(
                    difference: difference, first: shortName(first), second: shortName(second))
                print(text.text, terminator: "")
            }
            if check, !difference.isEmpty { throw TallyExit.checkFailed }
        }

        /// What a column is called: a path without its folders.
        private func shortName(_ word: String) -> String {
            word.split(separator: "/").last.map(String.init) ?? word
        }

        /// The database is opened only for books that are in it.
        private func books(at time: Timestamp?) async throws -> (PriceBook, PriceBook) {
            if let a = try outside(first), let b = try outside(second) { return (a, b) }
            return try await Deployment.with(try await database.settings()) { deployment in
                (
                    try await book(first, in: deployment, at: time),
                    try await book(second, in: deployment, at: time)
                )
            }
        }

        private func outside(_ word: String) throws -> PriceBook? {
            if word == "default" { return .default }
            guard word != "current", FileManager.default.fileExists(atPath: word) else {
                return nil
            }
            return try PriceFileReading.read(word)
        }

        private func book(
            _ word: String, in deployment: Deployment, at time: Timestamp?
        ) async throws -> PriceBook {
            if let book = try outside(word) { return book }
            guard word == "current" else {
                guard word.utf8.allSatisfy({ $0 == 45 || Character(Unicode.Scalar($0)).isHexDigit })
                else { throw InputRefused("there is no file \(word), and no book has such an id") }
                return try await deployment.storedBook(word)
            }
            let schedule = try await deployment.ledger(target.ledger).prices.schedule
            guard let book = schedule.book(at: time ?? .now) else {
                throw InputRefused("ledger \(target.ledger) has no price book at that time")
            }
            return book
        }
    }

    static func time(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: text, zoneIsOptional: true) else {
            throw ValidationError("\(text) is no date: write it as 2026-01-01")
        }
        return time
    }
}
