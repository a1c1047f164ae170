import ArgumentParser
import Booking
import EventStore
import JSON
import LedgerModel
import PriceBooks
import Pricing
import Server

extension Prices {
    struct Refresh: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetches a price book once and shows what it would change.",
            discussion: """
                What is fetched is kept as a proposal until somebody approves or rejects it. The \
                terms of the book in force (discounts, allowances) are taken over. The service \
                does the same at an interval, see `tally serve --help`.
                """)

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @OptionGroup var effective: EffectiveOption
        @Argument(help: "URL or file of the book (default TALLY_PRICES_URL).") var source: String?
        @Flag(help: "Approve what was fetched.") var yes = false
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let settings = try await database.settings()
            guard let source = source ?? settings.prices.url else {
                throw ValidationError("say what to fetch: a URL, a file, or TALLY_PRICES_URL")
            }
            let effective = try effective.timestamp()
            try await Deployment.with(settings) { deployment in
                let refresh = PriceRefresh(
                    from: BookSource(source), tolerance: nil, makeID: makeEventID)
                let proposals = try await deployment.proposals(of: target.ledger)
                let outcome = try await refresh.run([proposals], at: .now)[0].get()
                guard case .proposed(let proposal, let change, _) = outcome else {
                    return report(outcome)
                }
                if yes {
                    try await proposals.approve(
                        proposal, effectiveFrom: effective, at: .now, id: makeEventID())
                }
                report(proposal, change)
            }
        }

        private func report(_ outcome: PriceRefresh.Outcome) {
            let words =
                if case .rejected(let proposal) = outcome {
                    "This book was rejected (proposal \(proposal.id)); "
                        + "tally prices publish \(proposal.book) uses it nevertheless."
                } else {
                    "The ledger uses this book already."
                }
            if json {
                var writer = JSONWriter()
                writer.object { $0.field("outcome", outcome.label) }
                return print(writer.text)
            }
            print(words)
        }

        private func report(_ proposal: PriceProposal, _ change: PriceChange) {
            if json {
                var writer = JSONWriter()
                writer.object { writer in
                    writer.field("outcome", yes ? "approved" : "proposed")
                    writer.key("proposal")
                    writer.object { $0.proposal(proposal) }
                    writer.change(change)
                }
                return print(writer.text)
            }
            print(
                DifferenceText.text(of: change, first: "now", second: "fetched"),
                terminator: "")
            print(
                yes
                    ? "\nBook \(proposal.book) is in use."
                    : "\nNothing has changed yet. Use it: tally prices approve \(proposal.id)")
        }
    }

    struct Proposals: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists fetched price books, or shows what one of them would change.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Argument(help: "Id of a proposal, or its first digits.") var id: String?
        @Flag(help: "Only those that wait.") var waiting = false
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let settings = try await database.settings()
            guard let id else { return try await list(settings) }
            let (proposal, change) = try await Deployment.with(settings) { deployment in
                let proposals = try await deployment.proposals(of: target.ledger)
                let proposal = try await proposals.find(id)
                return (proposal, try await proposals.change(of: proposal))
            }
            if json {
                var writer = JSONWriter()
                writer.object { writer in
                    writer.proposal(proposal)
                    writer.change(change)
                }
                return print(writer.text)
            }
            print(
                "proposal \(proposal.id) of \(proposal.proposedAt) from \(proposal.source): "
                    + "\(proposal.decision?.rawValue ?? "waits")\n")
            print(
                DifferenceText.text(of: change, first: "base", second: "proposed"),
                terminator: "")
        }

        private func list(_ settings: Settings) async throws {
            let proposals = try await Deployment.with(settings) {
                try await $0.proposals(of: target.ledger).list()
            }.filter { !waiting || $0.decision == nil }
            if json {
                var writer = JSONWriter()
                writer.array(of: proposals) { writer, proposal in
                    writer.object { $0.proposal(proposal) }
                }
                return print(writer.text)
            }
            var table = TextTable([
                "id", "proposed_at", "state", "higher", "lower", "added", "removed", "source",
            ])
            for proposal in proposals {
                let summary = proposal.summary
                let added = summary.modelsOnlyInSecond + summary.pricesOnlyInSecond
                let removed = summary.modelsOnlyInFirst + summary.pricesOnlyInFirst
                table.add([
                    proposal.id.description, proposal.proposedAt.description,
                    proposal.decision?.rawValue ?? "waits", String(summary.higher),
                    String(summary.lower), String(added), String(removed), proposal.source,
                ])
            }
            print(table.text, terminator: "")
        }
    }

    struct Approve: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Puts the book of a proposal into use.",
            discussion: "It prices events from the time on at which it was fetched, unless "
                + "--effective says otherwise. What is booked already keeps its charges.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @OptionGroup var effective: EffectiveOption
        @Argument(help: "Id of the proposal, or its first digits.") var id: String
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let effective = try effective.timestamp()
            let (proposal, position) = try await Deployment.with(try await database.settings()) {
                deployment in
                let proposals = try await deployment.proposals(of: target.ledger)
                let proposal = try await proposals.find(id)
                let receipt = try await proposals.approve(
                    proposal, effectiveFrom: effective, at: .now, id: makeEventID())
                return (proposal, receipt.head.position)
            }
            let from = (effective ?? proposal.proposedAt).description
            if json {
                var writer = JSONWriter()
                writer.object { writer in
                    writer.field("id", proposal.id.description)
                    writer.field("decision", "approved")
                    writer.field("book_id", proposal.book.description)
                    writer.field("effective_from", from)
                    writer.field("position", position)
                }
                return print(writer.text)
            }
            print("book \(proposal.book) prices ledger \(target.ledger) from \(from) on")
        }
    }

    struct Reject: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Puts a proposal away; the same book is not proposed again.")

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Argument(help: "Id of the proposal, or its first digits.") var id: String
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let proposal = try await Deployment.with(try await database.settings()) {
                deployment in
                let proposals = try await deployment.proposals(of: target.ledger)
                let proposal = try await proposals.find(id)
                try await proposals.reject(proposal, at: .now)
                return proposal
            }
            guard json else { return print("proposal \(proposal.id) is rejected") }
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("id", proposal.id.description)
                writer.field("decision", "rejected")
            }
            print(writer.text)
        }
    }

    struct PublishTerms: TallyCommand {
        static let configuration = CommandConfiguration(
            commandName: "terms",
            abstract: "Puts the book in use under the discounts and allowances of a file.",
            discussion: """
                The file (docs/prices.md, Terms) replaces the terms that the book has; without \
                entries it removes them. The result is another book, in force from the same time \
                on unless --effective says otherwise. What is booked already keeps its charges.
                """)

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @OptionGroup var effective: EffectiveOption
        @Argument(help: "The file of terms.") var file: String
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let text = try PriceFileReading.text(of: file)
            let effective = try effective.timestamp()
            let published = try await Deployment.with(try await database.settings()) {
                deployment in
                let proposals = try await deployment.ledger(target.ledger)
                let terms = LedgerTerms(
                    ledger: proposals.store, prices: proposals.prices,
                    bookStore: deployment.bookStore)
                do {
                    return try await terms.publish(
                        text, effectiveFrom: effective, at: .now, id: makeEventID())
                } catch let error as PriceFileError {
                    throw InputRefused("\(file): \(error)")
                }
            }
            if json { return print(JSONWriter.published(published).text) }
            let terms = published.book.terms
            print(
                "book \(published.book.id) (\(published.book.name); discounts: "
                    + "\(terms.discounts.count), allowances: \(terms.allowances.count)) prices ledger "
                    + "\(target.ledger) from "
                    + "\(published.effectiveFrom?.description ?? "the beginning") on")
        }
    }
}
