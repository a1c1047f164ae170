import Foundation
import HTTPTypes
import LedgerTesting
import Postgres
import Server
import Testing

/// Calls for operators: metrics, health, and the read models over HTTP.
@Suite("Operation of the calls")
struct OperationTests {
    @Test("the metrics are Prometheus text that agrees with its own declarations")
    func metricsFormat() async throws {
        try await InProcess.withClient { client in
            #expect(try await client.ingest(array(goodEvents(5))).appended == 5)
            let answer = try await client.get("/metrics")
            #expect(answer.status == 200)
            #expect(answer.header("content-type")?.hasPrefix("text/plain; version=0.0.4") == true)
            let sample = /[a-z_:][a-z0-9_:]*(\{.*\})? [-+0-9.eINFa]+/
            #expect(answer.text.contains("tally_pool_idle "))
            for line in answer.text.split(separator: "\n") where !line.hasPrefix("#") {
                let isSample = line.wholeMatch(of: sample) != nil
                #expect(isSample, "\(line)")
            }
            // Every family is described, in the answer and in the documentation.
            let root = URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
            let page = try String(
                contentsOf: root.appending(path: "docs/metrics.md"), encoding: .utf8)
            for family in MetricFamily.all {
                #expect(answer.text.contains("# HELP \(family.name) \(family.help)\n"))
                #expect(answer.text.contains("# TYPE \(family.name) \(family.kind.rawValue)\n"))
                let row = page.split(separator: "\n").first { $0.contains("`\(family.name)`") }
                #expect(row?.contains("| \(family.kind.rawValue) |") == true, "\(family.name)")
                for label in family.labels {
                    #expect(row?.contains("`\(label)`") == true, "\(family.name) \(label)")
                }
            }
        }
    }

    @Test("what callers send makes no new series: paths, methods, providers, fields")
    func boundedLabels() async throws {
        try await InProcess.withClient { client in
            let word = "zqx7"
            _ = try await client.get("/\(word)")
            _ = try await client.get("/api/v1/events/\(word)?\(word)=1")
            _ = try await client.send(.init("ZQX7") ?? .trace, "/healthz")
            let bad = try await client.post("/api/v1/events", EventText("a").with(word, "1").text)
            #expect(bad.status == 422)
            _ = try await client.ingest(EventText("b").with("provider", "\"\(word)\"").text)
            let text = try await client.get("/metrics").text
            #expect(!text.lowercased().contains(word))
            #expect(text.contains(#"route="unmatched",method="GET",status="404""#))
            #expect(text.contains(#"route="/healthz",method="other",status="405""#))
            #expect(text.contains(#"tally_requests_total{ledger="default",provider="other"}"#))
        }
    }

    @Test("health needs no key and no database, readiness needs the database")
    func health() async throws {
        try await InProcess.with(isLoopbackOnly: false) { service in
            let client = service.client
            let healthy = try await client.get("/healthz")
            let ready = try await client.get("/readyz")
            #expect(healthy.text == "ok\n" && ready.text == "ready\n")
            await service.parts.pool.close()
            let alive = try await client.get("/healthz")
            let waiting = try await client.get("/readyz")
            #expect(alive.status == 200 && waiting.status == 503)
        }
    }

    @Test("an unavailable database is 503 with the time to wait")
    func away() async throws {
        try await InProcess.with { service in
            await service.parts.pool.close()
            let answer = try await service.client.get("/api/v1/head")
            #expect(answer.status == 503 && answer.header("retry-after") == "2", "\(answer)")
            #expect(try answer.failure.type == "database_unavailable")
        }
    }

    @Test("spend over HTTP follows the events and says up to which position it holds")
    func spend() async throws {
        try await InProcess.with { service in
            let events =
                goodEvents(30)
                + [EventText("other").with("app", "\"lab\""), EventText("none").without("app")]
            let head = try await service.client.ingest(array(events)).head
            try await service.catchUp()
            let path = "/api/v1/spend?by=app&from=2025-06-01T00:00:00Z&to=2025-06-02T00:00:00Z"
            let spend = try await service.client.get(path).json
            #expect(spend.position == head.position)
            let rows = spend.rows.items.sorted {
                ($0.requests.integer ?? 0, $0.app.string ?? "")
                    > ($1.requests.integer ?? 0, $1.app.string ?? "")
            }
            // Requests without an application are a group of their own, with null.
            #expect(rows.map { $0.app } == ["search", "lab", nil])
            #expect(rows.map { $0.requests } == [30, 1, 1])
            #expect(rows.map { $0.cost_usd } == ["0.105", "0.0035", "0.0035"])
            let filtered = try await service.client.get(path + "&app=lab").json
            #expect(filtered.rows.each("requests") == [1])
        }
    }

    @Test("terms are published, charges explained, and errors answered with the line")
    func terms() async throws {
        try await InProcess.withClient { client in
            let terms = """
                tally_terms: 1
                discounts: [{name: all, percent_off: 50}]
                """
            #expect(try await client.post("/api/v1/prices/terms", terms).status == 201)
            _ = try await client.ingest(EventText("half").text)
            let path = "/api/v1/events/half/explanation?source=tests"
            let explanation = try await client.get(path).json
            #expect(explanation.cost_usd == "0.00175")
            #expect(explanation.charges[0].lines.items.count == 2)
            let nobody = try await client.get("/api/v1/events/nobody/explanation")
            #expect(nobody.status == 404)
            let bad = try await client.post(
                "/api/v1/prices/terms",
                "tally_terms: 1\ndiscounts:\n- {name: a, percent_off: 200}")
            #expect(bad.status == 400)
            #expect(
                try bad.failure.message.string?.hasPrefix(
                    "line 3, column 26: percent_off must be") == true)
        }
    }
}
