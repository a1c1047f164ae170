import EventStore
package import LedgerModel
package import Pricing
import Synchronization

/// Fetches a price book, compares it with the one in force in each of some ledgers, and proposes it
/// there, or publishes it where a policy allows.
///
/// A source's answer alone never changes what is charged: a book that differs by more than the
/// tolerance waits for approval, and any other answer is a failure.
package final class PriceRefresh: Sendable {
    private let source: BookSource
    private let tolerance: Factor?
    private let makeID: @Sendable () -> EventID
    /// What the ledgers were last compared with: a tag applies to a book in force as well.
    private let last = Mutex<(tag: String, bases: [LedgerID: PriceBookID])?>(nil)

    /// - Parameter tolerance: how far prices may move without somebody's approval, as a part of
    ///   themselves; nil asks for approval always.
    package init(
        from source: BookSource, tolerance: Factor?, makeID: @escaping @Sendable () -> EventID
    ) {
        self.source = source
        self.tolerance = tolerance
        self.makeID = makeID
    }

    package enum Outcome: Sendable {
        /// The source has the book in force, or the same one as last time.
        case same
        /// Waits for approval; new unless it already waited.
        case proposed(PriceProposal, PriceChange, isNew: Bool)
        case published(PriceProposal, PriceChange)
        /// Somebody rejected exactly this book as a replacement of the one in force.
        case rejected(PriceProposal)

        /// The label in a metric.
        package var label: String {
            switch self {
            case .same: "same"
            case .proposed(_, _, let isNew): isNew ? "proposed" : "waiting"
            case .published: "published"
            case .rejected: "rejected"
            }
        }
    }

    /// Fetches once and decides for every ledger; a failure in one does not hold up the others.
    ///
    /// - Returns: the outcomes, in the order of the proposals.
    /// - Throws: `RefreshFailure` if nothing arrived that could be compared.
    package func run(
        _ proposals: [PriceProposals], at now: Timestamp
    ) async throws -> [Result<Outcome, any Error>] {
        var bases: [LedgerID: PriceBook] = [:]
        for proposals in proposals {
            try await proposals.publishDecided()
            try await proposals.prices.refresh()
            bases[proposals.ledger.id] = proposals.prices.schedule.book(at: now)
        }
        let ids = bases.mapValues(\.id)
        let known = last.withLock { $0 }.flatMap { $0.bases == ids ? $0.tag : nil }
        guard case .file(let text, let tag) = try await source.fetch(unless: known) else {
            return proposals.map { _ in .success(.same) }
        }
        let fetched = try read(text)
        var outcomes: [Result<Outcome, any Error>] = []
        for proposals in proposals {
            do {
                guard let base = bases[proposals.ledger.id] else { throw RefreshFailure.noBook }
                let book = try adopt(fetched, termsOf: base)
                outcomes.append(
                    .success(try await decide(on: book, over: base, proposals, at: now)))
            } catch {
                if error is CancellationError { throw error }
                outcomes.append(.failure(error))
            }
        }
        // Retry what failed for one ledger, even if the source has nothing new.
        let isDecided = outcomes.allSatisfy { if case .success = $0 { true } else { false } }
        last.withLock { $0 = isDecided ? tag.map { ($0, ids) } : nil }
        return outcomes
    }

    private func read(_ text: String) throws(RefreshFailure) -> PriceBook {
        do throws(PriceFileError) {
            return try PriceFile.read(text)
        } catch {
            throw RefreshFailure.notABook(source.name, error)
        }
    }

    /// A book without its own terms keeps those in force.
    private func adopt(
        _ book: PriceBook, termsOf base: PriceBook
    ) throws(RefreshFailure) -> PriceBook {
        if !book.terms.isEmpty || base.terms.isEmpty { return book }
        do throws(PriceFileError) {
            return try book.adopting(TermsDraft(base.terms))
        } catch {
            throw RefreshFailure.terms(source.name, error)
        }
    }

    private func decide(
        on book: PriceBook, over base: PriceBook, _ proposals: PriceProposals, at now: Timestamp
    ) async throws -> Outcome {
        if book.id == base.id { return .same }
        let earlier = try await proposals.list().filter {
            $0.book == book.id && $0.base == base.id
        }
        if let rejected = earlier.first(where: { $0.decision == .rejected }) {
            return .rejected(rejected)
        }
        let change = try await proposals.change(from: base, to: book, at: now)
        if let waiting = earlier.first(where: { $0.decision == nil }) {
            return .proposed(waiting, change, isNew: false)
        }
        var proposal = PriceProposal(
            id: makeID(), proposedAt: now, source: source.name, book: book.id, base: base.id,
            summary: change.whole.summary)
        if let tolerance, change.isWithin(tolerance) {
            proposal.decision = .policy
            proposal.decidedAt = now
            try await proposals.approveByPolicy(proposal, book, at: now, id: makeID())
            return .published(proposal, change)
        }
        let isNew = try await proposals.add(proposal, book)
        return .proposed(proposal, change, isNew: isNew)
    }
}
