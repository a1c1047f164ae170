import Access
import Booking
import HTTPTypes
import LedgerModel
import Rendering
import Subscriptions

/// `/api/v1/quarantine`.
enum QuarantineRoutes {
    private static let path = "/api/v1/quarantine"

    static let routes: [Route] = [
        Route(
            .get, path, "List what is halted, and which events are quarantined",
            needs: .scope(.admin)
        ) { (call, _: Nothing) in
            try await quarantine(call).list()
        },
        Route(
            .post, path, "Quarantine events that halt a subscription, which then goes on",
            needs: .scope(.admin), status: .created, add),
    ]

    private static func quarantine(_ call: Call) async throws -> QuarantineService {
        QuarantineService(ledger: try await call.ledger().store, pool: call.parts.pool)
    }

    private struct QuarantineInput: Input {
        static let body = BodyForm.object(bytesMax: 1 << 16)
        let subscription: String
        let events: [EventID]
        let reason: String

        init(_ given: Given) throws {
            subscription = try given.member(
                required: "subscription", .text, "The halted read model or reactor.")
            events = try given.member(
                required: "event_ids", .list(of: .eventID),
                "Events of the block before which it is halted.")
            reason = try given.member(required: "reason", .text, "Why they are left out.")
        }
    }

    private static func add(
        _ call: Call, _ input: QuarantineInput
    ) async throws -> Listing<QuarantinedEvent> {
        Listing(
            try await quarantine(call).add(
                input.events, to: input.subscription, because: input.reason))
    }
}
