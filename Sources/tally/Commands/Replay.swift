import ArgumentParser
import EventStore
import LedgerModel
import Pricing
import Replay
import Server

struct ReplayHistory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "The same history under other rules; the ledger is never written to.",
        subcommands: [OfPrices.self])

    struct OfPrices: TallyCommand {
        static let configuration = CommandConfiguration(
            commandName: "prices",
            abstract: "What the recorded requests would have cost under another price book.",
            discussion: """
                --book recorded computes every charge again under the book it was rated with, and says \
                whether each came out bit for bit; the exit code is 1 if one did not.
                """)

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Option(help: "A price file, the id of a book of this database, `default` or `recorded`.")
        var book: String
        @Option(help: "Only events that occurred then or later, such as 2026-01-01.")
        var since: String?
        @Option(help: "Only events that occurred before then.") var until: String?
        @Option(
            help: "Comma-separated: model, provider, team, app, user, …, day, month, hour.")
        var by = "provider,model"
        @Option(
            help: ArgumentHelp(
                "Only events with this dimension; may be repeated.", valueName: "dimension=value"))
        var only: [String] = []
        @Option(help: "Write a report to this file.") var html: String?
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let settings = try await database.settings()
            let report = try await Deployment.with(settings) { deployment in
                let desk = try await deployment.ledger(target.ledger)
                let request = try await request(in: deployment)
                let progress = Progress("replay", isQuiet: json)
                defer { progress.finish() }
                return try await PriceReplay(ledger: desk.store.id, pool: deployment.pool)
                    .run(request) { progress.show($0, of: $1, unit: "events") }
            }
            if let html {
                try CheckpointFile.write(report.html, to: html)
                if !json { print("report written to \(html)") }
            }
            print(json ? report.json : report.table)
            if report.check?.isExact == false { throw TallyExit.checkFailed }
        }

        private func request(in deployment: Deployment) async throws -> ReplayRequest {
            var request = ReplayRequest(
                prices: try await prices(in: deployment), groupedBy: try groupings())
            request.since = try time(since)
            request.until = try time(until)
            for filter in only {
                let parts = filter.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, let dimension = Dimension(name: parts[0]) else {
                    throw ValidationError("--only \(filter): write a dimension as app=search")
                }
                request.scope[dimension] = Name(String(parts[1]))
            }
            return request
        }

        private func prices(in deployment: Deployment) async throws -> ReplayRequest.Prices {
            switch book {
            case "recorded": return .recorded
            case "default": return .book(.default)
            default:
                if EventID(book) != nil { return .book(try await deployment.storedBook(book)) }
                return .book(try PriceFileReading.read(book))
            }
        }

        private func groupings() throws -> [Grouping] {
            try by.split(separator: ",").map { name in
                let name = name.filter { $0 != " " }
                guard let grouping = Grouping(name: name) else {
                    throw ValidationError("--by \(name): there is no such dimension or period")
                }
                return grouping
            }
        }

        private func time(_ text: String?) throws -> Timestamp? {
            try text.map { text in
                guard let time = Timestamp(rfc3339: text, zoneIsOptional: true) else {
                    throw ValidationError("\(text) is no date: write it as 2026-01-01")
                }
                return time
            }
        }
    }
}
