import Foundation
import Testing

/// Who may do what: keys, scopes, ledgers and addresses.
@Suite("Access", .serialized)
struct AccessTests {
    private struct MadeKey: Decodable {
        let id: String
        let key: String
    }

    private func makeKey(
        _ place: Place, _ scopes: String, ledger: String = "default"
    ) async throws -> MadeKey {
        try await place.tally(
            "keys", "create", "--scope", scopes, "--name", "a test", "--ledger", ledger, "--json"
        ).json()
    }

    @Test("on loopback nobody needs a key until the first one is made")
    func untilTheFirstKey() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let anybody = service.client()
                #expect(try await anybody.ingest(EventText("a").text).appended == 1)
                let made = try await makeKey(place, "ingest,read")
                #expect(made.key.hasPrefix("tally_"))
                // Made by another process: the service notices within seconds.
                try await poll("a caller without a key is turned away") {
                    try await anybody.get("/api/v1/head").status == 401
                }
                let refused = try await anybody.post("/api/v1/events", EventText("b").text)
                #expect(refused.status == 401)
                #expect(try refused.failure.type == "authentication_error")
                #expect(try refused.failure.message.contains("Authorization: Bearer"))
                let known = service.client(key: made.key)
                #expect(try await known.ingest(EventText("b").text).appended == 1)
                // What operators and orchestrators ask stays open.
                for path in ["/healthz", "/readyz", "/metrics"] {
                    #expect(try await anybody.get(path).status == 200)
                }
            }
        }
    }

    @Test("keys are taken as Bearer and as x-api-key, and wrong ones are 401")
    func headers() async throws {
        try await withPlace { place in
            let made = try await makeKey(place, "read")
            try await withService(on: place) { service in
                let client = service.client()
                let good = [
                    ("authorization", "Bearer \(made.key)"),
                    ("authorization", "bearer \(made.key)"),
                    ("x-api-key", made.key),
                ]
                for header in good {
                    let answer = try await client.get("/api/v1/head", headers: [header])
                    #expect(answer.status == 200, "\(header.0)")
                }
                let wrong = [
                    "tally_0000", "", "Bearer", "Bearer \(made.key)x", "Basic \(made.key)",
                    "Bearer \(made.key.dropLast())",
                ]
                for value in wrong {
                    let answer = try await client.get(
                        "/api/v1/head", headers: [("authorization", value)])
                    #expect(answer.status == 401, "\(value.prefix(12))")
                    #expect(try answer.failure.type == "authentication_error")
                }
                let stored = try await place.psql(
                    """
                    SELECT count(*) FROM tally.api_keys
                    WHERE position('\(made.key)' IN api_keys::text) > 0
                    """)
                #expect(stored == "0", "the key itself is nowhere in the database")
            }
        }
    }

    @Test("a key without the scope is 403 and the scope is named")
    func scopes() async throws {
        try await withPlace { place in
            let reader = try await makeKey(place, "read").key
            let writer = try await makeKey(place, "ingest").key
            try await withService(on: place) { service in
                let read = service.client(key: reader), write = service.client(key: writer)
                let event = EventText("a").text
                let refused = try await read.post("/api/v1/events", event)
                #expect(refused.status == 403)
                #expect(try refused.failure.type == "permission_error")
                #expect(try refused.failure.message.contains("ingest"))
                #expect(try await write.ingest(event).appended == 1)
                #expect(try await read.storedIDs() == ["a"])
                for path in ["/api/v1/head", "/api/v1/events", "/api/v1/prices"] {
                    #expect(try await write.get(path).status == 403, "\(path)")
                }
                for path in ["/api/v1/keys", "/api/v1/ledgers"] {
                    #expect(try await read.get(path).status == 403, "\(path)")
                    #expect(try await write.post(path, #"{"name":"x"}"#).status == 403, "\(path)")
                }
                let query = #"{"query":"SELECT 1"}"#
                #expect(try await write.post("/api/v1/sql", query).status == 403)
            }
        }
    }

    @Test("a revoked key is 401, at once where it was revoked and soon elsewhere")
    func revocation() async throws {
        try await withPlace { place in
            let admin = try await makeKey(place, "admin,read").key
            let other = try await makeKey(place, "read")
            let third = try await makeKey(place, "read")
            try await withService(on: place) { service in
                let root = service.client(key: admin)
                #expect(try await service.client(key: other.key).get("/api/v1/head").status == 200)
                #expect(try await service.client(key: third.key).get("/api/v1/head").status == 200)
                #expect(try await root.delete("/api/v1/keys/\(other.id)").status == 204)
                #expect(try await service.client(key: other.key).get("/api/v1/head").status == 401)
                #expect(try await root.delete("/api/v1/keys/\(other.id)").status == 404)

                let revoked = try await place.tally("keys", "revoke", third.id)
                #expect(revoked.exitCode == 0)
                try await poll("the key is forgotten") {
                    try await service.client(key: third.key).get("/api/v1/head").status == 401
                }
                let listed = try await place.tally("keys", "list", "--json")
                let keys = try #require(
                    try JSONSerialization.jsonObject(with: Data(listed.output.utf8))
                        as? [String: [[String: Any]]])
                #expect(keys["keys"]?.count == 3)
                #expect(
                    listed.output
                        == (try await root.get("/api/v1/keys").text) + "\n")
                #expect(!listed.output.contains(third.key))
            }
        }
    }

    @Test("a key reaches its own ledger only; the ids of another are 404")
    func ledgers() async throws {
        try await withPlace { place in
            #expect(try await place.tally("ledgers", "create", "other").exitCode == 0)
            let mine = try await makeKey(place, "ingest,read").key
            let theirs = try await makeKey(place, "ingest,read", ledger: "other").key
            try await withService(on: place) { service in
                let us = service.client(key: mine), them = service.client(key: theirs)
                #expect(try await us.ingest(array(goodEvents(3))).appended == 3)
                // The same identity in another ledger is another event.
                let same = EventText("good-0").with("app", "\"x\"")
                #expect(try await them.ingest(same.text).appended == 1)
                #expect(try await them.storedIDs() == ["good-0"])
                let page: EventPage = try await us.get("/api/v1/events?limit=1000").json()
                let hidden = try #require(page.events.first { $0.id == "good-1" }?.eventId)
                #expect(try await us.get("/api/v1/events/\(hidden)").status == 200)
                for path in ["/api/v1/events/\(hidden)", "/api/v1/events/\(hidden)/proof"] {
                    let answer = try await them.get(path)
                    #expect(answer.status == 404)
                    #expect(try answer.failure.type == "not_found")
                }
            }
        }
    }

    @Test("a service on any other address never answers without a key")
    func otherAddresses() async throws {
        try await withPlace { place in
            try await withService(on: place, listen: "0.0.0.0:0") { service in
                let anybody = service.client()
                let calls = ["/api/v1/head", "/api/v1/events", "/api/v1/keys", "/api/v1/prices"]
                for path in calls {
                    #expect(try await anybody.get(path).status == 401, "\(path)")
                }
                let answer = try await anybody.post("/api/v1/events", EventText("a").text)
                #expect(answer.status == 401)
                let key = try await makeKey(place, "ingest").key
                let known = service.client(key: key)
                #expect(try await known.ingest(EventText("a").text).appended == 1)
            }
        }
    }

    @Test("keys and ledgers are made over HTTP by an administrator")
    func administration() async throws {
        try await withClient { client in
            let ledger = try await client.post("/api/v1/ledgers", #"{"name":"lab"}"#)
            #expect(ledger.status == 201)
            let wrong = [
                #"{"name":""}"#, #"{"title":"lab"}"#, "nonsense", #"{"name":"\u0000"}"#,
            ]
            for body in wrong {
                let answer = try await client.post("/api/v1/ledgers", body)
                #expect(answer.status == 400, "\(body)")
                #expect(try !answer.failure.message.isEmpty)
            }
            let none = try await client.post(
                "/api/v1/keys", #"{"name":"k","ledger":"nowhere"}"#)
            #expect(none.status == 404)
            let scope = try await client.post(
                "/api/v1/keys", #"{"name":"k","scopes":["everything"]}"#)
            #expect(scope.status == 400)
            #expect(try scope.failure.param == "scopes")
            let key: MadeKey = try await client.post(
                "/api/v1/keys", #"{"name":"k","ledger":"lab","scopes":["ingest","admin"]}"#
            ).json()
            var lab = client
            lab.key = key.key
            #expect(try await lab.ingest(EventText("a").text).appended == 1)
            #expect(try await client.get("/api/v1/keys").status == 401)
            #expect(try await lab.get("/api/v1/ledgers").text.contains("\"lab\""))
        }
    }
}
