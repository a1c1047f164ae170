import Access
import Foundation
import HTTPTypes
import LedgerModel
import LedgerTesting
import NIOCore
import Server
import Testing

/// What one ledger's callers can do to another ledger: nothing, and they learn nothing of it.
@Suite("Tenants")
struct TenantTests {
    /// Two ledgers, and an administrator's key of each.
    private struct Tenants {
        let service: InProcess
        let ours: Client
        let theirs: Client
        let their: LedgerID
    }

    private func withTenants(_ body: @Sendable (Tenants) async throws -> Void) async throws {
        try await InProcess.with { service in
            let their = try await service.parts.directory.create("their")
            let scopes: Set<KeyScope> = [.ingest, .read, .gateway, .admin]
            let ours = service.client.with(key: try await service.makeKey(scopes))
            let theirs = service.client.with(key: try await service.makeKey(scopes, in: their))
            try await body(Tenants(service: service, ours: ours, theirs: theirs, their: their))
        }
    }

    @Test("an administrator of one ledger neither sees, makes nor revokes keys of another")
    func keys() async throws {
        try await withTenants { tenants in
            let (ours, theirs) = (tenants.ours, tenants.theirs)
            let made = try await theirs.post("/api/v1/keys", #"{"name":"secret project"}"#).json
            let own = try await ours.get("/api/v1/keys")
            #expect(try own.json.keys.each("ledger") == ["default"])
            #expect(!own.text.contains("secret project") && !own.text.contains("their"))
            let path = "/api/v1/keys/\(made.id.string ?? "")"
            #expect(try await ours.delete(path).status == 404)
            let client = tenants.service.client.with(key: try #require(made.key.string))
            #expect(try await client.get("/api/v1/head").status == 200, "it was not revoked")
            for name in ["their", "nowhere"] {
                for body in [
                    #"{"name":"x","ledger":"\#(name)"}"#,
                    #"{"name":"x","ledgers":["default","\#(name)"]}"#,
                ] {
                    let refused = try await ours.post("/api/v1/keys", body)
                    #expect(refused.status == 404, "\(refused)")
                    #expect(try refused.failure.param == "ledger")
                }
            }
            #expect(try await theirs.get("/api/v1/keys").json.keys.items.count == 2)
            #expect(try await theirs.delete(path).status == 204)
        }
    }

    @Test("an administrator of a ledger cannot rise to an operator, nor end one")
    func rising() async throws {
        try await withTenants { tenants in
            let ours = tenants.ours
            for scope in ["operator", "metrics"] {
                let refused = try await ours.post(
                    "/api/v1/keys", #"{"name":"x","scopes":["read","\#(scope)"]}"#)
                #expect(refused.status == 403)
                #expect(try refused.failure.message.contains("operator"))
            }
            #expect(try await ours.post("/api/v1/ledgers", #"{"name":"x"}"#).status == 403)
            // The operator's key is for the same ledger, but reaches further.
            let text = try await tenants.service.makeKey([.operator, .read])
            let root = tenants.service.client.with(key: text)
            let all = try await root.get("/api/v1/keys").json.keys.items
            #expect(all.count == 3)
            let id = try #require(all.last?.id.string)
            #expect(try await ours.get("/api/v1/keys").json.keys.items.count == 1)
            #expect(try await ours.delete("/api/v1/keys/\(id)").status == 404)
            #expect(try await root.get("/api/v1/head?ledger=their").status == 200)
            let names = try await root.get("/api/v1/ledgers").json.ledgers.each("name")
            #expect(names == ["default", "their"])
            let key = try await root.post(
                "/api/v1/keys", #"{"name":"k","ledger":"their","scopes":["metrics"]}"#)
            #expect(key.status == 201)
        }
    }

    @Test("on every call, a ledger that a key may not see answers like one that does not exist")
    func sameAnswer() async throws {
        try await withTenants { tenants in
            let paths = try await tenants.ours.get("/openapi.json").json.paths.members
            var calls = 0
            for (path, operations) in paths {
                for (method, operation) in operations.members
                where operation.parameters.each("name").contains("ledger") {
                    calls += 1
                    let id = "01890000-0000-7000-8000-000000000000"
                    let place = path.replacing(/\{\w+\}/, with: id)
                    var answers: Set<String> = []
                    for name in ["their", "three"] {
                        let answer = try await tenants.ours.send(
                            try #require(.init(method.uppercased())), "\(place)?ledger=\(name)",
                            headers: [("content-type", "application/json")], body: Array("{}".utf8))
                        #expect(answer.status == 404, "\(method) \(path): \(answer)")
                        answers.insert(answer.text.replacing(name, with: "…"))
                    }
                    #expect(answers.count == 1, "\(method) \(path): \(answers)")
                }
            }
            #expect(calls > 40)
        }
    }

    @Test("ids of another ledger are 404, whatever they are of")
    func foreignIDs() async throws {
        try await withTenants { tenants in
            let (ours, theirs) = (tenants.ours, tenants.theirs)
            _ = try await theirs.ingest(EventText("a").text)
            let page = try await theirs.get("/api/v1/events?type=request.completed").json
            let event = try #require(page.events.items.first?.event_id.string)
            let replay = try await theirs.post(
                "/api/v1/replays", #"{"book":"default","scenario":"plan"}"#)
            let rerate = try await theirs.post("/api/v1/rerates", "{}")
            let experiment = #"{"name":"tone","arms":"a,b","unit":"user","metrics":"cost:5%"}"#
            #expect(try await theirs.post("/api/v1/experiments", experiment).status == 201)
            let paths = [
                "events/\(event)", "events/\(event)/proof", "events/\(event)/explanation",
                "replays/\(try replay.json.id.string ?? "")",
                "rerates/\(try rerate.json.id.string ?? "")", "experiments/tone",
                "experiments/tone/assign?unit=u",
            ]
            for path in paths {
                #expect(try await theirs.get("/api/v1/" + path).status == 200, "\(path)")
                #expect(try await ours.get("/api/v1/" + path).status == 404, "\(path)")
            }
            #expect(try await ours.delete("/api/v1/" + paths[3]).status == 404)
            #expect(try await ours.delete("/api/v1/scenarios/plan").status == 404)
            #expect(
                try await ours.post("/api/v1/experiments/tone/stop", #"{"winner":"a"}"#).status
                    == 404)
            #expect(try await ours.get("/api/v1/replays").json.runs.items.isEmpty)
            #expect(try await ours.get("/api/v1/scenarios").json.scenarios.items.isEmpty)
        }
    }

    @Test("price books of another ledger are neither found by their first digits nor replayed")
    func priceBooks() async throws {
        try await withTenants { tenants in
            let (ours, theirs) = (tenants.ours, tenants.theirs)
            let book = """
                tally_prices: 1
                name: negotiated
                providers:
                  openai:
                    models:
                      gpt-4o: {input_mtok: 0.25, output_mtok: 1}

                """
            #expect(try await theirs.post("/api/v1/prices", book).status == 201)
            let listed = try await theirs.get("/api/v1/prices").json.prices.items
            let id = try #require(listed.last?.book_id.string)
            for (path, status) in [("replays", 404), ("rerates", 400)] {
                let body = #"{"book":"\#(id)"}"#
                #expect(try await theirs.post("/api/v1/" + path, body).status == 202, "\(path)")
                let refused = try await ours.post("/api/v1/" + path, body)
                let unknown = "ffffffff-ffff-7fff-bfff-ffffffffffff"
                let none = try await ours.post("/api/v1/" + path, #"{"book":"\#(unknown)"}"#)
                #expect(refused.status == status, "\(refused)")
                #expect(refused.text.replacing(id, with: unknown) == none.text)
            }
            let digits = #"{"book":"\#(id.prefix(8))"}"#
            #expect(try await ours.post("/api/v1/rerates", digits).status == 400)
        }
    }

    @Test("a key for several ledgers chooses among them, and means the first if it names none")
    func severalLedgers() async throws {
        try await withTenants { tenants in
            let service = tenants.service
            let third = try await service.parts.directory.create("third")
            let text = try await service.makeKey(
                [.ingest, .read, .admin], in: tenants.their, third)
            let client = service.client.with(key: text)
            #expect(try await client.ingest(EventText("a").text).appended == 1)
            let path = "/api/v1/events?ledger=third"
            #expect(try await client.ingest(EventText("b").text, path: path).appended == 1)
            #expect(try await client.storedIDs() == ["a"])
            #expect(try await tenants.theirs.storedIDs() == ["a"])
            #expect(try await client.get("/api/v1/head?ledger=default").status == 404)
            let names = try await client.get("/api/v1/ledgers").json.ledgers.each("name")
            #expect(names == ["their", "third"])
            let made = try await client.post(
                "/api/v1/keys", #"{"name":"both","ledgers":["third","their","third"]}"#)
            #expect(made.status == 201)
            let keys = try await client.get("/api/v1/keys").json.keys.items
            #expect(keys.count == 3)
            #expect(keys.last?.ledger == "third")
            #expect(keys.last?.ledgers.items.map(\.string) == ["third", "their"])
            // A key that reaches further than its administrator is not the administrator's.
            #expect(try await tenants.theirs.get("/api/v1/keys").json.keys.items.count == 1)
            let both = try await client.post(
                "/api/v1/keys", #"{"name":"x","ledger":"their","ledgers":["third"]}"#)
            #expect(both.status == 400)
            let none = try await client.post("/api/v1/keys", #"{"name":"x","ledgers":[]}"#)
            #expect(none.status == 400)
        }
    }

    @Test("the metrics need a key with the scope, unless the caller is on this machine")
    func metrics() async throws {
        try await withTenants { tenants in
            let (service, path) = (tenants.service, "/metrics")
            #expect(try await service.client.get(path).status == 401)
            #expect(try await tenants.ours.get(path).status == 403)
            for scope in [KeyScope.metrics, .operator] {
                let client = service.client.with(key: try await service.makeKey([scope]))
                #expect(try await client.get(path).status == 200)
            }
        }
    }

    @Test("this machine's addresses are those of loopback, in either notation")
    func loopback() throws {
        for (address, isOnThisMachine) in [
            ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("::ffff:127.0.0.1", true),
            ("10.0.0.7", false), ("128.0.0.1", false), ("::2", false), ("::ffff:10.0.0.7", false),
            ("fe80::1", false), ("::127.0.0.1", false),
        ] {
            let peer = try SocketAddress(ipAddress: address, port: 9)
            #expect(peer.isLoopback == isOnThisMachine, "\(address)")
        }
    }

    @Test("docs/security.md names every call beside what it needs")
    func documented() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(
            contentsOf: root.appending(path: "docs/security.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| ") }.map {
            $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        try await InProcess.withClient { client in
            let paths = try await client.get("/openapi.json").json.paths.members
            for (path, operations) in paths {
                for (method, operation) in operations.members {
                    let call = "`\(method.uppercased()) \(path)`"
                    let needs = rows.filter { $0.count > 1 && $0[1].contains(call) }.map { $0[0] }
                    let said = operation.description.string ?? "Needs nothing."
                    #expect(needs.map { "Needs \($0)." } == [said], "\(call)")
                }
            }
        }
    }
}
