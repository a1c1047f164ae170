import Access
import Alerting
import Booking
import HTTPTypes
import LedgerModel
import Rendering

/// `/api/v1/alerts`: list, acknowledge, silence.
enum AlertRoutes {
    private static let path = "/api/v1/alerts"
    private static let bodyBytesMax = 1 << 16
    /// A year.
    private static let minutesMax: Int64 = 525_600

    static let routes: [Route] = [
        Route(.get, path, "List the alerts, those that are open first", list),
        Route(
            .post, path + "/{id}/ack", "Acknowledge an alert: nobody else is called for it",
            needs: .scope(.admin), acknowledge),
        Route(
            .post, path + "/{id}/silence", "Silence an alert for a while", needs: .scope(.admin),
            silence),
    ]

    private static func alerts(_ call: Call) async throws -> AlertService {
        AlertService(ledger: try await call.ledger().store, pool: call.parts.pool)
    }

    private struct ListInput: Input {
        let isOpen: Bool

        init(_ given: Given) throws {
            isOpen = try given.query("open", .flag, "Only those that are open.") ?? false
        }
    }

    private static func list(_ call: Call, _ input: ListInput) async throws -> ShownAlerts {
        let (position, alerts) = try await alerts(call).list(includingResolved: !input.isOpen)
        return ShownAlerts(alerts, position: position)
    }

    private struct AcknowledgeInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let id: String
        let person: String?
        let note: String?

        init(_ given: Given) throws {
            id = try given.path("id", .text, "The alert.")
            person = try given.member("by", .text, "Who looks after it.")
            note = try given.member("note", .text, "What others should know.")
        }
    }

    private static func acknowledge(
        _ call: Call, _ input: AcknowledgeInput
    ) async throws -> Alert {
        try await alerts(call).acknowledge(
            input.id, by: input.person, note: input.note, at: call.now)
    }

    private struct SilenceInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let alert: AcknowledgeInput
        let minutes: Int64

        init(_ given: Given) throws {
            alert = try AcknowledgeInput(given)
            minutes = try given.member(
                required: "minutes", .integer(in: 1...minutesMax), "For how long.")
        }
    }

    private static func silence(_ call: Call, _ input: SilenceInput) async throws -> Alert {
        try await alerts(call).silence(
            input.alert.id, until: call.now.advanced(byMicroseconds: input.minutes * 60_000_000),
            by: input.alert.person, note: input.alert.note, at: call.now)
    }
}
