import Access
import Alerting
import Booking
import CacheServing
import Foundation
import LedgerModel
import LedgerTesting
import Postgres
import PostgresTesting
import PriceBooks
import Server
import Testing

/// `/openapi.json` is true and complete: every call in it answers as described, and there are no
/// others.
@Suite("The description of the calls")
struct RouteTests {
    /// One good request for each call; `{…}` stands for an object that the test created before.
    private static let requests: [(call: String, path: String, body: String?, status: Int)] =
        [
            ("POST /api/v1/events", "/api/v1/events?verbose=1", EventText("other").text, 200),
            (
                "GET /api/v1/events", "/api/v1/events?after=0&limit=5&type=request.completed", nil,
                200
            ),
            ("GET /api/v1/events/{id}", "/api/v1/events/{event}", nil, 200),
            ("GET /api/v1/events/{id}/proof", "/api/v1/events/{event}/proof", nil, 200),
            (
                "GET /api/v1/events/{id}/explanation",
                "/api/v1/events/good-1/explanation?source=tests",
                nil, 200
            ),
            ("GET /api/v1/head", "/api/v1/head", nil, 200),
            ("POST /v1/traces", "/v1/traces", "{\"resourceSpans\":[]}", 200),
            (
                "POST /api/public/otel/v1/traces", "/api/public/otel/v1/traces",
                "{\"resourceSpans\":[]}", 200
            ),
            ("POST /v1/logs", "/v1/logs", "{\"resourceLogs\":[]}", 200),
            ("POST /v1/metrics", "/v1/metrics", "{\"resourceMetrics\":[]}", 200),
            (
                "GET /api/v1/spend",
                "/api/v1/spend?by=app,model&interval=day&from=2025-06-01&to=2025-06-03&team=x", nil,
                200
            ),
            ("GET /api/v1/providers", "/api/v1/providers?from=2025-06-01&to=2025-06-03", nil, 200),
            ("GET /api/v1/users", "/api/v1/users?from=2025-06-01&to=2025-06-03", nil, 200),
            ("GET /api/v1/unpriced", "/api/v1/unpriced?from=2025-06-01&to=2025-06-03", nil, 200),
            ("GET /api/v1/errors", "/api/v1/errors?from=2025-06-01&to=2025-06-03", nil, 200),
            (
                "GET /api/v1/cache",
                "/api/v1/cache?by=app,tier,day&from=2025-06-01&to=2025-06-03", nil, 200
            ),
            ("GET /api/v1/cache/misses", "/api/v1/cache/misses?from=2025-06-01&limit=5", nil, 200),
            ("GET /api/v1/cache/wasted", "/api/v1/cache/wasted?from=2025-06-01&hours=1", nil, 200),
            (
                "GET /api/v1/batches", "/api/v1/batches?by=form&from=2025-06-01&to=2025-06-03", nil,
                200
            ),
            (
                "GET /api/v1/tokens/savings",
                "/api/v1/tokens/savings?by=app,stage&from=2025-06-01&to=2025-06-03", nil, 200
            ),
            ("GET /api/v1/recommendations", "/api/v1/recommendations?from=2025-06-01", nil, 200),
            (
                "GET /api/v1/prompt-cache",
                "/api/v1/prompt-cache?by=app,day&from=2025-06-01&to=2025-06-03", nil, 200
            ),
            (
                "GET /api/v1/performance",
                "/api/v1/performance?by=app,route&interval=day&from=2025-06-01&to=2025-06-03", nil,
                200
            ),
            (
                "GET /api/v1/performance/regressions", "/api/v1/performance/regressions", nil, 200
            ),
            ("GET /api/v1/performance/slos", "/api/v1/performance/slos", nil, 200),
            ("GET /api/v1/answers", "/api/v1/answers?from=2025-06-01&to=2025-06-03", nil, 200),
            ("GET /api/v1/tokens/calibration", "/api/v1/tokens/calibration", nil, 200),
            (
                "POST /api/v1/estimates", "/api/v1/estimates",
                #"{"model":"gpt-4o","provider":"openai","input_tokens":1000,"max_tokens":500}"#, 200
            ),
            (
                "POST /api/v1/sql", "/api/v1/sql",
                #"{"query":"SELECT app, cost_usd FROM audit.requests","limit":3}"#, 200
            ),
            ("GET /api/v1/export", "/api/v1/export?format=focus&app=search", nil, 200),
            ("POST /api/v1/keys", "/api/v1/keys", #"{"name":"k","scopes":["read"]}"#, 201),
            ("GET /api/v1/keys", "/api/v1/keys", nil, 200),
            ("DELETE /api/v1/keys/{id}", "/api/v1/keys/{key}", nil, 204),
            ("POST /api/v1/ledgers", "/api/v1/ledgers", #"{"name":"lab"}"#, 201),
            ("GET /api/v1/ledgers", "/api/v1/ledgers", nil, 200),
            ("GET /api/v1/ledgers/{name}", "/api/v1/ledgers/default", nil, 200),
            (
                "PATCH /api/v1/ledgers/{name}", "/api/v1/ledgers/lab",
                #"{"zone":"Europe/Berlin"}"#, 200
            ),
            ("GET /api/v1/rejections", "/api/v1/rejections", nil, 200),
            (
                "POST /api/v1/quarantine", "/api/v1/quarantine",
                #"{"subscription":"savings","event_ids":["{poison}"],"reason":"a test"}"#, 201
            ),
            (
                "POST /api/v1/quarantine/release", "/api/v1/quarantine/release",
                #"{"event_ids":["{poison}"],"reason":"a test"}"#, 201
            ),
            ("GET /api/v1/quarantine", "/api/v1/quarantine", nil, 200),
            ("GET /api/v1/prices", "/api/v1/prices", nil, 200),
            ("GET /api/v1/prices/proposals", "/api/v1/prices/proposals", nil, 200),
            ("GET /api/v1/prices/proposals/{id}", "/api/v1/prices/proposals/{proposal}", nil, 200),
            (
                "POST /api/v1/prices/proposals/{id}/approve",
                "/api/v1/prices/proposals/{proposal}/approve", "", 200
            ),
            (
                "POST /api/v1/prices/proposals/{id}/reject",
                "/api/v1/prices/proposals/{other proposal}/reject", "", 200
            ),
            ("POST /api/v1/prices", "/api/v1/prices?effective=2026-01-01", book(2), 201),
            (
                "POST /api/v1/prices/terms", "/api/v1/prices/terms",
                "tally_terms: 1\ndiscounts: [{name: all, percent_off: 50}]\n", 201
            ),
            (
                "POST /api/v1/experiments", "/api/v1/experiments",
                #"{"name":"new","arms":"control,short","unit":"user","metrics":"cost:5%"}"#, 201
            ),
            ("GET /api/v1/experiments", "/api/v1/experiments", nil, 200),
            ("GET /api/v1/experiments/{name}", "/api/v1/experiments/tone", nil, 200),
            (
                "GET /api/v1/experiments/{name}/assign", "/api/v1/experiments/tone/assign?unit=u-1",
                nil, 200
            ),
            (
                "POST /api/v1/experiments/{name}/stop", "/api/v1/experiments/tone/stop",
                #"{"winner":"short","reason":"a test"}"#, 200
            ),
            (
                "POST /api/v1/rerates", "/api/v1/rerates", #"{"only":{"app":"search"}}"#, 202
            ),
        ] + batches + budgets + runs + cache + gateway

    @Test("every call in /openapi.json answers as described")
    func everyCall() async throws {
        // Without a rule that looks for similar questions, there is nothing to judge.
        var rule = CacheRule(name: "similar")
        rule.near = .shadow
        try await InProcess.with(rules: CacheRules([rule])) { service in
            var places = try await Self.prepare(service)
            let client = service.client.with(
                key: try await service.makeKey(Set(KeyScope.allCases)))
            let document = try await client.get("/openapi.json").json
            var open = Set(Self.calls(of: document))
            #expect(try await Self.upload(client).status == 200)
            open.remove("POST /v1/files")
            for (call, path, body, status) in Self.requests {
                if path.contains("{other proposal}") {
                    places["other proposal"] = try await Self.propose(Self.book(7), service)
                }
                let path = places.reduce(path) { $0.replacing("{\($1.key)}", with: $1.value) }
                let body = places.reduce(body) { $0?.replacing("{\($1.key)}", with: $1.value) }
                let words = call.split(separator: " ")
                let answer =
                    switch words[0] {
                    case "GET": try await client.get(path)
                    case "DELETE": try await client.delete(path)
                    case "PUT": try await client.put(path, body ?? "")
                    case "PATCH": try await client.patch(path, body ?? "")
                    default: try await client.post(path, body ?? "")
                    }
                #expect(answer.status == status, "\(call): \(answer)")
                let operation = document.paths[String(words[1])][words[0].lowercased()]
                let described = operation.responses["\(answer.status)"]
                #expect(described != .missing, "\(call): \(answer.status) is not described")
                if answer.header("content-type") == "application/json" {
                    let schema = described.content["application/json"].schema
                    let faults = Schema.faults(of: try answer.json, against: schema)
                    #expect(faults.isEmpty, "\(call): \(faults) in \(answer.text.prefix(600))")
                }
                open.remove(call)
            }
            #expect(open.isEmpty, "nobody calls these: \(open)")
        }
    }

    /// Creates objects with ids; returns the ids by their names in paths.
    private static func prepare(_ service: InProcess) async throws -> [String: String] {
        let client = service.client
        let odd = [
            EventText("failed").with("type", "\"request.failed\"").with("status", "500"),
            EventText("unpriced").with("model", "\"no-such-model\""),
        ]
        _ = try await client.ingest(array(goodEvents(20) + odd))
        let page = try await client.get("/api/v1/events?limit=50").json
        var places = ["event": page.events.items.compactMap { $0.event_id.string }.first]
        _ = try await client.post(
            "/api/v1/experiments",
            #"{"name":"tone","arms":"control,short","unit":"user","metrics":"cost:5%"}"#)
        places["rerate"] = try await client.post("/api/v1/rerates", "{}").json.id.string
        let run = try await client.post(
            "/api/v1/replays", #"{"book":"default","scenario":"kept"}"#
        ).json.id.string
        places["replay"] = run
        try await service.whileRunning {
            try await eventually("the replay ends") {
                try await client.get("/api/v1/replays/\(run ?? "")").json.state == "done"
            }
        }
        try await service.catchUp()
        places["poison"] = try await halt("savings", service)
        places["cached"] = try await client.post("/api/v1/cache/key", "{\(question)}")
            .json.key.string
        try await prepareBatches(client, &places)
        // From here on, callers need a key.
        places["key"] = try await client.post("/api/v1/keys", #"{"name":"x"}"#).json.id.string
        places["proposal"] = try await propose(book(4), service)
        let alert = Observation(AlertName(rule: "test"), .breached, "a test", look: "")
        let ledger = try await service.parts.ledgers.openLedger(service.ledger).store
        try await AlertService(ledger: ledger, pool: service.parts.pool)
            .observe(alert, at: service.parts.now())
        places["alert"] = alert.name.id.string
        try await service.catchUp()
        return places.compactMapValues(\.self)
    }

    private static func prepareBatches(
        _ client: Client, _ places: inout [String: String?]
    ) async throws {
        func id(_ answer: Answer) throws -> String {
            try #require(try answer.json.id.string, "\(answer)")
        }
        let file = try id(await upload(client))
        let batch = #"{"input_file_id":"\#(file)","endpoint":"/v1/chat/completions"}"#
        places["file"] = file
        places["batch"] = try id(await client.post("/v1/batches", batch))
        places["messages"] = try id(await client.post("/v1/messages/batches", messages))
        places["job"] = try id(await client.post("/api/v1/batches/jobs", job))
    }

    /// Halts a read model before an event that it is said not to take; returns the event's id.
    private static func halt(_ name: String, _ service: InProcess) async throws -> String? {
        try await service.parts.pool.session { session in
            _ = try session.execute(
                "UPDATE tally.places SET halted_at = now(), error = 'a test' "
                    + "WHERE subscription = '\(name)'")
        }
        let head = try await service.client.get("/api/v1/head").json.position.integer ?? 0
        _ = try await service.client.ingest(EventText("poison").text)
        return try await service.client.get("/api/v1/events?after=\(head)&limit=1").json
            .events.items.first?.event_id.string
    }

    /// Proposes a price book as a refresh does; returns the id of the proposal.
    private static func propose(_ book: String, _ service: InProcess) async throws -> String {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "book-\(service.parts.makeID()).yaml")
        try book.write(to: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: path) }
        let open = try await service.parts.ledgers.openLedger(service.ledger)
        let proposals = PriceProposals(
            ledger: open.store, prices: open.prices, bookStore: service.parts.bookStore,
            pool: service.parts.pool)
        let refresh = PriceRefresh(
            from: BookSource(path.path), tolerance: nil, makeID: service.parts.makeID)
        _ = try await refresh.run([proposals], at: service.parts.now())
        return try #require(try await proposals.list().first?.id.description)
    }

    private static func calls(of document: JSONValue) -> [String] {
        document.paths.members.flatMap { path, operations in
            operations.members.keys.map { "\($0.uppercased()) \(path)" }
        }
    }

    @Test("a router takes nothing but described routes")
    func onlyRoutes() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Server").standardized
        let adding = /router\.(on|get|post|put|patch|delete|head|group|ws)\(|Router\(context/
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        var found: [String] = []
        for case let file as URL in try #require(files) where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            if text.firstMatch(of: adding) != nil { found.append(file.lastPathComponent) }
        }
        // The only function that adds to a router takes routes, and a route describes itself.
        #expect(found == ["Route.swift"])
    }

    @Test("every parameter and every call has a description")
    func parameters() async throws {
        try await InProcess.withClient { client in
            let document = try await client.get("/openapi.json").json
            for (path, operations) in document.paths.members {
                for (method, operation) in operations.members {
                    #expect(operation.summary.string?.isEmpty == false, "\(method) \(path)")
                    for parameter in operation.parameters.items {
                        let isNamed = parameter.name.string?.wholeMatch(of: /[a-z_]+/) != nil
                        let isMeant = parameter.description.string?.hasSuffix(".") == true
                        #expect(isNamed && isMeant, "\(path): \(parameter)")
                    }
                }
            }
        }
    }
}
