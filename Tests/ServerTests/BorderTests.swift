import HTTPTypes
import LedgerTesting
import Testing

/// Invalid requests: types, paths, methods, names and numbers.
@Suite("Requests and their limits")
struct BorderTests {
    @Test("an unknown content type or encoding is 415 and names what is read")
    func unsupported() async throws {
        try await InProcess.withClient { client in
            let event = EventText("a").text
            let type = try await client.post("/api/v1/events", event, type: "text/csv")
            #expect(type.status == 415)
            #expect(try type.failure.message.contains("application/x-ndjson"))
            let encoding = try await client.post(
                "/api/v1/events", event, headers: [("content-encoding", "br")])
            #expect(encoding.status == 415)
            #expect(try encoding.failure.message.contains("zstd"))
            #expect(try await client.storedIDs() == [])
        }
    }

    @Test("a wrong path, method or number is an error as JSON")
    func wrongPaths() async throws {
        try await InProcess.withClient { client in
            for answer in [
                try await client.get("/api/v1/nothing"), try await client.post("/nothing", "{}"),
            ] {
                #expect(answer.status == 404)
                #expect(try answer.failure.message.contains("/openapi.json"))
            }
            for query in ["after=-1", "limit=0", "limit=many", "after=9223372036854775808"] {
                let answer = try await client.get("/api/v1/events?\(query)")
                #expect(answer.status == 400, "\(query)")
                #expect(try answer.failure.param.string == String(query.prefix { $0 != "=" }))
            }
            let type = try await client.get("/api/v1/events?type=dream")
            #expect(type.status == 400)
            #expect(try type.failure.param == "type")
            let id = try await client.get("/api/v1/events/not-a-uuid")
            #expect(try id.status == 400 && id.failure.param == "id")
            #expect(try id.failure.message.contains("expected a UUID"))
        }
    }

    @Test("a wrong method is 405 with the permitted ones, on every path and for every method")
    func methods() async throws {
        try await InProcess.withClient { client in
            let deleted = try await client.delete("/api/v1/events")
            #expect(deleted.status == 405)
            #expect(deleted.header("allow") == "GET, HEAD, POST")
            #expect(try deleted.failure.code == "method_not_allowed")
            #expect(try await client.get("/api/v1/sql").header("allow") == "POST")
            let paths = try await client.get("/openapi.json").json.paths.members
            let methods: [HTTPRequest.Method] = [
                .get, .post, .put, .patch, .delete, .options, .trace, .init("PURGE") ?? .trace,
            ]
            for (path, operations) in paths {
                let known = Set(operations.members.keys)
                let path = path.replacing(#/\{[^}]*\}/#, with: "x")
                for method in methods where !known.contains(method.rawValue.lowercased()) {
                    let answer = try await client.send(method, path)
                    #expect(answer.status == 405, "\(method) \(path): \(answer)")
                    let allowed = answer.header("allow")?.lowercased().split(separator: ", ") ?? []
                    let expected = known.contains("get") ? known.union(["head"]) : known
                    #expect(Set(allowed.map { String($0) }) == expected, "\(method) \(path)")
                }
                if !known.contains("get") {
                    #expect(try await client.send(.head, path).status == 405, "\(path)")
                }
            }
        }
    }

    @Test("HEAD works wherever GET does, with the status of GET and without a body")
    func head() async throws {
        try await InProcess.withClient { client in
            _ = try await client.ingest(array(goodEvents(3)))
            let paths = try await client.get("/openapi.json").json.paths.members
            for (path, operations) in paths where operations.get != .missing {
                let nobody = "00000000-0000-7000-8000-000000000000"
                let path = path.replacing(#/\{[^}]*\}/#, with: nobody)
                let got = try await client.get(path)
                let head = try await client.send(.head, path)
                #expect(head.status == got.status && head.text.isEmpty, "\(path): \(head)")
                #expect(head.header("content-type") == got.header("content-type"), "\(path)")
            }
        }
    }

    @Test(
        "unknown names in a query or a body are refused by name",
        arguments: [
            ("GET", "/api/v1/spend?bye=app", "", "bye"), ("GET", "/api/v1/head?x=1", "", "x"),
            ("GET", "/api/v1/events?type=request.completed&lim=1", "", "lim"),
            ("POST", "/api/v1/events?verbos=1", "[]", "verbos"),
            ("POST", "/api/v1/ledgers", #"{"name":"a","title":"b"}"#, "title"),
            ("POST", "/api/v1/keys", #"{"name":"a","scope":"read"}"#, "scope"),
            ("POST", "/api/v1/sql", #"{"query":"SELECT 1","limits":1}"#, "limits"),
            ("POST", "/api/v1/rerates", #"{"sinse":"2025-01-01"}"#, "sinse"),
            ("POST", "/api/v1/replays", #"{"book":"default","bye":["app"]}"#, "bye"),
            ("POST", "/api/v1/tokens/count", #"{"model":"gpt-4o","text":"x","mode":1}"#, "mode"),
            ("POST", "/api/v1/sql", #"{"query":"SELECT 1","ledger":"lab"}"#, "ledger"),
            (
                "POST", "/api/v1/tokens/count",
                #"{"model":"gpt-4o","messages":[],"ledger":"lab"}"#, "ledger"
            ),
            ("POST", "/api/v1/estimates", #"{"modle":"gpt-4o"}"#, "modle"),
            ("POST", "/api/v1/prices/proposals/1/approve", #"{"ledger":"lab"}"#, "ledger"),
        ])
    func unknownNames(
        _ method: String, _ path: String, _ body: String, _ name: String
    ) async throws {
        try await InProcess.withClient { client in
            let answer =
                method == "GET" ? try await client.get(path) : try await client.post(path, body)
            #expect(answer.status == 400, "\(answer)")
            #expect(try answer.failure.param.string == name)
            #expect(try answer.failure.message.contains("\(name) is not known here"))
        }
    }

    @Test("of an unknown name, the nearest known one is offered, or its proper place")
    func nearestNames() async throws {
        try await InProcess.withClient { client in
            for (path, body, offer) in [
                ("/api/v1/sql", #"{"query":"SELECT 1","limits":1}"#, "did you mean limit?"),
                ("/api/v1/estimates", #"{"modle":"gpt-4o"}"#, "did you mean model?"),
                ("/api/v1/sql?query=x", "{}", "send it in the body"),
                ("/api/v1/sql", #"{"ledger":"lab"}"#, "send it in the query"),
                ("/api/v1/keys", #"{"name":"a","x":1}"#, "takes name, ledger, ledgers, scopes"),
            ] {
                let answer = try await client.post(path, body)
                #expect(answer.status == 400)
                #expect(try answer.failure.message.contains(offer), "\(path): \(answer)")
            }
            let twice = try await client.get("/api/v1/spend?by=app&by=model")
            #expect(twice.status == 400)
            #expect(try twice.failure.message.contains("by is given twice"))
            let traces = try await client.post("/v1/traces?x=1", #"{"resourceSpans":[]}"#)
            #expect(traces.status == 400)
            #expect(try traces.json.message.contains("x is not known here"))
            // Health checks and scrapers may add what they like.
            #expect(try await client.get("/healthz?a=1&a=2").status == 200)
        }
    }

    @Test("a value of another type or beyond its bound is refused with the name of its member")
    func wrongValues() async throws {
        try await InProcess.withClient { client in
            for (path, body, param) in [
                ("rerates", #"{"since":"soon"}"#, "since"),
                ("rerates", #"{"dry_run":1}"#, "dry_run"),
                ("rerates", #"{"only":{"colour":"red"}}"#, "only"),
                ("rerates", #"{"only":{"app":1}}"#, "only"),
                ("rerates", #"{"only":{"app":"\u0000"}}"#, "only"),
                ("rerates", #"{"book":"ffffffff"}"#, "book"), ("rerates", "[1]", nil),
                ("estimates", #"{"input_tokens":5}"#, "model"),
                ("estimates", #"{"model":"m"}"#, "input_tokens"),
                ("estimates", #"{"model":"m","input_tokens":-1}"#, "input_tokens"),
                ("estimates", #"{"model":"m","input_tokens":"5"}"#, "input_tokens"),
                ("estimates", #"{"model":"m","input_tokens":1.5}"#, "input_tokens"),
                ("estimates", #"{"model":"m","input_tokens":1e30}"#, "input_tokens"),
                ("estimates", #"{"model":"","input_tokens":1}"#, "model"),
                ("estimates", #"{"model":"m","input_tokens":1,"max_token":1}"#, "max_token"),
                ("estimates", #"{"model":"m","input_tokens":1,"coverage":1}"#, "coverage"),
                ("estimates", #"{"model":"m","input_tokens":1,"at":"soon"}"#, "at"),
                (
                    "estimates", #"{"model":"m","input_tokens":1,"estimated_with":"x"}"#,
                    "provider"
                ),
                ("estimates", "[]", nil), ("estimates", "", "model"), ("estimates", "{", nil),
                ("experiments", #"{"name":"tone"}"#, "arms"),
                ("replays", #"{"book":"default","by":["colour"]}"#, "by"),
                ("replays", #"{"book":"default","kind":"dreams"}"#, "kind"),
                ("replays", "{}", "book"),
                (
                    "tokens/optimize", #"{"model":"gpt-4o","text":"x","record":{"app":"\u0000"}}"#,
                    "record"
                ),
            ] as [(String, String, String?)] {
                let answer = try await client.post("/api/v1/\(path)", body)
                #expect(answer.status == 400, "\(path) \(body): \(answer)")
                #expect(try answer.failure.param.string == param, "\(path) \(body): \(answer)")
            }
            for query in ["by=colour", "interval=week", "from=tuesday", "by=app,colour", "app="] {
                let answer = try await client.get("/api/v1/spend?\(query)")
                #expect(answer.status == 400, "\(query)")
                #expect(try answer.failure.param.string == String(query.prefix { $0 != "=" }))
            }
        }
    }

    @Test("events are returned in pages and one by one, with proofs and the head")
    func reading() async throws {
        try await InProcess.withClient { client in
            let report = try await client.ingest(array(goodEvents(25)))
            let stored: [JSONValue] = (0..<25).map { .characters("good-\($0)") }
            #expect(try await client.storedIDs() == stored)
            let path = "/api/v1/events?type="
            let requests = try await client.get(path + "request.completed&limit=1000").json
            #expect(requests.events.items.count == 25)
            let charges = try await client.get(path + "charge.rated&limit=1000").json
            // 1000 × 2.50 and 100 × 10.00 USD per million.
            #expect(charges.events.each("cost_usd").allSatisfy { $0 == "0.0035" })
            let some = try await client.get(path + "charge.rated&limit=3").json
            let next = some.next_after.integer ?? 0
            let others = try await client.get(path + "charge.rated&after=\(next)").json
            #expect(some.events.items.count == 3 && others.events.items.count == 22)
            let id = try #require(requests.events[0].event_id.string)
            #expect(try await client.get("/api/v1/events/\(id)").json.id == "good-0")
            #expect(try await client.get("/api/v1/events/\(id)/proof").status == 200)
            let nobody = "01890000-0000-7000-8000-000000000000"
            for path in ["/api/v1/events/\(nobody)", "/api/v1/events/\(nobody)/proof"] {
                let answer = try await client.get(path)
                #expect(answer.status == 404)
                #expect(try answer.failure.message.contains(nobody))
            }
            let head = try await client.get("/api/v1/head").json
            #expect(head == report.head)
            #expect(head["hash"].string?.count == 64)
        }
    }

    @Test("the root has links, as a page for people and as JSON for programs")
    func root() async throws {
        try await InProcess.withClient { client in
            let page = try await client.get("/", headers: [("accept", "text/html,*/*")])
            #expect(page.header("content-type")?.hasPrefix("text/html") == true)
            #expect(page.text.contains("href=\"/openapi.json\""))
            #expect(try await client.get("/").json.calls.openapi == "/openapi.json")
        }
    }
}
