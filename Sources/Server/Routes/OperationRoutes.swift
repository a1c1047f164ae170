import Access
import Audit
import Booking
import EventStore
import HTTPTypes
import Hummingbird
import LedgerModel
import Postgres
import Rendering

/// `/metrics`, `/healthz`, `/readyz`, `/openapi.json` and `/`: calls for operators and new users.
///
/// None of them needs a key, but for the metrics, which name ledgers and what they spend.
enum OperationRoutes {
    static let routes: [Route] = [
        open("/healthz", "Check that the process runs", .text("text/plain")) { _ in
            .text("ok\n")
        },
        open("/readyz", "Check that the database answers", .text("text/plain"), ready),
        Route(
            .get, "/metrics", "Show metrics in Prometheus format",
            needs: .keyFromElsewhere([.metrics, .operator]), answers: [.text("text/plain")]
        ) { (call, _: AnyQuery) in await metrics(call.parts) },
        open("/openapi.json", "Describe every call", .json(JSONText.self)) { _ in
            .json(OpenAPI(routes: Route.all).json)
        },
        Route(
            .get, "/", "Show where to start", needs: .nothing,
            answers: [.text("text/html"), .json(Welcome.self)]
        ) { (call, _: AnyQuery) in
            let accept = call.request.headers[.accept] ?? "*/*"
            let welcome = Welcome()
            return accept.contains("text/html")
                ? .text(welcome.html, type: "text/html; charset=utf-8") : .json(welcome)
        },
    ]

    /// Accepts any query, since health checks may have one.
    private struct AnyQuery: Input {
        init(_ given: Given) { given.ignoreQuery() }
    }

    private static func open(
        _ path: String, _ summary: String, _ answer: Route.Answer,
        _ respond: @escaping @Sendable (ServerParts) async throws -> Response
    ) -> Route {
        Route(.get, path, summary, needs: .nothing, answers: [answer]) { (call, _: AnyQuery) in
            try await respond(call.parts)
        }
    }

    /// The service is ready if the database answers.
    private static func ready(_ parts: ServerParts) async -> Response {
        do {
            _ = try await parts.directory.list()
            return .text("ready\n")
        } catch {
            return .text("the database does not answer\n", status: .serviceUnavailable)
        }
    }

    /// What the service's limits hold back, in numbers.
    private static func measureLimits(_ parts: ServerParts) {
        let (metrics, memory, computing) = (parts.metrics, parts.memory, parts.computing)
        metrics.instrument(.memoryHeld, []).set(Int64(memory.bytesHeld))
        metrics.instrument(.memoryLimit, []).set(Int64(memory.bytesMax))
        let (computations, queries) = (computing.counts, parts.audit.counts)
        for (queue, running, waiting, limit) in [
            (
                "computations", computations.running, computations.waiting,
                computing.threadCount + computing.waitingMax
            ),
            ("sql", queries.running, 0, AuditSlots.queriesMax),
        ] {
            metrics.instrument(.queueRunning, [queue]).set(Int64(running))
            metrics.instrument(.queueWaiting, [queue]).set(Int64(waiting))
            metrics.instrument(.queueLimit, [queue]).set(Int64(limit))
        }
        for (limit, refused) in [
            ("memory", memory.refused), ("computations", computations.refused),
            ("sql", queries.refused),
        ] {
            metrics.instrument(.refused, [limit]).set(Int64(refused))
        }
    }

    private static func metrics(_ parts: ServerParts) async -> Response {
        let (counts, metrics) = (parts.pool.counts, parts.metrics)
        metrics.instrument(.poolIdle, []).set(Int64(counts.idle))
        metrics.instrument(.poolLeased, []).set(Int64(counts.leased))
        metrics.instrument(.poolWaiters, []).set(Int64(counts.waiters))
        measureLimits(parts)
        for ledger in parts.ledgers.open {
            let name = await parts.names.name(of: ledger.store.id)
            metrics.announce(ledger: name)
            metrics.instrument(.waitingRows, [name]).set(Int64(ledger.store.waitingRows))
        }
        return .text(
            metrics.exposition(), type: "text/plain; version=0.0.4; charset=utf-8")
    }
}

/// The links at the root of the service.
private struct Welcome: RenderableObject {
    private static let places: [(name: String, path: String, what: String)] = [
        ("openapi", "/openapi.json", "every call, its parameters and answers"),
        ("ingest", "/api/v1/events", "POST events, or list them"),
        ("spend", "/api/v1/spend?by=model", "what models cost in the last 30 days"),
        ("head", "/api/v1/head", "the ledger's last position and hash"),
        ("metrics", "/metrics", "what Prometheus scrapes"),
    ]

    static let shape = Shape<Welcome> {
        Member("service", { _ in "tally" })
        Member("calls", { _ in NamedValues(places.map { ($0.name, $0.path) }) })
        Member("documentation", { _ in "README.md and docs/ of the source; tally --help" })
    }

    var html: String {
        let items = Self.places.map { place in
            "<li><a href=\"\(place.path)\">\(place.path)</a> – \(place.what)</li>"
        }
        return """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Tallystick</title>
            <h1>Tallystick</h1><p>A ledger of AI spend. The first calls:</p>
            <ul>\(items.joined(separator: "\n"))</ul>
            <p>For more, read the README and docs/ in the source, or run tally --help.</p>
            </html>

            """
    }
}
