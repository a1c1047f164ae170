package import EventStore
package import Ingest
package import LedgerModel
package import Postgres
package import Pricing
import Synchronization

/// Fetches a price book, compares it with the one in force and proposes it, or publishes it if a
/// policy lets it.
///
/// Nothing that a source answers changes what is charged by itself: a book that differs by more
/// than the tolerance waits for approval, and everything else that arrives is a failure.
package final class PriceRefresh: Sendable {
    private let source: BookSource
    private let prices: PriceDesk
    private let proposals: ProposalDesk
    private let tolerance: Factor?
    private let makeID: @Sendable () -> EventID
    private let last = Mutex<(tag: String, base: PriceBookID)?>(nil)

    /// - Parameter tolerance: how far prices may move without somebody's approval, as a part of
    ///   themselves; nil asks for approval always.
    package init(
        from source: BookSource, into ledger: PostgresLedger, prices: PriceDesk,
        shelf: PriceShelf, pool: Pool, tolerance: Factor?,
        makeID: @escaping @Sendable () -> EventID
    ) {
        self.source = source
        self.prices = prices
        self.tolerance = tolerance
        self.makeID = makeID
        proposals = ProposalDesk(ledger: ledger, prices: prices, shelf: shelf, pool: pool)
    }

    package enum Outcome: Sendable {
        /// The source has the book in force, or still the one that it had last time.
        case same
        /// Waits for approval; new unless it waited already.
        case proposed(PriceProposal, BookDifference, isNew: Bool)
        case published(PriceProposal, BookDifference)
        /// Somebody rejected this very book for the one in force.
        case rejected(PriceProposal)

        /// In a metric.
        package var label: String {
            switch self {
            case .same: "same"
            case .proposed(_, _, let isNew): isNew ? "proposed" : "waiting"
            case .published: "published"
            case .rejected: "rejected"
            }
        }
    }

    package func run(at now: Timestamp) async throws -> Outcome {
        try await prices.refresh()
        guard let base = prices.schedule.book(at: now) else { throw RefreshFailure.noBook }
        // A tag speaks of what was compared with the book of that time.
        let known = last.withLock { $0 }.flatMap { $0.base == base.id ? $0.tag : nil }
        guard case .file(let text, let tag) = try await source.fetch(unless: known) else {
            return .same
        }
        let outcome = try await decide(on: try book(from: text, over: base), over: base, at: now)
        last.withLock { $0 = tag.map { ($0, base.id) } }
        return outcome
    }

    /// The book of a file; without terms of its own it keeps those in force.
    private func book(from text: String, over base: PriceBook) throws -> PriceBook {
        let book: PriceBook
        do throws(PriceFileError) {
            book = try PriceFile.read(text)
        } catch {
            throw RefreshFailure.notABook(source.name, error)
        }
        if !book.terms.isEmpty || base.terms.isEmpty { return book }
        do throws(PriceFileError) {
            return try book.adopting(TermsDraft(base.terms))
        } catch {
            throw RefreshFailure.terms(source.name, error)
        }
    }

    private func decide(
        on book: PriceBook, over base: PriceBook, at now: Timestamp
    ) async throws -> Outcome {
        if book.id == base.id { return .same }
        let earlier = try await proposals.list().filter {
            $0.book == book.id && $0.base == base.id
        }
        if let rejected = earlier.first(where: { $0.decision == .rejected }) {
            return .rejected(rejected)
        }
        let difference = base.difference(to: book)
        if let waiting = earlier.first(where: { $0.decision == nil }) {
            return .proposed(waiting, difference, isNew: false)
        }
        var proposal = PriceProposal(
            id: makeID(), proposedAt: now, source: source.name, book: book.id, base: base.id,
            summary: difference.summary)
        if let tolerance, difference.isWithin(tolerance) {
            proposal.decision = .policy
            proposal.decidedAt = now
            try await proposals.approveByPolicy(proposal, book, at: now, id: makeID())
            return .published(proposal, difference)
        }
        let isNew = try await proposals.add(proposal, book)
        return .proposed(proposal, difference, isNew: isNew)
    }
}
