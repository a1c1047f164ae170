import Access
import Booking
import EventStore
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import PriceBooks
import Pricing

/// `/api/v1/prices/…` beyond the list: proposals and terms, and why a request costs what it costs.
struct PriceRoutes: Sendable {
    let parts: ServerParts

    /// Bytes of a file of terms.
    private static let termsBytesMax = 1 << 20

    func add(to router: Router<TallyContext>) {
        router.get("/api/v1/events/:id/explanation") { try await explain($0, $1) }
        router.get("/api/v1/prices/proposals") { request, _ in try await list(request) }
        router.get("/api/v1/prices/proposals/:id") { try await show($0, $1) }
        router.post("/api/v1/prices/proposals/:id/approve") { try await approve($0, $1) }
        router.post("/api/v1/prices/proposals/:id/reject") { try await reject($0, $1) }
        router.post("/api/v1/prices/terms") { request, _ in try await publishTerms(request) }
    }

    // MARK: Explanations

    /// Events of other systems are named by their `id` with `?source=`.
    private func explain(_ request: Request, _ context: TallyContext) async throws -> Response {
        let openLedger = try await openLedger(request, needs: .read)
        let explainer = Explainer(
            ledger: openLedger.store, bookStore: parts.bookStore, pool: parts.pool)
        let id = context.parameters.get("id") ?? ""
        let source = Query(request)["source"].map { String($0) }
        do {
            return .json(.explanation(try await explainer.explain(id, source: source)))
        } catch let refusal as ExplanationRefusal {
            if case .notCharged = refusal { throw Failure.invalid("\(refusal)", param: "id") }
            throw Failure.notFound("\(refusal)")
        }
    }

    // MARK: Proposals

    private func list(_ request: Request) async throws -> Response {
        let openLedger = try await openLedger(request, needs: .read)
        let proposals = try await proposals(openLedger).list()
        var json = JSONWriter()
        json.object { json in
            json.key("proposals")
            json.array(of: proposals) { json, proposal in
                json.object { $0.proposal(proposal) }
            }
        }
        return .json(json)
    }

    private func show(_ request: Request, _ context: TallyContext) async throws -> Response {
        let proposals = proposals(try await openLedger(request, needs: .read))
        return try await refusing {
            let proposal = try await proposals.find(context.parameters.get("id") ?? "")
            let change = try await proposals.change(of: proposal)
            var json = JSONWriter()
            json.object { json in
                json.proposal(proposal)
                json.change(change)
            }
            return .json(json)
        }
    }

    /// `?effective=` says from when the book is in force; without it, from when it was fetched.
    private func approve(_ request: Request, _ context: TallyContext) async throws -> Response {
        let proposals = proposals(try await openLedger(request, needs: .admin))
        let effective = try Query(request).time("effective")
        return try await refusing {
            let proposal = try await proposals.find(context.parameters.get("id") ?? "")
            let receipt = try await proposals.approve(
                proposal, effectiveFrom: effective, at: parts.now(), id: parts.makeID())
            var json = JSONWriter()
            json.object { json in
                json.field("id", proposal.id.description)
                json.field("decision", "approved")
                json.field("book_id", proposal.book.description)
                json.field(
                    "effective_from", (effective ?? proposal.proposedAt).description)
                json.field("position", receipt.head.position)
            }
            return .json(json)
        }
    }

    private func reject(_ request: Request, _ context: TallyContext) async throws -> Response {
        let proposals = proposals(try await openLedger(request, needs: .admin))
        return try await refusing {
            let proposal = try await proposals.find(context.parameters.get("id") ?? "")
            try await proposals.reject(proposal, at: parts.now())
            var json = JSONWriter()
            json.object { json in
                json.field("id", proposal.id.description)
                json.field("decision", "rejected")
            }
            return .json(json)
        }
    }

    private func refusing(_ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let refusal as ProposalRefusal {
            if case .unknown = refusal { throw Failure.notFound("\(refusal)") }
            throw Failure(
                status: .conflict, type: "conflict", message: "\(refusal)", param: "id")
        }
    }

    // MARK: Terms

    /// The body is a file of terms; they replace those of the book in force.
    private func publishTerms(_ request: Request) async throws -> Response {
        let openLedger = try await openLedger(request, needs: .admin)
        let body = try await request.body.collect(upTo: Self.termsBytesMax)
        let effective = try Query(request).time("effective")
        let terms = LedgerTerms(
            ledger: openLedger.store, prices: openLedger.prices, bookStore: parts.bookStore)
        let published: LedgerTerms.Published
        do {
            published = try await terms.publish(
                String(buffer: body), effectiveFrom: effective, at: parts.now(),
                id: parts.makeID())
        } catch let error as PriceFileError {
            throw Failure.invalid("\(error)")
        } catch let error as RefreshFailure {
            throw Failure.invalid("\(error)")
        }
        return .json(.published(published), status: .created)
    }

    // MARK: Callers

    private func openLedger(_ request: Request, needs scope: KeyScope) async throws -> OpenLedger {
        let caller = try await parts.access.caller(key: request.apiKey, needs: scope)
        return try await parts.ledgers.openLedger(caller.ledger)
    }

    private func proposals(_ openLedger: OpenLedger) -> PriceProposals {
        PriceProposals(
            ledger: openLedger.store, prices: openLedger.prices, bookStore: parts.bookStore,
            pool: parts.pool)
    }
}
