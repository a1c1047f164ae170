package import JSON
package import LedgerModel

/// Single requests that can wait: they gather with others of their kind and are called together, at
/// the batch price.
///
/// The gateway hands over what comes with `x-tally-async: 1`; the caller gets an id at once, and
/// the answer under it within a day or so.
package struct AsyncRequests: Sendable {
    private let batches: BatchService

    package init(_ batches: BatchService) {
        self.batches = batches
    }

    /// The word of the header.
    package static func isAsked(_ header: String?) -> Bool { header == "1" || header == "true" }

    /// Takes a request.
    ///
    /// - Throws: `BatchFault` where there is no batch rate, or what refuses its money.
    package func submit(
        _ body: JSONTree, to endpoint: String, provider: String? = nil, facts: BatchFacts,
        for owner: BatchOwner, at now: Timestamp
    ) async throws -> BatchView {
        var order = BatchOrder(.single, endpoint: endpoint)
        order.provider = provider
        order.facts = facts
        return try await batches.create(
            order, [BatchItem(customID: "request", body: body)], for: owner, at: now)
    }

    /// How far it is, and its answer once it has one.
    package func find(
        _ id: EventID, for owner: BatchOwner
    ) async throws -> (view: BatchView, result: BatchResult?) {
        let view = try await batches.find(id, for: owner, as: [.single])
        return (view, try await batches.results(of: view, for: owner, from: 0).first)
    }
}
