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
