import ArgumentParser
import Booking
import Foundation
import LedgerModel
import PriceBooks
import Pricing
import Rendering

extension Prices {
    struct Diff: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares the charges of two price books.",
            discussion: """
                Each book is a price file, the first digits of a book's id, `default` (the one \
                that tally ships) or `current` (the one in use by the ledger). Models are paired \
                by the names in requests; ratio is the second price over the first.
                """)

        @OptionGroup var place: LedgerOptions
        @Argument(help: "The first book.") var first: String
        @Argument(help: "The second book.") var second: String
        @Option(
            help: "Only prices in force then, such as 2026-06-01 (default: all).",
            transform: Timestamp.argument)
        var at: Timestamp?
        @Flag(help: "Exit with 1 if there is a difference.") var check = false
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let (a, b) = try await books()
            let compared = ComparedBooks(
                a, b, called: (first: shortName(first), second: shortName(second)), at: at)
            output.show(compared)
            if check, !compared.difference.isEmpty { throw ExitCode.checkFailed }
        }

        /// The name of a column: a path without its folders.
        private func shortName(_ word: String) -> String {
            word.split(separator: "/").last.map(String.init) ?? word
        }

        /// Reads both books; the database is opened only if one of them is in it.
        private func books() async throws -> (PriceBook, PriceBook) {
            if let a = try outside(first), let b = try outside(second) { return (a, b) }
            return try await place.open(to: .read) { deployment, ledger in
                (
                    try await book(first, of: ledger, in: deployment),
                    try await book(second, of: ledger, in: deployment)
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
            _ word: String, of ledger: OpenLedger, in deployment: Deployment
        ) async throws -> PriceBook {
            if let book = try outside(word) { return book }
            if word == "current" { return try place.book(of: ledger, at: at) }
            guard word.utf8.allSatisfy({ $0 == 45 || Character(Unicode.Scalar($0)).isHexDigit })
            else { throw InputRefused("there is no file and no book id \(word)") }
            return try await deployment.storedBook(word)
        }
    }
}
