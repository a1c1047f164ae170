import Access
import Booking
import CoreMetrics
import EventStore
import Hummingbird
import LedgerModel
import Postgres

/// `/metrics`, `/healthz`, `/readyz`: what operators ask.
///
/// None of them needs a key.
struct OperationRoutes: Sendable {
    let parts: ServerParts

    func add(to router: Router<TallyContext>) {
        router.get("/healthz") { _, _ in Response.text("ok\n") }
        router.get("/readyz") { _, _ in await ready() }
        router.get("/metrics") { _, _ in await metrics() }
    }

    /// Ready means that the database answers.
    private func ready() async -> Response {
        do {
            _ = try await parts.directory.list()
            return .text("ready\n")
        } catch {
            return .text("the database does not answer\n", status: .serviceUnavailable)
        }
    }

    private func metrics() async -> Response {
        let counts = parts.pool.counts
        Gauge(label: "tally_pool_idle").record(counts.idle)
        Gauge(label: "tally_pool_leased").record(counts.leased)
        Gauge(label: "tally_pool_waiters").record(counts.waiters)
        for openLedger in parts.ledgers.open {
            Gauge(
                label: "tally_append_waiting_rows",
                dimensions: [("ledger", openLedger.store.id.description)]
            ).record(openLedger.store.waitingRows)
        }
        return .text(
            parts.metrics.exposition(), type: "text/plain; version=0.0.4; charset=utf-8")
    }
}
