package import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres
package import Pricing

/// A fetched book that needs approval before a ledger uses it.
package struct PriceProposal: Hashable, Sendable {
    package enum Decision: String, Hashable, Sendable {
        case approved
        /// Decided by the service, within the configured tolerance.
        case policy
        case rejected
        /// A later proposal replaced it.
        case superseded
    }

    package let id: EventID
    package let proposedAt: Timestamp
    /// Where the book was fetched from.
    package let source: String
    package let book: PriceBookID
    /// The book in force that it would replace.
    package let base: PriceBookID
    package let summary: BookDifference.Summary
    /// nil while it waits.
    package var decision: Decision?
    package var decidedAt: Timestamp?
}

/// Why a proposal was not decided.
package enum ProposalRefusal: Fault {
    case unknown(String)
    case decided(EventID, PriceProposal.Decision?)
    case outdated(EventID, inForce: PriceBookID?)

    package var kind: FaultKind {
        if case .unknown = self { .notFound } else { .conflict }
    }

    package var param: String? {
        if case .unknown = self { nil } else { "id" }
    }

    package var description: String {
        switch self {
        case .unknown(let id):
            "no single proposal has an id that starts with \(id): see tally prices "
                + "proposals"
        case .decided(let id, let decision):
            "proposal \(id) is already \(decision?.rawValue ?? "decided")"
        case .outdated(let id, let book):
            "proposal \(id) was made for a different book than the one in use "
                + "(\(book?.description ?? "none")): fetch again with tally prices refresh"
        }
    }
}

/// The proposals of a ledger.
package struct PriceProposals: Sendable {
    let ledger: PostgresLedger
    let prices: LedgerPrices
    private let bookStore: PriceBookStore
    private let pool: Pool

    package init(
        ledger: PostgresLedger, prices: LedgerPrices, bookStore: PriceBookStore, pool: Pool
    ) {
        self.ledger = ledger
        self.prices = prices
        self.bookStore = bookStore
        self.pool = pool
    }

    /// All proposals, the newest first.
    package func list() async throws -> [PriceProposal] {
        let ledger = ledger.id
        return try await pool.session { try $0.run(ListProposals(ledger: ledger)) }
    }

    /// The proposal whose id starts with what somebody typed.
    package func find(_ prefix: String) async throws -> PriceProposal {
        let matches = try await list().filter { proposal in
            proposal.id.description.hasPrefix(prefix.lowercased())
        }
        guard let only = matches.first, matches.count == 1 else {
            throw ProposalRefusal.unknown(prefix)
        }
        return only
    }

    /// What the proposal would change, including for the models used before it was made.
    package func change(of proposal: PriceProposal) async throws -> PriceChange {
        guard let base = try await bookStore.book(proposal.base),
            let book = try await bookStore.book(proposal.book)
        else { throw ProposalRefusal.unknown(proposal.id.description) }
        return try await change(from: base, to: book, at: proposal.proposedAt)
    }

    func change(
        from base: PriceBook, to book: PriceBook, at time: Timestamp
    ) async throws -> PriceChange {
        let ledger = ledger.id
        let used = try await pool.session { session in
            try UsedModels.of(ledger, until: time, in: session)
        }
        return PriceChange(from: base, to: book, used)
    }

    /// Stores a proposal and its book; supersedes older ones that wait.
    ///
    /// - Returns: false if the same one already waits.
    func add(_ proposal: PriceProposal, _ book: PriceBook) async throws -> Bool {
        let ledger = ledger.id
        return try await pool.transaction { session in
            try PriceBookStore.store(book, in: session)
            _ = try session.run(
                SupersedeProposals(ledger: ledger, except: proposal.book, at: proposal.proposedAt))
            let insert = InsertProposal(ledger: ledger, proposal: proposal, publication: nil)
            return try !session.run(insert).isEmpty
        }
    }

    /// Puts the book of a proposal into use.
    ///
    /// The decision is stored first, with everything about the publication; if the process ends
    /// before that is appended, the next refresh or approval appends it.
    ///
    /// - Parameters:
    ///   - effectiveFrom: nil means when the book was fetched.
    ///   - id: the id of the `prices.published` event.
    /// - Throws: `ProposalRefusal` if somebody else decided, or published another book since.
    @discardableResult
    package func approve(
        _ proposal: PriceProposal, effectiveFrom: Timestamp? = nil, at now: Timestamp, id: EventID
    ) async throws -> AppendReceipt {
        try await publishDecided()
        guard proposal.decision == nil else {
            throw ProposalRefusal.decided(proposal.id, proposal.decision)
        }
        try await checkBase(of: proposal, at: now)
        let publication = DecidedPublication(
            event: id, decidedAt: now, book: proposal.book,
            effectiveFrom: effectiveFrom ?? proposal.proposedAt)
        let decide = DecideProposal(
            ledger: ledger.id, proposal: proposal.id, decision: .approved, at: now,
            publication: publication)
        if try await pool.session({ try $0.run(decide) }).isEmpty {
            throw ProposalRefusal.decided(proposal.id, nil)
        }
        return try await publish(publication)
    }

    /// Publishes at once, with a proposal that names the policy.
    func approveByPolicy(
        _ proposal: PriceProposal, _ book: PriceBook, at now: Timestamp, id: EventID
    ) async throws {
        try await checkBase(of: proposal, at: now)
        let publication = DecidedPublication(
            event: id, decidedAt: now, book: proposal.book, effectiveFrom: proposal.proposedAt)
        let insert = InsertProposal(
            ledger: ledger.id, proposal: proposal, publication: publication)
        try await pool.transaction { session in
            try PriceBookStore.store(book, in: session)
            _ = try session.run(insert)
        }
        _ = try await publish(publication)
    }

    /// Publishes what was decided by a process that ended before publishing it.
    func publishDecided() async throws {
        let list = ListUnpublished(ledger: ledger.id)
        for publication in try await pool.session({ try $0.run(list) }) {
            _ = try await publish(publication)
        }
    }

    private func checkBase(of proposal: PriceProposal, at now: Timestamp) async throws {
        try await prices.refresh()
        let inForce = prices.schedule.book(at: now)?.id
        guard inForce == proposal.base else {
            throw ProposalRefusal.outdated(proposal.id, inForce: inForce)
        }
    }

    private func publish(_ publication: DecidedPublication) async throws -> AppendReceipt {
        guard let book = try await bookStore.book(publication.book) else {
            throw ProposalRefusal.unknown(publication.book.description)
        }
        let receipt = try await bookStore.publish(
            book, effectiveFrom: publication.effectiveFrom, in: ledger,
            at: publication.decidedAt, id: publication.event)
        try await prices.refresh()
        return receipt
    }

    package func reject(_ proposal: PriceProposal, at now: Timestamp) async throws {
        let decide = DecideProposal(
            ledger: ledger.id, proposal: proposal.id, decision: .rejected, at: now,
            publication: nil)
        let decided = try await pool.session { try $0.run(decide) }
        if decided.isEmpty { throw ProposalRefusal.decided(proposal.id, proposal.decision) }
    }
}
