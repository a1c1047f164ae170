import Access
import Booking
import EventStore
import Hummingbird
import LedgerModel
import PriceBooks
import Pricing
import Rendering
import Replay

/// `/api/v1/prices`: books and terms; and why a request costs what it costs.
enum PriceRoutes {
    static let path = "/api/v1/prices"

    static let routes: [Route] = [
        Route(.get, path, "List the ledger's price books") { (call, _: Nothing) in
            Listing(ShownBook.all(of: try await call.ledger().prices.schedule, at: call.now))
        },
        Route(
            .post, path, "Publish a price book", needs: .scope(.admin), status: .created, publish),
        Route(
            .post, path + "/terms", "Replace the discounts and allowances in force",
            needs: .scope(.admin), status: .created, publishTerms),
        Route(
            .get, "/api/v1/events/{id}/explanation", "Explain why an event costs what it costs",
            explain),
    ]

    private struct BookInput: Input {
        static let body = BodyForm.file(
            bytesMax: 16 << 20, types: ["application/yaml", "application/json"],
            meaning: "A price file from Tallystick, genai-prices or LiteLLM.")
        let text: String
        let effective: Timestamp?
        let replaces: Bool

        init(_ given: Given) throws {
            text = String(decoding: given.file, as: UTF8.self)
            effective = try given.effective()
            replaces =
                try given.query(
                    "replace", .flag,
                    "Make it the only book; by default it is a layer over the one in force.")
                ?? false
        }
    }

    private static func publish(_ call: Call, _ input: BookInput) async throws -> PublishedBook {
        let own = try await call.compute { try PriceFile.read(input.text) }
        let ledger = try await call.ledger()
        let layered = try BookImport(
            own, over: ledger.prices.schedule, replaces: input.replaces,
            effectiveFrom: input.effective, at: call.now)
        let id = call.parts.makeID()
        let receipt = try await call.parts.bookStore.publish(
            layered.book, effectiveFrom: input.effective, in: ledger.store, at: call.now,
            entropy: (id.high, id.low))
        try await ledger.prices.refresh()
        return PublishedBook(
            layered.book, in: "", from: input.effective, at: receipt.head.position,
            over: layered.base)
    }

    private struct TermsInput: Input {
        static let body = BodyForm.file(
            bytesMax: 1 << 20, types: ["application/yaml"], meaning: "A terms file.")
        let text: String
        let effective: Timestamp?

        init(_ given: Given) throws {
            text = String(decoding: given.file, as: UTF8.self)
            effective = try given.effective()
        }
    }

    private static func publishTerms(
        _ call: Call, _ input: TermsInput
    ) async throws -> PublishedBook {
        let ledger = try await call.ledger()
        let published = try await LedgerTerms(
            ledger: ledger.store, prices: ledger.prices, bookStore: call.parts.bookStore
        ).publish(
            input.text, effectiveFrom: input.effective, at: call.now, id: call.parts.makeID())
        return PublishedBook(
            published.book, in: "", from: published.effectiveFrom, at: published.position)
    }

    private struct ExplanationInput: Input {
        let id: String
        let source: String?

        init(_ given: Given) throws {
            id = try given.path("id", .text, "A request or a charge; with source, the sender's id.")
            source = try given.query("source", .text, "The source that the sender's id belongs to.")
        }
    }

    private static func explain(
        _ call: Call, _ input: ExplanationInput
    ) async throws -> ChargeExplanation {
        try await Explainer(
            ledger: try await call.ledger().store, bookStore: call.parts.bookStore,
            pool: call.parts.pool
        ).explain(input.id, source: input.source)
    }
}

extension Given {
    func effective() throws -> Timestamp? {
        try query("effective", .time(at: now), "When it takes effect; default now.")
    }
}
