import Foundation
import LedgerTesting
import Testing

/// `POST /api/v1/sql` as callers see it; AuditTests has the detailed attacks.
@Suite("SQL over HTTP")
struct QueryTests {
    private func ask(
        _ client: Client, _ query: String, limit: Int? = nil, accept: String? = nil
    ) async throws -> Answer {
        var body = ["query": query as Any]
        if let limit { body["limit"] = limit }
        let data = try JSONSerialization.data(withJSONObject: body)
        return try await client.post(
            "/api/v1/sql", bytes: Array(data), headers: accept.map { [("accept", $0)] } ?? [])
    }

    @Test("rows come as JSON, NDJSON or CSV, with exact money and the limit reported")
    func forms() async throws {
        try await InProcess.withClient { client in
            let events = goodEvents(3) + [EventText("odd").with("app", #""a,\"b\"\nc""#)]
            _ = try await client.ingest(array(events))
            let query = "SELECT app, cost_usd, 1 AS requests FROM audit.requests ORDER BY position"
            let table = try await ask(client, query).json
            #expect(table.columns.each("name") == ["app", "cost_usd", "requests"])
            #expect(table.rows.each("app") == ["search", "search", "search", "a,\"b\"\nc"])
            #expect(
                table.rows.each("cost_usd").allSatisfy {
                    $0.string.flatMap { Double($0) } == 0.0035
                })
            #expect(table.truncated == false)

            let cut = try await ask(client, query, limit: 2).json
            #expect(cut.rows.items.count == 2)
            #expect(cut.truncated == true)

            let lines = try await ask(client, query, accept: "application/x-ndjson")
            #expect(lines.header("content-type") == "application/x-ndjson")
            let rows = try lines.text.split(separator: "\n").map { try JSONValue($0.utf8) }
            #expect(rows.map { $0.app } == table.rows.each("app"))

            let csv = try await ask(client, query, accept: "text/csv")
            #expect(csv.header("content-type")?.hasPrefix("text/csv") == true)
            #expect(csv.text.hasPrefix("app,cost_usd,requests\r\nsearch,0.0035"))
            #expect(csv.text.contains("\"a,\"\"b\"\"\nc\",0.0035"))
        }
    }

    @Test("anything but a single reading query is 400 with the server's message")
    func attacks() async throws {
        try await InProcess.withClient { client in
            _ = try await client.ingest(array(goodEvents(3)))
            let before = try await client.get("/api/v1/head").text
            let attacks = [
                "DELETE FROM audit.events", "SELECT 1; SELECT 2", "COMMIT", "", "SELEC",
                "SELECT * FROM tally.events", "SELECT * FROM tally.api_keys",
                "SELECT pg_read_file('/etc/passwd')", "COPY audit.events TO PROGRAM 'id'",
                "SELECT set_config('role', 'tally_owner', false), * FROM tally.heads",
                "SELECT query_to_xml('SELECT * FROM tally.heads', true, true, '')",
                "SELECT lo_from_bytea(0, 'x')", "CREATE TABLE t (x int)",
                "SELECT * FROM audit.events FOR UPDATE", "SELECT '\u{0}'",
                "WITH gone AS (DELETE FROM audit.events RETURNING *) SELECT * FROM gone",
            ]
            for attack in attacks {
                let answer = try await ask(client, attack)
                #expect(answer.status == 400, "\(attack): \(answer.text)")
                let failure = try answer.failure
                #expect(failure.param == "query", "\(attack)")
                #expect(failure.message.string?.isEmpty == false, "\(attack)")
            }
            let head = try await client.get("/api/v1/head").text
            #expect(head == before)
        }
    }

    @Test("a body without a query, or far too large, is refused")
    func bodies() async throws {
        try await InProcess.withClient { client in
            for body in ["", "[]", "{}", #"{"query":1}"#, #"{"sql":"SELECT 1"}"#] {
                let answer = try await client.post("/api/v1/sql", body)
                #expect(answer.status == 400, "\(body)")
                #expect(try answer.failure.message.string?.isEmpty == false)
            }
            let spaces = String(repeating: " ", count: 70_000)
            let long = try await ask(client, "SELECT \(spaces) 1")
            #expect(long.status == 400)
            let huge = try await ask(client, String(repeating: " ", count: 1 << 20))
            #expect(huge.status == 413)
            for path in ["/api/v1/keys", "/api/v1/ledgers"] {
                let answer = try await client.post(path, String(repeating: " ", count: 1 << 20))
                #expect(answer.status == 413, "\(path)")
                #expect(try answer.failure.type == "request_too_large")
            }
        }
    }

    @Test("a caller sees the rows of its own ledger only")
    func otherLedgers() async throws {
        try await InProcess.withClient { client in
            _ = try await client.ingest(array(goodEvents(3)))
            #expect(try await client.post("/api/v1/ledgers", #"{"name":"lab"}"#).status == 201)
            let key = try await client.post(
                "/api/v1/keys", #"{"name":"k","ledger":"lab","scopes":["read","ingest"]}"#
            ).json.key
            let lab = client.with(key: try #require(key.string))
            _ = try await lab.ingest(EventText("one").with("app", "\"lab\"").text)
            let query = "SELECT app FROM audit.requests"
            let table = try await ask(lab, query).json
            #expect(table.rows.each("app") == ["lab"])
        }
    }
}
