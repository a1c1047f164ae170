import Access
import Booking
import EventReading
import HTTPTypes
import PriceBooks
import Rendering

/// `/api/v1/rejections`.
enum RejectionRoutes {
    static let routes: [Route] = [
        Route(
            .get, "/api/v1/rejections",
            "List what was rejected or ignored on its way in, by reason, with an example of each"
        ) { (call: Call, _: Nothing) -> Listing<IntakeReason> in
            let (journal, pool) = (call.parts.journal, call.parts.pool)
            try await journal.write(to: pool)
            return Listing(try await IntakeJournal.list(of: call.caller.ledger, in: pool))
        }
    ]
}

extension Call {
    /// Notes what did not become an event, and counts the events.
    func note(
        _ report: IntakeReport, _ tally: TelemetryTally? = nil, from source: String
    ) async throws {
        let noted = parts.journal.note(
            report, tally, from: source, in: caller.ledger, at: now)
        for (outcome, _, count) in noted {
            parts.metrics.add(count, to: .reasons, [source, outcome.rawValue])
        }
        parts.metrics.count(
            report, from: source, in: await parts.names.name(of: caller.ledger),
            providers: try await ledger().prices.providers)
    }
}
