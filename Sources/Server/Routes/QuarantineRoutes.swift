import Access
import Booking
import HTTPTypes
import LedgerModel
import ReadModels
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
        Route(
            .post, path + "/release", "Take back quarantines, from the next rebuild on",
            needs: .scope(.admin), status: .created, release),
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

    private struct ReleaseInput: Input {
        static let body = BodyForm.object(bytesMax: 1 << 16)
        let subscription: String?
        let events: [EventID]
        let reason: String

        init(_ given: Given) throws {
            subscription = try given.member(
                "subscription", .text, "The read model or reactor; default all that leave them out."
            )
            events = try given.member(
                required: "event_ids", .list(of: .eventID), "Events that are quarantined.")
            reason = try given.member(required: "reason", .text, "Why they count again.")
        }
    }

    private static func release(
        _ call: Call, _ input: ReleaseInput
    ) async throws -> Listing<QuarantinedEvent> {
        Listing(
            try await quarantine(call).release(
                input.events, from: input.subscription, because: input.reason,
                readModels: Set(ReadModel.all.map(\.name))))
    }

    private static func add(
        _ call: Call, _ input: QuarantineInput
    ) async throws -> Listing<QuarantinedEvent> {
        Listing(
            try await quarantine(call).add(
                input.events, to: input.subscription, because: input.reason))
    }
}
