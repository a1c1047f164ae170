import Access
import Booking
import EventStore
import HTTPTypes
import LedgerModel
import PriceBooks
import Rendering

/// `/api/v1/prices/proposals`: fetched price books that wait for approval.
enum ProposalRoutes {
    private static let path = PriceRoutes.path + "/proposals"

    static let routes: [Route] = [
        Route(.get, path, "List the proposals") { (call, _: Nothing) in
            Listing(try await proposals(call).list())
        },
        Route(.get, path + "/{id}", "Show what a proposal changes") {
            (call, input: NamedInput) in
            let proposals = try await proposals(call)
            let proposal = try await proposals.find(input.id)
            return ShownProposal(proposal, try await proposals.change(of: proposal))
        },
        Route(.post, path + "/{id}/approve", "Approve", needs: .scope(.admin), approve),
        Route(.post, path + "/{id}/reject", "Reject", needs: .scope(.admin)) {
            (call, input: NamedInput) in
            let proposals = try await proposals(call)
            let proposal = try await proposals.find(input.id)
            try await proposals.reject(proposal, at: call.now)
            return DecidedProposal(proposal, in: "")
        },
    ]

    private struct ApprovalInput: Input {
        let id: String
        let effective: Timestamp?

        init(_ given: Given) throws {
            id = try given.path("id", .text, "Its id, or the first digits.")
            effective = try given.query(
                "effective", .time(at: given.now),
                "When it takes effect; default when it was fetched.")
        }
    }

    private static func approve(
        _ call: Call, _ input: ApprovalInput
    ) async throws -> DecidedProposal {
        let proposals = try await proposals(call)
        let proposal = try await proposals.find(input.id)
        let receipt = try await proposals.approve(
            proposal, effectiveFrom: input.effective, at: call.now, id: call.parts.makeID())
        let start = input.effective ?? proposal.proposedAt
        return DecidedProposal(
            proposal, in: "", approved: (from: start, position: receipt.head.position))
    }

    private static func proposals(_ call: Call) async throws -> PriceProposals {
        let ledger = try await call.ledger()
        return PriceProposals(
            ledger: ledger.store, prices: ledger.prices, bookStore: call.parts.bookStore,
            pool: call.parts.pool)
    }
}
