import Booking
import CoreMetrics
import EventReading
import HTTPTypes
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
    /// Notes and counts what did not become an event.
    func note(_ report: IntakeReport, _ tally: TelemetryTally? = nil, from source: String) {
        let noted = parts.journal.note(
            report, tally, from: source, in: caller.ledger, at: now)
        for (outcome, reason, count) in noted {
            Counter(
                label: "tally_intake_reasons_total",
                dimensions: [
                    ("source", source), ("outcome", outcome.rawValue), ("reason", reason),
                ]
            ).increment(by: count)
        }
    }
}
