import ArgumentParser
import Booking
import EventStore
import LedgerModel
import PriceBooks
import Pricing
import Rendering

extension Prices {
    struct Refresh: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetches a price book once and shows what it would change.",
            discussion: """
                The fetched book stays a proposal until somebody approves or rejects it. The \
                terms in force (discounts, allowances) are applied to it. The service \
                does the same at an interval: see `tally serve --help`.
                """)

        @OptionGroup var place: LedgerOptions
        @OptionGroup var effective: EffectiveOption
        @Argument(help: "URL or file of the book (default TALLY_PRICES_URL).") var source: String?
        @Flag(help: "Approve the fetched book.") var yes = false
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let known = try await place.database.settings().prices.url
            guard let source = source ?? known else {
                throw ValidationError("give a URL or a file, or set TALLY_PRICES_URL")
            }
            output.show(
                try await place.open(to: .write) { deployment, _ in
                    let refresh = PriceRefresh(
                        from: BookSource(source), tolerance: nil, makeID: makeEventID)
                    let proposals = try await deployment.proposals(of: place.ledger)
                    let outcome = try await refresh.run([proposals], at: .now)[0].get()
                    if yes, case .proposed(let proposal, _, _) = outcome {
                        try await proposals.approve(
                            proposal, effectiveFrom: effective.effective, at: .now,
                            id: makeEventID())
                    }
                    return RefreshedPrices(outcome, isApproved: yes)
                })
        }
    }

    struct Proposals: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists proposals, or shows what one of them would change.")

        @OptionGroup var place: LedgerOptions
        @Argument(help: "Id of a proposal, or its first digits.") var id: String?
        @Flag(help: "Only those that wait for approval.") var waiting = false
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            try await place.open(to: .read) { deployment, _ in
                let proposals = try await deployment.proposals(of: place.ledger)
                guard let id else {
                    let all = try await proposals.list()
                    return output.show(Listing(all.filter { !waiting || $0.decision == nil }))
                }
                let proposal = try await proposals.find(id)
                output.show(
                    ShownProposal(proposal, try await proposals.change(of: proposal)))
            }
        }
    }

    struct Approve: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approves a proposal: publishes its book.",
            discussion: "The book prices events from the time it was fetched, unless "
                + "--effective says otherwise. What is already booked keeps its charges.")

        @OptionGroup var place: LedgerOptions
        @OptionGroup var effective: EffectiveOption
        @Argument(help: "Id of the proposal, or its first digits.") var id: String
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            output.show(
                try await place.open(to: .write) { deployment, _ in
                    let proposals = try await deployment.proposals(of: place.ledger)
                    let proposal = try await proposals.find(id)
                    let receipt = try await proposals.approve(
                        proposal, effectiveFrom: effective.effective, at: .now, id: makeEventID())
                    return DecidedProposal(
                        proposal, in: place.ledger,
                        approved: (
                            from: effective.effective ?? proposal.proposedAt,
                            position: receipt.head.position
                        ))
                })
        }
    }

    struct Reject: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rejects a proposal; the same book is not proposed again.")

        @OptionGroup var place: LedgerOptions
        @Argument(help: "Id of the proposal, or its first digits.") var id: String
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            output.show(
                try await place.open(to: .write) { deployment, _ in
                    let proposals = try await deployment.proposals(of: place.ledger)
                    let proposal = try await proposals.find(id)
                    try await proposals.reject(proposal, at: .now)
                    return DecidedProposal(proposal, in: place.ledger)
                })
        }
    }

    struct PublishTerms: TallyCommand {
        static let configuration = CommandConfiguration(
            commandName: "terms",
            abstract: "Applies the discounts and allowances of a file to the book in use.",
            discussion: """
                The file (docs/prices.md, Terms) replaces the book's terms; a file without \
                entries removes them. The result is another book, in force from the same time \
                unless --effective says otherwise. What is already booked keeps its charges.
                """)

        @OptionGroup var place: LedgerOptions
        @OptionGroup var effective: EffectiveOption
        @Argument(help: "The terms file.") var file: String
        @OptionGroup var output: OutputOptions

        func execute() async throws {
            let text = try readText(file, "the terms file")
            output.show(
                try await place.open(to: .write) { deployment, ledger in
                    let terms = LedgerTerms(
                        ledger: ledger.store, prices: ledger.prices,
                        bookStore: deployment.bookStore)
                    do {
                        let published = try await terms.publish(
                            text, effectiveFrom: effective.effective, at: .now,
                            id: makeEventID())
                        return PublishedBook(
                            published.book, in: place.ledger, from: published.effectiveFrom,
                            at: published.position, showsTerms: true)
                    } catch let error as PriceFileError {
                        throw InputRefused("\(file): \(error)")
                    }
                })
        }
    }
}
