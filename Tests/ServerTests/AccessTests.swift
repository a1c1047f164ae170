import Access
import LedgerTesting
import Server
import Testing

/// Who may do what: keys, scopes, ledgers and addresses.
@Suite("Access to the calls")
struct AccessTests {
    @Test("on loopback nobody needs a key until the first one is created")
    func untilTheFirstKey() async throws {
        try await InProcess.withClient { client in
            #expect(try await client.ingest(EventText("a").text).appended == 1)
            let made = try await client.post("/api/v1/keys", #"{"name":"first"}"#)
            #expect(made.status == 201)
            let key = try #require(made.json.key.string)
            #expect(key.hasPrefix("tally_"))
            let refused = try await client.post("/api/v1/events", EventText("b").text)
            #expect(refused.status == 401)
            #expect(try refused.failure.type == "authentication_error")
            #expect(try refused.failure.message.contains("Authorization: Bearer"))
            #expect(try await client.with(key: key).ingest(EventText("b").text).appended == 1)
            // Calls for operators and orchestrators stay open.
            for path in ["/healthz", "/readyz", "/openapi.json", "/"] {
                #expect(try await client.get(path).status == 200)
            }
        }
    }

    @Test("keys are accepted as Bearer and as x-api-key, and wrong ones are 401")
    func headers() async throws {
        try await InProcess.with { service in
            let key = try await service.makeKey([.read])
            let client = service.client
            for header in [
                ("authorization", "Bearer \(key)"), ("authorization", "bearer \(key)"),
                ("x-api-key", key),
            ] {
                let answer = try await client.get("/api/v1/head", headers: [header])
                #expect(answer.status == 200, "\(header.0)")
                #expect(answer.header("cache-control") == "private, no-store")
            }
            let wrong = [
                "tally_0000", "", "Bearer", "Bearer \(key)x", "Basic \(key)",
                "Bearer \(key.dropLast())",
            ]
            for value in wrong {
                let answer = try await client.get(
                    "/api/v1/head", headers: [("authorization", value)])
                #expect(answer.status == 401, "\(value.prefix(12))")
                #expect(answer.header("cache-control") == "private, no-store")
                #expect(try answer.failure.type == "authentication_error")
            }
        }
    }

    @Test("a key without the scope is 403 and the scope is named")
    func scopes() async throws {
        try await InProcess.with { service in
            let read = service.client.with(key: try await service.makeKey([.read]))
            let write = service.client.with(key: try await service.makeKey([.ingest]))
            let event = EventText("a").text
            let refused = try await read.post("/api/v1/events", event)
            #expect(refused.status == 403)
            #expect(try refused.failure.type == "permission_error")
            #expect(try refused.failure.message.contains("ingest"))
            #expect(try await write.ingest(event).appended == 1)
            #expect(try await read.storedIDs() == ["a"])
            for path in ["/api/v1/head", "/api/v1/events", "/api/v1/prices", "/api/v1/rerates"] {
                #expect(try await write.get(path).status == 403, "\(path)")
            }
            #expect(try await read.get("/api/v1/keys").status == 403)
            for path in ["/api/v1/keys", "/api/v1/ledgers"] {
                #expect(try await write.post(path, #"{"name":"x"}"#).status == 403, "\(path)")
            }
            #expect(try await read.post("/api/v1/rerates", "{}").status == 403)
            #expect(try await read.get("/api/v1/rerates").status == 200)
            let query = #"{"query":"SELECT 1"}"#
            #expect(try await write.post("/api/v1/sql", query).status == 403)
            let count = #"{"model":"gpt-4o","text":"x"}"#
            #expect(try await write.post("/api/v1/tokens/count", count).status == 403)
            let record = #"{"model":"gpt-4o","text":"x","record":{"app":"a"}}"#
            #expect(try await read.post("/api/v1/tokens/optimize", record).status == 403)
        }
    }

    @Test("a revoked key is 401 at once where it was revoked, and cannot be revoked twice")
    func revocation() async throws {
        try await InProcess.with { service in
            let root = service.client.with(key: try await service.makeKey([.admin, .read]))
            let made = try await root.post("/api/v1/keys", #"{"name":"k"}"#).json
            let other = service.client.with(key: try #require(made.key.string))
            let path = "/api/v1/keys/\(made.id.string ?? "")"
            #expect(try await other.get("/api/v1/head").status == 200)
            #expect(try await root.delete(path).status == 204)
            #expect(try await other.get("/api/v1/head").status == 401)
            #expect(try await root.delete(path).status == 404)
            let listed = try await root.get("/api/v1/keys")
            #expect(try listed.json.keys.items.count == 2)
            #expect(!listed.text.contains(made.key.string ?? ""))
        }
    }

    @Test("a key reaches its own ledger only; the ids of another are 404")
    func ledgers() async throws {
        try await InProcess.with { service in
            let lab = try await service.parts.directory.create("other")
            let us = service.client.with(key: try await service.makeKey([.ingest, .read]))
            let them = service.client.with(
                key: try await service.makeKey([.ingest, .read], in: lab))
            #expect(try await us.ingest(array(goodEvents(3))).appended == 3)
            // The same identity in another ledger is another event.
            let same = EventText("good-0").with("app", "\"x\"")
            #expect(try await them.ingest(same.text).appended == 1)
            #expect(try await them.storedIDs() == ["good-0"])
            let page = try await us.get("/api/v1/events?limit=1000").json
            let hidden = try #require(
                page.events.items.first { $0.id == "good-1" }?.event_id.string)
            #expect(try await us.get("/api/v1/events/\(hidden)").status == 200)
            for path in ["/api/v1/events/\(hidden)", "/api/v1/events/\(hidden)/proof"] {
                let answer = try await them.get(path)
                #expect(answer.status == 404)
                #expect(try answer.failure.type == "not_found")
            }
        }
    }

    @Test("without keys, a caller on loopback chooses the ledger of any call with ?ledger=")
    func chosenLedger() async throws {
        try await InProcess.with { service in
            let client = service.client
            #expect(try await client.post("/api/v1/ledgers", #"{"name":"lab 1"}"#).status == 201)
            let path = "/api/v1/events?ledger=lab%201"
            #expect(try await client.ingest(EventText("a").text, path: path).appended == 1)
            #expect(try await client.storedIDs() == [])
            let page = try await client.get(path + "&type=request.completed").json
            #expect(page.events.each("id") == ["a"])
            let query = #"{"query":"SELECT app FROM audit.requests"}"#
            let there = try await client.post("/api/v1/sql?ledger=lab%201", query).json
            #expect(there.rows.each("app") == ["search"])
            #expect(try await client.post("/api/v1/sql", query).json.rows.items.isEmpty)
            for (name, advice) in [("lab1", "did you mean lab 1?"), ("x", "/api/v1/ledgers")] {
                let unknown = try await client.get("/api/v1/spend?ledger=\(name)")
                #expect(unknown.status == 404)
                #expect(try unknown.failure.param == "ledger")
                #expect(try unknown.failure.message.contains(advice), "\(unknown)")
            }
            let paths = try await client.get("/openapi.json").json.paths.members
            for (path, operations) in paths where path.hasPrefix("/api/v1/") {
                for (method, operation) in operations.members
                where !path.hasPrefix("/api/v1/ledgers") {
                    let names = operation.parameters.each("name")
                    #expect(names.contains("ledger"), "\(method) \(path)")
                }
            }
        }
    }

    @Test("a key chooses its own ledger only, unless it is an operator's")
    func chosenByKey() async throws {
        try await InProcess.with { service in
            let lab = try await service.parts.directory.create("lab")
            let key = try await service.makeKey([.read, .ingest], in: lab)
            let client = service.client.with(key: key)
            #expect(try await client.get("/api/v1/head?ledger=lab").status == 200)
            for name in ["default", "nowhere"] {
                let refused = try await client.get("/api/v1/head?ledger=\(name)")
                #expect(refused.status == 404)
                #expect(try refused.failure.message.contains("no ledger \(name) that you may use"))
            }
            let root = service.client.with(key: try await service.makeKey([.read, .operator]))
            #expect(try await root.get("/api/v1/head?ledger=lab").json.position == 0)
            #expect(try await root.get("/api/v1/head").json.position == 1)
            #expect(try await root.get("/api/v1/head?ledger=nowhere").status == 404)
        }
    }

    @Test("a service on any other address never answers without a key, and says how to make one")
    func otherAddresses() async throws {
        try await InProcess.with(isLoopbackOnly: false) { service in
            let calls = ["/api/v1/head", "/api/v1/events", "/api/v1/keys", "/api/v1/prices"]
            for path in calls {
                let refused = try await service.client.get(path)
                #expect(refused.status == 401, "\(path)")
                #expect(try refused.failure.message.contains("tally keys create"))
            }
            let answer = try await service.client.post("/api/v1/events", EventText("a").text)
            #expect(answer.status == 401)
            let known = service.client.with(key: try await service.makeKey([.ingest]))
            #expect(try await known.ingest(EventText("a").text).appended == 1)
        }
    }

    @Test("an operator creates keys and ledgers over HTTP")
    func administration() async throws {
        try await InProcess.withClient { client in
            let ledger = try await client.post("/api/v1/ledgers", #"{"name":"lab"}"#)
            #expect(ledger.status == 201)
            let wrong = [
                #"{"name":""}"#, #"{"title":"lab"}"#, "nonsense", #"{"name":"\u0000"}"#,
            ]
            for body in wrong {
                let answer = try await client.post("/api/v1/ledgers", body)
                #expect(answer.status == 400, "\(body)")
                #expect(try answer.failure.message.string?.isEmpty == false)
            }
            let none = try await client.post(
                "/api/v1/keys", #"{"name":"k","ledger":"nowhere"}"#)
            #expect(none.status == 404)
            let scope = try await client.post(
                "/api/v1/keys", #"{"name":"k","scopes":["everything"]}"#)
            #expect(scope.status == 400)
            #expect(try scope.failure.param == "scopes")
            let key = try await client.post(
                "/api/v1/keys", #"{"name":"k","ledger":"lab","scopes":["ingest","admin"]}"#
            ).json.key
            let lab = client.with(key: try #require(key.string))
            #expect(try await lab.ingest(EventText("a").text).appended == 1)
            #expect(try await client.get("/api/v1/keys").status == 401)
            let seen = try await lab.get("/api/v1/ledgers").json.ledgers
            #expect(seen.each("name") == ["lab"])
            #expect(try await lab.post("/api/v1/ledgers", #"{"name":"x"}"#).status == 403)
        }
    }
}
