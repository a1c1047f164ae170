import LedgerTesting
import Testing

/// Who may do what: keys, scopes, ledgers and addresses.
@Suite("Access", .serialized)
struct AccessTests {
    private func makeKey(
        _ place: Place, _ scopes: String
    ) async throws -> JSONValue {
        try await place.tally(
            "keys", "create", "--scope", scopes, "--name", "a test", "--json"
        ).json
    }

    @Test("on another address, every start without a key says with which command to make one")
    func firstKey() async throws {
        try await withPlace { place in
            for _ in 0..<2 {
                try await withService(on: place, listen: "0.0.0.0:0") { service in
                    try await poll("the advice is printed") {
                        service.log.contains("keys create --name me")
                    }
                    #expect(try await service.client().get("/api/v1/head").status == 401)
                }
            }
            let key = try await makeKey(place, "read").key.string
            try await withService(on: place, listen: "0.0.0.0:0") { service in
                let head = try await service.client(key: key).get("/api/v1/head")
                #expect(head.status == 200)
                #expect(!service.log.contains("keys create"))
            }
        }
    }

    @Test("every start names the keys that an upgrade made operators, until they are revoked")
    func promotedKeys() async throws {
        try await withPlace { place in
            let id = try #require(try await makeKey(place, "admin,operator").id.string)
            let words = "a key from before the scope operator administers every ledger"
            for (sql, isNamed) in [
                ("UPDATE tally.api_keys SET promoted_at = now()", true), ("SELECT 1", true),
                ("UPDATE tally.api_keys SET revoked_at = now()", false),
            ] {
                _ = try await place.psql(sql)
                try await withService(on: place) { service in
                    _ = try await service.client().get("/healthz")
                    try await poll("the start is logged") { service.log.contains("Stop with") }
                    if isNamed {
                        try await poll("the key is named") { service.log.contains(words) }
                        #expect(service.log.contains("tally keys revoke \(id)"))
                    } else {
                        #expect(!service.log.contains(words))
                    }
                }
            }
        }
    }

    @Test("the metrics are open to this machine, but not through a proxy on it")
    func metrics() async throws {
        try await withPlace { place in
            let key = try await makeKey(place, "metrics").key.string
            try await withService(on: place) { service in
                let anybody = service.client()
                let open = try await anybody.get("/metrics")
                #expect(open.status == 200)
                for header in ["x-forwarded-for", "forwarded"] {
                    let headers = [(header, "for=10.0.0.7")]
                    #expect(try await anybody.get("/metrics", headers: headers).status == 401)
                    let known = service.client(key: key)
                    #expect(try await known.get("/metrics", headers: headers).status == 200)
                }
                #expect(try await service.client(key: key).get("/api/v1/head").status == 403)
            }
        }
    }

    @Test("another process's new or revoked key takes effect within seconds, and is not stored")
    func otherProcesses() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let anybody = service.client()
                #expect(try await anybody.get("/api/v1/head").status == 200)
                let made = try await makeKey(place, "read")
                try await poll("a caller without a key is turned away") {
                    try await anybody.get("/api/v1/head").status == 401
                }
                let known = service.client(key: made.key.string)
                #expect(try await known.get("/api/v1/head").status == 200)
                let stored = try await place.psql(
                    """
                    SELECT count(*) FROM tally.api_keys
                    WHERE position('\(made.key.string ?? "?")' IN api_keys::text) > 0
                    """)
                #expect(stored == "0", "the key itself is nowhere in the database")
                let root = service.client(key: try await makeKey(place, "admin").key.string)
                let listed = try await place.tally("keys", "list", "--json")
                #expect(try await root.get("/api/v1/keys").text + "\n" == listed.output)
                #expect(!listed.output.contains(made.key.string ?? "?"))
                #expect(
                    try await place.tally("keys", "revoke", made.id.string ?? "?").exitCode == 0)
                try await poll("the key is forgotten") {
                    try await known.get("/api/v1/head").status == 401
                }
            }
        }
    }
}
